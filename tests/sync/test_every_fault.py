"""Every fault that the simulated services can make, at each call that carries a task, on both
sides at once: the world ends with one counterpart each, nothing lost, nothing doubled.

What a service refuses is listed; a word or an edit of a person carries it through.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.side import Side
from bridge.sandbox import Fault, KoreSwitches
from bridge.sync.obey import carry_out_alone
from tests.sync.world import World, a_world

SETTLE_SECONDS = 60
PACE_SECONDS = 30
FEW_CYCLES = 4
# The settle time runs from the send plus its time limit; a refused key is left alone for longer.
TIME_LIMIT_SECONDS = 1
REFUSED_SECONDS = 300
LATE_SECONDS = 40.0
REFUSALS = {Fault.BAD_REQUEST, Fault.NOT_FOUND, Fault.FORBIDDEN, Fault.UNAUTHORIZED}
WAITS = {
    Fault.FORBIDDEN: REFUSED_SECONDS,
    Fault.UNAUTHORIZED: REFUSED_SECONDS,
    Fault.TOO_MANY_SECONDS: int(LATE_SECONDS),
    Fault.TOO_MANY_DATE: int(LATE_SECONDS),
}
HANGS = {Fault.HANG, Fault.HANG_AFTER}
OPEN = (
    Fault.FAIL_AFTER, Fault.DROP_AFTER, Fault.HANG_AFTER, Fault.TRUNCATE, Fault.LATE_APPLY,
    Fault.LATE_APPLY_DROP,
)  # fmt: skip
# Like another one of this list, or waited for: with `make test-long`.
SELDOM = (Fault.HANG, Fault.FORBIDDEN, Fault.TOO_MANY_DATE, Fault.DROP_AFTER)
LIST = {Side.KORE: "getTasks", Side.V2: "listTasks"}
CALLS = ("create", "update", "list")
DUE = datetime(2027, 1, 1, tzinfo=UTC)


@contextmanager
def a_changed_world(folder: Path, *, rows: str) -> Iterator[World]:
    """A pair of each origin, both edited on both sides, and a new task on each side."""
    kore = KoreSwitches(limits=(), rows=rows)  # type: ignore[arg-type]
    limit = str(TIME_LIMIT_SECONDS)
    with a_world(
        folder, kore=kore, kore__timeout_seconds=limit, v2__timeout_seconds=limit
    ) as world:
        case_id = next(iter(world.kore.cases))
        mine = world.kore.add_task(case_id=case_id, name="Boiler", desc="It leaks.")
        theirs = world.v2.add_task(title="Ladder", description="A long one.")
        world.backfill()
        world.sync()
        kore_id = world.counterpart(Side.V2, theirs)["_id"]
        v2_id = world.counterpart(Side.KORE, mine)["_id"]
        world.clock.pass_time(PACE_SECONDS)
        world.kore.edit_task(mine, name="Boiler, by an agent", desc="It leaks a lot.")
        world.kore.edit_task(kore_id, desc="A very long one.")
        world.v2.edit_task(v2_id, due=DUE)
        world.v2.edit_task(theirs, title="Ladder, from the field")
        world.kore.add_task(case_id=case_id, name="Window", desc="Broken.")
        world.v2.add_task(title="Key", description="Lost.")
        yield world


def order(world: World, fault: Fault, call: str) -> None:
    """The next such call of each side goes wrong."""
    seconds = TIME_LIMIT_SECONDS + 0.5 if fault in HANGS else LATE_SECONDS
    for side in Side:
        operation = LIST[side] if call == "list" else f"{call}Task"
        faults = world.kore.faults if side is Side.KORE else world.v2.faults
        faults.add(operation, fault, seconds=seconds)


def settle(world: World, *, seconds: float) -> None:
    """Cycles at the daemon's pace for so long, and a few more."""
    for _ in range(int(seconds / PACE_SECONDS) + FEW_CYCLES):
        world.clock.pass_time(PACE_SECONDS - 5)
        world.sync()


def retry_all(world: World) -> None:
    """A person says of all failures: go on."""
    desk = world.bridge.desk()
    failures = [{"id": wait.id} for wait in world.waits(WaitKind.FAILED)]
    with world.bridge.store.begin() as unit:
        details = {"failures": failures}
        unit.give_instruction(InstructionKind.RETRY, details, by="me", at=world.clock.now())
    carry_out_alone(desk)


def assert_in_step(world: World) -> None:
    assert world.doubles() == []
    assert (len(world.kore.tasks), len(world.v2.tasks)) == (4, 4)
    assert len(world.links()) == 4
    assert world.mismatches() == []
    assert {task["name"] for task in world.kore.tasks.values()} == {
        "Boiler, by an agent", "Ladder, from the field", "Window", "Key",
    }  # fmt: skip
    assert [wait.reason for wait in world.waits()] == []


def assert_listed(waits: list[Wait]) -> None:
    """What was refused: a write waits for a person's word, a probe until the task changes."""
    for wait in waits:
        assert wait.kind is WaitKind.HELD or "answered 4" in wait.reason
        assert wait.kind in (WaitKind.FAILED, WaitKind.HELD)


def carry_through(world: World) -> None:
    """What a person does about refusals."""
    assert_listed(world.waits())
    retry_all(world)
    edit_what_is_held(world)
    world.sync(is_full=True)
    settle(world, seconds=0)


def edit_what_is_held(world: World) -> None:
    for wait in world.waits(WaitKind.HELD):
        (link,) = [view.link for view in world.links() if view.link.id == wait.link_id]
        world.kore.edit_task(str(link.kore_id), desc="Seen to.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "rows"),
    [
        *((fault, "sparse") for fault in Fault if fault not in SELDOM),
        *(pytest.param(fault, "sparse", marks=pytest.mark.long) for fault in SELDOM),
        *(pytest.param(fault, "full", marks=pytest.mark.long) for fault in OPEN),
    ],
)
def test_the_world_ends_in_step(tmp_path: Path, fault: Fault, rows: str) -> None:
    with a_changed_world(tmp_path, rows=rows) as world:
        for call in CALLS:
            order(world, fault, call)
        world.sync()
        wait = len(CALLS) * WAITS.get(fault, 0)
        settle(world, seconds=SETTLE_SECONDS + TIME_LIMIT_SECONDS + wait)
        assert world.doubles() == []
        if fault in REFUSALS:
            # What is on hold for a refused probe lets a create meet its own refusal later.
            for _ in range(2):
                carry_through(world)
        assert not [*world.kore.faults.waiting, *world.v2.faults.waiting], "no call met the fault"
        assert_in_step(world)
        before = [*world.reports]
        world.sync()
        assert [one.operation for one in world.reports] == []
        assert before == []
