"""Tasks that an open create may have made: held until it is known what became of that create.

Where Kore hides the text, and so the marker, the title tells; where the text is shown and bears
no marker, people may have rewritten it (domain/unsure.py).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from bridge.domain import held
from bridge.domain.link import UNSAVED, Link, LinkState
from bridge.domain.operation import Journalled
from bridge.domain.side import Field, LinkId, OperationId, Side
from bridge.domain.task import Known, Standing
from bridge.domain.unsure import Unsure
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.recover import open_creates


def may_be_result(desk: Desk, known: Known) -> str:
    """Why a task without a link may be what an open create made; empty if it is not that."""
    # A copy: a create that ends meanwhile may change it.
    return _why(desk, known, tuple(desk.unsure.values()))


def leave_results(desk: Desk, unit: Unit, link: Link, why: str) -> None:
    """What is held as the possible result of that open create is left: nothing is made from it."""
    for left, one in _creating(unit):
        if one.id != link.id:
            continue
        for known in held_results(desk, unit, unsure_of(desk, unit, left)):
            unit.save_known([known.standing_as(Standing.LEFT, why)])
            unit.clear_due_task(known.task.side, known.task.id)


def _why(desk: Desk, known: Known, creates: Sequence[Unsure]) -> str:
    """Why the task may be what one of these made; empty if it is not that."""
    task = known.task
    unsure = [one for one in creates if one.side is task.side]
    own_ids = desk.vocabulary.self_ids(task.side)
    may_be = any(one.may_be(known, own_ids) for one in unsure)
    if Field.DESCRIPTION not in task.fields:
        is_named = bool(task.title) and any(one.is_named(task) for one in unsure)
        return held.MAY_BE_RESULT if is_named or may_be else ""
    return held.MAY_BE_UNMARKED if may_be else ""


def unsure_creates(desk: Desk, unit: Unit) -> dict[LinkId, Unsure]:
    """What is known of every create whose outcome is open, by its link."""
    return {link.id: unsure_of(desk, unit, left) for left, link in _creating(unit)}


def look_up_open_creates(desk: Desk) -> None:
    """Know them anew: another process may have had the lease, and left creates open."""
    with desk.store.begin() as unit:
        desk.unsure = unsure_creates(desk, unit)


def held_results(desk: Desk, unit: Unit, unsure: Unsure) -> list[Known]:
    """The tasks that are held because that create may have made them."""
    held_ones = [*unit.unlinked(unsure.side, (Standing.HELD,))]
    return [one for one in held_ones if held.is_of_create(one.why) and _why(desk, one, (unsure,))]


def unsure_of(desk: Desk, unit: Unit, left: Journalled) -> Unsure:
    """Under which title, and when by the service's clock, the create may have made a task."""
    side, title = left.operation.side, left.operation.values.get(Field.TITLE)
    skew = timedelta(seconds=unit.side_state(side).skew_seconds or 0.0)
    tolerance = timedelta(seconds=desk.rules.tolerance_seconds)
    return Unsure(
        side=side,
        title=title.key if title else "",
        # Some services tell whole seconds.
        since=(left.committed_at + skew - tolerance).replace(microsecond=0),
        until=left.settles_at and left.settles_at + skew + tolerance,
    )


def note_unsure(desk: Desk, unit: Unit, number: OperationId) -> None:
    """The outcome of that create is open from now on."""
    left = next(one for one in unit.open_operations() if one.id == number)
    unsure = unsure_of(desk, unit, left)
    with desk.lock:
        desk.unsure[left.operation.link_id or UNSAVED] = unsure


def count_unsure(unit: Unit) -> Counter[Side]:
    """How many creates are open of which nobody knows what became of them, by side."""
    return Counter(left.operation.side for left, _ in _creating(unit))


def forget_unsure(desk: Desk, unit: Unit, link: Link) -> None:
    """It is known what became of that create: what was held for it is decided."""
    if link.state is not LinkState.CREATING:
        return
    with desk.lock:
        desk.unsure.pop(link.id, None)
    side = Side.KORE if link.kore_id is None else Side.V2
    waiting = [one for one in unit.unlinked(side, (Standing.HELD,)) if held.is_of_create(one.why)]
    unit.mark_due(side, [one.task.id for one in waiting])


def _creating(unit: Unit) -> Iterator[tuple[Journalled, Link]]:
    """The creates for which a link still waits, with that link."""
    for left in open_creates(unit):
        view = unit.link(left.operation.link_id or UNSAVED)
        if view is not None and view.link.state is LinkState.CREATING:
            yield left, view.link
