"""The truth table of the states of a link: what one cycle with a whole reading writes in each.

Each grid is one world with a pair for every cell: Kore's task down, v2's across, since the two
were agreed on Open and open. `same` is as agreed; `agreeing` and `differing` are other statuses,
by what they are to the other side's agreed one; `deleted` is removed by a person. Kore wins
conflicts. A `.` writes nothing, `fails` is a failure that waits for a person.
"""

from dataclasses import dataclass, replace
from itertools import product

import pytest

from bridge.domain.link import LinkState
from bridge.domain.marker import find_marker
from bridge.domain.operation import WaitKind
from bridge.domain.policy import ConflictRule
from bridge.domain.side import SIDES, Field, Side, TaskId
from bridge.domain.values import status_value
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import Record

STATES = ("same", "agreeing", "differing", "deleted")
STATUSES = {
    Side.KORE: {"agreeing": "On Hold", "differing": "Resolved"},
    Side.V2: {"agreeing": "new", "differing": "completed"},
}

GRIDS = """
linked
          | same | agreeing | differing  | deleted
same      | .    | .        | kore       | .
agreeing  | .    | v2       | v2         | .
differing | v2   | v2       | .          | v2 fails
deleted   | .    | .        | kore fails | .

removed
          | same | agreeing | differing | deleted
same      | .    | .        | .         | .
agreeing  | .    | .        | .         | .
differing | .    | .        | .         | .
deleted   | .    | .        | .         | .

missing, Kore's task back
          | same | agreeing | differing  | deleted
same      | .    | .        | kore       | .
agreeing  | .    | v2       | v2         | .
differing | v2   | v2       | .          | v2 fails
deleted   | .    | .        | .          | .

missing, v2's task back
          | same | agreeing | differing  | deleted
same      | .    | .        | kore       | .
agreeing  | .    | v2       | v2         | .
differing | v2   | v2       | .          | .
deleted   | .    | .        | kore fails | .

creating, v2's task not there
          | none | bearer
same      | .    | .
agreeing  | .    | .
differing | .    | v2
deleted   | .    | .

creating, Kore's task not there
       | same | agreeing | differing | deleted
none   | .    | .        | .         | .
bearer | .    | .        | kore      | .
"""


@dataclass(slots=True)
class Pair:
    """The pair of one cell: its ids, what has been done to it, what is to be written."""

    rows: tuple[str, str]
    then: str
    ids: dict[Side, TaskId]

    def state(self, side: Side) -> str:
        return self.rows[SIDES.index(side)]


def grids() -> dict[str, dict[tuple[str, str], str]]:
    found = {}
    for grid in GRIDS.strip().split("\n\n"):
        name, columns, *rows = grid.splitlines()
        across = [word.strip() for word in columns.split("|")][1:]
        cells: dict[tuple[str, str], str] = {}
        for row in rows:
            first, *then = (word.strip() for word in row.split("|"))
            cells |= {(first, v2): one for v2, one in zip(across, then, strict=True)}
        found[name] = cells
    return found


def a_world() -> Bench:
    bench = Bench(conflict=ConflictRule.KORE)
    bench.v2.new_values = {Field.STATUS: status_value("open")}
    bench.kore.add("Other")
    bench.sync()
    return bench


def pairs_in_step(bench: Bench, cells: dict[tuple[str, str], str]) -> list[Pair]:
    ids = {rows: bench.kore.add(f"{rows}") for rows in cells}
    bench.settle()
    return [
        Pair(rows, then, {Side.KORE: ids[rows], Side.V2: bench.across(Side.KORE, ids[rows])})
        for rows, then in cells.items()
    ]


def act(bench: Bench, pair: Pair, *sides: Side) -> None:
    """People do on these sides what the pair's cell says."""
    for side in sides:
        state, service = pair.state(side), bench.service(side)
        if state == "deleted":
            service.remove(pair.ids[side])
        elif state in STATUSES[side]:
            service.edit(pair.ids[side], status=STATUSES[side][state])


def written(bench: Bench, pair: Pair) -> str:
    """What the last cycle wrote to the pair, and what failed of it."""
    found = [
        str(side)
        for side in SIDES
        if any(one.task_id == pair.ids.get(side) for one in bench.service(side).writes)
    ]
    linked = {view.link.id: view.link for view in bench.links()}
    for wait in bench.waits(WaitKind.FAILED):
        link = linked[wait.link_id] if wait.link_id else None
        if link is not None and link.task_id(Side.KORE) == pair.ids.get(Side.KORE):
            found.append(f"{wait.side} fails")
    return ", ".join(found) or "."


def check(bench: Bench, pairs: list[Pair]) -> None:
    """One cycle with a whole reading writes what the cells say, and creates nothing."""
    bench.forget_calls()
    count = {side: len(bench.service(side).records) for side in SIDES}
    bench.sync(is_full=True)
    assert {str(pair.rows): written(bench, pair) for pair in pairs} == {
        str(pair.rows): pair.then for pair in pairs
    }
    assert {side: len(bench.service(side).records) for side in SIDES} == count


def set_state(bench: Bench, pair: Pair, state: LinkState) -> None:
    bench.court.excuse("stands as linked", "only the link is made removed, by hand")
    with bench.store.begin() as unit:
        link = unit.links_of(Side.KORE, [pair.ids[Side.KORE]])[pair.ids[Side.KORE]]
        unit.save_link(replace(link, state=state))


# ---- the states -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [LinkState.LINKED, LinkState.REMOVED])
def test_a_link_that_is(state: LinkState) -> None:
    bench = a_world()
    pairs = pairs_in_step(bench, grids()[state])
    for pair in pairs:
        set_state(bench, pair, state)
        act(bench, pair, *SIDES)
    check(bench, pairs)


@pytest.mark.parametrize(
    ("lost", "name"),
    [(Side.KORE, "missing, Kore's task back"), (Side.V2, "missing, v2's task back")],
)
def test_a_link_that_is_missing_writes_nothing_until_its_task_is_back(
    lost: Side, name: str
) -> None:
    bench = a_world()
    pairs = pairs_in_step(bench, grids()[name])
    kept = [(pair, bench.service(lost).records.pop(pair.ids[lost])) for pair in pairs]
    bench.sync(is_full=True)
    bench.sync(is_full=True, confirms_guards=True)
    bench.sync(confirms_guards=True)
    for pair in pairs:
        act(bench, pair, lost.other)
    bench.forget_calls()
    bench.sync()
    assert bench.kore.writes == bench.v2.writes == []
    for pair, record in kept:
        give_back(bench, lost, pair, record)
    check(bench, pairs)


def give_back(bench: Bench, side: Side, pair: Pair, record: Record) -> None:
    if pair.state(side) != "deleted":
        bench.service(side).records[record.id] = record
        act(bench, pair, side)


@pytest.mark.parametrize(
    ("side", "name"),
    [(Side.V2, "creating, v2's task not there"), (Side.KORE, "creating, Kore's task not there")],
)
def test_a_link_whose_create_is_open_is_completed_by_its_bearer_and_not_written_before(
    side: Side, name: str
) -> None:
    bench = a_world()
    pairs = made_openly(bench, side, grids()[name])
    for pair in pairs:
        act(bench, pair, side.other)
    bench.forget_calls()
    before = len(bench.service(side).records)
    bench.sync(is_full=True)
    assert {str(pair.rows): written(bench, pair) for pair in pairs} == {
        str(pair.rows): pair.then for pair in pairs
    }
    assert len(bench.service(side).records) == before


def made_openly(bench: Bench, side: Side, cells: dict[tuple[str, str], str]) -> list[Pair]:
    """Pairs whose creates got no answer; the created task is there if the cell says `bearer`."""
    target = bench.service(side)
    status = {"status": "open"} if side is Side.KORE else {}
    origins = {bench.service(side.other).add(str(rows), **status): rows for rows in cells}
    lost = Unreachable(str(side), "lost", is_outcome_unknown=True)
    target.fail("create", lost, len(cells), applied=True)
    bench.sync()
    pairs = []
    for task_id, record in list(target.records.items()):
        marker = find_marker(record.text)
        if marker is not None and marker.task_id in origins:
            rows = origins[marker.task_id]
            ids = {side.other: marker.task_id, side: TaskId(task_id)}
            if "bearer" not in rows:
                del target.records[task_id], ids[side]
            pairs.append(Pair(rows, cells[rows], ids))
    assert len(pairs) == len(cells)
    return pairs


def test_no_combination_is_left_out() -> None:
    whole = set(product(STATES, STATES))
    named = grids()
    assert all(set(named[name]) == whole for name in named if not name.startswith("creating"))
    assert {row for row, _ in named["creating, v2's task not there"]} == set(STATES)
    assert {column for _, column in named["creating, Kore's task not there"]} == set(STATES)
    assert {name.partition(",")[0] for name in named} == {*LinkState}
