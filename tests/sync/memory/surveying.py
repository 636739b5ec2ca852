"""What `report` sees: a survey of a bench's world, held to what is promised of every one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bridge.domain.overview import overview
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import FINE, Reconciliation, Row, State
from bridge.domain.records import Heartbeat
from bridge.domain.side import SIDES, Side
from bridge.sync.desk import Desk
from bridge.sync.remembered import remembered
from bridge.sync.settled import settled_links, settled_of
from bridge.sync.survey import Survey, Wanted, absent_by, survey
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

    found = survey(desk, patience, alive, Wanted(every_row=True))
    assert _stored(bench) == before
    assert [*bench.kore.writes, *bench.v2.writes] == writes
    report = reconcile(found.world)
    for side in SIDES:
        service = bench.service(side)
        if found.world.is_whole[side]:
            listed = {*service.records} - service.left_out
            assert listed - service.rotten <= found.world.shown[side]
            assert report.totals.tasks(side) == len(listed) + bool(service.nameless)
    assert_tells_the_same(_counting(desk, found), found)
    return found


def assert_tells_the_same(short: Survey, whole: Survey) -> None:
    """Settled pairs that are counted and not looked at change nothing that a reader is told."""
    mine, other = reconcile(short.world), reconcile(whole.world)
    assert mine.totals == other.totals
    assert mine.told == other.told
    assert mine.is_fine == other.is_fine
    assert overview(mine, short.world) == overview(other, whole.world)
    left_out = [row for row in other.rows if row not in mine.rows]
    assert len(left_out) == short.world.settled.pairs
    assert {row.state for row in left_out} <= {State.IN_STEP}
    assert (short.hidden, short.notes, short.trend) == (whole.hidden, whole.notes, whole.trend)
    assert short.is_blank == whole.is_blank


def _counting(desk: Desk, found: Survey) -> Survey:
    """The same with its settled pairs counted and not looked at."""
    world = found.world
    with desk.store.begin() as unit:
        links = settled_links(unit, desk.agreement.fields, absent_by(world.shown, world.is_whole))
        settled = settled_of(unit, links)
    joined = tuple(one for one in world.joined if one.link.id not in links)
    return replace(found, world=replace(world, joined=joined, settled=settled))


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
    found = remembered(desk, lambda heartbeat, now: is_alive, Wanted(every_row=True))
    twin = bench.new_desk(is_dry=True)
    twin.services = {}
    short = remembered(twin, lambda heartbeat, now: is_alive)
    short = replace(short, world=replace(short.world, at=found.world.at))
    assert_tells_the_same(short, found)
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
