"""Links made good by the tags of v2 tasks, where no marker tells.

Kore hides the description that bears it: the tags are read before anything is created; by a
backfill after every marker and probe. Or people have rewritten it: they are read for that task.
What they leave open is parked with all ids: nothing is created from it until a person decides.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from bridge.domain.backlink import choose_origin, named_by_tags
from bridge.domain.scope import Verdict
from bridge.domain.side import SIDES, Field, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.ports import Unit
from bridge.sync.alike import LINKED, is_wanted, park
from bridge.sync.desk import Desk
from bridge.sync.join import join, without_links
from bridge.sync.unmarked import may_have_lost_marker

_UNSURE = (
    "The tags of {origins} name {kore} of Kore, and which of them it was created from cannot be "
    "told: its marker is not shown, and not exactly one has its title."
)


def link_new_by_tags(desk: Desk) -> None:
    """Go by the tags in a cycle, where anything without a counterpart is due.

    What is new to an old database that was put back may have been linked before.
    """
    if desk.can_probe:
        return
    with desk.store.begin() as unit:
        is_due = _counts_now(desk, unit) and any(unit.due_tasks(side, 1) for side in SIDES)
    if is_due:
        link_by_tags(desk)


def foresee_by_tags(desk: Desk) -> Mapping[tuple[Side, TaskId], str]:
    """Make of the tags, in a copy, what the next cycle or backfill makes of them.

    Links are in the copy then; the tasks that it would park are given with the reason.
    """
    with desk.store.begin() as unit:
        is_veiled = _counts_now(desk, unit)
    parked = link_by_tags(desk) if is_veiled else ()
    return {(one.task.side, one.task.id): one.why for one in parked}


def _counts_now(desk: Desk, unit: Unit) -> bool:
    """Whether anything is gone by tags: nobody sees the markers in Kore."""
    return not desk.can_probe and Field.DESCRIPTION in unit.side_state(Side.KORE).hidden


def link_by_tags(desk: Desk, *, includes_left: bool = False) -> Sequence[Known]:
    """Link every Kore task that hides its description to the v2 task whose tag names it.

    What a person left counts if it `includes_left`; what a person wants created does not. Gives
    the tasks that were parked.
    """
    parked: list[Known] = []
    with desk.store.begin() as unit:
        claims = _claims(unit)
    for kore_id in claims:
        with desk.store.begin() as unit:
            named = unit.known(Side.KORE, [kore_id]).values()
            kore = _open(unit, Side.KORE, named, includes_left)
            tagged = _open(unit, Side.V2, _as_now(unit, claims[kore_id]), includes_left)
            if kore and tagged and _counts(desk, kore[0], tagged):
                is_own = kore[0].task.first_author in desk.vocabulary.self_ids(Side.KORE)
                parked += _decide(desk, unit, kore[0], tagged, is_own=is_own)
    return parked


def by_tag(desk: Desk, unit: Unit, known: Known, *, includes_left: bool) -> Verdict | None:
    """A task of Kore whose text was rewritten, marker and all, linked to the one that names it.

    Asked of either of the two; None if no tag says anything.
    """
    bare = [one for one in _named_with(unit, known) if may_have_lost_marker(desk, unit, one)]
    for kore in _open(unit, Side.KORE, bare, includes_left):
        claims = _claims_known(desk, unit).get(kore.task.id, ())
        tagged = _open(unit, Side.V2, _as_now(unit, claims), includes_left)
        if tagged:
            parked = _decide(desk, unit, kore, tagged, is_own=True)
            return _verdict(unit, known, parked)
    return None


def _named_with(unit: Unit, known: Known) -> Collection[Known]:
    """The task of Kore itself, or those that the tags of the v2 task name."""
    if known.task.side is Side.KORE:
        return (known,)
    named = named_by_tags(known.task)
    return unit.known(Side.KORE, named).values() if named else ()


def _verdict(unit: Unit, known: Known, parked: Sequence[Known]) -> Verdict | None:
    """What that came to for the task itself."""
    side, task_id = known.task.side, known.task.id
    for one in parked:
        if (one.task.side, one.task.id) == (side, task_id):
            return Verdict(standing=one.standing, why=one.why)
    return LINKED if task_id in unit.links_of(side, [task_id]) else None


def _claims(unit: Unit) -> dict[TaskId, list[TaskId]]:
    """The unlinked v2 tasks by the Kore task that a tag of theirs names."""
    found: dict[TaskId, list[TaskId]] = {}
    for known in unit.tagged():
        for kore_id in named_by_tags(known.task):
            found.setdefault(kore_id, []).append(known.task.id)
    return found


def _claims_known(desk: Desk, unit: Unit) -> Mapping[TaskId, Sequence[TaskId]]:
    """The same, looked up once for a batch of tasks."""
    if desk.claims is None:
        desk.claims = _claims(unit)
    return desk.claims


def _as_now(unit: Unit, tagged: Collection[TaskId]) -> Collection[Known]:
    return unit.known(Side.V2, tagged).values()


def _open(unit: Unit, side: Side, tasks: Iterable[Known], includes_left: bool) -> list[Known]:
    """Those without a link of which no person said what is to become of them."""
    undecided = [
        one
        for one in tasks
        if (includes_left or one.standing is not Standing.LEFT) and not is_wanted(unit, one)
    ]
    return without_links(unit, side, undecided)


def _counts(desk: Desk, kore: Known, tagged: Sequence[Known]) -> bool:
    """Whether tags say what became of the task: its marker cannot be seen, and it is asked for."""
    if Field.DESCRIPTION in kore.task.fields:
        return False
    named = {(one.task.side, one.task.id) for one in (kore, *tagged)}
    return desk.only is None or bool(desk.only & named)


def _decide(
    desk: Desk, unit: Unit, kore: Known, tagged: Sequence[Known], *, is_own: bool
) -> Sequence[Known]:
    """The task is linked; what is parked instead, where that cannot be told."""
    origin = choose_origin(kore.task, tagged, is_own=is_own)
    if origin is None:
        return _park(desk, unit, kore, tagged)
    pair = {Side.KORE: kore.task.id, Side.V2: origin.task.id}
    why = f"the tag of {origin.task.name} names {kore.task.name}"
    join(desk, unit, pair, why, origin=Side.V2)
    return ()


def _park(desk: Desk, unit: Unit, kore: Known, tagged: Sequence[Known]) -> Sequence[Known]:
    names = ", ".join(one.task.name for one in tagged)
    reason = _UNSURE.format(origins=names, kore=kore.task.name)
    parked = [one.standing_as(Standing.AMBIGUOUS, reason) for one in (kore, *tagged)]
    unit.save_known(parked)
    for known, others in ((kore, tagged), *((one, (kore,)) for one in tagged)):
        unit.clear_due_task(known.task.side, known.task.id)
        park(desk, unit, known, reason, others)
    return parked
