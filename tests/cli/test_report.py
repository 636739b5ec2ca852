"""`report` puts every task of a live world in exactly one state, and writes nothing."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.cli.report import STATES
from bridge.domain.link import LinkState
from bridge.domain.reconciled import State
from bridge.domain.records import Heartbeat
from bridge.domain.side import Side
from bridge.sandbox import KoreSwitches
from tests.cli.conftest import Ran, Run
from tests.report.living import Living, a_living
from tests.report.told import TOLD_BY, told_by_json

ROW_KEYS = [
    "state", "kore_id", "kore_ref", "v2_id", "v2_ref", "title", "reason", "next", "fields", "since",
]  # fmt: skip


@pytest.fixture
def living(folder: Path) -> Iterator[Living]:
    with a_living(folder) as living:
        yield living


@pytest.fixture
def report(bridge: Run, living: Living) -> Any:
    def call() -> tuple[int, dict[str, Any]]:
        ran = bridge("report", "--format", "json", **living.environ)
        return ran.code, json.loads(ran.out)

    return call


def run_once(bridge: Run, living: Living, *command: str) -> Ran:
    return bridge(*command, **living.environ)


def backfilled(bridge: Run, living: Living) -> None:
    assert run_once(bridge, living, "backfill").code == 0


def rows_by(found: dict[str, Any], key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in found["rows"] if row[key]}


def non_zero(totals: dict[str, int]) -> dict[str, int]:
    return {state: count for state, count in totals.items() if count}


def beat(living: Living) -> None:
    now = datetime.now(UTC)
    pulse = Heartbeat(owner="daemon", beat_at=now, started_at=now, interval_seconds=30)
    with living.store() as store, store.begin() as unit:
        unit.beat(pulse)


def test_a_world_with_a_difference_of_each_kind_has_exact_totals_and_rows(
    bridge: Run, living: Living, report: Any
) -> None:
    living.change('task_template = "', 'tag = "field"\ntask_template = "')
    living.change("[v2]", '[sync]\nconflict = "manual"\n\n[v2]')
    names = ("steady", "drifting", "vanishing", "odd", "refused", "disputed", "removed")
    kore = {name: living.task(name) for name in names}
    living.job("from the field", tags=["field"])
    backfilled(bridge, living)
    assert report()[0] == 0
    links = living.links()
    v2 = {name: links[task_id].v2_id for name, task_id in kore.items()}

    living.kore.edit_task(kore["drifting"], name="drifted")
    living.v2.remove_task(v2["vanishing"])
    living.kore.add_priority("Emergency", 15)
    living.kore.edit_task(kore["odd"], priority="Emergency")
    living.set_v2(refused_fields=frozenset({"title"}))
    living.kore.edit_task(kore["refused"], name="refused for good")
    living.kore.edit_task(kore["disputed"], name="disputed here")
    living.v2.edit_task(v2["disputed"], title="disputed there")
    assert run_once(bridge, living, "sync").code == 1
    with living.store() as store, store.begin() as unit:
        unit.replace_waits([], link_id=links[kore["drifting"]].id, at=datetime.now(UTC))
        unit.save_link(replace(links[kore["removed"]], state=LinkState.REMOVED))
    marker = links[kore["steady"]].marker
    double = living.job("steady", description=f"A copy.\n\n{marker}")
    living.v2.author = living.v2.self_user_id
    orphan = living.job("orphan", description="[task-bridge kore:TS000999 ti-gone]")
    unroutable = living.job("nowhere to go")
    only_v2 = living.job("in the field", tags=["field"])
    only_kore = living.task("new")
    living.job("long done", task_status="completed")

    code, found = report()
    assert code == 3
    totals = found["totals"]
    assert {name: totals[name] for name in ("kore_tasks", "v2_tasks", "links")} == {
        "kore_tasks": 9,
        "v2_tasks": 12,
        "links": 7,
    }
    assert non_zero(totals["by_side"]["kore"]) == {
        "out_of_scope": 1, "missing": 1, "conflict": 1, "failed": 1, "unmapped": 1, "drifted": 1,
        "only_kore": 1, "in_step": 2,
    }  # fmt: skip
    assert non_zero(totals["by_side"]["v2"]) == {
        "out_of_scope": 2, "duplicate": 1, "conflict": 1, "failed": 2, "unmapped": 1,
        "drifted": 1, "unroutable": 1, "only_v2": 1, "in_step": 2,
    }  # fmt: skip
    states = {row["kore_id"] or row["v2_id"]: row["state"] for row in found["rows"]}
    assert states == {
        kore["drifting"]: "drifted",
        kore["vanishing"]: "missing",
        kore["odd"]: "unmapped",
        kore["refused"]: "failed",
        kore["disputed"]: "conflict",
        double: "duplicate",
        orphan: "failed",
        unroutable: "unroutable",
        only_v2: "only_v2",
        only_kore: "only_kore",
    }
    assert all(list(row) == ROW_KEYS for row in found["rows"])
    drifted = rows_by(found, "kore_id")[kore["drifting"]]
    assert drifted["fields"] == {
        "title": {
            "kore": "drifted",
            "v2": "drifting",
            "base": {"kore": "drifting", "v2": "drifting"},
        }
    }
    assert all(row["reason"] and row["next"] for row in found["rows"])
    exact = told_by_json(json.dumps(found))
    for form, read in TOLD_BY.items():
        told = read(run_once(bridge, living, "report", "--format", form).out)
        assert (form, told.rows) == (form, exact.rows)
        assert (form, told.counts or exact.counts) == (form, exact.counts)


def test_a_linked_world_is_in_step_and_ends_with_0(
    bridge: Run, living: Living, report: Any
) -> None:
    living.task("a")
    living.job("b")
    backfilled(bridge, living)
    code, found = report()
    assert (code, found["rows"], found["totals"]["in_step"]) == (0, [], 2)


def test_a_sparse_account_is_in_step_once_all_was_probed_and_says_what_it_hides(
    bridge: Run, folder: Path
) -> None:
    with a_living(folder, KoreSwitches(limits=())) as living:
        living.task("a")
        living.job("b")
        backfilled(bridge, living)
        living.clear_calls()
        ran = run_once(bridge, living, "report", "--format", "json")
        found = json.loads(ran.out)
        assert (ran.code, found["rows"]) == (0, [])
        assert set(found["hidden_fields"]["kore"]) == {"description", "assignee", "due"}
        assert found["hidden_fields"]["v2"] == []
        assert living.writes() == []


def test_beside_a_live_daemon_what_it_carries_next_waits_and_the_exit_code_is_0(
    bridge: Run, living: Living, report: Any
) -> None:
    changed = living.task("a")
    living.job("b")
    backfilled(bridge, living)
    living.kore.edit_task(changed, name="changed")
    new = living.task("new")
    assert report()[0] == 3
    beat(living)
    code, found = report()
    assert code == 0
    assert {row["kore_id"]: row["state"] for row in found["rows"]} == {
        changed: "waiting",
        new: "waiting",
    }


def test_a_report_writes_to_neither_side_and_leaves_the_database_as_it_was(
    bridge: Run, living: Living
) -> None:
    living.task("a")
    living.job("b")
    backfilled(bridge, living)
    living.kore.edit_task(next(iter(living.kore.tasks)), name="changed")
    living.task("new")
    before = dump(living)
    living.clear_calls()
    assert run_once(bridge, living, "report").code == 3
    assert living.writes() == []
    assert dump(living) == before


def dump(living: Living) -> list[str]:
    """All that the database holds, but the record of calls."""
    with closing(sqlite3.connect(living.database)) as connection:
        return [line for line in connection.iterdump() if '"calls"' not in line]


def test_without_a_database_it_compares_all_the_same_and_makes_none(
    bridge: Run, living: Living, report: Any
) -> None:
    living.task("a")
    living.job("b")
    code, found = report()
    assert code == 3
    assert {row["state"] for row in found["rows"]} == {"only_kore", "only_v2"}
    assert all("backfill" in row["next"] for row in found["rows"])
    assert not living.database.exists()


def test_two_tasks_that_a_marker_joins_are_told_as_such_before_they_are_linked(
    bridge: Run, living: Living, report: Any
) -> None:
    living.task("a")
    backfilled(bridge, living)
    living.database.unlink()
    code, found = report()
    assert code == 3
    assert [row["state"] for row in found["rows"]] == ["only_kore", "only_v2"]
    assert all("marker" in row["reason"] for row in found["rows"])


def test_a_record_that_cannot_be_read_is_a_failed_task_linked_or_not(
    bridge: Run, living: Living, report: Any
) -> None:
    task = living.task("a")
    backfilled(bridge, living)
    linked = living.links()[task].v2_id
    living.v2.edit_task(linked, title={"odd": 1})
    lone = living.job("b")
    living.v2.edit_task(lone, title={"odd": 2})
    code, found = report()
    assert code == 3
    assert {row["v2_id"]: row["state"] for row in found["rows"]} == {
        linked: "failed",
        lone: "failed",
    }
    assert all("cannot be read" in row["reason"] for row in found["rows"])
    assert found["totals"]["v2_tasks"] == 2


def test_a_side_that_refuses_the_key_ends_the_report_with_6_and_a_clear_sentence(
    bridge: Run, living: Living
) -> None:
    living.change(living.v2.api_key, "wrong:key")
    ran = run_once(bridge, living, "report")
    assert ran.code == 6
    assert "v2.api_key" in ran.err
    assert ran.out == ""


def test_a_title_neither_steers_the_terminal_nor_is_markup(bridge: Run, living: Living) -> None:
    living.task("\x1b[31m[bold]red[/bold]\u202e")
    ran = run_once(bridge, living, "report")
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert "[bold]red[/bold]" in ran.out


def test_the_table_begins_with_what_is_in_step_and_cuts_no_id(bridge: Run, living: Living) -> None:
    task = living.task("a" * 300)
    job = living.job("b")
    ran = run_once(bridge, living, "report")
    assert ran.out.startswith("In step: 0 of 2; 1 only kore, 1 only v2.")
    assert task in ran.out
    assert job in ran.out


def test_in_one_direction_the_targets_own_tasks_are_out_of_scope(
    bridge: Run, living: Living
) -> None:
    living.task("a")
    living.job("b")
    environ = {**living.environ, "TASK_BRIDGE_SYNC__DIRECTION": "kore-to-v2"}
    found = json.loads(bridge("report", "--format", "json", **environ).out)
    assert [row["state"] for row in found["rows"]] == ["only_kore"]
    assert found["totals"]["by_side"]["v2"]["out_of_scope"] == 1


def test_a_key_that_was_refused_before_is_tried_again_at_once(
    bridge: Run, living: Living, report: Any
) -> None:
    living.task("a")
    good = living.v2.api_key
    living.change(good, "wrong:key")
    assert run_once(bridge, living, "sync").code == 6
    living.change("wrong:key", good)
    code, found = report()
    assert (code, [row["state"] for row in found["rows"]]) == (3, ["only_kore"])


def test_while_a_service_wants_to_be_left_alone_nothing_is_asked(
    bridge: Run, living: Living
) -> None:
    living.task("a")
    backfilled(bridge, living)
    with living.store() as store, store.begin() as unit:
        later = datetime.now(UTC) + timedelta(minutes=30)
        state = unit.side_state(Side.V2)
        unit.save_side_state(replace(state, not_before=later, not_before_reason="v2 said 429."))
    living.clear_calls()
    ran = run_once(bridge, living, "report")
    assert (ran.code, living.v2.calls) == (6, [])
    assert "429" in ran.err


def test_what_waits_for_a_closed_case_says_so(bridge: Run, living: Living, report: Any) -> None:
    task = living.task("a")
    backfilled(bridge, living)
    living.v2.edit_task(living.links()[task].v2_id, title="changed")
    living.kore.close_case(living.case)
    run_once(bridge, living, "sync")
    code, found = report()
    assert (code, [row["state"] for row in found["rows"]]) == (0, ["waiting"])
    assert "case" in found["rows"][0]["reason"]
    living.kore.reopen_case(living.case)
    assert report()[1]["rows"][0]["state"] == "drifted"


def test_a_list_without_an_order_is_told_and_takes_nothing_for_missing(
    bridge: Run, folder: Path
) -> None:
    with a_living(folder, KoreSwitches(limits=(), rows="full", sort="refused")) as living:
        task = living.task("a")
        living.job("b")
        backfilled(bridge, living)
        living.kore.remove_task(task)
        ran = run_once(bridge, living, "report")
        assert "Note: Kore's list has no order that can be relied on" in ran.out
        assert "missing" not in ran.out


# --- what is asked for, and in which form ---------------------------------------------------------


@pytest.fixture
def drifted(bridge: Run, living: Living) -> dict[str, str]:
    """Two pairs in step, one drifted since and one without a counterpart."""
    ids = {name: living.task(name) for name in ("steady", "drifting")}
    backfilled(bridge, living)
    living.kore.edit_task(ids["drifting"], name='=HYPERLINK("x")<script>')
    return {**ids, "alone": living.task("alone")}


def test_what_is_asked_for_narrows_rows_and_exit_code_and_not_the_totals(
    bridge: Run, living: Living, drifted: dict[str, str]
) -> None:
    def asked(*options: str) -> tuple[int, list[str], int]:
        ran = run_once(bridge, living, "report", "--format", "json", *options)
        found = json.loads(ran.out)
        ids = [row["kore_id"] for row in found["rows"]]
        return ran.code, ids, found["totals"]["kore_tasks"]

    assert asked() == (3, [drifted["drifting"], drifted["alone"]], 3)
    assert asked("--state", "drifted") == (3, [drifted["drifting"]], 3)
    assert asked("--state", "in_step") == (0, [drifted["steady"]], 3)
    assert asked("--state", "drifted", "--state", "only_kore")[1] == asked()[1]
    assert asked("--case", "CS999999") == (0, [], 3)
    assert asked("--case", living.case)[1] == asked()[1]
    assert asked("--person", "nobody at all") == (0, [], 3)
    assert asked("--older-than", "1h") == (0, [], 3)
    assert asked("--older-than", "0s")[0] == 3


def test_a_case_and_a_person_that_no_task_has_are_told(
    bridge: Run, living: Living, drifted: dict[str, str]
) -> None:
    for form in ("table", "json", "csv", "html"):
        ran = run_once(bridge, living, "-q", "report", "--format", form, "--case", "NOPE\x1b")
        assert ran.code == 0
        assert "No task of either side is in a case NOPE�.\n" in ran.err
        assert "No task of either side" not in ran.out
    ran = run_once(bridge, living, "-q", "report", "--person", "nobody at all")
    assert "No task of either side is known to be assigned to nobody at all." in ran.err
    ran = run_once(bridge, living, "-q", "report", "--case", living.case, "--state", "failed")
    assert (ran.code, "No task" in ran.err) == (0, False)


def test_every_state_may_be_asked_for() -> None:
    assert tuple(map(str, State)) == STATES


def test_csv_has_the_columns_of_the_contract_and_no_formula(
    bridge: Run, living: Living, drifted: dict[str, str]
) -> None:
    ran = run_once(bridge, living, "report", "--format", "csv")
    assert ran.code == 3
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert list(rows[0]) == [
        "state", "kore_id", "kore_ref", "v2_id", "v2_ref", "title", "fields", "reason", "next",
        "since",
    ]  # fmt: skip
    assert [row["state"] for row in rows] == ["drifted", "only_kore"]
    assert rows[0]["title"].startswith("'=HYPERLINK")
    assert rows[0]["fields"].startswith("title: Kore =HYPERLINK")
    assert rows[0]["fields"].endswith("| v2 drifting | last agreed drifting")


@pytest.mark.parametrize("form", ["table", "json", "csv", "html"])
def test_a_file_is_written_whole_and_in_place_of_the_one_before(
    bridge: Run, living: Living, drifted: dict[str, str], folder: Path, form: str
) -> None:
    path = folder / "report"
    path.write_text("an older one")
    ran = run_once(bridge, living, "report", "--format", form, "--output", str(path))
    assert (ran.code, ran.out) == (3, "")
    assert f"Written to {path}" in ran.err
    text = path.read_text(encoding="utf-8")
    assert "an older one" not in text
    assert drifted["drifting"] in text
    assert [one.name for one in folder.glob("report*")] == ["report"]


@pytest.mark.parametrize("form", ["table", "json", "csv", "html"])
def test_a_dash_as_the_file_is_standard_output(
    bridge: Run,
    living: Living,
    drifted: dict[str, str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    monkeypatch.chdir(folder)
    before = sorted(folder.iterdir())
    ran = run_once(bridge, living, "report", "--format", form, "--output", "-")
    assert (ran.code, sorted(folder.iterdir())) == (3, before)
    assert drifted["drifting"] in ran.out
    assert "Written to" not in ran.err


def test_a_file_that_cannot_be_written_is_told_before_anything_is_read(
    bridge: Run, living: Living, folder: Path
) -> None:
    ran = run_once(bridge, living, "report", "--output", str(folder / "missing" / "report"))
    assert ran.code == 2
    assert "there is no folder" in ran.err


def test_the_page_tells_the_counts_of_the_json_and_escapes_what_people_write(
    bridge: Run, living: Living, drifted: dict[str, str]
) -> None:
    ran = run_once(bridge, living, "report", "--format", "html")
    assert ran.code == 3
    assert '<span class="big">1</span> of 3 in step' in ran.out
    assert "What is not in step (2)" in ran.out
    assert "<script>" in ran.out.split("</main>")[1]
    assert "<script>" not in ran.out.split("</main>")[0]
    assert "=HYPERLINK" in ran.out


def test_a_moment_that_is_none_is_refused_with_the_forms_that_are(
    bridge: Run, living: Living
) -> None:
    ran = run_once(bridge, living, "report", "--older-than", "yesterday")
    assert ran.code == 2
    assert "30d, 12h" in ran.err
