"""Tasks without a link that may be what the bridge knew or made before, told by their title alone.

One has the title of a linked task which the last reading did not find: it may be that one, put
back under another id. The other has its title on both sides without a counterpart, and one may
have been made from the other: after a lost database, or where an old one was put back. Kore may
hide the description that bears the marker and not be asked, or people have rewritten it. Nothing
is created from either, and a person says what it is. What was finished is neither: a new task of
its title is a new task.
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
from bridge.sync.unmarked import may_have_lost_marker

_HIDDEN = "Kore hides whether one was made from the other."
_REWRITTEN = "the bridge may have made one from the other: its text was rewritten, marker and all."


def by_namesake(
    desk: Desk, unit: Unit, known: Known, *, includes_left: bool = False
) -> Verdict | None:
    """The task parked as ambiguous; None if there is no such namesake, or a person has decided.

    What a person left counts only where this run takes it up, too.
    """
    if is_wanted(unit, known):
        return None
    lost = _by_lost_namesake(desk, unit, known)
    return lost or _by_lone_namesake(desk, unit, known, includes_left=includes_left)


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


def _by_lone_namesake(
    desk: Desk, unit: Unit, known: Known, *, includes_left: bool
) -> Verdict | None:
    """By one across that has no counterpart either."""
    title = text_value(known.task.title or stand_in_of(known.task))
    if title is None or known.task.is_finished:
        return None
    others = [
        one
        for one in _of_that_name(unit, known.task.side.other, title)
        if not one.task.is_finished
        if includes_left or one.standing is not Standing.LEFT
    ]
    for why, may_be in ((_HIDDEN, _is_hidden_pair), (_REWRITTEN, _is_rewritten_pair)):
        alike = [one for one in others if may_be(desk, unit, *_in_order(known, one))]
        if found := [one for one in alike if not is_wanted(unit, one)]:
            return _parked(desk, unit, known, found, why)
    return None


def _of_that_name(unit: Unit, side: Side, title: Value) -> list[Known]:
    """The tasks without a link that have the title, or none and in Kore would be called so."""
    titled = unit.unlinked_titled(side, [title.key])
    called = unit.find_task(title.text) if side is Side.V2 else ()
    untitled = [one for one in called if stand_in_of(one.task)]
    return without_links(unit, side, [*titled, *untitled])


def _in_order(one: Known, other: Known) -> tuple[Known, Known]:
    """Kore's task first."""
    return (one, other) if one.task.side is Side.KORE else (other, one)


def _is_hidden_pair(desk: Desk, unit: Unit, kore: Known, v2: Known) -> bool:
    """Whether the bridge may have made the one in Kore from the one in v2, as far as is shown.

    Where Kore is probed its tasks are seen whole instead.
    """
    if desk.can_probe or Field.DESCRIPTION in kore.task.fields:
        return False
    own_ids, author = desk.vocabulary.self_ids(Side.KORE), kore.task.first_author
    is_anothers = author is not None and bool(own_ids) and author not in own_ids
    return not (is_anothers or _was_there_before(desk, unit, kore, v2))


def _is_rewritten_pair(desk: Desk, unit: Unit, kore: Known, v2: Known) -> bool:
    """Whether the bridge may have made one of them from the other, and its marker is gone."""
    return any(
        may_have_lost_marker(desk, unit, made) and not _was_there_before(desk, unit, made, origin)
        for made, origin in ((kore, v2), (v2, kore))
    )


def _was_there_before(desk: Desk, unit: Unit, made: Known, origin: Known) -> bool:
    """Whether a task is older than the one that it would have been made from."""
    at, origin_at = made.task.created_at, origin.task.created_at
    if at is None or origin_at is None:
        return False
    ahead = skew_between(unit) if origin.task.side is Side.V2 else -skew_between(unit)
    return at < origin_at - timedelta(seconds=ahead + desk.rules.tolerance_seconds)


def _parked(desk: Desk, unit: Unit, known: Known, found: Sequence[Known], why: str) -> Verdict:
    names = ", ".join(one.task.name for one in found)
    there = known.task.side.other.label
    reason = f"{names} of {there} has its name and no counterpart either, and {why}"
    return park(desk, unit, known, reason, found)
