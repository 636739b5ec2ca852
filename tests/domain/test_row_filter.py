"""What a reader asks a report for narrows its rows, each way by itself and all together."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.reconciled import STATES, Reconciliation, Row, State, Totals
from bridge.domain.row_filter import RowFilter
from bridge.domain.side import SIDES
from bridge.domain.task import Case
from bridge.domain.values import person_value
from tests.domain.making import NOON, at

ANN = person_value("a-1", "Ann Archer")
ROW = Row(
    state=State.DRIFTED,
    sides=SIDES,
    kore_id="k1",
    since=at(60),
    case=Case(id="ci-1", ref="CS000001"),
    people=(ANN,),
)
OTHER = replace(ROW, kore_id="k2", case=None, people=(), since=None)
STEADY = replace(ROW, kore_id="k3", state=State.IN_STEP)


def report_of(*rows: Row) -> Reconciliation:
    counts = dict.fromkeys(STATES, 0)
    totals = Totals(links=0, states=counts, by_side=dict.fromkeys(SIDES, counts))
    return Reconciliation(at=NOON, rows=rows, totals=totals)


def found(*rows: Row, **wanted: Any) -> list[str | None]:
    return [row.kore_id for row in RowFilter(**wanted).rows_of(report_of(*rows))]


def test_without_a_wish_all_is_told_that_is_not_in_step() -> None:
    assert found(ROW, OTHER, STEADY) == ["k1", "k2"]
    assert not RowFilter().is_part
    assert RowFilter(case="x").is_part


def test_a_state_that_is_asked_for_is_told_also_where_nothing_is_to_be_done() -> None:
    assert found(ROW, STEADY, states=frozenset({State.IN_STEP})) == ["k3"]


@pytest.mark.parametrize("case", ["ci-1", "CS000001", "cs000001"])
def test_a_case_is_known_by_id_and_by_reference(case: str) -> None:
    assert found(ROW, OTHER, case=case) == ["k1"]
    assert found(ROW, case="CS00000") == []


@pytest.mark.parametrize("person", ["a-1", "ann archer", "Arch"])
def test_a_person_is_known_by_id_and_by_a_part_of_the_name(person: str) -> None:
    assert found(ROW, OTHER, person=person) == ["k1"]
    assert found(ROW, person="Bob") == []


def test_a_case_or_person_that_no_task_has_is_told_whatever_else_was_asked_for() -> None:
    def told(*rows: Row, **wanted: Any) -> str:
        return " ".join(RowFilter(**wanted).unknown(report_of(*rows)))

    assert told(STEADY, case="NOPE") == "No task of either side is in a case NOPE."
    assert "assigned to NOPE." in told(STEADY, person="NOPE")
    assert told(case="NOPE", person="NO").count("No task") == 2
    # Something has it, only not what else was asked for: then there is nothing to put right.
    failed = frozenset({State.FAILED})
    assert told(STEADY, case="ci-1", person="arch", states=failed) == ""
    assert told(OTHER) == told() == ""


def test_what_is_older_stands_so_since_then_or_longer() -> None:
    assert found(ROW, OTHER, since=at(60)) == ["k1"]
    assert found(ROW, since=at(59)) == []


def test_a_row_has_to_fit_all_that_is_asked_for() -> None:
    assert found(ROW, case="ci-1", person="Bob") == []
