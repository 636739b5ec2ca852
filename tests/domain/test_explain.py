"""The life of a task is told in words that are true, and with what a person can do."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.advise_task import advise_wait
from bridge.domain.life import Sight
from bridge.domain.link import FieldBase, LinkState
from bridge.domain.operation import (
    Journalled,
    OperationKind,
    OperationState,
    Outcome,
    WaitKind,
)
from bridge.domain.reading import Sweep
from bridge.domain.reconciled import Lone, State
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.domain.values import UNSEEN, person_value, queue_value
from tests.domain.lives import a_happening, an_operation, only_step, told
from tests.domain.making import KORE, V2, a_link, at, text
from tests.domain.worlds import a_lone, a_pair, a_wait, a_world

EMPTY: frozenset[str] = frozenset()

# --- links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "sentence"),
    [
        (KORE, "Linked; the task in v2 was created from the one in Kore."),
        (V2, "Linked; the task in Kore was created from the one in v2."),
        (None, "Linked; both tasks were there before the link."),
    ],
)
def test_a_link_says_where_it_came_from(origin: Side | None, sentence: str) -> None:
    pair = a_pair()
    found = told(replace(pair, link=replace(pair.link, origin=origin)))
    assert found.standing == sentence
    assert (found.state, found.waits, found.advice.commands) == (State.IN_STEP, (), ())


def test_a_create_whose_outcome_is_open_is_told_with_ways_out_of_it() -> None:
    link = a_link(state=LinkState.CREATING, v2_id=None, origin=KORE)
    wait = a_wait(id=4, operation=OperationKind.CREATE, reason="Whether it was created is unknown.")
    found = told(a_pair(link=link, waits=(wait,)))
    assert found.standing == "Its counterpart in v2 is being created."
    first = found.waits[0]
    assert (first.id, first.reason, first.since) == (4, wait.reason, at(60))
    assert first.advice.commands == (
        "task-bridge links add ti-1 V2_ID",
        "task-bridge failures retry 4",
    )


def test_a_link_whose_task_is_gone_tells_which_and_how_to_let_go() -> None:
    link = a_link(state=LinkState.MISSING, origin=KORE, gone_side=V2)
    world = a_world(shown={KORE: frozenset({"ti-1"}), V2: EMPTY}, is_whole={KORE: False, V2: False})
    found = told(a_pair(link=link), world=world)
    assert found.state is State.MISSING
    assert found.standing.startswith("Linked, but one of the two is gone")
    assert "v2 does not show REC-1234" in found.reason
    assert found.advice.commands[0] == "task-bridge links remove ti-1"


def test_a_removed_link_is_told_with_the_way_back() -> None:
    removed = a_link(state=LinkState.REMOVED)
    found = told(a_lone(standing=Standing.LEFT, why="its link was removed"), removed=removed)
    assert found.standing == "Its link was removed by a person."
    assert found.advice.commands == ("task-bridge links add ti-1 65f0",)
    assert found.link == removed


# --- tasks without a counterpart -----------------------------------------------------------------


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("side", [KORE, V2])
def test_every_standing_says_why_and_what_would_change_it(side: Side, standing: Standing) -> None:
    found = told(a_lone(side, standing, why="so it is"))
    assert found.standing == "It has no counterpart."
    assert found.reason
    assert found.advice.do
    assert all(command.startswith("task-bridge ") for command in found.advice.commands)
    assert not any(" ID" in command or "ADD" in command for command in found.advice.commands)


def test_a_refused_create_is_told_once_with_its_failure() -> None:
    wait = a_wait(id=9, operation=OperationKind.CREATE, task_id=TaskId("ti-1"), reason="Too long.")
    found = told(a_lone(standing=Standing.FAILED, why="Too long.", waits=(wait,)))
    (only,) = found.waits
    assert (only.state, only.reason, only.id) == (State.FAILED, "Too long.", 9)
    assert only.advice.commands == (
        "task-bridge failures retry 9",
        "task-bridge failures discard 9",
        "task-bridge links add ti-1 V2_ID",
    )


def test_what_fits_several_is_looked_at_and_linked_before_it_is_created() -> None:
    wait = a_wait(
        id=9, operation=OperationKind.CREATE, task_id=TaskId("ti-1"), candidates=("65f0", "65f1")
    )
    (only,) = told(a_lone(standing=Standing.AMBIGUOUS, waits=(wait,))).waits
    assert only.candidates == ("65f0", "65f1")
    assert only.advice.commands == (
        "task-bridge failures show 9",
        "task-bridge links add ti-1 V2_ID",
        "task-bridge failures retry 9",
        "task-bridge failures discard 9",
    )


def test_a_record_that_was_never_read_is_told_too() -> None:
    wait = a_wait(operation=OperationKind.READ, task_id=TaskId("ti-1"), side=KORE, reason="Odd.")
    found = told(Lone(side=KORE, task_id=TaskId("ti-1"), waits=(wait,)))
    (task,) = found.tasks
    assert (task.id, task.seen) == ("ti-1", "It was never read.")
    assert found.waits[0].advice.do == "Mend the record in Kore."


# --- what waits ----------------------------------------------------------------------------------

CHANGED = {"title": text("Broken pump")}


def test_a_failed_field_tells_both_values_since_when_and_the_ways_out() -> None:
    wait = a_wait(
        id=5, field=Field.TITLE, value=text("Broken pump"), reason="v2 refuses it.", attempts=3
    )
    (only,) = told(a_pair(kore=CHANGED, waits=(wait,))).waits
    assert (only.name, only.kore, only.v2) == (
        Field.TITLE,
        text("Broken pump"),
        text("Broken boiler"),
    )
    assert (only.value, only.since, only.attempts, only.side) == (
        text("Broken pump"),
        at(60),
        3,
        V2,
    )
    assert only.next
    assert only.advice.commands == (
        "task-bridge failures retry 5",
        "task-bridge failures discard 5",
    )


def test_a_change_that_the_next_cycle_carries_waits_for_nobody() -> None:
    world = a_world(is_carried_soon=True)
    (only,) = told(a_pair(kore=CHANGED), world=world, is_due=True).waits
    assert (only.state, only.next) == (State.WAITING, "The next cycle writes it to v2.")
    assert (only.id, only.advice.do, only.advice.commands) == (None, "", ())


def test_a_person_whom_nobody_knows_is_told_with_the_row_that_helps() -> None:
    pair = a_pair(kore={"assignee": person_value("a-9", "Ada")})
    (only,) = told(pair).waits
    assert (only.state, only.name) == (State.UNMAPPED, Field.ASSIGNEE)


@pytest.mark.parametrize(
    ("given", "do"),
    [
        ({"kind": WaitKind.CASE_CLOSED, "field": Field.TITLE}, "Open its case in Kore."),
        ({"kind": WaitKind.UNMAPPED, "field": Field.STATUS}, "[[status]]"),
        ({"kind": WaitKind.UNMAPPED, "field": Field.PRIORITY}, "[[priority]]"),
        ({"kind": WaitKind.UNMAPPED, "field": Field.ASSIGNEE}, "[[people.table]]"),
        ({"kind": WaitKind.DRIFT, "field": Field.TITLE}, "sync.direction"),
        ({"kind": WaitKind.HELD, "field": Field.TITLE}, "kore.unobserved"),
        (
            {"kind": WaitKind.HELD, "field": Field.ASSIGNEE, "kore": queue_value("Desk")},
            "take_from_queue",
        ),
        ({"kind": WaitKind.CONFLICT, "field": Field.TITLE}, "which value is right"),
    ],
)
def test_each_reason_to_wait_has_its_way_out(given: dict[str, Any], do: str) -> None:
    assert do in advise_wait(a_wait(**given), a_link()).do


@pytest.mark.parametrize(
    "kind", [WaitKind.UNMAPPED, WaitKind.HELD, WaitKind.DRIFT, WaitKind.CONFLICT]
)
def test_what_waits_without_a_value_to_write_is_not_told_as_to_be_emptied(kind: WaitKind) -> None:
    wait = a_wait(kind=kind, field=Field.TITLE, value=None)
    (only,) = told(a_pair(kore=CHANGED, waits=(wait,))).waits
    assert (only.name, only.value) == (Field.TITLE, UNSEEN)


@pytest.mark.parametrize("kind", [WaitKind.FAILED, WaitKind.CASE_CLOSED])
def test_what_is_to_be_emptied_is_told_so(kind: WaitKind) -> None:
    wait = a_wait(kind=kind, field=Field.DESCRIPTION, value=None)
    pair = a_pair(v2={"description": text("Old")}, kore={"description": None}, waits=(wait,))
    (only,) = told(pair).waits
    assert (only.name, only.value) == (Field.DESCRIPTION, None)


def test_a_conflict_is_resolved_by_either_side() -> None:
    wait = a_wait(WaitKind.CONFLICT, id=3, waits_for="8", field=Field.TITLE)
    assert advise_wait(wait, a_link()).commands == (
        "task-bridge conflicts resolve 8 --take kore",
        "task-bridge conflicts resolve 8 --take v2",
    )


# --- what was done -------------------------------------------------------------------------------


def test_an_update_tells_its_reason_and_what_became_of_each_value() -> None:
    line = a_happening(
        "written",
        field=Field.TITLE,
        details={"from": "Broken boiler", "to": "Cold house", "operation": 3},
    )
    step = only_step(operations=(an_operation(),), history=(line,))
    assert step.text == "Update of title in v2 (Kore changed): done."
    assert (step.at, step.outcome, step.operation) == (at(61), "done", 3)
    assert [one.text for one in step.values] == ["title: “Broken boiler” became “Cold house”"]


@pytest.mark.parametrize(
    ("what", "shown", "words"),
    [
        ("altered", "Cold", "v2 shows “Cold” where “Cold house” was sent"),
        ("ignored", "Broken boiler", "v2 kept “Broken boiler” where “Cold house” was sent"),
        ("not seen yet", UNSEEN, "“Cold house” was taken; the look after it failed"),
    ],
)
def test_what_a_service_made_of_a_value_is_told(what: str, shown: Any, words: str) -> None:
    details = {"to": "Cold house", "shown": shown, "operation": 3}
    line = a_happening(what, field=Field.TITLE, details=details)
    (value,) = only_step(operations=(an_operation(),), history=(line,)).values
    assert words in value.text
    assert value.sent == text("Cold house")


@pytest.mark.parametrize(
    ("given", "words", "outcome"),
    [
        (
            {"state": OperationState.COMMITTED, "outcome": None, "sent_at": None},
            "written down and not sent",
            "committed",
        ),
        ({"state": OperationState.SENT, "outcome": None}, "no answer is recorded", "sent"),
        (
            {
                "state": OperationState.SENT,
                "outcome": Outcome.UNCERTAIN,
                "note": "cut off",
                "settles_at": at(90),
            },
            "uncertain (cut off); every cycle looks",
            "uncertain",
        ),
        ({"outcome": Outcome.UNCERTAIN, "note": "no answer"}, "nobody can tell", "uncertain"),
        ({"outcome": Outcome.DROPPED, "note": "never sent"}, "void, nothing was", "dropped"),
        ({"outcome": Outcome.FAILED, "note": "Too long."}, "refused (Too long)", "failed"),
        ({"outcome": Outcome.FAILED}, "not taken", "failed"),
    ],
)
@pytest.mark.parametrize("kind", [OperationKind.CREATE, OperationKind.UPDATE, OperationKind.PROBE])
def test_what_came_of_every_write_is_told(
    kind: OperationKind, given: dict[str, Any], words: str, outcome: str
) -> None:
    step = only_step(operations=(an_operation(kind, **given),))
    assert words in step.text
    assert step.outcome == outcome


def test_an_uncertain_create_that_was_found_says_so() -> None:
    lost = an_operation(OperationKind.CREATE, outcome=Outcome.UNCERTAIN, note="no answer")
    assert "its counterpart was found later" in only_step(operations=(lost,)).text
    link = a_link(state=LinkState.CREATING, v2_id=None, origin=KORE)
    (step,) = told(a_pair(link=link), operations=(lost,)).steps
    assert "found" not in step.text


def test_what_the_journal_says_is_not_said_again() -> None:
    refused = an_operation(outcome=Outcome.FAILED, note="Too long.")
    line = a_happening("refused", why="Too long.", field=Field.TITLE, details={"to": "Cold house"})
    assert only_step(operations=(refused,), history=(line,)).outcome == "failed"
    created = (a_happening("create begun"), a_happening("created", why="no counterpart"))
    step = only_step(operations=(an_operation(OperationKind.CREATE),), history=created)
    assert step.text == "Create in v2 (Kore changed): done."


def test_a_history_without_its_journal_is_told_alone_and_in_order() -> None:
    lines = (
        a_happening("created", why="TS1 of Kore has no counterpart", at=at(1)),
        a_happening("written", why="Kore changed", at=at(2), field=Field.TITLE,
                    details={"from": None, "to": "Cold house"}),
        a_happening("restored by Ada", why="she said so", at=at(3)),
    )  # fmt: skip
    steps = told(a_pair(), history=lines[::-1]).steps
    assert [one.text for one in steps] == [
        "Created in v2 (TS1 of Kore has no counterpart).",
        "Written to v2 (Kore changed).",
        "Restored by Ada: she said so.",
    ]
    assert steps[1].values[0].text == "title: nothing became “Cold house”"


def forgotten(one: Journalled) -> Journalled:
    """As the database has it after `links remove --forget`."""
    return replace(one, operation=replace(one.operation, values={}, reason=""), note="")


def test_of_an_update_whose_values_were_forgotten_the_fields_are_told_and_no_tag() -> None:
    lines = (
        a_happening("written", field=Field.TITLE),
        a_happening("altered", field=Field.TITLE),
    )
    first, second = told(a_pair(), operations=(forgotten(an_operation()),), history=lines).steps
    assert first.text == "Update of title in v2, its values forgotten: done."
    assert (first.fields, first.values) == ((Field.TITLE,), ())
    assert second.text == "Altered: title, what it was is forgotten."
    (alone,) = told(a_pair(), history=lines[:1]).steps
    assert alone.text == "Written: title, what it was is forgotten."


def test_a_tag_is_told_as_a_tag() -> None:
    assert only_step(operations=(an_operation(values={}),)).text.startswith("Tag of the task in v2")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("linked", "Linked."),
        ("created", "Created in v2."),
        ("refused", "Not written to v2."),
        ("case closed", "Not written to v2, it waits."),
        ("removed", "Removed."),
    ],
)
def test_a_reason_that_was_forgotten_leaves_no_gap(what: str, words: str) -> None:
    assert only_step(history=(a_happening(what),)).text == words


def test_a_conflict_that_is_over_tells_what_was_lost() -> None:
    row: dict[str, Any] = {
        "id": 2, "field": Field.TITLE, "kore": text("Pump"), "v2": text("Boiler"),
        "rule": "newest", "winner": KORE, "since": at(1), "settled_at": at(2),
    }  # fmt: skip
    open_still = {**row, "id": 3, "winner": None, "settled_at": None}
    (only,) = told(a_pair(), conflicts=(row, open_still)).conflicts
    assert only.text == (
        "Both sides changed title: Kore's “Pump” won (newest), v2's “Boiler” was written over."
    )
    (by_people,) = told(a_pair(), conflicts=({**row, "winner": None},)).conflicts
    assert by_people.text == "Both sides changed title; people made them alike."


# --- the rest ------------------------------------------------------------------------------------


def test_whether_it_is_due_is_told() -> None:
    assert told(a_pair()).due.startswith("Not due")
    assert "no daemon" in told(a_pair(), is_due=True).due
    alive = a_world(is_carried_soon=True)
    assert told(a_pair(), is_due=True, world=alive).due == "Due: the next cycle looks at it."


def test_when_a_task_was_last_seen_is_told() -> None:
    sweep = Sweep(side=KORE, id=1, started_at=at(100), completed_at=at(160))
    pair = a_pair(v2={"created_at": at(200), "written_at": at(210)})
    sights = {KORE: Sight(sweep=sweep, was_in_it=True), V2: Sight(sweep=sweep)}
    kore, v2 = told(pair, sights=sights).tasks
    assert kore.seen.startswith("The last reading of everything, which ended 12:02:40, or a poll")
    assert kore.seen_at == at(100)
    assert "newer than the last reading" in v2.seen
    assert (v2.seen_at, v2.written_at) == (at(210), at(210))
    old = told(a_pair(), sights={KORE: Sight(sweep=sweep)}).tasks[0]
    assert (old.seen_at, old.seen.endswith("did not show it.")) == (None, True)


def test_hidden_fields_and_bases_are_told() -> None:
    pair = a_pair(kore={"description": ...})
    found = told(pair, sights={KORE: Sight(list_hides=(Field.DESCRIPTION,))})
    assert found.tasks[0].hidden == (Field.DESCRIPTION,)
    assert found.tasks[0].list_hides == (Field.DESCRIPTION,)
    description = next(one for one in found.fields if one.name is Field.DESCRIPTION)
    assert (description.kore, description.base.kore) == (UNSEEN, text("No hot water"))
    assert description.notes == ("What Kore shows now is hidden by its list.",)


@pytest.mark.parametrize(
    ("base", "note"),
    [
        (FieldBase(absorbed=V2), "v2 changed it to a value that agrees, so nothing was written."),
        (FieldBase(carry=KORE), "After the create Kore's value is still to be carried."),
    ],
)
def test_a_base_that_remembers_something_says_it(base: FieldBase, note: str) -> None:
    pair = a_pair()
    link = pair.link.with_bases({Field.STATUS: replace(pair.link.base(Field.STATUS),
                                 absorbed=base.absorbed, carry=base.carry)})  # fmt: skip
    status = next(one for one in told(replace(pair, link=link)).fields if one.name is Field.STATUS)
    assert note in status.notes


def test_a_life_older_than_what_is_kept_says_so() -> None:
    pair = a_pair()
    old = replace(pair, link=replace(pair.link, created_at=at(0)))
    assert "before 12:00:10 is no longer kept" in told(old, kept_since=at(10)).kept
    assert told(old, kept_since=at(-10)).kept == ""
