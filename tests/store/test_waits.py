"""What waits: listed until it waits no longer, and since when."""

import pytest

from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.side import Field, TaskId
from bridge.domain.values import text_value
from tests.store.both import AnyStore
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, add_pair, wait


def test_the_same_wait_keeps_its_id_and_since(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        unit.replace_waits([wait()], link_id=link_id, at=START)
        (before,) = unit.waits()
        again = wait(reason="refused again", attempts=2, value=text_value("Warm boiler"))
        unit.replace_waits([again], link_id=link_id, at=after(60))
        (now,) = unit.waits()
    assert (now.id, now.since) == (before.id, START)
    assert (now.reason, now.attempts, now.value) == ("refused again", 2, text_value("Warm boiler"))


def test_a_wait_of_another_kind_or_field_is_another_wait(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        unit.replace_waits([wait()], link_id=link_id, at=START)
        others = [wait(WaitKind.HELD), wait(field=Field.DUE), wait(field=None)]
        unit.replace_waits(others, link_id=link_id, at=after(60))
        assert [one.since for one in unit.waits()] == [after(60)] * 3


def test_what_waits_no_longer_is_gone(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id, other = add_pair(unit, 1), add_pair(unit, 2)
        unit.replace_waits([wait(), wait(WaitKind.HELD)], link_id=link_id, at=START)
        unit.replace_waits([wait()], link_id=other, at=START)
        unit.replace_waits([wait(WaitKind.HELD)], link_id=link_id, at=START)
        kept = [(one.link_id, one.kind) for one in unit.waits()]
        assert kept == [(link_id, WaitKind.HELD), (other, WaitKind.FAILED)]
        unit.replace_waits([], link_id=link_id, at=START)
        assert [one.link_id for one in unit.waits()] == [other]


def test_two_alike_at_once_are_both_kept_and_both_go(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        unit.replace_waits([wait(reason="a"), wait(reason="b")], link_id=link_id, at=START)
        assert [one.reason for one in unit.waits()] == ["a", "b"]
        unit.replace_waits([wait(reason="a")], link_id=link_id, at=START)
        assert [one.reason for one in unit.waits()] == ["a"]
        unit.replace_waits([], link_id=link_id, at=START)
        assert unit.waits() == []


def test_tasks_of_the_same_id_on_both_sides_wait_apart(store: AnyStore) -> None:
    same = TaskId("x1")
    with store.begin() as unit:
        unit.replace_waits([wait(reason="of Kore")], task=(KORE, same), at=START)
        unit.replace_waits([wait(reason="of v2")], task=(V2, same), at=START)
        unit.replace_waits([], task=(KORE, same), at=START)
        assert [(one.reason, one.task_id) for one in unit.waits()] == [("of v2", same)]


def test_waits_come_oldest_first_and_by_kind(store: AnyStore) -> None:
    with store.begin() as unit:
        one, other = add_pair(unit, 1), add_pair(unit, 2)
        unit.replace_waits([wait()], link_id=other, at=after(9))
        unit.replace_waits([wait(WaitKind.DRIFT, since=START)], link_id=one, at=after(60))
        assert [found.kind for found in unit.waits()] == [WaitKind.DRIFT, WaitKind.FAILED]
        assert [found.link_id for found in unit.waits([WaitKind.FAILED])] == [other]
        assert unit.waits([WaitKind.HELD]) == []


def test_a_task_on_hold_is_counted_by_its_standing_and_not_among_what_a_pair_holds_back(
    store: AnyStore,
) -> None:
    with store.begin() as unit:
        unit.replace_waits([wait(WaitKind.HELD)], task=(KORE, TaskId("k2")), at=START)
        assert unit.count_waits() == {}
        assert len(unit.waits([WaitKind.HELD])) == 1


def test_waits_are_counted_by_kind(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        held = wait(WaitKind.HELD)
        unit.replace_waits([wait(), wait(field=Field.DUE), held], link_id=link_id, at=START)
        unit.replace_waits([wait()], task=(KORE, TaskId("k2")), at=START)
        assert unit.count_waits() == {WaitKind.FAILED: 3, WaitKind.HELD: 1}
    with store.of_pair("other").begin() as unit:
        assert unit.count_waits() == {}


def test_something_waits_in_one_place(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        with pytest.raises(ValueError, match="on a link or on a task"):
            unit.replace_waits([], at=START)
        with pytest.raises(ValueError, match="on a link or on a task"):
            unit.replace_waits([], link_id=link_id, task=(KORE, TaskId("k1")), at=START)


def test_what_waits_is_found_by_its_id_as_long_as_it_waits(store: AnyStore) -> None:
    with store.begin() as unit:
        first, second = add_pair(unit, 1), add_pair(unit, 2)
        unit.replace_waits([wait(reason="first")], link_id=first, at=START)
        unit.replace_waits([wait(reason="second")], link_id=second, at=START)
        numbers = [one.id for one in unit.waits()]
        assert [one.reason for one in unit.waits_by_id(numbers)] == ["first", "second"]
        assert [one.reason for one in unit.waits_by_id(numbers[1:])] == ["second"]
        unit.replace_waits([], link_id=first, at=START)
        assert [one.reason for one in unit.waits_by_id([*numbers, 999])] == ["second"]
        assert list(unit.waits_by_id([])) == []


def test_records_that_cannot_be_read_are_found_among_all_that_waits(store: AnyStore) -> None:
    unread = wait(field=None, operation=OperationKind.READ)
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        unit.replace_waits([wait(), wait(WaitKind.HELD)], link_id=link_id, at=START)
        unit.replace_waits([unread], task=(V2, TaskId("v9")), at=after(60))
        unit.replace_waits([unread], task=(V2, TaskId("v8")), at=START)
        assert [one.task_id for one in unit.unread()] == ["v8", "v9"]
        unit.replace_waits([], task=(V2, TaskId("v8")), at=after(90))
        assert [one.task_id for one in unit.unread()] == ["v9"]
    with store.of_pair("other").begin() as unit:
        assert list(unit.unread()) == []


def test_what_waits_for_one_thing_is_found_among_all_that_waits(store: AnyStore) -> None:
    with store.begin() as unit:
        first, second = add_pair(unit, 1), add_pair(unit, 2)
        resting = wait(WaitKind.HELD, waits_for="next cycle")
        unit.replace_waits([wait(), resting], link_id=second, at=START)
        unit.replace_waits([wait(waits_for="kore:status:x")], link_id=first, at=START)
        unit.replace_waits([resting], task=(KORE, TaskId("k9")), at=after(60))
        found = unit.waits_until("next cycle")
        assert [(one.link_id, one.task_id) for one in found] == [(second, None), (None, "k9")]
        assert list(unit.waits_until("something else")) == []
    with store.of_pair("other").begin() as unit:
        assert list(unit.waits_until("next cycle")) == []


def test_all_is_counted_by_kind_but_tasks_on_hold(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        unit.replace_waits([wait(WaitKind.HELD)], link_id=link_id, at=START)
        unit.replace_waits([wait(WaitKind.HELD), wait()], task=(KORE, TaskId("k2")), at=START)
        assert unit.count_waits() == {WaitKind.HELD: 1, WaitKind.FAILED: 1}
