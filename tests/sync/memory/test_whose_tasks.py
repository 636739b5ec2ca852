"""The first page of a side: whose tasks it shows, and whether it is suddenly empty."""

import pytest

from bridge.domain.exchange import Order, Purpose
from bridge.domain.guard import Guard, GuardKind
from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, Side
from bridge.errors import OtherAccount
from bridge.sync.admit import admit
from bridge.sync.desk import Desk
from bridge.sync.standing import note_holds
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import remove

both_sides = pytest.mark.parametrize("side", list(Side))
PLACES = {Side.KORE: "st-1/a-1", Side.V2: "http://one/v2"}
COMPLETED = "completed"


@pytest.fixture
def owned(bench: Bench) -> Bench:
    """A pair of a stream and a company, and a task of each side that is nobody's counterpart."""
    bench.set_rules(identities=PLACES)
    bench.v2.account = "company-1"
    bench.pair("Boiler")
    bench.kore.add("Done", status="Closed")
    bench.v2.add("Done as well", status=COMPLETED)
    bench.sync()
    return bench


def looked(bench: Bench, *sides: Side, desk: Desk | None = None) -> Desk:
    """A run that has looked at the first page of these sides."""
    desk = desk or bench.new_desk()
    with desk.store.begin() as unit:
        note_holds(desk, unit)
    for side in sides:
        page = desk.services[side].page(Order.NEWEST_FIRST, 0, purpose=Purpose.POLL)
        admit(desk, page)
    return desk


def guards(bench: Bench) -> list[Guard]:
    with bench.store.begin() as unit:
        return list(unit.guards())


def kinds(desk: Desk) -> set[GuardKind]:
    return {one.kind for one in desk.guards}


def identity(bench: Bench, side: Side) -> str:
    with bench.store.begin() as unit:
        return unit.side_state(side).identity


def move(bench: Bench, side: Side, number: int = 2) -> None:
    """It is another account from now on, as the settings or the records tell."""
    if side is Side.V2:
        bench.v2.account = f"company-{number}"
    else:
        bench.set_rules(identities={**bench.rules.identities, Side.KORE: f"st-{number}/a-1"})


NEW = {Side.KORE: "st-2/a-1", Side.V2: "http://one/v2 company-2"}


def unlinked(bench: Bench, side: Side) -> set[str]:
    with bench.store.begin() as unit:
        return {one.task.id for one in unit.unlinked(side)}


@both_sides
def test_a_side_that_the_settings_name_no_more_stays_who_it_was(owned: Bench, side: Side) -> None:
    before = identity(owned, side)
    owned.set_rules(identities={})
    desk = looked(owned, *SIDES)
    assert (desk.guards, desk.barred, guards(owned)) == ((), set(), [])
    assert identity(owned, side) == before


@both_sides
def test_a_side_that_the_settings_name_for_the_first_time_is_no_other(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    bench.set_rules(identities=PLACES)
    desk = looked(bench, *SIDES)
    assert (desk.guards, desk.barred, guards(bench)) == ((), set(), [])
    assert identity(bench, side) == PLACES[side]
    assert bench.heard.of("first_contact_again") == []


@both_sides
def test_a_page_of_another_account_is_refused_and_the_run_knows_why(
    owned: Bench, side: Side
) -> None:
    move(owned, side)
    desk = owned.new_desk()
    with pytest.raises(OtherAccount, match=f"{side.label} shows the tasks of .*-2"):
        looked(owned, side, desk=desk)
    assert (kinds(desk), desk.barred) == ({GuardKind.IDENTITY}, {side})
    assert not desk.may_write(side.other)
    move(owned, side, 1)
    desk = looked(owned, side)
    assert (desk.guards, desk.barred, guards(owned)) == ((), set(), [])
    assert len(owned.heard.of("guard_over")) == 1


def test_an_empty_page_of_another_account_says_nothing_of_the_tasks_of_this_one(
    owned: Bench,
) -> None:
    move(owned, Side.KORE)
    owned.kore.records = {}
    with pytest.raises(OtherAccount):
        looked(owned, Side.KORE)
    assert [one.kind for one in guards(owned)] == [GuardKind.IDENTITY]


def test_a_page_of_another_account_does_not_say_that_the_tasks_of_this_one_are_back(
    owned: Bench,
) -> None:
    kept, owned.kore.records = owned.kore.records, {}
    looked(owned, Side.KORE)
    owned.kore.records = kept
    move(owned, Side.KORE)
    with pytest.raises(OtherAccount):
        looked(owned, Side.KORE)
    assert {one.kind for one in guards(owned)} == {GuardKind.IDENTITY, GuardKind.EMPTY}


@both_sides
def test_a_run_that_may_confirm_takes_the_account_at_once_and_forgets_the_one_before(
    owned: Bench, side: Side
) -> None:
    with owned.store.begin() as unit:
        assert unit.last_sweep(side) is not None
    old = unlinked(owned, side)
    move(owned, side)
    desk = owned.new_desk()
    desk.confirms_guards = True
    looked(owned, side, desk=desk)
    assert (desk.guards, desk.barred) == ((), set())
    assert [one.kind for one in desk.confirmed] == [GuardKind.IDENTITY]
    assert identity(owned, side) == NEW[side]
    assert guards(owned) == []  # another change to the same account is asked about again
    assert len(old) == 1
    assert unlinked(owned, side) == set()
    with owned.store.begin() as unit:
        assert unit.last_sweep(side) is None
        assert unit.pair_state().first_contact_ended_at is None
        assert unit.count_links()[LinkState.LINKED] == 1
    assert len(owned.heard.of("first_contact_again")) == 1


@both_sides
def test_another_account_is_taken_unasked_where_no_link_is_left(owned: Bench, side: Side) -> None:
    remove(owned, "k0001")
    move(owned, side)
    desk = looked(owned, side)
    assert (desk.guards, desk.barred, guards(owned)) == ((), set(), [])
    assert identity(owned, side) == NEW[side]
    move(owned, side, 3)
    looked(owned, side)
    assert identity(owned, side) == NEW[side].replace("-2", "-3")
    assert len(owned.heard.of("first_contact_again")) == 1  # it goes on the second time


# --- suddenly empty ------------------------------------------------------------------------------


@both_sides
def test_a_list_that_is_suddenly_empty_is_known_to_the_run_until_it_shows_tasks_again(
    owned: Bench, side: Side
) -> None:
    service = owned.service(side)
    kept, service.records = service.records, {}
    desk = looked(owned, side)
    (guard,) = desk.guards
    assert (guard.kind, guard.side) == (GuardKind.EMPTY, side)
    assert guard.items == (owned.links()[0].link.id,)
    assert f"{side.label}'s list is suddenly empty, and it had 2 tasks." in guard.reason
    service.records = kept
    page = desk.services[side].page(Order.NEWEST_FIRST, 0, purpose=Purpose.POLL)
    admit(desk, page)
    assert (desk.guards, guards(owned)) == ((), [])


def test_while_first_contact_lasts_the_tasks_without_a_link_are_missed_too(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    bench.sync()
    bench.kore.records = {}
    desk = looked(bench, Side.KORE)
    (guard,) = desk.guards
    assert "it had 1 task." in guard.reason
    assert guard.items == ("unlinked tasks",)


def test_of_two_empty_lists_the_one_that_shows_tasks_again_is_known_at_once(owned: Bench) -> None:
    kept = {side: owned.service(side).records for side in SIDES}
    for side in SIDES:
        owned.service(side).records = {}
    desk = looked(owned, *SIDES)
    assert len(desk.guards) == 2
    owned.v2.records = kept[Side.V2]
    admit(desk, desk.services[Side.V2].page(Order.NEWEST_FIRST, 0, purpose=Purpose.POLL))
    assert [one.side for one in desk.guards] == [Side.KORE]
