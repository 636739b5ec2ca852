"""A pair before it is merged: what became of updates to it whose answer never came.

The poll that came first is the look, unless it showed a record that cannot be read. What the task
tells goes into the bases, and an update that could be looked at whole is settled: it arrived, or
it is planned anew by the merge.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bridge.domain.operation import Outcome
from bridge.domain.policy import Unobserved
from bridge.domain.recall import IS_WRITTEN, NOT_SHOWN, Fate, LostUpdate, is_decided, recall
from bridge.domain.side import SIDES, Field, OperationId, Side
from bridge.domain.values import UNSEEN
from bridge.ports import LinkView, Unit
from bridge.sync.desk import Desk
from bridge.sync.record import known_of
from bridge.sync.remember import Place, value_recalled

_WHY = "its answer never came; the task shows it"
_OUTCOMES = {True: "the task shows it", False: NOT_SHOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedBack:
    """A link with the bases that follow from the look, and what the open updates came to.

    `arrived` are the fields of which any update, open or given up, turned out to be written.
    """

    view: LinkView
    is_moved: bool = False
    fates: Mapping[OperationId, Mapping[Field, Fate]] = field(default_factory=dict)
    arrived: frozenset[Field] = frozenset()
    lost: Sequence[LostUpdate] = ()


def look_back(
    desk: Desk,
    view: LinkView,
    lost: Sequence[LostUpdate],
    skews: Mapping[Side, float],
    odd: Collection[tuple[Side, str]],
) -> LookedBack:
    """The link as it is to be merged; pure but for what the desk knows of who we are.

    `odd` are the tasks whose record cannot be read now.
    """
    read = [one for one in lost if (one.side, view.link.task_id(one.side)) not in odd]
    seen = [one for one in read if not one.is_open or _was_polled_since(desk, one)]
    if not seen or view.kore is None or view.v2 is None:
        return LookedBack(view=view)
    known = {Side.KORE: view.kore, Side.V2: view.v2}
    own_ids = {side: desk.vocabulary.self_ids(side) for side in SIDES}
    found = recall(view.link, known, seen, own_ids, skews)
    return LookedBack(
        view=replace(view, link=found.link),
        is_moved=found.link != view.link,
        fates=found.fates,
        arrived=found.arrived,
        lost=seen,
    )


def record_look(desk: Desk, unit: Unit, looked: LookedBack) -> None:
    """Keep the bases that moved, and settle what could be looked at."""
    if looked.is_moved:
        unit.save_link(replace(looked.view.link, changed_at=desk.clock.now()))
    if looked.arrived:
        unit.settle_written(looked.view.link.id, looked.arrived, desk.clock.now())
    for number, fates in looked.fates.items():
        has_arrived = any(fate in IS_WRITTEN for fate in fates.values())
        lost = next(one for one in looked.lost if one.id == number)
        _keep_what_was_replaced(desk, unit, looked, lost, fates)
        if is_decided(fates.values()):
            outcome = Outcome.DONE if has_arrived else Outcome.DROPPED
            unit.settle(number, outcome, _OUTCOMES[has_arrived], desk.clock.now())
        elif desk.policy.unobserved is not Unobserved.PROBE:
            note = "Kore's list hides what became of it"
            unit.settle(number, Outcome.UNCERTAIN, note, desk.clock.now())
        _remember(desk, unit, looked, lost, fates)


def _keep_what_was_replaced(
    desk: Desk,
    unit: Unit,
    looked: LookedBack,
    lost: LostUpdate,
    fates: Mapping[Field, Fate],
) -> None:
    """A value that lost a conflict and is not shown any more stays in the list: the write that
    told of nothing, for somebody has changed the field since, may have replaced it.
    """
    link_id, known = looked.view.link.id, known_of(looked.view, lost.side)
    begun = {
        one["field"]: one[str(lost.side)]
        for one in unit.conflicts_of(link_id)
        if one["settled_at"] is None and one["winner"] is lost.side.other
    }
    replaced = [
        name
        for name, fate in fates.items()
        if fate is Fate.NOTHING and name in begun and known
        if known.task.shown(name) != begun[name]
    ]
    if replaced:
        unit.settle_written(link_id, replaced, desk.clock.now())


def _was_polled_since(desk: Desk, one: LostUpdate) -> bool:
    polled_at = desk.polled_at.get(one.side)
    return polled_at is not None and one.sent_at is not None and polled_at > one.sent_at


def _remember(
    desk: Desk,
    unit: Unit,
    looked: LookedBack,
    lost: LostUpdate,
    fates: Mapping[Field, Fate],
) -> None:
    task_id, known = looked.view.link.task_id(lost.side), known_of(looked.view, lost.side)
    if task_id is None or known is None:
        raise ValueError("only a task that was seen tells what became of an update")
    place = Place(side=lost.side, task_id=task_id, link_id=looked.view.link.id, why=_WHY)
    told = []
    for name, fate in fates.items():
        shown = known.task.shown(name) if fate is Fate.ALTERED else UNSEEN
        if fate in IS_WRITTEN:
            sent = lost.values[name]
            told.append(value_recalled(str(fate), name, sent, shown, lost.id, place))
    unit.remember(told, desk.run_id, desk.clock.now())
