"""A survivor that is closed or spared, and a return that is a conflict or none."""

from typing import Any

import pytest

from bridge.domain.gone import Closing, conflict_of_return
from bridge.domain.policy import OnMissing
from bridge.domain.values import Value, priority_value
from bridge.domain.vocabulary import WordKind
from tests.domain.making import KORE, NOON, V2, a_word, an_agreement, at, kore_status, v2_status
from tests.domain.test_gone import STATUS, a_pair, back, closed
from tests.domain.worlds import AGREEMENT

HIDES: dict[str, Any] = {"description": ..., "changed_at": at(9), "own_changed_at": NOON}


def test_what_is_only_reported_needs_no_reason() -> None:
    assert closed(a_pair(), OnMissing.REPORT).why == ""
    assert Closing().operation is None


def test_a_kore_task_is_closed_by_whatever_the_account_calls_its_closing_status() -> None:
    done = a_word(KORE, WordKind.STATUS, "Archived", category="Closed", is_system=True)
    operation = closed(a_pair(V2), agreement=an_agreement(done)).operation
    assert operation is not None
    value = operation.values[STATUS]
    assert isinstance(value, Value)
    assert (value.text, value.kind) == ("Archived", "closed")


def test_where_no_status_can_be_written_the_survivor_is_left_and_says_which_rule_is_missing() -> (
    None
):
    off = a_word(KORE, WordKind.STATUS, "Closed", category="Closed", is_enabled=False)
    assert closed(a_pair(V2), agreement=an_agreement(off)) == Closing(
        why="Kore's own status of the category 'Closed' is switched off and no single other one "
        "is known; name one in a [[status]] row."
    )


@pytest.mark.parametrize("gone", [KORE, V2])
def test_a_value_that_no_rule_carries_spares_the_survivor_before_it_was_ever_noted(
    gone: Any,
) -> None:
    odd = {"priority": priority_value("Odd")}
    pair = a_pair(gone, kore=odd) if gone is V2 else a_pair(gone, v2=odd)
    assert closed(pair).why.endswith(" has changes that were not carried.")


def test_a_survivor_whose_row_may_hide_a_change_is_spared_until_a_probe_has_shown_it() -> None:
    assert closed(a_pair(V2, kore=HIDES)) == Closing(
        why="TS000102 has changes that were not carried."
    )


def test_what_a_task_that_is_gone_may_have_hidden_spares_nobody() -> None:
    assert closed(a_pair(KORE, kore=HIDES)).operation is not None


@pytest.mark.parametrize(
    ("kore", "v2"),
    [("resolved", "in_review"), ("in progress", "in_review"), ("closed", "cancelled")],
)
def test_statuses_that_agree_are_no_conflict_though_one_alone_is_finished(
    kore: str, v2: str
) -> None:
    assert conflict_of_return(back(kore_status(kore), v2_status(v2)), AGREEMENT) is None
