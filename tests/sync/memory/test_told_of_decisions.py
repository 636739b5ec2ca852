"""What people are told of what they decide: the values, what comes of it, and where to look."""

import pytest

from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.operation import WaitKind
from bridge.domain.policy import ConflictRule, Direction
from bridge.domain.records import Happening
from bridge.domain.side import Field, Side
from bridge.domain.values import UNSEEN
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench, mapping
from tests.sync.memory.deciding import (
    a_conflict,
    details_of,
    open_conflicts,
    resolve,
    say,
    take_back,
    the_conflict,
    titles,
)
from tests.sync.memory.test_adding_links import add, remove

DONE, VOID, REFUSED = InstructionOutcome.DONE, InstructionOutcome.VOID, InstructionOutcome.REFUSED
RESOLVE = InstructionKind.RESOLVE
both_sides = pytest.mark.parametrize("side", list(Side))


def lines(bench: Bench, *what: str) -> list[Happening]:
    (view,) = bench.links()
    with bench.store.begin() as unit:
        return [one for one in unit.history(view.link.id) if one.what in what]


def wait_of(bench: Bench, kind: WaitKind) -> str:
    (wait,) = bench.waits(kind)
    return wait.reason


def settled(bench: Bench, winner: Side = Side.KORE, **given: str) -> tuple[str, str]:
    """A conflict that the rule has decided; of the title, unless other fields are given."""
    bench.set_policy(conflict=ConflictRule(str(winner)))
    ids = bench.pair()
    name = next(iter(given), "title")
    bench.kore.edit(ids[0], **{name: given.get("kore", "Of Kore")})
    bench.v2.edit(ids[1], **{name: given.get("v2", "Of v2")})
    bench.settle()
    return ids


# --- a conflict that is open ---------------------------------------------------------------------


@both_sides
def test_what_was_decided_names_both_values_and_who_writes_it(bench: Bench, side: Side) -> None:
    ids = a_conflict(bench)
    done = resolve(bench, side)
    assert done.note.startswith("Title: ")
    assert f"“Of {side.label}” is taken over {side.other.label}'s “Of {side.other.label}”" in (
        done.note
    )
    assert done.note.endswith("the next cycle writes it.")
    (wait,) = bench.waits()
    assert wait.reason.startswith(f"{side.label}'s value is taken")
    assert (wait.decided, str(wait.kore), wait.value) == (side, str(wait.kore), UNSEEN)
    assert [wait.shown(one).text for one in Side] == ["Of Kore", "Of v2"]  # type: ignore[union-attr]
    (line,) = lines(bench, "decided")
    assert line.why == f"a person takes {side.label}'s value"
    bench.sync()
    assert titles(bench, *ids) == (f"Of {side.label}",) * 2


def test_an_empty_value_and_a_long_one_are_told_as_such(bench: Bench) -> None:
    bench.set_policy(conflict=ConflictRule.MANUAL)
    ids = bench.pair(text="old")
    bench.kore.edit(ids[0], text="")
    bench.v2.edit(ids[1], text="word " * 100)
    bench.sync()
    note = resolve(bench, Side.KORE).note
    assert "Kore's value (empty) is taken over v2's “word word" in note
    assert len(note) < 250


def test_a_decision_about_another_value_tells_it_and_where_to_look_again(bench: Bench) -> None:
    ids = a_conflict(bench)
    conflict = the_conflict(bench)
    bench.kore.edit(ids[0], title="Moved")
    bench.sync()
    done = say(bench, RESOLVE, details_of(conflict, Side.V2))
    assert done.outcome is VOID
    assert "Nothing was decided: Kore shows “Moved” by now." in done.note
    assert done.note.endswith(f"task-bridge conflicts show {conflict['id']}")
    assert wait_of(bench, WaitKind.CONFLICT) != "Kore's value is taken; it waits for its write."
    assert lines(bench, "decided") == []


def test_a_value_that_a_person_was_not_shown_is_not_decided_about(bench: Bench) -> None:
    a_conflict(bench)
    details = details_of(the_conflict(bench), Side.KORE)
    del details["v2"]
    done = say(bench, RESOLVE, details)
    assert (done.outcome, "v2 shows “Of v2” by now" in done.note) == (VOID, True)


def test_a_conflict_that_is_not_there_is_named_by_its_number(bench: Bench) -> None:
    done = say(bench, RESOLVE, {"conflict": 4711, "take": "kore"})
    assert (done.outcome, done.note) == (REFUSED, "There is no conflict 4711.")


def test_what_a_rule_writes_already_is_left_to_the_next_cycle(bench: Bench) -> None:
    """Its answer never came: nobody knows yet whether it is settled."""
    ids = bench.pair()
    bench.set_policy(conflict=ConflictRule.KORE)
    bench.kore.edit(ids[0], title="Of Kore")
    bench.v2.edit(ids[1], title="Of v2")
    bench.v2.fail("update", Unreachable("v2", "It hung up.", is_outcome_unknown=True))
    bench.sync()
    (view,) = bench.links()
    with bench.store.begin() as unit:
        (conflict,) = unit.conflicts_of(view.link.id)
    done = say(bench, RESOLVE, {"conflict": conflict["id"], "take": "v2"})
    assert (done.outcome, "does not wait any more" in done.note) == (VOID, True)
    assert lines(bench, "decided") == []


@pytest.mark.parametrize(
    ("direction", "take"), [(Direction.KORE_TO_V2, Side.V2), (Direction.V2_TO_KORE, Side.KORE)]
)
def test_in_one_direction_the_source_is_named_as_who_wins(
    bench: Bench, direction: Direction, take: Side
) -> None:
    a_conflict(bench)
    bench.set_policy(direction=direction)
    done = say(bench, RESOLVE, details_of(the_conflict(bench), take))
    assert (done.outcome, done.note) == (
        REFUSED,
        f"sync.direction lets {take.other.label} win every conflict.",
    )
    done = say(bench, RESOLVE, details_of(the_conflict(bench), take.other))
    assert done.outcome is DONE


def test_a_decision_about_one_field_leaves_what_waits_in_the_others(bench: Bench) -> None:
    bench.set_policy(conflict=ConflictRule.MANUAL)
    ids = bench.pair(text="old")
    bench.kore.edit(ids[0], title="Of Kore", text="of Kore")
    bench.v2.edit(ids[1], title="Of v2", text="of v2")
    bench.sync()
    first, second = open_conflicts(bench)
    say(bench, RESOLVE, details_of(first, Side.KORE))
    assert {wait.field: wait.decided for wait in bench.waits()} == {
        first["field"]: Side.KORE,
        second["field"]: None,
    }
    bench.sync()
    assert [one["field"] for one in open_conflicts(bench)] == [second["field"]]


def test_what_a_side_hides_by_now_is_decided_by_what_it_showed_last(bench: Bench) -> None:
    ids = a_conflict(bench)
    bench.kore.hides = frozenset({Field.TITLE})
    bench.kore.edit(ids[0], priority="High")
    bench.sync(sweeps=False)
    done = resolve(bench, Side.KORE)
    assert (done.outcome, "“Of Kore” is taken over" in done.note) == (DONE, True)


# --- a conflict that is settled ------------------------------------------------------------------


@both_sides
def test_what_is_taken_back_names_its_value_and_where_to_see_what_came_of_it(
    bench: Bench, side: Side
) -> None:
    settled(bench, side.other)
    number = bench.conflicts()[-1]["id"]
    done = take_back(bench, side)
    assert done.note.startswith(f"Title: {side.label}'s value “Of {side.label}” is taken back")
    assert "both sides" in done.note
    assert done.note.endswith(f"task-bridge conflicts show {number}")
    (wait,) = bench.waits(WaitKind.RESTORE)
    assert f"{side.label}'s value “Of {side.label}” that lost conflict {number}" in wait.reason
    assert wait.reason.endswith("is written back.")
    assert [wait.shown(one).text for one in Side] == [f"Of {side.other.label}"] * 2  # type: ignore[union-attr]
    assert wait.side is side.other
    (line,) = lines(bench, "decided")
    assert line.why == f"a person takes {side.label}'s value back"
    bench.settle()
    (line,) = lines(bench, "restored")
    assert (line.side, line.field, line.why) == (side, Field.TITLE, wait.reason)


def test_a_lost_value_that_is_overtaken_by_a_change_says_why(bench: Bench) -> None:
    ids = settled(bench)
    take_back(bench, Side.V2)
    bench.kore.edit(ids[0], title="Later")
    bench.settle()
    (line,) = lines(bench, "restored", "restore dropped")
    assert line.what == "restore dropped"
    assert "changed before the lost value was written back" in line.why


def test_taking_back_twice_waits_once(bench: Bench) -> None:
    settled(bench)
    assert take_back(bench, Side.V2).outcome is DONE
    assert take_back(bench, Side.V2).outcome is DONE
    assert len(bench.waits()) == 1
    bench.settle()
    assert len(lines(bench, "restored")) == 1


def test_why_nothing_is_taken_back_is_told(bench: Bench) -> None:
    ids = settled(bench)
    won = take_back(bench, Side.KORE)
    assert (won.outcome, won.note) == (REFUSED, "Kore's value was taken already.")
    bench.v2.edit(ids[1], title="Later")
    bench.settle()
    moved = take_back(bench, Side.V2)
    assert (moved.outcome, moved.note.startswith("The title was changed since")) == (VOID, True)
    assert bench.waits() == []


def test_what_people_settled_has_no_lost_value(bench: Bench) -> None:
    ids = a_conflict(bench)
    bench.v2.edit(ids[1], title="Of Kore")
    bench.settle()
    done = take_back(bench, Side.V2)
    assert (done.outcome, "People settled it in the services" in done.note) == (REFUSED, True)


@pytest.mark.parametrize(
    ("direction", "label"), [(Direction.KORE_TO_V2, "Kore"), (Direction.V2_TO_KORE, "v2")]
)
def test_in_one_direction_the_side_that_is_not_written_is_named(
    bench: Bench, direction: Direction, label: str
) -> None:
    settled(bench)
    bench.set_policy(direction=direction)
    done = take_back(bench, Side.V2)
    assert done.outcome is REFUSED
    assert done.note == f"sync.direction lets nothing be written to {label}."


def lost_assignee(bench: Bench) -> None:
    """v2's Robin lost against Kore's Ada; either has a counterpart of the same name."""
    ids = bench.pair()
    bench.kore.add("Roof", assignee="Robin")
    bench.v2.add("Door", assignee="Ada")
    bench.settle()
    bench.set_policy(conflict=ConflictRule.KORE)
    bench.kore.edit(ids[0], assignee="Ada")
    bench.v2.edit(ids[1], assignee="Robin")
    bench.settle()
    assert bench.values(Field.ASSIGNEE, *ids) == ("Ada", "Ada")


def test_a_lost_value_that_has_no_counterpart_any_more_is_refused_with_the_reason(
    bench: Bench,
) -> None:
    lost_assignee(bench)
    bench.set_rules(mapping=mapping(people=[("ada", "ada")], matches_names=False))
    done = take_back(bench, Side.V2)
    assert (done.outcome, "Robin" in done.note) == (REFUSED, True)
    bench.set_rules(mapping=mapping(matches_names=False))
    done = take_back(bench, Side.V2)
    assert (done.outcome, done.note) == (REFUSED, "The assignee is not carried.")
    bench.set_rules(mapping=mapping())
    assert take_back(bench, Side.V2).outcome is DONE


def test_a_value_that_was_never_seen_cannot_be_taken_back(bench: Bench) -> None:
    """Kore hid its description, and it was written over by wish."""
    bench.set_policy(conflict=ConflictRule.KORE)
    ids = settled(bench)
    conflict = bench.conflicts()[-1]
    (view,) = bench.links()
    values = {"kore": conflict["kore"], "v2": UNSEEN, "base_kore": None, "base_v2": None}
    with bench.store.begin() as unit:
        unit.save_conflict(
            view.link.id,
            Field.TITLE,
            values,
            rule="kore",
            winner=Side.KORE,
            at=bench.clock.now(),
        )
    done = take_back(bench, Side.V2)
    assert (done.outcome, done.note) == (REFUSED, "The value that v2 had was never seen.")
    assert titles(bench, *ids) == ("Of Kore", "Of Kore")


def test_while_a_lost_value_waits_for_its_write_nothing_is_said_of_it(bench: Bench) -> None:
    ids = settled(bench)
    bench.v2.refuses = lambda request: "description" in request.body.get("values", {})
    bench.kore.edit(ids[0], text="refused")
    bench.settle()
    take_back(bench, Side.V2)
    bench.kore.fail("update", Unreachable("kore", "No route."))
    bench.v2.fail("update", Unreachable("v2", "No route."))
    bench.sync()
    assert lines(bench, "restored", "restore dropped") == []
    assert len(bench.waits(WaitKind.RESTORE)) == 1
    bench.settle()
    assert titles(bench, *ids) == ("Of v2", "Of v2")
    assert [one.what for one in lines(bench, "restored", "restore dropped")] == ["restored"]
    assert [wait.field for wait in bench.waits()] == [Field.DESCRIPTION]


@both_sides
def test_a_change_that_could_not_be_carried_is_a_change_too(bench: Bench, side: Side) -> None:
    ids = settled(bench)
    bench.service(side.other).refuses = lambda request: "title" in request.body.get("values", {})
    bench.service(side).edit(ids[0] if side is Side.KORE else ids[1], title="Later")
    bench.settle()
    assert "Of Kore" in titles(bench, *ids)
    assert take_back(bench, Side.V2).outcome is VOID
    assert bench.waits(WaitKind.RESTORE) == []


def test_what_waits_in_the_field_comes_first(bench: Bench) -> None:
    lost_assignee(bench)
    bench.set_rules(mapping=mapping(people=[("robin", "robin")], matches_names=False))
    bench.settle()
    assert Field.ASSIGNEE in {wait.field for wait in bench.waits(WaitKind.UNMAPPED)}
    assert take_back(bench, Side.V2).outcome is VOID


def test_a_lost_value_of_a_pair_that_is_no_pair_any_more_is_not_taken_back(bench: Bench) -> None:
    first = bench.pair("Ladder")
    ids = settled(bench)
    for kore_id in (first[0], ids[0]):
        remove(bench, kore_id)
    add(bench, first[0], ids[1])
    before = titles(bench, *ids), titles(bench, *first)
    done = take_back(bench, Side.V2)
    assert (done.outcome, "is not known any more" in done.note) == (VOID, True)
    assert (titles(bench, *ids), titles(bench, *first)) == before


def test_a_decision_that_was_carried_out_is_told_once_and_by_no_other_word(bench: Bench) -> None:
    a_conflict(bench)
    resolve(bench, Side.V2)
    bench.settle()
    assert [one.what for one in lines(bench, "decided", "restored", "restore dropped")] == [
        "decided"
    ]


@both_sides
def test_a_change_that_is_still_to_be_carried_is_not_written_over(bench: Bench, side: Side) -> None:
    ids = settled(bench)
    bench.service(side).edit(ids[side is Side.V2], title="Later")
    bench.service(side.other).is_down = True
    bench.sync()
    assert take_back(bench, Side.V2).outcome is VOID
    bench.service(side.other).is_down = False
    bench.settle()
    assert titles(bench, *ids) == ("Later", "Later")


def test_a_lost_value_comes_back_beside_what_waits_in_other_fields(bench: Bench) -> None:
    ids = settled(bench)
    bench.set_policy(conflict=ConflictRule.MANUAL)
    bench.kore.edit(ids[0], text="of Kore")
    bench.v2.edit(ids[1], text="of v2")
    bench.sync()
    (other,) = bench.waits(WaitKind.CONFLICT)
    say(bench, RESOLVE, details_of(bench.conflicts()[0], Side.V2))
    assert [(one.id, one.field) for one in bench.waits(WaitKind.CONFLICT)] == [
        (other.id, Field.DESCRIPTION)
    ]
    assert [one.field for one in bench.waits(WaitKind.RESTORE)] == [Field.TITLE]
    bench.settle()
    assert titles(bench, *ids) == ("Of v2", "Of v2")
    assert bench.waits() == [other]


def test_an_empty_value_that_a_person_was_not_shown_is_not_decided_about(bench: Bench) -> None:
    bench.set_policy(conflict=ConflictRule.MANUAL)
    ids = bench.pair(text="old")
    bench.kore.edit(ids[0], text="of Kore")
    bench.v2.edit(ids[1], text="")
    bench.sync()
    details = details_of(the_conflict(bench), Side.KORE)
    del details["v2"]
    assert say(bench, RESOLVE, details).outcome is VOID
