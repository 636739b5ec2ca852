"""What a reconciliation looks at: links with what waits on them, tasks without one with their
standing.

Takes a dry desk after both sides were read; asks Kore at most whether cases are there and open,
and where nobody may be asked (`remembered_cases`) goes by what the last cycle was told of them.
What becomes of a task without a link is decided by the very step that a cycle decides with.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bridge.domain.backlink import named_by_tags
from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.reconciled import Joined, Lone
from bridge.domain.scope import ITS_CASE_CLOSED, Verdict, case_closed, no_such_case, way_into_kore
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Known, Standing, Task
from bridge.ports import LinkView, Unit
from bridge.sync.backlink import foresee_by_tags
from bridge.sync.create import place_for
from bridge.sync.desk import Desk
from bridge.sync.link import Admission, Wanted, decide_task
from bridge.sync.normalise import NAMELESS
from bridge.sync.probe import may_be_closed

_ONLY_A_PROBE = "and only a probe shows whether that is its counterpart."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """What is known of Kore's cases: whether a task's own takes no changes, and why there is no
    place for a v2 task (None if there is one).
    """

    is_closed: Callable[[Task], bool]
    no_place: Callable[[Known], Verdict | None]


WaitsOfTasks: TypeAlias = Mapping[tuple[Side, str], Sequence[Wait]]


def waits_of_tasks(waits: Sequence[Wait]) -> WaitsOfTasks:
    """What waits on single tasks, by side and id."""
    found: dict[tuple[Side, str], list[Wait]] = {}
    for wait in waits:
        if wait.task_id is not None:
            found.setdefault((wait.task_side, wait.task_id), []).append(wait)
    return found


def asked_cases(desk: Desk) -> Cases:
    """Kore is asked."""

    def no_place(known: Known) -> Verdict | None:
        place = place_for(desk, known.task)
        return place if isinstance(place, Verdict) else None

    return Cases(is_closed=lambda task: may_be_closed(desk, task), no_place=no_place)


def remembered_cases(desk: Desk) -> Cases:
    """Nobody is asked: what waits for a case, if anything, still does."""

    def no_place(known: Known) -> Verdict | None:
        rules = desk.rules
        way = way_into_kore(known.task, rules.routes, rules.requester, desk.vocabulary)
        if isinstance(way, Verdict):
            return way
        told = {no_such_case(way.route).why, case_closed(way.route).why, ITS_CASE_CLOSED}
        return Verdict(standing=known.standing, why=known.why) if known.why in told else None

    return Cases(is_closed=lambda task: True, no_place=no_place)


def joined_of(cases: Cases, view: LinkView, of_tasks: WaitsOfTasks) -> Joined:
    """A link with all that waits on it, on either of its tasks, or for its case."""
    ids = [(side, view.link.task_id(side)) for side in SIDES]
    extra = [wait for side, task_id in ids if task_id for wait in of_tasks.get((side, task_id), ())]
    waits_for_case = any(wait.kind is WaitKind.CASE_CLOSED for wait in view.waits)
    is_closed = waits_for_case and view.kore is not None and cases.is_closed(view.kore.task)
    return Joined(
        link=view.link,
        kore=view.kore,
        v2=view.v2,
        waits=(*view.waits, *extra),
        is_case_closed=is_closed,
    )


def lone_of(
    desk: Desk, cases: Cases, views: Sequence[LinkView], of_tasks: WaitsOfTasks
) -> Iterator[Lone]:
    """Every task without a living link, its standing decided as a cycle would decide it."""
    named = {(side, str(view.link.task_id(side))) for view in views for side in SIDES}
    with desk.store.begin() as unit:
        unlinked = [known for side in SIDES for known in unit.unlinked(side)]
    parked = foresee_by_tags(desk)
    with desk.store.begin() as unit:
        parted_at = _parted_at(unit, unlinked)
        by_tag = _with_links(unit, unlinked)
        decided = [_parked(one, parked) or _decided(desk, unit, cases, one) for one in unlinked]
        adopted = _with_links(unit, unlinked)
    for one in decided:
        place = (one.task.side, one.task.id)
        named.add(place)
        known = _joined(one, is_by_tag=place in by_tag) if place in adopted else one
        yield Lone(
            side=known.task.side,
            task_id=known.task.id,
            known=known,
            waits=tuple(of_tasks.get(place, ())),
            parted_at=parted_at.get(place),
            may_be=known.why if known.standing is Standing.NEW else "",
        )
    yield from _never_read(of_tasks, named)


def _with_links(unit: Unit, unlinked: Sequence[Known]) -> set[tuple[Side, str]]:
    """Those of the tasks that are linked by now, in the copy."""
    found: set[tuple[Side, str]] = set()
    for side in SIDES:
        links = unit.links_of(side, _ids(unlinked, side))
        living = [key for key, link in links.items() if link.state is not LinkState.REMOVED]
        found |= {(side, task_id) for task_id in living}
    return found


def _parted_at(unit: Unit, unlinked: Sequence[Known]) -> Mapping[tuple[Side, str], datetime | None]:
    """Of those whose link was removed: when."""
    return {
        (side, task_id): link.changed_at
        for side in SIDES
        for task_id, link in unit.links_of(side, _ids(unlinked, side)).items()
        if link.state is LinkState.REMOVED
    }


def _ids(known: Sequence[Known], side: Side) -> list[str]:
    return [one.task.id for one in known if one.task.side is side]


def _parked(known: Known, reasons: Mapping[tuple[Side, TaskId], str]) -> Known | None:
    """The task as its tags leave it to people; what a person left stays so."""
    why = reasons.get((known.task.side, known.task.id))
    if why is None or known.standing is Standing.LEFT:
        return None
    return known.standing_as(Standing.AMBIGUOUS, why)


def _decided(desk: Desk, unit: Unit, cases: Cases, known: Known) -> Known:
    """The task with the standing that it has now; NEW if a cycle would create its counterpart,
    with what may be that already.
    """
    choice = decide_task(desk, unit, known, Admission())
    if isinstance(choice, Verdict):
        return known.standing_as(choice.standing, choice.why)
    if known.standing is Standing.HELD:
        return known
    may_be = no_place = None
    if known.task.side is Side.V2:
        may_be = _may_be(known, choice)
        no_place = None if may_be else cases.no_place(known)
    if no_place is not None:
        return known.standing_as(no_place.standing, no_place.why)
    return known.standing_as(Standing.NEW, may_be or "")


def _may_be(known: Known, choice: Wanted) -> str:
    """Which task of Kore may be the v2 task's counterpart, where only a probe can tell."""
    if choice.operation.kind is not OperationKind.PROBE:
        return ""
    kore = choice.known.task
    if kore.id in named_by_tags(known.task):
        return f"Its tag names {kore.name} of Kore, {_ONLY_A_PROBE}"
    return f"{kore.name} of Kore has its name, {_ONLY_A_PROBE}"


def _joined(known: Known, *, is_by_tag: bool) -> Known:
    """A task that the next cycle, or a backfill, links to one that is there."""
    other, sign = known.task.side.other.label, "tag" if is_by_tag else "marker"
    return known.standing_as(Standing.LINKED, f"a {sign} joins it to a task of {other}")


def _never_read(of_tasks: WaitsOfTasks, named: set[tuple[Side, str]]) -> Iterator[Lone]:
    """Tasks of which nothing but an unreadable record was ever seen."""
    for (side, task_id), waits in of_tasks.items():
        if (side, task_id) not in named:
            known_id = None if task_id == NAMELESS else TaskId(task_id)
            yield Lone(side=side, task_id=known_id, waits=tuple(waits))
