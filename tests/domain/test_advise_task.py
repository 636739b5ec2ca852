"""Whatever waits comes with the commands that do something about it, the right ids in each."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.advise_task import NEXT_CYCLE, advise_link, advise_lone, advise_wait
from bridge.domain.held import MAY_BE_RESULT, PROBE_REFUSED
from bridge.domain.life import Advice
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.reconciled import Lone, State
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.domain.values import person_value, queue_value, text_value
from tests.domain.making import KORE, V2, a_link
from tests.domain.worlds import a_lone, a_wait

NOTHING = Advice("", ())
NOW = Advice("To have it now:", ("task-bridge sync",))
ADD = {KORE: "task-bridge links add ti-1 V2_ID", V2: "task-bridge links add KORE_ID 65f0"}
ID = {KORE: "ti-1", V2: "65f0"}
CHECK = "task-bridge check"

# --- a task without a counterpart ----------------------------------------------------------------

# For each standing the words that the advice must hold, and its commands; {id} and {add} stand for
# the task's own id and for the command that links it.
STANDINGS: dict[Standing, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Standing.NEW: (("To have it now:",), ("task-bridge sync", "task-bridge backfill --dry-run")),
    Standing.LINKED: (("To have it now:",), ("task-bridge sync",)),
    Standing.OUT_OF_SCOPE: (("scope", "by hand"), ("{add}",)),
    Standing.FINISHED: (
        ("create it all the same", "by hand"),
        ("task-bridge backfill --include-finished --only {id}", "{add}"),
    ),
    Standing.UNROUTABLE: (
        ("[[kore.routes]]", "an open case", "kore.requester"),
        (CHECK, "{add}"),
    ),
    Standing.DUPLICATE: (("Delete it", "marker's line"), ()),
    Standing.ORPHAN: (("marker's line", "by hand"), ("{add}",)),
    Standing.LEFT: (("take it up",), ("task-bridge backfill --only {id}", "{add}")),
    Standing.AMBIGUOUS: (("which task is its counterpart",), ("{add}",)),
    Standing.UNREADABLE: (("Mend the record",), ()),
    Standing.HELD: (("what the list hides", 'kore.unobserved = "probe"'), (CHECK, "{add}")),
    Standing.UNCERTAIN: (("find its counterpart", "link the two"), ("{add}",)),
    Standing.FAILED: (("Put right what its reason says", "by hand"), ("{add}",)),
}


def test_every_standing_has_an_advice() -> None:
    assert set(STANDINGS) == set(Standing)


@pytest.mark.parametrize("side", [KORE, V2])
@pytest.mark.parametrize("standing", STANDINGS)
def test_each_standing_has_its_words_and_its_commands_whole(side: Side, standing: Standing) -> None:
    words, commands = STANDINGS[standing]
    advice = advise_lone(a_lone(side, standing, why=MAY_BE_RESULT), None)
    assert [word for word in words if word not in advice.do] == []
    filled = tuple(one.format(id=ID[side], add=ADD[side]) for one in commands)
    assert advice.commands == filled


@pytest.mark.parametrize("side", [KORE, V2])
def test_a_task_whose_probe_is_refused_is_let_in_by_its_case_or_linked(side: Side) -> None:
    why = f"{PROBE_REFUSED} of it."
    advice = advise_lone(a_lone(side, Standing.HELD, why=why), None)
    assert "Open its case in Kore" in advice.do
    assert advice.commands == (ADD[side],)


def test_only_what_is_held_is_held_by_a_refused_probe() -> None:
    advice = advise_lone(a_lone(KORE, Standing.LEFT, why=PROBE_REFUSED), None)
    assert advice.commands == ("task-bridge backfill --only ti-1", ADD[KORE])


def test_a_task_that_was_never_read_is_to_be_mended() -> None:
    advice = advise_lone(Lone(side=KORE, task_id=TaskId("ti-1")), None)
    assert advice == Advice("Mend the record in the service.")


def test_the_way_back_from_a_removed_link_names_both_tasks() -> None:
    removed = a_link(state=LinkState.REMOVED)
    advice = advise_lone(a_lone(standing=Standing.LEFT), removed)
    assert "link the two again" in advice.do
    assert advice.commands == ("task-bridge links add ti-1 65f0",)


def test_a_failure_of_the_task_speaks_before_its_standing() -> None:
    failed = a_wait(id=9, operation=OperationKind.CREATE, task_id=TaskId("ti-1"))
    lone = a_lone(standing=Standing.NEW, waits=(failed,))
    assert advise_lone(lone, None) == advise_wait(failed, None)
    held = a_wait(WaitKind.HELD, operation=OperationKind.CREATE, task_id=TaskId("ti-1"))
    assert advise_lone(replace(lone, waits=(held, failed)), None) == advise_wait(failed, None)
    assert advise_lone(replace(lone, waits=(held,)), None).commands[0] == "task-bridge sync"


# --- a link as a whole ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "commands"),
    [
        ({}, ("task-bridge links remove ti-1", "task-bridge links add ti-1 65f0")),
        (
            {"kore_id": None},
            ("task-bridge links remove 65f0", "task-bridge links add KORE_ID 65f0"),
        ),
        ({"v2_id": None}, ("task-bridge links remove ti-1", "task-bridge links add ti-1 V2_ID")),
    ],
)
def test_a_link_whose_task_is_gone_is_let_go_or_given_another(
    given: dict[str, Any], commands: tuple[str, ...]
) -> None:
    advice = advise_link(a_link(state=LinkState.MISSING, **given), State.MISSING)
    assert "let go of the link" in advice.do
    assert "a new counterpart" in advice.do
    assert advice.commands == commands


@pytest.mark.parametrize("state", State)
def test_of_a_link_with_both_tasks_only_drift_is_carried_at_once(state: State) -> None:
    assert advise_link(a_link(), state) == (NOW if state is State.DRIFTED else NOTHING)


# --- what waits ----------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [KORE, V2])
@pytest.mark.parametrize("link", [a_link(), None])
def test_a_record_that_cannot_be_read_is_mended_where_it_is(side: Side, link: Link | None) -> None:
    wait = a_wait(operation=OperationKind.READ, side=side)
    assert advise_wait(wait, link) == Advice(f"Mend the record in {side.label}.")


def test_a_conflict_without_its_number_is_looked_up_first() -> None:
    advice = advise_wait(a_wait(WaitKind.CONFLICT, field=Field.TITLE), a_link())
    assert "which value is right" in advice.do
    assert advice.commands == ("task-bridge conflicts list",)


@pytest.mark.parametrize("kind", [WaitKind.CONFLICT, WaitKind.RESTORE])
def test_what_a_person_decided_waits_for_the_next_cycle_alone(kind: WaitKind) -> None:
    wait = a_wait(kind, field=Field.TITLE, waits_for="8", decided=KORE)
    assert advise_wait(wait, a_link()) == NOW


@pytest.mark.parametrize("side", [KORE, V2])
def test_a_refused_write_is_sent_again_or_left(side: Side) -> None:
    advice = advise_wait(a_wait(id=5, side=side, field=Field.TITLE), a_link())
    assert f"Put right what {side.label} refuses" in advice.do
    assert advice.commands == ("task-bridge failures retry 5", "task-bridge failures discard 5")


@pytest.mark.parametrize(
    ("side", "given", "add"),
    [
        (V2, {"v2_id": None}, ADD[KORE]),
        (KORE, {"kore_id": None}, ADD[V2]),
    ],
)
def test_a_lost_create_is_looked_for_before_it_is_sent_again(
    side: Side, given: dict[str, Any], add: str
) -> None:
    wait = a_wait(id=5, side=side, operation=OperationKind.CREATE)
    advice = advise_wait(wait, a_link(state=LinkState.CREATING, **given))
    assert f"Look for it in {side.label}" in advice.do
    assert advice.commands == (add, "task-bridge failures retry 5")


@pytest.mark.parametrize("side", [KORE, V2])
def test_a_create_that_was_refused_or_fits_several_tells_its_ways_out(side: Side) -> None:
    create = a_wait(id=5, side=side.other, operation=OperationKind.CREATE, task_id=TaskId(ID[side]))
    ways = ("task-bridge failures retry 5", "task-bridge failures discard 5")
    refused = advise_wait(create, None)
    assert "Put right what is refused" in refused.do
    assert refused.commands == (*ways, ADD[side])
    several = advise_wait(replace(create, candidates=("one", "two")), None)
    assert "Link it to the one that it is" in several.do
    assert several.commands == ("task-bridge failures show 5", ADD[side], *ways)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        (Field.STATUS, "[[status]] row"),
        (Field.PRIORITY, "[[priority]] row"),
        (Field.ASSIGNEE, "[[people.table]] row"),
    ],
)
def test_a_value_without_a_counterpart_is_looked_up_by_check(name: Field, row: str) -> None:
    advice = advise_wait(a_wait(WaitKind.UNMAPPED, field=name), a_link())
    assert row in advice.do
    assert advice.commands == (CHECK,)


def test_a_value_of_which_no_row_speaks_is_looked_up_by_check_all_the_same() -> None:
    advice = advise_wait(a_wait(WaitKind.UNMAPPED, field=Field.DUE), a_link())
    assert advice == Advice("", (CHECK,))


@pytest.mark.parametrize(
    ("kind", "words"),
    [(WaitKind.CASE_CLOSED, "Open its case in Kore."), (WaitKind.DRIFT, 'sync.direction = "both"')],
)
def test_what_only_people_can_change_has_no_command(kind: WaitKind, words: str) -> None:
    advice = advise_wait(a_wait(kind, field=Field.TITLE), a_link())
    assert words in advice.do
    assert advice.commands == ()


# --- what is held --------------------------------------------------------------------------------


def test_what_the_next_cycle_looks_at_needs_nobody() -> None:
    wait = a_wait(WaitKind.HELD, field=Field.TITLE, waits_for=NEXT_CYCLE)
    assert advise_wait(wait, a_link()) == NOTHING


def test_a_task_in_a_queue_is_taken_from_it_by_hand_or_by_a_setting() -> None:
    wait = a_wait(WaitKind.HELD, field=Field.ASSIGNEE, kore=queue_value("Desk"))
    advice = advise_wait(wait, a_link())
    assert "Take it from the queue in Kore" in advice.do
    assert "people.take_from_queue = true" in advice.do
    assert advice.commands == ()


@pytest.mark.parametrize(
    "given",
    [
        {"field": Field.TITLE, "kore": text_value("Desk")},
        {"field": Field.TITLE, "kore": queue_value("Desk")},
        {"field": Field.ASSIGNEE, "kore": person_value("a-1", "Ada")},
        {"field": Field.ASSIGNEE, "kore": None},
        {"field": None},
    ],
)
def test_what_the_list_hides_can_be_seen_or_written_over(given: dict[str, Any]) -> None:
    advice = advise_wait(a_wait(WaitKind.HELD, **given), a_link())
    assert 'kore.unobserved = "probe"' in advice.do
    assert '"write"' in advice.do
    assert advice.commands == (CHECK,)
