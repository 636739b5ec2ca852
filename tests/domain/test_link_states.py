"""The truth table of a marker's bearer: whether it is the counterpart, in every state of the link.

The rows are the link of the task that the marker names, the columns what the bearer is like. A
`.` is a task of its own, `left` follows a person who removed the link.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from bridge.domain.link import Link, LinkState
from bridge.domain.match import match_bearer
from bridge.domain.side import Side, TaskId
from bridge.domain.task import Known, Standing
from tests.domain.making import OWN, a_known, a_link, a_marker, at, text

GRID = """
link                | ours      | ours, and older one | same title | same title, and ours | strange
none                | linked    | duplicate           | linked     | duplicate            | .
creating, no other  | linked    | duplicate           | linked     | duplicate            | linked
creating, this one  | linked    | linked              | linked     | linked               | .
creating, another   | duplicate | duplicate           | duplicate  | duplicate            | .
linked, this one    | linked    | linked              | linked     | linked               | .
linked, another     | duplicate | duplicate           | duplicate  | duplicate            | .
missing, this one   | linked    | linked              | linked     | linked               | .
missing, another    | duplicate | duplicate           | duplicate  | duplicate            | .
missing, no other   | duplicate | duplicate           | duplicate  | duplicate            | .
removed, this one   | left      | left                | left       | left                 | .
removed, another    | left      | left                | left       | left                 | .
removed, no other   | left      | left                | left       | left                 | .
its task not there  | orphan    | orphan              | .          | .                    | .
"""

SAME = "Broken boiler"
LIKE: dict[str, dict[str, Any]] = {
    "ours": {"first_author": "bridge", "title": text("Renamed")},
    "ours, and older one": {"first_author": "bridge"},
    "same title": {"first_author": "ann", "title": text(SAME)},
    "same title, and ours": {"first_author": "ann", "title": text(SAME)},
    "strange": {"first_author": "ann", "last_author": "bob", "title": text("Another thing")},
}
OTHERS: dict[str, dict[str, Any]] = {
    "ours, and older one": {"first_author": "bridge", "created_at": at(-60)},
    "same title, and ours": {"first_author": "bridge", "created_at": at(60)},
}


@dataclass(frozen=True, slots=True)
class Cell:
    link: str
    like: str
    then: str

    def __str__(self) -> str:
        return f"{self.link} / {self.like}"


def cells() -> list[Cell]:
    head, *rows = ([word.strip() for word in line.split("|")] for line in GRID.strip().splitlines())
    return [
        Cell(row[0], like, then)
        for row in rows
        for like, then in zip(head[1:], row[1:], strict=True)
    ]


def the_link(told: str, side: Side) -> Link | None:
    """The link of the marker's task, whose other half is on `side`."""
    state, _, half = told.partition(", ")
    if state not in {*LinkState}:
        return None
    ids = {"this one": "b1", "another": "b9", "no other": None}
    mine = TaskId(found) if (found := ids[half]) else None
    given = {"kore_id": mine} if side is Side.KORE else {"v2_id": mine}
    return a_link(state=LinkState(state), origin=side.other, **given)


def a_bearer(side: Side, task_id: str, **given: Any) -> Known:
    return a_known(side, id=task_id, **{"marker": a_marker(side.other), **given})


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("cell", cells(), ids=str)
def test_a_bearer_is_what_its_cell_says(cell: Cell, side: Side) -> None:
    bearer = a_bearer(side, "b1", **LIKE[cell.like])
    others = [a_bearer(side, "b2", **OTHERS[cell.like])] if cell.like in OTHERS else []
    origin = None if cell.link == "its task not there" else a_known(side.other, title=text(SAME))
    link = the_link(cell.link, side)
    for bearers in ([bearer, *others], [*others, bearer]):
        match = match_bearer(bearer, origin, link, bearers, OWN)
        assert match.standing is Standing("new" if cell.then == "." else cell.then)
        assert bool(match.why) is (cell.then != ".")


def test_no_state_of_a_link_is_left_out() -> None:
    named = {cell.link for cell in cells()}
    halves = ("this one", "another", "no other")
    wanted = {f"{state}, {half}" for state, half in product(LinkState, halves)}
    assert wanted - named == {"linked, no other"}, "what is linked has both halves"


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("like", ["same title", "strange"])
def test_while_nobody_knows_who_we_are_there_a_bearer_without_its_task_may_be_ours(
    like: str, side: Side
) -> None:
    bearer = a_bearer(side, "b1", **LIKE[like])
    match = match_bearer(bearer, None, None, [bearer], frozenset())
    assert match.standing is Standing.ORPHAN
