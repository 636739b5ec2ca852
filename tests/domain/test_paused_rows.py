"""While people have paused a side, a row says what waits for it and never promises a write."""

from typing import Any

import pytest

from bridge.domain.judge_pair import judge_pair
from bridge.domain.operation import WaitKind
from bridge.domain.reconciled import Lone, Row, State
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Standing
from tests.domain.lives import told
from tests.domain.making import KORE, NOON, V2, a_known, at, kore_status, text
from tests.domain.worlds import a_lone, a_pair, a_wait, a_world, row_of

# Kore's row hides the description, and the task changed since a probe showed it whole.
HIDES = {"description": ..., "changed_at": at(5), "own_changed_at": NOON}
SEEN = {"description": ..., "own_changed_at": NOON}
TITLE, WORDS = {"title": text("Broken pump")}, {"description": text("No water at all")}
# What changed, and the pair that shows it: each needs a probe before anything of it is carried.
PROBED = {
    "the hidden field itself": a_pair(kore=HIDES),
    "what v2 would write over it": a_pair(kore=SEEN, v2=WORDS),
    "a field that the list shows": a_pair(kore={**HIDES, **TITLE}),
    "what goes to Kore": a_pair(kore=HIDES, v2=TITLE),
}


def paused(pair: Any, *sides: Side, **given: Any) -> Row:
    world = a_world(**{"is_carried_soon": True, **given}, paused=frozenset(sides))
    return judge_pair(pair, world)


@pytest.mark.parametrize("pair", PROBED.values(), ids=PROBED)
def test_what_needs_a_probe_waits_until_kore_is_written_to_again(pair: Any) -> None:
    row = paused(pair, KORE)
    assert row.state is State.WAITING
    assert "next cycle" not in row.next
    assert "a write" in row.next
    assert row.next.endswith("Kore is paused: task-bridge resume kore.")


@pytest.mark.parametrize("pair", PROBED.values(), ids=PROBED)
def test_a_probe_goes_out_while_v2_alone_is_paused(pair: Any) -> None:
    assert "resume kore" not in paused(pair, V2).next


@pytest.mark.parametrize("side", SIDES)
def test_a_change_to_a_paused_side_names_the_command_that_ends_it(side: Side) -> None:
    pair = a_pair(kore=TITLE) if side is V2 else a_pair(v2=TITLE)
    row = paused(pair, side)
    assert row.state is State.WAITING
    assert row.next == (
        f"Nothing: {side.label} is paused. To have it written: task-bridge resume {side}."
    )
    assert paused(pair, side.other).next == f"The next cycle writes it to {side.label}."


@pytest.mark.parametrize("pair", [a_pair(v2=TITLE), *PROBED.values()])
def test_where_no_daemon_runs_either_a_run_alone_is_not_said_to_carry_it(pair: Any) -> None:
    row = paused(pair, KORE, is_carried_soon=False)
    assert row.state is State.DRIFTED
    assert row.next == (
        "Nothing carries it while Kore is paused and no daemon runs: task-bridge resume kore, "
        "then task-bridge run, or task-bridge sync once."
    )


@pytest.mark.parametrize("pair", PROBED.values(), ids=PROBED)
def test_explain_says_the_same(pair: Any) -> None:
    world = a_world(is_carried_soon=True, paused=frozenset({KORE}))
    found = told(pair, world=world)
    assert found.next == paused(pair, KORE).next
    assert {one.next for one in found.waits} == {found.next}


def test_a_task_without_a_counterpart_is_not_said_to_be_created_on_a_paused_side() -> None:
    for side in SIDES:
        row = row_of(a_lone(side), is_carried_soon=True, paused=frozenset({side.other}))
        assert row.state is State.WAITING
        assert row.next == (
            f"Nothing: {side.other.label} is paused. To have it created: "
            f"task-bridge resume {side.other}."
        )
        row = row_of(a_lone(side), is_carried_soon=True, paused=frozenset({side}))
        assert row.next == f"The next cycle creates it in {side.other.label}."


def test_a_kore_task_that_hides_fields_is_not_created_in_v2_while_kore_is_paused() -> None:
    hides = a_known(KORE, description=..., standing=Standing.NEW)
    lone = Lone(side=KORE, task_id=hides.task.id, known=hides)
    row = row_of(lone, is_carried_soon=True, paused=frozenset({KORE}))
    assert row.state is State.WAITING
    assert row.next.endswith("Kore is paused: task-bridge resume kore.")


def test_where_both_are_paused_one_command_ends_it() -> None:
    row = paused(PROBED["what goes to Kore"], KORE, V2)
    assert row.next.endswith("Kore is paused: task-bridge resume kore.")
    row = paused(PROBED["a field that the list shows"], KORE, V2)
    assert row.next.endswith("Both sides are paused: task-bridge resume.")


# --- beside a field that waits for a person ------------------------------------------------------

ODD = {"status": kore_status("", "Odd")}
BEGINS = "The field waits until a rule names the value; "


@pytest.mark.parametrize("side", SIDES)
def test_beside_a_value_without_a_counterpart_it_says_what_a_pause_holds_up(side: Side) -> None:
    pair = a_pair(kore=ODD)
    assert paused(pair).next == f"{BEGINS}the other fields are carried."
    row = paused(pair, side)
    assert row.state is State.UNMAPPED
    assert row.next == (
        f"{BEGINS}of the others nothing is written to {side.label} while it is paused: "
        f"task-bridge resume {side}."
    )


def test_beside_a_value_without_a_counterpart_nothing_is_carried_while_both_are_paused() -> None:
    row = paused(a_pair(kore=ODD), *SIDES)
    assert row.next == (
        f"{BEGINS}the others wait too, for both sides are paused: task-bridge resume."
    )
    hidden = paused(a_pair(kore={**ODD, **HIDES}), KORE)
    assert hidden.next == (
        f"{BEGINS}the others wait too, for Kore is paused: task-bridge resume kore."
    )


@pytest.mark.parametrize("side", SIDES)
def test_a_decision_waits_for_the_paused_side_that_it_is_written_to(side: Side) -> None:
    one, two = text("One"), text("Two")
    pair = a_pair(
        kore={"title": one},
        v2={"title": two},
        waits=(a_wait(WaitKind.CONFLICT, field=Field.TITLE, kore=one, v2=two, decided=side.other),),
    )
    assert paused(pair, side).next.endswith(f"task-bridge resume {side}.")
    assert paused(pair, side.other).next == "The next cycle writes it."
