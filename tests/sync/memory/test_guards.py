"""Guards: nothing is written while one stands, it goes by itself, or people confirm what stands."""

from typing import Any

import pytest

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.link import LinkState
from bridge.domain.policy import Limits, OnMissing, Unobserved
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.wordtable import Default, WordRow
from bridge.errors import OverBudget, Stopped, Unreachable
from bridge.sync.admit import doubt_places
from bridge.sync.desk import Desk
from bridge.sync.poll import poll_side
from bridge.sync.standing import note_holds
from tests.sync.memory.bench import Bench, mapping

both_sides = pytest.mark.parametrize("side", list(Side))
FEW = Limits(percent=10.0, count=2)
HIDDEN = frozenset({Field.DESCRIPTION})


@pytest.fixture
def paired(bench: Bench) -> Bench:
    """Ten pairs in step, made one by one, and limits of two links and a tenth."""
    bench.set_rules(limits=FEW, workers=1)
    for number in range(10):
        bench.kore.add(f"Task {number}")
    bench.settle()
    sweeps(bench)
    bench.forget_calls()
    return bench


def sweeps(bench: Bench, times: int = 1) -> None:
    for _ in range(times):
        bench.sync(is_full=True)


def ids_of(bench: Bench, side: Side) -> list[str]:
    return sorted(bench.service(side).records)


def remove(bench: Bench, side: Side, count: int) -> list[str]:
    gone = ids_of(bench, side)[:count]
    for task_id in gone:
        bench.service(side).remove(task_id)
    return gone


def standing(bench: Bench) -> list[Guard]:
    with bench.store.begin() as unit:
        return [one for one in unit.guards() if one.holds]


def shown(guards: list[Guard]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "side": one.side, "items": list(one.items)} for one in guards]


def confirm(bench: Bench, guards: list[Guard]) -> int:
    with bench.store.begin() as unit:
        return unit.give_instruction(
            InstructionKind.CONFIRM, {"guards": shown(guards)}, by="me", at=bench.clock.now()
        )


def outcome_of(bench: Bench, number: int) -> InstructionOutcome | None:
    with bench.store.begin() as unit:
        found = unit.instruction(number)
    assert found is not None
    return found.outcome


def is_written_to(bench: Bench) -> bool:
    """Whether anything of a person's change and a new task arrives across."""
    kore_id = ids_of(bench, Side.KORE)[-1]
    bench.kore.edit(kore_id, title=f"Edited at {bench.clock.at}")
    bench.kore.add(f"New at {bench.clock.at}")
    bench.forget_calls()
    bench.sync()
    return bool(bench.v2.writes)


# --- missing -------------------------------------------------------------------------------------


@both_sides
def test_more_links_missing_than_both_limits_allow_stop_all_writes(
    paired: Bench, side: Side
) -> None:
    remove(paired, side, 3)
    sweeps(paired, 2)
    (guard,) = standing(paired)
    assert (guard.kind, guard.side, len(guard.items)) == (GuardKind.MISSING, None, 3)
    assert "3 of 10 links" in guard.reason
    assert f"3 of {side.label}" in guard.reason
    assert "TS1 / REC-" in guard.reason
    assert not is_written_to(paired)
    assert paired.sync().guards == (guard,)
    assert len(paired.heard.of("guard_raised")) == 1


@both_sides
def test_as_many_as_either_limit_allows_stop_nothing(paired: Bench, side: Side) -> None:
    remove(paired, side, 2)
    sweeps(paired, 2)
    assert standing(paired) == []
    assert is_written_to(paired)
    paired.set_rules(limits=Limits(percent=90.0, count=0))
    remove(paired, side, 1)
    sweeps(paired, 2)
    assert standing(paired) == []


def test_a_standing_guard_is_still_in_a_still_world(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    for _ in range(3):
        paired.clock.pass_time(150)
        paired.sync()
    before = paired.dump()
    paired.sync()
    assert paired.dump() == before


def test_what_comes_back_takes_the_guard_away(paired: Bench) -> None:
    kept = dict(paired.v2.records)
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    assert standing(paired)
    paired.v2.records = kept
    sweeps(paired)
    assert standing(paired) == []
    assert paired.heard.of("guard_over")
    assert is_written_to(paired)


def test_many_that_are_not_asked_for_yet_count_as_missing(
    paired: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.gone.MOST_ASKED", 1)
    kept = remove(paired, Side.V2, 4)
    sweeps(paired, 2)
    (guard,) = standing(paired)
    assert len(guard.items) == len(kept)
    with paired.store.begin() as unit:
        assert unit.count_links()[LinkState.MISSING] == 1


def test_those_that_answer_when_asked_for_take_the_guard_away(
    paired: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.gone.MOST_ASKED", 1)
    paired.v2.left_out = set(ids_of(paired, Side.V2)[:4])
    sweeps(paired, 2)
    assert standing(paired)
    for _ in range(4):
        paired.sync(sweeps=False)
    assert standing(paired) == []


def test_nothing_is_closed_while_the_guard_stands_and_all_once_it_is_confirmed(
    paired: Bench,
) -> None:
    paired.set_rules(on_missing=OnMissing.CLOSE)
    gone = remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    assert paired.kore.writes == []
    confirm(paired, standing(paired))
    paired.sync()
    closed = {write.task_id for write in paired.kore.writes}
    assert closed == {paired.across(Side.V2, one) for one in gone}


def test_a_confirmation_covers_what_was_shown_and_nothing_that_comes_after(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    number = confirm(paired, standing(paired))
    paired.sync()
    assert outcome_of(paired, number) is InstructionOutcome.DONE
    assert standing(paired) == []
    assert is_written_to(paired)
    remove(paired, Side.V2, 2)
    sweeps(paired, 2)
    assert standing(paired) == []  # two more are no more than may be
    remove(paired, Side.V2, 1)
    sweeps(paired, 2)
    (guard,) = standing(paired)
    assert len(guard.items) == 3
    assert not is_written_to(paired)


def test_what_comes_between_showing_and_confirming_still_stands(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    seen = standing(paired)
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    confirm(paired, seen)
    paired.sync()
    (guard,) = standing(paired)
    assert len(guard.items) == 3
    assert not {*guard.items} & {*seen[0].items}


def test_what_was_confirmed_and_came_back_counts_when_it_is_lost_again(paired: Bench) -> None:
    kept = dict(paired.v2.records)
    gone = remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    confirm(paired, standing(paired))
    paired.sync()
    paired.v2.records = kept
    sweeps(paired, 2)
    for task_id in gone:
        paired.v2.remove(task_id)
    sweeps(paired, 2)
    assert len(standing(paired)) == 1


def test_a_confirmation_of_what_does_not_stand_is_void(paired: Bench) -> None:
    kept = dict(paired.v2.records)
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    seen = standing(paired)
    paired.v2.records = kept
    sweeps(paired)
    number = confirm(paired, seen)
    paired.sync()
    assert outcome_of(paired, number) is InstructionOutcome.VOID


def test_a_run_that_may_confirm_looks_first_and_confirms_what_stands_then(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired)
    paired.kore.add("New")
    outcome = paired.sync(is_full=True, confirms_guards=True)
    assert [one.kind for one in outcome.confirmed] == [GuardKind.MISSING]
    assert outcome.guards == ()
    assert [write.call for write in paired.v2.writes] == ["create"]
    assert paired.sync(confirms_guards=True).confirmed == ()


def test_a_backfill_writes_nothing_either_unless_it_may_confirm(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    paired.kore.add("New")
    outcome = paired.backfill()
    assert [one.kind for one in outcome.guards] == [GuardKind.MISSING]
    assert paired.v2.writes == []
    outcome = paired.backfill(confirms_guards=True)
    assert outcome.guards == ()
    assert [write.call for write in paired.v2.writes] == ["create"]


# --- empty ---------------------------------------------------------------------------------------


@pytest.fixture(params=[True, False], ids=["sorted", "unsorted"])
def emptied(request: pytest.FixtureRequest, paired: Bench) -> Bench:
    if not request.param:
        paired.v2.sorts = False
        paired.v2.page_size = 3
    paired.kept = dict(paired.v2.records)  # type: ignore[attr-defined] # given along
    paired.v2.records = {}
    return paired


def test_a_side_that_is_suddenly_empty_stops_all_writes_at_once(emptied: Bench) -> None:
    assert not is_written_to(emptied)
    (guard,) = standing(emptied)
    assert (guard.kind, guard.side, len(guard.items)) == (GuardKind.EMPTY, Side.V2, 10)
    assert "suddenly empty" in guard.reason
    sweeps(emptied, 3)
    with emptied.store.begin() as unit:
        assert unit.count_links()[LinkState.LINKED] == 10


def test_tasks_that_are_shown_again_take_it_away(emptied: Bench) -> None:
    sweeps(emptied, 3)
    emptied.v2.records = emptied.kept  # type: ignore[attr-defined] # given along
    emptied.sync()
    assert standing(emptied) == []
    assert is_written_to(emptied)


def test_tasks_of_the_other_side_are_found_to_be_gone_all_the_same(emptied: Bench) -> None:
    remove(emptied, Side.KORE, 1)
    sweeps(emptied, 2)
    assert [one.kind for one in standing(emptied)] == [GuardKind.EMPTY]
    with emptied.store.begin() as unit:
        assert unit.count_links()[LinkState.MISSING] == 1


def test_a_side_that_truly_is_empty_takes_one_confirmation(emptied: Bench) -> None:
    emptied.sync()
    confirm(emptied, standing(emptied))
    emptied.sync()
    assert standing(emptied) == []
    sweeps(emptied, 3)
    assert standing(emptied) == []
    with emptied.store.begin() as unit:
        assert unit.count_links()[LinkState.MISSING] == 10
    assert is_written_to(emptied)
    sweeps(emptied, 3)
    assert standing(emptied) == []


def test_a_side_that_was_always_empty_is_not_suddenly_so(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.sync()
    assert standing(bench) == []
    assert bench.is_linked(Side.KORE, "k0001")


def test_first_contact_does_not_end_with_a_list_that_is_suddenly_empty(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    bench.sync()
    kept, bench.v2.records = bench.v2.records, {}
    outcome = bench.sync(is_full=True)
    assert outcome.is_first_contact
    assert [one.kind for one in outcome.guards] == [GuardKind.EMPTY]
    bench.v2.records = kept
    outcome = bench.sync(is_full=True)
    assert outcome.is_first_contact
    assert outcome.guards == ()
    bench.v2.records = {}
    bench.sync(is_full=True)
    confirm(bench, standing(bench))
    bench.sync(is_full=True)
    bench.sync()
    assert bench.is_linked(Side.KORE, "k0001")


def test_a_list_that_empties_in_the_middle_of_a_cycle_stops_the_rest_of_it(paired: Bench) -> None:
    for task_id in ids_of(paired, Side.KORE):
        paired.kore.edit(task_id, title=f"Edited {task_id}")
    paired.set_rules(workers=1)
    paired.v2.seconds_a_call = 4.0

    def empty(_: object) -> None:
        paired.v2.left_out = set(paired.v2.records)

    paired.v2.on_send = empty
    paired.sync(sweeps=False)
    assert 0 < len(paired.v2.writes) < 5
    assert [one.kind for one in standing(paired)] == [GuardKind.EMPTY]


# --- another account -----------------------------------------------------------------------------


@pytest.fixture
def owned(bench: Bench) -> Bench:
    """Pairs that were made with a stream and a company."""
    bench.set_rules(identities={Side.KORE: "st-1/a-1", Side.V2: "http://one/v2"})
    bench.v2.account = "company-1"
    for number in range(3):
        bench.v2.add(f"Task {number}")
    bench.settle()
    sweeps(bench)
    bench.sync()
    bench.forget_calls()
    return bench


def identity(bench: Bench, side: Side) -> str:
    with bench.store.begin() as unit:
        return unit.side_state(side).identity


def test_whose_tasks_they_are_is_kept_with_the_first_links(owned: Bench) -> None:
    assert identity(owned, Side.KORE) == "st-1/a-1"
    assert identity(owned, Side.V2) == "http://one/v2 company-1"


def move_to(bench: Bench, side: Side) -> None:
    """The configuration names another account, which has tasks of its own."""
    if side is Side.KORE:
        bench.set_rules(identities={**bench.rules.identities, Side.KORE: "st-2/a-1"})
    else:
        bench.v2.account = "company-2"
    bench.service(side).records = {}
    for number in range(4):
        bench.service(side).add(f"Foreign {number}")


@both_sides
def test_another_account_is_neither_read_nor_written_to(owned: Bench, side: Side) -> None:
    before = dict(owned.service(side).records)
    known = dict(owned.rules.identities)
    move_to(owned, side)
    foreign = [*owned.service(side).records]
    outcome = owned.sync(is_full=True)
    (guard,) = outcome.guards
    assert (guard.kind, guard.side) == (GuardKind.IDENTITY, side)
    assert outcome.faults == {}
    sweeps(owned, 3)
    with owned.store.begin() as unit:
        assert unit.known(side, foreign) == {}
        assert unit.count_links()[LinkState.LINKED] == 3
    assert owned.kore.writes == owned.v2.writes == []
    owned.set_rules(identities=known)
    owned.v2.account = "company-1"
    owned.service(side).records = before
    owned.sync()
    assert standing(owned) == []
    mine = owned.service(side).add("Mine")
    owned.sync()
    assert owned.is_linked(side, mine)


@both_sides
def test_another_account_that_was_confirmed_is_read_and_its_links_are_looked_for(
    owned: Bench, side: Side
) -> None:
    move_to(owned, side)
    owned.sync()
    confirm(owned, standing(owned))
    owned.sync()
    assert standing(owned) == []
    assert identity(owned, side) == str(
        "st-2/a-1" if side is Side.KORE else "http://one/v2 company-2"
    )
    owned.set_rules(limits=Limits(percent=0, count=0))
    sweeps(owned, 2)
    assert [one.kind for one in standing(owned)] == [GuardKind.MISSING]


def test_a_run_that_may_confirm_takes_the_other_account(owned: Bench) -> None:
    move_to(owned, Side.V2)
    outcome = owned.sync(confirms_guards=True)
    assert [one.kind for one in outcome.confirmed] == [GuardKind.IDENTITY]
    assert outcome.guards == ()
    assert identity(owned, Side.V2) == "http://one/v2 company-2"


def test_with_two_other_accounts_nothing_is_created_before_a_backfill(owned: Bench) -> None:
    for side in SIDES:
        move_to(owned, side)
    outcome = owned.sync(confirms_guards=True)
    assert {one.kind for one in outcome.confirmed} == {GuardKind.IDENTITY}
    assert outcome.is_first_contact
    sweeps(owned, 2)
    assert owned.kore.writes == owned.v2.writes == []
    owned.backfill()
    assert len(owned.kore.records) == len(owned.v2.records) == 8


def test_another_address_of_the_same_company_is_the_same(owned: Bench) -> None:
    owned.set_rules(identities={**owned.rules.identities, Side.V2: "http://two/v2"})
    owned.kore.edit(ids_of(owned, Side.KORE)[0], title="Edited")
    owned.sync()
    assert standing(owned) == []
    assert identity(owned, Side.V2) == "http://two/v2 company-1"
    assert [write.call for write in owned.v2.writes] == ["update"]


def test_another_address_that_does_not_say_whose_tasks_it_has_is_another(owned: Bench) -> None:
    owned.v2.account = ""
    owned.set_rules(identities={**owned.rules.identities, Side.V2: "http://two/v2"})
    owned.sync()
    assert [one.kind for one in standing(owned)] == [GuardKind.IDENTITY]


def test_the_account_may_change_while_there_are_no_links(bench: Bench) -> None:
    bench.set_rules(identities={Side.V2: "http://one/v2"})
    bench.v2.account = "company-1"
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    bench.sync()
    move_to(bench, Side.V2)
    bench.sync()
    assert standing(bench) == []
    bench.backfill()
    titles = {bench.kore.value(one, Field.TITLE) for one in bench.kore.records}
    assert titles == {"Boiler", *(f"Foreign {number}" for number in range(4))}


@both_sides
@pytest.mark.parametrize("is_backfill", [False, True])
def test_another_account_is_found_out_by_one_request_and_told_once(
    owned: Bench, side: Side, is_backfill: bool
) -> None:
    move_to(owned, side)
    outcome = owned.backfill() if is_backfill else owned.sync(is_full=True)
    assert owned.service(side).calls == ["page:poll"]
    (told,) = owned.heard.of("side_not_read")
    (guard,) = outcome.guards
    assert told == {"side": side, "reason": guard.reason}
    assert str(told["reason"]).startswith(f"{side.label} shows the tasks of ")


@both_sides
def test_another_account_is_not_asked_for_what_the_last_one_lost(owned: Bench, side: Side) -> None:
    call = "read" if side is Side.V2 else "search"
    owned.service(side).fail(call, OverBudget(str(side), "The budget is spent.", seconds=60))
    remove(owned, side, 1)
    sweeps(owned, 2)
    move_to(owned, side)
    owned.forget_calls()
    owned.sync(sweeps=False)
    assert call not in owned.service(side).calls
    with owned.store.begin() as unit:
        assert unit.count_links()[LinkState.LINKED] == 3


def doubted(bench: Bench) -> Desk:
    """A run that has asked nothing so far, and knows in which sides it must not trust."""
    desk = bench.new_desk()
    with desk.store.begin() as unit:
        note_holds(desk, unit)
        doubt_places(desk, unit)
    return desk


@both_sides
def test_a_side_at_another_place_is_left_alone_until_it_was_seen_to_be_the_same(
    owned: Bench, side: Side
) -> None:
    assert doubted(owned).barred == set()
    kept = owned.rules.identities
    owned.set_rules(identities={**kept, side: "http://two/v2"})
    desk = doubted(owned)
    assert desk.barred == {side}
    assert [desk.may_write(one) for one in (side, side.other)] == [False, True]
    if side is Side.V2:
        poll_side(desk, side)
        assert desk.barred == set()
        assert desk.may_write(side)
    owned.set_rules(identities={side.other: kept[side.other]})  # it is not told where it is
    assert doubted(owned).barred == set()


def test_a_side_of_which_nothing_was_read_is_not_in_doubt(bench: Bench) -> None:
    bench.set_rules(identities={Side.V2: "http://one/v2"})
    assert doubted(bench).barred == set()


@both_sides
def test_a_side_that_is_another_account_stays_in_doubt(owned: Bench, side: Side) -> None:
    known = owned.rules.identities
    move_to(owned, side)
    owned.sync()
    owned.set_rules(identities=known)
    assert doubted(owned).barred == {side}


def test_an_empty_side_is_its_own_account_all_the_same(emptied: Bench) -> None:
    emptied.sync()
    assert doubted(emptied).barred == set()


# --- a changed table -----------------------------------------------------------------------------


NEW_TABLE = mapping(
    status=(
        WordRow("open", "in_progress", Default.BOTH),
        WordRow("in progress", "open", Default.BOTH),
        WordRow("on hold", "open", Default.TO_V2),
        WordRow("resolved", "completed", Default.BOTH),
        WordRow("closed", "cancelled", Default.BOTH),
        WordRow("in progress", "new", Default.TO_KORE),
        WordRow("resolved", "in_review", Default.TO_KORE),
    ),
    replaced=("status",),
)


def test_a_changed_table_that_hits_too_many_pairs_stops_all_writes(paired: Bench) -> None:
    paired.set_rules(mapping=NEW_TABLE)
    assert not is_written_to(paired)
    (guard,) = standing(paired)
    assert guard.kind is GuardKind.TABLE
    assert "10 of 10 links" in guard.reason
    paired.sync()
    assert paired.v2.writes == []
    confirm(paired, standing(paired))
    paired.sync()
    assert standing(paired) == []
    assert len(paired.v2.writes) + len(paired.kore.writes) >= 10


def test_a_table_that_is_put_back_takes_the_guard_away(paired: Bench) -> None:
    before = paired.rules.mapping
    paired.set_rules(mapping=NEW_TABLE)
    paired.sync()
    paired.set_rules(mapping=before)
    paired.sync()
    assert standing(paired) == []
    assert paired.kore.writes == paired.v2.writes == []


def test_a_changed_table_that_hits_few_pairs_is_carried_out(paired: Bench) -> None:
    paired.set_rules(mapping=NEW_TABLE, limits=Limits(percent=100, count=0))
    paired.sync()
    assert standing(paired) == []
    assert paired.v2.writes or paired.kore.writes


def test_a_crash_between_the_change_and_the_count_lets_nothing_through(paired: Bench) -> None:
    paired.set_rules(mapping=NEW_TABLE)

    def stop(*_: object) -> None:
        paired.clock.is_stopped = True
        raise Stopped

    paired.v2.on_page = stop
    with pytest.raises(Stopped):
        paired.sync()
    paired.clock.is_stopped, paired.v2.on_page = False, None
    paired.sync()
    assert paired.kore.writes == paired.v2.writes == []
    assert [one.kind for one in standing(paired)] == [GuardKind.TABLE]


# --- probes --------------------------------------------------------------------------------------


@pytest.fixture
def veiled(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Kore hides fields, the settings do not say what to do, and three probes go unasked."""
    monkeypatch.setattr("bridge.sync.guard.MOST_UNASKED_PROBES", 3)
    bench.kore.hides = HIDDEN
    bench.set_rules(asks_before_probing=True)
    return bench


def test_more_probes_at_once_than_go_out_unasked_stop_a_cycle(veiled: Bench) -> None:
    for number in range(4):
        veiled.kore.add(f"Task {number}", "text")
    outcome = veiled.sync()
    (guard,) = outcome.guards
    assert (guard.kind, guard.side, len(guard.items)) == (GuardKind.PROBES, Side.KORE, 4)
    assert "4 Kore tasks hide fields" in guard.reason
    assert "less than two minutes" in guard.reason
    assert "not tried" in guard.reason
    veiled.sync()
    assert veiled.kore.writes == veiled.v2.writes == []
    veiled.set_rules(asks_before_probing=False)
    veiled.sync()
    assert standing(veiled) == []
    assert len(veiled.links()) == 4


def test_a_hundred_go_out_unasked() -> None:
    from bridge.sync.guard import MOST_UNASKED_PROBES

    assert MOST_UNASKED_PROBES == 100


def test_as_many_as_go_out_unasked_do(veiled: Bench) -> None:
    for number in range(3):
        veiled.kore.add(f"Task {number}", "text")
    assert veiled.sync().guards == ()
    assert len(veiled.links()) == 3


def test_probes_that_were_confirmed_go_out_and_later_ones_are_asked_for(veiled: Bench) -> None:
    ids = [veiled.kore.add(f"Task {number}", "text") for number in range(4)]
    veiled.sync()
    confirm(veiled, standing(veiled))
    veiled.settle()
    assert len(veiled.links()) == 4
    assert standing(veiled) == []
    for task_id in ids:
        veiled.kore.edit(task_id, text="changed")
    veiled.forget_calls()
    veiled.sync()
    assert [one.kind for one in standing(veiled)] == [GuardKind.PROBES]
    assert veiled.kore.writes == []


def test_tasks_are_found_to_be_gone_while_probes_wait_for_a_word(veiled: Bench) -> None:
    veiled.pair("Boiler", text="text")
    for number in range(4):
        veiled.kore.add(f"Task {number}", "text")
    sweeps(veiled)
    veiled.kore.remove("k0001")
    sweeps(veiled, 2)
    assert [one.kind for one in standing(veiled)] == [GuardKind.PROBES]
    with veiled.store.begin() as unit:
        assert unit.count_links()[LinkState.MISSING] == 1


def test_settings_that_send_no_probe_take_the_guard_away(veiled: Bench) -> None:
    for number in range(4):
        veiled.kore.add(f"Task {number}", "text")
    veiled.sync()
    veiled.set_policy(unobserved=Unobserved.HOLD)
    veiled.sync()
    assert standing(veiled) == []


def test_a_backfill_that_may_confirm_does_not_ask_about_probes(
    veiled: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.backfill.MOST_UNASKED_PROBES", 3)
    for number in range(4):
        veiled.kore.add(f"Task {number}", "text")
    veiled.v2.add("Ladder")
    veiled.backfill(confirms_guards=True)
    assert len(veiled.links()) == 5


# --- several -------------------------------------------------------------------------------------


def test_nothing_is_recovered_or_probed_either_while_a_guard_stands(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    paired.kore.hides = HIDDEN
    paired.kore.add("Hidden", "text")
    paired.forget_calls()
    paired.sync()
    paired.sync()
    assert paired.kore.writes == paired.v2.writes == []


def test_a_create_whose_outcome_is_open_is_not_given_up_because_a_list_is_empty(
    paired: Bench,
) -> None:
    paired.kore.add("New")
    paired.v2.fail("create", Unreachable("v2", "no answer", is_outcome_unknown=True), applied=True)
    paired.v2.fail("page:ask", Unreachable("v2", "gone"))
    paired.sync()
    paired.v2.left_out, paired.v2.search_finds = set(paired.v2.records), False
    for _ in range(4):
        paired.clock.pass_time(300)
        paired.sync()
    assert [one.kind for one in standing(paired)] == [GuardKind.EMPTY]
    with paired.store.begin() as unit:
        assert len(unit.open_operations()) == 1
        assert unit.count_links()[LinkState.CREATING] == 1
    paired.v2.left_out = set()
    paired.settle(most=8)
    assert len(paired.v2.records) == len(paired.kore.records) == 11
    assert len(paired.links()) == 11


def test_what_people_say_is_heard_while_a_guard_stands(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    with paired.store.begin() as unit:
        unit.give_instruction(
            InstructionKind.PAUSE, {"side": Side.KORE}, by="me", at=paired.clock.now()
        )
    paired.sync()
    assert paired.desk.paused == {Side.KORE}


def test_a_dry_run_leaves_guards_as_they_are_and_tells_of_them(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired)
    before = paired.dump()
    outcome = paired.sync(is_full=True, is_dry=True)
    assert [one.kind for one in outcome.guards] == [GuardKind.MISSING]
    assert paired.dump() == before


def test_two_guards_are_confirmed_one_by_one(owned: Bench) -> None:
    owned.set_rules(limits=Limits(percent=0, count=0))
    owned.kore.remove(ids_of(owned, Side.KORE)[0])
    sweeps(owned, 2)
    move_to(owned, Side.V2)
    owned.sync()
    both = standing(owned)
    assert {one.kind for one in both} == {GuardKind.MISSING, GuardKind.IDENTITY}
    confirm(owned, [one for one in both if one.kind is GuardKind.MISSING])
    owned.sync()
    assert [one.kind for one in standing(owned)] == [GuardKind.IDENTITY]
