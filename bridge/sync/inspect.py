"""The inspection behind `check`: both services asked, what they show held against the settings.

Takes a dry desk, gives findings. Nothing is written to either side; no probe is sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bridge.domain.advise import advise
from bridge.domain.agreement import Agreement
from bridge.domain.find_gaps import find_gaps, round_trips
from bridge.domain.finding import (
    FieldSight,
    Finding,
    Inspection,
    Proposal,
    RoundTrip,
    Suggestion,
    fail,
    ok,
    warn,
)
from bridge.domain.guard import NEXT
from bridge.domain.judge_list import (
    Calls,
    judge_backlink,
    judge_clock,
    judge_hidden,
    judge_list,
    sights_of,
)
from bridge.domain.missing_ids import judge_ids, missing_ids, suggest_ids
from bridge.domain.people import Twin
from bridge.domain.policy import Route
from bridge.domain.propose_people import judge_people, propose_people
from bridge.domain.sample import Sample
from bridge.domain.scope import Verdict, route_of
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.suggest import suggest
from bridge.domain.task import Task
from bridge.errors import ServiceError
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.examine import examine_side
from bridge.sync.guard import MOST_UNASKED_PROBES


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an inspection has to know beside the rules.

    `token_seconds`: how long a Kore token is good. `call_seconds`: how long Kore's limits make
    one call take. `named_ids`: the statuses and priorities of Kore whose id is configured.
    """

    token_seconds: float
    call_seconds: float
    named_ids: Mapping[Field, frozenset[str]] = field(default_factory=dict)


def inspect(desk: Desk, settings: Settings) -> Inspection:
    """Everything about the two services that a person should know before a first run."""
    with desk.store.begin() as unit:
        desk.vocabulary = unit.vocabulary()
        findings = list(_held_up(unit))
    samples: dict[Side, Sample] = {}
    for side in SIDES:
        try:
            samples[side] = examine_side(desk, side)
            findings.append(ok(f"{side.label} connection", "it answers to the key"))
        except ServiceError as error:
            findings.append(fail(f"{side.label} connection", str(error), advise(error)))
    proposals = propose_people(desk.vocabulary, desk.rules.mapping.twins)
    trips: list[RoundTrip] = []
    sights: list[FieldSight] = []
    for sample in samples.values():
        of_side = Looked(
            sample=sample,
            trips=tuple(round_trips(sample, desk.agreement)),
            sights=tuple(sights_of(sample, desk.agreement, desk.rules.policy)),
        )
        findings += _of_side(desk, of_side, settings)
        trips += of_side.trips
        sights += of_side.sights
    missing = _missing_ids(desk, trips, settings)
    findings += judge_ids(missing)
    if len(samples) == len(SIDES):
        findings += judge_people(desk.agreement, proposals)
    findings += _ways_into_kore(desk, samples)
    return Inspection(
        findings=tuple(findings),
        people=proposals,
        trips=tuple(trips),
        sights=tuple(sights),
        suggestions=(*_suggested(desk, samples, trips, proposals), *suggest_ids(missing)),
        is_refused=len(samples) < len(SIDES),
    )


def _missing_ids(
    desk: Desk, trips: Sequence[RoundTrip], settings: Settings
) -> Mapping[Field, Sequence[str]]:
    """Words of Kore that may have to be written, and of which no id is known."""
    if not desk.rules.policy.direction.may_write(Side.KORE):
        return {}
    return missing_ids(trips, desk.agreement, settings.named_ids)


def _suggested(
    desk: Desk,
    samples: Mapping[Side, Sample],
    trips: Sequence[RoundTrip],
    proposals: Sequence[Proposal],
) -> Iterator[Suggestion]:
    """Rows for what is unmapped, and for the people who will be once the proposed ones are not."""
    mapping, vocabulary = desk.rules.mapping, desk.vocabulary
    if mapping.matches_names:
        proposals = ()  # whoever has one name on both sides is matched without a row
    if proposals:
        twins = (*mapping.twins, *(Twin(one.kore, one.v2) for one in proposals))
        with_them = Agreement(replace(mapping, twins=twins), vocabulary)
        others = [one for one in trips if one.name is not Field.ASSIGNEE]
        people = [
            one
            for sample in samples.values()
            for one in round_trips(sample, with_them)
            if one.name is Field.ASSIGNEE
        ]
        trips = [*others, *people]
    yield from suggest(trips, desk.agreement, proposals)


def _held_up(unit: Unit) -> Iterator[Finding]:
    """What keeps the bridge from writing until a person says otherwise."""
    for guard in unit.guards():
        if guard.holds:
            held_up = "it stands, a person is needed, and nothing is written to either side"
            yield fail("guard", f"{held_up}: {guard.reason}", NEXT[guard.kind])
    for side in unit.pair_state().paused:
        found = "a person paused it: it is read, and nothing is written to it"
        yield warn(f"{side.label} pause", found, f"To write to it again: task-bridge resume {side}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was seen of one side, and what that means for the mapping."""

    sample: Sample
    trips: tuple[RoundTrip, ...]
    sights: tuple[FieldSight, ...]


def _of_side(desk: Desk, looked: Looked, settings: Settings) -> Iterator[Finding]:
    rules, sample = desk.rules, looked.sample
    seconds = settings.call_seconds if sample.side is Side.KORE else 0.0
    asks_from = MOST_UNASKED_PROBES if rules.asks_before_probing else None
    token_seconds = settings.token_seconds if sample.side is Side.KORE else 0.0
    yield judge_clock(sample, token_seconds, rules.tolerance_seconds)
    yield from judge_list(sample, seconds)
    calls = Calls(seconds=seconds, asks_from=asks_from)
    yield from judge_hidden(sample, looked.sights, rules.policy, calls)
    if sample.side is Side.KORE:
        yield from judge_backlink(sample, rules.policy, rules.tags_origin)
    yield from find_gaps(sample, desk.agreement, looked.trips)


# --- what is created in Kore ---------------------------------------------------------------------


def _ways_into_kore(desk: Desk, samples: Mapping[Side, Sample]) -> Iterator[Finding]:
    """Routes and requester: without them a v2 task gets no counterpart."""
    if not desk.rules.policy.direction.may_write(Side.KORE):
        return
    tasks = (
        [task for task in samples[Side.V2].tasks if not task.is_finished]
        if (Side.V2 in samples)
        else []
    )
    if Side.KORE in samples:
        for route in desk.rules.routes:
            yield _route(desk, route)
    unrouted = [task for task in tasks if _is_unrouted(desk, task)]
    if unrouted:
        yield fail(
            "kore.routes",
            f"{len(unrouted)} of {len(tasks)} unfinished v2 tasks fit no route, "
            f"{unrouted[0].name} for one: they are not created in Kore",
            "Add a [[kore.routes]] row, or a last one without conditions.",
        )
    elif not desk.rules.routes:
        yield warn("kore.routes", "there are none", "Without one no v2 task is created in Kore.")
    yield _requester(desk, tasks)


def _route(desk: Desk, route: Route) -> Finding:
    what = f"route to {route.case}"
    try:
        case = desk.services[Side.KORE].find_case(route.case)
    except ServiceError as error:
        return fail(what, str(error), advise(error))
    if case is None:
        return fail(what, "Kore shows no such case", "Name another case in kore.routes.")
    if case.is_closed:
        return fail(what, "the case is closed", "Open it, or name another one in kore.routes.")
    return ok(what, f"open: {case.name}" if case.name else "open")


def _is_unrouted(desk: Desk, task: Task) -> bool:
    return isinstance(route_of(task, desk.rules.routes, desk.vocabulary), Verdict)


def _requester(desk: Desk, tasks: list[Task]) -> Finding:
    what = "kore.requester"
    if desk.rules.requester is not None:
        return ok(what, "set")
    nobody = [
        task for task in tasks if not (task.facts.contact and task.facts.contact.is_reachable)
    ]
    next_ = 'Set kore.requester = { name = "…", email = "…" }.'
    if nobody:
        found = f"not set, and {len(nobody)} of {len(tasks)} unfinished v2 tasks name no contact"
        return fail(what, f"{found}: they are not created in Kore", next_)
    return warn(what, "not set: a v2 task without a contact is not created in Kore", next_)
