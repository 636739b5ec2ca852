"""A field that only goes back and forth is written no more; everything else flows."""

from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import WaitKind
from bridge.domain.side import Field, Side
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import MANUAL, about_failures, resolve, titles

WORDS = ("Round", "Square")


def toggle(bench: Bench, ids: tuple[str, str], times: int, side: Side = Side.KORE) -> int:
    """Somebody keeps changing the title of one side; gives how often the other was written."""
    written = 0
    for number in range(times):
        mine = ids[0] if side is Side.KORE else ids[1]
        bench.service(side).edit(mine, title=WORDS[number % 2])
        bench.sync()
        written += len(bench.done())
    return written


def test_a_field_that_goes_back_and_forth_becomes_a_failure_of_that_field(bench: Bench) -> None:
    ids = bench.pair()
    assert toggle(bench, ids, 6) == 6
    assert bench.waits() == []
    assert toggle(bench, ids, 1) == 0
    (wait,) = bench.waits()
    assert (wait.kind, wait.field, wait.side) == (WaitKind.FAILED, Field.TITLE, Side.V2)
    assert "back and forth 4 times within 600 seconds" in wait.reason
    assert (getattr(wait.kore, "text", ""), getattr(wait.v2, "text", "")) == ("Round", "Square")
    assert bench.heard.of("flap_parked")


def test_two_automations_that_undo_each_other_are_stopped(bench: Bench) -> None:
    ids = bench.pair()
    for _ in range(20):
        for side, word in ((Side.KORE, "Round"), (Side.V2, "Square")):
            mine = ids[0] if side is Side.KORE else ids[1]
            if bench.service(side).value(mine, Field.TITLE) != word:
                bench.service(side).edit(mine, title=word)
                bench.sync()
    writes = [one for one in (*bench.kore.writes, *bench.v2.writes) if one.call == "update"]
    assert len(writes) <= 8
    assert [wait.kind for wait in bench.waits()] == [WaitKind.FAILED]


def test_the_other_fields_flow_and_a_new_value_is_tried(bench: Bench) -> None:
    ids = bench.pair()
    toggle(bench, ids, 7)
    bench.kore.edit(ids[0], text="flows")
    bench.sync()
    assert bench.values(Field.DESCRIPTION, *ids) == ("flows", "flows")
    bench.kore.edit(ids[0], title="New")
    bench.sync()
    assert titles(bench, *ids) == ("New", "New")
    assert bench.waits() == []


def test_nothing_expires_silently(bench: Bench) -> None:
    ids = bench.pair()
    toggle(bench, ids, 7)
    bench.clock.pass_time(3600)
    bench.sync(is_full=True)
    assert titles(bench, *ids) == ("Round", "Square")
    assert bench.waits()


def test_a_retry_lifts_the_breaker(bench: Bench) -> None:
    ids = bench.pair()
    toggle(bench, ids, 7)
    about_failures(bench, InstructionKind.RETRY)
    bench.settle()
    assert titles(bench, *ids) == ("Round", "Round")
    assert bench.waits() == []
    bench.kore.edit(ids[0], title="Square")
    bench.sync()
    assert titles(bench, *ids) == ("Square", "Square")


def test_a_discard_leaves_it_as_it_is(bench: Bench) -> None:
    ids = bench.pair()
    toggle(bench, ids, 7)
    about_failures(bench, InstructionKind.DISCARD)
    bench.settle()
    assert titles(bench, *ids) == ("Round", "Square")
    assert [wait.kind for wait in bench.waits()] == [WaitKind.DRIFT]


def test_slow_changes_of_mind_and_new_values_are_no_flaps(bench: Bench) -> None:
    ids = bench.pair()
    for number in range(12):
        bench.clock.pass_time(300)
        bench.kore.edit(ids[0], title=WORDS[number % 2])
        bench.sync()
    for number in range(12):
        bench.kore.edit(ids[0], title=f"Title {number}")
        bench.sync()
    assert bench.waits() == []


def test_the_limits_are_settings(bench: Bench) -> None:
    bench.set_rules(flap_reversals=1, flap_seconds=3600.0)
    ids = bench.pair()
    assert toggle(bench, ids, 3) == 3
    bench.clock.pass_time(1800)
    assert toggle(bench, ids, 2) == 0
    assert "1 times within 3600 seconds" in bench.waits()[0].reason


def test_only_a_retry_of_that_very_field_lifts_the_breaker(bench: Bench) -> None:
    ids = bench.pair()
    toggle(bench, ids, 6)
    bench.v2.refuses = lambda request: "description" in request.body["values"]
    bench.kore.edit(ids[0], text="refused")
    bench.sync()
    about_failures(bench, InstructionKind.RETRY)
    bench.v2.refuses = lambda request: False
    bench.sync()
    assert bench.waits() == []
    assert toggle(bench, ids, 1) == 0
    assert [wait.field for wait in bench.waits()] == [Field.TITLE]


def test_a_flap_counts_among_the_tries_of_its_field_and_no_other(bench: Bench) -> None:
    ids = bench.pair()
    toggle(bench, ids, 6)
    bench.v2.refuses = lambda request: True
    bench.kore.edit(ids[0], title="Refused", text="refused too")
    bench.sync()
    assert {wait.field: wait.attempts for wait in bench.waits()} == {
        Field.TITLE: 1,
        Field.DESCRIPTION: 1,
    }
    toggle(bench, ids, 1)
    assert {wait.field: wait.attempts for wait in bench.waits()} == {
        Field.TITLE: 2,
        Field.DESCRIPTION: 1,
    }
    assert "back and forth" in bench.waits()[0].reason + bench.waits()[-1].reason


def test_the_first_time_is_the_first_try(bench: Bench) -> None:
    ids = bench.pair()
    toggle(bench, ids, 7)
    assert [wait.attempts for wait in bench.waits()] == [1]


def test_how_often_another_field_was_tried_does_not_count(bench: Bench) -> None:
    ids = bench.pair()
    toggle(bench, ids, 6)
    bench.v2.refuses = lambda request: "description" in request.body["values"]
    bench.kore.edit(ids[0], text="refused")
    bench.sync()
    about_failures(bench, InstructionKind.RETRY)
    toggle(bench, ids, 1)
    assert {wait.field: wait.attempts for wait in bench.waits()} == {
        Field.TITLE: 1,
        Field.DESCRIPTION: 2,
    }


def test_what_a_person_decided_about_the_field_is_no_try_of_it(bench: Bench) -> None:
    ids = bench.pair()
    toggle(bench, ids, 6)
    bench.set_policy(conflict=MANUAL)
    bench.kore.edit(ids[0], title="Round")
    bench.v2.edit(ids[1], title="Of v2")
    bench.sync()
    resolve(bench, Side.KORE)
    bench.sync()
    assert {wait.kind: wait.attempts for wait in bench.waits()} == {
        WaitKind.CONFLICT: 1,
        WaitKind.FAILED: 1,
    }
    assert titles(bench, *ids) == ("Round", "Of v2")
