"""A report reads well, piped or on a narrow terminal, and its JSON keeps the contract."""

import io
import re
import tomllib
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from bridge.domain.finding import (
    FieldSight,
    Inspection,
    Mark,
    Proposal,
    RoundTrip,
    Seen,
    Suggestion,
    fail,
    ok,
    warn,
)
from bridge.domain.reading import LastRead
from bridge.domain.reconciled import (
    STATES,
    Difference,
    Reconciliation,
    Row,
    State,
    Totals,
)
from bridge.domain.relation import Unmapped
from bridge.domain.side import SIDES, Field
from bridge.domain.values import UNSEEN, as_text, text_value
from bridge.report.as_of import as_of_lines
from bridge.report.check_object import render_check_object
from bridge.report.check_table import render_check_table
from bridge.report.plain import plain
from bridge.report.report_object import render_report_object
from bridge.report.report_table import render_report_table
from tests.domain.making import KORE, NOON, V2, at, text

KORE_ID, V2_ID = "ti-c7c61c9-0000-4444-8888-0123456789ab", "65f000000000000000000001"
HIDDEN: dict[Any, tuple[Field, ...]] = {KORE: (Field.DUE,), V2: ()}
ROW = Row(
    state=State.DRIFTED,
    sides=SIDES,
    reason="Title: changed in Kore, not in v2 yet.",
    next="The next cycle writes it to v2.",
    title="Broken [red]boiler[/red]",
    kore_id=KORE_ID,
    kore_ref="TS000102",
    v2_id=V2_ID,
    v2_ref="REC-1234",
    fields=(
        Difference(name=Field.TITLE, kore=text("a"), v2=text("b"), base=(text("b"), text("b"))),
        Difference(name=Field.DESCRIPTION, kore=UNSEEN, v2=None),
        Difference(name=Field.DUE, kore=None, v2=text("c"), base=(UNSEEN, text("c"))),
    ),
    since=at(60),
)


def a_report(*rows: Row) -> Reconciliation:
    count = {state: sum(row.state is state for row in rows) for state in STATES}
    totals = Totals(links=len(rows), states=count, by_side=dict.fromkeys(SIDES, count))
    return Reconciliation(at=NOON, rows=rows, totals=totals)


def table(report: Reconciliation, *notes: str, **console: Any) -> str:
    out = io.StringIO()
    render_report_table(report, report.told, notes, Console(file=out, highlight=False, **console))
    return out.getvalue()


def as_object(report: Reconciliation) -> dict[str, Any]:
    return render_report_object(report, report.told, HIDDEN)


def test_json_has_every_key_of_the_contract_and_no_other() -> None:
    found = as_object(a_report(ROW))
    assert list(found) == ["generated_at", "totals", "hidden_fields", "rows"]
    assert list(found["totals"]) == ["kore_tasks", "v2_tasks", "links", *STATES, "by_side"]
    assert found["generated_at"] == "2026-05-04T12:00:00.000Z"
    assert found["hidden_fields"] == {"kore": ["due"], "v2": []}
    (row,) = found["rows"]
    assert list(row) == [
        "state", "kore_id", "kore_ref", "v2_id", "v2_ref", "title", "reason", "next", "fields",
        "since",
    ]  # fmt: skip
    assert row["since"] == "2026-05-04T12:01:00.000Z"


def test_in_json_an_empty_value_is_null_and_a_hidden_one_is_left_out() -> None:
    (row,) = as_object(a_report(ROW))["rows"]
    assert row["fields"] == {
        "title": {"kore": "a", "v2": "b", "base": {"kore": "b", "v2": "b"}},
        "description": {"v2": None, "base": None},
        "due": {"kore": None, "v2": "c", "base": {"v2": "c"}},
    }


@pytest.mark.parametrize("state", [State.IN_STEP, State.OUT_OF_SCOPE])
def test_what_needs_nobody_is_counted_and_not_told(state: State) -> None:
    report = a_report(replace(ROW, state=state))
    assert as_object(report)["rows"] == []
    assert "TS000102" not in table(report)


def test_the_headline_counts_what_is_in_step_of_all_in_scope() -> None:
    rows = (replace(ROW, state=State.IN_STEP), replace(ROW, state=State.OUT_OF_SCOPE), ROW)
    assert table(a_report(*rows)).startswith("In step: 1 of 2; 1 drifted.\n")


def test_a_row_says_which_tasks_what_differs_why_what_next_and_since_when() -> None:
    lines = [line.strip() for line in table(a_report(ROW)).splitlines()]
    assert f"Kore TS000102 {KORE_ID} = v2 REC-1234 {V2_ID}" in lines
    assert "“Broken [red]boiler[/red]”" in lines
    assert "title: Kore a, v2 b (last agreed: b)" in lines
    assert "description: Kore (hidden), v2 (empty)" in lines
    assert "Why: Title: changed in Kore, not in v2 yet." in lines
    assert "Next: The next cycle writes it to v2." in lines


@pytest.mark.parametrize("is_terminal", [True, False])
def test_ids_stay_whole_however_narrow_it_is(is_terminal: bool) -> None:
    out = table(a_report(ROW), width=30, force_terminal=is_terminal, color_system=None)
    assert f"Kore TS000102 {KORE_ID} = v2 REC-1234 {V2_ID}" in out


def test_rows_stand_in_groups_by_state() -> None:
    out = table(a_report(replace(ROW, state=State.MISSING), ROW, ROW))
    assert out.index("missing (1)") < out.index("drifted (2)")


def test_a_note_stands_below_the_headline() -> None:
    assert "\nNote: v2's list has no order.\n" in table(a_report(), "v2's list has no order.")


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x07", "\x9b", "\u202e", "\u2066", "\r", "\u2028"])
def test_no_sign_of_a_title_reaches_the_terminal_as_a_command(sign: str) -> None:
    row = replace(
        ROW,
        title=f"a{sign}b",
        reason=f"a{sign}b",
        fields=(Difference(name=Field.TITLE, kore=text_value(f"x{sign}y"), v2=None),),
    )
    out = table(a_report(row))
    assert sign not in out
    assert plain(f"a{sign}b") in out


def test_a_long_value_is_cut_for_people_and_whole_in_json() -> None:
    row = replace(ROW, fields=(Difference(name=Field.TITLE, kore=text("x" * 500), v2=None),))
    assert "x" * 100 not in table(a_report(row))
    (found,) = as_object(a_report(row))["rows"]
    assert found["fields"]["title"]["kore"] == "x" * 500


# --- from the database alone ---------------------------------------------------------------------

READ = {
    KORE: LastRead(whole_at=at(-7200), polled_at=at(-10)),
    V2: LastRead(whole_at=None, polled_at=at(-3 * 86_400)),
}


def test_how_old_it_is_is_told_for_each_side_and_never_means_never() -> None:
    one, other = as_of_lines(READ, NOON)
    assert re.fullmatch(r"Kore: last read whole \S+ \S+ \(2 h ago\), last polled .*now\)\.", one)
    assert re.fullmatch(r"v2: never read whole, last polled .* \(3 d ago\)\.", other)
    (_, never) = as_of_lines({**READ, V2: LastRead()}, NOON)
    assert never == "v2: never read whole, never polled."


def test_in_json_it_has_a_key_of_its_own_only_where_nobody_was_asked() -> None:
    assert "as_of" not in as_object(a_report())
    found = render_report_object(a_report(), (), HIDDEN, READ)
    assert found["as_of"] == {
        "kore": {"read_whole_at": "2026-05-04T10:00:00.000Z", "polled_at": as_text(at(-10))},
        "v2": {"read_whole_at": None, "polled_at": as_text(at(-3 * 86_400))},
    }


def test_the_table_says_under_its_headline_how_old_it_is() -> None:
    out = io.StringIO()
    render_report_table(a_report(ROW), (), (), Console(file=out, width=60), READ)
    lines = out.getvalue().splitlines()
    assert lines[1].endswith("from the database alone.")
    assert lines[2:4] == [*as_of_lines(READ, NOON)]
    assert ", read 20" in table(a_report(ROW)).splitlines()[1]


# --- check ---------------------------------------------------------------------------------------

FOUND = Inspection(
    findings=(ok("one", "fine"), warn("two", "so so"), fail("three", "bad [red]", "Mend it.")),
    people=(Proposal(kore="a-1", v2="u-1", name="Mia Stone"),),
    trips=(
        RoundTrip(
            side=KORE,
            name=Field.STATUS,
            value=text("On Site [red]"),
            tasks=3,
            there=text("in_progress"),
            back=text("In Progress"),
        ),
        RoundTrip(
            side=KORE,
            name=Field.PRIORITY,
            value=text("Odd\x1b"),
            tasks=0,
            there=Unmapped("No rule."),
            back=Unmapped("No rule."),
        ),
        RoundTrip(side=V2, name=Field.PRIORITY, value=None, tasks=1, there=None, back=None),
    ),
    sights=(
        FieldSight(
            side=KORE, name=Field.DUE, seen=Seen.BY_PROBE, hiding=2, calls=9, is_tried=False
        ),
    ),
    suggestions=(
        Suggestion(table="priority", values={"kore": 'Odd "One"', "v2": "low", "default": "to-v2"}),
        Suggestion(table="people.table", values={"kore": "…", "v2": "u-9"}, is_open=True),
        Suggestion(table="status", values={"kore": "Steer\x1b", "v2": "open"}),
        Suggestion(table="status", remark="v2's 'odd' can\nbe named by no rule", is_open=True),
        Suggestion(table="kore.status_ids", values={"Closed": "…"}, is_open=True),
    ),
)


def check_table(inspection: Inspection) -> str:
    out = io.StringIO()
    render_check_table(inspection, Console(file=out, width=100, highlight=False))
    return out.getvalue()


def test_a_check_tells_what_failed_and_what_to_do() -> None:
    out = check_table(FOUND)
    assert out.startswith("1 of 3 checks failed, 1 to be known.")
    assert "bad [red]" in out
    assert "→ Mend it." in out
    assert "\x1b" not in out


def test_a_check_is_an_object_of_checks_and_people() -> None:
    found = render_check_object(FOUND)
    assert [one["state"] for one in found["checks"]] == [str(mark) for mark in Mark]
    assert found["people_table"][0]["kore"] == "a-1"
    assert found["fields"] == [
        {"side": "kore", "field": "due", "seen": "by probe", "tried": False, "calls": 9}
    ]
    site, odd, empty = found["round_trips"]
    assert site == {
        "side": "kore", "field": "status", "value": "On Site [red]", "tasks": 3,
        "becomes": "in_progress", "comes_back_as": "In Progress", "gap": None,
    }  # fmt: skip
    assert (odd["becomes"], odd["comes_back_as"], odd["gap"]) == (None, None, "No rule.")
    assert (empty["value"], empty["gap"]) == (None, None)
    assert tomllib.loads(found["suggested_configuration"])["priority"][0]["kore"] == 'Odd "One"'


def test_what_becomes_of_each_value_stands_in_a_row_of_its_own() -> None:
    lines = [re.split(r"\s{2,}", line.strip()) for line in check_table(FOUND).splitlines()]
    assert ["Kore", "status", "On Site [red]", "3", "in_progress", "In Progress"] in lines
    assert ["Kore", "priority", "Odd�", "-", "nothing"] in lines
    assert ["v2", "priority", "(empty)", "1", "(left as it is)", "the same"] in lines


def test_the_block_to_paste_is_toml_without_what_is_open_or_steers_a_terminal() -> None:
    out = check_table(FOUND)
    block = out[out.index("[[priority]]") :]
    assert tomllib.loads(block) == {
        "priority": [{"kore": 'Odd "One"', "v2": "low", "default": "to-v2"}]
    }
    assert '# v2 = "u-9"' in block
    assert "# v2's 'odd' can be named by no rule" in block
    assert '# under [kore]: status_ids = { "Closed" = "…" }' in block


def test_where_nothing_is_suggested_there_is_no_block() -> None:
    plain_ = replace(FOUND, suggestions=(), trips=())
    assert "Suggested" not in check_table(plain_)
    assert "What becomes" not in check_table(plain_)
    assert render_check_object(plain_)["suggested_configuration"] == ""
