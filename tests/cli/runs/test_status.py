"""`status` tells from the database alone how the daemon and both sides are."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.bootstrap import SystemClock
from bridge.domain.guard import Guard, GuardKind
from bridge.domain.records import Heartbeat
from bridge.domain.side import Side
from bridge.sandbox import Fault
from tests.cli.runs.conftest import Hurried, Pair, first_id

Beat = Callable[..., None]


@pytest.fixture
def polled(linked: Pair) -> Pair:
    """A pair whose sides were polled just now."""
    assert linked.quietly("sync").code == 0
    return linked


@pytest.fixture
def beat(pair: Pair, hurried: type[Hurried]) -> Beat:
    """A daemon's sign of life, so many seconds ago."""

    def give(seconds_ago: float = 0.0, interval: float = 10.0) -> None:
        now = hurried().now()
        heartbeat = Heartbeat(
            owner="host:7",
            beat_at=now - timedelta(seconds=seconds_ago),
            started_at=now - timedelta(hours=1),
            interval_seconds=interval,
        )
        with pair.unit() as unit:
            unit.beat(heartbeat)

    return give


def test_without_a_database_it_is_stopped_and_none_is_made(pair: Pair) -> None:
    ran = pair.quietly("status")
    assert ran.code == 1
    assert ran.out.split()[0] == "stopped"
    assert not pair.database.exists()
    assert pair.result("status")["state"] == "stopped"


def test_a_database_that_is_not_there_may_have_been_taken_away(pair: Pair) -> None:
    out = pair.quietly("status").out
    assert "There is no database yet, or it was taken away (docs/links.md, A lost database)" in out


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere/x.db", "The folder of x.db is not there: {folder}/nowhere. Make it: mkdir -p"),
        ("", "{folder} is a folder. Name a file in database.url."),
    ],
)
def test_a_place_where_no_database_can_be_is_told_by_every_command(
    pair: Pair, folder: Path, name: str, told: str
) -> None:
    told = told.format(folder=folder)
    pair.configure(database=[f'url = "sqlite:///{folder / name}"'])
    for command in ("status", "sync", "report", "backfill --dry-run", "explain TS1"):
        ran = pair.quietly(*command.split())
        assert ran.code == 2
        assert told in ran.err
    assert told in str(pair.result("check"))


def test_without_a_daemon_it_is_stopped(linked: Pair) -> None:
    ran = linked.quietly("status")
    assert (ran.code, ran.out.split()[0]) == (1, "stopped")


def test_a_living_daemon_with_fresh_polls_is_running(polled: Pair, beat: Beat) -> None:
    beat(seconds_ago=5)
    ran = polled.quietly("status")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "running")
    assert "host:7" in ran.out


def test_a_daemon_without_a_sign_of_life_is_stale(polled: Pair, beat: Beat) -> None:
    beat(seconds_ago=31)
    ran = polled.quietly("status")
    assert (ran.code, ran.out.split()[0]) == (1, "stale")
    assert "no sign of life" in ran.out.splitlines()[0]


def test_a_short_interval_does_not_make_it_stale_before_the_lease_is_over(
    polled: Pair, beat: Beat
) -> None:
    polled.configure(sync=["lease_seconds = 60"])
    polled.quietly("sync")
    beat(seconds_ago=50, interval=10.0)
    assert polled.quietly("status").code == 0


def test_a_living_daemon_with_an_old_poll_is_stale(
    polled: Pair, beat: Beat, hurried: type[Hurried]
) -> None:
    hurried().sleep(31)
    beat()
    ran = polled.quietly("status")
    assert (ran.code, ran.out.split()[0]) == (1, "stale")
    assert "Kore was last polled at" in ran.out.splitlines()[0]


def test_a_slower_pace_of_polls_is_taken_into_account(
    polled: Pair, beat: Beat, hurried: type[Hurried]
) -> None:
    hurried().sleep(31)
    beat(interval=60.0)
    assert polled.quietly("status").code == 0


def test_json_has_the_keys_that_the_docstring_names(polled: Pair, beat: Beat) -> None:
    beat()
    facts = polled.result("status")
    assert list(facts) == [
        "state", "reasons", "guards", "paused", "daemon", "sides", "first_contact", "links",
        "waits", "last_run",
    ]  # fmt: skip
    assert (facts["state"], facts["reasons"]) == ("running", [])
    assert facts["links"] == {"creating": 0, "linked": 5, "missing": 0, "removed": 0}
    assert facts["first_contact"]["lasts"] is False
    assert facts["last_run"]["kind"] == "sync"
    kore = facts["sides"]["kore"]
    assert list(kore) == [
        "polled_at", "fault", "failed_at", "not_before", "not_before_reason", "is_sorted",
        "cursor_at", "tasks", "sweep", "last_sweep", "budget", "pace",
    ]  # fmt: skip
    assert kore["polled_at"].endswith("Z")
    assert (kore["tasks"], kore["is_sorted"], kore["sweep"]) == (5, True, None)
    assert kore["last_sweep"]["is_complete"] is True
    assert 0 < kore["budget"]["100000/60s"] < 100_000


def test_a_fault_and_first_contact_are_shown(pair: Pair) -> None:
    pair.seed()
    pair.configure({pair.sandbox.v2.api_key: "someone:else"})
    pair.quietly("sync")
    out = pair.quietly("status").out
    assert "v2.api_key" in out
    assert "not before" in out
    assert "first contact  lasts" in out


def test_it_asks_nobody_and_changes_nothing(polled: Pair, beat: Beat) -> None:
    beat()
    before, calls = polled.dump(), len(polled.sandbox.kore.calls)
    polled.quietly("status")
    assert polled.dump() == before
    assert len(polled.sandbox.kore.calls) == calls


def test_it_waits_for_nobody(polled: Pair, hurried: type[Hurried]) -> None:
    with polled.unit() as unit:
        unit.take_lease("elsewhere:1", SystemClock().now(), 60.0)
    slept = sum(hurried.slept)
    polled.quietly("status")
    assert sum(hurried.slept) == slept


def test_a_bad_configuration_ends_with_2(pair: Pair) -> None:
    pair.path.write_text("[kore]\n", encoding="utf-8")
    assert pair.quietly("status").code == 2


def test_a_missing_file_ends_with_2(pair: Pair) -> None:
    assert pair.run("--config", "nowhere.toml", "status").code == 2


def test_a_living_daemon_that_people_paused_says_so_first_and_is_well(
    polled: Pair, beat: Beat
) -> None:
    beat()
    polled.quietly("pause", "v2")
    ran = polled.quietly("status")
    assert (ran.code, ran.out.split()[0]) == (0, "paused")
    assert "task-bridge resume v2" in ran.out.splitlines()[0]
    facts = polled.result("status")
    assert (facts["state"], list(facts["paused"]), facts["guards"]) == ("paused", ["v2"], [])


def test_what_a_pause_or_a_guard_holds_up_is_counted_until_it_goes_out(polled: Pair) -> None:
    kore_id = first_id(polled, Side.KORE)
    polled.sandbox.kore.edit_task(kore_id, name="For v2")
    polled.sandbox.v2.add_task(title="For Kore")
    polled.quietly("pause")
    polled.quietly("sync")
    assert polled.result("status")["waits"]["held_up"] == 2
    (line,) = [one for one in polled.quietly("status").out.splitlines() if one[:5] == "waits"]
    assert line.endswith("2 held up by a pause or a guard")
    guard = Guard(kind=GuardKind.EMPTY, side=Side.V2, reason="v2 is empty.", shown={"items": [1]})
    with polled.unit() as unit:
        unit.save_guard(guard)
    polled.quietly("resume")
    assert polled.result("status")["waits"]["held_up"] == 2
    with polled.unit() as unit:
        unit.drop_guard(GuardKind.EMPTY, Side.V2)
    polled.quietly("sync")
    polled.quietly("pause")
    assert polled.result("status")["waits"]["held_up"] == 0
    assert "held up" not in polled.quietly("status").out


def test_a_guard_comes_before_a_pause_and_both_are_told(polled: Pair, beat: Beat) -> None:
    beat()
    polled.quietly("pause")
    with polled.unit() as unit:
        unit.save_guard(
            Guard(kind=GuardKind.EMPTY, side=Side.V2, reason="v2 is empty.", shown={"items": [1]})
        )
    ran = polled.quietly("status")
    assert (ran.code, ran.out.split()[0]) == (0, "guarded")
    first, second, third, *_ = ran.out.splitlines()
    assert first == "guarded        A guard stands: v2 is empty. See: task-bridge guard show"
    assert second.startswith(f"{'':15}Kore is paused since ")
    assert third.startswith(f"{'':15}v2 is paused since ")
    (guard,) = polled.result("status")["guards"]
    assert (guard["kind"], guard["side"]) == ("empty", "v2")
    assert "guard confirm" in guard["next"]


def test_a_guard_that_keeps_a_side_from_being_read_comes_before_its_old_poll(
    polled: Pair, beat: Beat, hurried: type[Hurried]
) -> None:
    hurried().sleep(31)
    beat()
    guard = Guard(
        kind=GuardKind.IDENTITY, side=Side.V2, reason="Another account.", shown={"items": ["x"]}
    )
    with polled.unit() as unit:
        unit.save_guard(guard)
    ran = polled.quietly("status")
    # What a person can do comes first; that a side is not read still counts.
    assert (ran.code, ran.out.split()[0]) == (1, "guarded")
    assert "Another account. See: task-bridge guard show" in ran.out.splitlines()[0]
    assert "v2 was last polled at" in ran.out
    beat(seconds_ago=31)
    ran = polled.quietly("status")
    assert (ran.code, ran.out.split()[0]) == (1, "stale")
    assert "no sign of life" in ran.out.splitlines()[0]


def test_a_dead_daemon_comes_before_both(polled: Pair, beat: Beat) -> None:
    polled.quietly("pause")
    assert polled.quietly("status").out.split()[0] == "stopped"
    beat(seconds_ago=99)
    ran = polled.quietly("status")
    assert (ran.code, ran.out.split()[0]) == (1, "stale")
    assert "Kore is paused" in ran.out.splitlines()[1]


def test_each_reason_stands_on_a_line_of_its_own_and_a_command_ends_it(polled: Pair) -> None:
    polled.quietly("pause", "v2")
    first, second, *_ = polled.quietly("status").out.splitlines()
    assert first == "stopped        No daemon is running. Start one with: task-bridge run"
    assert second.endswith(": task-bridge resume v2")


def test_a_task_that_could_not_be_seen_is_counted_once_and_in_words_of_its_own(
    linked: Pair,
) -> None:
    kore = linked.sandbox.kore
    kore.add_task(case_id=next(iter(kore.cases)), name="Not seen", desc="a")
    kore.faults.add("updateTask", Fault.FAIL_AFTER, times=9)
    linked.quietly("sync")
    waits = linked.result("status")["waits"]
    assert (waits["held"], waits["on_hold"]) == (0, 1)
    (line,) = [one for one in linked.quietly("status").out.splitlines() if one[:5] == "waits"]
    assert line.split(maxsplit=1)[1] == "1 task on hold"


def test_tasks_on_hold_are_named_by_the_run_by_status_and_by_report_which_ends_with_3(
    linked: Pair,
) -> None:
    kore = linked.sandbox.kore
    customer = {"name": "Ada Winter", "emailId": "ada@example.com", "phoneNumber": "+49123"}
    case = kore.add_case(name="Old", customer=customer)
    held = kore.add_task(case_id=case, name="In a closed case", desc="a")
    kore.close_case(case)
    ran = linked.quietly("sync", "--full")
    assert ran.code == 0
    assert "Waiting for a person: 1 task on hold. See: task-bridge report" in ran.out
    assert "1 task without a counterpart is on hold" in ran.err
    assert linked.result("status")["waits"]["on_hold"] == 1
    assert "1 task on hold" in linked.quietly("status").out
    ran = linked.quietly("report")
    assert ran.code == 3
    (row,) = linked.result("report")["rows"]
    assert (row["state"], row["kore_id"]) == ("waiting", held)
    assert row["reason"].startswith("Kore refuses the probe:")
    assert "Open its case in Kore" in row["next"]
    told = linked.quietly("explain", held).out
    assert "Open its case in Kore" in told
    assert f"task-bridge links add {held} V2_ID" in told
    kore.reopen_case(case)
    assert linked.quietly("sync", "--full").out.count("Nothing waits for a person.") == 1
    assert linked.quietly("report").code == 0
