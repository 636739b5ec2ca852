"""A guard pauses the daemon visibly, and it goes on by itself."""

from collections.abc import Iterator

import pytest

from bridge.domain.instruction import InstructionKind
from tests.daemon.bench import Bench

NEW = "New gate"


@pytest.fixture
def emptied(bench: Bench) -> Iterator[list[str]]:
    """v2 shows nothing any more; gives what it had, which is back at the end."""
    ids = [*bench.sandbox.v2.tasks]
    for task_id in ids:
        bench.sandbox.v2.remove_task(task_id)
    yield ids
    for task_id in ids:
        if task_id not in bench.sandbox.v2.tasks:
            bench.sandbox.v2.restore_task(task_id)


def add_in_kore(bench: Bench) -> None:
    case = next(iter(bench.sandbox.kore.cases))
    bench.sandbox.kore.add_task(case_id=case, name=NEW)


def is_across(bench: Bench) -> bool:
    return any(task["title"] == NEW for task in bench.sandbox.v2.tasks.values())


def test_a_guard_is_said_once_pauses_the_daemon_and_goes_with_its_cause(
    bench: Bench, emptied: list[str]
) -> None:
    add_in_kore(bench)
    bench.tick(4)
    (line,) = bench.log.lines("a guard stands: nothing is written")
    assert (line["level"], line["kind"], line["side"]) == ("warning", "empty", "v2")
    assert "suddenly empty" in line["reason"]
    assert "guard confirm" in line["next"]
    assert not is_across(bench)
    for task_id in emptied:
        bench.sandbox.v2.restore_task(task_id)
    bench.tick(2)
    (line,) = bench.log.lines("a guard is over")
    assert (line["kind"], line["after_seconds"] > 0) == ("empty", True)
    assert is_across(bench)


def test_a_daemon_that_starts_while_a_guard_stands_says_so_and_hears_a_confirmation(
    bench: Bench, emptied: list[str]
) -> None:
    assert emptied
    add_in_kore(bench)
    bench.tick()
    bench.restart()
    bench.tick()
    assert bench.log.count("a guard stands: nothing is written") == 2
    with bench.bridge.store.begin() as unit:
        (guard,) = unit.guards()
        shown = {"kind": guard.kind, "side": guard.side, "items": list(guard.items)}
        unit.give_instruction(
            InstructionKind.CONFIRM, {"guards": [shown]}, by="me", at=bench.clock.now()
        )
    bench.tick()
    assert bench.log.count("a guard is over") == 1
    assert is_across(bench)
