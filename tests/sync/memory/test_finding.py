"""What a create made is found by its marker where the answer does not tell its id."""

import pytest

from bridge.domain.marker import kore_marker
from bridge.domain.operation import OperationKind, WriteRequest
from bridge.domain.policy import Unobserved
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from tests.sync.memory.bench import Bench

HIDDEN = frozenset({Field.DESCRIPTION})


@pytest.fixture
def mute(bench: Bench) -> Bench:
    """Neither side tells the id of what it created; some tasks are there already."""
    for number in range(6):
        bench.kore.add(f"Old {number}")
    bench.settle()
    bench.sync(is_full=True)
    bench.clock.pass_time(600)
    for service in (bench.kore, bench.v2):
        service.create_answer = "nothing"
        service.page_size = 2
    bench.forget_calls()
    bench.clock.slept.clear()
    return bench


def open_creates(bench: Bench) -> int:
    with bench.store.begin() as unit:
        return len(unit.open_operations())


def test_it_stands_among_the_newest_and_no_search_is_needed(mute: Bench) -> None:
    kore_id = mute.kore.add("Boiler")
    mute.sync(sweeps=False)
    assert mute.across(Side.KORE, kore_id) == "v0007"
    assert mute.v2.calls.count("page:ask") == 1
    assert "search" not in mute.v2.calls
    assert mute.clock.slept == [0.0]
    assert open_creates(mute) == 0


def test_a_list_that_lags_is_asked_for_three_seconds_and_read_no_deeper_than_the_create(
    mute: Bench,
) -> None:
    mute.v2.left_out, mute.v2.search_finds = {"v0007"}, False
    kore_id = mute.kore.add("Boiler")
    mute.sync(sweeps=False)
    assert sum(mute.clock.slept) == 3.0
    assert mute.clock.slept == sorted(mute.clock.slept)
    assert mute.v2.calls.count("page:ask") == mute.v2.calls.count("search") == 4
    assert open_creates(mute) == 1
    mute.v2.left_out = set()
    mute.settle()
    assert mute.across(Side.KORE, kore_id) == "v0007"
    assert len(mute.v2.records) == 7


def test_it_is_found_below_tasks_that_are_newer_still(
    mute: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = mute.v2._create

    def in_a_crowd(request: WriteRequest) -> TaskId:
        task_id = create(request)
        for number in range(55):
            mute.v2.add(f"Newer {number}")
        return task_id

    monkeypatch.setattr(mute.v2, "_create", in_a_crowd)
    mute.set_rules(routes=())
    mute.v2.page_size, mute.v2.search_finds = 50, False
    kore_id = mute.kore.add("Boiler")
    mute.sync(sweeps=False)
    assert mute.across(Side.KORE, kore_id) == "v0007"
    assert mute.v2.calls.count("page:ask") == 2
    assert mute.clock.slept == [0.0]


def test_a_list_that_withholds_it_is_searched(mute: Bench) -> None:
    mute.v2.left_out = {"v0007"}
    kore_id = mute.kore.add("Boiler")
    mute.sync(sweeps=False)
    assert mute.across(Side.KORE, kore_id) == "v0007"
    assert mute.clock.slept == [0.0]


def test_a_clock_that_is_behind_by_less_than_the_tolerance_hides_nothing(mute: Bench) -> None:
    mute.v2.keeps_whole_seconds = True
    mute.v2.search_finds = False
    kore_id = mute.kore.add("Boiler")
    mute.sync(sweeps=False)
    assert mute.across(Side.KORE, kore_id) == "v0007"


def test_of_two_that_bear_its_marker_the_older_one_is_it_and_the_other_a_duplicate(
    mute: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = mute.v2._create

    def twice(request: WriteRequest) -> TaskId:
        create(request)
        mute.clock.pass_time(1)
        return create(request)

    monkeypatch.setattr(mute.v2, "_create", twice)
    kore_id = mute.kore.add("Boiler")
    mute.sync(sweeps=False)
    mute.sync()
    assert mute.across(Side.KORE, kore_id) == "v0007"
    assert mute.known(Side.V2, "v0008").standing is Standing.DUPLICATE


def test_rows_that_cannot_be_read_and_tasks_of_others_are_passed_over(
    mute: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = mute.v2._create

    def among_others(request: WriteRequest) -> TaskId:
        task_id = create(request)
        mute.v2.unreadable.add(mute.v2.add("Odd"))
        mute.v2.add("Boiler", "a task of somebody")
        return task_id

    monkeypatch.setattr(mute.v2, "_create", among_others)
    mute.set_rules(routes=())
    kore_id = mute.kore.add("Boiler")
    mute.sync(sweeps=False)
    assert mute.across(Side.KORE, kore_id) == "v0007"
    assert mute.clock.slept == [0.0]


def test_a_task_that_bears_the_marker_of_another_task_is_not_it(
    mute: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = mute.v2._create
    line = kore_marker(TaskId("k0099"), "TS99", None, None).line

    def after_another(request: WriteRequest) -> TaskId:
        mute.v2.add("Boiler", f"made from another\n\n{line}")
        return create(request)

    monkeypatch.setattr(mute.v2, "_create", after_another)
    mute.set_rules(routes=())
    kore_id = mute.kore.add("Boiler")
    mute.sync(sweeps=False)
    assert mute.across(Side.KORE, kore_id) == "v0008"


def test_a_linked_task_into_which_people_paste_its_marker_is_not_it(
    mute: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = mute.v2._create

    def with_a_paste(request: WriteRequest) -> TaskId:
        task_id = create(request)
        mute.v2.edit("v0001", text=mute.v2.records[task_id].text)
        mute.v2.left_out = {task_id}
        return task_id

    monkeypatch.setattr(mute.v2, "_create", with_a_paste)
    mute.v2.search_finds = False
    kore_id = mute.kore.add("Boiler")
    mute.sync(sweeps=False)
    assert mute.across(Side.KORE, "k0001") == "v0001"
    assert open_creates(mute) == 1
    mute.v2.left_out = set()
    mute.settle()
    assert mute.across(Side.KORE, kore_id) == "v0007"


# --- where Kore's list hides the marker ----------------------------------------------------------


@pytest.fixture
def veiled(mute: Bench) -> Bench:
    mute.kore.hides = HIDDEN
    mute.kore.page_size = 50
    return mute


def test_what_has_its_title_is_probed_and_nothing_else(veiled: Bench) -> None:
    v2_id = veiled.v2.add("Ladder", text="rungs")
    veiled.sync(sweeps=False)
    kore_id = veiled.across(Side.V2, v2_id)
    assert kore_id == "k0007"
    probes = [write.task_id for write in veiled.kore.writes if write.call == "probe"]
    assert probes == [kore_id]
    with veiled.store.begin() as unit:
        link = unit.links_of(Side.V2, [v2_id])[v2_id]
        (probe,) = [
            one.operation
            for one in unit.operations_about([link.id])
            if one.operation.kind is OperationKind.PROBE
        ]
    assert (probe.kore_id, v2_id in probe.reason) == (kore_id, True)
    assert veiled.values(Field.DESCRIPTION, kore_id, v2_id) == ("rungs", "rungs")


def test_where_nothing_is_probed_it_stays_open_and_nothing_is_created_again(veiled: Bench) -> None:
    veiled.set_policy(unobserved=Unobserved.HOLD)
    v2_id = veiled.v2.add("Ladder", text="rungs")
    for _ in range(3):
        veiled.sync(sweeps=False)
    assert "probe" not in veiled.kore.calls
    assert len(veiled.kore.records) == 7
    assert open_creates(veiled) == 1
    assert veiled.is_linked(Side.V2, v2_id)


def test_a_task_without_a_title_is_looked_for_by_what_it_is_called_in_kore(veiled: Bench) -> None:
    v2_id = veiled.v2.add(None, text="rungs")
    veiled.sync(sweeps=False)
    assert veiled.across(Side.V2, v2_id) == "k0007"
    assert veiled.kore.value("k0007", Field.TITLE) == veiled.v2.records[v2_id].ref
