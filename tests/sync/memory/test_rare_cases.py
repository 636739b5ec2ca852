"""What happens seldom: looks that fail, answers that come late, people who act in between."""

from dataclasses import replace

import pytest

from bridge.domain.link import Link, LinkState
from bridge.domain.operation import Outcome as Result
from bridge.domain.operation import WaitKind
from bridge.domain.policy import Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Facts, Standing
from bridge.errors import KeyRefused, NotFound, Refused, ServiceError, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import CONTACT

GONE = Unreachable("v2", "gone")


def test_a_look_before_a_write_that_fails_leaves_the_change_due(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="New")
    bench.v2.fail("read", GONE)
    bench.sync()
    assert bench.desk.faults.keys() == {Side.V2}
    assert "update" not in bench.v2.calls
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")


@pytest.mark.parametrize(
    "error",
    [KeyRefused("v2", "Not this one.", status=403), Refused("v2", "Odd.", status=400)],
    ids=["403", "400"],
)
def test_a_task_that_may_not_be_read_is_listed_and_stops_only_itself(
    bench: Bench, error: ServiceError
) -> None:
    pairs = [bench.pair("First"), bench.pair("Second")]
    for kore_id, _ in pairs:
        bench.kore.edit(kore_id, title="New")
    bench.set_rules(workers=1)
    bench.v2.fail("read", error)
    bench.sync()
    assert bench.desk.faults == {}
    assert [bench.v2.value(v2_id, Field.TITLE) for _, v2_id in pairs].count("New") == 1
    assert [wait.field for wait in bench.waits(WaitKind.FAILED)] == [Field.TITLE]


@pytest.mark.parametrize("is_down", [True, False])
def test_a_look_after_a_create_that_fails_leaves_the_pair_linked(
    bench: Bench, is_down: bool
) -> None:
    bench.v2.create_answer = "id"
    kore_id = bench.kore.add("Boiler", status="In Progress")
    bench.v2.fail("read", GONE if is_down else NotFound("v2", "Not yet."))
    bench.sync()
    assert bench.is_linked(Side.KORE, kore_id)
    assert (Side.V2 in bench.desk.faults) is is_down
    bench.settle()
    assert bench.v2.value(bench.across(Side.KORE, kore_id), Field.STATUS) == "in_progress"
    assert len(bench.v2.records) == 1


def test_a_look_after_an_update_that_is_refused_for_that_task_pauses_no_side(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="New")

    def refuse_the_read(request: object) -> None:
        bench.v2.on_send = None
        bench.v2.fail("read", KeyRefused("v2", "Not this one.", status=403))

    bench.v2.on_send = refuse_the_read
    bench.sync()
    assert bench.desk.faults == {}
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")
    assert bench.waits() == []


def test_field_by_field_ends_where_the_side_goes_down(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(text="old")
    bench.v2.edit(v2_id, title="New", text="new")
    bench.kore.fail("update", Refused("kore", "One of them is bad.", status=400))
    bench.kore.fail("update", Unreachable("kore", "gone"))
    bench.sync()
    assert bench.desk.faults.keys() == {Side.KORE}
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("new", "new")
    assert bench.waits() == []


def test_another_form_that_meets_a_fault_leaves_the_refusal_in_the_list(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(due="2027-01-01T00:00:00.000Z")
    bench.v2.forms, bench.v2.taken_form = 3, 1
    bench.v2.fail("update", Refused("v2", "Not so.", status=400))
    bench.v2.fail("update", GONE)
    bench.kore.edit(kore_id, due=None)
    bench.sync()
    assert bench.desk.faults.keys() == {Side.V2}
    assert [(one.kind, one.field) for one in bench.waits()] == [(WaitKind.FAILED, Field.DUE)]
    assert bench.v2.value(v2_id, Field.DUE) is not None


def test_a_task_without_a_case_is_in_no_closed_one(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.records[kore_id] = replace(bench.kore.records[kore_id], case=None)
    lone = bench.kore.add("Lone")
    bench.kore.records[lone] = replace(bench.kore.records[lone], case=None)
    bench.sync()
    bench.kore.refuses = lambda request: True
    bench.v2.edit(bench.across(Side.KORE, lone), title="New")
    bench.sync()
    assert [one.kind for one in bench.waits()] == [WaitKind.FAILED]
    assert v2_id in bench.v2.records


def test_a_failure_of_a_value_whose_id_is_known_waits_for_no_word(bench: Bench) -> None:
    _, v2_id = bench.pair()
    bench.kore.refuses = lambda request: True
    bench.v2.edit(v2_id, status="in_progress", priority="high")
    bench.sync()
    assert {one.waits_for for one in bench.waits()} == {""}


def test_a_person_who_edits_while_the_origin_is_tagged_is_not_swallowed(bench: Bench) -> None:
    bench.set_rules(tags_origin=True)
    v2_id = bench.v2.add("Ladder", facts=Facts(tags=(), contact=CONTACT))

    def meanwhile(request: object) -> None:
        bench.v2.on_send = None
        bench.v2.edit(v2_id, title="Edited at once")

    bench.v2.on_send = meanwhile
    bench.settle()
    assert bench.kore.value(bench.across(Side.V2, v2_id), Field.TITLE) == "Edited at once"


def test_a_create_without_an_answer_is_found_behind_newer_rows(bench: Bench) -> None:
    bench.v2.create_answer, bench.v2.search_finds, bench.v2.page_size = "nothing", False, 2
    kore_id = bench.kore.add("Boiler")
    send = bench.v2.send

    def busy(request: object) -> object:
        answer = send(request)  # type: ignore[arg-type]
        for number in range(5):
            bench.v2.add(f"Newer {number}", status="completed")
        return answer

    bench.v2.send = busy  # type: ignore[method-assign,assignment]
    bench.sync()
    assert bench.is_linked(Side.KORE, kore_id)


def test_odd_rows_and_rows_of_other_names_do_not_stop_the_search_for_a_create(
    bench: Bench,
) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION, Field.DUE})
    bench.kore.create_answer = "nothing"
    bench.sync()
    v2_id = bench.v2.add("Ladder", "text")
    send = bench.kore.send

    def busy(request: object) -> object:
        bench.kore.send = send  # type: ignore[method-assign]
        answer = send(request)  # type: ignore[arg-type]
        bench.kore.unreadable.add(bench.kore.add("Odd"))
        bench.kore.add("Of another name")
        bench.kore.add("Ladder", "of a person")
        return answer

    bench.kore.send = busy  # type: ignore[method-assign,assignment]
    bench.sync()
    assert bench.across(Side.V2, v2_id) == "k0001"


def test_where_nothing_may_be_probed_a_create_without_a_trace_is_parked(bench: Bench) -> None:
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.kore.hides = frozenset({Field.DESCRIPTION, Field.DUE})
    bench.kore.create_answer = "nothing"
    bench.sync()
    v2_id = bench.v2.add("Ladder", "text")
    bench.sync()
    bench.settle()
    assert bench.known(Side.V2, v2_id).standing is Standing.UNCERTAIN
    assert len(bench.kore.records) == len(bench.v2.records) == 1


def test_a_quoted_marker_of_another_title_does_not_keep_its_origin_from_a_counterpart(
    bench: Bench,
) -> None:
    bench.sync()
    quote = bench.v2.add("A quote", "see [task-bridge kore:TS2 k0002]")
    bench.settle()
    assert bench.across(Side.V2, quote) == "k0001"
    later = bench.kore.add("Boiler")
    bench.settle()
    assert later == "k0002"
    assert bench.across(Side.KORE, later) != quote


def test_a_task_that_got_a_counterpart_meanwhile_is_not_created_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.sync()
    kore_id = bench.kore.add("Boiler")
    bench.court.excuse("(creating)", "a link made by hand, with nothing but an id")

    def add_link(_reference: str) -> None:
        with bench.store.begin() as unit:
            unit.add_link(Link(state=LinkState.CREATING, kore_id=kore_id, v2_id=None))

    monkeypatch.setattr(bench.kore, "find_case", add_link)
    bench.sync()
    assert {one.outcome for one in bench.reports} == {Result.DROPPED}
    assert bench.v2.records == {}


def test_a_side_that_never_shows_its_date_has_no_skew(bench: Bench) -> None:
    page = bench.v2.page

    def dateless(*args: object, **given: object) -> object:
        return replace(page(*args, **given), service_date=None)  # type: ignore[arg-type]

    bench.v2.page = dateless  # type: ignore[method-assign,assignment]
    bench.pair()
    with bench.store.begin() as unit:
        assert unit.side_state(Side.V2).skew_seconds is None


def test_a_kore_task_without_change_times_is_seen_whole_once(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    kore_id = bench.kore.add("Boiler", "text")
    bench.kore.records[kore_id] = replace(bench.kore.records[kore_id], changed_at=None)
    bench.settle()
    bench.sync()
    assert bench.kore.calls.count("probe") == 1
    assert bench.v2.value(bench.across(Side.KORE, kore_id), Field.DESCRIPTION) == "text"


def test_a_lost_sort_in_the_middle_of_a_cycle_is_answered_by_a_sweep(bench: Bench) -> None:
    bench.pair()
    bench.kore.takes_sort = False
    bench.kore.edit("k0001", title="New")
    bench.sync(sweeps=False)
    assert bench.v2.value("v0001", Field.TITLE) == "New"
    with bench.store.begin() as unit:
        assert unit.side_state(Side.KORE).is_sorted is False
