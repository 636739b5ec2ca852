"""Which unlinked task is the counterpart that a marker says it is.

A bearer of a marker counts if the bridge's own user created or last changed it, or else if the
titles agree. Of several the bridge's own, then the oldest, is the counterpart; the rest are
duplicates until a person takes the line out. Where nobody can tell whether it is ours every bearer
counts: while it is not known who we are on that side, where no author is shown, and while the
origin's create is open. A copy that is told is better than a task that is made twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bridge.domain.create import stand_in_of
from bridge.domain.link import Link, LinkState
from bridge.domain.marker import Marker
from bridge.domain.side import Side
from bridge.domain.task import Known, Standing, Task
from bridge.domain.text import fold_name

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a marker makes of its bearer: LINKED to its origin, or a standing with its reason."""

    standing: Standing
    why: str


NO_MATCH = Match(standing=Standing.NEW, why="")


def match_bearer(
    bearer: Known,
    origin: Known | None,
    origin_link: Link | None,
    bearers: Sequence[Known],
    own_ids: frozenset[str],
) -> Match:
    """What the bearer is; `bearers` are all tasks whose marker names the same origin.

    While it is not known who we are on that side, a bearer without its origin may be ours.
    """
    marker = bearer.task.marker
    if marker is None or marker.side is bearer.task.side:
        return NO_MATCH
    if origin is None and (_is_own(bearer.task, own_ids) or not own_ids):
        return Match(standing=Standing.ORPHAN, why=_orphan(marker))
    is_open = _is_open(origin_link, bearer.task.side)
    if origin is None or not _counts(bearer.task, origin.task, own_ids, is_open):
        return NO_MATCH
    if origin_link is not None and origin_link.state is LinkState.REMOVED:
        return Match(standing=Standing.LEFT, why=f"the link of {origin.task.name} was removed")
    if _is_counterpart(bearer, origin, origin_link, bearers, own_ids):
        return Match(standing=Standing.LINKED, why=f"its marker names {origin.task.name}")
    return Match(standing=Standing.DUPLICATE, why=_surplus(bearer.task, origin.task))


def choose(
    origin: Known,
    bearers: Sequence[Known],
    own_ids: frozenset[str],
    *,
    is_open: bool = False,
) -> Known | None:
    """The bearer that is the counterpart, or None if none counts."""
    counted = [one for one in bearers if _counts(one.task, origin.task, own_ids, is_open)]
    return min(
        counted,
        key=lambda one: (
            not _is_own(one.task, own_ids),
            one.task.created_at or _LAST,
            one.task.id,
        ),
        default=None,
    )


def _is_counterpart(
    bearer: Known,
    origin: Known,
    link: Link | None,
    bearers: Sequence[Known],
    own_ids: frozenset[str],
) -> bool:
    """Whether the origin's link has this very task, or lacks its other half and this is chosen."""
    half = link.task_id(bearer.task.side) if link else None
    if half is not None:
        return half == bearer.task.id
    if link is not None and link.state is not LinkState.CREATING:
        return False
    chosen = choose(origin, bearers, own_ids, is_open=_is_open(link, bearer.task.side))
    return chosen is not None and chosen.task.id == bearer.task.id


def _is_open(link: Link | None, side: Side) -> bool:
    """Whether the origin's counterpart is being created: a bearer may be what came of it."""
    return link is not None and link.state is LinkState.CREATING and link.task_id(side) is None


def _counts(bearer: Task, origin: Task, own_ids: frozenset[str], is_open: bool) -> bool:
    is_told = bearer.first_author is not None or bearer.last_author is not None
    if _is_own(bearer, own_ids) or not own_ids or not is_told or is_open:
        return True
    named = origin.title or stand_in_of(origin)
    return bool(named) and fold_name(bearer.title) == fold_name(named)


def _is_own(bearer: Task, own_ids: frozenset[str]) -> bool:
    return bearer.first_author in own_ids or bearer.last_author in own_ids


def _surplus(bearer: Task, origin: Task) -> str:
    return (
        f"{bearer.name} ({bearer.id}) says that it was created from {origin.name} ({origin.id}), "
        "which has its counterpart already."
    )


def _orphan(marker: Marker) -> str:
    return (
        f"It says that it was created from {marker.reference} ({marker.task_id}), which "
        f"{marker.side.label} does not show. Take the marker's line out to make it a task of "
        "its own."
    )
