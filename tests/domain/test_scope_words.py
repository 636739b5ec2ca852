"""Why a task gets no counterpart, as people read it."""

from typing import Any

import pytest

from bridge.domain.policy import Direction, Route, Scope
from bridge.domain.scope import ITS_CASE_CLOSED, Verdict, case_closed, outside, type_names
from bridge.domain.side import Side
from bridge.domain.task import Facts, Standing
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from tests.domain.making import KORE, NOON, V2, a_task, at, v2_status

BOTH = Direction.BOTH
SINCE = Scope(created_since=NOON)
FIELD = Scope(kore_queues=("Field",), v2_task_types=("Repair",))


@pytest.mark.parametrize(
    ("side", "scope", "direction", "given", "standing", "why"),
    [
        (KORE, Scope(), Direction.V2_TO_KORE, {}, "out_of_scope", "the direction is v2-to-kore"),
        (V2, Scope(), Direction.KORE_TO_V2, {}, "out_of_scope", "the direction is kore-to-v2"),
        (KORE, SINCE, BOTH, {"created_at": None}, "held", "Kore's list hides its creation time"),
        (V2, SINCE, BOTH, {"created_at": None}, "held", "v2's list hides its creation time"),
        (
            KORE, SINCE, BOTH, {"created_at": at(-1)},
            "out_of_scope", "it was created before 2026-05-04 12:00 UTC",
        ),
        (KORE, Scope(), BOTH, {"status": ...}, "held", "Kore's list hides its status"),
        (KORE, FIELD, BOTH, {}, "held", "Kore's list hides its queue"),
        (
            KORE, FIELD, BOTH, {"facts": Facts(queues=("Office",))},
            "out_of_scope", "it is in none of scope.kore_queues",
        ),
        (V2, FIELD, BOTH, {}, "out_of_scope", "its type is none of scope.v2_task_types"),
        (
            V2, Scope(), BOTH, {"status": v2_status("completed")},
            "finished", "it was finished before it was linked",
        ),
    ],
)  # fmt: skip
def test_a_task_that_gets_no_counterpart_says_why(
    side: Side, scope: Scope, direction: Direction, given: dict[str, Any], standing: str, why: str
) -> None:
    found = outside(a_task(side, **given), scope, direction, Vocabulary())
    assert found == Verdict(standing=Standing(standing), why=why)


@pytest.mark.parametrize(
    ("details", "names"),
    [({}, {"t-1", "repair"}), ({"prefix": None}, {"t-1", "repair"}),
     ({"prefix": "REP"}, {"t-1", "repair", "rep"})],
)  # fmt: skip
def test_a_type_is_named_by_its_id_its_name_and_its_prefix_if_it_has_one(
    details: dict[str, str | None], names: set[str]
) -> None:
    word = Word(V2, WordKind.TASK_TYPE, "t-1", "Repair", {**details})
    assert type_names("t-1", Vocabulary([word])) == names
    assert type_names("t-1", Vocabulary()) == {"t-1"}
    assert type_names(None, Vocabulary([word])) == frozenset()


def test_a_closed_case_is_told_by_its_name_or_as_the_routes() -> None:
    route = Route(case="CS000108", task_template="ttm-1")
    assert case_closed(route).why == "the case CS000108, which its route names, is closed."
    assert ITS_CASE_CLOSED == "the case that its route names is closed."
