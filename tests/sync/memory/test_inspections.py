"""The inspection behind `check`: both services asked, a finding for each thing, nothing written."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.finding import Finding, Inspection, Mark, Seen
from bridge.domain.instruction import InstructionKind
from bridge.domain.policy import Direction, Route, Unobserved
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side
from bridge.domain.task import Contact, Facts
from bridge.domain.values import status_value
from bridge.domain.vocabulary import Word, WordKind
from bridge.errors import KeyRefused, Stopped, Unreachable
from bridge.sync.inspect import Settings, inspect
from tests.sync.memory.bench import Bench, mapping
from tests.sync.memory.laws.findings import unlawful
from tests.sync.memory.services import CONTACT
from tests.sync.memory.test_pausing import instruct

both_sides = pytest.mark.parametrize("side", list(Side))
NOBODY = Facts(tags=(), contact=None)


def inspected(bench: Bench, *, token_seconds: float = 300, call_seconds: float = 2) -> Inspection:
    """An inspection, which leaves the database and both sides as they are."""
    before, writes = bench.dump(), [*bench.kore.writes, *bench.v2.writes]
    bench.desk = desk = bench.new_desk(is_dry=True)
    found = inspect(desk, Settings(token_seconds=token_seconds, call_seconds=call_seconds))
    assert bench.dump() == before
    assert [*bench.kore.writes, *bench.v2.writes] == writes
    assert [*unlawful(found)] == []
    return found


def about(found: Inspection, what: str) -> Finding:
    """The one finding about a thing."""
    (one,) = [one for one in found.findings if one.what == what]
    return one


def named(found: Inspection) -> set[str]:
    return {one.what for one in found.findings}


@pytest.fixture
def world(bench: Bench) -> Bench:
    """A task of either side, and an open case that the route names."""
    bench.kore.add_case()
    bench.kore.add("Boiler", assignee="Robin")
    bench.v2.add("Ladder", assignee="Robin", priority="high")
    return bench


# --- the services --------------------------------------------------------------------------------


def test_where_all_is_well_every_finding_says_so(world: Bench) -> None:
    found = inspected(world)
    assert found.is_fine
    assert not found.is_refused
    assert found.suggestions == ()
    for side in Side:
        assert about(found, f"{side.label} connection").mark is Mark.OK
        assert about(found, f"{side.label} clock").mark is Mark.OK
        assert "all 1 tasks" in about(found, f"{side.label} list").found
        assert about(found, f"{side.label} sort").mark is Mark.OK
        assert about(found, f"{side.label} shows description").mark is Mark.OK
    assert about(found, "people").mark is Mark.OK
    assert about(found, "route to ci-1").found == "open: Cold house"
    assert about(found, "kore.requester").mark is Mark.OK
    assert "kore.routes" not in named(found)


@both_sides
def test_a_side_that_does_not_answer_is_told_and_the_other_is_looked_at(
    world: Bench, side: Side
) -> None:
    world.service(side).fail("*", KeyRefused(str(side), "The key is refused.", status=401))
    found = inspected(world)
    assert found.is_refused
    one = about(found, f"{side.label} connection")
    assert (one.mark, one.found) == (Mark.FAIL, "The key is refused.")
    assert about(found, f"{side.other.label} connection").mark is Mark.OK
    assert f"{side.label} list" not in named(found)
    assert f"{side.other.label} list" in named(found)
    assert "people" not in named(found)
    assert ("route to ci-1" in named(found)) is (side is Side.V2)


def test_clocks_are_held_against_tokens_and_against_what_is_tolerated(world: Bench) -> None:
    world.kore.skew = world.v2.skew = timedelta(seconds=60)
    found = inspected(world, token_seconds=30)
    assert about(found, "Kore clock").mark is Mark.FAIL
    assert about(found, "v2 clock").mark is Mark.WARN
    assert about(found, "v2 clock").found.startswith("60 s ahead")
    assert about(inspected(world, token_seconds=300), "Kore clock").mark is Mark.WARN
    world.set_rules(tolerance_seconds=100.0)
    assert about(inspected(world), "Kore clock").mark is Mark.OK


@both_sides
def test_a_list_that_does_not_sort_is_told(world: Bench, side: Side) -> None:
    world.service(side).takes_sort = False
    found = inspected(world)
    assert about(found, f"{side.label} sort").mark is Mark.WARN
    assert about(found, f"{side.other.label} sort").mark is Mark.OK


@both_sides
def test_no_more_than_a_few_pages_are_read_and_it_says_how_many_tasks_there_are(
    bench: Bench, side: Side
) -> None:
    service, told = bench.service(side), iter([12])
    service.page_size = 1
    for number in range(12):
        service.add(f"Task {number}")
    service.rotten |= {*sorted(service.records)[:2]}
    service.total = lambda: next(told, None)
    found = about(inspected(bench), f"{side.label} list").found
    assert "newest 10 of 12 tasks" in found
    assert "10 pages" in found
    assert service.calls.count("page:ask") == 10
    service.page_size, service.rotten = 2, set()
    assert "all 12 tasks" in about(inspected(bench), f"{side.label} list").found


def test_a_list_that_says_that_it_ends_is_not_asked_for_more(world: Bench) -> None:
    inspected(world)
    assert world.kore.calls.count("page:ask") == 1


@both_sides
def test_a_list_that_shows_the_same_page_again_is_read_no_further(
    world: Bench, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = world.service(side)
    service.add("Another")
    service.page_size = 1
    page = service.page
    monkeypatch.setattr(service, "page", lambda order, offset, **how: page(order, 0, **how))
    assert "all 1 tasks" in about(inspected(world), f"{side.label} list").found
    assert service.calls.count("page:ask") == 2


@both_sides
def test_a_side_that_tells_no_date_is_said_to(world: Bench, side: Side) -> None:
    world.service(side).tells_date = False
    assert "no Date" in about(inspected(world), f"{side.label} clock").found


@both_sides
def test_a_row_that_moves_while_pages_are_read_is_looked_at_once(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    service.page_size = 2
    ids = [service.add(f"Task {number}") for number in range(5)]

    def edit(*_: object) -> None:
        service.on_page = None
        service.edit(ids[0])

    service.on_page = edit
    found = inspected(bench)
    assert "on 3 pages" in about(found, f"{side.label} list").found
    assert "all 4 tasks" in about(found, f"{side.label} list").found


@both_sides
def test_records_that_cannot_be_read_are_told_with_the_reason(world: Bench, side: Side) -> None:
    service = world.service(side)
    odd, rotten = service.add("Odd"), service.add("Rotten")
    service.unreadable.add(odd)
    service.rotten.add(rotten)
    told = [one for one in inspected(world).findings if one.what == f"{side.label} list"]
    assert [one.mark for one in told] == [Mark.OK, Mark.FAIL, Mark.FAIL]
    assert any(f"{odd}: its title is a number" in one.found for one in told)
    assert any("its row is odd" in one.found for one in told)


def test_a_stop_ends_it_before_the_next_page(bench: Bench) -> None:
    for number in range(6):
        bench.kore.add(f"Task {number}")
    bench.kore.page_size = 2

    def stop(*_: object) -> None:
        bench.clock.is_stopped = True

    bench.kore.on_page = stop
    with pytest.raises(Stopped):
        inspected(bench)
    assert bench.kore.calls.count("page:ask") == 1


# --- what is hidden ------------------------------------------------------------------------------


def test_what_kore_hides_is_told_with_what_seeing_it_costs(world: Bench) -> None:
    world.kore.hides = frozenset({Field.DESCRIPTION})
    found = inspected(world, call_seconds=20)
    assert "not tried" in about(found, "Kore shows description").found
    assert about(found, "Kore shows title").mark is Mark.OK
    assert "1 calls, about 20 s" in about(found, "Kore probes").found
    world.v2.hides = world.kore.hides
    assert "v2.backlink" not in named(inspected(world))
    world.v2.hides = frozenset()
    world.kore.add("Another")
    world.sync()
    world.backfill()
    assert "not tried" not in about(inspected(world), "Kore shows description").found


def test_where_kore_refuses_probes_the_marker_needs_a_tag(world: Bench) -> None:
    world.kore.hides = frozenset({Field.DESCRIPTION})
    world.kore.probes_taken = frozenset()
    world.backfill()
    with world.store.begin() as unit:
        assert unit.side_state(Side.KORE).probe_form is ProbeForm.REFUSED
    found = inspected(world)
    assert "Kore probes" not in named(found)
    assert about(found, "v2.backlink").mark is Mark.FAIL
    world.set_rules(tags_origin=True)
    assert about(inspected(world), "v2.backlink").mark is Mark.OK
    world.set_policy(unobserved=Unobserved.WRITE)
    assert "written over" in about(inspected(world), "Kore shows description").found


def test_a_field_that_is_shown_only_where_it_is_asked_for_is_told_apart(world: Bench) -> None:
    world.kore.unasked = frozenset(Field) - {Field.DUE}
    found = inspected(world)
    assert about(found, "Kore shows due").found.startswith("after asking")
    assert about(found, "Kore shows title").found == "listed"
    assert {one.name for one in found.sights if one.seen is Seen.AFTER_ASKING} == {Field.DUE}
    assert {one.side for one in found.sights} == {*Side}


def test_what_a_probe_has_shown_is_not_counted_again_before_it_changes(world: Bench) -> None:
    world.kore.hides = frozenset({Field.DESCRIPTION})
    world.backfill()
    assert "0 calls" in about(inspected(world), "Kore probes").found
    world.kore.edit("k0001", title="New words")
    assert "1 calls" in about(inspected(world), "Kore probes").found


def test_more_probes_than_go_out_unasked_are_told_unless_a_person_chose(
    world: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.inspect.MOST_UNASKED_PROBES", 1)
    world.kore.hides = frozenset({Field.DESCRIPTION})
    world.kore.add("Another")
    assert "more than 1" not in about(inspected(world), "Kore probes").found
    world.set_rules(asks_before_probing=True)
    assert "more than 1" in about(inspected(world), "Kore probes").found


# --- words ---------------------------------------------------------------------------------------


@both_sides
def test_a_word_without_a_counterpart_is_told(world: Bench, side: Side) -> None:
    odd = status_value("Waiting for Godot", "")
    world.service(side).add("Odd", status=odd)
    told = [one for one in inspected(world).findings if one.what == f"{side.label} status values"]
    assert [one.mark for one in told] == [Mark.FAIL, Mark.OK]
    assert "Waiting for Godot" in told[0].found


def test_people_of_the_same_name_are_proposed_from_records_and_from_what_services_tell(
    world: Bench,
) -> None:
    world.set_rules(mapping=mapping(matches_names=False))
    world.v2.words = [Word(Side.V2, WordKind.PERSON, "u9", "Ada Winter")]
    world.kore.add("Third", assignee="Ada Winter")
    found = inspected(world)
    proposals = {one.name: (one.kore, one.v2) for one in found.people}
    assert proposals["Ada Winter"] == ("ada winter", "u9")
    assert about(found, "people").mark is Mark.WARN
    world.set_rules(mapping=mapping(matches_names=False, people=[("ada winter", "u9")]))
    assert all(one.name != "Ada Winter" for one in inspected(world).people)


def test_words_that_earlier_runs_learnt_are_known(world: Bench) -> None:
    world.set_rules(mapping=mapping(matches_names=False))
    gone = world.kore.add("Third", assignee="Ada Winter")
    world.sync()
    world.kore.remove(gone)
    world.v2.words = [Word(Side.V2, WordKind.PERSON, "u9", "Ada Winter")]
    assert "Ada Winter" in {one.name for one in inspected(world).people}


def test_what_becomes_of_every_value_of_either_side_is_told_and_a_row_for_what_has_none(
    world: Bench,
) -> None:
    world.kore.add("Odd", status=status_value("Parked", ""))
    found = inspected(world)
    values = {(one.side, str(one.name), one.value and one.value.text) for one in found.trips}
    assert (Side.KORE, "status", "Parked") in values
    assert (Side.KORE, "assignee", "Robin") in values
    assert (Side.V2, "status", "cancelled") in values
    parked = [one for one in found.suggestions if one.values.get("kore") == "Parked"]
    assert [(one.table, one.is_open) for one in parked] == [("status", False)]


def test_people_whom_the_proposed_rows_leave_without_a_twin_are_named_beside_them(
    world: Bench,
) -> None:
    world.set_rules(mapping=mapping(matches_names=False))
    world.v2.add("Another", assignee="Nobody Else")
    found = inspected(world)
    assert Field.ASSIGNEE not in {one.name for one in found.trips}
    people = [one for one in found.suggestions if one.table == "people.table"]
    assert {(one.values["name"], one.is_open) for one in people} == {
        ("Robin", False),
        ("Nobody Else", True),
    }


def test_no_id_is_wanted_where_nothing_is_written_to_kore(world: Bench) -> None:
    world.kore.words = []
    assert "Kore status ids" in named(inspected(world))
    world.set_policy(direction=Direction.KORE_TO_V2)
    assert "Kore status ids" not in named(inspected(world))


# --- what keeps it from writing ------------------------------------------------------------------


def test_a_guard_that_stands_and_a_pause_are_told_with_the_way_out(bench: Bench) -> None:
    _, v2_id = bench.pair()
    instruct(bench, InstructionKind.PAUSE, Side.KORE)
    bench.v2.remove(v2_id)
    bench.sync()
    found = inspected(bench)
    guard = about(found, "guard")
    assert guard.mark is Mark.FAIL
    assert "v2's list is suddenly empty" in guard.found
    assert "guard confirm" in guard.next
    assert about(found, "Kore pause").mark is Mark.WARN
    assert about(found, "Kore pause").next.endswith("task-bridge resume kore")
    assert "v2 pause" not in named(found)
    bench.sync(confirms_guards=True)
    assert "guard" not in named(inspected(bench))


# --- what is created in Kore ---------------------------------------------------------------------


def test_each_route_is_told_by_whether_its_case_is_there_and_open(world: Bench) -> None:
    world.kore.add_case("ci-2", is_closed=True)
    world.set_rules(
        routes=(
            Route(case="ci-2", task_template="t", tag="two"),
            Route(case="ci-3", task_template="t", tag="three"),
            Route(case="ci-1", task_template="t"),
        )
    )
    found = inspected(world)
    marks = {case: about(found, f"route to {case}").mark for case in ("ci-1", "ci-2", "ci-3")}
    assert marks == {"ci-1": Mark.OK, "ci-2": Mark.FAIL, "ci-3": Mark.FAIL}
    assert "closed" in about(found, "route to ci-2").found
    assert "no such case" in about(found, "route to ci-3").found
    world.kore.cases["ci-1"] = replace(world.kore.cases["ci-1"], name="")
    assert about(inspected(world), "route to ci-1").found == "open"
    world.kore.fail("find_case", Unreachable("kore", "No answer."))
    assert about(inspected(world), "route to ci-2").found == "No answer."


def test_unfinished_tasks_of_v2_that_fit_no_route_are_counted(world: Bench) -> None:
    world.v2.add("Finished", status=status_value("completed"))
    odd = world.v2.add("Odd", facts=Facts(tags=("x",), contact=CONTACT))
    world.set_rules(routes=(Route(case="ci-1", task_template="t", tag="x"),))
    one = about(inspected(world), "kore.routes")
    assert one.mark is Mark.FAIL
    assert "1 of 2 unfinished v2 tasks" in one.found
    assert "REC-1" in one.found
    world.v2.remove("v0001")
    assert odd
    assert "kore.routes" not in named(inspected(world))


def test_without_a_route_and_without_a_task_that_needs_one_it_is_said_all_the_same(
    bench: Bench,
) -> None:
    bench.set_rules(routes=())
    one = about(inspected(bench), "kore.routes")
    assert (one.mark, one.found) == (Mark.WARN, "there are none")
    assert "no v2 task is created" in one.next


def test_without_a_requester_tasks_of_v2_that_name_no_contact_are_counted(world: Bench) -> None:
    world.set_rules(requester=None)
    one = about(inspected(world), "kore.requester")
    assert one.mark is Mark.WARN
    assert "not set" in one.found
    assert "kore.requester" in one.next
    world.v2.add("Nobody's", facts=NOBODY)
    world.v2.add("Unreachable", facts=Facts(tags=(), contact=Contact(name="Ada", email="")))
    one = about(inspected(world), "kore.requester")
    assert one.mark is Mark.FAIL
    assert "2 of 3 unfinished v2 tasks" in one.found


def test_where_nothing_is_created_in_kore_routes_and_requester_do_not_matter(world: Bench) -> None:
    world.set_rules(routes=(), requester=None)
    world.set_policy(direction=Direction.KORE_TO_V2)
    assert not named(inspected(world)) & {"kore.routes", "kore.requester"}


def test_where_v2_cannot_be_read_routes_are_looked_at_all_the_same(world: Bench) -> None:
    world.v2.is_down = True
    found = inspected(world)
    assert about(found, "route to ci-1").mark is Mark.OK
    assert about(found, "kore.requester").mark is Mark.OK
