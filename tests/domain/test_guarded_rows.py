"""While a guard stands nothing is written to either side, and no row or advice promises that."""

from typing import Any

import pytest

from bridge.domain.judge_pair import judge_pair
from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.reconciled import Joined, Lone, State
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Standing
from tests.domain.lives import told
from tests.domain.making import KORE, V2, a_link, kore_status, text
from tests.domain.test_paused_rows import PROBED
from tests.domain.worlds import a_lone, a_pair, a_wait, a_world, row_of

SEE = "task-bridge guard show"
STANDS = f"Nothing: a guard stands; see {SEE}."
CHANGED = {"to Kore": a_pair(v2={"title": text("New")}), "to v2": a_pair(kore={"title": text("N")})}
ONE, TWO = text("One"), text("Two")
TAKEN = a_pair(
    kore={"title": ONE},
    v2={"title": TWO},
    waits=(a_wait(WaitKind.CONFLICT, field=Field.TITLE, kore=ONE, v2=TWO, decided=V2),),
)
WRITES = [*CHANGED.values(), *PROBED.values(), TAKEN, a_lone(KORE), a_lone(V2)]


def guarded(**given: Any) -> dict[str, Any]:
    return {"is_carried_soon": True, "is_guarded": True, **given}


@pytest.mark.parametrize("about", WRITES)
def test_a_row_promises_no_write_while_a_guard_stands(about: Joined | Lone) -> None:
    row = row_of(about, **guarded())
    assert (row.state, row.next) == (State.WAITING, STANDS)
    assert row_of(about, **guarded(paused=frozenset(SIDES))).next == STANDS


@pytest.mark.parametrize("about", WRITES)
def test_without_a_daemon_a_run_alone_is_not_said_to_carry_it_either(about: Joined | Lone) -> None:
    row = row_of(about, **guarded(is_carried_soon=False))
    assert row.state in (State.DRIFTED, State.ONLY_KORE, State.ONLY_V2)
    assert "while a guard stands and no daemon runs" in row.next
    assert SEE in row.next


@pytest.mark.parametrize("side", SIDES)
def test_what_has_no_counterpart_names_the_pause_where_no_daemon_runs(side: Side) -> None:
    row = row_of(a_lone(side), paused=frozenset({side.other}))
    assert row.next.startswith(
        f"Nothing creates it while {side.other.label} is paused and no daemon runs: "
        f"task-bridge resume {side.other}, then"
    )
    beside = row_of(a_lone(side), paused=frozenset({side}))
    assert beside.next.startswith("Nothing creates it while no daemon runs")


def test_beside_a_value_without_a_counterpart_the_others_wait_for_the_guard() -> None:
    row = row_of(a_pair(kore={"status": kore_status("", "Odd")}), **guarded())
    assert row.state is State.UNMAPPED
    assert row.next.endswith(f"the others wait too, for a guard stands: {SEE}.")


def test_a_create_whose_outcome_is_open_is_looked_for_once_no_guard_stands() -> None:
    """That a list does not show it proves nothing meanwhile."""
    creating = Joined(link=a_link(state=LinkState.CREATING, v2_id=None))
    for about in (creating, a_lone(KORE, Standing.UNCERTAIN)):
        row = row_of(about, **guarded())
        assert row.next.startswith(STANDS)
        assert "next cycle" not in row.next
        assert "next cycle" in row_of(about, is_carried_soon=True).next


def test_a_task_that_is_linked_without_a_write_still_is() -> None:
    row = row_of(a_lone(KORE, Standing.LINKED), **guarded())
    assert row.next == "The next cycle links it."


@pytest.mark.parametrize("about", WRITES)
@pytest.mark.parametrize("held", [{"is_guarded": True}, {"paused": frozenset(SIDES)}])
@pytest.mark.parametrize("is_carried_soon", [True, False])
def test_explain_advises_no_sync_that_could_write_nothing(
    about: Joined | Lone, held: dict[str, Any], is_carried_soon: bool
) -> None:
    nowhere = {KORE: False, V2: False}
    found = told(about, world=a_world(is_whole=nowhere, is_carried_soon=is_carried_soon, **held))
    advised = [found.advice, *(one.advice for one in found.waits)]
    assert not [one for one in advised if "task-bridge sync" in one.commands]
    if isinstance(about, Joined):
        assert (
            found.next == judge_pair(about, a_world(is_carried_soon=is_carried_soon, **held)).next
        )


@pytest.mark.parametrize("about", [*CHANGED.values(), a_lone(KORE)])
def test_it_is_advised_where_it_helps(about: Joined | Lone) -> None:
    found = told(about)
    assert "task-bridge sync" in found.advice.commands
    beside = frozenset({KORE}) if about is not CHANGED["to Kore"] else frozenset({V2})
    world = a_world(is_whole={KORE: False, V2: False}, paused=beside)
    assert "task-bridge sync" in told(about, world=world).advice.commands


def test_a_conflict_that_was_taken_is_carried_by_nothing_while_no_daemon_runs() -> None:
    plain = row_of(CHANGED["to Kore"])
    taken = row_of(TAKEN)
    assert (taken.state, taken.next) == (plain.state, plain.next)
    assert taken.state is State.DRIFTED
    beside = row_of(TAKEN, is_carried_soon=True)
    assert (beside.state, beside.next) == (State.WAITING, "The next cycle writes it.")
