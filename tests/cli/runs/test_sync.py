"""`sync` carries what changed, once, and says by its exit code what is left to a person."""

import csv
import io

import pytest

from bridge.domain.side import Side
from bridge.sandbox import Fault, V2Switches
from tests.cli.runs.conftest import Hurried, Lend, Pair, first_id

KEYS = [
    "run_id", "kind", "dry_run", "read", "linked", "created", "updated", "conflicts", "failures",
    "unmapped", "unroutable", "requests", "seconds", "operations",
]  # fmt: skip
OPERATION_KEYS = ["side", "kind", "kore_id", "v2_id", "fields", "after_read", "reason", "outcome"]


def test_a_change_is_carried_and_the_object_of_the_contract_printed(linked: Pair) -> None:
    v2_id = first_id(linked, Side.V2)
    linked.sandbox.v2.edit_task(v2_id, title="Changed in the field")
    done = linked.result("sync")
    assert list(done) == KEYS
    assert (done["kind"], done["dry_run"]) == ("sync", False)
    assert done["read"] == {"kore": 5, "v2": 5}
    assert (done["created"], done["updated"]) == ({"kore": 0, "v2": 0}, {"kore": 1, "v2": 0})
    (operation,) = [one for one in done["operations"] if one["kind"] == "update"]
    assert list(operation) == OPERATION_KEYS
    assert (operation["v2_id"], operation["outcome"]) == (v2_id, "done")
    assert operation["fields"] == ["title"]
    names = [task["name"] for task in linked.sandbox.kore.tasks.values()]
    assert "Changed in the field" in names


def test_logs_go_to_stderr_and_the_result_alone_to_stdout(linked: Pair) -> None:
    ran = linked.run("sync", "--format", "json")
    assert ran.code == 0
    assert ran.out.startswith("{\n")
    assert ran.out.endswith("}\n")
    assert '"event": "cycle"' in ran.err


def test_an_idle_cycle_writes_nothing_and_says_that_nothing_waits(linked: Pair) -> None:
    linked.quietly("sync")
    before = linked.writes()
    ran = linked.quietly("sync")
    assert (ran.code, ran.err) == (0, "")
    assert "Nothing waits for a person." in ran.out
    assert linked.writes() == before


def test_a_summary_for_people_counts_per_side(linked: Pair) -> None:
    linked.sandbox.v2.add_task(title="A new one")
    lines = linked.quietly("sync").out.splitlines()
    assert lines[0].split() == ["side", "read", "created", "updated", "requests"]
    assert lines[2].split()[:4] == ["Kore", "5", "1", "0"]
    assert any(line.startswith("Done in ") for line in lines)


def test_csv_has_one_row_an_operation(linked: Pair) -> None:
    v2_id = linked.sandbox.v2.add_task(title="A new one")
    rows = list(csv.DictReader(io.StringIO(linked.quietly("sync", "--format", "csv").out)))
    (created,) = [row for row in rows if row["kind"] == "create"]
    assert list(created) == OPERATION_KEYS
    assert (created["side"], created["v2_id"], created["outcome"]) == ("kore", v2_id, "done")


def test_first_contact_ends_with_4_and_tells_the_three_ways(pair: Pair) -> None:
    pair.seed()
    ran = pair.quietly("sync")
    assert (ran.code, pair.writes()) == (4, [])
    for way in ("backfill --dry-run", "backfill  ", "backfill --skip"):
        assert f"task-bridge {way}" in ran.err
    assert "First contact lasts, so nothing was created: task-bridge backfill --dry-run" in ran.out
    assert "Nothing waits for a person" not in ran.out


def test_what_was_not_read_to_its_end_lasts_as_first_contact_and_says_so(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.seed(kore=0, v2=2)
    monkeypatch.setattr(pair.sandbox.v2, "switches", V2Switches(sort="refused"))
    ran = pair.quietly("sync")
    assert (ran.code, pair.writes()) == (4, [])
    assert "task-bridge sync --full" in ran.err
    assert "First contact lasts, so nothing was created: task-bridge sync --full" in ran.out
    assert "Nothing waits for a person" not in ran.out


def test_tasks_on_one_side_alone_need_no_backfill(pair: Pair) -> None:
    pair.seed(kore=0, v2=2)
    assert pair.quietly("sync").code == 0
    assert pair.counts() == (2, 2)


def test_finished_tasks_do_not_make_a_first_contact(pair: Pair) -> None:
    pair.seed(kore=1, v2=0)
    pair.sandbox.v2.add_task(title="Long done", task_status="completed")
    assert pair.quietly("sync").code == 0


def test_a_dry_run_changes_nothing_but_the_record_of_calls(linked: Pair) -> None:
    linked.sandbox.kore.edit_task(first_id(linked, Side.KORE), name="Changed at the desk")
    linked.sandbox.v2.add_task(title="A new one")
    before, writes = linked.dump(), linked.writes()
    planned = linked.result("sync", "--dry-run")
    assert planned["dry_run"] is True
    assert {one["outcome"] for one in planned["operations"]} == {"planned"}
    assert (planned["updated"]["v2"], planned["created"]["kore"]) == (1, 1)
    assert linked.dump() == before
    assert linked.writes() == writes


def test_a_dry_run_needs_no_lease(linked: Pair, lend: Lend) -> None:
    lend("elsewhere:1")
    assert linked.quietly("sync", "--dry-run").code == 0


def test_a_dry_run_shows_its_plan_with_whole_ids(linked: Pair) -> None:
    v2_id = linked.sandbox.v2.add_task(title="A new one")
    ran = linked.quietly("sync", "--dry-run")
    assert v2_id in ran.out
    assert "A dry run: nothing was written." in ran.out


def test_full_reads_everything_though_no_sweep_is_due(linked: Pair) -> None:
    linked.quietly("sync")
    usual = linked.result("sync")["requests"]
    full = linked.result("sync", "--full")["requests"]
    assert full["kore"] > usual["kore"]
    assert full["v2"] > usual["v2"]


def test_what_waits_for_a_person_ends_with_1(linked: Pair) -> None:
    linked.sandbox.kore.faults.add("createTask", Fault.BAD_REQUEST, times=9)
    linked.sandbox.v2.add_task(title="Refused by Kore")
    ran = linked.quietly("sync")
    assert ran.code == 1
    assert "1 failure. See: task-bridge failures list" in ran.out
    assert linked.quietly("sync").code == 1, "it waits still, though this cycle failed at nothing"


def test_a_create_whose_outcome_is_open_ends_with_1(linked: Pair) -> None:
    linked.sandbox.kore.faults.add("createTask", Fault.FAIL_AFTER)
    linked.sandbox.v2.add_task(title="Who knows")
    ran = linked.quietly("sync")
    assert ran.code in (1, 6)  # 6 as long as the fault also ends the side's part
    assert "uncertain" in ran.out


def test_a_change_that_got_no_answer_is_told_ends_with_1_and_is_carried_by_the_next_run(
    linked: Pair,
) -> None:
    v2_id = first_id(linked, Side.V2)
    linked.sandbox.v2.edit_task(v2_id, title="Changed in the field")
    linked.sandbox.kore.faults.add("updateTask", Fault.FAIL_BEFORE)
    ran = linked.quietly("sync")
    assert ran.code == 1
    assert "1 write got no answer that tells what came of it. The next run looks" in ran.err
    ran = linked.quietly("sync")
    assert (ran.code, ran.err) == (0, "")
    assert "Changed in the field" in [task["name"] for task in linked.sandbox.kore.tasks.values()]


def test_a_wrong_key_of_v2_ends_with_6_each_time_and_works_once_it_is_mended(linked: Pair) -> None:
    key = linked.sandbox.v2.api_key
    linked.configure({key: "someone:else"})
    for _ in range(2):
        ran = linked.quietly("sync")
        assert ran.code == 6
        assert "Check v2.api_key" in ran.err
        assert key not in ran.err
    linked.configure()
    assert linked.quietly("sync").code == 0


def test_a_wrong_secret_of_kore_ends_with_6_and_says_what_to_look_at(linked: Pair) -> None:
    secret = linked.sandbox.kore.client_secret
    linked.configure({secret: "0" * 64})
    ran = linked.quietly("sync")
    assert ran.code == 6
    assert "kore.client_secret" in ran.err
    assert "0" * 64 not in ran.err + ran.out


def test_a_service_that_is_down_ends_with_6_and_the_other_side_is_read(linked: Pair) -> None:
    linked.configure({linked.sandbox.v2_url: "http://127.0.0.1:9/v2"})
    ran = linked.quietly("sync")
    assert ran.code == 6
    assert "v2 cannot be reached" in ran.err
    assert "Check v2.base_url" in ran.err
    assert linked.result("sync")["requests"]["kore"] == 1


def test_a_dead_service_is_asked_again_until_patience_is_over(
    linked: Pair, hurried: type[Hurried]
) -> None:
    linked.configure(
        {linked.sandbox.v2_url: "http://127.0.0.1:9/v2"},
        sync=["give_up_seconds = 20", "lease_seconds = 2"],
    )
    assert linked.quietly("sync").code == 6
    assert 20 <= sum(hurried.slept) < 40


def test_a_service_that_comes_back_within_patience_is_worked_with(linked: Pair) -> None:
    linked.configure(sync=["give_up_seconds = 30"])
    v2_id = linked.sandbox.v2.add_task(title="A new one")
    linked.sandbox.v2.faults.add("listTasks", Fault.FAIL_BEFORE, times=9)
    done = linked.result("sync")
    assert [one["v2_id"] for one in done["operations"] if one["kind"] == "create"] == [v2_id]
    assert linked.sandbox.v2.faults.waiting == []


def test_a_side_that_asks_to_wait_is_told_and_no_failure(linked: Pair) -> None:
    linked.sandbox.v2.faults.add("listTasks", Fault.TOO_MANY_SECONDS, seconds=600)
    ran = linked.quietly("sync")
    assert ran.code == 0
    assert "v2 has to wait: " in ran.err
    calls = len(linked.sandbox.v2.calls)
    assert linked.quietly("sync").code == 0
    assert len(linked.sandbox.v2.calls) == calls, "it is left alone for as long as it said"


def test_a_lease_that_stays_taken_ends_with_5(
    linked: Pair, lend: Lend, hurried: type[Hurried]
) -> None:
    lend("elsewhere:1")
    calls, slept = len(linked.sandbox.kore.calls), sum(hurried.slept)
    ran = linked.quietly("sync", "--wait", "10")
    assert ran.code == 5
    assert "elsewhere:1" in ran.err
    assert sum(hurried.slept) - slept == pytest.approx(10, abs=0.1)
    assert len(linked.sandbox.kore.calls) == calls


def test_the_usual_wait_is_twice_the_lease(
    linked: Pair, lend: Lend, hurried: type[Hurried]
) -> None:
    lend("elsewhere:1")
    slept = sum(hurried.slept)
    assert linked.quietly("sync").code == 5
    assert sum(hurried.slept) - slept == pytest.approx(4, abs=0.1)


def test_a_lease_that_runs_out_while_waiting_is_taken(linked: Pair, lend: Lend) -> None:
    lend("elsewhere:1")
    assert linked.quietly("sync", "--wait", "120").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["sync", "--only", ","],
        ["sync", "--wait", "-1"],
        ["sync", "--wait", "nan"],
        ["sync", "--format", "html"],
        ["sync", "more"],
        ["--config", "nowhere.toml", "sync"],
    ],
)
def test_wrong_usage_ends_with_2_before_any_request(pair: Pair, arguments: list[str]) -> None:
    ran = pair.quietly(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert not pair.sandbox.kore.calls
    assert not pair.database.exists()


def test_only_carries_the_named_pair_and_leaves_the_others_due(linked: Pair) -> None:
    mine, other = sorted(linked.sandbox.v2.tasks)[:2]
    for v2_id in (mine, other):
        linked.sandbox.v2.edit_task(v2_id, title=f"Changed: {v2_id}")
    planned = linked.result("sync", "--only", mine, "--dry-run")
    done = linked.result("sync", "--only", mine)
    for run in (planned, done):
        assert {one["v2_id"] for one in run["operations"]} == {mine}
        assert run["updated"] == {"kore": 1, "v2": 0}
    assert linked.result("sync")["updated"] == {"kore": 1, "v2": 0}


def test_only_takes_the_reference_that_people_read(linked: Pair) -> None:
    task = next(iter(linked.sandbox.v2.tasks.values()))
    linked.sandbox.v2.edit_task(task["_id"], title="Changed in the field")
    with linked.unit() as unit:
        ref = unit.known(Side.V2, [task["_id"]])[task["_id"]].task.ref
    assert ref is not None
    assert linked.result("sync", "--only", ref)["updated"] == {"kore": 1, "v2": 0}
