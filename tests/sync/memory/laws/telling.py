"""What changes in the store is told, and what is told has changed: neither without the other."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bridge.domain.guard import GuardKind
from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind
from bridge.domain.operation import Outcome as Result
from bridge.domain.side import TaskId
from bridge.domain.task import Standing
from bridge.errors import KeyRefused, NotYet, OverBudget
from bridge.ports import Unit
from bridge.sync.desk import Desk
from tests.sync.memory.laws.witness import Seen
from tests.sync.memory.laws.words import is_clause

# Each line of the history with the event that says the same.
_BOTH: Mapping[str, str] = {
    "retried": "retried",
    "discarded": "discarded",
    "decided": "decided",
    "restored": "restored",
    "restore dropped": "restore_dropped",
    "found_again": "task_found_again",
}


def unlawful(desk: Desk, seen: Seen, unit: Unit) -> Iterator[str]:
    """What a run that has ended changed without a word, or said without a change."""
    gone = [one for one in seen.happened("gone") if one.link_id is not None]
    yield from _same("gone and event task_gone", len(gone), seen.told("task_gone"))
    altered = [one for one in seen.happened("altered") if "from" in one.details]
    yield from _same("altered and event altered", len(altered), seen.told("altered"))
    yield from _same("creates parked", seen.parked, seen.told("create_parked"))
    yield from _same("instructions", len(seen.closed), seen.told("instruction"))
    said = [one["outcome"] for one in seen.told("instruction")]
    if said != [outcome for outcome, _ in seen.closed]:
        yield f"instructions came to {seen.closed}, told {said}"
    yield from _of_conflicts(desk, seen)
    yield from _of_guards(seen)
    yield from _of_the_pair(desk, seen)
    yield from _of_sides(desk, seen, unit)
    yield from _of_batches(desk, seen)
    yield from _of_reports(desk, seen, unit)


def _of_reports(desk: Desk, seen: Seen, unit: Unit) -> Iterator[str]:
    """What came to nothing says why, in its report and in the history; what is there has a link."""
    refused = {(one.side, one.task_id) for one in seen.happenings if one.what == "refused"}
    came_to = {one.operation.link_id: one.outcome for one in unit.operations_of(desk.run_id)}
    for one in desk.tally.reports:
        operation, link_id = one.operation, one.operation.link_id
        if one.outcome is Result.FAILED and not is_clause(one.note):
            yield f"report: {operation.kind} failed, because {one.note!r}"
        if operation.kind is not OperationKind.CREATE:
            continue
        if one.outcome is Result.FAILED and came_to.get(link_id, Result.FAILED) is not one.outcome:
            yield f"report: a create failed, and the journal says {came_to[link_id]}"
        if one.outcome is Result.DROPPED and came_to.get(link_id) is Result.FAILED:
            yield "report: a create is dropped, and the journal says that it failed"
        if one.outcome in (Result.DONE, Result.UNCERTAIN) and link_id is None:
            yield f"report: a create of no link: {operation}"
        side = operation.side.other
        task_id = operation.task_id(side)
        known = unit.known(side, [str(task_id)]).get(TaskId(str(task_id)))
        is_failed = known is not None and known.standing is Standing.FAILED
        if one.outcome is Result.FAILED and is_failed and (side, task_id) not in refused:
            yield f"report: a create was refused, and the history does not say so: {refused}"


def at_any_time(seen: Seen) -> Iterator[str]:
    """The same, of what one transaction does: of instructions too, and of runs cut short."""
    for line, event in _BOTH.items():
        yield from _same(f"{line} and event {event}", len(seen.happened(line)), seen.told(event))
    yield from _of_links(seen)


def _same(what: str, count: int, told: list[Mapping[str, object]]) -> Iterator[str]:
    if count != len(told):
        yield f"{what}: {count}, and told {told}"


def _of_conflicts(desk: Desk, seen: Seen) -> Iterator[str]:
    written = Counter((one[0], one[1], one[2]) for one in seen.conflicts if one[3])
    told = Counter((one["link"], one["field"], one["winner"]) for one in seen.told("conflict"))
    if written != told:
        yield f"conflicts decided: {written}, and told {told}"
    if desk.tally.conflicts_decided != sum(told.values()):
        yield f"conflicts decided: {desk.tally.conflicts_decided}, and told {told}"


def _of_links(seen: Seen) -> Iterator[str]:
    """A link that gets another state has a line of its history that says why."""
    says = {
        LinkState.CREATING: {"create begun"},
        LinkState.LINKED: {"linked", "created", "found_again"},
        LinkState.MISSING: {"gone"},
        LinkState.REMOVED: {"removed", "linked"},
    }
    for link_id, before, after in seen.turned:
        lines = {one.what for one in seen.happenings if one.link_id == link_id}
        if before is not after and not lines & says[after] and after is not LinkState.REMOVED:
            yield f"link {link_id}: from {before} to {after}, and nothing says why: {lines}"


def _of_guards(seen: Seen) -> Iterator[str]:
    """A guard begins with a word and ends with one.

    That of a table stands from the change on, before it is known whether it hits anything.
    """
    for what, happened in (("guard_raised", True), ("guard_over", False)):
        told = Counter(
            (one["kind"], one["side"])
            for one in seen.told(what)
            if one["kind"] is not GuardKind.TABLE
        )
        true = Counter(place for place, holds in seen.guards if holds is happened)
        if told != true:
            yield f"{what}: told {told}, and were {true}"


def _of_the_pair(desk: Desk, seen: Seen) -> Iterator[str]:
    paused, ended = [], 0
    for before, after in seen.pairs:
        paused += [("paused", side) for side in after.paused if side not in before.paused]
        paused += [("resumed", side) for side in before.paused if side not in after.paused]
        has_ended = after.first_contact_ended_at is not None
        ended += has_ended and before.first_contact_ended_at is None
        if has_ended and not after.first_contact_how:
            yield "pair: it does not say how first contact ended"
    told = [(what, one["side"]) for what in ("paused", "resumed") for one in seen.told(what)]
    if Counter(paused) != Counter(told):
        yield f"pair: {paused}, told {told}"
    hows = [one["how"] for one in seen.told("first_contact_ended")]
    if len(hows) != (0 if desk.is_dry else ended):
        yield f"pair: first contact ended {ended} times, told {hows}"


def _of_sides(desk: Desk, seen: Seen, unit: Unit) -> Iterator[str]:
    swept = {one["side"] for one in seen.told("swept")}
    if swept != desk.swept:
        yield f"swept: {desk.swept}, told {swept}"
    for one in seen.told("swept"):
        last = unit.complete_sweeps(one["side"])[:1]
        is_it = bool(last) and last[0].rows == one["rows"]
        if one["is_complete"] and not is_it:
            yield f"swept: told {one}, and the last complete one is {last}"
    told = {(one["side"], one["reason"], one["kind"]) for one in seen.told("side_failed")}
    for side, error in desk.faults.items():
        state = unit.side_state(side)
        is_put_off = isinstance(error, NotYet) and str(error) == state.not_before_reason
        if (side, str(error), type(error).__name__) not in told and not is_put_off:
            yield f"{side} failed ({error}), told {told}"
        if not is_put_off and not isinstance(error, OverBudget):
            if (state.fault, state.is_refused) != (str(error), isinstance(error, KeyRefused)):
                yield f"{side} failed ({error}), noted {state.fault!r}"
            if state.failed_at is None:
                yield f"{side} failed ({error}), noted at no time"


def _of_batches(desk: Desk, seen: Seen) -> Iterator[str]:
    """Each job is one operation; what closes a survivor is in no batch that is told."""
    sent = sum(one["sent"] for one in seen.told("batch"))
    closes = [
        one
        for one in desk.tally.reports
        if one.operation.kind is OperationKind.UPDATE and one.operation.reason.endswith(" is gone")
    ]
    done = [one for one in desk.tally.reports if one.outcome is not Result.PLANNED]
    if not len(done) - len(closes) <= sent <= len(done):
        yield f"batches: {sent} sent, and {len(done)} reported"
