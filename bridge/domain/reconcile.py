"""Reconciliation: every task of both sides in exactly one state, and the totals of it; pure.

Takes the world as it was read, gives a row for each linked pair and each task without a link.
What a whole reading did not show is no task any more: its link is `missing`, and a task without
a link is left out. Totals are counted from the rows, and from the settled pairs, which are in
step and have none; so they add up.
"""

from collections import Counter
from collections.abc import Sequence

from bridge.domain.judge_pair import judge_pair
from bridge.domain.judge_task import judge_task
from bridge.domain.link import LinkState
from bridge.domain.reconciled import STATES, Reconciliation, Row, State, Totals, World
from bridge.domain.side import SIDES


def reconcile(world: World) -> Reconciliation:
    """Where every task stands; rows by state in the order of the contract, then by reference."""
    living = [one for one in world.joined if one.link.state is not LinkState.REMOVED]
    there = [one for one in world.lone if not world.is_absent(one.side, one.task_id)]
    rows = [
        *(judge_pair(one, world) for one in living),
        *(judge_task(one, world) for one in there),
    ]
    rows.sort(key=_place)
    return Reconciliation(at=world.at, rows=tuple(rows), totals=_totals(rows, len(living), world))


def _totals(rows: Sequence[Row], links: int, world: World) -> Totals:
    settled = Counter({State.IN_STEP: world.settled.pairs})
    states = settled + Counter(row.state for row in rows)
    sides = {
        side: settled + Counter(row.state for row in rows if side in row.sides) for side in SIDES
    }
    return Totals(
        links=links + world.settled.pairs,
        states={state: states[state] for state in STATES},
        by_side={side: {state: sides[side][state] for state in STATES} for side in SIDES},
    )


def _place(row: Row) -> tuple[int, str, str]:
    kore, v2 = row.kore_ref or row.kore_id or "", row.v2_ref or row.v2_id or ""
    return (STATES.index(row.state), kore, v2)
