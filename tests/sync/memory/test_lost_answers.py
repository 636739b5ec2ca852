"""Updates whose answer never came: looked at before anything is sent again, never taken for people.

`applied` says whether the service carried the update out.
"""

from collections.abc import Callable

import pytest

from bridge.domain.link import LinkState
from bridge.domain.operation import OperationState, WriteRequest
from bridge.domain.policy import ConflictRule, Unobserved
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import Observed, status_value, text_value
from bridge.domain.wordtable import Default, WordRow
from bridge.errors import Refused, Unreachable
from tests.sync.memory.bench import Bench, mapping
from tests.sync.memory.services import APP

both_sides = pytest.mark.parametrize("side", list(Side))
either_way = pytest.mark.parametrize("applied", [True, False])


def lost(side: Side) -> Unreachable:
    return Unreachable(side, "no answer", is_outcome_unknown=True)


def lose(bench: Bench, side: Side, *, applied: bool) -> None:
    """The answer of the next update is lost, and with it the rest of that cycle."""
    bench.service(side).fail("update", lost(side), applied=applied)
    bench.service(side).fail("page:ask", Unreachable(side, "still gone"))


def open_states(bench: Bench) -> list[OperationState]:
    with bench.store.begin() as unit:
        return [one.state for one in unit.open_operations()]


def titles(bench: Bench, kore_id: str, v2_id: str) -> tuple[str | None, str | None]:
    return bench.values(Field.TITLE, kore_id, v2_id)


def ids_by_side(kore_id: str, v2_id: str) -> dict[Side, str]:
    return {Side.KORE: kore_id, Side.V2: v2_id}


@both_sides
@either_way
def test_it_stays_open_until_its_side_was_looked_at(
    bench: Bench, side: Side, applied: bool
) -> None:
    ids = ids_by_side(*bench.pair())
    bench.service(side.other).edit(ids[side.other], title="New")
    lose(bench, side, applied=applied)
    bench.sync()
    assert open_states(bench) == [OperationState.SENT]
    bench.service(side).fail("page", Unreachable(side, "still gone"), times=9)
    bench.sync()
    assert open_states(bench) == [OperationState.SENT]
    bench.service(side).faults.clear()
    bench.settle()
    assert open_states(bench) == []
    assert titles(bench, ids[Side.KORE], ids[Side.V2]) == ("New", "New")
    assert bench.conflicts() == []


@both_sides
def test_what_arrived_is_not_sent_again(bench: Bench, side: Side) -> None:
    ids = ids_by_side(*bench.pair())
    bench.service(side.other).edit(ids[side.other], title="New")
    lose(bench, side, applied=True)
    bench.sync()
    bench.service(side).forget_calls()
    bench.settle()
    assert bench.service(side).writes == []


@both_sides
def test_an_edit_made_meanwhile_wins_over_our_own_update_that_arrived(
    bench: Bench, side: Side
) -> None:
    """Else our own write would be taken for a person's, newer than the edit."""
    bench.set_policy(conflict=ConflictRule(side.value))
    ids = ids_by_side(*bench.pair())
    bench.service(side.other).edit(ids[side.other], title="First")
    lose(bench, side, applied=True)
    bench.sync()
    bench.service(side.other).edit(ids[side.other], title="Second")
    bench.settle()
    assert titles(bench, ids[Side.KORE], ids[Side.V2]) == ("Second", "Second")
    assert bench.conflicts() == []


def cut(name: Field, value: Observed) -> Observed:
    return text_value(value.text[:3]) if name is Field.TITLE and value else value


def spelt_anew(name: Field, value: Observed) -> Observed:
    return text_value(value.text.upper()) if name is Field.TITLE and value else value


@both_sides
@pytest.mark.parametrize("alter", [cut, spelt_anew])
def test_what_the_service_made_of_it_is_never_carried_back(
    bench: Bench, side: Side, alter: Callable[[Field, Observed], Observed]
) -> None:
    ids = ids_by_side(*bench.pair())
    bench.service(side).alters = alter
    bench.kore.words.append(bench.v2.words[0])
    bench.service(side.other).edit(ids[side.other], title="New boiler")
    lose(bench, side, applied=True)
    bench.sync()
    own_side = alter is cut or bool(bench.desk.vocabulary.self_ids(side))
    bench.settle()
    if own_side:
        assert bench.service(side.other).value(ids[side.other], Field.TITLE) == "New boiler"
        assert bench.conflicts() == []


@both_sides
def test_an_edit_of_a_person_on_the_side_that_was_written_is_a_conflict_with_both_values_kept(
    bench: Bench, side: Side
) -> None:
    ids = ids_by_side(*bench.pair())
    bench.service(side.other).edit(ids[side.other], title="Ours")
    lose(bench, side, applied=False)
    bench.sync()
    bench.service(side).edit(ids[side], title="Theirs")
    bench.settle()
    assert titles(bench, ids[Side.KORE], ids[Side.V2]) == ("Theirs", "Theirs")
    (kept,) = bench.conflicts()
    assert kept[side.other].text == "Ours"


@either_way
def test_an_update_of_ours_that_was_not_answered_is_no_persons_change(
    bench: Bench, applied: bool
) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="New", status=status_value("Paused", "onhold"))
    lose(bench, Side.V2, applied=applied)
    bench.sync()
    bench.settle()
    rows = (WordRow("Paused", "in_review", Default.BOTH),)
    bench.set_rules(mapping=mapping(status=rows))
    bench.settle()
    assert bench.values(Field.STATUS, kore_id, v2_id) == ("Paused", "in_review")


@both_sides
def test_a_late_echo_of_a_value_that_was_replaced_is_written_over(bench: Bench, side: Side) -> None:
    ids = ids_by_side(*bench.pair())
    late: list[WriteRequest] = []
    bench.service(side.other).edit(ids[side.other], title="First")
    bench.service(side).on_send = late.append
    lose(bench, side, applied=False)
    bench.sync()
    bench.service(side).on_send = None
    bench.service(side.other).edit(ids[side.other], title="Second")
    bench.settle()
    assert titles(bench, ids[Side.KORE], ids[Side.V2]) == ("Second", "Second")
    bench.service(side).send(late[0])
    bench.settle()
    assert titles(bench, ids[Side.KORE], ids[Side.V2]) == ("Second", "Second")
    assert bench.conflicts() == []


def test_a_late_echo_of_what_another_table_translates_otherwise_by_now_is_written_over(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, status=status_value("Paused", "onhold"))
    lose(bench, Side.V2, applied=False)
    bench.sync()
    bench.settle()
    assert bench.values(Field.STATUS, kore_id, v2_id) == ("Paused", "open")
    bench.set_rules(mapping=mapping(status=(WordRow("Paused", "in_review", Default.BOTH),)))
    bench.settle()
    bench.v2.edit(v2_id, author=APP, status="open")
    bench.settle()
    assert bench.values(Field.STATUS, kore_id, v2_id) == ("Paused", "in_review")


@both_sides
def test_a_person_who_goes_back_to_a_value_of_ours_is_heard(bench: Bench, side: Side) -> None:
    ids = ids_by_side(*bench.pair())
    bench.service(side.other).edit(ids[side.other], title="First")
    lose(bench, side, applied=False)
    bench.sync()
    bench.service(side.other).edit(ids[side.other], title="Second")
    bench.settle()
    bench.service(side).edit(ids[side], title="First")
    bench.settle()
    assert titles(bench, ids[Side.KORE], ids[Side.V2]) == ("First", "First")


@either_way
def test_a_fault_at_one_update_alone_is_looked_into_in_the_next_cycle(
    bench: Bench, applied: bool
) -> None:
    kore_id, v2_id = bench.pair()
    other_id, other_v2 = bench.pair("Ladder")
    bench.kore.edit(kore_id, title="New")
    bench.kore.edit(other_id, title="Longer ladder")
    bench.v2.fail("update", lost(Side.V2), applied=applied)
    bench.sync()
    bench.settle()
    assert titles(bench, kore_id, v2_id) == ("New", "New")
    assert titles(bench, other_id, other_v2) == ("Longer ladder", "Longer ladder")
    assert open_states(bench) == []
    assert bench.waits() == []


@either_way
def test_where_kore_hides_what_was_written_a_probe_tells(bench: Bench, applied: bool) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    kore_id, v2_id = bench.pair(text="Old")
    bench.settle()
    bench.v2.edit(v2_id, text="New")
    lose(bench, Side.KORE, applied=applied)
    bench.sync()
    bench.settle()
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("New", "New")
    assert open_states(bench) == []
    assert bench.conflicts() == []


def test_a_read_that_fails_after_a_write_leaves_it_to_the_next_cycle(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.v2.alters = cut
    bench.kore.edit(kore_id, title="New boiler")
    reads = iter([None, Unreachable(Side.V2, "gone")])
    read = bench.v2.read

    def failing(task_id: str) -> object:
        error = next(reads, None)
        if error is not None:
            raise error
        return read(task_id)  # type: ignore[arg-type]

    bench.v2.read = failing  # type: ignore[method-assign,assignment]
    bench.sync()
    bench.v2.read = read  # type: ignore[method-assign]
    bench.settle()
    assert titles(bench, kore_id, v2_id) == ("New boiler", "New")
    assert bench.conflicts() == []
    assert open_states(bench) == []


@both_sides
@either_way
def test_a_create_whose_answer_is_lost_in_an_outage_is_not_taken_for_refused(
    bench: Bench, side: Side, applied: bool
) -> None:
    """The list call that follows it fails as well: that says nothing of the create."""
    bench.sync()
    bench.service(side).fail("create", lost(side), applied=applied)
    bench.service(side).fail("page:ask", Unreachable(side, "still gone"), times=9)
    bench.service(side.other).add("Ladder")
    bench.sync()
    assert open_states(bench) == [OperationState.SENT]
    bench.service(side).faults.clear()
    bench.clock.pass_time(200)
    bench.settle(most=8)
    assert len(bench.service(side).records) == 1
    assert [view.link.state for view in bench.links()] == [LinkState.LINKED]


@both_sides
def test_a_lost_step_of_a_refused_update_does_not_stay_open_once_a_later_one_was_answered(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair("Boiler", side.other, text="words")
    mine = kore_id if side is Side.V2 else v2_id
    high = "High" if side is Side.V2 else "high"
    bench.service(side.other).edit(mine, title="A", text="B", priority=high)
    updates: list[WriteRequest] = []

    def answer(request: WriteRequest) -> None:
        updates.append(request)
        if "priority" in request.body["values"]:
            raise Refused(side, "That is refused.", status=400)
        if len(updates) == 2:
            raise Unreachable(side, "no answer", is_outcome_unknown=True)

    bench.service(side).on_send = answer
    for _ in range(3):
        bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("A", "A")
    with bench.store.begin() as unit:
        assert unit.open_operations() == []
    (left,) = bench.waits()
    assert left.field is Field.PRIORITY


def test_a_status_that_was_ignored_while_a_title_was_taken_and_no_answer_came_is_not_agreed(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair("Boiler")
    bench.v2.completes_by_patch = False
    bench.v2.edit(v2_id, status="cancelled")
    bench.clock.pass_time(10)
    bench.kore.edit(kore_id, status="Resolved", title="Boiler, mended")
    bench.v2.fail(
        "update", Unreachable(Side.V2, "no answer", is_outcome_unknown=True), applied=True
    )
    for _ in range(3):
        bench.sync()
    assert bench.v2.value(v2_id, Field.TITLE) == "Boiler, mended"
    assert bench.v2.value(v2_id, Field.STATUS) == "completed"


def test_a_value_that_lost_by_an_update_seen_late_is_kept(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.v2.rows_late_seconds = 60.0
    bench.v2.edit(v2_id, title="Roof")
    bench.clock.pass_time(61)
    bench.kore.edit(kore_id, title="Door")
    lose(bench, Side.V2, applied=True)
    for _ in range(6):
        bench.sync()
    assert titles(bench, kore_id, v2_id) == ("Door", "Door")
    assert [row["v2"].text for row in bench.conflicts()] == ["Roof"]


@either_way
def test_a_record_that_cannot_be_read_tells_nothing_of_an_update_to_it(
    bench: Bench, applied: bool
) -> None:
    bench.set_policy(conflict=ConflictRule.KORE)
    kore_id, v2_id = bench.pair()
    bench.v2.edit(v2_id, due="2027-02-03T10:30:00.000Z")
    bench.clock.pass_time(10)
    bench.kore.edit(kore_id, due="2027-01-01T00:00:00.000Z")
    lose(bench, Side.V2, applied=applied)
    bench.sync()
    bench.v2.unreadable.add(v2_id)
    bench.v2.edit(v2_id, title="By a person")
    bench.clock.pass_time(200)
    bench.sync(sweeps=False)
    assert open_states(bench) == [OperationState.SENT]
    bench.v2.unreadable.clear()
    bench.settle()
    assert bench.values(Field.DUE, kore_id, v2_id) == ("2027-01-01T00:00:00.000Z",) * 2
    assert titles(bench, kore_id, v2_id) == ("By a person",) * 2
    assert [row["v2"].text for row in bench.conflicts()] == ["2027-02-03T10:30:00.000Z"]
    assert open_states(bench) == []


# --- the value that a lost write may have replaced ------------------------------------------------


def lost_values(bench: Bench) -> list[tuple[str | None, str | None]]:
    """Both values of each conflict that is settled, oldest first."""
    with bench.store.begin() as unit:
        return [(one["kore"].text, one["v2"].text) for one in unit.conflicts(is_settled=True)]


@pytest.mark.parametrize("is_applied", [True, False])
@pytest.mark.parametrize("winner", [Side.KORE, Side.V2])
def test_a_value_that_a_lost_write_may_have_replaced_is_kept_whatever_people_wrote_over_it(
    bench: Bench, winner: Side, is_applied: bool
) -> None:
    bench.set_policy(conflict=ConflictRule(str(winner)))
    ids = dict(zip(SIDES, bench.pair("Boiler"), strict=True))
    bench.settle()
    bench.service(winner).edit(ids[winner], title="of the winner")
    bench.service(winner.other).edit(ids[winner.other], title="of the loser")
    lose(bench, winner.other, applied=is_applied)
    bench.sync()
    bench.service(winner.other).edit(ids[winner.other], title="later")
    bench.clock.pass_time(400)
    bench.settle()
    both = [("of the winner", "of the loser"), ("of the winner", "later")]
    assert lost_values(bench) == [one if winner is Side.KORE else one[::-1] for one in both]
    assert bench.values(Field.TITLE, *ids.values()) == ("of the winner", "of the winner")


@pytest.mark.parametrize("is_applied", [True, False])
def test_a_value_that_is_still_shown_or_was_replaced_by_what_was_sent_is_kept_once(
    bench: Bench, is_applied: bool
) -> None:
    bench.set_policy(conflict=ConflictRule.KORE)
    kore_id, v2_id = bench.pair("Boiler")
    bench.settle()
    bench.kore.edit(kore_id, title="of Kore")
    bench.v2.edit(v2_id, title="of v2")
    lose(bench, Side.V2, applied=is_applied)
    bench.sync()
    bench.clock.pass_time(400)
    bench.settle()
    assert lost_values(bench) == [("of Kore", "of v2")]


def test_nothing_is_told_of_a_value_that_a_lost_write_may_have_replaced_while_it_is_hidden(
    bench: Bench,
) -> None:
    bench.set_policy(conflict=ConflictRule.V2, unobserved=Unobserved.PROBE)
    kore_id, v2_id = bench.pair("Boiler", text="Words")
    bench.settle()
    bench.kore.edit(kore_id, text="of Kore")
    bench.v2.edit(v2_id, text="of v2")
    lose(bench, Side.KORE, applied=False)
    bench.sync()
    bench.kore.hides, bench.kore.probes_taken = frozenset({Field.DESCRIPTION}), frozenset()
    bench.kore.edit(kore_id, priority="Low")
    bench.sync()
    assert lost_values(bench) == []
