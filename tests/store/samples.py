"""Small tasks, links and the like, with only what a test cares about."""

from typing import Any

from bridge.domain.link import Link, LinkState
from bridge.domain.marker import Marker
from bridge.domain.operation import Operation, OperationKind, Wait, WaitKind, WriteRequest
from bridge.domain.side import Field, LinkId, Side, TaskId
from bridge.domain.task import Facts, Known, Standing, Task
from bridge.domain.values import text_value
from bridge.ports import Unit
from tests.store.clocks import START

KORE, V2 = Side.KORE, Side.V2
FACTS = Facts(queues=("Service desk",), tags=("urgent",))


def known(side: Side, task_id: str, *, title: str = "Broken boiler", **more: Any) -> Known:
    standing = more.pop("standing", Standing.NEW)
    facts = more.pop("facts", FACTS)
    task = Task(
        side=side,
        id=TaskId(task_id),
        fields={Field.TITLE: text_value(title)},
        digest=more.pop("digest", f"digest of {task_id}"),
        facts=facts,
        **more,
    )
    return Known(task=task, standing=standing)


def marker(side: Side, task_id: str) -> Marker:
    return Marker(side=side, reference="REC-1", task_id=TaskId(task_id))


def link(
    kore_id: str | None, v2_id: str | None, state: LinkState = LinkState.LINKED, **more: Any
) -> Link:
    return Link(
        state=state,
        kore_id=TaskId(kore_id) if kore_id else None,
        v2_id=TaskId(v2_id) if v2_id else None,
        **more,
    )


def add_pair(unit: Unit, number: int, state: LinkState = LinkState.LINKED) -> LinkId:
    """A link between the tasks k<number> and v<number>, which are stored too."""
    unit.save_known([known(KORE, f"k{number}"), known(V2, f"v{number}")])
    return unit.add_link(link(f"k{number}", f"v{number}", state))


def wait(kind: WaitKind = WaitKind.FAILED, field: Field | None = Field.TITLE, **more: Any) -> Wait:
    return Wait(kind=kind, reason=more.pop("reason", "refused"), side=V2, field=field, **more)


def update(link_id: LinkId | None = None, side: Side = V2, **values: str) -> Operation:
    written = {Field(name): text_value(text) for name, text in values.items()}
    return Operation(
        side=side,
        kind=OperationKind.UPDATE,
        reason="Kore changed it",
        link_id=link_id,
        fields=tuple(written),
        values=written,
    )


def request(side: Side = V2) -> WriteRequest:
    return WriteRequest(side=side, call="updateTask", body={"name": "Boiler"}, task_id=TaskId("v1"))


def journal(unit: Unit, operation: Operation, *, run_id: int = 1, token: int = 0) -> Any:
    return unit.commit_operation(operation, request(), run_id=run_id, token=token, at=START)
