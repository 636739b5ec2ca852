"""What a check says of the values that a side shows: which have a counterpart, and what it is."""

from typing import Any

from bridge.domain.agreement import Agreement, build_mapping
from bridge.domain.find_gaps import find_gaps
from bridge.domain.finding import Finding, fail, ok, warn
from bridge.domain.sample import Sample
from bridge.domain.side import Side
from bridge.domain.values import person_value, priority_value, queue_value, status_value
from bridge.domain.vocabulary import Vocabulary
from bridge.domain.wordtable import Default, WordRow
from tests.domain.making import KORE, V2, a_person, a_task, an_agreement, kore_status, v2_status

PEOPLE = an_agreement(
    a_person(KORE, "a-1", "Ada Winter"), a_person(V2, "u-1", "Ada W."), twins={"a-1": "u-1"}
)


def gaps(side: Side, *given: dict[str, Any], agreement: Agreement = PEOPLE) -> list[Finding]:
    tasks = tuple(a_task(side, id=f"t-{number}", **one) for number, one in enumerate(given))
    sample = Sample(side=side, tasks=tasks, pages=1, is_all=True)
    return list(find_gaps(sample, agreement))


def test_every_value_that_is_mapped_is_shown_there_and_back() -> None:
    assert gaps(KORE, {"assignee": person_value("a-1", "Ada Winter")}) == [
        ok("Kore status values", "Open → open → Open"),
        ok("Kore priority values", "High → high → High"),
        ok("Kore assignee values", "Ada Winter → Ada W. → Ada Winter"),
    ]
    assert gaps(V2, {"status": v2_status("in_review"), "priority": None}) == [
        ok("v2 status values", "in_review → In Progress → in_progress"),
        ok("v2 priority values", "(empty) → (empty) → (empty)"),
        ok("v2 assignee values", "(empty) → (empty) → (empty)"),
    ]


def test_the_commonest_value_comes_first() -> None:
    closed, opened = {"status": kore_status("closed")}, {"status": kore_status("open")}
    assert gaps(KORE, opened, closed, closed)[0].found == (
        "Closed → completed → Resolved; Open → open → Open"
    )


def test_a_value_without_a_counterpart_fails_with_how_many_show_it_and_the_row_to_add() -> None:
    odd = {
        "status": status_value("Odd"),
        "priority": priority_value("Urgent"),
        "assignee": person_value("a-9", "Nobody"),
    }
    status, priority, assignee = gaps(KORE, odd, odd)
    assert status == fail(
        "Kore status values",
        "No rule says what Kore's status 'Odd' is in v2. (2 tasks)",
        "Add a [[status]] row for it.",
    )
    assert priority.found.endswith("or wait for one. (2 tasks)")
    assert priority.next == "Add a [[priority]] row for it."
    assert assignee == fail(
        "Kore assignee values",
        "'Nobody' (a-9) of Kore has no one counterpart in v2; add a row to people.table. (2 tasks)",
        "Add a row to people.table.",
    )


def test_one_task_is_counted_as_one() -> None:
    assert gaps(KORE, {"status": status_value("Odd")})[0].found.endswith("(1 task)")


def test_gaps_come_before_what_is_mapped() -> None:
    found = gaps(KORE, {}, {"status": status_value("Odd")})
    assert [one.mark for one in found[:2]] == ["fail", "ok"]


def test_a_field_that_no_task_shows_is_worth_knowing() -> None:
    (status, *_) = gaps(V2, {"status": ...})
    assert status == warn("v2 status values", "no task that was looked at shows one")


def test_a_queue_is_nobody_across_and_nobody_back() -> None:
    assert gaps(KORE, {"assignee": queue_value("First line")})[2] == ok(
        "Kore assignee values", "First line → (empty) → (empty)"
    )


def test_people_are_not_judged_where_they_are_not_carried() -> None:
    assert len(gaps(KORE, {}, agreement=an_agreement())) == 2


def test_a_translation_that_has_none_back_is_told_as_nothing() -> None:
    mapping, problems = build_mapping(
        priority=(WordRow("High", "low", Default.TO_V2), WordRow("Low", "low", Default.TO_V2)),
        replaced=("priority",),
    )
    assert problems
    one_way = Agreement(mapping, Vocabulary())
    assert gaps(KORE, {}, agreement=one_way)[1].found == "High → low → nothing"
