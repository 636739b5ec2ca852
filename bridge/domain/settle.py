"""What counts after a write is what the service shows, for the fields that were written.

| the service shows | then |
| --- | --- |
| the value sent, or one that agrees with the origin's | done; the base is what it shows |
| the old value | ignored: a failure of that field |
| another one, in the answer or a read whose last author is the bridge | altered; the base is it |
| a beginning of the text sent | altered; the base is it |
| another one, by somebody else | done; theirs counts as a later change |
"""

from dataclasses import dataclass
from enum import StrEnum

from bridge.domain.link import FieldBase
from bridge.domain.relation import Relation, SameRelation
from bridge.domain.side import Side
from bridge.domain.values import UNSEEN, Observed, Shown, Unseen


class Effect(StrEnum):
    """What a service made of a value."""

    TAKEN = "taken"
    ALTERED = "altered"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One field that was written: what the origin shows, what was sent, what was there before.

    `after` is what the answer or a read after it shows; `is_own` says that the bridge was the
    last author then.
    """

    side: Side
    origin: Shown
    sent: Observed
    before: Shown
    after: Shown
    is_own: bool


def settle(written: Written, relation: Relation) -> tuple[Effect, FieldBase]:
    """What became of a written field, and its base from now on."""
    effect, shown = _effect(written, relation)
    base = FieldBase(table=relation.table)
    return effect, base.moved(written.side.other, written.origin).moved(written.side, shown)


def _effect(written: Written, relation: Relation) -> tuple[Effect, Shown]:
    after = written.after
    if isinstance(after, Unseen):
        return Effect.TAKEN, written.sent
    if after == written.sent or _agrees(written, after, relation):
        return Effect.TAKEN, after
    if written.before is not UNSEEN and after == written.before:
        return Effect.IGNORED, after
    is_text = isinstance(relation, SameRelation)  # a word or an id that begins another is another
    if written.is_own or (is_text and is_beginning(after, written.sent)):
        return Effect.ALTERED, after
    return Effect.TAKEN, written.sent


def _agrees(written: Written, after: Observed, relation: Relation) -> bool:
    origin = written.origin
    if isinstance(origin, Unseen):
        return False
    kore, v2 = (after, origin) if written.side is Side.KORE else (origin, after)
    if relation.gap(Side.KORE, kore) or relation.gap(Side.V2, v2):
        return False
    return relation.agrees(kore, v2) and relation.absorbs(written.side.other, kore, v2)


def is_beginning(after: Observed, sent: Observed) -> bool:
    """Whether a service cut the text that was sent."""
    return after is not None and sent is not None and sent.key.startswith(after.key)
