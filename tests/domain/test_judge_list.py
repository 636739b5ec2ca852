"""What a check says of a side's list: whole sentences, since people act on them."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.finding import FieldSight, Finding, Inspection, Mark, Seen, fail, ok, warn
from bridge.domain.judge_list import (
    Calls,
    judge_backlink,
    judge_clock,
    judge_hidden,
    judge_list,
    sights_of,
)
from bridge.domain.policy import Direction, MergePolicy, Unobserved
from bridge.domain.reading import ProbeForm
from bridge.domain.sample import Sample
from bridge.domain.side import Field, Side
from bridge.domain.task import Task
from tests.domain.making import KORE, V2, a_task, an_agreement, text

EXPECT_LATE = "Expect changes to show up later."
SET_CLOCK = "Set this machine's clock."


def tasks(side: Side, count: int, **given: Any) -> tuple[Task, ...]:
    return tuple(a_task(side, id=f"t-{number}", **given) for number in range(count))


def a_sample(side: Side = KORE, **given: Any) -> Sample:
    usual = {"side": side, "tasks": tasks(side, 2), "pages": 1, "is_all": True, "is_sorted": True}
    return Sample(**{**usual, **given})


def told(sample: Sample) -> list[Finding]:
    return list(judge_list(sample))


# --- what was read -------------------------------------------------------------------------------


def test_a_short_sorted_list_is_fine_and_says_how_much_was_looked_at() -> None:
    assert told(a_sample()) == [
        ok("Kore list", "all 2 tasks looked at, on 1 page"),
        ok("Kore sort", "by change time, newest and oldest first"),
    ]


@pytest.mark.parametrize(("total", "of"), [(90, " of 90"), (None, ""), (0, "")])
def test_of_a_long_list_only_the_newest_were_looked_at(total: int | None, of: str) -> None:
    (first, _) = told(a_sample(V2, pages=3, is_all=False, total=total))
    assert first == ok(
        "v2 list",
        f"the newest 2{of} tasks looked at, on 3 pages; what others show is not known",
    )


def test_each_reason_why_records_cannot_be_read_is_told_once() -> None:
    reasons = ("no id", "its title is a number", "no id")
    assert told(a_sample(unreadable=reasons))[1:3] == [
        fail("Kore list", "a record cannot be read: no id", "Look at that record."),
        fail("Kore list", "a record cannot be read: its title is a number", "Look at that record."),
    ]


@pytest.mark.parametrize(
    ("is_sorted", "why"), [(None, "could not be proved"), (False, "is not by change time")]
)
@pytest.mark.parametrize(("is_all", "advice"), [(True, ""), (False, EXPECT_LATE)])
def test_a_sort_that_cannot_be_relied_on_costs_lag_where_the_list_is_long(
    is_sorted: bool | None, why: str, is_all: bool, advice: str
) -> None:
    found = told(a_sample(is_sorted=is_sorted, is_all=is_all))[-1]
    reads_all = "every poll reads the whole list, as often as the calls allow"
    assert found == warn("Kore sort", f"{why}; {reads_all}", advice)


def test_how_many_tasks_a_side_has_is_the_larger_of_what_is_told_and_what_was_seen() -> None:
    assert a_sample(total=90).size == 2
    assert a_sample(total=90, is_all=False).size == 90
    assert a_sample(total=1, is_all=False).size == 2
    assert a_sample(total=None, is_all=False).size == 2


def test_a_sample_counts_the_values_that_are_shown_the_commonest_first() -> None:
    mixed = (
        *tasks(KORE, 1, title=text("Rare")),
        *tasks(KORE, 2, title=text("Common")),
        *tasks(KORE, 1, title=...),
    )
    sample = a_sample(tasks=mixed)
    assert list(sample.values(Field.TITLE).items()) == [(text("Common"), 2), (text("Rare"), 1)]
    assert (sample.hiding(Field.TITLE), sample.hiding(Field.DUE)) == (1, 0)


# --- the clock -----------------------------------------------------------------------------------


def test_a_clock_that_nobody_tells_is_not_judged() -> None:
    found = judge_clock(a_sample(), 300.0, 5.0)
    assert found == warn(
        "Kore clock", "it sends no Date, so nobody knows", "Keep this machine's clock right."
    )


@pytest.mark.parametrize(
    ("skew", "found", "mark"),
    [
        (0.0, "as ours", Mark.OK),
        (2.0, "as ours", Mark.OK),
        (-2.0, "as ours", Mark.OK),
        (2.5, "2 s ahead of ours", Mark.OK),
        (5.0, "5 s ahead of ours", Mark.OK),
        (6.0, "6 s ahead of ours; it is measured and taken off", Mark.WARN),
        (298.0, "298 s ahead of ours; it is measured and taken off", Mark.WARN),
        (299.0, "299 s ahead of ours: our tokens may be refused", Mark.FAIL),
        (-3.0, "3 s behind ours: our tokens may be refused", Mark.FAIL),
    ],
)
def test_a_skew_is_told_by_what_it_spoils(skew: float, found: str, mark: Mark) -> None:
    judged = judge_clock(a_sample(skew_seconds=skew), 300.0, 5.0)
    advice = "" if mark is Mark.OK else SET_CLOCK
    assert judged == Finding(what="Kore clock", mark=mark, found=found, next=advice)


@pytest.mark.parametrize(
    ("skew", "tolerance", "mark", "found"),
    [
        (-9.0, 5.0, Mark.WARN, "9 s behind ours; it is measured and taken off"),
        (-4.0, 5.0, Mark.OK, "4 s behind ours"),
        (1.9, 0.0, Mark.OK, "as ours"),
        (2.4, 0.0, Mark.WARN, "2 s ahead of ours; it is measured and taken off"),
    ],
)
def test_where_there_are_no_tokens_a_skew_spoils_none(
    skew: float, tolerance: float, mark: Mark, found: str
) -> None:
    judged = judge_clock(a_sample(V2, skew_seconds=skew), 0.0, tolerance)
    assert (judged.what, judged.mark, judged.found) == ("v2 clock", mark, found)


# --- hidden fields -------------------------------------------------------------------------------

HIDING = a_sample(tasks=tasks(KORE, 2, description=...), is_all=False, total=60)
WITHOUT_PROBES = 'To do without: kore.unobserved = "hold" or "write".'


def sights(sample: Sample, **policy: Any) -> list[FieldSight]:
    return list(sights_of(sample, an_agreement(twins={"a-1": "u-1"}), MergePolicy(**policy)))


def hidden(
    sample: Sample, *, call_seconds: float = 0.0, asks_from: int | None = None, **policy: Any
) -> list[Finding]:
    calls = Calls(seconds=call_seconds, asks_from=asks_from)
    return list(judge_hidden(sample, sights(sample, **policy), MergePolicy(**policy), calls))


def test_a_list_that_shows_all_says_so_field_by_field() -> None:
    assert hidden(a_sample()) == [ok(f"Kore shows {name}", "listed") for name in Field]


def test_a_field_that_is_not_carried_is_not_judged() -> None:
    found = sights_of(a_sample(), an_agreement(), MergePolicy())
    assert Field.ASSIGNEE not in [one.name for one in found]


def test_of_a_list_without_tasks_nothing_is_said() -> None:
    assert hidden(a_sample(tasks=())) == []


def test_what_v2_hides_is_never_seen_there() -> None:
    sample = a_sample(V2, tasks=(a_task(V2, due=...), a_task(V2)))
    assert hidden(sample)[-1] == warn("v2 shows due", "hidden in 1 of 2 tasks, never seen there")


@pytest.mark.parametrize(
    ("form", "tried"),
    [
        (ProbeForm.UNTRIED, ", not tried"),
        (ProbeForm.EMPTY, ""),
        (ProbeForm.ID_ONLY, ""),
    ],
)
def test_what_kore_hides_is_seen_by_a_probe_and_that_costs_calls(
    form: ProbeForm, tried: str
) -> None:
    found = hidden(replace(HIDING, probe_form=form), call_seconds=2.0)
    description, cost = found[1], found[-1]
    assert description == warn(
        "Kore shows description",
        f"hidden in 2 of 2 tasks, though asked for: seen by probe{tried}",
    )
    assert cost == warn(
        "Kore probes",
        "one call for each task before its counterpart is created, 60 calls, about 2 min by "
        "kore.limits; then one for each change of a task. A probe is an update of nothing, and "
        "may move the change time",
        WITHOUT_PROBES,
    )
    assert len(found) == 7


@pytest.mark.parametrize(
    ("call_seconds", "takes"),
    [
        (0.0, ""),
        (1.0, ", about 60 s by kore.limits"),
        (1.48, ", about 89 s by kore.limits"),
        (1.5, ", about 2 min by kore.limits"),
        (89.0, ", about 89 min by kore.limits"),
        (90.0, ", about 1.5 h by kore.limits"),
        (100.0, ", about 1.7 h by kore.limits"),
    ],
)
def test_the_cost_of_probes_is_told_in_the_unit_that_fits(call_seconds: float, takes: str) -> None:
    cost = hidden(HIDING, call_seconds=call_seconds)[-1]
    assert f"created, 60 calls{takes}; then" in cost.found


@pytest.mark.parametrize(
    ("given", "calls"),
    [
        ({"is_all": True, "total": None}, "created, 2 calls"),
        ({"is_all": False, "total": 60}, "created, 60 calls"),
        ({"is_all": False, "total": None}, "created, at least 2 calls"),
        ({"is_all": True, "total": 60}, "created, 2 calls"),
    ],
)
def test_where_nobody_tells_how_many_tasks_there_are_the_cost_is_a_least(
    given: dict[str, Any], calls: str
) -> None:
    assert calls in hidden(replace(HIDING, **given))[-1].found


@pytest.mark.parametrize(
    ("given", "policy", "found", "advice"),
    [
        (
            {},
            Unobserved.WRITE,
            "never seen; what is known of it last is written over",
            "",
        ),
        ({}, Unobserved.HOLD, "never seen; changes of it wait", "See kore.unobserved."),
        (
            {"probe_form": ProbeForm.REFUSED},
            Unobserved.PROBE,
            "never seen; changes of it wait",
            "See kore.unobserved.",
        ),
    ],
)
def test_what_no_probe_shows_is_written_over_or_waits(
    given: dict[str, Any], policy: Unobserved, found: str, advice: str
) -> None:
    judged = hidden(replace(HIDING, **given), unobserved=policy)
    where = "hidden in 2 of 2 tasks, though asked for"
    assert judged[1] == warn("Kore shows description", f"{where}: {found}", advice)
    assert "Kore probes" not in [one.what for one in judged]


# --- how each field can be seen ------------------------------------------------------------------


def seen(sample: Sample, name: Field = Field.DESCRIPTION, **policy: Any) -> tuple[Seen, int, bool]:
    (one,) = [one for one in sights(sample, **policy) if one.name is name]
    assert one.side is sample.side
    return one.seen, one.calls, one.is_tried


def test_a_field_is_listed_or_shown_after_asking_and_neither_takes_a_call_of_its_own() -> None:
    assert seen(a_sample()) == (Seen.LISTED, 0, True)
    asked = a_sample(unasked=frozenset({Field.TITLE}))
    assert seen(asked, Field.TITLE) == (Seen.LISTED, 0, True)
    assert seen(asked) == (Seen.AFTER_ASKING, 0, True)
    assert seen(a_sample(unasked=frozenset())) == (Seen.AFTER_ASKING, 0, True)
    assert hidden(asked)[1] == ok(
        "Kore shows description", "after asking: by selectedColumns, in the calls that list it"
    )


def test_a_field_that_is_hidden_takes_a_probe_of_every_task_or_is_never_seen() -> None:
    assert seen(HIDING) == (Seen.BY_PROBE, 60, False)
    assert seen(replace(HIDING, probe_form=ProbeForm.EMPTY)) == (Seen.BY_PROBE, 60, True)
    assert seen(replace(HIDING, unasked=frozenset()))[0] is Seen.BY_PROBE
    assert seen(replace(HIDING, probe_form=ProbeForm.REFUSED)) == (Seen.NEVER, 0, True)
    for policy in (Unobserved.HOLD, Unobserved.WRITE):
        assert seen(HIDING, unobserved=policy) == (Seen.NEVER, 0, True)
    assert seen(a_sample(V2, tasks=tasks(V2, 2, description=...)))[0] is Seen.NEVER


def test_what_was_seen_whole_before_is_not_probed_again() -> None:
    half = replace(HIDING, seen_whole=20)
    assert seen(half)[1] == 40
    cost = hidden(half, call_seconds=2.0)[-1]
    assert "40 calls, about 80 s by kore.limits (20 were seen whole before)" in cost.found
    assert hidden(half, asks_from=40)[-1].next == WITHOUT_PROBES


def test_more_probes_than_go_out_unasked_are_told_as_a_question_to_come() -> None:
    cost = hidden(HIDING, asks_from=59)[-1]
    assert cost.what == "Kore probes"
    assert cost.found.startswith("one call for each task")
    assert "more than 59, and kore.unobserved is not set" in cost.found
    assert 'kore.unobserved = "probe"' in cost.next
    assert cost.next.endswith(WITHOUT_PROBES)
    for number in (60, None):
        assert hidden(HIDING, asks_from=number)[-1].next == WITHOUT_PROBES


def test_how_late_changes_show_up_where_every_poll_reads_all_is_told_by_the_calls_it_takes() -> (
    None
):
    long = a_sample(is_sorted=False, is_all=False, total=90, tasks=tasks(KORE, 10), pages=2)
    assert long.calls_of_list == 18
    found = list(judge_list(long, 2.0))[-1]
    assert found.next == "Expect changes to show up later by up to about 36 s."
    assert list(judge_list(long))[-1].next == EXPECT_LATE
    two = a_sample(is_sorted=False, is_all=False, total=4)
    assert list(judge_list(two, 2.0))[-1].next.endswith("by up to about 4 s.")
    one = a_sample(is_sorted=False, is_all=False, total=2)
    assert list(judge_list(one, 2.0))[-1].next == EXPECT_LATE
    assert a_sample(tasks=()).calls_of_list == 1


# --- the backlink --------------------------------------------------------------------------------

HOLD = MergePolicy(unobserved=Unobserved.HOLD)


def backlink(sample: Sample, policy: MergePolicy, *, tags_origin: bool) -> list[Finding]:
    return list(judge_backlink(sample, policy, tags_origin))


def test_where_no_marker_can_be_seen_a_tag_has_to_stand_for_it() -> None:
    assert backlink(HIDING, HOLD, tags_origin=False) == [
        fail(
            "v2.backlink",
            "Kore's list hides descriptions and is not probed, so a marker there is never seen",
            'Set v2.backlink = "tag".',
        )
    ]
    assert backlink(HIDING, HOLD, tags_origin=True) == [
        ok("v2.backlink", "v2 origins are tagged, since Kore shows no marker")
    ]


def test_one_task_without_a_description_is_enough_to_ask_for_a_tag() -> None:
    sample = replace(HIDING, tasks=(a_task(KORE), a_task(KORE, description=...)))
    assert len(backlink(sample, HOLD, tags_origin=False)) == 1


@pytest.mark.parametrize(
    ("sample", "policy"),
    [
        (a_sample(), HOLD),
        (HIDING, MergePolicy()),
        (HIDING, MergePolicy(unobserved=Unobserved.HOLD, direction=Direction.KORE_TO_V2)),
    ],
)
def test_a_tag_is_not_asked_for_where_markers_are_seen_or_kore_is_not_written(
    sample: Sample, policy: MergePolicy
) -> None:
    assert backlink(sample, policy, tags_origin=False) == []


# --- findings ------------------------------------------------------------------------------------


def test_a_finding_that_is_fine_asks_for_nothing_unless_told() -> None:
    assert (ok("a", "b").next, warn("a", "b").next) == ("", "")
    assert ok("a", "b", "c") == Finding(what="a", mark=Mark.OK, found="b", next="c")
    assert Finding(what="a", mark=Mark.OK, found="b").next == ""


def test_an_inspection_is_fine_while_nothing_needs_a_person() -> None:
    fine = Inspection(findings=(ok("a", "b"), warn("a", "b")))
    assert (fine.is_fine, fine.is_refused, fine.people) == (True, False, ())
    assert not Inspection(findings=(ok("a", "b"), fail("a", "b", "c"))).is_fine
