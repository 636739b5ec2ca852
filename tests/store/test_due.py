"""The mark `due`: on what the next merge has to look at, and on nothing else."""

from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.side import LinkId, Side, TaskId
from bridge.domain.vocabulary import Word, WordKind
from bridge.ports import Unit
from bridge.store.sql_store import SqlStore
from tests.store.both import AnyStore
from tests.store.clocks import START
from tests.store.samples import KORE, V2, add_pair, known, wait


def due_links(unit: Unit) -> list[int]:
    return [view.link.id for view in unit.due_links(99, LinkId(0))]


def due_tasks(unit: Unit, side: Side = KORE) -> list[str]:
    return [one.task.id for one in unit.due_tasks(side, 99)]


def test_a_changed_task_makes_its_link_due_and_not_itself(store: AnyStore) -> None:
    with store.begin() as unit:
        first, second = add_pair(unit, 1), add_pair(unit, 2)
        unit.mark_due(V2, ["v2"])
        assert due_links(unit) == [second]
        assert due_tasks(unit, V2) == []
        unit.mark_due(KORE, ["k1", "k2"])
        assert due_links(unit) == [first, second]


def test_a_changed_task_without_link_is_due_itself(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1"), known(KORE, "k2"), known(V2, "k1")])
        unit.mark_due(KORE, ["k1"])
        assert due_tasks(unit) == ["k1"]
        assert due_tasks(unit, V2) == []


def test_a_task_of_a_removed_link_is_due_itself(store: AnyStore) -> None:
    with store.begin() as unit:
        add_pair(unit, 1, LinkState.REMOVED)
        unit.mark_due(KORE, ["k1"])
        assert due_links(unit) == []
        assert due_tasks(unit) == ["k1"]


def test_links_that_are_being_made_or_missing_are_kept_for_later(store: AnyStore) -> None:
    with store.begin() as unit:
        made, lost = add_pair(unit, 1, LinkState.CREATING), add_pair(unit, 2, LinkState.MISSING)
        unit.mark_due(KORE, ["k1", "k2"])
        assert due_links(unit) == []
        for number in (made, lost):
            view = unit.link(number)
            assert view is not None
            unit.save_link(view.link.with_task(V2, view.link.v2_id or TaskId("")))
        assert due_links(unit) == [made, lost]


def test_the_verdict_takes_the_mark_off(store: AnyStore) -> None:
    with store.begin() as unit:
        number = add_pair(unit, 1)
        unit.save_known([known(KORE, "k2")])
        unit.set_all_due()
        assert (due_links(unit), due_tasks(unit)) == ([number], ["k2"])
        unit.set_due(number, False)
        unit.clear_due_task(KORE, TaskId("k2"))
        assert (due_links(unit), due_tasks(unit)) == ([], [])
        unit.set_due(number, True)
        assert due_links(unit) == [number]


def test_due_links_and_tasks_come_by_id_in_portions(store: AnyStore) -> None:
    with store.begin() as unit:
        numbers = [add_pair(unit, number) for number in range(5)]
        unit.save_known([known(KORE, f"u{number}") for number in range(5)])
        unit.set_all_due()
        portion = unit.due_links(2, numbers[1])
        assert [view.link.id for view in portion] == numbers[2:4]
        assert [one.task.id for one in unit.due_tasks(KORE, 2, "u1")] == ["u2", "u3"]


def test_a_learnt_word_makes_due_what_waits_for_it(store: AnyStore) -> None:
    word = Word(KORE, WordKind.STATUS, "waiting", "Waiting")
    waiting = wait(WaitKind.UNMAPPED, waits_for="kore:status:waiting")
    with store.begin() as unit:
        number, other = add_pair(unit, 1), add_pair(unit, 2)
        unit.save_known([known(V2, "v9"), known(KORE, "v9")])
        unit.replace_waits([waiting], link_id=number, at=START)
        unit.replace_waits([wait(WaitKind.UNMAPPED)], link_id=other, at=START)
        unit.replace_waits([waiting], task=(V2, TaskId("v9")), at=START)
        unit.waiting_for([Word(V2, WordKind.STATUS, "waiting", "Waiting")])
        unit.waiting_for([])
        assert due_links(unit) == []
        unit.waiting_for([word])
        assert due_links(unit) == [number]
        assert (due_tasks(unit, V2), due_tasks(unit)) == (["v9"], [])


def test_what_is_due_is_counted_where_it_would_be_looked_at(sql_store: SqlStore) -> None:
    with sql_store.begin() as unit:
        for number, state in enumerate((LinkState.LINKED, LinkState.MISSING, LinkState.REMOVED), 1):
            add_pair(unit, number, state)
        unit.save_known([known(V2, "alone"), known(V2, "quiet")])
        assert unit.count_due() == 0
        unit.mark_due(KORE, ["k1", "k2", "k3"])
        unit.mark_due(V2, ["v1", "alone"])
        # The pair, the task whose link was removed, and the one that never had any.
        assert unit.count_due() == 3
        unit.set_gone(V2, ["alone"], START)
        assert unit.count_due() == 2
