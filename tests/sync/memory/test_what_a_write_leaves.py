"""What is known, waits and is counted once a write was answered, whoever came in between."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.domain.operation import WaitKind
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Task
from bridge.domain.values import Value
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench

KORE, V2 = Side.KORE, Side.V2
GONE = Unreachable("v2", "gone")


@pytest.fixture
def pair(bench: Bench) -> tuple[TaskId, TaskId]:
    found = bench.pair()
    bench.settle()
    bench.forget_calls()
    return found


def before_the_look(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]
) -> None:
    """Something happens once a write was answered, before the task is looked at again."""
    read, done = bench.v2.read, list[str]()

    def look(task_id: TaskId) -> Task | None:
        if "update" in bench.v2.calls and not done:
            done.append(task_id)
            meanwhile()
        return read(task_id)

    monkeypatch.setattr(bench.v2, "read", look)


# --- what a person did meanwhile -----------------------------------------------------------------


def test_the_time_of_a_person_who_edits_right_after_our_write_is_theirs(
    bench: Bench, pair: tuple[TaskId, TaskId], monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile() -> None:
        bench.kore.edit(pair[0], priority="Low")
        bench.clock.pass_time(8)
        bench.v2.edit(pair[1], priority="high")
        bench.clock.pass_time(8)  # by now both are polled once more before anything is sent

    before_the_look(bench, monkeypatch, meanwhile)
    bench.kore.edit(pair[0], title="New")
    bench.settle()
    assert bench.values(Field.PRIORITY, *pair) == ("High", "high")
    assert bench.values(Field.TITLE, *pair) == ("New", "New")
    (settled,) = bench.conflicts()
    assert (settled["field"], settled["winner"]) == (Field.PRIORITY, V2)


@pytest.mark.parametrize("how", ["a person edits it", "it cannot be read"])
def test_a_task_that_was_written_to_is_there_whatever_the_look_after_it_tells(
    bench: Bench, pair: tuple[TaskId, TaskId], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    bench.pair("Other")
    bench.sync(is_full=True)
    bench.v2.left_out = {pair[1]}
    if how == "a person edits it":
        before_the_look(bench, monkeypatch, lambda: bench.v2.edit(pair[1], priority="high"))
    else:
        before_the_look(bench, monkeypatch, lambda: bench.v2.unreadable.add(pair[1]))
    bench.kore.edit(pair[0], title="New")
    bench.sync(is_full=True)
    assert bench.v2.value(pair[1], Field.TITLE) == "New"
    bench.v2.unreadable.clear()
    bench.forget_calls()
    bench.sync(is_full=True)
    assert "read" not in bench.v2.calls


def test_a_write_that_moved_nothing_and_could_not_be_looked_at_is_sent_again(
    bench: Bench, pair: tuple[TaskId, TaskId], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        bench.v2.fail("read", GONE)
        bench.v2.fail("page:ask", GONE)

    before_the_look(bench, monkeypatch, fail)
    with monkeypatch.context() as still:
        still.setattr(bench.v2, "_put", lambda record: None)
        bench.kore.edit(pair[0], title="New")
        bench.sync(sweeps=False)
    assert bench.known(V2, pair[1]).task.hidden == (Field.TITLE,)
    bench.settle()
    assert bench.known(V2, pair[1]).task.hidden == ()
    assert bench.values(Field.TITLE, *pair) == ("New", "New")
    assert bench.waits() == []


# --- what waits ----------------------------------------------------------------------------------


@pytest.mark.parametrize("side", list(Side))
def test_a_refusal_is_told_with_what_either_side_shows(
    bench: Bench, pair: tuple[TaskId, TaskId], side: Side
) -> None:
    ids = dict(zip(Side, pair, strict=True))
    bench.service(side).refuses = lambda request: True
    bench.service(side.other).edit(ids[side.other], title="New")
    bench.sync(sweeps=False)
    (wait,) = bench.waits()
    assert isinstance(wait.kore, Value)
    assert isinstance(wait.v2, Value)
    shown = {KORE: wait.kore.text, V2: wait.v2.text}
    assert shown == {side: "Boiler", side.other: "New"}
    assert (wait.kind, wait.side, wait.attempts) == (WaitKind.FAILED, side, 1)
    bench.service(side.other).edit(ids[side.other], title="Newer")
    bench.sync(sweeps=False)
    (again,) = bench.waits()
    assert again.attempts == 2


def test_what_waited_for_its_case_is_refused_for_the_first_time_when_it_is_open(
    bench: Bench, pair: tuple[TaskId, TaskId]
) -> None:
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(pair[1], title="New")
    bench.sync(sweeps=False)
    assert [one.kind for one in bench.waits()] == [WaitKind.CASE_CLOSED]
    bench.kore.add_case()
    bench.kore.refuses = lambda request: True
    bench.sync(is_full=True)
    (wait,) = bench.waits()
    assert (wait.kind, wait.attempts) == (WaitKind.FAILED, 1)


@pytest.mark.parametrize("side", list(Side))
def test_what_rests_after_a_fault_takes_the_place_of_its_refusal_with_both_values(
    bench: Bench, pair: tuple[TaskId, TaskId], side: Side
) -> None:
    ids = dict(zip(Side, pair, strict=True))
    bench.service(side).refuses = lambda request: True
    bench.service(side.other).edit(ids[side.other], title="Refused")
    bench.sync(sweeps=False)
    lost = Unreachable(str(side), "no answer", is_outcome_unknown=True)
    bench.service(side).fail("update", lost)
    bench.service(side.other).edit(ids[side.other], title="New")
    bench.sync(sweeps=False)
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.HELD, Field.TITLE)
    assert isinstance(wait.kore, Value)
    assert isinstance(wait.v2, Value)
    shown = {KORE: wait.kore.text, V2: wait.v2.text}
    assert shown == {side: "Boiler", side.other: "New"}


# --- what belongs to a create --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "given", "expected"),
    [
        (KORE, {"status": "in_progress"}, (Field.STATUS, "In Progress")),
        (V2, {"status": "In Progress"}, (Field.STATUS, "in_progress")),
    ],
)
def test_what_a_create_cannot_carry_follows_as_a_part_of_it(
    bench: Bench, side: Side, given: dict[str, Any], expected: tuple[Field, str]
) -> None:
    bench.service(side.other).add("Boiler", **given)
    summary = bench.sync().summary
    (task_id,) = bench.service(side).records
    assert bench.service(side).value(task_id, expected[0]) == expected[1]
    assert summary["created"] == {str(side): 1, str(side.other): 0}
    assert summary["updated"] == {"kore": 0, "v2": 0}
    assert [one["kind"] for one in summary["operations"]] == ["create"]
    assert bench.waits() == []
