"""What people told the bridge to do, and what stands guard, as the database keeps it."""

from dataclasses import replace

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.records import PairState
from bridge.domain.side import Side
from bridge.domain.values import UNSEEN, Value
from tests.store.both import AnyStore
from tests.store.clocks import START, after

MISSING = Guard(
    kind=GuardKind.MISSING, side=Side.V2, reason="20 of 30 are gone", shown={"ids": ["v1"]},
    since=START,
)  # fmt: skip


def test_an_instruction_waits_until_it_is_closed_and_is_kept_with_what_came_of_it(
    store: AnyStore,
) -> None:
    with store.begin() as unit:
        first = unit.give_instruction(InstructionKind.PAUSE, {"side": "v2"}, by="me", at=START)
        second = unit.give_instruction(InstructionKind.RESUME, {}, by="me", at=after(1))
        assert [one.id for one in unit.open_instructions()] == [first, second]
        unit.close_instruction(first, InstructionOutcome.DONE, "paused", after(2))
        assert [one.id for one in unit.open_instructions()] == [second]
        done = unit.instruction(first)
        assert done is not None
        assert (done.kind, done.details, done.given_by) == (
            InstructionKind.PAUSE, {"side": "v2"}, "me",
        )  # fmt: skip
        assert (done.outcome, done.note, done.done_at) == (
            InstructionOutcome.DONE, "paused", after(2),
        )  # fmt: skip
        assert unit.instruction(99) is None


def test_the_values_that_a_person_was_shown_are_kept_whole(store: AnyStore) -> None:
    shown = {"kore": Value("open", "Open", "open"), "v2": None, "hidden": UNSEEN}
    with store.begin() as unit:
        details = {"failures": [{"id": 3, **shown}]}
        number = unit.give_instruction(InstructionKind.DISCARD, details, by="me", at=START)
        found = unit.instruction(number)
    assert found is not None
    assert found.details == {"failures": [{"id": 3, "kore": shown["kore"], "v2": None}]}
    kept = found.details["failures"][0]["kore"]
    assert (kept.text, kept.kind) == ("Open", "open")


def test_another_pairs_instructions_are_not_ours(store: AnyStore) -> None:
    with store.of_pair("other").begin() as unit:
        number = unit.give_instruction(InstructionKind.PAUSE, {}, by="me", at=START)
    with store.begin() as unit:
        assert unit.open_instructions() == []
        assert unit.instruction(number) is None


def test_a_guard_is_there_once_of_a_kind_and_side_until_it_is_dropped(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_guard(MISSING)
        empty = replace(MISSING, kind=GuardKind.EMPTY, side=None)
        unit.save_guard(empty)
        confirmed = replace(MISSING, confirmed={"ids": ["v1"]}, confirmed_at=after(9))
        unit.save_guard(confirmed)
        assert list(unit.guards()) == [empty, confirmed]
        unit.drop_guard(GuardKind.EMPTY, None)
        assert list(unit.guards()) == [confirmed]


def test_a_confirmation_covers_exactly_what_was_shown() -> None:
    confirmed = replace(MISSING, confirmed={"ids": ["v1"]})
    assert MISSING.holds
    assert not confirmed.holds
    assert replace(confirmed, shown={"ids": ["v1", "v2"]}).holds
    assert not replace(MISSING, is_standing=False).holds


def test_what_is_paused_is_remembered_with_its_moment(store: AnyStore) -> None:
    state = PairState(paused={Side.V2: START}, settings="x", pruned_at=after(3))
    with store.begin() as unit:
        unit.save_pair_state(state)
        assert unit.pair_state() == state
