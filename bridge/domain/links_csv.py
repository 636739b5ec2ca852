"""Links in a file: CSV with the columns of `links list`, as people and spreadsheets write it.

Takes the text of a file, gives its rows and everything that is wrong with it, each with its line.
A byte order mark, `;` or a tab instead of a comma, quotes, and the `'` that keeps a cell from
being a formula are read as what they stand for. Only the two ids are required.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, Side, TaskId, is_id
from bridge.domain.values import as_moment

COLUMNS = (
    "kore_id",
    "kore_ref",
    "v2_id",
    "v2_ref",
    "state",
    "origin",
    "created_at",
    "changed_at",
)
REQUIRED = ("kore_id", "v2_id")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_DELIMITERS = ",;\t"
_NOT_AN_ID = "is not an id: letters, digits, - and _, 128 at most."


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledLink:
    """One row: two ids, of which a removed link or an open create may lack one."""

    line: int
    kore_id: TaskId | None
    v2_id: TaskId | None
    state: LinkState = LinkState.LINKED
    origin: Side | None = None
    created_at: datetime | None = None

    def task_id(self, side: Side) -> TaskId | None:
        """The id of the task on that side."""
        return self.kore_id if side is Side.KORE else self.v2_id


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is wrong in a line of the file; line 1 holds the names of the columns."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


def read_links(text: str) -> tuple[tuple[FiledLink, ...], tuple[Flaw, ...]]:
    """The links of a file, and all its flaws; a row that has one is left out."""
    lines = _Lines(text.removeprefix("\ufeff"))
    cells = list(lines.read())
    if not cells:
        return (), (Flaw(1, f"The file is empty. Its first line names {_list(REQUIRED)}."),)
    names = [name.casefold() for name in cells[0][1]]
    flaws = list(_of_columns(cells[0][0], names)) or lines.flaws
    if flaws:
        return (), tuple(flaws)
    rows = []
    for line, row in cells[1:]:
        found = _row(line, names, row)
        if isinstance(found, FiledLink):
            rows.append(found)
        else:
            flaws += found
    flaws += _repeated(rows)
    return tuple(rows), tuple(sorted(flaws, key=lambda flaw: flaw.line))


class _Lines:
    """The lines of a file that are not empty, each with its number, cell by cell."""

    def __init__(self, text: str) -> None:
        first = text.partition("\n")[0]
        self._text = text
        self._delimiter = max(_DELIMITERS, key=first.count)
        self.flaws: list[Flaw] = []

    def read(self) -> Iterator[tuple[int, list[str]]]:
        """Line numbers and cells; what cannot be read ends it and is a flaw."""
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._delimiter)
        line = 1
        try:
            for row in reader:
                cells = [_plain(cell) for cell in row]
                if any(cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            self.flaws.append(Flaw(line, f"It is no line of CSV: {error}."))


def _plain(cell: str) -> str:
    """The cell as it was before a spreadsheet, or our own export, kept it from being a formula."""
    if cell[:1] == "'" and cell[1:].startswith(FORMULA_SIGNS):
        cell = cell[1:]
    return cell.strip()


def _of_columns(line: int, names: Sequence[str]) -> Iterator[Flaw]:
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        yield Flaw(line, f"It does not name {_list(missing)}, which must be there.")
    for name in dict.fromkeys(names):
        if name not in COLUMNS:
            yield Flaw(line, f"{name or 'A column without a name'} is none of {_list(COLUMNS)}.")
        elif names.count(name) > 1:
            yield Flaw(line, f"{name} is there twice.")


def _row(line: int, names: Sequence[str], row: Sequence[str]) -> FiledLink | list[Flaw]:
    if any(row[len(names) :]):
        return [Flaw(line, "It has more cells than line 1 has names: is a comma not quoted?")]
    cells = {**dict.fromkeys(COLUMNS, ""), **dict(zip(names, row, strict=False))}
    flaws: list[Flaw] = []
    state = _state(line, cells["state"], flaws)
    origin = _origin(line, cells["origin"], flaws)
    ids = {side: _id(line, f"{side}_id", cells, flaws) for side in SIDES}
    if not flaws and None in ids.values() and not _may_lack_one(state, ids):
        lacking = [f"{side}_id" for side, task_id in ids.items() if task_id is None]
        flaws.append(Flaw(line, f"{_list(lacking)} is empty."))
    if flaws:
        return flaws
    return FiledLink(
        line=line,
        kore_id=ids[Side.KORE],
        v2_id=ids[Side.V2],
        state=state,
        origin=origin,
        created_at=_moment(cells["created_at"]),
    )


def _may_lack_one(state: LinkState, ids: Mapping[Side, TaskId | None]) -> bool:
    is_apart = state in (LinkState.REMOVED, LinkState.CREATING)
    return is_apart and any(task_id is not None for task_id in ids.values())


def _id(line: int, name: str, cells: Mapping[str, str], flaws: list[Flaw]) -> TaskId | None:
    cell = cells[name]
    if not cell:
        return None
    if not is_id(cell):
        flaws.append(Flaw(line, f"{name} {cell!r} {_NOT_AN_ID}"))
        return None
    return TaskId(cell)


def _state(line: int, cell: str, flaws: list[Flaw]) -> LinkState:
    try:
        return LinkState(cell.casefold()) if cell else LinkState.LINKED
    except ValueError:
        flaws.append(Flaw(line, f"state {cell!r} is none of {_list([*LinkState])}."))
        return LinkState.LINKED


def _origin(line: int, cell: str, flaws: list[Flaw]) -> Side | None:
    try:
        return Side(cell.casefold()) if cell else None
    except ValueError:
        flaws.append(Flaw(line, f"origin {cell!r} is none of {_list(SIDES)}."))
        return None


def _moment(cell: str) -> datetime | None:
    """When the link was made; a spreadsheet's own way of writing it is not worth a refusal."""
    try:
        return as_moment(cell)
    except ValueError:
        return None


def _repeated(rows: Sequence[FiledLink]) -> Iterator[Flaw]:
    """The rows that name a task which another row has named before."""
    first: dict[tuple[Side, TaskId], FiledLink] = {}
    for row in rows:
        named = [(side, one) for side in SIDES if (one := row.task_id(side)) is not None]
        before = [(key, first[key]) for key in named if key in first]
        if before and all(_is_same(old, row) for _, old in before):
            yield Flaw(row.line, f"The same link stands in line {before[0][1].line}.")
        else:
            for (side, task_id), old in before:
                yield Flaw(row.line, f"{side.label}'s {task_id} stands in line {old.line} already.")
        for key in named:
            first.setdefault(key, row)


def _is_same(one: FiledLink, other: FiledLink) -> bool:
    return (one.kore_id, one.v2_id) == (other.kore_id, other.v2_id)


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(str, names))
