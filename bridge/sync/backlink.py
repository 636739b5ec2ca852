"""Links made good by the tags of v2 tasks, where Kore hides the description that bears the marker.

Read before anything is created; by a backfill after every marker and probe. What the tags
leave open is parked with all ids: nothing is created from it until a person decides.
"""

from collections.abc import Sequence

from bridge.domain.backlink import choose_origin, named_by_tags
from bridge.domain.side import SIDES, Field, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.ports import Unit
from bridge.sync.alike import park
from bridge.sync.desk import Desk
from bridge.sync.join import join, without_links

_UNSURE = (
    "The tags of {origins} name {kore} of Kore, and which of them it was created from cannot be "
    "told: its description is hidden, and not exactly one has its title."
)


def link_new_by_tags(desk: Desk) -> None:
    """Go by the tags in a cycle, where anything without a counterpart is due.

    What is new to an old database that was put back may have been linked before.
    """
    if desk.can_probe:
        return
    with desk.store.begin() as unit:
        is_veiled = Field.DESCRIPTION in unit.side_state(Side.KORE).hidden
        is_due = is_veiled and any(unit.due_tasks(side, 1) for side in SIDES)
    if is_due:
        link_by_tags(desk)


def link_by_tags(desk: Desk) -> None:
    """Link every Kore task that hides its description to the v2 task whose tag names it."""
    with desk.store.begin() as unit:
        claims = _claims(unit)
    for kore_id in claims:
        with desk.store.begin() as unit:
            kore = unit.known(Side.KORE, [kore_id]).get(kore_id)
            tagged = _still_free(unit, claims[kore_id])
            if kore is not None and tagged and _counts(desk, unit, kore, tagged):
                _decide(desk, unit, kore, tagged)


def _claims(unit: Unit) -> dict[TaskId, list[Known]]:
    """The unlinked v2 tasks by the Kore task that a tag of theirs names."""
    found: dict[TaskId, list[Known]] = {}
    for known in unit.tagged():
        for kore_id in named_by_tags(known.task):
            found.setdefault(kore_id, []).append(known)
    return found


def _still_free(unit: Unit, tagged: Sequence[Known]) -> list[Known]:
    known = unit.known(Side.V2, [one.task.id for one in tagged])
    return without_links(unit, Side.V2, [*known.values()])


def _counts(desk: Desk, unit: Unit, kore: Known, tagged: Sequence[Known]) -> bool:
    """Whether tags say what became of the task: its marker cannot be seen, and it is asked for."""
    if Field.DESCRIPTION in kore.task.fields or not without_links(unit, Side.KORE, [kore]):
        return False
    named = {(one.task.side, one.task.id) for one in (kore, *tagged)}
    return desk.only is None or bool(desk.only & named)


def _decide(desk: Desk, unit: Unit, kore: Known, tagged: Sequence[Known]) -> None:
    origin = choose_origin(kore.task, tagged, desk.vocabulary.self_ids(Side.KORE))
    if origin is None:
        _park(desk, unit, kore, tagged)
        return
    pair = {Side.KORE: kore.task.id, Side.V2: origin.task.id}
    why = f"the tag of {origin.task.name} names {kore.task.name}"
    join(desk, unit, pair, why, origin=Side.V2)


def _park(desk: Desk, unit: Unit, kore: Known, tagged: Sequence[Known]) -> None:
    names = ", ".join(one.task.name for one in tagged)
    reason = _UNSURE.format(origins=names, kore=kore.task.name)
    for known, others in ((kore, tagged), *((one, (kore,)) for one in tagged)):
        unit.save_known([known.standing_as(Standing.AMBIGUOUS, reason)])
        unit.clear_due_task(known.task.side, known.task.id)
        park(desk, unit, known, reason, others)
