"""Tick by tick: what is carried, what is said once, and what never ends the daemon."""

from dataclasses import replace
from pathlib import Path

import pytest

from bridge.bootstrap import Bridge
from bridge.errors import StoreError
from bridge.sandbox import Fault
from tests.daemon.bench import Bench, Log, opened


def test_an_edit_on_either_side_crosses_in_the_next_tick_and_is_told_in_a_line(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.kore_id, bench.v2_id
    bench.sandbox.v2.edit_task(v2_id, title="Mend the fence")
    bench.tick()
    assert bench.sandbox.kore.tasks[kore_id]["name"] == "Mend the fence"
    bench.sandbox.kore.edit_task(kore_id, name="Mend the wall")
    bench.tick()
    assert bench.sandbox.v2.tasks[v2_id]["title"] == "Mend the wall"
    there, back = bench.log.lines("updated")
    reference = bench.sandbox.kore.tasks[kore_id]["refId"]
    assert (there["in"], there["kore"], there["fields"]) == ("kore", reference, ["title"])
    assert (back["in"], back["kore"]) == ("v2", reference)
    assert there["reason"]


def test_a_cycle_that_did_something_is_one_line_with_its_counts(bench: Bench) -> None:
    bench.sandbox.v2.edit_task(bench.v2_id, title="Mend the fence")
    bench.tick()
    (line,) = bench.log.lines("sync")
    assert line["updated"] == {"kore": 1, "v2": 0}
    assert line["created"] == {"kore": 0, "v2": 0}
    assert line["requests"]["kore"] >= 2
    assert line["seconds"] >= 0
    assert line["level"] == "info"


def test_an_idle_daemon_says_once_a_minute_that_all_is_quiet(bench: Bench) -> None:
    bench.tick()
    before = len(bench.log.lines())
    bench.tick(6, after=21)
    told = bench.log.lines()[before:]
    assert [line["event"] for line in told] == ["all quiet", "all quiet"]
    assert told[1]["cycles"] == 3
    assert told[1]["requests"]["kore"] == 3


def test_an_outage_is_said_when_it_begins_and_when_it_ends_and_then_all_is_caught_up(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.kore_id, bench.v2_id
    with bench.without_kore():
        bench.sandbox.v2.edit_task(v2_id, title="Mend the fence")
        bench.tick(5, after=600)
        assert bench.log.count("side answers again") == 0
    bench.tick()
    bench.tick()
    assert bench.sandbox.kore.tasks[kore_id]["name"] == "Mend the fence"
    (began,) = bench.log.lines("side paused")
    (ended,) = bench.log.lines("side answers again")
    assert (began["side"], began["level"]) == ("kore", "warning")
    assert "cannot be reached" in began["reason"]
    assert ended["side"] == "kore"
    assert 2400 <= ended["after_seconds"] < 2600
    assert not bench.log.lines("all quiet")


def test_the_side_that_is_there_is_polled_while_the_other_is_down(bench: Bench) -> None:
    with bench.without_kore():
        bench.tick(3)
    assert len(bench.sandbox.v2.calls) >= 3


def test_a_refused_key_pauses_the_side_for_five_minutes_and_says_what_to_do(bench: Bench) -> None:
    bench.sandbox.v2.faults.add("*", Fault.UNAUTHORIZED, times=1)
    bench.tick()
    bench.sandbox.v2.clear_calls()
    bench.tick(3)
    assert not bench.sandbox.v2.calls
    bench.tick(after=300)
    assert bench.sandbox.v2.calls
    (began,) = bench.log.lines("side paused")
    assert began["side"] == "v2"
    assert "key" in began["reason"]
    assert bench.log.count("side answers again") == 1


def test_a_start_tries_a_refused_key_at_once(bench: Bench) -> None:
    bench.sandbox.v2.faults.add("*", Fault.UNAUTHORIZED, times=1)
    bench.tick()
    bench.restart()
    bench.sandbox.v2.clear_calls()
    bench.tick(after=1)
    assert bench.sandbox.v2.calls


def test_a_key_refused_after_an_outage_is_told_for_a_person_has_to_act(bench: Bench) -> None:
    bench.sandbox.v2.faults.add("*", Fault.FAIL_BEFORE, times=60)
    bench.tick()
    bench.sandbox.v2.faults.clear()
    bench.sandbox.v2.faults.add("*", Fault.UNAUTHORIZED, times=5)
    bench.tick(2)
    assert [line["side"] for line in bench.log.lines("side paused")] == ["v2", "v2"]


def test_a_lease_that_another_holds_is_waited_for_and_said_once(bench: Bench) -> None:
    with bench.bridge.store.begin() as unit:
        unit.take_lease("other:9", bench.clock.now(), 3600.0)
    before = bench.requests
    bench.tick(3)
    assert bench.requests == before
    (said,) = bench.log.lines("lease taken, waiting for it")
    assert said["owner"] == "other:9"
    with bench.bridge.store.begin() as unit:
        unit.release_lease("other:9")
    bench.tick(2)
    assert bench.requests > before
    assert bench.log.count("lease is free again") == 1


def test_a_second_daemon_stands_by_without_a_request_and_takes_over_when_the_first_is_silent(
    bench: Bench, log: Log
) -> None:
    path = Path(str(bench.bridge.store.place)).with_name("bridge.toml")
    with opened(bench.sandbox, path, bench.clock, log, owner="second:2") as second:
        before = bench.requests
        second.tick(2)
        assert bench.requests == before
        (said,) = log.lines("standing by")
        assert said["owner"] == "here:1"
        second.tick(after=100)
        assert bench.requests > before
        assert log.count("took over") == 1
        before = bench.requests
        bench.tick()
        assert bench.requests == before, "the first one, awake again, stands by in its turn"


def test_while_first_contact_lasts_links_are_kept_nothing_is_created_and_it_is_said_once(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.kore_id, bench.v2_id
    with bench.bridge.store.begin() as unit:
        unit.save_pair_state(replace(unit.pair_state(), first_contact_ended_at=None))
    case, before = next(iter(bench.sandbox.kore.cases)), len(bench.sandbox.kore.tasks)
    bench.sandbox.kore.add_task(case_id=case, name="Only here")
    bench.sandbox.v2.add_task(title="Only there")
    bench.sandbox.v2.edit_task(v2_id, title="Mend the fence")
    bench.tick(4)
    assert (len(bench.sandbox.kore.tasks), len(bench.sandbox.v2.tasks)) == (before + 1, before + 1)
    assert bench.sandbox.kore.tasks[kore_id]["name"] == "Mend the fence"
    what = "first contact lasts: links are kept in step, nothing is created"
    (said,) = bench.log.lines(what)
    assert (said["next"], said["unlinked"]) == ("task-bridge backfill", 2)
    bench.backfill()
    bench.tick()
    assert bench.log.count("first contact is over") == 1


def test_nothing_is_said_of_a_first_contact_that_the_first_sweep_ends(fresh: Bench) -> None:
    bench, case = fresh, next(iter(fresh.sandbox.kore.cases))
    bench.sandbox.kore.add_task(case_id=case, name="Only here")
    bench.tick(2)
    assert len(bench.sandbox.v2.tasks) == 1
    assert not [line for line in bench.log.lines() if "contact lasts" in line["event"]]
    (created,) = bench.log.lines("created")
    assert (created["in"], created["v2"]) == ("v2", "GEN-1")


def break_down(*_: object) -> None:
    raise KeyError("a bug")


def test_a_bug_in_a_cycle_is_told_with_its_traceback_and_the_next_tick_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    kore_id, v2_id = bench.kore_id, bench.v2_id
    bench.sandbox.v2.edit_task(v2_id, title="Mend the fence")
    with monkeypatch.context() as broken:
        broken.setattr("bridge.sync.cycle.apply_batch", break_down)
        bench.tick(2)
    bench.tick()
    assert bench.sandbox.kore.tasks[kore_id]["name"] == "Mend the fence"
    first, second = bench.log.lines("cycle failed: this is a bug of task-bridge")
    assert (first["kind"], first["level"]) == ("KeyError", "error")
    assert "Traceback" in first["exception"]
    assert "exception" not in second
    with bench.bridge.store.begin() as unit:
        assert unit.lease() is None


def test_a_database_that_fails_for_a_while_is_said_once_and_waited_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Bridge) -> None:
        raise StoreError("bridge.db cannot grow: the disk is full.")

    with monkeypatch.context() as full:
        full.setattr(Bridge, "desk", fail)
        bench.tick(3)
    bench.tick()
    (said,) = bench.log.lines("database fails")
    assert "the disk is full" in said["reason"]
    assert bench.log.count("database works again") == 1


def test_after_a_stop_no_request_begins(bench: Bench) -> None:
    before = bench.requests
    bench.clock.stop()
    bench.tick(2)
    assert bench.requests == before
