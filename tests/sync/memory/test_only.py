"""`--only ID …`: a run of some tasks alone reads as always, and plans and writes for them only."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.side import Field, Side
from bridge.errors import UsageError
from bridge.sync.cycle import Wish, run_cycle
from tests.sync.memory.bench import Bench

HIDDEN = frozenset({Field.DESCRIPTION, Field.DUE})


def sync_only(bench: Bench, *only: str, is_dry: bool = False) -> None:
    bench.clock.pass_time(30)
    bench.desk = bench.new_desk(is_dry=is_dry)
    run_cycle(bench.desk, Wish(only=only))


def lasts(bench: Bench) -> bool:
    with bench.store.begin() as unit:
        return unit.pair_state().first_contact_ended_at is None


def due(bench: Bench) -> tuple[set[str], set[str]]:
    """The Kore tasks whose links are due, and the tasks of either side that are."""
    with bench.store.begin() as unit:
        links = {str(view.link.kore_id) for view in unit.due_links(99, 0)}  # type: ignore[arg-type]
        tasks = {known.task.id for side in Side for known in unit.due_tasks(side, 99)}
    return links, {str(one) for one in tasks}


@pytest.fixture
def changed(bench: Bench) -> Bench:
    """Three pairs, each changed on one side, and a new task on each side."""
    for number in range(3):
        bench.pair(f"Boiler {number}")
    for number in (1, 2, 3):
        bench.kore.edit(f"k000{number}", title=f"Changed {number}")
    bench.kore.add("New in Kore")
    bench.v2.add("New in v2")
    bench.forget_calls()
    return bench


@pytest.mark.parametrize("name", ["k0001", "TS1", "v0001", "REC-1"])
def test_a_pair_is_named_by_either_id_or_reference(changed: Bench, name: str) -> None:
    sync_only(changed, name)
    assert [(write.call, write.task_id) for write in changed.v2.writes] == [("update", "v0001")]
    assert changed.kore.writes == []


def test_everything_else_stays_due_and_the_next_cycle_carries_it(changed: Bench) -> None:
    sync_only(changed, "k0001")
    assert due(changed) == ({"k0002", "k0003"}, {"k0004", "v0004"})
    changed.sync()
    assert {write.task_id for write in changed.v2.writes if write.call == "update"} == {
        "v0001", "v0002", "v0003",
    }  # fmt: skip
    assert changed.is_linked(Side.KORE, "k0004")
    assert changed.is_linked(Side.V2, "v0004")


def test_several_tasks_and_one_named_twice(changed: Bench) -> None:
    sync_only(changed, "k0002", "v0002", "TS4")
    assert sorted(write.call for write in changed.v2.writes) == ["create", "update"]
    assert due(changed) == ({"k0001", "k0003"}, {"v0004"})


def test_what_it_does_not_come_to_is_not_put_off_by_a_second_look(changed: Bench) -> None:
    sync_only(changed, "k0001")
    before = due(changed)
    sync_only(changed, "k0001")
    assert due(changed) == before


def test_a_dry_run_plans_for_these_tasks_alone(changed: Bench) -> None:
    sync_only(changed, "k0001", "v0004", is_dry=True)
    planned = [(one.operation.side, str(one.operation.kind)) for one in changed.reports]
    assert planned == [(Side.V2, "update"), (Side.KORE, "create")]
    assert changed.kore.writes == changed.v2.writes == []


def test_an_unknown_name_is_an_error_that_says_what_to_do(changed: Bench) -> None:
    with pytest.raises(UsageError, match=r"TS99, v77: neither service .* sync --full"):
        sync_only(changed, "TS99", "k0001", "v77")
    assert changed.kore.writes == changed.v2.writes == []
    with changed.store.begin() as unit:
        unit.take_lease("another", changed.clock.now(), 30.0)


def test_an_unknown_reference_is_answered_with_the_id_that_is_known_all_the_same(
    changed: Bench,
) -> None:
    hidden = replace(changed.kore.records["k0004"], ref="")
    changed.kore.records["k0004"] = hidden
    with pytest.raises(UsageError, match=r"hides references.* report shows \(ti-…\)"):
        sync_only(changed, "TS4")
    sync_only(changed, "k0004")
    assert changed.is_linked(Side.KORE, "k0004")


def test_where_a_side_cannot_be_read_a_name_may_be_one_of_its_tasks(changed: Bench) -> None:
    from bridge.errors import Unreachable

    changed.v2.fail("*", Unreachable("v2", "gone"), times=9)
    sync_only(changed, "v99")
    assert changed.desk.faults.keys() == {Side.V2}
    assert changed.kore.writes == []


def test_a_reference_of_two_tasks_is_an_error_that_tells_both_ids(bench: Bench) -> None:
    bench.pair("Boiler")
    bench.kore.add("Ladder")
    bench.kore.records["k0002"] = replace(bench.kore.records["k0002"], ref="TS1")
    with pytest.raises(UsageError, match="TS1 names more than one task: k0001, k0002"):
        sync_only(bench, "TS1")


def test_a_reference_that_both_tasks_of_a_pair_have_is_one_pair(changed: Bench) -> None:
    for service in (changed.kore, changed.v2):
        number = "k0001" if service is changed.kore else "v0001"
        service.records[number] = replace(service.records[number], ref="HOUSE-1")
        service.edit(number, priority="High" if service is changed.kore else "high")
    sync_only(changed, "HOUSE-1")
    assert changed.v2.value("v0001", Field.TITLE) == "Changed 1"
    assert [write.task_id for write in changed.v2.writes] == ["v0001"]


def test_a_task_that_only_its_link_knows_is_known(changed: Bench) -> None:
    from bridge.domain.link import Link, LinkState
    from bridge.domain.side import TaskId

    changed.court.excuse("created None", "a link made by hand, with nothing but ids")
    with changed.store.begin() as unit:
        at = changed.clock.now()
        made = Link(state=LinkState.LINKED, kore_id=TaskId("k77"), v2_id=TaskId("v77"))
        unit.add_link(replace(made, created_at=at, changed_at=at))
    sync_only(changed, "k77")
    assert changed.kore.writes == changed.v2.writes == []


# --- first contact -------------------------------------------------------------------------------


@pytest.fixture
def met(bench: Bench) -> Bench:
    """Tasks on both sides that nobody has linked."""
    for number in range(3):
        bench.kore.add(f"Boiler {number}", "text")
        bench.v2.add(f"Ladder {number}", "text")
    return bench


def test_a_backfill_of_one_task_creates_one_counterpart_and_first_contact_lasts(
    met: Bench,
) -> None:
    outcome = met.backfill(only=("TS2",))
    assert outcome.summary["created"] == {"kore": 0, "v2": 1}
    assert (len(met.kore.records), len(met.v2.records)) == (3, 4)
    assert lasts(met)
    met.sync()
    assert len(met.links()) == 1
    met.backfill()
    assert len(met.links()) == 6
    assert not lasts(met)


def test_a_cycle_of_one_task_does_not_end_first_contact_either(bench: Bench) -> None:
    bench.kore.add("Boiler")
    sync_only(bench, "k0001")
    assert lasts(bench)
    assert bench.links() == []
    bench.sync()
    assert not lasts(bench)


def test_one_by_one_all_tasks_are_taken_up(met: Bench) -> None:
    for name in (*sorted(met.kore.records), *sorted(met.v2.records)):
        met.backfill(only=(name,))
    assert len(met.links()) == 6
    assert (len(met.kore.records), len(met.v2.records)) == (6, 6)
    assert lasts(met)


def test_before_a_create_in_kore_every_hidden_description_is_seen_and_no_more_is_done(
    met: Bench,
) -> None:
    met.kore.hides = HIDDEN
    met.backfill(only=("v0001",))
    assert [write.call for write in met.kore.writes] == ["probe"] * 3 + ["create"]
    assert met.v2.writes == []
    assert len(met.links()) == 1


def test_before_a_create_in_v2_only_the_task_itself_is_probed(met: Bench) -> None:
    met.kore.hides = HIDDEN
    met.backfill(only=("k0002",))
    assert [(write.call, write.task_id) for write in met.kore.writes] == [("probe", "k0002")]
    assert [write.call for write in met.v2.writes] == ["create"]


def test_a_hidden_marker_of_the_task_is_found_in_time(met: Bench) -> None:
    met.kore.hides = HIDDEN
    bearer = met.kore.add("Ladder 0", "[task-bridge v2:REC-1 v0001]")
    met.backfill(only=("v0001",))
    assert met.across(Side.V2, "v0001") == bearer
    assert len(met.links()) == 1


def test_a_match_of_one_task_parks_no_other(met: Bench) -> None:
    met.kore.add("Ladder 0")
    met.kore.add("Ladder 0")
    met.backfill(only=("v0001",), match_window=timedelta(days=1))
    (wait,) = met.waits()
    assert wait.task_id == "v0001"
    assert met.links() == []


def test_it_can_be_given_a_limit(met: Bench) -> None:
    met.backfill(only=("k0001", "k0002", "v0001"), limit=2, is_whole=False)
    assert len(met.links()) == 2


def test_a_question_about_probes_is_asked_for_what_would_be_probed(
    met: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bridge.sync.backfill import TooManyProbes

    monkeypatch.setattr("bridge.sync.backfill.MOST_UNASKED_PROBES", 2)
    met.kore.hides = HIDDEN
    met.set_rules(asks_before_probing=True)
    met.backfill(only=("k0001",))
    assert len(met.links()) == 1
    met.kore.add("Another", "text")
    with pytest.raises(TooManyProbes):
        met.backfill(only=("v0001",))
