"""Tasks without a link that may be what the bridge knew or made before, told by their title alone.

One has the title of a linked task which the last reading did not find: it may be that one, put
back under another id. The other has its title on both sides without a counterpart, while Kore
hides the description that bears the marker and may not be asked: after a lost database, or where
an old one was put back, the task of Kore may have been made from that of v2. Nothing is created
from either, and a person says what it is. What was finished is neither: a new task of its title
is a new task.
"""

from collections.abc import Sequence
from datetime import timedelta

from bridge.domain.create import stand_in_of
from bridge.domain.scope import Verdict
from bridge.domain.side import Field, Side
from bridge.domain.task import Known, Standing
from bridge.domain.values import Value, text_value
from bridge.ports import Unit
from bridge.sync.alike import is_wanted, park
from bridge.sync.clocks import skew_between
from bridge.sync.desk import Desk
from bridge.sync.join import without_links


def by_namesake(desk: Desk, unit: Unit, known: Known) -> Verdict | None:
    """The task parked as ambiguous; None if there is no such namesake, or a person has decided."""
    if is_wanted(unit, known):
        return None
    return _by_lost_namesake(desk, unit, known) or _by_veiled_namesake(desk, unit, known)


def _by_lost_namesake(desk: Desk, unit: Unit, known: Known) -> Verdict | None:
    title = known.task.fields.get(Field.TITLE)
    if title is None:
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
    return park(desk, unit, known, why, lost)


def _by_veiled_namesake(desk: Desk, unit: Unit, known: Known) -> Verdict | None:
    """Where Kore is probed its tasks are seen whole instead."""
    title = text_value(known.task.title or stand_in_of(known.task))
    if title is None or desk.can_probe or known.task.is_finished:
        return None
    others = _of_that_name(unit, known.task.side.other, title)
    found = [one for one in others if _may_be(desk, unit, known, one)]
    return _parked(desk, unit, known, found) if found else None


def _of_that_name(unit: Unit, side: Side, title: Value) -> list[Known]:
    """The tasks without a link that have the title, or none and in Kore would be called so."""
    titled = unit.unlinked_titled(side, [title.key])
    called = [one for one in unit.find_task(title.text) if one.task.side is side]
    untitled = [one for one in called if stand_in_of(one.task)]
    return without_links(unit, side, [*titled, *untitled])


def _may_be(desk: Desk, unit: Unit, one: Known, other: Known) -> bool:
    """Whether the bridge may have made the one in Kore from the one in v2, as far as is shown."""
    kore, v2 = (one, other) if one.task.side is Side.KORE else (other, one)
    if Field.DESCRIPTION in kore.task.fields or other.task.is_finished:
        return False
    own_ids, author = desk.vocabulary.self_ids(Side.KORE), kore.task.first_author
    is_anothers = author is not None and bool(own_ids) and author not in own_ids
    if is_anothers or other.standing is Standing.LEFT:
        return False
    return not _was_there_before(desk, unit, kore, v2)


def _was_there_before(desk: Desk, unit: Unit, kore: Known, v2: Known) -> bool:
    """Whether the task of Kore is older than the one that it would have been made from."""
    made, origin = kore.task.created_at, v2.task.created_at
    if made is None or origin is None:
        return False
    seconds = skew_between(unit) + desk.rules.tolerance_seconds
    return made < origin - timedelta(seconds=seconds)


def _parked(desk: Desk, unit: Unit, known: Known, found: Sequence[Known]) -> Verdict:
    names = ", ".join(one.task.name for one in found)
    why = (
        f"{names} of {known.task.side.other.label} has its name and no counterpart either, and "
        "Kore hides whether one was made from the other."
    )
    return park(desk, unit, known, why, found)
