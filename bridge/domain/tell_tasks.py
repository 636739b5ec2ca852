"""The tasks of a life and their fields: what they are called, show, hide, and when they were seen.

A poll shows only what changed and leaves no mark, so a task was surely there when a reading of
everything showed it or a write to it was answered.
"""

from collections.abc import Iterator
from datetime import datetime

from bridge.domain.life import FieldTold, InWords, Life, Sight, TaskTold
from bridge.domain.link import NO_BASE, FieldBase
from bridge.domain.reconciled import Joined, Lone
from bridge.domain.side import SIDES, Field, Side, TaskId
from bridge.domain.task import Known
from bridge.domain.values import UNSEEN, Shown


def tell_tasks(life: Life, in_words: InWords) -> Iterator[TaskTold]:
    """The task, or both tasks of a pair, with when each was last seen."""
    about = life.about
    if isinstance(about, Lone):
        yield _task(life, about.side, about.task_id, about.known, in_words)
        return
    for side in SIDES:
        yield _task(life, side, about.link.task_id(side), about.known(side), in_words)


def _task(
    life: Life, side: Side, task_id: TaskId | None, known: Known | None, in_words: InWords
) -> TaskTold:
    sight = life.sights.get(side, Sight())
    if known is None:
        seen = "It was never read." if task_id else "There is none."
        return TaskTold(side=side, id=task_id, seen=seen, list_hides=sight.list_hides)
    task = known.task
    case = task.container
    seen_at = max(filter(None, (_swept_at(sight), known.written_at)), default=None)
    return TaskTold(
        side=side,
        id=task_id,
        ref=task.ref,
        title=task.title,
        case=" ".join(filter(None, (case.ref or case.id, case.name))) if case else "",
        created_at=task.created_at,
        changed_at=task.changed_at,
        written_at=known.written_at,
        seen_at=seen_at,
        seen=_seen(known, sight, in_words),
        hidden=task.hidden,
        list_hides=sight.list_hides,
        is_forgotten=sight.is_forgotten,
    )


def _swept_at(sight: Sight) -> datetime | None:
    return sight.sweep.started_at if sight.sweep and sight.was_in_it else None


def _seen(known: Known, sight: Sight, in_words: InWords) -> str:
    """When it was last surely there; a poll shows only what changed."""
    sweep, created_at = sight.sweep, known.task.created_at
    if known.gone_at is not None:
        return f"It was found to be gone at {in_words(known.gone_at)}."
    if sweep is None or sweep.started_at is None:
        return "Its side has not been read to its end yet."
    at = in_words(sweep.completed_at or sweep.started_at)
    if created_at is not None and created_at >= sweep.started_at:
        return f"A poll showed it; it is newer than the last reading of everything, {at}."
    if sight.was_in_it:
        return f"The last reading of everything, which ended {at}, or a poll since showed it."
    return f"The last reading of everything, which ended {at}, did not show it."


# --- its fields ----------------------------------------------------------------------------------


def tell_fields(life: Life) -> Iterator[FieldTold]:
    """Every field as both sides show it, with what was last agreed."""
    about = life.about
    for name in Field:
        base = about.link.base(name) if isinstance(about, Joined) else NO_BASE
        notes = tuple(_notes(name, about, base, life)) if isinstance(about, Joined) else ()
        kore, v2 = shown_by(about, Side.KORE, name), shown_by(about, Side.V2, name)
        yield FieldTold(name=name, kore=kore, v2=v2, base=base, notes=notes)


def shown_by(about: Joined | Lone, side: Side, name: Field) -> Shown:
    """What a side shows of a field; unseen where it has no such task."""
    known = about.known(side) if isinstance(about, Joined) else about.known
    return known.task.shown(name) if known and known.task.side is side else UNSEEN


def _notes(name: Field, pair: Joined, base: FieldBase, life: Life) -> Iterator[str]:
    if name not in life.world.agreement.fields:
        yield "It is not carried: no table of people says who is who."
    for side in SIDES:
        known = pair.known(side)
        if known is not None and name in known.task.hidden:
            yield f"What {side.label} shows now is hidden by its list."
    if base.carry is not None:
        yield f"After the create {base.carry.label}'s value is still to be carried."
    if base.absorbed is not None:
        yield (f"{base.absorbed.label} changed it to a value that agrees, so nothing was written.")
    if name is Field.TITLE and pair.link.stand_in:
        yield f"Kore calls it “{pair.link.stand_in}”, since v2 has no title."
