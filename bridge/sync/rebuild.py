"""Rebuilding the links from markers after the database was lost, and what is left to people.

Both sides are read whole, everything that a marker or a tag joins is linked; nothing is created
and nothing updated. It is a backfill that only links, and goes by the same rules: resumable,
under the lease, asking before many probes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.ports import Unit
from bridge.sync.backfill import Backfill, run_backfill
from bridge.sync.cycle import Outcome
from bridge.sync.desk import Desk

_OPEN = (Standing.NEW, Standing.HELD, Standing.UNROUTABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """A task that several tasks say they were created from.

    `origin_side` and `origin_id` name it, `counterpart` is the one that it is linked with,
    `surplus` are the others.
    """

    origin_side: Side
    origin_id: TaskId
    origin_ref: str | None
    counterpart: TaskId | None
    surplus: tuple[Known, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What a rebuild leaves to people.

    `orphans` bear the marker of a task that is not there, `ambiguous` fit several, `unlinked`
    counts per side what a backfill would take up.
    """

    orphans: tuple[Known, ...]
    surplus: tuple[Surplus, ...]
    ambiguous: tuple[Known, ...]
    unlinked: Mapping[Side, int]


def run_rebuild(desk: Desk, gives_up_seconds: float) -> Outcome:
    """Link what markers and tags join. Raises TooManyProbes, LeaseTaken or Stopped."""
    return run_backfill(desk, Backfill(only_links=True, gives_up_seconds=gives_up_seconds))


def remains(unit: Unit) -> Remains:
    """What is not linked, and why, from the database."""
    return Remains(
        orphans=_standing(unit, Standing.ORPHAN),
        surplus=tuple(_surplus(unit, _standing(unit, Standing.DUPLICATE))),
        ambiguous=_standing(unit, Standing.AMBIGUOUS),
        unlinked={side: sum(unit.count_standing(one, side) for one in _OPEN) for side in SIDES},
    )


def _standing(unit: Unit, standing: Standing) -> tuple[Known, ...]:
    return tuple(known for side in SIDES for known in unit.unlinked(side, (standing,)))


def _surplus(unit: Unit, duplicates: Sequence[Known]) -> list[Surplus]:
    by_origin: dict[tuple[Side, TaskId], list[Known]] = {}
    for known in duplicates:
        marker = known.task.marker
        if marker is not None:
            by_origin.setdefault((marker.side, marker.task_id), []).append(known)
    return [_of_origin(unit, side, one, found) for (side, one), found in by_origin.items()]


def _of_origin(unit: Unit, side: Side, task_id: TaskId, found: Sequence[Known]) -> Surplus:
    origin = unit.known(side, [task_id]).get(task_id)
    link = unit.links_of(side, [task_id]).get(task_id)
    return Surplus(
        origin_side=side,
        origin_id=task_id,
        origin_ref=origin.task.ref if origin else None,
        counterpart=link.task_id(side.other) if link else None,
        surplus=tuple(found),
    )
