"""How an open create is searched for: as deep as its task may stand, by whoever's clock."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.exchange import Purpose
from bridge.domain.instruction import InstructionKind
from bridge.domain.link import LinkState
from bridge.domain.marker import find_marker
from bridge.domain.operation import Journalled, OperationKind, Outcome, WaitKind, WriteRequest
from bridge.domain.policy import Unobserved
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import say

HIDDEN = frozenset({Field.DESCRIPTION})
both_sides = pytest.mark.parametrize("side", list(Side))


@pytest.fixture
def settled(bench: Bench) -> Bench:
    """Four pairs in step, and lists of two rows a page."""
    for number in range(4):
        bench.kore.add(f"Old {number}")
    bench.settle()
    bench.sync(is_full=True)
    for service in (bench.kore, bench.v2):
        service.page_size = 2
    return bench


def lose_the_create(bench: Bench, side: Side) -> TaskId:
    """A task is created on that side, and the answer never comes; gives the origin."""
    mine = bench.service(side.other).add("Boiler", "words")
    error = Unreachable(str(side), "It hung up.", is_outcome_unknown=True)
    bench.service(side).fail("create", error, applied=True)
    bench.sync(sweeps=False)
    return mine


def show_only_when_asked(bench: Bench, side: Side, task_id: str) -> None:
    """No poll shows the task; a list that is asked for does."""
    service = bench.service(side)
    page = service.page

    def page_of(*args: Any, purpose: Purpose, **more: Any) -> object:
        service.left_out = set() if purpose is Purpose.ASK else {task_id}
        return page(*args, purpose=purpose, **more)

    service.page = page_of  # type: ignore[method-assign,assignment]


def created_on(bench: Bench, side: Side, origin: str) -> Iterator[str]:
    """What bears the marker of that task."""
    for record in bench.service(side).records.values():
        marker = find_marker(record.text)
        if marker is not None and marker.task_id == origin:
            yield record.id


def open_creates(bench: Bench) -> list[Journalled]:
    with bench.store.begin() as unit:
        return list(unit.open_operations())


@both_sides
def test_what_a_poll_shows_is_linked_without_a_search(settled: Bench, side: Side) -> None:
    mine = lose_the_create(settled, side)
    settled.forget_calls()
    settled.sync(sweeps=False)
    assert settled.across(side.other, mine) in created_on(settled, side, mine)
    assert "search" not in settled.service(side).calls
    assert "page:ask" not in settled.service(side).calls


@pytest.mark.parametrize("minutes", [10, -10])
def test_a_create_of_which_there_is_no_trace_is_searched_for_among_what_came_after_it(
    settled: Bench, minutes: int
) -> None:
    settled.v2.skew = timedelta(minutes=minutes)
    settled.v2.edit("v0001", title="New")
    settled.v2.edit("v0002", title="New")
    settled.v2.edit("v0003", title="New")
    settled.settle()
    mine = lose_the_create(settled, Side.V2)
    settled.v2.left_out, settled.v2.search_finds = {*created_on(settled, Side.V2, mine)}, False
    settled.forget_calls()
    settled.sync(sweeps=False)
    assert settled.v2.calls.count("page:ask") == 1
    assert settled.known(Side.KORE, mine).standing is Standing.UNCERTAIN


@pytest.mark.parametrize(
    ("skew", "is_told"), [(timedelta(minutes=-10), True), (timedelta(seconds=-3), False)]
)
@pytest.mark.parametrize("answer", ["lost", "nothing"])
def test_it_is_found_below_newer_tasks_by_a_clock_that_is_behind(
    settled: Bench, skew: timedelta, is_told: bool, answer: str
) -> None:
    v2 = settled.v2
    settled.set_rules(routes=())
    v2.skew, v2.tells_date, v2.search_finds = skew, is_told, False
    settled.settle()
    create = v2._create

    def below_others(request: WriteRequest) -> TaskId:
        task_id = create(request)
        for number in range(2):
            v2.add(f"Newer {number}")
        show_only_when_asked(settled, Side.V2, task_id)
        return task_id

    v2._create = below_others  # type: ignore[method-assign]
    if answer == "lost":
        mine = lose_the_create(settled, Side.V2)
        settled.clock.pass_time(1)
    else:
        v2.create_answer = "nothing"
        mine = settled.kore.add("Boiler")
    settled.sync(sweeps=False)
    assert settled.across(Side.KORE, mine) in created_on(settled, Side.V2, mine)


def test_it_is_found_below_newer_tasks_of_kore_and_read_for_no_deeper(settled: Bench) -> None:
    kore = settled.kore
    create = kore._create

    def among_others(request: WriteRequest) -> TaskId:
        for number in range(3):
            kore.add(f"A little older {number}", status="Closed")
        task_id = create(request)
        for number in range(2):
            kore.add(f"Newer {number}", status="Closed")
        return task_id

    kore._create = among_others  # type: ignore[method-assign]
    kore.create_answer, kore.search_finds = "nothing", False
    mine = settled.v2.add("Ladder")
    settled.forget_calls()
    settled.sync(sweeps=False)
    assert settled.across(Side.V2, mine) in created_on(settled, Side.KORE, mine)
    assert kore.calls.count("page:ask") == 2


def test_a_list_that_says_where_it_ends_is_read_to_its_end_only(bench: Bench) -> None:
    bench.sync()
    bench.kore.create_answer, bench.kore.search_finds = "nothing", False
    bench.kore.left_out = {"k0001"}
    bench.kore.add("Gone from every list")
    bench.kore.add("Young", status="Closed")
    bench.v2.add("Ladder")
    bench.kore.left_out = {"k0001", "k0003"}
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert bench.kore.calls.count("page:ask") == len(bench.clock.slept) == 4


def test_a_row_that_tells_no_time_does_not_end_the_search(settled: Bench) -> None:
    settled.set_rules(routes=())
    odd = settled.v2.add("Undated")
    settled.v2.records[odd] = replace(settled.v2.records[odd], changed_at=None)
    settled.v2.page_size = 50
    mine = lose_the_create(settled, Side.V2)
    settled.v2.left_out, settled.v2.search_finds = {*created_on(settled, Side.V2, mine)}, False
    settled.sync(sweeps=False)
    assert settled.desk.faults == {}
    settled.v2.left_out = set()
    settled.settle()
    assert settled.is_linked(Side.KORE, mine)


@pytest.mark.parametrize("is_undated", [True, False])
def test_of_several_bearers_the_oldest_is_it_whatever_their_ids(
    settled: Bench, is_undated: bool
) -> None:
    v2 = settled.v2
    create = v2._create

    def twice(request: WriteRequest) -> TaskId:
        first, second = create(request), create(request)
        hour = timedelta(hours=1)
        record = v2.records[second]
        v2.records[second] = replace(record, created_at=record.created_at - hour)
        if is_undated:
            v2.undated.add(first)
        return second

    v2._create = twice  # type: ignore[method-assign]
    v2.create_answer, v2.page_size = "nothing", 50
    mine = settled.kore.add("Boiler")
    settled.sync(sweeps=False)
    first, second = created_on(settled, Side.V2, mine)
    assert settled.across(Side.KORE, mine) == second
    settled.settle()
    assert settled.known(Side.V2, first).standing is Standing.DUPLICATE


# --- what is not done for it ---------------------------------------------------------------------


def test_a_dry_run_does_not_look_into_it(settled: Bench) -> None:
    mine = lose_the_create(settled, Side.V2)
    settled.v2.left_out = {*created_on(settled, Side.V2, mine)}
    settled.clock.pass_time(600)
    settled.forget_calls()
    settled.sync(sweeps=False, is_dry=True)
    assert "search" not in settled.v2.calls
    assert [one.operation.kind for one in open_creates(settled)] == [OperationKind.CREATE]
    assert settled.reports == []


def test_a_side_that_fails_after_its_poll_is_not_searched(settled: Bench) -> None:
    mine = lose_the_create(settled, Side.V2)
    settled.v2.left_out = {*created_on(settled, Side.V2, mine)}
    settled.v2.fail("page:sweep", Unreachable("v2", "No route."))
    settled.forget_calls()
    settled.sync(is_full=True)
    assert "page:poll" in settled.v2.calls
    assert "search" not in settled.v2.calls
    assert "page:ask" not in settled.v2.calls


# --- where Kore's list hides the marker ----------------------------------------------------------


@pytest.fixture
def veiled(settled: Bench) -> Bench:
    settled.kore.hides = HIDDEN
    settled.kore.page_size = 50
    return settled


def probes(bench: Bench) -> list[str]:
    return [one.task_id for one in bench.kore.writes if one.call == "probe"]


def test_while_kore_is_paused_nothing_is_probed_for_an_open_create(veiled: Bench) -> None:
    mine = lose_the_create(veiled, Side.KORE)
    (created,) = created_on(veiled, Side.KORE, mine)
    say(veiled, InstructionKind.PAUSE, {"side": "kore"})
    veiled.forget_calls()
    veiled.sync(sweeps=False)
    assert "page:ask" in veiled.kore.calls
    assert "probe" not in veiled.kore.calls
    say(veiled, InstructionKind.RESUME, {"side": "kore"})
    veiled.settle()
    assert veiled.across(Side.V2, mine) == created
    assert created in probes(veiled)


def test_what_was_created_is_probed_in_the_form_that_the_account_takes(veiled: Bench) -> None:
    veiled.kore.probes_taken = frozenset({ProbeForm.ID_ONLY})
    veiled.kore.add("Hidden")
    veiled.settle()
    veiled.kore.create_answer = "nothing"
    mine = veiled.v2.add("Ladder", "rungs")
    veiled.forget_calls()
    veiled.sync(sweeps=False)
    assert veiled.across(Side.V2, mine) in probes(veiled)
    assert veiled.kore.calls.count("probe") == 1


def test_a_candidate_whose_probe_is_refused_stays_undecided_and_is_named(veiled: Bench) -> None:
    mine = lose_the_create(veiled, Side.KORE)
    (created,) = created_on(veiled, Side.KORE, mine)
    veiled.kore.refuses = lambda request: request.call == "probe"
    for _ in range(4):
        veiled.sync(sweeps=False)
    wait = next(one for one in veiled.waits(WaitKind.FAILED) if one.candidates)
    assert wait.candidates == (created,)
    assert "cannot be seen whole" in wait.reason
    assert len([*created_on(veiled, Side.KORE, mine)]) == 1


# --- what else a create leaves to do -------------------------------------------------------------


@pytest.fixture
def untagged(bench: Bench) -> Bench:
    """A pair whose origin, `v0001`, is still to be tagged."""
    bench.set_rules(tags_origin=True)
    bench.sync()
    bench.v2.add("Ladder")
    say(bench, InstructionKind.PAUSE, {"side": "v2"})
    bench.sync(sweeps=False)
    assert bench.across(Side.V2, "v0001") == "k0001"
    say(bench, InstructionKind.RESUME, {"side": "v2"})
    return bench


def the_create(bench: Bench) -> Journalled:
    (view,) = bench.links()
    with bench.store.begin() as unit:
        found = unit.operations_about([view.link.id])
    return next(one for one in found if one.operation.kind is OperationKind.CREATE)


def test_once_the_tag_is_there_the_create_is_done(untagged: Bench) -> None:
    untagged.sync(sweeps=False)
    assert untagged.v2.records[TaskId("v0001")].facts.tags == ("kore:k0001",)
    create = the_create(untagged)
    assert create.outcome is Outcome.DONE
    assert "counterpart" in create.note


def test_a_second_bearer_does_not_take_the_place_of_the_one_that_is_linked(
    untagged: Bench,
) -> None:
    text = untagged.kore.records[TaskId("k0001")].text
    second = untagged.kore.add("Ladder", text, author="app")
    untagged.sync(sweeps=False)
    assert untagged.across(Side.V2, "v0001") == "k0001"
    assert untagged.v2.records[TaskId("v0001")].facts.tags == ("kore:k0001",)
    assert untagged.known(Side.KORE, second).standing is Standing.DUPLICATE


def test_where_tags_are_no_longer_wanted_none_is_written(untagged: Bench) -> None:
    untagged.set_rules(tags_origin=False)
    untagged.sync(sweeps=False)
    assert untagged.v2.records[TaskId("v0001")].facts.tags == ()
    assert open_creates(untagged) == []


def test_what_is_gone_by_then_is_named_by_no_tag(bench: Bench) -> None:
    bench.set_rules(tags_origin=True)
    bench.sync()
    bench.v2.add("Ladder")
    bench.kore.add("Another", status="Closed")
    say(bench, InstructionKind.PAUSE, {"side": "v2"})
    bench.sync(sweeps=False)
    bench.kore.remove(bench.across(Side.V2, "v0001"))
    for _ in range(3):
        bench.sync(is_full=True)
    assert [view.link.state for view in bench.links()] == [LinkState.MISSING]
    say(bench, InstructionKind.RESUME, {"side": "v2"})
    bench.sync(sweeps=False)
    assert bench.v2.records[TaskId("v0001")].facts.tags == ()
    assert open_creates(bench) == []


@pytest.mark.parametrize("unobserved", [Unobserved.HOLD, Unobserved.WRITE])
def test_a_lost_update_of_what_kore_hides_is_over_where_nothing_is_probed(
    bench: Bench, unobserved: Unobserved
) -> None:
    kore_id, v2_id = bench.pair(text="old")
    bench.settle()
    bench.v2.edit(v2_id, text="New")
    bench.kore.fail("update", Unreachable("kore", "no answer", is_outcome_unknown=True))
    bench.kore.fail("page:ask", Unreachable("kore", "still gone"))
    run = bench.sync(sweeps=False).summary["run_id"]
    bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=unobserved)
    bench.kore.edit(kore_id, priority="High")
    bench.sync(sweeps=False)
    with bench.store.begin() as unit:
        (left,) = unit.operations_of(run)
    assert (left.outcome, "hides" in left.note) == (Outcome.UNCERTAIN, True)
    assert open_creates(bench) == []


def test_where_no_clock_is_ever_told_it_is_searched_for_all_the_same(bench: Bench) -> None:
    for service in (bench.kore, bench.v2):
        service.tells_date = False
    bench.sync()
    mine = lose_the_create(bench, Side.V2)
    (created,) = created_on(bench, Side.V2, mine)
    show_only_when_asked(bench, Side.V2, created)
    bench.sync(sweeps=False)
    assert bench.across(Side.KORE, mine) == created
