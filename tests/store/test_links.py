"""Links: no task has two, and a link comes with all that belongs to it."""

from dataclasses import replace

import pytest

from bridge.domain.link import LinkState
from bridge.domain.side import LinkId, TaskId
from bridge.errors import StoreError
from tests.store.both import AnyStore
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, add_pair, known, link, wait


@pytest.mark.parametrize("second", [("k1", "v2"), ("k2", "v1"), ("k1", None)])
@pytest.mark.parametrize("state", LinkState)
def test_a_task_never_gets_a_second_link(
    store: AnyStore, state: LinkState, second: tuple[str, str | None]
) -> None:
    with store.begin() as unit:
        number = unit.add_link(link("k1", "v1", state))
        with pytest.raises(StoreError, match="has a link already"):
            unit.add_link(link(*second))
        assert [view.link.id for view in unit.all_links()] == [number]


def test_a_saved_link_cannot_take_the_task_of_another(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.add_link(link("k1", "v1"))
        number = unit.add_link(link("k2", None, LinkState.CREATING))
        with pytest.raises(StoreError, match="has a link already"):
            unit.save_link(replace(link("k2", "v1"), id=number))
        assert unit.links_of(KORE, ["k2"])["k2"].v2_id is None


def test_many_links_may_lack_the_same_side(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.add_link(link("k1", None, LinkState.CREATING))
        unit.add_link(link("k2", None, LinkState.CREATING))
        assert [*unit.links_of(KORE, ["k1", "k2", "k3"])] == ["k1", "k2"]


def test_links_are_found_from_either_side_in_any_state(store: AnyStore) -> None:
    with store.begin() as unit:
        for number, state in enumerate(LinkState):
            unit.add_link(link(f"k{number}", f"v{number}", state))
        ids = [f"v{number}" for number in range(9)]
        found = unit.links_of(V2, ids)
        assert [one.state for one in found.values()] == [*LinkState]
        assert unit.links_of(KORE, ids) == {}


def test_a_link_comes_with_both_tasks_and_what_waits(store: AnyStore) -> None:
    with store.begin() as unit:
        number = add_pair(unit, 1)
        add_pair(unit, 2)
        unit.replace_waits([wait()], link_id=number, at=START)
        view = unit.link(number)
        assert view is not None
        assert view.kore is not None
        assert view.v2 is not None
        assert (view.kore.task.id, view.v2.task.id) == ("k1", "v1")
        assert [one.reason for one in view.waits] == ["refused"]


def test_a_link_whose_tasks_were_never_seen_comes_without_them(store: AnyStore) -> None:
    with store.begin() as unit:
        number = unit.add_link(link("k1", None, LinkState.CREATING))
        view = unit.link(number)
        assert view is not None
        assert (view.kore, view.v2, view.waits) == (None, None, ())
        assert unit.link(LinkId(number + 1)) is None


def test_all_links_are_read_in_order_though_there_are_many(store: AnyStore) -> None:
    with store.begin() as unit:
        numbers = [unit.add_link(link(f"k{number}", f"v{number}")) for number in range(1100)]
        assert [view.link.id for view in unit.all_links()] == numbers


@pytest.mark.parametrize(
    ("state", "is_gone"),
    [
        (LinkState.CREATING, True),
        (LinkState.LINKED, False),
        (LinkState.MISSING, False),
        (LinkState.REMOVED, True),
    ],
)
def test_only_a_link_that_joins_nothing_can_be_dropped(
    store: AnyStore, state: LinkState, is_gone: bool
) -> None:
    with store.begin() as unit:
        number = unit.add_link(link("k1", "v1", state))
        unit.replace_waits([wait()], link_id=number, at=START)
        unit.drop_link(number)
        assert (unit.link(number) is None) is is_gone
        assert bool(unit.waits()) is not is_gone


def test_the_id_of_a_dropped_link_is_never_given_again(store: AnyStore) -> None:
    with store.begin() as unit:
        first = unit.add_link(link("k1", None, LinkState.CREATING))
        unit.drop_link(first)
        assert unit.add_link(link("k1", None, LinkState.CREATING)) > first


def test_saving_a_link_keeps_its_mark(store: AnyStore) -> None:
    with store.begin() as unit:
        number = add_pair(unit, 1)
        unit.set_due(number, True)
        unit.save_link(
            link("k1", "v1", id=number, created_at=START, changed_at=after(1), stand_in="REC-1")
        )
        (view,) = unit.due_links(1, LinkId(0))
        assert view.link.stand_in == "REC-1"


def test_an_exception_undoes_the_whole_unit(store: AnyStore) -> None:
    def story() -> None:
        with store.begin() as unit:
            add_pair(unit, 1)
            raise KeyError

    with pytest.raises(KeyError):
        story()
    with store.begin() as unit:
        assert unit.count_tasks(KORE) == 0
        assert unit.links_of(KORE, ["k1"]) == {}


def test_a_unit_within_a_unit_is_refused_at_once(store: AnyStore) -> None:
    with store.begin() as unit:
        with pytest.raises(RuntimeError, match="within a unit"), store.begin():
            pass
        unit.save_known([known(KORE, "k1")])
    with store.begin() as unit:
        assert unit.find_task(TaskId("k1"))
