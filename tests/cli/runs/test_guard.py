"""Guards on the command line: what is shown, what a person confirms, and exit code 4."""

from typing import Any

import pytest

from bridge.domain.guard import GuardKind
from tests.cli.runs.conftest import Hurried, Lend, Pair


@pytest.fixture
def guarded(linked: Pair, hurried: type[Hurried]) -> Pair:
    """Five linked pairs of which v2 has lost all but one, with limits of two and a tenth."""
    linked.configure(sync=["max_missing_percent = 10", "max_missing_count = 2"])
    linked.quietly("sync", "--full")
    for task_id in [*linked.sandbox.v2.tasks][:4]:
        linked.sandbox.v2.remove_task(task_id)
    for _ in range(2):
        hurried().sleep(60)
        linked.quietly("sync", "--full")
    linked.sandbox.kore.add_task(case_id=next(iter(linked.sandbox.kore.cases)), name="New")
    for service in (linked.sandbox.kore, linked.sandbox.v2):
        service.clear_calls()
    return linked


def standing(pair: Pair) -> list[Any]:
    with pair.unit() as unit:
        return [one for one in unit.guards() if one.holds]


def test_a_run_that_a_guard_stops_writes_nothing_and_says_what_to_do(guarded: Pair) -> None:
    for command in ("sync", "backfill"):
        ran = guarded.quietly(command)
        assert (ran.code, guarded.writes()) == (4, [])
        assert "4 of 5 links have lost a task: 4 of v2" in ran.err
        assert "task-bridge guard confirm" in ran.err
        assert "TS0001" in ran.err


@pytest.mark.parametrize("command", ["sync", "backfill", "links rebuild"])
def test_the_summary_of_a_run_that_a_guard_stopped_says_so_and_not_that_nothing_waits(
    guarded: Pair, command: str
) -> None:
    ran = guarded.quietly(*command.split())
    assert (ran.code, guarded.writes()) == (4, [])
    assert "A guard stopped it: nothing is written" in ran.out
    assert "task-bridge guard show" in ran.out
    assert "Nothing waits for a person" not in ran.out
    assert "Next:" not in ran.out


def test_it_is_shown_as_a_table_as_json_and_as_csv(guarded: Pair) -> None:
    table = guarded.quietly("guard", "show")
    assert table.code == 0
    assert "missing" in table.out
    (row,) = guarded.result("guard", "show")
    assert (row["kind"], row["side"], len(row["items"])) == ("missing", None, 4)
    assert row["since"].endswith("Z")
    assert "4 of 5 links" in row["reason"]
    assert "guard confirm" in row["next"]
    assert "kind,side,since,reason,next" in guarded.quietly("guard", "show", "--format", "csv").out


def test_it_is_confirmed_once_and_the_next_run_writes(guarded: Pair) -> None:
    ran = guarded.quietly("guard", "confirm")
    assert ran.code == 0
    assert "4 of 5 links" in ran.out
    assert "Confirmed: 1 guard." in ran.out
    assert standing(guarded) == []
    assert guarded.quietly("guard", "show").out == "No guard stands.\n"
    assert guarded.quietly("guard", "confirm").out == "No guard stands.\n"
    assert guarded.quietly("sync").code == 0
    assert guarded.writes() == ["updateTask", "createTask"]  # a probe first


@pytest.mark.parametrize("command", ["sync", "backfill"])
def test_a_run_may_look_show_confirm_and_go_on(guarded: Pair, command: str) -> None:
    ran = guarded.quietly(command, "--confirm-guard")
    assert ran.code == 0
    assert "Confirmed: 4 of 5 links" in ran.err
    assert "createTask" in guarded.writes()
    assert standing(guarded) == []


def test_a_dry_run_shows_the_plan_and_that_the_real_run_would_stop(guarded: Pair) -> None:
    before = guarded.dump()
    ran = guarded.quietly("sync", "--dry-run")
    assert ran.code == 4
    assert "New" in ran.out or "create" in ran.out
    assert "A guard stands" in ran.err
    assert "A guard stands: the real run would write nothing" in ran.out
    assert "Nothing waits for a person" not in ran.out
    assert guarded.dump() == before


def test_beside_a_daemon_the_confirmation_is_left_to_it(guarded: Pair, lend: Lend) -> None:
    lend("host:1:a.1:x")
    ran = guarded.quietly("guard", "confirm")
    assert ran.code == 0
    assert "Noted." in ran.out
    assert guarded.quietly("guard", "confirm", "--wait", "2").code == 5
    assert len(standing(guarded)) == 1


def test_without_a_database_no_guard_stands(pair: Pair) -> None:
    for command in ("show", "confirm"):
        ran = pair.quietly("guard", command)
        assert (ran.code, ran.out) == (0, "No guard stands.\n")
    assert not pair.database.exists()


def test_a_report_counts_what_is_missing_and_says_what_to_do(guarded: Pair) -> None:
    told = guarded.result("report")
    assert told["totals"]["missing"] == 4
    rows = [row for row in told["rows"] if row["state"] == "missing"]
    assert len(rows) == 4
    assert all("not found when asked for" in row["reason"] for row in rows)
    assert all("links remove" in row["next"] for row in rows)


def test_another_company_ends_runs_and_reports_with_4(linked: Pair) -> None:
    linked.quietly("sync", "--full")
    linked.sandbox.v2.world.company_id = "0000000000000000000000ff"
    ran = linked.quietly("sync")
    assert (ran.code, linked.writes()) == (4, [])
    assert "v2 shows the tasks of" in ran.err
    assert [one.kind for one in standing(linked)] == [GuardKind.IDENTITY]
    report = linked.quietly("report")
    assert report.code == 4
    assert "v2 shows the tasks of" in report.err
    assert linked.quietly("sync", "--confirm-guard").code == 0
    assert linked.quietly("sync").code == 0


def test_a_hundred_probes_are_confirmed_by_the_backfill_that_asks(pair: Pair) -> None:
    pair.configure(kore=["limits = [{calls = 100000, seconds = 60}]"])
    pair.seed(kore=101, v2=0)
    ran = pair.quietly("backfill")
    assert (ran.code, pair.writes()) == (4, [])
    assert "--confirm-guard" in ran.err
    assert pair.quietly("backfill", "--confirm-guard").code == 0
    assert pair.counts() == (101, 101)


def test_a_report_from_the_database_names_a_guard_in_every_form(linked: Pair) -> None:
    assert linked.quietly("sync", "--full").code == 0
    linked.sandbox.v2.world.company_id = "0000000000000000000000ff"
    assert linked.quietly("sync").code == 4
    for form in ("table", "html", "csv", "json"):
        ran = linked.quietly("report", "--from-last-sweep", "--format", form)
        place = ran.out if form in ("table", "html") else ran.err
        assert "A guard stands: v2 shows the tasks of" in place, form
        assert "task-bridge guard show" in place, form
    assert "as_of" in linked.result("report", "--from-last-sweep")
