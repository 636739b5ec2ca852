"""Tasks that the bridge may have made and that bear no marker any more: people rewrote their text.

The author tells. Where nobody knows under which name the bridge's writes appear, as after a lost
database, somebody who made other tasks with a marker is taken for the bridge.
"""

from bridge.domain.create import is_touched
from bridge.domain.side import Field
from bridge.domain.task import Known, Task
from bridge.ports import Unit
from bridge.sync.desk import Desk


def may_have_lost_marker(desk: Desk, unit: Unit, known: Known) -> bool:
    """Whether a task without a link, seen whole, may be one whose marker people took away."""
    task = known.task
    is_bare = Field.DESCRIPTION in task.fields and task.marker is None
    return is_bare and is_touched(known) and _may_be_own(desk, unit, task)


def _may_be_own(desk: Desk, unit: Unit, task: Task) -> bool:
    own_ids, author = desk.vocabulary.self_ids(task.side), task.first_author
    is_known = bool(own_ids) and author is not None
    if is_known and author not in own_ids:
        return False
    pair = unit.pair_state()
    lasts = pair.first_contact_ended_at is None
    if is_known and not lasts:
        return True
    # The user of a key may be a person, too: where the bridge never was before, it made nothing.
    place = (task.side, author)
    if place not in desk.makers:
        desk.makers[place] = unit.has_made(*place, before=pair.begun_at if lasts else None)
    return desk.makers[place]
