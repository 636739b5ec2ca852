"""Counterparts: created once, in the right place, found again by their markers."""

from dataclasses import replace

import pytest

from bridge.domain.exchange import Answer
from bridge.domain.marker import find_marker
from bridge.domain.operation import OperationKind, WaitKind, WriteRequest
from bridge.domain.operation import Outcome as Result
from bridge.domain.policy import Direction, Route, Scope, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Case, Contact, Facts, Standing
from bridge.errors import KeyRefused, NotYet, Refused, ServiceError, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import APP, CONTACT

both_sides = pytest.mark.parametrize("side", list(Side))
LOST = "no answer"


def lost(side: Side) -> ServiceError:
    return Unreachable(str(side), LOST, is_outcome_unknown=True)


def end_first_contact(bench: Bench) -> None:
    bench.sync()
    bench.forget_calls()


# --- the create itself ---------------------------------------------------------------------------


@both_sides
@pytest.mark.parametrize("answer", ["task", "id", "nothing"])
def test_a_counterpart_is_created_once_whatever_the_answer_tells(
    bench: Bench, side: Side, answer: str
) -> None:
    target, origin = bench.service(side), bench.service(side.other)
    target.create_answer = answer
    status = "In Progress" if side is Side.V2 else "in_progress"
    mine = origin.add("Boiler", "It leaks.", status=status, due="2027-01-01T00:00:00.000Z")
    bench.settle()
    other = bench.across(side.other, mine)
    assert target.value(other, Field.TITLE) == "Boiler"
    assert target.value(other, Field.DESCRIPTION) == "It leaks."
    assert target.value(other, Field.STATUS) in ("In Progress", "in_progress")
    assert target.value(other, Field.DUE) == "2027-01-01T00:00:00.000Z"
    marker = find_marker(target.records[other].text)
    assert marker is not None
    assert (marker.side, marker.task_id) == (side.other, mine)
    assert len(target.records) == 1
    assert bench.waits() == []
    bench.sync()
    assert bench.reports == []


@both_sides
def test_what_completes_a_create_is_counted_with_it(bench: Bench, side: Side) -> None:
    status = "In Progress" if side is Side.V2 else "in_progress"
    bench.service(side.other).add("Boiler", status=status)
    outcome = bench.sync()
    assert outcome.summary["created"][str(side)] == 1
    assert outcome.summary["updated"] == {"kore": 0, "v2": 0}
    with bench.store.begin() as unit:
        steps = unit.operations_of(outcome.summary["run_id"])
    assert [one.parent_id is not None for one in steps] == [False, True]


def test_what_a_template_fills_in_flows_to_the_origin(bench: Bench) -> None:
    from bridge.domain.values import person_value
    from bridge.domain.vocabulary import Word, WordKind

    bench.v2.words.append(Word(Side.V2, WordKind.PERSON, "robin", "Robin"))
    bench.kore.new_values = {Field.ASSIGNEE: person_value("a-robin", "Robin")}
    v2_id = bench.v2.add("Ladder")
    bench.settle()
    assert bench.v2.value(v2_id, Field.ASSIGNEE) == "Robin"
    assert bench.kore.value(bench.across(Side.V2, v2_id), Field.ASSIGNEE) == "Robin"


def test_a_long_description_is_cut_at_the_create_and_follows_whole(bench: Bench) -> None:
    text = "lorem ipsum " * 400
    kore_id = bench.kore.add("Boiler", text)
    bench.settle()
    record = bench.v2.records[bench.across(Side.KORE, kore_id)]
    assert (bench.v2.value(record.id, Field.DESCRIPTION) or "").strip() == text.strip()
    assert find_marker(record.text) is not None


@both_sides
def test_a_create_that_answers_nothing_is_found_although_the_search_withholds_it(
    bench: Bench, side: Side
) -> None:
    target = bench.service(side)
    target.create_answer, target.search_finds = "nothing", False
    mine = bench.service(side.other).add("Boiler")
    bench.settle()
    assert bench.is_linked(side.other, mine)
    assert len(target.records) == 1


def test_a_create_that_answers_nothing_is_found_by_search_where_the_list_is_late(
    bench: Bench,
) -> None:
    bench.v2.create_answer, bench.v2.sorts = "nothing", False
    bench.v2.page_size = 2
    for number in range(6):
        bench.v2.add(f"Known {number}", text="[task-bridge kore:TS9 k0009]")
    mine = bench.kore.add("Boiler")
    bench.backfill(sides=(Side.KORE,))
    assert bench.is_linked(Side.KORE, mine)


def test_a_create_of_kore_that_answers_nothing_is_found_by_probing_rows_of_its_name(
    bench: Bench,
) -> None:
    bench.kore.create_answer = "nothing"
    bench.kore.hides = frozenset({Field.DESCRIPTION, Field.DUE})
    v2_id = bench.v2.add("Ladder", "text")
    bench.settle()
    assert len(bench.kore.records) == 1
    assert bench.is_linked(Side.V2, v2_id)


def test_a_success_without_a_trace_is_parked_and_never_sent_again(bench: Bench) -> None:
    bench.v2.create_answer = "nothing"
    hidden: dict[str, object] = {}
    kore_id = bench.kore.add("Boiler")
    page, search = bench.v2.page, bench.v2.search
    bench.v2.on_send = lambda request: hidden.update(all=True)

    def page_without(*args: object, **given: object) -> object:
        found = page(*args, **given)  # type: ignore[arg-type]
        return replace(found, rows=(), length=0) if hidden else found

    bench.v2.page = page_without  # type: ignore[method-assign,assignment]
    bench.v2.search = lambda title: ()  # type: ignore[method-assign]
    outcome = bench.sync()
    assert outcome.summary["uncertain"] == {"kore": 0, "v2": 1}
    assert bench.waits() == []
    for _ in range(4):
        outcome = bench.sync()
    assert outcome.summary["uncertain"] == {"kore": 0, "v2": 1}
    (wait,) = bench.waits()
    assert (wait.kind, wait.operation) == (WaitKind.FAILED, OperationKind.CREATE)
    assert len(bench.v2.records) == 1
    hidden.clear()
    bench.v2.page, bench.v2.search = page, search  # type: ignore[method-assign]
    bench.v2.on_send = None
    bench.sync()
    assert bench.is_linked(Side.KORE, kore_id)
    assert bench.across(Side.KORE, kore_id) == "v0001"
    assert bench.waits() == []


@both_sides
@pytest.mark.parametrize("hides", [False, True])
def test_a_create_whose_answer_is_lost_is_open_and_completed_when_its_bearer_shows(
    bench: Bench, side: Side, hides: bool
) -> None:
    if hides:
        bench.kore.hides = frozenset({Field.DESCRIPTION, Field.DUE})
    target = bench.service(side)
    mine = bench.service(side.other).add("Boiler", "It leaks.")
    bench.set_rules(poll_seconds=30.0)
    target.fail("create", lost(side), applied=True)
    outcome = bench.sync()
    assert outcome.summary["failures"] == 0
    assert outcome.summary["uncertain"] == {side: 1, side.other: 0}
    assert [one.outcome for one in bench.reports if one.operation.kind == "create"] == [
        Result.UNCERTAIN
    ]
    assert bench.known(side.other, mine).standing is Standing.UNCERTAIN
    bench.settle()
    assert len(target.records) == 1
    assert bench.across(side.other, mine) in target.records
    assert bench.waits() == []
    assert len(bench.links()) == 1


@both_sides
def test_a_create_that_was_never_applied_is_sent_again_after_the_settle_time_and_not_before(
    bench: Bench, side: Side
) -> None:
    target = bench.service(side)
    mine = bench.service(side.other).add("Boiler")
    bench.set_rules(timeout_seconds={side: 30.0}, settle_seconds=60.0)
    target.fail("create", lost(side))
    bench.sync()
    for _ in range(2):
        bench.sync(is_full=True)
        assert target.records == {}
        assert bench.known(side.other, mine).standing is Standing.UNCERTAIN
    bench.sync()
    bench.sync()
    assert len(target.records) == 1
    assert bench.is_linked(side.other, mine)
    assert bench.waits() == []
    assert "uncertain" not in bench.sync().summary


@both_sides
def test_what_is_applied_late_is_found_and_not_made_a_second_time(bench: Bench, side: Side) -> None:
    target = bench.service(side)
    mine = bench.service(side.other).add("Boiler", "It leaks.")
    late: list[WriteRequest] = []
    target.on_send = late.append
    target.fail("create", lost(side))
    bench.sync()
    target.on_send = None
    bench.sync()
    target.send(late[0])
    bench.settle()
    assert len(target.records) == 1
    assert bench.is_linked(side.other, mine)


@both_sides
def test_what_is_applied_after_the_settle_time_is_a_duplicate_that_is_never_carried_from(
    bench: Bench, side: Side
) -> None:
    target, other = bench.service(side), bench.service(side.other)
    mine = other.add("Boiler", "It leaks.")
    late: list[WriteRequest] = []
    target.on_send = late.append
    target.fail("create", lost(side))
    bench.sync()
    target.on_send = None
    for _ in range(4):
        bench.sync()
    first = bench.across(side.other, mine)
    target.send(late[0])
    bench.settle()
    surplus = next(one for one in target.records if one != first)
    assert bench.across(side.other, mine) == first
    assert bench.known(side, surplus).standing is Standing.DUPLICATE
    target.edit(surplus, title="Of the surplus one")
    bench.settle()
    assert len(other.records) == 1
    assert other.value(mine, Field.TITLE) == "Boiler"


def test_a_task_of_its_name_that_cannot_be_seen_whole_parks_an_open_create_with_its_id(
    bench: Bench,
) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.set_policy(unobserved=Unobserved.HOLD)
    end_first_contact(bench)
    v2_id = bench.v2.add("Ladder", "text")
    bench.kore.fail("create", lost(Side.KORE), applied=True)
    for _ in range(5):
        bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.operation, wait.candidates) == (OperationKind.CREATE, ("k0001",))
    assert len(bench.kore.records) == 1
    bench.kore.hides = frozenset()
    bench.sync(is_full=True)
    assert bench.across(Side.V2, v2_id) == "k0001"
    assert bench.waits() == []


@pytest.mark.parametrize("direction", [Direction.BOTH, Direction.V2_TO_KORE])
@pytest.mark.parametrize("unobserved", list(Unobserved))
def test_nothing_is_created_from_what_may_be_the_result_of_an_open_create(
    bench: Bench, direction: Direction, unobserved: Unobserved
) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION, Field.DUE})
    bench.set_policy(direction=direction, unobserved=unobserved)
    end_first_contact(bench)
    v2_id = bench.v2.add("Ladder", "text")
    bench.kore.fail("create", lost(Side.KORE), applied=True)
    bench.sync()
    bench.settle()
    assert len(bench.v2.records) == 1
    if unobserved is Unobserved.PROBE:
        assert bench.is_linked(Side.KORE, "k0001")
        assert bench.across(Side.V2, v2_id) == "k0001"
    else:
        assert bench.known(Side.KORE, "k0001").standing is Standing.HELD
        assert "outcome is open" in bench.known(Side.KORE, "k0001").why


@both_sides
def test_a_create_that_has_to_wait_is_taken_back_and_made_later(bench: Bench, side: Side) -> None:
    target = bench.service(side)
    mine = bench.service(side.other).add("Boiler")
    target.fail("create", NotYet(str(side), "Too many requests.", seconds=60))
    bench.sync()
    assert bench.links() == []
    bench.clock.pass_time(60)
    bench.settle()
    assert bench.is_linked(side.other, mine)
    assert bench.waits() == []


@both_sides
def test_a_side_that_refuses_the_key_is_left_alone_for_five_minutes(
    bench: Bench, side: Side
) -> None:
    target = bench.service(side)
    mine = bench.service(side.other).add("Boiler")
    refused = KeyRefused(str(side), "The key is refused.", status=401)
    target.fail("create", refused)
    target.fail("page:ask", refused)
    bench.sync()
    assert bench.desk.faults.keys() == {side}
    assert bench.waits() == []
    target.forget_calls()
    bench.clock.pass_time(200)
    bench.sync()
    assert target.calls == []
    bench.clock.pass_time(100)
    bench.settle()
    assert bench.is_linked(side.other, mine)


def test_a_limit_of_workers_sends_every_create_once(bench: Bench) -> None:
    bench.set_rules(workers=4)
    for number in range(20):
        bench.kore.add(f"Task {number}")
    bench.sync()
    assert len(bench.v2.records) == len(bench.links()) == 20


# --- where to ------------------------------------------------------------------------------------


def test_a_v2_task_without_a_route_is_unroutable_until_the_routes_change(bench: Bench) -> None:
    bench.set_rules(routes=(Route(case="ci-1", task_template="tt", tag="repairs"),))
    v2_id = bench.v2.add("Ladder")
    outcome = bench.sync()
    assert outcome.summary["unroutable"] == 1
    assert bench.known(Side.V2, v2_id).standing is Standing.UNROUTABLE
    bench.sync()
    assert bench.reports == []
    bench.set_rules(routes=(Route(case="ci-1", task_template="tt"),))
    bench.sync()
    assert bench.is_linked(Side.V2, v2_id)


def test_a_v2_task_becomes_routable_by_what_people_change_in_it(bench: Bench) -> None:
    bench.set_rules(routes=(Route(case="ci-1", task_template="tt", tag="repairs"),))
    v2_id = bench.v2.add("Ladder")
    bench.sync()
    bench.v2.edit(v2_id, facts=Facts(tags=("repairs",), contact=CONTACT))
    bench.sync()
    assert bench.is_linked(Side.V2, v2_id)


@pytest.mark.parametrize("look", ["sweep", "backfill"])
def test_a_route_to_a_closed_case_waits_until_it_is_open_again_and_looked_at(
    bench: Bench, look: str
) -> None:
    bench.kore.add_case(is_closed=True)
    v2_id = bench.v2.add("Ladder")
    bench.sync()
    assert bench.known(Side.V2, v2_id).standing is Standing.UNROUTABLE
    assert bench.kore.records == {}
    bench.kore.add_case(is_closed=False)
    bench.sync()
    if look == "sweep":
        bench.sync(is_full=True)
    else:
        bench.backfill()
    assert bench.is_linked(Side.V2, v2_id)


def test_a_case_that_closes_between_look_and_create_makes_the_task_unroutable(
    bench: Bench,
) -> None:
    v2_id = bench.v2.add("Ladder")

    def close(request: object) -> None:
        bench.kore.add_case(is_closed=True)

    bench.kore.on_send = close
    bench.sync()
    assert bench.known(Side.V2, v2_id).standing is Standing.UNROUTABLE
    assert bench.waits() == []
    assert bench.links() == []


def test_a_route_to_a_case_that_is_not_there_is_unroutable(bench: Bench) -> None:
    bench.set_rules(routes=(Route(case="ci-9", task_template="tt"),))
    v2_id = bench.v2.add("Ladder")
    bench.sync()
    assert "shows no case ci-9" in bench.known(Side.V2, v2_id).why


def test_without_a_contact_and_a_requester_a_v2_task_is_unroutable(bench: Bench) -> None:
    bench.set_rules(requester=None)
    v2_id = bench.v2.add("Ladder", facts=Facts(tags=(), contact=Contact(name="No way to reach")))
    bench.sync()
    assert "kore.requester is not set" in bench.known(Side.V2, v2_id).why


def test_a_kore_task_without_a_contact_takes_that_of_its_case(bench: Bench) -> None:
    kore_id = bench.kore.add("Boiler", facts=Facts(tags=(), queues=()))
    bench.sync()
    assert bench.is_linked(Side.KORE, kore_id)


def test_a_kore_task_whose_case_is_not_shown_is_created_across_all_the_same(bench: Bench) -> None:
    kore_id = bench.kore.add("Boiler", case=Case(id="ci-7", ref="CS7"))
    lone = bench.kore.add("No case", case=None)
    bench.kore.records[lone] = replace(bench.kore.records[lone], case=None)
    bench.sync()
    assert bench.is_linked(Side.KORE, kore_id)
    assert bench.is_linked(Side.KORE, lone)


def test_a_case_that_cannot_be_looked_up_now_leaves_the_create_due(bench: Bench) -> None:
    kore_id = bench.kore.add("Boiler")
    bench.kore.fail("find_case", Unreachable("kore", "gone"))
    bench.sync()
    assert not bench.is_linked(Side.KORE, kore_id)
    bench.sync()
    assert bench.is_linked(Side.KORE, kore_id)


def test_a_finished_task_is_not_created_and_one_out_of_scope_neither(bench: Bench) -> None:
    done = bench.kore.add("Done", status="Closed")
    bench.sync()
    assert bench.known(Side.KORE, done).standing is Standing.FINISHED
    bench.set_rules(scope=Scope(created_since=bench.clock.at))
    old = bench.kore.add("Old", created_at=bench.clock.at.replace(year=2020))
    bench.sync()
    assert bench.known(Side.KORE, old).standing is Standing.OUT_OF_SCOPE


def test_a_scope_field_that_the_row_hides_is_taken_from_the_probe(bench: Bench) -> None:
    bench.kore.hides, bench.kore.hides_facts = frozenset({Field.DESCRIPTION}), True
    bench.set_rules(scope=Scope(kore_queues=("First line",)))
    inside = bench.kore.add("In", facts=Facts(queues=("First line",)))
    out = bench.kore.add("Out", facts=Facts(queues=("Other",)))
    bench.sync()
    assert bench.is_linked(Side.KORE, inside)
    assert bench.known(Side.KORE, out).standing is Standing.OUT_OF_SCOPE


def test_a_scope_field_that_nothing_shows_makes_the_task_wait(bench: Bench) -> None:
    bench.kore.hides, bench.kore.hides_facts = frozenset({Field.DESCRIPTION}), True
    bench.set_rules(scope=Scope(kore_queues=("First line",)))
    bench.set_policy(unobserved=Unobserved.HOLD)
    kore_id = bench.kore.add("Which queue?", facts=Facts(queues=("First line",)))
    bench.sync()
    assert bench.known(Side.KORE, kore_id).standing is Standing.HELD


# --- markers -------------------------------------------------------------------------------------


def lose_the_database(bench: Bench) -> None:
    """The bridge starts anew beside what it once created."""
    bench.begin_anew()


@both_sides
def test_after_the_database_is_lost_a_backfill_links_by_markers_and_creates_nothing(
    bench: Bench, side: Side
) -> None:
    ids = [bench.service(side).add(f"Task {number}") for number in range(5)]
    bench.settle()
    lose_the_database(bench)
    outcome = bench.backfill()
    assert outcome.summary["linked"] == 5
    assert len(bench.kore.records) == len(bench.v2.records) == 5
    assert all(bench.is_linked(side, one) for one in ids)
    bench.settle()
    assert bench.waits() == []


def test_sparse_rows_are_probed_before_anything_is_created_after_the_database_is_lost(
    bench: Bench,
) -> None:
    for number in range(5):
        bench.v2.add(f"Task {number}", "text")
    bench.settle()
    bench.kore.hides = frozenset({Field.DESCRIPTION, Field.DUE})
    lose_the_database(bench)
    bench.backfill()
    assert len(bench.kore.records) == len(bench.v2.records) == 5
    assert len(bench.links()) == 5


@both_sides
def test_a_bearer_that_comes_before_its_origin_is_linked_to_it_and_nothing_is_created(
    bench: Bench, side: Side
) -> None:
    mine = bench.service(side).add("Boiler")
    bench.settle()
    lose_the_database(bench)
    record = bench.service(side).records.pop(mine)
    end_first_contact(bench)
    other = next(iter(bench.service(side.other).records))
    assert bench.known(side.other, other).standing is Standing.ORPHAN
    bench.service(side).records[mine] = record
    bench.sync(is_full=True)
    assert bench.across(side, mine) == other
    assert len(bench.kore.records) == len(bench.v2.records) == 1


@both_sides
def test_a_copied_marker_makes_a_duplicate_from_which_nothing_is_created(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair(origin=side)
    created = v2_id if side is Side.KORE else kore_id
    target = bench.service(side.other)
    copy = target.add("Boiler", target.records[created].text)
    bench.settle()
    assert bench.known(side.other, copy).standing is Standing.DUPLICATE
    assert len(bench.service(side).records) == 1
    target.edit(copy, text="A task of its own")
    bench.settle()
    assert bench.is_linked(side.other, copy)
    assert len(bench.service(side).records) == 2


def test_of_several_bearers_the_bridge_s_own_is_the_counterpart(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    text = bench.v2.records[v2_id].text
    older = bench.v2.add("Boiler", text, created_at=bench.clock.at.replace(year=2020))
    lose_the_database(bench)
    bench.backfill()
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert bench.known(Side.V2, older).standing is Standing.DUPLICATE


def test_a_marker_in_a_text_of_another_title_is_no_bearer(bench: Bench) -> None:
    _, v2_id = bench.pair()
    quoted = bench.v2.add("About that boiler", f"see {bench.v2.records[v2_id].text}")
    bench.settle()
    assert bench.is_linked(Side.V2, quoted)


def test_an_orphan_is_told_and_nothing_is_created_from_it(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    lose_the_database(bench)
    bench.kore.remove(kore_id)
    bench.backfill()
    assert bench.known(Side.V2, v2_id).standing is Standing.ORPHAN
    assert bench.kore.records == {}


# --- the tag of the origin -----------------------------------------------------------------------


def test_with_the_backlink_the_origin_is_tagged_and_nothing_follows(bench: Bench) -> None:
    bench.set_rules(tags_origin=True)
    v2_id = bench.v2.add("Ladder", facts=Facts(tags=("roof",), contact=CONTACT))
    bench.settle()
    kore_id = bench.across(Side.V2, v2_id)
    assert bench.v2.records[v2_id].facts.tags == ("roof", f"kore:{kore_id}")
    known = bench.known(Side.V2, v2_id)
    assert known.person_changed_at != known.task.changed_at
    assert known.own_changed_at == known.task.changed_at
    for _ in range(3):
        bench.sync()
        assert bench.reports == []
    mine = bench.kore.add("Boiler")
    bench.settle()
    assert bench.v2.records[bench.across(Side.KORE, mine)].facts.tags == ()


def test_a_tag_that_a_person_added_meanwhile_stays(bench: Bench) -> None:
    bench.set_rules(tags_origin=True)
    v2_id = bench.v2.add("Ladder", facts=Facts(tags=("roof",), contact=CONTACT))

    def meanwhile(request: object) -> None:
        bench.kore.on_send = None
        bench.v2.edit(v2_id, facts=Facts(tags=("roof", "urgent"), contact=CONTACT))

    bench.kore.on_send = meanwhile
    bench.settle()
    assert set(bench.v2.records[v2_id].facts.tags or ()) >= {"roof", "urgent"}


def test_a_tag_that_is_there_is_not_written_again(bench: Bench) -> None:
    bench.set_rules(tags_origin=True)
    v2_id = bench.v2.add("Ladder", facts=Facts(tags=("kore:k0001",), contact=CONTACT))
    bench.settle()
    assert bench.across(Side.V2, v2_id) == "k0001"
    assert "update" not in bench.v2.calls


@pytest.mark.parametrize("call", ["read", "update"])
@pytest.mark.parametrize("is_down", [True, False])
def test_a_tag_that_is_not_taken_leaves_the_link_as_it_is(
    bench: Bench, call: str, is_down: bool
) -> None:
    bench.set_rules(tags_origin=True)
    v2_id = bench.v2.add("Ladder")
    error = Unreachable("v2", "gone") if is_down else Refused("v2", "No tags.", status=400)
    bench.v2.fail(call, error)
    bench.sync()
    assert bench.is_linked(Side.V2, v2_id)
    assert (Side.V2 in bench.desk.faults) is is_down


def test_the_author_of_our_own_writes_is_learnt_from_answers(bench: Bench) -> None:
    bench.v2.add("Ladder")
    bench.settle()
    assert bench.desk.vocabulary.self_ids(Side.KORE) == {APP}


def test_answers_without_an_author_tell_no_name_of_ours(bench: Bench) -> None:
    bench.kore.shows_author = False
    v2_id = bench.v2.add("Ladder")
    bench.settle()
    assert bench.desk.vocabulary.self_ids(Side.KORE) == frozenset()
    assert bench.is_linked(Side.V2, v2_id)


@pytest.mark.parametrize("answer", ["id", "nothing"])
@pytest.mark.parametrize("shows_author", [True, False])
@pytest.mark.parametrize("is_sparse", [True, False])
@pytest.mark.parametrize("origin", Side)
def test_a_title_that_people_set_right_after_the_create_gives_way_and_is_kept(
    bench: Bench, origin: Side, is_sparse: bool, shows_author: bool, answer: str
) -> None:
    source, target = bench.service(origin), bench.service(origin.other)
    if is_sparse and origin is Side.V2:
        target.hides = frozenset({Field.DESCRIPTION, Field.DUE})
    target.create_answer, target.shows_author = answer, shows_author
    bench.sync()
    mine = source.add("Boiler", "text")
    send = target.send

    def meanwhile(request: WriteRequest) -> Answer:
        answered = send(request)
        if request.call == "create":
            bench.clock.pass_time(0.01)
            target.edit(min(target.records), title="Of a person")
        return answered

    target.send = meanwhile  # type: ignore[method-assign]
    for _ in range(6):
        bench.sync()
    other = bench.across(origin, mine)
    titles = [source.value(mine, Field.TITLE), target.value(other, Field.TITLE)]
    assert titles == ["Boiler", "Boiler"]
    lost = [row[str(origin.other)] for row in bench.conflicts() if row["field"] is Field.TITLE]
    assert [one.text for one in lost] == ["Of a person"]
