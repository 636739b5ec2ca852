"""A task without a link that has the title of a linked one which the last reading did not find.

It may be that one, put back under another id: nothing is created from it, and a person says what
it is. One that was finished is not put back; a new task of its title is a new task.
"""

from bridge.domain.scope import Verdict
from bridge.domain.side import Field
from bridge.domain.task import Known, Standing
from bridge.ports import Unit
from bridge.sync.alike import is_wanted, park
from bridge.sync.desk import Desk


def by_lost_namesake(desk: Desk, unit: Unit, known: Known) -> Verdict | None:
    """The task parked as ambiguous; None if there is no such namesake, or a person has decided."""
    title = known.task.fields.get(Field.TITLE)
    if title is None or is_wanted(unit, known):
        return None
    side = known.task.side
    lost = [one for one in unit.unseen_titled(side, [title.key]) if not one.task.is_finished]
    if not lost:
        return None
    names = ", ".join(one.task.name for one in lost)
    why = (
        f"{names} of {side.label}, which has a counterpart, had its title and is not shown any "
        "more: it may be that one under another id."
    )
    park(desk, unit, known, why, lost)
    return Verdict(standing=Standing.AMBIGUOUS, why=why)
