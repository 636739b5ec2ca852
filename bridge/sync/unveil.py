"""Seeing every Kore task whole before anything is created there: what it hides may be a marker.

The first step of a backfill, for all tasks without a counterpart, in scope or not. It plans
probes and nothing else; a dry run tells them.
"""

from itertools import islice

from bridge.domain.plan import wants_probe
from bridge.domain.side import Side
from bridge.domain.task import Known
from bridge.ports import Unit
from bridge.sync.apply import Batch
from bridge.sync.desk import Desk
from bridge.sync.join import without_links
from bridge.sync.link import Admission, probe_of, refusal_of
from bridge.sync.plan import TASKS_AT_ONCE, Walk, add_probe

WHY = "first contact: its description may bear a marker"


def plan_probes(desk: Desk, walk: Walk, admission: Admission) -> Batch:
    """The next batch of probes of the walk; marks it as over when nothing is left."""
    batch = Batch()
    with desk.store.begin() as unit:
        rest = unit.unlinked(Side.KORE, after=walk.kore)
        unseen = (known for known in rest if _is_unseen(desk, unit, known))
        found = [*islice(unseen, TASKS_AT_ONCE)]
    for known in found:
        add_probe(desk, batch, probe_of(known, WHY))
    walk.is_over = not found
    if found:
        walk.move(Side.KORE, found[-1].task.id)
    return batch


def count_probes(desk: Desk) -> int:
    """How many Kore tasks without a counterpart only a probe can show whole."""
    with desk.store.begin() as unit:
        hiding = [one for one in unit.unlinked(Side.KORE) if wants_probe(one, desk.policy)]
        return len(without_links(unit, Side.KORE, hiding))


def _is_unseen(desk: Desk, unit: Unit, known: Known) -> bool:
    """Whether it hides something that matters, and this run has not tried in vain to see it."""
    if refusal_of(desk, known.task) or not wants_probe(known, desk.policy):
        return False
    return bool(without_links(unit, Side.KORE, [known]))
