"""Changes of linked pairs: carried, merged, decided, held, and never written twice."""

from dataclasses import replace

import pytest

from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.operation import Outcome as Result
from bridge.domain.policy import ConflictRule, Direction, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.values import Value, person_value, status_value
from bridge.domain.vocabulary import Word, WordKind
from bridge.domain.wordtable import WordRow
from bridge.errors import NotYet, Unreachable
from tests.sync.memory.bench import Bench, mapping

both_sides = pytest.mark.parametrize("side", list(Side))
KORE_STATUSES = ("Open", "In Progress", "On Hold", "Resolved", "Closed")
V2_STATUSES = ("new", "open", "in_progress", "in_review", "completed", "cancelled")
HIDDEN = frozenset({Field.DESCRIPTION, Field.DUE})


def text_of(shown: object) -> str | None:
    return shown.text if isinstance(shown, Value) else None


# --- agreement -----------------------------------------------------------------------------------


def test_a_change_of_many_fields_on_both_sides_is_one_update_a_side(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(text="old")
    bench.forget_calls()
    bench.kore.edit(kore_id, title="By an agent", status="In Progress")
    bench.v2.edit(v2_id, text="From the field", priority="high")
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("By an agent", "By an agent")
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("From the field", "From the field")
    assert bench.values(Field.STATUS, kore_id, v2_id) == ("In Progress", "in_progress")
    assert bench.values(Field.PRIORITY, kore_id, v2_id) == ("High", "high")
    assert [write.call for write in bench.kore.writes] == ["update"]
    assert [write.call for write in bench.v2.writes] == ["update"]
    bench.sync()
    assert bench.reports == []


def test_every_pair_of_statuses_comes_to_rest_with_one_write_at_most(bench: Bench) -> None:
    pairs = {}
    wanted = [(kore, v2) for kore in KORE_STATUSES for v2 in V2_STATUSES]
    for one in wanted:
        pairs[one] = bench.kore.add(f"{one}")
    bench.settle()
    linked = {one: (kore_id, bench.across(Side.KORE, kore_id)) for one, kore_id in pairs.items()}
    for (kore, v2), (kore_id, v2_id) in linked.items():
        bench.kore.edit(kore_id, status=kore)
        bench.v2.edit(v2_id, status=v2)
    bench.forget_calls()
    for _ in range(4):
        bench.sync()
    assert bench.reports == []
    relation = bench.desk.agreement.of(Field.STATUS)
    for one, (kore_id, v2_id) in linked.items():
        kore_value = bench.kore.records[kore_id].fields[Field.STATUS]
        v2_value = bench.v2.records[v2_id].fields[Field.STATUS]
        assert relation.agrees(kore_value, v2_value), one
        writes = [
            w for w in (*bench.kore.writes, *bench.v2.writes) if w.task_id in (kore_id, v2_id)
        ]
        agreed = relation.agrees(
            status_value(one[0], one[0].lower().replace(" ", "")), status_value(one[1])
        )
        assert len(writes) == (0 if agreed else 1), one


def test_a_value_that_agrees_already_is_absorbed_without_a_write(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.kore.edit(kore_id, status="On Hold")
    bench.sync()
    bench.v2.forget_calls()
    bench.kore.edit(kore_id, status="Open")
    bench.settle()
    assert bench.v2.writes == []


@both_sides
def test_a_title_that_the_service_trims_is_noted_and_never_carried_back(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair()
    target = bench.service(side)
    target.alters = lambda name, value: (
        Value(value.key[:5], value.text[:5]) if name is Field.TITLE and value else value
    )
    mine = kore_id if side is Side.V2 else v2_id
    bench.service(side.other).edit(mine, title="A rather long title")
    bench.settle()
    other = v2_id if side is Side.V2 else kore_id
    assert target.value(other, Field.TITLE) == "A rat"
    assert bench.service(side.other).value(mine, Field.TITLE) == "A rather long title"
    assert bench.heard.of("altered")
    assert bench.waits() == []


# --- unmapped ------------------------------------------------------------------------------------


@both_sides
def test_a_value_without_a_counterpart_waits_with_both_values_and_clears_when_mapped(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair()
    mine = kore_id if side is Side.KORE else v2_id
    odd = status_value("Parked", "parked") if side is Side.KORE else status_value("paused")
    bench.service(side).edit(mine, status=odd, title="Carried all the same")
    bench.sync()
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.UNMAPPED, Field.STATUS)
    assert {text_of(wait.kore), text_of(wait.v2)} >= {odd.text}
    assert wait.kore
    assert wait.v2
    assert bench.values(Field.TITLE, kore_id, v2_id)[0] == "Carried all the same"
    assert bench.values(Field.TITLE, kore_id, v2_id)[1] == "Carried all the same"
    row = WordRow("Parked", "in_progress") if side is Side.KORE else WordRow("On Hold", "paused")
    del row
    bench.service(side).edit(mine, status="In Progress" if side is Side.KORE else "in_progress")
    bench.settle()
    assert bench.waits() == []
    assert bench.values(Field.STATUS, kore_id, v2_id) == ("In Progress", "in_progress")


def test_a_mapping_that_is_added_wakes_what_waited_for_it(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, status=status_value("Parked", "parked"))
    bench.sync()
    assert [wait.kind for wait in bench.waits()] == [WaitKind.UNMAPPED]
    from bridge.domain.wordtable import Default

    bench.set_rules(mapping=mapping(status=[WordRow("Parked", "in_review", Default.TO_V2)]))
    bench.sync()
    assert bench.v2.value(v2_id, Field.STATUS) == "in_review"
    assert bench.waits() == []


def test_a_person_that_turns_up_later_wakes_what_waited_for_them(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, assignee="Robin")
    bench.sync()
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.UNMAPPED, Field.ASSIGNEE)
    assert bench.v2.value(v2_id, Field.ASSIGNEE) is None
    bench.v2.words.append(Word(Side.V2, WordKind.PERSON, "u-robin", "Robin"))
    bench.sync(is_full=True)
    assert bench.v2.value(v2_id, Field.ASSIGNEE) == "Robin"
    assert bench.waits() == []


def test_an_unmapped_assignee_of_a_new_task_does_not_stop_its_create(bench: Bench) -> None:
    kore_id = bench.kore.add("Boiler", assignee="Robin")
    bench.settle()
    assert bench.is_linked(Side.KORE, kore_id)
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.UNMAPPED, Field.ASSIGNEE)
    assert text_of(wait.kore) == "Robin"
    assert wait.v2 is None


def test_a_queue_agrees_with_nobody_and_a_person_takes_the_task_from_it(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(queue="First line")
    assert bench.v2.value(v2_id, Field.ASSIGNEE) is None
    assert bench.waits() == []
    bench.kore.words.append(Word(Side.KORE, WordKind.PERSON, "a-robin", "Robin"))
    bench.sync(is_full=True)
    bench.v2.edit(v2_id, assignee="Robin")
    bench.settle()
    assert bench.kore.value(kore_id, Field.ASSIGNEE) == "Robin"


def test_a_task_is_not_taken_from_its_queue_where_that_is_switched_off(bench: Bench) -> None:
    bench.set_rules(mapping=mapping(takes_from_queue=False))
    bench.kore.words.append(Word(Side.KORE, WordKind.PERSON, "a-robin", "Robin"))
    kore_id, v2_id = bench.pair(queue="First line")
    bench.v2.edit(v2_id, assignee="Robin")
    bench.settle()
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.HELD, Field.ASSIGNEE)
    assert bench.kore.value(kore_id, Field.ASSIGNEE) == "First line"
    bench.kore.edit(kore_id, assignee=None)
    bench.settle()
    assert bench.waits() == []


def test_assignees_count_nowhere_without_a_table_and_without_names(bench: Bench) -> None:
    bench.set_rules(mapping=mapping(matches_names=False))
    kore_id, _ = bench.pair(assignee="Robin")
    bench.v2.edit(bench.across(Side.KORE, kore_id), assignee="Kim")
    bench.settle()
    assert bench.waits() == []
    assert bench.kore.value(kore_id, Field.ASSIGNEE) == "Robin"


def test_a_people_table_names_who_is_who(bench: Bench) -> None:
    bench.set_rules(mapping=mapping(matches_names=False, people=[("robin", "u-7")]))
    kore_id, v2_id = bench.pair(assignee="Robin")
    assert bench.v2.records[v2_id].fields[Field.ASSIGNEE] == person_value("u-7", "Robin")
    assert bench.kore.value(kore_id, Field.ASSIGNEE) == "Robin"


# --- hidden fields -------------------------------------------------------------------------------


def hidden_pair(bench: Bench, unobserved: Unobserved) -> tuple[str, str]:
    """A pair whose Kore row hides description and due date, and a change of both from v2."""
    kore_id, v2_id = bench.pair(text="old", due="2027-01-01T00:00:00.000Z")
    bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=unobserved)
    bench.kore.edit(kore_id, title="Moved, so that the row hides what it showed")
    bench.settle()
    bench.v2.edit(v2_id, text="From the field")
    bench.forget_calls()
    bench.sync()
    return kore_id, v2_id


def test_a_hidden_field_with_a_change_from_v2_waits_where_it_is_on_hold(bench: Bench) -> None:
    kore_id, _ = hidden_pair(bench, Unobserved.HOLD)
    assert bench.kore.value(kore_id, Field.DESCRIPTION) == "old"
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.HELD, Field.DESCRIPTION)
    assert text_of(wait.v2) == "From the field"
    bench.sync()
    assert bench.reports == []


def test_a_hidden_field_is_written_over_its_last_known_value_where_that_is_wanted(
    bench: Bench,
) -> None:
    kore_id, _ = hidden_pair(bench, Unobserved.WRITE)
    assert bench.kore.value(kore_id, Field.DESCRIPTION) == "From the field"
    assert "probe" not in bench.kore.calls
    assert bench.waits() == []


def test_a_hidden_field_is_probed_before_it_is_written(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(text="old")
    bench.kore.hides = HIDDEN
    bench.kore.edit(kore_id, title="Moved")
    bench.settle()
    bench.forget_calls()
    bench.kore.edit(kore_id, text="Changed by an agent, unseen")
    bench.sync()
    assert bench.v2.value(v2_id, Field.DESCRIPTION) == "Changed by an agent, unseen"
    assert bench.kore.calls.count("probe") == 1
    bench.forget_calls()
    bench.sync()
    assert bench.kore.calls == ["page:poll"]


def test_absent_is_never_read_as_empty(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(text="kept", due="2027-01-01T00:00:00.000Z")
    bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.kore.edit(kore_id, title="Moved")
    bench.settle()
    assert bench.v2.value(v2_id, Field.DESCRIPTION) == "kept"
    assert bench.v2.value(v2_id, Field.DUE) == "2027-01-01T00:00:00.000Z"


# --- closed cases --------------------------------------------------------------------------------


def test_a_change_in_a_closed_case_waits_and_goes_out_when_the_case_is_open_again(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="From the field")
    bench.sync()
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.CASE_CLOSED, Field.TITLE)
    assert text_of(wait.v2) == "From the field"
    bench.sync()
    assert bench.reports == []
    bench.sync(is_full=True)
    assert bench.reports == []
    assert [one.kind for one in bench.waits()] == [WaitKind.CASE_CLOSED]
    bench.kore.add_case(is_closed=False)
    bench.sync(is_full=True)
    assert bench.kore.value(kore_id, Field.TITLE) == "From the field"
    assert bench.waits() == []


@pytest.mark.parametrize("status", [400, 403, 409])
def test_a_closed_case_is_known_by_any_refusal(bench: Bench, status: int) -> None:
    _, v2_id = bench.pair()
    bench.kore.refused_status = status
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="From the field", text="two fields")
    bench.sync()
    assert {one.kind for one in bench.waits()} == {WaitKind.CASE_CLOSED}
    assert {one.field for one in bench.waits()} == {Field.TITLE, Field.DESCRIPTION}


def test_a_later_value_takes_the_place_of_the_one_that_waits_for_the_case(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="First")
    bench.sync()
    bench.v2.edit(v2_id, title="Second", text="and more")
    bench.sync()
    bench.sync()
    shown = {wait.field: text_of(wait.v2) for wait in bench.waits()}
    assert shown == {Field.TITLE: "Second", Field.DESCRIPTION: "and more"}
    bench.kore.add_case()
    bench.sync(is_full=True)
    assert bench.kore.value(kore_id, Field.TITLE) == "Second"
    assert bench.kore.value(kore_id, Field.DESCRIPTION) == "and more"


def test_while_kore_cannot_be_asked_a_change_goes_on_waiting_for_its_case(bench: Bench) -> None:
    _, v2_id = bench.pair()
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="From the field")
    bench.sync()
    bench.v2.edit(v2_id, text="more")
    bench.kore.fail("*", Unreachable("kore", "gone"), times=9)
    bench.sync()
    assert Field.TITLE in {wait.field for wait in bench.waits(WaitKind.CASE_CLOSED)}


def test_a_refused_change_waits_while_nobody_can_tell_whether_its_case_is_closed(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="From the field", text="two fields")
    bench.kore.fail("find_case", Unreachable("kore", "A bad gateway."), times=2)
    for _ in range(2):
        bench.sync(is_full=True)
        assert {wait.kind for wait in bench.waits()} == {WaitKind.CASE_CLOSED}
        bench.forget_calls()
    bench.sync(is_full=True)
    assert bench.kore.writes == [], "it is not sent again until the case is known"
    bench.kore.add_case(is_closed=False)
    bench.sync(is_full=True)
    assert bench.kore.value(kore_id, Field.TITLE) == "From the field"
    assert bench.kore.value(kore_id, Field.DESCRIPTION) == "two fields"
    assert bench.waits() == []


# --- conflicts and directions --------------------------------------------------------------------


@pytest.mark.parametrize("rule", [ConflictRule.NEWEST, ConflictRule.KORE, ConflictRule.V2])
@both_sides
def test_a_conflict_is_decided_by_its_rule_kept_and_counted(
    bench: Bench, rule: ConflictRule, side: Side
) -> None:
    bench.set_policy(conflict=rule)
    kore_id, v2_id = bench.pair()
    first, last = (kore_id, v2_id) if side is Side.V2 else (v2_id, kore_id)
    bench.service(side.other).edit(first, title=f"Of {side.other}")
    bench.clock.pass_time(60)
    bench.service(side).edit(last, title=f"Of {side}")
    bench.sync()
    winner = side if rule is ConflictRule.NEWEST else Side(str(rule))
    assert bench.values(Field.TITLE, kore_id, v2_id) == (f"Of {winner}",) * 2
    (kept,) = bench.conflicts()
    assert f"Of {winner.other}" in str(kept)
    assert bench.desk.tally.conflicts_decided == 1
    bench.sync()
    assert bench.reports == []


@both_sides
def test_within_the_tolerance_the_tie_rule_decides(bench: Bench, side: Side) -> None:
    bench.set_policy(tie=side)
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="Of kore")
    bench.v2.edit(v2_id, title="Of v2")
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == (f"Of {side}",) * 2


def test_the_skew_of_the_clocks_does_not_decide_a_conflict(bench: Bench) -> None:
    from datetime import timedelta

    bench.v2.skew = timedelta(minutes=10)
    kore_id, v2_id = bench.pair()
    bench.v2.edit(v2_id, title="Older, by a fast clock")
    bench.clock.pass_time(60)
    bench.kore.edit(kore_id, title="Newer")
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Newer", "Newer")


def test_a_rule_for_one_field_does_not_decide_the_others(bench: Bench) -> None:
    bench.set_policy(conflict=ConflictRule.KORE, conflict_fields={Field.TITLE: ConflictRule.V2})
    kore_id, v2_id = bench.pair(text="old")
    bench.kore.edit(kore_id, title="Of kore", text="of kore")
    bench.v2.edit(v2_id, title="Of v2", text="of v2")
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Of v2", "Of v2")
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("of kore", "of kore")
    assert len(bench.conflicts()) == 2


def test_a_conflict_whose_write_is_ignored_is_not_told_as_decided(bench: Bench) -> None:
    bench.set_policy(conflict=ConflictRule.KORE)
    kore_id, v2_id = bench.pair()
    bench.v2.ignores = {Field.TITLE}
    bench.kore.edit(kore_id, title="Of kore")
    bench.v2.edit(v2_id, title="Of v2")
    bench.sync()
    assert bench.conflicts() == []
    assert [wait.kind for wait in bench.waits()] == [WaitKind.FAILED]


@pytest.mark.parametrize("direction", [Direction.KORE_TO_V2, Direction.V2_TO_KORE])
def test_in_one_direction_the_source_wins_and_the_target_alone_is_drift(
    bench: Bench, direction: Direction
) -> None:
    source = direction.source
    assert source is not None
    kore_id, v2_id = bench.pair(text="old")
    bench.set_policy(direction=direction)
    ids = {Side.KORE: kore_id, Side.V2: v2_id}
    target = bench.service(source.other)
    target.edit(ids[source.other], title="Of the target")
    bench.forget_calls()
    bench.settle()
    assert bench.service(source).writes == []
    assert target.value(ids[source.other], Field.TITLE) == "Of the target"
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.DRIFT, Field.TITLE)
    bench.service(source).edit(ids[source], title="Of the source")
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Of the source", "Of the source")
    assert bench.waits() == []
    lone = target.add("New in the target")
    bench.settle()
    assert not bench.is_linked(source.other, lone)
    assert bench.known(source.other, lone).standing == "out_of_scope"


def test_a_direction_that_is_opened_again_carries_the_drift(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.set_policy(direction=Direction.KORE_TO_V2)
    bench.v2.edit(v2_id, title="Of the target")
    bench.settle()
    bench.set_policy(direction=Direction.BOTH)
    bench.settle()
    assert bench.kore.value(kore_id, Field.TITLE) == "Of the target"
    assert bench.waits() == []


# --- two writers ---------------------------------------------------------------------------------


def test_a_v2_task_edited_between_poll_and_write_is_merged_again(bench: Bench) -> None:
    bench.set_policy(conflict=ConflictRule.NEWEST)
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="By an agent")
    bench.clock.pass_time(60)

    def meanwhile(order: object, offset: int) -> None:
        bench.v2.on_page = None
        bench.v2.edit(v2_id, title="Newer, from the field")

    bench.v2.on_page = meanwhile
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Newer, from the field",) * 2
    assert Result.DROPPED in {one.outcome for one in bench.reports}
    assert len(bench.conflicts()) == 1


def test_another_field_edited_between_poll_and_write_is_carried_too(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="By an agent")

    def meanwhile(order: object, offset: int) -> None:
        bench.v2.on_page = None
        bench.v2.edit(v2_id, text="From the field")

    bench.v2.on_page = meanwhile
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("By an agent",) * 2
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("From the field",) * 2


def test_a_person_who_edits_in_the_same_second_as_our_write_is_not_swallowed(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair(text="old")
    bench.kore.edit(kore_id, title="By an agent")
    sent: list[str] = []

    def right_after(request: object) -> None:
        sent.append("update")

    bench.v2.on_send = right_after
    read = bench.v2.read

    def read_after_a_person(task_id: object) -> object:
        if sent:
            sent.clear()
            bench.v2.edit(v2_id, text="By a person, at once")
        return read(v2_id)

    bench.v2.read = read_after_a_person  # type: ignore[method-assign,assignment]
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("By an agent",) * 2
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("By a person, at once",) * 2


def test_updates_of_both_sides_of_many_links_at_once_leave_all_in_step(bench: Bench) -> None:
    bench.set_rules(workers=4)
    for number in range(12):
        bench.kore.add(f"Task {number}", text="old")
    bench.settle()
    links = [(view.link.kore_id, view.link.v2_id) for view in bench.links()]
    for kore_id, v2_id in links:
        assert kore_id
        assert v2_id
        bench.kore.edit(kore_id, title=f"New {kore_id}")
        bench.v2.edit(v2_id, text=f"text {v2_id}")
    bench.sync()
    for kore_id, v2_id in links:
        assert kore_id
        assert v2_id
        assert bench.values(Field.TITLE, kore_id, v2_id) == (f"New {kore_id}",) * 2
        assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == (f"text {v2_id}",) * 2
    bench.sync()
    assert bench.reports == []


# --- what the answer tells -----------------------------------------------------------------------


@both_sides
def test_a_write_whose_result_cannot_be_seen_is_never_carried_back(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair()
    bench.service(side).update_answer = "id"
    mine = kore_id if side is Side.V2 else v2_id
    if side is Side.V2:

        def fail_the_read(request: object) -> None:
            bench.v2.on_send = None
            bench.v2.fail("read", Unreachable("v2", "gone"))

        bench.v2.on_send = fail_the_read
    bench.service(side.other).edit(mine, title="New")
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")
    bench.forget_calls()
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")
    assert [*bench.kore.writes, *bench.v2.writes] == []


def test_a_completion_that_a_patch_ignores_is_asked_for_by_the_call_of_its_own(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    bench.v2.completes_by_patch = False
    bench.kore.edit(kore_id, status="Resolved")
    bench.settle()
    assert bench.v2.value(v2_id, Field.STATUS) == "completed"
    assert bench.v2.calls.count("complete") == 1
    assert bench.waits() == []


def test_a_completion_that_is_refused_is_a_failure(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.v2.completes_by_patch = False
    bench.v2.refuses = lambda request: request.call == "complete"
    bench.kore.edit(kore_id, status="Resolved")
    bench.sync()
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.FAILED, Field.STATUS)


@pytest.mark.parametrize("call", ["complete", "update"])
def test_a_fault_behind_the_first_step_is_of_that_task_alone_and_the_rest_follows(
    bench: Bench, call: str
) -> None:
    kore_id, v2_id = bench.pair(due="2027-01-01T00:00:00.000Z")
    error = Unreachable("v2", "gone", is_outcome_unknown=True)
    if call == "complete":
        bench.v2.completes_by_patch = False
        bench.v2.fail("complete", error)
        bench.kore.edit(kore_id, status="Resolved")
    else:
        bench.v2.forms, bench.v2.taken_form = 2, 1
        bench.kore.edit(kore_id, due=None)
        calls: list[object] = []

        def fail_the_second(request: object) -> None:
            calls.append(request)
            if len(calls) == 2:
                bench.v2.fail("update", error)

        bench.v2.on_send = fail_the_second
    bench.sync()
    assert bench.desk.faults == {}
    bench.v2.on_send = None
    bench.settle()
    kore, v2 = bench.values(Field.STATUS if call == "complete" else Field.DUE, kore_id, v2_id)
    assert (kore, v2) in ((None, None), ("Resolved", "completed"))


def test_a_value_that_one_form_has_refused_is_sent_in_the_next(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(due="2027-01-01T00:00:00.000Z")
    bench.v2.forms, bench.v2.taken_form = 2, 1
    bench.v2.refuses = lambda request: request.body.get("form") == 0
    bench.kore.edit(kore_id, due=None)
    bench.sync()
    assert bench.v2.value(v2_id, Field.DUE) is None
    assert bench.waits() == []


def test_a_value_that_no_form_sets_is_a_failure(bench: Bench) -> None:
    kore_id, _ = bench.pair(due="2027-01-01T00:00:00.000Z")
    bench.v2.forms, bench.v2.taken_form = 3, 9
    bench.kore.edit(kore_id, due=None)
    bench.sync()
    assert [(one.kind, one.field) for one in bench.waits()] == [(WaitKind.FAILED, Field.DUE)]


def test_an_id_that_is_learnt_later_lifts_the_failure(bench: Bench) -> None:
    bench.kore.words = []
    bench.kore.hides = frozenset({Field.DUE})
    bench.set_policy(unobserved=Unobserved.HOLD)
    kore_id = bench.kore.add("Boiler")
    bench.settle()
    v2_id = bench.across(Side.KORE, kore_id)
    bench.kore.refuses = lambda request: "status" in request.body.get("values", {})
    bench.v2.edit(v2_id, status="in_progress")
    bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    assert wait.waits_for == "kore:status:inprogress"
    assert "no record seen so far tells its id" in wait.reason
    bench.kore.refuses = lambda request: False
    bench.kore.hides = frozenset()
    bench.kore.add("Shows the id", status="In Progress")
    bench.settle()
    assert bench.kore.value(kore_id, Field.STATUS) == "In Progress"
    assert bench.waits() == []


# --- faults --------------------------------------------------------------------------------------


def test_two_sides_agree_on_nothing_while_one_of_them_cannot_be_read(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.is_down = True
    bench.v2.edit(v2_id, title="First")
    bench.sync()
    bench.kore.is_down, bench.v2.is_down = False, True
    bench.v2.edit(v2_id, title="Second")
    bench.clock.pass_time(1)
    bench.kore.edit(kore_id, title="First")  # what v2 showed last, and later than its second
    bench.sync()
    bench.v2.is_down = False
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("First", "First")
    assert [row["v2"].text for row in bench.conflicts()] == ["Second"]


@both_sides
def test_while_one_side_is_down_the_other_goes_on_as_far_as_it_can(
    bench: Bench, side: Side
) -> None:
    (kore_id, v2_id), (other_kore, other_v2) = bench.pair("First"), bench.pair("Second")
    bench.kore.edit(kore_id, title="By an agent")
    bench.v2.edit(other_v2, title="From the field")
    bench.clock.pass_time(30)
    down = bench.service(side)
    down.fail("*", Unreachable(str(side), "gone"), times=50)
    bench.sync()
    assert bench.desk.faults.keys() == {side}
    assert down.writes[-1:] == [] or down.writes[-1].call != "update"
    down.faults.clear()
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("By an agent",) * 2
    assert bench.values(Field.TITLE, other_kore, other_v2) == ("From the field",) * 2


@both_sides
def test_a_change_that_was_seen_before_the_other_side_came_back_is_still_due(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair()
    mine = kore_id if side is Side.V2 else v2_id
    bench.service(side.other).edit(mine, title="New")
    bench.service(side).fail("page", Unreachable(str(side), "gone"))
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) != ("New", "New")
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")


@both_sides
def test_a_side_that_asks_to_wait_is_left_alone_until_then_and_nothing_is_lost(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair()
    mine = kore_id if side is Side.V2 else v2_id
    bench.service(side.other).edit(mine, title="New")
    bench.service(side).fail("update", NotYet(str(side), "Too many requests.", seconds=100))
    bench.sync()
    assert [one.outcome for one in bench.reports] == [Result.DROPPED]
    bench.service(side).forget_calls()
    bench.sync()
    assert bench.service(side).calls == []
    bench.clock.pass_time(100)
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")
    with bench.store.begin() as unit:
        assert unit.side_state(side).not_before is None


def test_a_wait_is_never_longer_than_an_hour(bench: Bench) -> None:
    bench.kore.fail("page", NotYet("kore", "Tomorrow.", seconds=86400))
    bench.sync()
    bench.clock.pass_time(3600)
    bench.sync()
    assert bench.desk.faults == {}


def waits_of(bench: Bench, kind: WaitKind) -> list[Wait]:
    return bench.waits(kind)


def test_an_update_whose_outcome_is_open_is_looked_at_before_it_is_sent_again(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="New")
    error = Unreachable("v2", "no answer", is_outcome_unknown=True)
    bench.v2.fail("update", error, applied=True)
    bench.sync()
    assert [one.outcome for one in bench.reports] == [Result.UNCERTAIN]
    bench.v2.forget_calls()
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")
    assert "update" not in bench.v2.calls


def test_a_stop_lets_nothing_new_begin(bench: Bench) -> None:
    from bridge.errors import Stopped

    bench.kore.add("Boiler")
    bench.clock.is_stopped = True
    with pytest.raises(Stopped):
        bench.sync()
    bench.clock.is_stopped = False
    bench.settle()
    assert len(bench.links()) == 1


def test_an_error_that_ends_a_job_ends_the_cycle_after_the_others(bench: Bench) -> None:
    bench.set_rules(workers=1)
    for number in range(4):
        bench.kore.add(f"Task {number}")

    def break_down(request: object) -> None:
        raise RuntimeError("a bug")

    bench.v2.on_send = break_down
    with pytest.raises(RuntimeError, match="a bug"):
        bench.sync()


def test_a_stop_in_the_middle_of_a_batch_cancels_what_has_not_begun(bench: Bench) -> None:
    from bridge.errors import Stopped

    bench.set_rules(workers=1)
    for number in range(6):
        bench.kore.add(f"Task {number}")

    def stop(request: object) -> None:
        bench.clock.is_stopped = True

    bench.v2.on_send = stop
    with pytest.raises(Stopped):
        bench.sync()
    assert len(bench.v2.records) == 1
    bench.clock.is_stopped, bench.v2.on_send = False, None
    bench.settle()
    assert len(bench.v2.records) == 6


__all__ = ["OperationKind", "replace"]
