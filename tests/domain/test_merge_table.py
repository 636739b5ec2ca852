"""The truth table of the merge: every cell of every grid, whatever the direction, the rule, the
times, the tie, what a person decided, and the policy for hidden fields.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from bridge.domain.link import NO_BASE
from bridge.domain.merge import FieldView, Times, merge
from bridge.domain.policy import ConflictRule, Direction, MergePolicy, Unobserved
from bridge.domain.relation import Relation
from bridge.domain.side import Side
from tests.domain.making import KORE, V2, at
from tests.domain.merge_grids import AGREE, STATUS_GRIDS, TEXT_GRIDS, TO_KORE, TO_V2, WINNERS
from tests.domain.merging import (
    STATUS,
    TEXT,
    a_base,
    a_view,
    statuses,
    texts,
    told,
)
from tests.domain.merging import TO_KORE as ONLY_TO_KORE
from tests.domain.merging import TO_V2 as ONLY_TO_V2


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the base by name and values, what both sides show, and what is to happen."""

    name: str
    base: tuple[str, str]
    kore: str
    v2: str
    then: str
    relation: Relation

    def __str__(self) -> str:
        return f"{self.name} {'|'.join(self.base)}: {self.kore}|{self.v2}"

    @property
    def is_text(self) -> bool:
        return self.relation is TEXT

    def view(self) -> FieldView:
        values = texts if self.is_text else statuses
        given: dict[str, Side | None] = {"absorbed": None, "carry": None}
        word, _, side = self.name.partition(",")[0].partition(" ")
        if word in given:
            given[word] = Side(side)
        base = a_base(values(*self.base), self.relation, **given)
        if self.name == "none":
            base = NO_BASE
        return a_view(base, values(self.kore, self.v2), self.relation)


def cells(grids: str, relation: Relation) -> Iterator[Cell]:
    for grid in grids.strip().split("\n\n"):
        head, columns, *rows = grid.splitlines()
        name, _, pair = head.partition(": ")
        kore_base, _, v2_base = pair.partition("|")
        across = [word.strip() for word in columns.split("|")][1:]
        for row in rows:
            kore, *then = (word.strip() for word in row.split("|"))
            assert len(then) == len(across), row
            for v2, one in zip(across, then, strict=True):
                yield Cell(name, (kore_base, v2_base), kore, v2, one, relation)


CELLS = [*cells(STATUS_GRIDS, STATUS), *cells(TEXT_GRIDS, TEXT)]


# ---- what a cell means ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that decides beside the cell."""

    direction: Direction
    winner: Side | None
    unobserved: Unobserved


def expected(cell: Cell, given: Circumstances) -> str:
    """What is told of the decision."""
    if not cell.then.startswith("look"):
        return _told(cell, cell.then, given, (cell.kore, cell.v2))
    hidden, _, then = cell.then.removeprefix("look ").partition(" > ")
    if given.direction is {"kore": ONLY_TO_V2, "v2": ONLY_TO_KORE}[hidden]:
        return f"drift {hidden}"
    if given.unobserved is Unobserved.PROBE and hidden == "kore":
        return "read kore"
    if given.unobserved is not Unobserved.WRITE or then == "hold":
        return f"hold {hidden}"
    last = (cell.base[0], cell.v2) if hidden == "kore" else (cell.kore, cell.base[1])
    return _told(cell, then, given, last)


def _told(cell: Cell, then: str, given: Circumstances, values: tuple[str, str]) -> str:
    kore, v2 = values
    if then == ".":
        return "nothing"
    if then == "half" or then.startswith("base"):
        absorbed = then.partition("+")[2]
        return f"base {kore}|{v2}" + (f", absorbed {absorbed}" if absorbed else "")
    writes = {
        "kore": f"kore := {v2 if cell.is_text else TO_KORE.get(v2)}",
        "v2": f"v2 := {kore if cell.is_text else TO_V2.get(kore)}",
    }
    if then == "conflict":
        winner = given.direction.source or given.winner
        if winner is None:
            return "conflict"
        lost = {"kore": v2, "v2": kore}[winner]
        return f"{writes[winner.other]}, lost {lost}"
    if given.direction is {"kore": ONLY_TO_V2, "v2": ONLY_TO_KORE}[then]:
        return f"drift {then}"
    return writes[then]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A row of the table of winners, with a tie and with what a person has decided."""

    rule: ConflictRule
    times: Times
    tie: Side
    decided: Side | None
    winner: Side | None


def rules() -> Iterator[Ruled]:
    """Every row of the table of winners, with either tie, undecided and decided by a person."""
    for line in WINNERS.strip().splitlines()[1:]:
        rule, kore, v2, winner = (word.strip() for word in line.split("|"))
        moments = [None if word == "none" else at(float(word)) for word in (kore, v2)]
        times = Times(kore=moments[0], v2=moments[1])
        for tie, decided in itertools.product(Side, (None, *Side)):
            by_rule = {"tie": tie, "a person": None, "kore": KORE, "v2": V2}[winner]
            yield Ruled(ConflictRule(rule), times, tie, decided, decided or by_rule)


RULES = list(rules())


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_every_cell_of_every_grid_is_decided_as_it_says(cell: Cell) -> None:
    # What is hidden is all that the setting for hidden fields is about.
    is_hidden = "?" in (cell.kore, cell.v2)
    settings = Unobserved if is_hidden else (Unobserved.PROBE,)
    seen = cell.view()
    for direction, unobserved in itertools.product(Direction, settings):
        for one in RULES:
            policy = MergePolicy(
                direction=direction, conflict=one.rule, tie=one.tie, unobserved=unobserved
            )
            given = Circumstances(direction, one.winner, unobserved)
            view = replace(seen, policy=policy, times=one.times, decided=one.decided)
            assert told(merge(view)) == expected(cell, given), (given, one)


def state_of(cell: Cell, side: Side) -> str:
    """How that side stands to the base, by the words alone."""
    shown, base = (cell.kore, cell.base[0]) if side is KORE else (cell.v2, cell.base[1])
    if shown == "?":
        return "unobserved"
    if shown == base:
        return "same"
    pair = (shown, cell.base[1]) if side is KORE else (cell.base[0], shown)
    agrees = pair[0] == pair[1] if cell.is_text else pair[1] in AGREE.get(pair[0], ())
    return "agreeing" if agrees else "differing"


STATES = ("unobserved", "same", "agreeing", "differing")


@pytest.mark.parametrize("name", ["full", "absorbed kore", "carry kore", "carry v2"])
def test_no_combination_of_what_both_sides_may_have_done_is_left_out(name: str) -> None:
    mine = [cell for cell in CELLS if cell.name == name and not cell.is_text]
    found = {(state_of(cell, KORE), state_of(cell, V2)) for cell in mine}
    assert found == set(itertools.product(STATES, STATES))


def test_every_kind_of_base_has_a_grid() -> None:
    names = {cell.name for cell in CELLS}
    assert names >= {"none", "full"}
    for kind in ("half", "absorbed", "carry"):
        assert names >= {f"{kind} kore", f"{kind} v2"}
