"""Sentences that name what they are about: the value, the side, the task, the rule to add."""

import pytest

from bridge.domain.agreement import build_mapping
from bridge.domain.guard import NEXT, GuardKind
from bridge.domain.relation import Unmapped
from bridge.domain.side import Field, Side
from bridge.domain.values import Observed, priority_value, status_value
from tests.domain.making import KORE, V2, an_agreement, scores

AGREEMENT = an_agreement(*scores(low=5, medium=10, high=12))


def refusal(field: Field, value: Observed, to: Side) -> tuple[str, str]:
    found = AGREEMENT.of(field).translate(value, to)
    assert isinstance(found, Unmapped)
    return found.reason, found.waits_for


@pytest.mark.parametrize(
    ("field", "value", "to", "reason", "waits_for"),
    [
        (
            Field.PRIORITY, priority_value("Odd"), KORE,
            "No rule says what v2's priority 'Odd' is in Kore.", "v2:priority:odd",
        ),
        (
            Field.PRIORITY, priority_value("Odd"), V2,
            "The priority 'Odd' goes by its score, but no record seen so far tells the score of "
            "'odd'; name it in a [[priority]] row, or wait for one.", "kore:priority:odd",
        ),
        (
            Field.PRIORITY, priority_value("Odd", 11), V2,
            "The priority 'Odd' goes by its score, but no record seen so far tells the score of "
            "'critical'; name it in a [[priority]] row, or wait for one.",
            "kore:priority:critical",
        ),
    ],
)  # fmt: skip
def test_a_priority_without_a_counterpart_is_named_with_what_would_help(
    field: Field, value: Observed, to: Side, reason: str, waits_for: str
) -> None:
    assert refusal(field, value, to) == (reason, waits_for)


@pytest.mark.parametrize(("value", "to"), [("Odd", KORE), ("Odd", V2)])
def test_a_status_without_a_counterpart_is_named(value: str, to: Side) -> None:
    reason, _ = refusal(Field.STATUS, status_value(value), to)
    assert value in reason
    assert to.other.label in reason


def test_the_default_mapping_takes_a_person_from_a_queue_and_matches_no_names() -> None:
    mapping, problems = build_mapping()
    assert problems == ()
    assert (mapping.takes_from_queue, mapping.matches_names) == (True, False)


def test_every_guard_says_what_a_person_can_do() -> None:
    assert {*NEXT} == {*GuardKind}
    assert all("task-bridge guard confirm" in words for words in NEXT.values())
    assert 'kore.unobserved = "probe"' in NEXT[GuardKind.PROBES]
    assert "task-bridge report" in NEXT[GuardKind.MISSING]
