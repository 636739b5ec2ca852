"""What became of updates whose answer never came, as far as the task tells now; pure.

| the task shows | and the update | then |
| --- | --- | --- |
| the value sent | is open | it arrived: the base is that, with what the origin showed at the time |
| what the service made of it | is open | it arrived, altered: the base is what is shown |
| the value sent | was given up, and another value was agreed since | a late echo: written over |
| anything else | | it says nothing: the merge goes by the base as it is |

"What the service made of it" is another text or date by the bridge's own user, or a beginning of
the text. Another status, priority or person is not: it was ignored while other fields were taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bridge.domain.link import FieldBase, Link
from bridge.domain.settle import is_beginning
from bridge.domain.side import Field, OperationId, Side
from bridge.domain.task import Known
from bridge.domain.values import UNSEEN, Observed, Shown, Unseen

# Why an update is planned anew; whether it was there for a while is not known.
NOT_SHOWN = "the task does not show it: planned anew"
TEXTS = frozenset({Field.TITLE, Field.DESCRIPTION})
# What a service may store in a form of its own; another word for the rest is no form of it.
_FORMED = TEXTS | {Field.DUE}


@dataclass(frozen=True, slots=True, kw_only=True)
class LostUpdate:
    """An update of a link's task that was sent and whose answer never came.

    `values` were sent, `origin` is what the other side showed for them then. `is_open`: nothing
    has been seen of it yet. `sent_at` (own clock): when it left, `settles_at`: what it did shows by
    then.
    """

    id: OperationId
    side: Side
    values: Mapping[Field, Observed]
    origin: Mapping[Field, Observed] = field(default_factory=dict)
    is_open: bool = True
    sent_at: datetime | None = None
    settles_at: datetime | None = None


class Fate(StrEnum):
    """What one field of a lost update came to."""

    ARRIVED = "arrived"
    ALTERED = "altered"
    ECHO = "echo"
    NOTHING = "nothing"
    HIDDEN = "hidden"


IS_WRITTEN = (Fate.ARRIVED, Fate.ALTERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The link with the bases that follow, and the fate of every field of each open update.

    `arrived` are the fields of which any update turned out to be written, open or given up.
    """

    link: Link
    fates: Mapping[OperationId, Mapping[Field, Fate]]
    arrived: frozenset[Field] = frozenset()


def recall(
    link: Link,
    known: Mapping[Side, Known],
    lost: Sequence[LostUpdate],
    own_ids: Mapping[Side, frozenset[str]],
    skew_seconds: Mapping[Side, float],
) -> Recalled:
    """What the tasks tell of the lost updates, oldest first."""
    fates: dict[OperationId, dict[Field, Fate]] = {}
    arrived: set[Field] = set()
    for one in lost:
        seen = _Sight(known[one.side], own_ids[one.side], skew_seconds.get(one.side, 0.0))
        found = {name: _fate(link, one, name, seen) for name in one.values}
        found = {name: _wanted_now(link, fate, one, name, known) for name, fate in found.items()}
        link = link.with_bases(_bases(link, one, found, seen))
        arrived |= {name for name, fate in found.items() if fate in IS_WRITTEN}
        if one.is_open:
            fates[one.id] = found
    return Recalled(link=link, fates=fates, arrived=frozenset(arrived))


def is_decided(fates: Iterable[Fate]) -> bool:
    """Whether every field of an update could be looked at."""
    return Fate.HIDDEN not in {*fates}


@dataclass(frozen=True, slots=True)
class _Sight:
    """A task as it is now, who we are on its side, and by how much its clock is ahead."""

    known: Known
    own_ids: frozenset[str]
    skew_seconds: float

    def shown(self, name: Field) -> Shown:
        return self.known.task.shown(name)

    @property
    def is_own(self) -> bool | None:
        """Whether the bridge changed it last by an unanswered write; None where that is not told.

        What an answered write or probe of ours moved says nothing of what was there before it.
        """
        author, at = self.known.task.last_author, self.known.task.changed_at
        if at is not None and at == self.known.own_changed_at:
            return None
        return None if author is None or not self.own_ids else author in self.own_ids

    def may_be_of(self, one: LostUpdate) -> bool:
        """Whether the last change may be the update, which a service applied late."""
        if self.is_own is not None:
            return self.is_own
        changed_at = self.known.task.changed_at
        if changed_at is None or one.settles_at is None:
            return False
        return changed_at.timestamp() - self.skew_seconds <= one.settles_at.timestamp()


def _fate(link: Link, one: LostUpdate, name: Field, seen: _Sight) -> Fate:
    shown, agreed = seen.shown(name), link.base(name).of(one.side)
    if shown is UNSEEN:
        return Fate.HIDDEN
    if shown == agreed or (agreed is UNSEEN and not one.is_open):
        return Fate.NOTHING  # a link that people made anew has agreed on nothing since
    if not one.is_open:
        return Fate.ECHO if shown == one.values[name] and seen.may_be_of(one) else Fate.NOTHING
    if shown == one.values[name]:
        return Fate.ARRIVED
    return Fate.ALTERED if _is_altered(name, shown, one.values[name], seen) else Fate.NOTHING


def _wanted_now(
    link: Link, fate: Fate, one: LostUpdate, name: Field, known: Mapping[Side, Known]
) -> Fate:
    """An echo of what the other side shows to this day has arrived, only late.

    Unless another value was agreed with just that since: the table has changed.
    """
    other = one.side.other
    now = known[other].task.shown(name)
    is_wanted = fate is Fate.ECHO and name in one.origin and one.origin[name] == now
    return Fate.ARRIVED if is_wanted and link.base(name).of(other) != now else fate


def _is_altered(name: Field, shown: Shown, sent: Observed, seen: _Sight) -> bool:
    if seen.is_own:
        return name in _FORMED
    return name in TEXTS and not isinstance(shown, Unseen) and is_beginning(shown, sent)


def _bases(
    link: Link, one: LostUpdate, fates: Mapping[Field, Fate], seen: _Sight
) -> dict[Field, FieldBase]:
    found = {}
    for name, fate in fates.items():
        base = link.base(name).moved(one.side, seen.shown(name))
        if fate is Fate.ECHO:
            found[name] = replace(base, carry=one.side.other)
        elif fate in (Fate.ARRIVED, Fate.ALTERED):
            origin = one.origin[name] if name in one.origin else base.of(one.side.other)
            base = base.moved(one.side.other, origin)
            found[name] = replace(base, carry=None, absorbed=None)
    return found
