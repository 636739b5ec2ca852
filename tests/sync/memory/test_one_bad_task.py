"""One bad task stops only itself, on either side, in creates, updates and reads."""

from collections.abc import Callable

import pytest

from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.operation import Outcome as Result
from bridge.domain.policy import ConflictRule
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import KeyRefused, NotFound, Refused, ServiceError
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import values_of

both_sides = pytest.mark.parametrize("side", list(Side))
REFUSALS = {
    "400": lambda side: Refused(side, "That is refused.", status=400),
    "422": lambda side: Refused(side, "That is refused.", status=422),
    "401": lambda side: KeyRefused(side, "Not this one.", status=401),
    "403": lambda side: KeyRefused(side, "Not this one.", status=403),
    "404": lambda side: NotFound(side, "There is no such task."),
}
refusals = pytest.mark.parametrize("error", REFUSALS.values(), ids=REFUSALS.keys())


@both_sides
def test_an_unreadable_record_is_listed_and_the_others_flow_in_the_same_cycle(
    bench: Bench, side: Side
) -> None:
    service = bench.service(side)
    bad, good = service.add("Odd"), service.add("Fine")
    service.unreadable.add(bad)
    bench.sync()
    assert bench.is_linked(side, good)
    assert not bench.is_linked(side, bad)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.task_id, wait.side, wait.operation) == (bad, side, OperationKind.READ)
    assert "title is a number" in wait.reason


@both_sides
def test_a_record_that_can_be_read_again_waits_no_longer(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    bad = service.add("Odd")
    service.unreadable.add(bad)
    bench.sync()
    service.unreadable.clear()
    bench.sync()
    assert bench.waits() == []
    assert bench.is_linked(side, bad)


@both_sides
def test_what_was_refused_stays_listed_while_and_after_its_record_is_odd(
    bench: Bench, side: Side
) -> None:
    mine = bench.service(side).add("Boiler")
    bench.service(side.other).fail("create", Refused(side.other, "no", status=400), times=9)
    bench.sync(is_full=True)
    (refused,) = bench.waits(WaitKind.FAILED)
    bench.service(side).unreadable.add(mine)
    bench.sync(is_full=True)
    assert {one.operation for one in bench.waits(WaitKind.FAILED)} == {
        OperationKind.CREATE,
        OperationKind.READ,
    }
    bench.service(side).unreadable.clear()
    bench.sync(is_full=True)
    assert [(one.id, one.reason) for one in bench.waits()] == [(refused.id, refused.reason)]


@both_sides
def test_a_linked_record_that_was_odd_for_a_moment_waits_no_longer(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair()
    bad = kore_id if side is Side.KORE else v2_id
    bench.service(side).unreadable.add(bad)
    bench.sync()
    assert bench.waits(WaitKind.FAILED)
    bench.service(side).unreadable.clear()
    bench.sync()
    assert bench.waits() == []


@both_sides
def test_nothing_is_written_over_a_record_that_cannot_be_read_now(bench: Bench, side: Side) -> None:
    """A person's value may stand there that nobody has seen."""
    bench.set_policy(conflict=ConflictRule(side))
    kore_id, v2_id = bench.pair()
    ids = {Side.KORE: kore_id, Side.V2: v2_id}
    bad = ids[side]
    bench.service(side).edit(bad, title="Unseen")
    bench.service(side).unreadable.add(bad)
    bench.service(side.other).edit(ids[side.other], title="Seen")
    bench.sync()
    assert bench.service(side).value(bad, Field.TITLE) == "Unseen"
    bench.sync()
    assert bench.reports == []
    bench.service(side).unreadable.clear()
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Unseen", "Unseen")
    assert bench.waits() == []


def test_nothing_is_agreed_with_a_record_that_cannot_be_read_now(bench: Bench) -> None:
    """An empty priority of v2 agrees with every one of Kore as found, not with a later one."""
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, priority="Low")
    bench.kore.unreadable.add(kore_id)
    bench.v2.edit(v2_id, priority=None)
    bench.sync()
    before = bench.dump()
    bench.sync()
    assert bench.dump() == before
    bench.kore.unreadable.clear()
    bench.settle()
    assert bench.values(Field.PRIORITY, kore_id, v2_id) == ("Low", None)
    assert bench.waits() == []


def test_a_row_without_an_id_is_listed_until_a_sweep_finds_none(bench: Bench) -> None:
    bench.pair()
    bench.kore.nameless = 1
    bench.sync(is_full=True)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert wait.task_id == "unknown"
    bench.kore.nameless = 0
    bench.sync(is_full=True)
    assert bench.waits() == []


@both_sides
@refusals
def test_a_refused_create_is_listed_and_the_others_flow(
    bench: Bench, side: Side, error: Callable[[str], ServiceError]
) -> None:
    target = bench.service(side)
    origin = bench.service(side.other)
    first, second = origin.add("First"), origin.add("Second")
    bench.set_rules(workers=1)
    target.fail("create", error(str(side)))
    bench.sync()
    linked = [bench.is_linked(side.other, one) for one in (first, second)]
    assert sorted(linked) == [False, True]
    bad = first if not linked[0] else second
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.task_id, wait.operation, wait.side) == (bad, OperationKind.CREATE, side)
    assert bench.known(side.other, bad).standing is Standing.FAILED
    bench.sync()
    assert bench.reports == []
    origin.edit(bad, title="Another title")
    bench.sync()
    assert bench.is_linked(side.other, bad)
    assert bench.waits() == []


@both_sides
@refusals
def test_a_refused_update_is_listed_and_the_others_flow(
    bench: Bench, side: Side, error: Callable[[str], ServiceError]
) -> None:
    bench.set_rules(workers=1)
    pairs = [bench.pair("First"), bench.pair("Second")]
    origin = bench.service(side.other)
    for kore_id, v2_id in pairs:
        origin.edit(kore_id if side is Side.V2 else v2_id, title="New")
    bench.service(side).fail("update", error(str(side)))
    bench.sync()
    values = [bench.values(Field.TITLE, *pair) for pair in pairs]
    assert values.count(("New", "New")) == 1
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.field, wait.side) == (Field.TITLE, side)
    assert wait.value is not None
    bench.sync()
    assert bench.reports == []


@both_sides
def test_of_a_refused_update_of_several_fields_only_the_bad_one_fails(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair(text="old")
    origin = bench.service(side.other)
    bench.service(side).refuses = lambda request: "title" in request.body["values"]
    mine = kore_id if side is Side.V2 else v2_id
    status = "In Progress" if side is Side.V2 else "in_progress"
    origin.edit(mine, title="Bad", text="new", status=status)
    bench.sync()
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.FAILED, Field.TITLE)
    assert wait.kore != wait.v2
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("new", "new")
    assert bench.values(Field.STATUS, kore_id, v2_id) == ("In Progress", "in_progress")


@both_sides
def test_a_new_value_in_a_failed_field_is_tried_once(bench: Bench, side: Side) -> None:
    kore_id, v2_id = bench.pair()
    origin, target = bench.service(side.other), bench.service(side)
    mine = kore_id if side is Side.V2 else v2_id
    target.refuses = lambda request: "title" in request.body.get("values", {})
    for attempts, title in enumerate(("One", "Two"), start=1):
        origin.edit(mine, title=title)
        target.forget_calls()
        bench.sync()
        bench.sync(is_full=True)
        assert target.calls.count("update") == 1
        (wait,) = bench.waits()
        assert wait.attempts == attempts
        assert wait.value is not None
        assert wait.value == values_of(title=title)[Field.TITLE]
    target.refuses = lambda request: False
    origin.edit(mine, title="Three")
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Three", "Three")
    assert bench.waits() == []


@both_sides
def test_a_failed_field_that_goes_back_is_in_step_again(bench: Bench, side: Side) -> None:
    kore_id, v2_id = bench.pair()
    mine = kore_id if side is Side.V2 else v2_id
    bench.service(side).refuses = lambda request: "title" in request.body.get("values", {})
    bench.service(side.other).edit(mine, title="Bad")
    bench.sync()
    bench.service(side.other).edit(mine, title="Boiler")
    bench.sync()
    assert bench.waits() == []


@both_sides
def test_a_standing_failure_shows_the_values_that_are_there_now(bench: Bench, side: Side) -> None:
    kore_id, v2_id = bench.pair()
    origin, target = bench.service(side.other), bench.service(side)
    mine, other = (kore_id, v2_id) if side is Side.V2 else (v2_id, kore_id)
    target.refuses = lambda request: "title" in request.body.get("values", {})
    bench.set_policy(conflict=ConflictRule(str(side.other)))
    origin.edit(mine, title="Bad")
    bench.sync()
    target.edit(other, title="Moved meanwhile")
    bench.sync()
    (wait,) = bench.waits()
    shown = wait.v2 if side is Side.V2 else wait.kore
    assert getattr(shown, "text", None) == "Moved meanwhile"


@both_sides
def test_a_field_that_the_service_ignores_is_a_failure(bench: Bench, side: Side) -> None:
    kore_id, v2_id = bench.pair()
    mine = kore_id if side is Side.V2 else v2_id
    bench.service(side).ignores = {Field.TITLE}
    bench.service(side.other).edit(mine, title="New", text="carried all the same")
    bench.sync()
    (wait,) = bench.waits()
    assert (wait.kind, wait.field, wait.side) == (WaitKind.FAILED, Field.TITLE, side)
    assert "kept the old value" in wait.reason
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id)[0] == "carried all the same"
    bench.sync()
    assert bench.reports == []


def test_an_update_that_is_ignored_whole_counts_as_failed(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.v2.ignores = {Field.TITLE}
    bench.kore.edit(kore_id, title="New")
    bench.sync()
    assert [one.outcome for one in bench.reports] == [Result.FAILED]


@both_sides
def test_a_value_that_cannot_be_drafted_fails_alone(bench: Bench, side: Side) -> None:
    kore_id, v2_id = bench.pair("First")
    bench.pair("Second")
    mine = kore_id if side is Side.V2 else v2_id
    bench.service(side.other).edit(mine, title="undraftable")
    bench.sync()
    (wait,) = bench.waits()
    assert (wait.field, wait.kind) == (Field.TITLE, WaitKind.FAILED)
    bench.sync()
    assert bench.reports == []


@both_sides
def test_a_create_that_cannot_be_drafted_fails_alone(bench: Bench, side: Side) -> None:
    origin = bench.service(side.other)
    bad, good = origin.add("undraftable"), origin.add("Fine")
    bench.sync()
    assert bench.is_linked(side.other, good)
    assert [wait.task_id for wait in bench.waits(WaitKind.FAILED)] == [bad]
    assert bench.links()[0].link.kore_id or bench.links()[0].link.v2_id


def test_a_v2_record_that_cannot_be_read_before_its_write_stops_only_itself(bench: Bench) -> None:
    (kore_id, bad), (other, good) = bench.pair("First"), bench.pair("Second")
    for one in (kore_id, other):
        bench.kore.edit(one, title="New")
    bench.v2.unreadable.add(bad)
    bench.sync()
    assert bench.v2.value(good, Field.TITLE) == "New"
    assert [wait.task_id or wait.link_id for wait in bench.waits(WaitKind.FAILED)]


def test_a_v2_record_that_cannot_be_read_after_its_create_stops_only_itself(bench: Bench) -> None:
    bench.v2.create_answer = "id"
    first, second = bench.kore.add("First"), bench.kore.add("Second")

    def spoil(request: object) -> None:
        bench.v2.unreadable.add("v0001")

    bench.v2.on_send = spoil
    bench.sync()
    assert bench.is_linked(Side.KORE, first)
    assert bench.is_linked(Side.KORE, second)
    bench.v2.unreadable.clear()
    bench.v2.on_send = None
    bench.settle()
    assert len(bench.v2.records) == 2
    assert bench.waits() == []


def test_a_task_that_is_gone_fails_alone(bench: Bench) -> None:
    (kore_id, gone), (other, there) = bench.pair("First"), bench.pair("Second")
    bench.v2.remove(gone)
    bench.kore.edit(kore_id, title="New")
    bench.kore.edit(other, title="New")
    bench.sync()
    assert bench.v2.value(there, Field.TITLE) == "New"
    (wait,) = bench.waits(WaitKind.FAILED)
    assert wait.field is Field.TITLE


def test_a_case_that_cannot_be_asked_for_stops_only_its_task(bench: Bench) -> None:
    bench.set_rules(workers=1)
    first, second = bench.kore.add("First"), bench.kore.add("Second")
    bench.kore.fail("find_case", Refused("kore", "That is refused.", status=400))
    bench.sync()
    assert bench.is_linked(Side.KORE, second)
    bench.settle()
    assert bench.is_linked(Side.KORE, first)
