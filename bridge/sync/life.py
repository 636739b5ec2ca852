"""Everything that the database knows of one task, found by either of its ids or references.

Takes a transaction; asks no service, takes no lease, writes nothing. Raises UsageError where a
name means nothing or more than one task.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.domain.agreement import Agreement
from bridge.domain.life import Advice, HeldUp, Life, Sight
from bridge.domain.link import Link, LinkState
from bridge.domain.reading import ProbeForm
from bridge.domain.reconciled import Joined, Lone, World
from bridge.domain.records import Happening
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.domain.task import Known, Standing, Task
from bridge.errors import UsageError
from bridge.ports import LinkView, Unit
from bridge.sync.clocks import skew_between
from bridge.sync.desk import Rules
from bridge.sync.join import WAS_REMOVED

_LONGEST_TITLE = 40
Tasks = Sequence[tuple[Side, TaskId]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a name means: a task, and the link that it has or that a person took from it."""

    side: Side
    task_id: TaskId
    link: Link | None = None
    title: str

    @property
    def joined(self) -> Link | None:
        """The link by which it has a counterpart, or is to have one; none once it was removed."""
        return self.link if self.link and self.link.state is not LinkState.REMOVED else None


def find_subject(unit: Unit, name: str) -> Subject:
    """The task that is called so, by id or reference. Raises UsageError if none or several are."""
    name = name.strip()
    if not name:
        raise UsageError("Name a task: the id or the reference of either one of a pair.")
    found = {_identity(one): one for one in _meant(unit, name)}
    if not found:
        raise UsageError(
            f"No task is known as {name}. Give the id or the reference of either task; "
            "task-bridge links list shows those of all pairs."
        )
    if len(found) > 1:
        ids = "; ".join(_in_words(one) for one in found.values())
        raise UsageError(f"{name} is the name of several tasks. Name one by its id: {ids}")
    return next(iter(found.values()))


def read_life(
    unit: Unit, subject: Subject, rules: Rules, now: datetime, *, is_carried_soon: bool
) -> Life:
    """All that is stored of a subject. `is_carried_soon`: a daemon is alive."""
    world = _world(unit, rules, now, is_carried_soon=is_carried_soon)
    view = unit.link(subject.joined.id) if subject.joined else None
    life = _of_task(unit, subject, world) if view is None else _of_pair(unit, view, world)
    return replace(
        life,
        kept_since=now - timedelta(days=rules.keep_days),
        held_up=tuple(_holding(unit, now)),
    )


# --- who is meant --------------------------------------------------------------------------------


def _meant(unit: Unit, name: str) -> list[Subject]:
    titles = {(one.task.side, one.task.id): one.task.title for one in unit.find_task(name)}
    found = []
    for side, task_id in dict.fromkeys([*titles, *((side, TaskId(name)) for side in SIDES)]):
        link = unit.links_of(side, [task_id]).get(task_id)
        if link or (side, task_id) in titles or unit.waits_on_task(side, task_id):
            title = titles.get((side, task_id), "")
            found.append(Subject(side=side, task_id=task_id, link=link, title=title))
    return found


def _identity(one: Subject) -> LinkId | tuple[Side, TaskId]:
    """A linked pair is one task; two tasks whose link was removed are two again."""
    return one.joined.id if one.joined else (one.side, one.task_id)


def _in_words(one: Subject) -> str:
    title = f" ({one.title[:_LONGEST_TITLE]})" if one.title else ""
    return f"{one.task_id} of {one.side.label}{title}"


# --- what is stored ------------------------------------------------------------------------------


def _of_pair(unit: Unit, view: LinkView, world: World) -> Life:
    link = view.link
    tasks = [(side, task_id) for side in SIDES if (task_id := link.task_id(side))]
    waits = [*view.waits, *(one for task in tasks for one in unit.waits_on_task(*task))]
    sights = _sights(unit, tasks)
    pair = Joined(
        link=link,
        kore=view.kore,
        v2=view.v2,
        waits=tuple(waits),
        is_case_closed=True,  # nobody is asked: what waits for its case, if anything, still does
    )
    told = Life(world=world, about=pair, sights=sights, is_due=unit.is_link_due(link.id))
    return _with_past(unit, told, tasks, link)


def _of_task(unit: Unit, subject: Subject, world: World) -> Life:
    side, task_id = subject.side, subject.task_id
    tasks = [(side, task_id)]
    known = unit.known(side, [task_id]).get(task_id)
    if subject.link is not None:
        # A file may name a task that was never read.
        known = known or Known(task=Task(side=side, id=task_id, fields={}, digest=""))
        known = known.standing_as(Standing.LEFT, WAS_REMOVED)
    lone = Lone(
        side=side,
        task_id=task_id,
        known=known,
        waits=tuple(unit.waits_on_task(side, task_id)),
        parted_at=subject.link.changed_at if subject.link else None,
    )
    told = Life(
        world=world,
        about=lone,
        removed=subject.link,
        sights=_sights(unit, tasks),
        is_due=unit.is_task_due(side, task_id),
    )
    return _with_past(unit, told, tasks, subject.link)


def _with_past(unit: Unit, life: Life, tasks: Tasks, link: Link | None) -> Life:
    """The same with what was done, for links that were dropped as well."""
    history = unit.story(tasks, link.id if link else None)
    return replace(
        life,
        history=tuple(history),
        operations=tuple(unit.operations_about(_links_in(history, link))),
        conflicts=tuple(unit.conflicts_of(link.id)) if link else (),
    )


def _links_in(history: Sequence[Happening], link: Link | None) -> set[LinkId]:
    found = {one.link_id for one in history if one.link_id is not None}
    return found | ({link.id} if link else set())


def _sights(unit: Unit, tasks: Tasks) -> dict[Side, Sight]:
    return {side: _sight(unit, side, task_id) for side, task_id in tasks}


def _sight(unit: Unit, side: Side, task_id: TaskId) -> Sight:
    last, under_way = unit.last_sweep(side), unit.open_sweep(side)
    was_in_it = any(
        one is not None and unit.was_seen(one.id, side, task_id) for one in (last, under_way)
    )
    hides = unit.side_state(side).hidden
    is_forgotten = task_id in unit.forgotten(side, [task_id])
    return Sight(sweep=last, was_in_it=was_in_it, list_hides=hides, is_forgotten=is_forgotten)


def _holding(unit: Unit, now: datetime) -> Iterator[HeldUp]:
    """What keeps everything from being written now, whatever the task."""
    for guard in unit.guards():
        if guard.holds:
            advice = Advice("Look into it, then confirm it.", ("task-bridge guard confirm",))
            yield HeldUp(text=f"A guard stands: {guard.reason}", since=guard.since, advice=advice)
    for side, since in unit.pair_state().paused.items():
        text = f"{side.label} is paused: it is read, and nothing is written to it."
        advice = Advice("To write to it again:", (f"task-bridge resume {side}",))
        yield HeldUp(text=text, since=since, advice=advice)
    for side in SIDES:
        state = unit.side_state(side)
        if state.not_before is not None and now < state.not_before:
            text = f"{side.label} is left alone for a while: {state.not_before_reason}"
            yield HeldUp(text=text, since=state.failed_at, until=state.not_before)


def _world(unit: Unit, rules: Rules, now: datetime, *, is_carried_soon: bool) -> World:
    takes_probes = unit.side_state(Side.KORE).probe_form is not ProbeForm.REFUSED
    return World(
        at=now,
        agreement=Agreement(rules.mapping, unit.vocabulary()),
        policy=rules.policy.in_force(takes_probes=takes_probes),
        shown={side: frozenset() for side in SIDES},
        is_whole=dict.fromkeys(SIDES, False),
        skew_seconds=skew_between(unit),
        is_first_contact=unit.pair_state().first_contact_ended_at is None,
        is_carried_soon=is_carried_soon,
        paused=frozenset(unit.pair_state().paused),
        is_guarded=any(guard.holds for guard in unit.guards()),
    )
