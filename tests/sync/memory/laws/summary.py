"""What a run says of itself is what was seen of it, what the journal has, and what the store holds.

The counts are made anew here, one by one, from what the port of the store shows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bridge.domain.link import LinkState
from bridge.domain.operation import (
    Journalled,
    Operation,
    OperationKind,
    OperationState,
    Wait,
    WaitKind,
)
from bridge.domain.operation import Outcome as Result
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Standing
from bridge.ports import Unit
from bridge.sync.cycle import Outcome
from bridge.sync.desk import Desk
from bridge.sync.tally import Report
from tests.sync.memory.laws.witness import Seen
from tests.sync.memory.laws.words import is_clause

KEYS = frozenset({
    "run_id", "kind", "dry_run", "read", "linked", "created", "updated", "conflicts", "failures",
    "unmapped", "unroutable", "requests", "seconds", "operations",
})  # fmt: skip
_OF_WAITS = {
    WaitKind.CONFLICT: "conflict",
    WaitKind.FAILED: "failed",
    WaitKind.UNMAPPED: "unmapped",
    WaitKind.RESTORE: "waiting",
    WaitKind.HELD: "waiting",
    WaitKind.CASE_CLOSED: "waiting",
    WaitKind.DRIFT: "drifted",
}


def unlawful(desk: Desk, seen: Seen, unit: Unit, outcome: Outcome) -> Iterator[str]:
    """What is not as promised in the summary of a run that has ended."""
    summary = outcome.summary
    if {*summary} - {"uncertain"} != KEYS:
        yield f"summary: its keys are {sorted(summary)}"
        return
    if (summary["run_id"], summary["dry_run"]) != (desk.run_id, desk.is_dry):
        yield f"summary: run {summary['run_id']} is {desk.run_id}, dry {summary['dry_run']}"
    waiting = [*unit.waits()]
    yield from _differ("summary", summary, _waiting(unit, waiting))
    yield from _differ("summary", summary, _work(seen, desk))
    yield from _of_reading(desk, seen, summary)
    yield from _differ("summary", {"uncertain": None, **summary}, _uncertain(unit))
    rows = [_row(one) for one in desk.tally.reports]
    if summary["operations"] != rows:
        yield f"summary: its operations are {summary['operations']}, and not {rows}"
    yield from _of_outcome(desk, unit, outcome)
    yield from _of_reports(desk)
    if not desk.is_dry:
        yield from _of_journal(desk, unit, summary)
        yield from _of_probes(desk, seen, unit)
        yield from _as_kept(desk, seen, unit, summary, waiting)


def _differ(what: str, said: Mapping[str, Any], true: Mapping[str, Any]) -> Iterator[str]:
    for name, value in true.items():
        if said.get(name) != value:
            yield f"{what}: {name} is {said.get(name)}, and should be {value}"


def _of_reading(desk: Desk, seen: Seen, summary: Mapping[str, Any]) -> Iterator[str]:
    """Each task that was read counts once: all that a whole sweep showed, and nothing unseen."""
    for side in SIDES:
        said = summary["read"][str(side)]
        most = sum(of is side for of, _ in seen.shown)
        least = sum(of is side for of, _ in seen.swept) if side in desk.swept else 0
        if not least <= said <= most:
            yield f"summary: {said} tasks read in {side}, and {least} to {most} were shown"


def _waiting(unit: Unit, waiting: list[Wait]) -> dict[str, int]:
    kinds = Counter(wait.kind for wait in waiting)
    return {
        "conflicts": kinds[WaitKind.CONFLICT],
        "failures": kinds[WaitKind.FAILED],
        "unmapped": kinds[WaitKind.UNMAPPED],
        "unroutable": _standing(unit, Standing.UNROUTABLE),
    }


def _standing(unit: Unit, *standings: Standing, sides: tuple[Side, ...] = SIDES) -> int:
    known = [one for side in sides for one in unit.unlinked(side)]
    return sum(one.standing in standings for one in known)


def _work(seen: Seen, desk: Desk) -> dict[str, Any]:
    """What the run did, by its lines of history and by what its calls brought."""
    done = Result.PLANNED if desk.is_dry else Result.DONE
    found = [one.operation for one in desk.tally.reports if one.outcome is done]
    return {
        "linked": len(seen.happened("linked")),
        "created": _by_side(found, OperationKind.CREATE),
        "updated": _by_side(found, OperationKind.UPDATE),
    }


def _by_side(operations: list[Operation], kind: OperationKind) -> dict[str, int]:
    sides = Counter(str(one.side) for one in operations if one.kind is kind)
    return {str(side): sides[str(side)] for side in SIDES}


def _uncertain(unit: Unit) -> dict[str, Any]:
    """Creates of which nobody knows what became of them; no key where there is none."""
    sides = Counter(
        str(one.operation.side) for one in unit.open_operations() if _is_open(unit, one)
    )
    found = {str(side): sides[str(side)] for side in SIDES}
    return {"uncertain": found if sides else None}


def _is_open(unit: Unit, one: Journalled) -> bool:
    operation = one.operation
    view = unit.link(operation.link_id) if operation.link_id is not None else None
    is_create = operation.kind is OperationKind.CREATE and one.parent_id is None
    return is_create and view is not None and view.link.state is LinkState.CREATING


def _row(report: Report) -> dict[str, Any]:
    operation = report.operation
    return {
        "side": operation.side.value,
        "kind": operation.kind.value,
        "kore_id": operation.kore_id,
        "v2_id": operation.v2_id,
        "fields": [name.value for name in operation.fields],
        "after_read": [name.value for name in operation.after_read],
        "reason": operation.reason,
        "outcome": report.outcome.value,
    }


def _of_outcome(desk: Desk, unit: Unit, outcome: Outcome) -> Iterator[str]:
    said = {
        "faults": dict(outcome.faults),
        "unlinked": outcome.unlinked,
        "held": outcome.held,
        "is_first_contact": outcome.is_first_contact,
        "guards": {(one.kind, one.side) for one in outcome.guards},
        "paused": outcome.paused,
    }
    pair = unit.pair_state()
    true = {
        "faults": desk.faults,
        "unlinked": _standing(unit, Standing.NEW),
        "held": _standing(unit, Standing.HELD),
        "is_first_contact": pair.first_contact_ended_at is None,
        "guards": {(one.kind, one.side) for one in unit.guards() if one.holds},
        "paused": {*pair.paused},
    }
    yield from _differ("outcome", said, true)
    for one in outcome.confirmed:
        if not (one.is_standing and one.items):
            yield f"outcome: {one} was confirmed, and stood for nothing"


def _of_journal(desk: Desk, unit: Unit, summary: Mapping[str, Any]) -> Iterator[str]:
    """Whatever counts as done was sent and settled in this run, or waits for its tag or look."""
    roots = [one for one in unit.operations_of(desk.run_id) if one.parent_id is None]
    for side in SIDES:
        mine = [one for one in roots if one.operation.side is side and _is_done(one)]
        creates = sum(one.operation.kind is OperationKind.CREATE for one in mine)
        updates = sum(one.operation.kind is OperationKind.UPDATE for one in mine)
        created, updated = summary["created"][str(side)], summary["updated"][str(side)]
        if not created <= creates:
            yield f"summary: {created} created in {side}, and the journal has {creates}"
        answered = [one for one in mine if _is_answered_update(one)]
        if not updated <= updates or (answered and not updated):
            yield f"summary: {updated} updated in {side}, and the journal has {updates}"


def _of_reports(desk: Desk) -> Iterator[str]:
    """What was not done says why; what was says nothing, or how."""
    for one in desk.tally.reports:
        what = f"summary: {one.operation.kind} to {one.operation.side}, {one.outcome}"
        is_done = one.outcome in (Result.DONE, Result.PLANNED)
        if is_done and one.note not in ("", "field by field", "in another form"):
            yield f"{what}: {one.note!r}"
        if not is_done and not is_clause(one.note):
            yield f"{what}: does not say why"


def _of_probes(desk: Desk, seen: Seen, unit: Unit) -> Iterator[str]:
    """A probe that counts as done was answered; what it showed whole stands in the history."""
    answered, silent = Counter[object](), Counter[object]()
    for one in unit.operations_of(desk.run_id):
        if one.operation.kind is OperationKind.PROBE and one.outcome is Result.DONE:
            about = (one.operation.kore_id, one.operation.link_id)
            answered[about] += 1
            silent[about] += bool(one.note)
    said = Counter[object](
        (one.operation.kore_id, one.operation.link_id)
        for one in desk.tally.reports
        if one.operation.kind is OperationKind.PROBE and one.outcome is Result.DONE
    )
    told = Counter[object]((one.task_id, one.link_id) for one in seen.happened("seen whole"))
    if not said <= answered:
        yield f"probes: {answered} were answered, and {said} are counted"
    if told != said - silent:
        yield f"probes: {said} are counted, {silent} showed nothing, and told are {told}"


def _is_done(one: Journalled) -> bool:
    is_seen_later = one.state is OperationState.SENT and one.outcome is Result.UNCERTAIN
    return one.outcome is Result.DONE or is_seen_later


def _is_answered_update(one: Journalled) -> bool:
    """Not one whose answer never came, and of which a look told that it was done."""
    is_update = one.operation.kind is OperationKind.UPDATE
    return is_update and one.outcome is Result.DONE and not one.note


def _as_kept(
    desk: Desk, seen: Seen, unit: Unit, summary: Mapping[str, Any], waiting: list[Wait]
) -> Iterator[str]:
    """What is kept of the run, and told, is the same."""
    run = unit.last_run()
    if run is not None and run.id > desk.run_id:
        return  # another run began later and ended before: its own end was looked at
    if run is None or run.id != desk.run_id or run.ended_at is None:
        yield f"runs: the last one is {run}"
        return
    totals = _totals(unit, waiting) if desk.swept else {}
    is_idle = not (summary["linked"] or summary["operations"] or totals)
    kept = {**summary, "operations": len(summary["operations"]), "is_idle": is_idle}
    if dict(run.summary) != kept:
        yield f"runs: {dict(run.summary)} is kept, and not {kept}"
    if dict(run.totals) != totals:
        yield f"runs: the totals are {dict(run.totals)}, and should be {totals}"
    if seen.told("cycle") != [kept]:
        yield f"event cycle: {seen.told('cycle')}, and not {kept}"
    spent = (run.ended_at - run.started_at).total_seconds()
    if run.kind != summary["kind"] or not spent - 0.001 <= summary["seconds"] <= spent + 0.1:
        yield f"runs: {run.kind}, {spent} seconds; said {summary['kind']}, {summary['seconds']}"


def _totals(unit: Unit, waiting: list[Wait]) -> dict[str, int]:
    """How everything stands, counted one by one; a kind of wait only where it is there."""
    links = [view.link for view in unit.all_links()]
    held_up = {wait.link_id for wait in waiting}
    in_step = [
        one
        for one in links
        if one.state is LinkState.LINKED and one.id not in held_up and not unit.is_link_due(one.id)
    ]
    # A task on hold is among the undecided ones, and not a second time among what waits.
    counted = [one for one in waiting if one.kind is not WaitKind.HELD or one.task_id is None]
    undecided = (Standing.NEW, Standing.HELD)
    outside = (Standing.OUT_OF_SCOPE, Standing.FINISHED, Standing.LEFT)
    return {
        "links": sum(one.state is not LinkState.REMOVED for one in links),
        "in_step": len(in_step),
        "missing": sum(one.state is LinkState.MISSING for one in links),
        "duplicate": _standing(unit, Standing.DUPLICATE),
        "unroutable": _standing(unit, Standing.UNROUTABLE),
        "out_of_scope": _standing(unit, *outside),
        "only_kore": _standing(unit, *undecided, sides=(Side.KORE,)),
        "only_v2": _standing(unit, *undecided, sides=(Side.V2,)),
        **Counter(_OF_WAITS[wait.kind] for wait in counted),
    }
