"""The life of one task in plain words; pure, for any room that shows it.

Where it stands and what the next cycle does is judged as the reports judge it, so that the two
never disagree; what was done is told by `bridge/domain/story.py`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bridge.domain.advise_task import (
    NO_ADVICE,
    advise_link,
    advise_lone,
    advise_wait,
    while_held_up,
)
from bridge.domain.judge_pair import judge_pair, troubles_of
from bridge.domain.judge_task import judge_task
from bridge.domain.life import Advice, ConflictTold, Explanation, InWords, Life, WaitTold
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import OperationKind, OperationState, Wait, WaitKind
from bridge.domain.reconciled import Joined, Lone, Row
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.story import quoted, tell_story
from bridge.domain.tell_tasks import shown_by, tell_fields, tell_tasks
from bridge.domain.trouble import Trouble
from bridge.domain.values import UNSEEN, Shown


def explain(life: Life, in_words: InWords) -> Explanation:
    """Everything about one task. `in_words` writes a moment as those who read it want it."""
    row = _row(life)
    return Explanation(
        at=life.world.at,
        title=row.title,
        state=row.state,
        reason=row.reason,
        next=row.next,
        advice=_advice(life, row),
        standing=_standing(life),
        standing_since=_standing_since(life.link),
        link=life.link,
        is_due=life.is_due,
        due=_due(life),
        held_up=life.held_up,
        tasks=tuple(tell_tasks(life, in_words)),
        fields=tuple(tell_fields(life)),
        waits=tuple(_waits(life)),
        conflicts=tuple(_conflicts(life)),
        steps=tell_story(life, in_words),
        kept=_kept(life, in_words),
    )


def _row(life: Life) -> Row:
    if isinstance(life.about, Joined):
        return judge_pair(life.about, life.world)
    return judge_task(life.about, life.world)


def _advice(life: Life, row: Row) -> Advice:
    if isinstance(life.about, Joined):
        advice = advise_link(life.about.link, row.state)
    else:
        advice = advise_lone(life.about, life.removed)
    return while_held_up(advice) if row.is_held_up else advice


# --- where it stands -----------------------------------------------------------------------------


def _standing(life: Life) -> str:
    if isinstance(life.about, Lone):
        return "Its link was removed by a person." if life.removed else "It has no counterpart."
    link = life.about.link
    if link.state is LinkState.CREATING:
        to = Side.V2 if link.v2_id is None else Side.KORE
        return f"Its counterpart in {to.label} is being created."
    came = (
        f"the task in {link.origin.other.label} was created from the one in {link.origin.label}"
        if link.origin
        else "both tasks were there before the link"
    )
    state = "Linked, but one of the two is gone" if link.state is LinkState.MISSING else "Linked"
    return f"{state}; {came}."


def _standing_since(link: Link | None) -> datetime | None:
    """When the link was made; of a removed one, when it was removed: nothing touches it after."""
    if link is None:
        return None
    return link.changed_at if link.state is LinkState.REMOVED else link.created_at


def _due(life: Life) -> str:
    if any(one.state is OperationState.SENT for one in life.operations):
        return "A write of it is open: each cycle looks what became of it before anything else."
    if not life.is_due:
        return "Not due: nothing is to be looked at until something changes."
    if life.world.is_carried_soon:
        return "Due: the next cycle looks at it."
    return "Due: the next cycle looks at it, but no daemon is running."


def _kept(life: Life, in_words: InWords) -> str:
    """Whether the task is older than what is still remembered of it."""
    link, since = life.link, life.kept_since
    begun = link.created_at if link else None
    if since is None or begun is None or begun >= since:
        return ""
    return f"What was done before {in_words(since)} is no longer kept (history.keep_days)."


# --- what waits, and what was lost ---------------------------------------------------------------

# Where it is known what is to be written; anything else waits for a value, or for a person's word.
_WITH_VALUE = frozenset({WaitKind.FAILED, WaitKind.CASE_CLOSED, WaitKind.RESTORE})


def _waits(life: Life) -> Iterator[WaitTold]:
    about = life.about
    if isinstance(about, Lone):
        row = judge_task(about, life.world)
        for wait in about.waits:
            told = Trouble(
                state=row.state,
                reason=wait.reason,
                next=row.next,
                since=wait.since,
                is_held_up=row.is_held_up,
            )
            yield _wait(told, wait, about)
        return
    for trouble in troubles_of(about, life.world):
        yield _wait(trouble, _behind(trouble, about), about)


def _behind(trouble: Trouble, pair: Joined) -> Wait | None:
    """What is stored of it; a change that the next cycle carries waits for nothing."""
    if trouble.name is None:
        return next((one for one in pair.waits if one.reason == trouble.reason), None)
    return next((one for one in pair.waits if one.field is trouble.name), None)


def _wait(trouble: Trouble, wait: Wait | None, about: Joined | Lone) -> WaitTold:
    link = about.link if isinstance(about, Joined) else None
    probe = next((one for one in about.waits if one.operation is OperationKind.PROBE), None)
    kore, v2 = (shown_by(about, side, trouble.name) if trouble.name else UNSEEN for side in SIDES)
    advice = advise_wait(wait, link, probe) if wait else NO_ADVICE
    return WaitTold(
        state=trouble.state,
        reason=trouble.reason,
        next=trouble.next,
        advice=while_held_up(advice) if trouble.is_held_up else advice,
        id=wait.id if wait else None,
        name=trouble.name,
        side=wait.side if wait else None,
        kore=kore,
        v2=v2,
        value=wait.value if wait and wait.field and wait.kind in _WITH_VALUE else UNSEEN,
        since=trouble.since,
        attempts=wait.attempts if wait else 0,
        candidates=wait.candidates if wait else (),
    )


def _conflicts(life: Life) -> Iterator[ConflictTold]:
    """Those that are over; one that waits stands with what waits."""
    for one in life.conflicts:
        if one["settled_at"] is None:
            continue
        winner, name = one["winner"], one["field"]
        kore, v2 = one.get("kore", UNSEEN), one.get("v2", UNSEEN)
        yield ConflictTold(
            id=one["id"],
            name=name,
            kore=kore,
            v2=v2,
            rule=one["rule"],
            winner=winner,
            since=one["since"],
            settled_at=one["settled_at"],
            text=_decided(name, {Side.KORE: kore, Side.V2: v2}, winner, one["rule"]),
        )


def _decided(name: Field, shown: Mapping[Side, Shown], winner: Side | None, rule: str) -> str:
    if winner is None:
        return f"Both sides changed {name}; people made them alike."
    loser = winner.other
    return (
        f"Both sides changed {name}: {winner.label}'s {quoted(shown[winner])} won ({rule}), "
        f"{loser.label}'s {quoted(shown[loser])} was written over."
    )
