"""What a check says of the values that a side shows: which have a counterpart, and what it is."""

from typing import Any

from bridge.domain.agreement import Agreement, build_mapping
from bridge.domain.find_gaps import NO_RULE, PASTE, find_gaps, round_trips
from bridge.domain.finding import Finding, Mark, fail, ok, warn
from bridge.domain.relation import Unmapped
from bridge.domain.sample import Sample
from bridge.domain.side import Side
from bridge.domain.values import Observed, person_value, priority_value, queue_value, status_value
from bridge.domain.vocabulary import Vocabulary, WordKind
from bridge.domain.wordtable import Default, WordRow
from tests.domain.making import (
    KORE,
    V2,
    a_person,
    a_task,
    a_word,
    an_agreement,
    kore_status,
    v2_status,
)

PEOPLE = an_agreement(
    a_person(KORE, "a-1", "Ada Winter"), a_person(V2, "u-1", "Ada W."), twins={"a-1": "u-1"}
)


def gaps(side: Side, *given: dict[str, Any], agreement: Agreement = PEOPLE) -> list[Finding]:
    tasks = tuple(a_task(side, id=f"t-{number}", **one) for number, one in enumerate(given))
    sample = Sample(side=side, tasks=tasks, pages=1, is_all=True)
    return list(find_gaps(sample, agreement, list(round_trips(sample, agreement))))


def trips(
    side: Side, *given: dict[str, Any], agreement: Agreement = PEOPLE
) -> dict[str, tuple[str, int, str, str]]:
    """What becomes of each value: `field value`, the tasks that show it, across, and back."""
    tasks = tuple(a_task(side, id=f"t-{number}", **one) for number, one in enumerate(given))
    sample = Sample(side=side, tasks=tasks, pages=1, is_all=True)
    return {
        f"{one.name} {text(one.value)}": (
            text(one.value),
            one.tasks,
            text(one.there),
            text(one.back),
        )
        for one in round_trips(sample, agreement)
    }


def text(value: Observed | Unmapped) -> str:
    if isinstance(value, Unmapped):
        return "nothing"
    return value.text if value else "(empty)"


def test_every_value_that_is_mapped_is_shown_there_and_back() -> None:
    found = trips(KORE, {"assignee": person_value("a-1", "Ada Winter")})
    assert found == {
        "status Open": ("Open", 1, "open", "Open"),
        "priority High": ("High", 1, "high", "High"),
        "assignee Ada Winter": ("Ada Winter", 1, "Ada W.", "Ada Winter"),
    }
    found = trips(V2, {"status": v2_status("in_review"), "priority": None})
    assert found["status in_review"] == ("in_review", 1, "In Progress", "in_progress")
    assert found["priority (empty)"] == ("(empty)", 1, "(empty)", "(empty)")
    assert found["assignee (empty)"] == ("(empty)", 1, "(empty)", "(empty)")


def test_a_summary_counts_what_is_mapped_and_what_comes_back_as_another() -> None:
    assert gaps(KORE, {})[0] == ok("Kore status values", "1 of 1 have a counterpart")
    one = {"status": kore_status("in progress")}
    on_site = {"status": status_value("On Hold", "onhold")}
    back = "; 1 comes back as another if changed there and back"
    assert gaps(KORE, one, on_site)[0].found == f"2 of 2 have a counterpart{back}"
    finer = "; 3 come back as another if changed there and back"
    assert gaps(V2, {})[0].found == f"6 of 6 have a counterpart{finer}"


def test_words_that_no_task_shows_are_told_all_the_same_where_they_are_known_to_exist() -> None:
    found = trips(V2, {})
    assert [name for name in found if name.startswith("status")] == [
        "status open", "status new", "status in_progress", "status in_review", "status completed",
        "status cancelled",
    ]  # fmt: skip
    assert found["status cancelled"] == ("cancelled", 0, "Closed", "completed")
    learnt = an_agreement(
        a_word(KORE, WordKind.STATUS, "On Site", category="In Progress"),
        a_word(KORE, WordKind.STATUS, "Mystery"),
        a_word(KORE, WordKind.PRIORITY, "Emergency", score=15.0),
    )
    found = trips(KORE, {}, agreement=learnt)
    assert found["status On Site"] == ("On Site", 0, "in_progress", "In Progress")
    assert found["status Mystery"] == ("Mystery", 0, "nothing", "nothing")
    assert found["priority Emergency"][1:3] == (0, "nothing")
    assert len(found) == 5
    warned = [one for one in gaps(KORE, {}, agreement=learnt) if one.mark is Mark.WARN]
    assert warned[0] == warn(
        "Kore status values",
        "No rule says what Kore's status 'Mystery' is in v2. (no task that was looked at)",
        f"Add a [[status]] row for it. {PASTE}",
    )
    assert [one.what for one in warned[1:]] == ["Kore priority values"]


def test_a_priority_that_was_only_seen_elsewhere_goes_by_its_score_as_any_other() -> None:
    scores = {"Low": 5.0, "Medium": 10.0, "High": 12.0, "Critical": 14.0, "Emergency": 13.9}
    words = [a_word(KORE, WordKind.PRIORITY, name, score=score) for name, score in scores.items()]
    found = trips(KORE, {}, agreement=an_agreement(*words))
    assert found["priority Emergency"] == ("Emergency", 0, "urgent", "Critical")


def test_the_words_of_v2_are_told_once_under_the_field_that_they_belong_to() -> None:
    found = trips(V2, {"assignee": None})
    assert {name.lower() for name in found if name.startswith("priority")} == {
        "priority low", "priority medium", "priority high", "priority urgent",
    }  # fmt: skip
    assert [name for name in found if name.startswith("assignee")] == ["assignee (empty)"]


def test_the_commonest_value_comes_first() -> None:
    closed, opened = {"status": kore_status("closed")}, {"status": kore_status("open")}
    found = [name for name in trips(KORE, opened, closed, closed) if name.startswith("status")]
    assert found == ["status Closed", "status Open"]


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
        f"Add a [[status]] row for it. {PASTE}",
    )
    assert priority.found.endswith("or wait for one. (2 tasks)")
    assert priority.next == f"Add a [[priority]] row for it. {PASTE}"
    assert assignee == fail(
        "Kore assignee values",
        "'Nobody' (a-9) of Kore has no one counterpart in v2; add a row to people.table. (2 tasks)",
        "Add a row to people.table.",
    )


def test_a_word_that_v2_is_not_known_to_use_can_be_named_by_no_rule_and_says_so() -> None:
    odd = {"status": status_value("blocked"), "priority": priority_value("asap")}
    status, _, priority, _, people = gaps(V2, {**odd, "assignee": person_value("u-9", "Nobody")})
    assert (status.next, priority.next) == (NO_RULE, NO_RULE)
    assert NO_RULE.startswith("No rule may name it")
    assert PASTE.startswith("Paste the suggested row")
    assert people.next == "Add a row to people.table."
    off = a_word(
        KORE, WordKind.STATUS, "Closed", category="closed", is_system=True, is_enabled=False
    )
    (gap, *_) = gaps(V2, {"status": v2_status("cancelled")}, agreement=an_agreement(off))
    assert gap.next == f"Add a [[status]] row for it. {PASTE}"


def test_one_task_is_counted_as_one() -> None:
    assert gaps(KORE, {"status": status_value("Odd")})[0].found.endswith("(1 task)")


def test_gaps_come_before_what_is_mapped() -> None:
    found = gaps(KORE, {}, {"status": status_value("Odd")})
    assert [one.mark for one in found[:2]] == ["fail", "ok"]


def test_a_field_that_no_task_shows_is_worth_knowing() -> None:
    (status, *_) = gaps(KORE, {"status": ...})
    assert status == warn("Kore status values", "no task that was looked at shows one")


def test_a_queue_is_nobody_across_and_nobody_back() -> None:
    found = trips(KORE, {"assignee": queue_value("First line")})
    assert found["assignee First line"] == ("First line", 1, "(empty)", "(empty)")


def test_people_are_not_judged_where_they_are_not_carried() -> None:
    assert len(gaps(KORE, {}, agreement=an_agreement())) == 2


def test_a_translation_that_has_none_back_is_told_as_nothing() -> None:
    mapping, problems = build_mapping(
        priority=(WordRow("High", "low", Default.TO_V2), WordRow("Low", "low", Default.TO_V2)),
        replaced=("priority",),
    )
    assert problems
    one_way = Agreement(mapping, Vocabulary())
    assert trips(KORE, {}, agreement=one_way)["priority High"] == ("High", 1, "low", "nothing")
