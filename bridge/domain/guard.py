"""A guard: a cause for which nothing is written to either side until a person has looked.

`shown` is the cause as a person is shown it; a confirmation covers exactly that and nothing that
comes after it. What a guard is about are single things, under `shown["items"]` (ids of links or
tasks, or the one identity); those that were confirmed count no more, and what is left over may be
too little for a guard.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bridge.domain.policy import Limits
from bridge.domain.side import Side

ITEMS = "items"
Item = str | int


class GuardKind(StrEnum):
    """Why a guard stands.

    MISSING: more linked tasks vanished than may. EMPTY: a side shows nothing at all. IDENTITY: it
    is another account, stream or company. PROBES: a person has to say whether so many may be sent.
    TABLE: a changed mapping takes the base from more pairs than may lose it.
    """

    MISSING = "missing"
    EMPTY = "empty"
    IDENTITY = "identity"
    PROBES = "probes"
    TABLE = "table"


_CONFIRM = "task-bridge guard confirm"
# What a person can do about each, as a sentence.
NEXT: Mapping[GuardKind, str] = {
    GuardKind.MISSING: f"Look whether they are really gone (task-bridge report). "
    f"If so: {_CONFIRM}. If not, put the service or the key's rights right: the guard goes by "
    "itself once the tasks are shown again.",
    GuardKind.EMPTY: f"If the side truly is empty: {_CONFIRM}. If not, put the service or the "
    "key's rights right: the guard goes by itself once tasks are shown again.",
    GuardKind.IDENTITY: "Put the configuration right; the guard goes by itself then. If the "
    f"links are to go on with the other account: {_CONFIRM}.",
    GuardKind.PROBES: 'Choose in the configuration: kore.unobserved = "probe" (send the probes), '
    '"write" (take the last known value for the current one) or "hold" (keep changes of hidden '
    f"fields waiting). Or send these probes this once: {_CONFIRM}.",
    GuardKind.TABLE: "Put the mapping back; the guard goes by itself then. If the change is "
    f"meant: {_CONFIRM}.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One guard; it holds writes up while it `is_standing` and `shown` is not what was confirmed.

    `side` is None where it is about the pair.
    """

    kind: GuardKind
    side: Side | None
    reason: str
    shown: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None
    confirmed: Mapping[str, Any] | None = None
    confirmed_at: datetime | None = None
    is_standing: bool = True

    @property
    def is_confirmed(self) -> bool:
        """Whether a person has confirmed this very cause."""
        return self.confirmed is not None and dict(self.confirmed) == dict(self.shown)

    @property
    def holds(self) -> bool:
        """Whether nothing may be written because of it."""
        return self.is_standing and not self.is_confirmed

    @property
    def items(self) -> tuple[Item, ...]:
        """What it is about."""
        return tuple(self.shown.get(ITEMS, ()))

    @property
    def confirmed_items(self) -> frozenset[Item]:
        """What a person has confirmed so far."""
        return frozenset((self.confirmed or {}).get(ITEMS, ()))


def nothing_stands(kind: GuardKind, side: Side | None) -> Guard:
    """A guard of that kind that does not stand."""
    return Guard(kind=kind, side=side, reason="", is_standing=False)


def uncovered(guard: Guard, items: Iterable[Item]) -> tuple[Item, ...]:
    """Those of the things that no confirmation covers, in order."""
    return tuple(sorted({*items} - guard.confirmed_items, key=str))


def raised(guard: Guard, items: Iterable[Item], reason: str, at: datetime) -> Guard:
    """The guard, standing for these things; since when it does, if it stood for the same."""
    found = [*items]
    is_same = guard.holds and [*guard.items] == found
    since = guard.since if guard.holds else at
    shown = {ITEMS: found}
    text = guard.reason if is_same else reason
    return replace(guard, shown=shown, reason=text, since=since, is_standing=True)


def lowered(guard: Guard, still: Iterable[Item]) -> Guard | None:
    """The guard without a cause; None if there is nothing to remember.

    What was confirmed stays confirmed for as long as it is `still` there.
    """
    kept = sorted(guard.confirmed_items & {*still}, key=str)
    if not kept:
        return None
    return replace(guard, shown={}, reason="", confirmed={ITEMS: kept}, is_standing=False)


def confirmed(guard: Guard, items: Iterable[Item], at: datetime) -> Guard:
    """The guard once a person has confirmed these things: it stands for the rest, if any."""
    agreed = sorted(guard.confirmed_items | {*items}, key=str)
    left = [one for one in guard.items if one not in {*agreed}]
    return replace(
        guard,
        shown={ITEMS: left},
        confirmed={ITEMS: agreed},
        confirmed_at=at,
        is_standing=bool(left),
    )


def too_many(items: Iterable[Item], limits: Limits, of: int) -> bool:
    """Whether so many of all links are more than may be hit without a person's word."""
    return limits.are_exceeded(len([*items]), of)
