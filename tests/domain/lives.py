"""Lives as `explain` tells them: what a test does not say was done, and is in step."""

from datetime import datetime
from typing import Any

from bridge.domain.explain import explain
from bridge.domain.life import Explanation, Life, Step
from bridge.domain.operation import (
    Journalled,
    Operation,
    OperationKind,
    OperationState,
    Outcome,
    WriteRequest,
)
from bridge.domain.reconciled import Joined, Lone
from bridge.domain.records import Happening
from bridge.domain.side import Field, LinkId, OperationId, TaskId
from tests.domain.making import KORE, V2, at, text
from tests.domain.worlds import a_pair, a_world

PLACES: dict[str, Any] = {"kore_id": TaskId("ti-1"), "v2_id": TaskId("65f0")}


def in_words(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"


def told(about: Joined | Lone, **given: Any) -> Explanation:
    world = given.pop("world", None) or a_world(is_whole={KORE: False, V2: False})
    return explain(Life(world=world, about=about, **given), in_words)


def an_operation(kind: OperationKind = OperationKind.UPDATE, **given: Any) -> Journalled:
    """Settled as done, an update of the title in v2, unless said otherwise."""
    values = given.pop("values", {Field.TITLE: text("Cold house")})
    operation = Operation(
        side=given.pop("side", V2), kind=kind, reason=given.pop("reason", "Kore changed"),
        link_id=given.pop("link_id", LinkId(7)), fields=tuple(values), values=values, **PLACES,
    )  # fmt: skip
    usual: dict[str, Any] = {
        "id": OperationId(3), "state": OperationState.SETTLED, "outcome": Outcome.DONE,
        "run_id": 1, "token": 1, "committed_at": at(60), "sent_at": at(61),
    }  # fmt: skip
    request = WriteRequest(side=operation.side, call="update", body={})
    return Journalled(operation=operation, request=request, **{**usual, **given})


def a_happening(what: str, **given: Any) -> Happening:
    usual: dict[str, Any] = {"at": at(62), "link_id": LinkId(7), "side": V2}
    return Happening(what=what, **{**usual, **given})


def only_step(**given: Any) -> Step:
    (step,) = told(a_pair(), **given).steps
    return step
