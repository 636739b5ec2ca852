"""Unlinked tasks: linked by their marker, created across, probed first, or told why not.

| the task | then |
| --- | --- |
| had its link removed by a person | stays apart |
| bears the marker of a task of the other side | linked to it, or a duplicate, or an orphan |
| is named by the marker of a free task | linked to that one |
| has lost its marker, and a tag tells | linked to that one, or parked |
| was left by a person | stays so |
| may be the result of a create whose outcome is open | a probe, or waits |
| is like one, or several, of the other side (`--match exact`) | linked, or parked |
| out of scope, finished | says so |
| first contact lasts and this is no backfill | waits |
| has the title of one that it may have been before, or across | parked, for a person to decide |
| it, or one of its name in Kore, hides what a create must know | a probe |
| everything else | a create |
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from bridge.domain import held
from bridge.domain.backlink import named_by_tags
from bridge.domain.create import (
    stand_in_of,
    values_for_create,
)
from bridge.domain.link import Link, LinkState
from bridge.domain.match import NO_MATCH, Match, choose, match_bearer
from bridge.domain.operation import Operation, OperationKind
from bridge.domain.plan import wants_probe
from bridge.domain.scope import Verdict, outside
from bridge.domain.side import Field, Side
from bridge.domain.task import Known, Standing, Task
from bridge.domain.values import text_value
from bridge.ports import Unit
from bridge.sync.adopt import adopt
from bridge.sync.alike import LINKED, by_its_like, is_wanted
from bridge.sync.backlink import by_tag
from bridge.sync.desk import Desk
from bridge.sync.foresee import unsure_of_create
from bridge.sync.join import WAS_REMOVED, without_links
from bridge.sync.namesake import by_namesake
from bridge.sync.unsure import may_be_result


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What this run may do about unlinked tasks.

    `creates` and `links` are false while first contact lasts and this is no backfill.
    `match_window`: how far apart two of equal title may have been created to be linked, None
    for no such match.
    `keeps_in_step` is false where only links are looked for: what is linked is left as it is.
    `tells_namesakes` parks what a create would be kept from by a namesake, also where none is made.
    `is_as_probed` plans as if every probe had been made (a dry run, after it has planned them).
    """

    creates: bool = True
    links: bool = True
    keeps_in_step: bool = True
    tells_namesakes: bool = False
    match_window: timedelta | None = None
    includes_finished: bool = False
    includes_left: bool = False
    is_as_probed: bool = False
    sides: tuple[Side, ...] = (Side.KORE, Side.V2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An operation that an unlinked task asks for. `known` is the task that it is about."""

    operation: Operation
    known: Known


Choice: TypeAlias = Wanted | Verdict

REMOVED = Verdict(standing=Standing.LEFT, why=WAS_REMOVED)
FIRST_CONTACT = Verdict(
    standing=Standing.NEW, why="First contact: only a backfill links and creates."
)
SENT_AGAIN = "its create was not applied and is sent again"
_VEILED = (
    "{count} of Kore's tasks without a counterpart got no answer to their probe, and one of them "
    "may be its counterpart. Run the backfill again."
)
NOT_IN_THIS_RUN = Verdict(standing=Standing.NEW, why="It is left to the next cycle.")


def decide_task(desk: Desk, unit: Unit, known: Known, admission: Admission) -> Choice:
    """What to do about one unlinked task; a link by marker is made here, in the transaction."""
    return (
        _apart(unit, known)
        or _by_marker(desk, unit, known, admission)
        or _by_its_bearer(desk, unit, known, admission)
        or _by_its_tag(desk, unit, known, admission)
        or _kept_apart(desk, known, admission)
        or _by_its_like(desk, unit, known, admission)
        or _outside(desk, known, admission)
        or _told_apart(desk, unit, known, admission)
        or _not_admitted(unit, known, admission)
        or by_namesake(desk, unit, known, includes_left=admission.includes_left)
        or (None if admission.is_as_probed else _probe_first(desk, unit, known))
        or _create(desk, unit, known, admission)
    )


def _apart(unit: Unit, known: Known) -> Verdict | None:
    """A task whose link was removed is left alone; one that was linked meanwhile is decided."""
    link = unit.links_of(known.task.side, [known.task.id]).get(known.task.id)
    if link is None:
        return None
    return REMOVED if link.state is LinkState.REMOVED else LINKED


def _by_marker(desk: Desk, unit: Unit, known: Known, admission: Admission) -> Verdict | None:
    """What the task's marker makes of it, or None if it bears none that counts."""
    match, origin = _marked(desk, unit, known)
    if match.standing is Standing.NEW:
        return None
    if match.standing is not Standing.LINKED or origin is None:
        return Verdict(standing=match.standing, why=match.why)
    side, task_id = origin.task.side, origin.task.id
    if not admission.links and task_id not in unit.links_of(side, [task_id]):
        return FIRST_CONTACT
    adopt(desk, unit, known, origin)
    return LINKED


def _by_its_bearer(desk: Desk, unit: Unit, known: Known, admission: Admission) -> Verdict | None:
    """Linked to the task that bears its marker, if one came before it and was an orphan."""
    found = _bearer_of(desk, unit, known)
    if found is None:
        return None
    if not admission.links:
        return FIRST_CONTACT
    adopt(desk, unit, found, known)
    return LINKED


def _by_its_tag(desk: Desk, unit: Unit, known: Known, admission: Admission) -> Verdict | None:
    """Linked by the tag of a task of v2, where people rewrote the marker away."""
    if not admission.links or is_wanted(unit, known):
        return None
    return by_tag(desk, unit, known, includes_left=admission.includes_left)


def _marked(desk: Desk, unit: Unit, known: Known) -> tuple[Match, Known | None]:
    """What a task's marker makes of it, and the task that the marker names."""
    marker = known.task.marker
    if marker is None or marker.side is known.task.side:
        return NO_MATCH, None
    origin = unit.known(marker.side, [marker.task_id]).get(marker.task_id)
    link = unit.links_of(marker.side, [marker.task_id]).get(marker.task_id)
    match = match_bearer(
        known,
        origin,
        link,
        _free(unit, known.task.side, unit.bearers(marker.side, marker.task_id), link),
        desk.vocabulary.self_ids(known.task.side),
    )
    return match, origin


def _free(unit: Unit, side: Side, bearers: Sequence[Known], link: Link | None) -> list[Known]:
    """The bearers that are not joined with another task than the one that their marker names."""
    links = unit.links_of(side, [one.task.id for one in bearers])
    return [one for one in bearers if links.get(one.task.id, link) == link]


def _bearer_of(desk: Desk, unit: Unit, known: Known) -> Known | None:
    """The task without a link that bears this one's marker, and counts."""
    side = known.task.side
    bearers = unit.bearers(side, known.task.id)
    if not bearers:
        return None
    linked = unit.links_of(side.other, [one.task.id for one in bearers])
    free = [one for one in bearers if one.task.id not in linked]
    return choose(known, free, desk.vocabulary.self_ids(side.other))


def _by_its_like(desk: Desk, unit: Unit, known: Known, admission: Admission) -> Verdict | None:
    """Linked to the one task that is like it; parked where several are, or were before.

    Not if a person said to create its counterpart.
    """

    def is_free(one: Known) -> bool:
        match, _ = _marked(desk, unit, one)
        is_claimed = match.standing is not Standing.NEW or _bearer_of(desk, unit, one) is not None
        return not (is_claimed or is_wanted(unit, one) or may_be_result(desk, one))

    if is_wanted(unit, known):
        return None
    return by_its_like(desk, unit, known, admission.match_window, is_free)


def _kept_apart(desk: Desk, known: Known, admission: Admission) -> Choice | None:
    """What a person left; what may be the result of a create whose outcome is open."""
    if known.standing is Standing.LEFT and not admission.includes_left:
        return Verdict(standing=Standing.LEFT, why=known.why)
    why = may_be_result(desk, known)
    is_hidden = why == held.MAY_BE_RESULT
    if not why or (is_hidden and admission.is_as_probed):
        return None
    if is_hidden and wants_probe(known, desk.policy):
        return probe_of(known, "it may be what an unanswered create made")
    return Verdict(standing=Standing.HELD, why=why)


def _told_apart(desk: Desk, unit: Unit, known: Known, admission: Admission) -> Verdict | None:
    """The namesake that a later create would meet; what a person left is not created from."""
    if not admission.tells_namesakes or known.standing is Standing.LEFT:
        return None
    return by_namesake(desk, unit, known, includes_left=admission.includes_left)


def _not_admitted(unit: Unit, known: Known, admission: Admission) -> Verdict | None:
    """What this run does not create: first contact waits for a backfill, the rest stays due."""
    if admission.creates and known.task.side in admission.sides:
        return None
    if known.standing is Standing.LEFT:
        return Verdict(standing=Standing.LEFT, why=known.why)
    lasts = unit.pair_state().first_contact_ended_at is None
    return FIRST_CONTACT if lasts and not is_wanted(unit, known) else NOT_IN_THIS_RUN


def _outside(desk: Desk, known: Known, admission: Admission) -> Verdict | None:
    """Why it gets no counterpart; None where that is open, for a probe would show it.

    What a person left stays so, whatever becomes of it.
    """
    verdict = _by_scope(desk, known, admission)
    if verdict is not None and known.standing is Standing.LEFT:
        return Verdict(standing=Standing.LEFT, why=known.why)
    return None if _is_held(verdict) and wants_probe(known, desk.policy) else verdict


def _by_scope(desk: Desk, known: Known, admission: Admission) -> Verdict | None:
    """Why it is out of scope; what was decided once, and only has to be sent again, is not."""
    scope, may_write = desk.rules.scope, desk.policy.direction.may_write(known.task.side.other)
    if known.why == SENT_AGAIN and may_write:
        return None
    if admission.includes_finished:
        scope = replace(scope, has_finished=True)
    return outside(known.task, scope, desk.policy.direction, desk.vocabulary)


def _is_held(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.standing is Standing.HELD


def _probe_first(desk: Desk, unit: Unit, known: Known) -> Choice | None:
    """The probe that must come before the create: of the task, or of one of its name in Kore."""
    if not desk.can_probe:
        return None
    if known.task.side is Side.KORE:
        hides = wants_probe(known, desk.policy)
        return _seen_or_held(desk, known, "its row hides what is needed") if hides else None
    return _namesake_first(desk, unit, known)


def _namesake_first(desk: Desk, unit: Unit, known: Known) -> Choice | None:
    """The probe of a task of Kore that may be the v2 task's counterpart already.

    Where the probe was refused in this cycle, both are on hold.
    """
    if desk.veiled:
        return Verdict(standing=Standing.HELD, why=_VEILED.format(count=desk.veiled))
    for namesake in without_links(unit, Side.KORE, [*_namesakes(unit, known.task)]):
        if wants_probe(namesake, desk.policy):
            may_be = f"it may be the counterpart of {known.task.name}"
            choice = _seen_or_held(desk, namesake, may_be)
            if isinstance(choice, Wanted):
                return choice
            why = f"{namesake.task.name} of Kore may be its counterpart, and cannot be seen whole: "
            return Verdict(standing=Standing.HELD, why=why + choice.why)
    return None


def _namesakes(unit: Unit, task: Task) -> Iterator[Known]:
    """The tasks of Kore that a tag of the v2 task names, and those that have its name."""
    yield from unit.known(Side.KORE, named_by_tags(task)).values()
    title = text_value(task.title or stand_in_of(task))
    if title is not None:
        yield from unit.unlinked_titled(Side.KORE, [title.key])


def _seen_or_held(desk: Desk, known: Known, reason: str) -> Choice:
    """A probe of the task, or what the one of this cycle came to."""
    refusal = refusal_of(desk, known.task)
    if refusal:
        return Verdict(standing=Standing.HELD, why=refusal)
    return probe_of(known, reason)


def refusal_of(desk: Desk, task: Task) -> str:
    """Why the task cannot be seen whole now; empty if that was not tried, or may be again."""
    is_tried = bool(desk.tries[probe_key(task)])
    return desk.refused.get((task.id, task.changed_at), "") if is_tried else ""


def probe_key(task: Task) -> str:
    """Under which name the probe of a task without counterpart is counted in a cycle."""
    return f"probe {task.id}"


def probe_of(known: Known, reason: str) -> Wanted:
    """The probe of a task without counterpart."""
    operation = Operation(
        side=Side.KORE,
        kind=OperationKind.PROBE,
        reason=reason,
        kore_id=known.task.id,
        fields=known.task.hidden,
        after_read=known.task.hidden,
    )
    return Wanted(operation=operation, known=known)


def _create(desk: Desk, unit: Unit, known: Known, admission: Admission) -> Wanted:
    task = known.task
    values = values_for_create(task, desk.agreement)
    unsure: tuple[Field, ...] = ()
    if desk.is_dry:
        is_open = _is_held(_by_scope(desk, known, admission))
        unsure = unsure_of_create(desk, unit, known, values, is_open=is_open)
    operation = Operation(
        side=task.side.other,
        kind=OperationKind.CREATE,
        reason=f"{task.name} of {task.side.label} has no counterpart",
        kore_id=task.id if task.side is Side.KORE else None,
        v2_id=task.id if task.side is Side.V2 else None,
        fields=tuple(name for name in Field if values.get(name) is not None or name in unsure),
        after_read=unsure,
        values=values,
    )
    return Wanted(operation=operation, known=known)
