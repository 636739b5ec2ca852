"""The linked pairs that a reconciliation need not look at, for their last verdict stands.

The merge clears a pair's mark `due` once the planner finds nothing to do and nothing to wait for
in it, and whatever may change that verdict sets the mark again in the same transaction: a row
that says something new, a changed setting or table, a word that was waited for, a person. So a
pair without the mark, on which nothing waits, is in step, and is counted where its rows are.
The mark alone is not believed: a pair whose tasks show other values than the last agreed ones is
looked at whatever the mark says.
"""

from collections.abc import Callable, Collection
from typing import TypeAlias

from bridge.domain.overview import COUNTED
from bridge.domain.reconciled import Settled
from bridge.domain.side import SIDES, Field, LinkId, Side, TaskId
from bridge.ports import Unit

IsAbsent: TypeAlias = Callable[[Side, TaskId], bool]


def settled_links(unit: Unit, names: Collection[Field], is_absent: IsAbsent) -> frozenset[LinkId]:
    """The pairs that are in step by their last verdict, and both of whose tasks are there.

    `names` are the fields that are carried.
    """
    return frozenset(
        link_id
        for link_id, tasks in unit.settled_links(names).items()
        if not any(is_absent(side, task_id) for side, task_id in tasks.items())
    )


def settled_of(unit: Unit, links: frozenset[LinkId], *, counts_texts: bool = True) -> Settled:
    """These pairs as they are counted; the texts that they show, only where that is wanted."""
    sides = SIDES if links and counts_texts else ()
    texts = {side: unit.count_texts(side, COUNTED, links) for side in sides}
    return Settled(
        pairs=len(links),
        texts={(side, name): found[name] for side, found in texts.items() for name in COUNTED},
    )
