"""Taking in links from a file, all of them or none.

A task need not be known: its link stands at once, and is kept in step from the moment at which
both are seen, so that a lost database can be made good before anything is read. A row in state
`removed` keeps its tasks apart; an open create is left out, for its marker tells what became of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
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
    """The rows that do not go with the links that are there."""
    links = _links_of(unit, rows)
    return tuple(
        _has_link(row, side, link)
        for row in rows
        if row.state is not LinkState.CREATING
        for side, link in _of_row(row, links).items()
        if link.state in _JOINED and not _is_same(row, link)
    )


def details_of(rows: Sequence[FiledLink]) -> dict[str, Any]:
    """The rows as the details of an instruction."""
    return {"rows": [_plain(row) for row in rows]}


def _take(desk: Desk, unit: Unit, row: FiledLink, links: Links) -> str:
    """Take in one row; gives what came of it."""
    if row.state is LinkState.CREATING:
        return "open"
    before = [*_of_row(row, links).values()]
    is_removed = row.state is LinkState.REMOVED
    standing = (LinkState.REMOVED,) if is_removed else _JOINED
    if any(_is_same(row, link) and link.state in standing for link in before):
        return "there"
    ids = {side: one for side in SIDES if (one := row.task_id(side)) is not None}
    if is_removed:
        part(desk, unit, ids, WHY, created_at=row.created_at)
        return "removed"
    join(desk, unit, ids, WHY, origin=row.origin, created_at=row.created_at)
    return "linked"


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


def _has_link(row: FiledLink, side: Side, link: Link) -> Flaw:
    return Flaw(
        row.line,
        _HAS_LINK.format(
            side=side.label,
            id=row.task_id(side),
            kore=link.kore_id,
            v2=link.v2_id,
            state=link.state,
        ),
    )


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
