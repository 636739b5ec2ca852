"""What `report` sees: a survey of a bench's world, held to what is promised of every one."""

from collections.abc import Mapping
from datetime import datetime

from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import FINE, Reconciliation, Row, State
from bridge.domain.records import Heartbeat
from bridge.domain.side import SIDES, Side
from bridge.sync.remembered import remembered
from bridge.sync.survey import Survey, survey
from tests.sync.memory.bench import Bench

_NOT_OF_THE_PAIR = "calls"


def surveyed(bench: Bench, *, patience: float = 30.0, is_alive: bool = False) -> Survey:
    """A survey, which leaves the database and both sides as they are and tells of every task."""
    bench.clock.pass_time(30)
    before, writes = _stored(bench), [*bench.kore.writes, *bench.v2.writes]
    bench.desk = desk = bench.new_desk(is_dry=True)

    def alive(heartbeat: Heartbeat, now: datetime) -> bool:
        assert now >= heartbeat.started_at
        return is_alive

    found = survey(desk, patience, alive)
    assert _stored(bench) == before
    assert [*bench.kore.writes, *bench.v2.writes] == writes
    report = reconcile(found.world)
    for side in SIDES:
        service = bench.service(side)
        if found.world.is_whole[side]:
            listed = {*service.records} - service.left_out
            assert listed - service.rotten <= found.world.shown[side]
            assert report.totals.tasks(side) == len(listed) + bool(service.nameless)
    return found


def report_of(bench: Bench, *, is_alive: bool = False) -> Reconciliation:
    """Where every task stands."""
    return reconcile(surveyed(bench, is_alive=is_alive).world)


def row_of(report: Reconciliation, side: Side, task_id: str) -> Row:
    """The one row that a task stands in."""
    (found,) = [
        row for row in report.rows if task_id == (row.kore_id if side is Side.KORE else row.v2_id)
    ]
    return found


def states_of(report: Reconciliation) -> Mapping[State, int]:
    """The states that are not empty."""
    return {state: count for state, count in report.totals.states.items() if count}


def is_carried(row: Row) -> bool:
    """Whether nobody has to do anything about it."""
    return row.state in FINE


def _stored(bench: Bench) -> Mapping[str, list[str]]:
    return {name: rows for name, rows in bench.rows().items() if name != _NOT_OF_THE_PAIR}


def recalled(bench: Bench, *, is_alive: bool = False) -> Survey:
    """What the database alone knows: nobody is asked, nothing is changed, and it adds up."""
    before = bench.rows()
    bench.forget_calls()
    desk = bench.new_desk(is_dry=True)
    desk.services = {}
    found = remembered(desk, lambda heartbeat, now: is_alive)
    assert (bench.kore.calls, bench.v2.calls) == ([], [])
    assert bench.rows() == before
    assert found.last_read is not None
    report = reconcile(found.world)
    totals = report.totals
    assert sum(totals.states.values()) == len(report.rows)
    for side in SIDES:
        here = [row for row in report.rows if side in row.sides]
        assert totals.tasks(side) == len(here)
        ids = [row.kore_id if side is Side.KORE else row.v2_id for row in here]
        assert len({one for one in ids if one}) == sum(one is not None for one in ids)
        assert not {one for one in ids if one} - {*bench.service(side).ever, *_named(bench, side)}
    return found


def recall_of(bench: Bench, *, is_alive: bool = False) -> Reconciliation:
    """Where every task stood when it was last read."""
    return reconcile(recalled(bench, is_alive=is_alive).world)


def told(report: Reconciliation) -> list[tuple[object, ...]]:
    """What a report says of every task, in step or not; since when is left out."""
    return sorted(
        (str(row.state), str(row.kore_id), str(row.v2_id), row.reason, row.next, repr(row.fields))
        for row in report.rows
    )


def _named(bench: Bench, side: Side) -> set[str]:
    """The tasks that links name, whether anybody ever saw them."""
    return {str(view.link.task_id(side)) for view in bench.links()}
