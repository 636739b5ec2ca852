"""Taking in links from a file, all of them or none.

A task need not be known: its link stands at once, and is kept in step from the moment at which
both are seen, so that a lost database can be made good before anything is read. A row in state
`removed` keeps its tasks apart; an open create is left out, for its marker tells what became of it.

A file adds to what stands and undoes nothing: it may be old, and what a person did since counts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bridge.domain.instruction import Instruction, InstructionOutcome
from bridge.domain.link import Link, LinkState
from bridge.domain.links_csv import FiledLink, Flaw
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.values import as_moment, as_text
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.join import join, part

Result = tuple[InstructionOutcome, str]
Links = Mapping[Side, Mapping[str, Link]]
WHY = "it was imported from a file"
_JOINED = (LinkState.LINKED, LinkState.MISSING)
_HAS_LINK = (
    "{side}'s {id} has another link already: Kore {kore} and v2 {v2}, {state}. Take it apart first "
    "with task-bridge links remove, or take the line out."
)
_STANDS = (
    "Kore's {kore} and v2's {v2} are linked, and the file says removed. Take the link apart with "
    "task-bridge links remove {id}, or take the line out."
)
_IS_REMOVED = (
    "The link of {side}'s {id} was removed, and the file says {state}. Link it again with "
    "task-bridge links add {kore} {v2}, or take the line out."
)
_SWAPPED = (
    "{side}_id {id} is a task of {other}: the columns are swapped. Put the ids of Kore's tasks "
    "under kore_id, those of v2's under v2_id."
)


def import_links(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Import `details["rows"]`, as `details_of` wrote them."""
    rows = [_row_of(found) for found in wanted.details["rows"]]
    flaws = flaws_against(unit, rows)
    if flaws:
        told = "\n".join(map(str, flaws))
        return InstructionOutcome.REFUSED, f"Nothing was imported.\n{told}"
    links, done = _links_of(unit, rows), Counter[str]()
    for row in rows:
        done[_take(desk, unit, row, links)] += 1
    return InstructionOutcome.DONE, _told(done, _count_unread(unit, rows))


def flaws_against(unit: Unit, rows: Sequence[FiledLink]) -> tuple[Flaw, ...]:
    """The rows that do not go with the tasks and links that are there."""
    swapped, links = _swapped(unit, rows), _links_of(unit, rows)
    told = {flaw.line for flaw in swapped}
    against = (
        flaw
        for row in rows
        if row.line not in told and row.state is not LinkState.CREATING
        for flaw in _against(row, _of_row(row, links))
    )
    return (*swapped, *against)


def _swapped(unit: Unit, rows: Sequence[FiledLink]) -> tuple[Flaw, ...]:
    """The ids that only the other side knows."""
    return tuple(
        Flaw(row.line, _SWAPPED.format(side=side, id=task_id, other=side.other.label))
        for side in SIDES
        for known in (_read(unit, rows, side, at=side.other) - _read(unit, rows, side, at=side),)
        for row in rows
        if (task_id := row.task_id(side)) in known
    )


def _read(unit: Unit, rows: Sequence[FiledLink], side: Side, *, at: Side) -> set[str]:
    """Which of the ids that the file gives one side are tasks that were read at `at`."""
    return {task_id for task_id, digest in unit.digests(at, _ids(rows, side)).items() if digest}


def _against(row: FiledLink, links: Mapping[Side, Link]) -> Iterator[Flaw]:
    """What speaks against a row, by the links in which its tasks stand; each link is named once."""
    named = set()
    for side, link in links.items():
        what = "" if link.id in named else _why_not(row, side, link)
        named.add(link.id)
        if what:
            yield Flaw(row.line, what)


def _why_not(row: FiledLink, side: Side, link: Link) -> str:
    """Why the row may not be taken in beside this link of its task, or an empty string."""
    is_removed = row.state is LinkState.REMOVED
    names = {"side": side.label, "id": row.task_id(side)}
    if link.state in _JOINED and not _is_same(row, link):
        return _HAS_LINK.format(**names, kore=link.kore_id, v2=link.v2_id, state=link.state)
    if link.state in _JOINED and is_removed:
        return _STANDS.format(id=link.kore_id, kore=link.kore_id, v2=link.v2_id)
    if link.state is LinkState.REMOVED and not is_removed:
        return _IS_REMOVED.format(**names, state=row.state, kore=row.kore_id, v2=row.v2_id)
    return ""


def details_of(rows: Sequence[FiledLink]) -> dict[str, Any]:
    """The rows as the details of an instruction."""
    return {"rows": [_plain(row) for row in rows]}


def _take(desk: Desk, unit: Unit, row: FiledLink, links: Links) -> str:
    """Take in one row; gives what came of it."""
    if row.state is LinkState.CREATING:
        return "open"
    before = _of_row(row, links)
    ids = {side: one for side in SIDES if (one := row.task_id(side)) is not None}
    if _is_there(row, before, ids):
        return "there"
    if row.state is LinkState.REMOVED:
        part(desk, unit, ids, WHY, created_at=row.created_at)
        return "removed"
    join(desk, unit, ids, WHY, origin=row.origin, created_at=row.created_at)
    return "linked"


def _is_there(row: FiledLink, before: Mapping[Side, Link], ids: Mapping[Side, TaskId]) -> bool:
    """Whether the tasks stand as the row says: linked to each other, or each kept apart."""
    if row.state is not LinkState.REMOVED:
        return any(_is_same(row, link) for link in before.values())
    apart = [side for side, link in before.items() if link.state is LinkState.REMOVED]
    return len(apart) == len(ids)


def _told(done: Counter[str], unread: int) -> str:
    parts = [f"{_links(done['linked'])} imported"]
    if done["removed"]:
        parts.append(f"{done['removed']} taken in as removed")
    if done["there"]:
        parts.append(f"{done['there']} there already")
    if done["open"]:
        parts.append(f"{done['open']} left out, whose create was open: a marker links them")
    told = f"{', '.join(parts)}."
    if unread:
        told += (
            f" {unread} of their tasks {'has' if unread == 1 else 'have'} not been read yet: "
            "task-bridge sync --full reads them, then a link is kept in step."
        )
    return told


def _count_unread(unit: Unit, rows: Sequence[FiledLink]) -> int:
    rows = [row for row in rows if row.state in _JOINED]
    found = {side: _ids(rows, side) for side in SIDES}
    read = [digest for side, ids in found.items() for digest in unit.digests(side, ids).values()]
    return sum(map(len, found.values())) - sum(map(bool, read))


def _links_of(unit: Unit, rows: Sequence[FiledLink]) -> Links:
    return {side: unit.links_of(side, _ids(rows, side)) for side in SIDES}


def _ids(rows: Sequence[FiledLink], side: Side) -> list[TaskId]:
    return [one for row in rows if (one := row.task_id(side)) is not None]


def _of_row(row: FiledLink, links: Links) -> dict[Side, Link]:
    """The link that each task of the row has before it is taken in."""
    found = {side: links[side].get(row.task_id(side) or "") for side in SIDES}
    return {side: link for side, link in found.items() if link is not None}


def _is_same(row: FiledLink, link: Link) -> bool:
    return (row.kore_id, row.v2_id) == (link.kore_id, link.v2_id)


def _plain(row: FiledLink) -> dict[str, Any]:
    return {
        "line": row.line,
        "kore_id": row.kore_id,
        "v2_id": row.v2_id,
        "state": str(row.state),
        "origin": str(row.origin) if row.origin else None,
        "created_at": as_text(row.created_at) if row.created_at else None,
    }


def _row_of(found: Mapping[str, Any]) -> FiledLink:
    row = FiledLink(line=found["line"], kore_id=found["kore_id"], v2_id=found["v2_id"])
    return replace(
        row,
        state=LinkState(found["state"]),
        origin=Side(found["origin"]) if found["origin"] else None,
        created_at=as_moment(found["created_at"]) if found["created_at"] else None,
    )


def _links(count: int) -> str:
    return "1 link" if count == 1 else f"{count} links"
