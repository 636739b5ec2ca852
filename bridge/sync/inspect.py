"""The inspection behind `check`: both services asked, what they show held against the settings.

Takes a dry desk, gives findings. Nothing is written to either side; no probe is sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bridge.domain.advise import advise
from bridge.domain.find_gaps import find_gaps
from bridge.domain.finding import Finding, Inspection, fail, ok, warn
from bridge.domain.guard import NEXT
from bridge.domain.judge_list import judge_backlink, judge_clock, judge_hidden, judge_list
from bridge.domain.policy import Route
from bridge.domain.propose_people import judge_people, propose_people
from bridge.domain.sample import Sample
from bridge.domain.scope import Verdict, route_of
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Task
from bridge.errors import ServiceError
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.examine import examine_side


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an inspection has to know beside the rules.

    `token_seconds`: how long a Kore token is good. `call_seconds`: how long Kore's limits make
    one call take.
    """

    token_seconds: float
    call_seconds: float


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
    for sample in samples.values():
        findings += _of_side(desk, sample, settings)
    if len(samples) == len(SIDES):
        findings += judge_people(desk.agreement, proposals)
    findings += _ways_into_kore(desk, samples)
    return Inspection(
        findings=tuple(findings), people=proposals, is_refused=len(samples) < len(SIDES)
    )


def _held_up(unit: Unit) -> Iterator[Finding]:
    """What keeps the bridge from writing until a person says otherwise."""
    for guard in unit.guards():
        if guard.holds:
            found = f"it stands, and nothing is written to either side: {guard.reason}"
            yield warn("guard", found, NEXT[guard.kind])
    for side in unit.pair_state().paused:
        found = "a person paused it: it is read, and nothing is written to it"
        yield warn(f"{side.label} pause", found, f"To write to it again: task-bridge resume {side}")


def _of_side(desk: Desk, sample: Sample, settings: Settings) -> Iterator[Finding]:
    rules = desk.rules
    token_seconds = settings.token_seconds if sample.side is Side.KORE else 0.0
    yield judge_clock(sample, token_seconds, rules.tolerance_seconds)
    yield from judge_list(sample)
    yield from judge_hidden(sample, desk.agreement, rules.policy, settings.call_seconds)
    if sample.side is Side.KORE:
        yield from judge_backlink(sample, rules.policy, rules.tags_origin)
    yield from find_gaps(sample, desk.agreement)


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
