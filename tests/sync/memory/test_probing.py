"""Probes: how an account is seen whole, and what becomes of it where that is refused."""

from dataclasses import replace
from threading import Thread

import pytest

from bridge.domain.operation import OperationKind, WaitKind, WriteRequest
from bridge.domain.operation import Outcome as Result
from bridge.domain.policy import Scope, Unobserved
from bridge.domain.reading import ProbeForm, SideState
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import KeyRefused, Refused, Unreachable
from bridge.sync.link import probe_of
from bridge.sync.poll import poll_side
from bridge.sync.probe import apply_probe
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_importing_links import lose_database

HIDDEN = frozenset({Field.DESCRIPTION, Field.DUE})


@pytest.fixture
def sparse(bench: Bench) -> Bench:
    """A bench whose Kore hides description and due date in its rows."""
    bench.kore.hides = HIDDEN
    return bench


def state(bench: Bench) -> SideState:
    with bench.store.begin() as unit:
        return unit.side_state(Side.KORE)


def probes(bench: Bench) -> int:
    return bench.kore.calls.count("probe")


def test_a_hidden_task_is_probed_before_its_counterpart_is_created(sparse: Bench) -> None:
    kore_id = sparse.kore.add("Boiler", "It leaks.", due="2027-01-01T00:00:00.000Z")
    sparse.sync()
    v2_id = sparse.across(Side.KORE, kore_id)
    assert sparse.v2.value(v2_id, Field.DESCRIPTION) == "It leaks."
    assert sparse.v2.value(v2_id, Field.DUE) == "2027-01-01T00:00:00.000Z"
    assert probes(sparse) == 1
    kinds = [one.operation.kind for one in sparse.reports]
    assert kinds == [OperationKind.PROBE, OperationKind.CREATE]
    sparse.forget_calls()
    sparse.sync()
    assert sparse.reports == []


def test_a_service_that_shows_whole_rows_is_never_probed(bench: Bench) -> None:
    bench.pair()
    assert probes(bench) == 0
    assert state(bench).probe_form is ProbeForm.UNTRIED


@pytest.mark.parametrize("moves", [True, False])
def test_the_first_probe_of_an_account_is_made_alone_and_what_it_moved_is_remembered(
    sparse: Bench, moves: bool
) -> None:
    sparse.kore.probe_moves = moves
    for number in range(5):
        sparse.kore.add(f"Task {number}", "text")
    sparse.sync()
    assert state(sparse).probe_form is ProbeForm.EMPTY
    assert state(sparse).probe_moves is moves
    assert len(sparse.heard.of("probe_tried")) == 1
    assert probes(sparse) == 5
    sparse.forget_calls()
    sparse.sync()
    sparse.sync()
    # An own probe that moved the time is known for our own, and not probed again.
    assert probes(sparse) == 0


def test_while_the_first_probe_is_under_way_other_writes_may_be_recorded(sparse: Bench) -> None:
    """Who records one holds the store and asks the desk for a word: neither may wait for ever."""
    free: list[bool] = []

    def try_lock() -> None:
        free.append(sparse.desk.lock.acquire(blocking=False))
        if free[-1]:
            sparse.desk.lock.release()

    def ask(request: WriteRequest) -> None:
        if request.call == "probe":
            other = Thread(target=try_lock)
            other.start()
            other.join()

    sparse.kore.on_send = ask
    sparse.kore.add("Boiler", "It leaks.")
    sparse.sync()
    assert free == [True]


def test_an_account_that_refuses_the_empty_form_is_probed_with_the_id_alone(
    sparse: Bench,
) -> None:
    sparse.kore.probes_taken = frozenset({ProbeForm.ID_ONLY})
    kore_id = sparse.kore.add("Boiler", "It leaks.")
    sparse.settle()
    assert state(sparse).probe_form is ProbeForm.ID_ONLY
    assert sparse.v2.value(sparse.across(Side.KORE, kore_id), Field.DESCRIPTION) == "It leaks."


def test_where_both_forms_are_refused_hidden_fields_are_on_hold_and_the_rest_flows(
    sparse: Bench,
) -> None:
    sparse.kore.probes_taken = frozenset()
    ids = [sparse.kore.add(f"Task {number}", "unseen") for number in range(3)]
    sparse.settle()
    assert state(sparse).probe_form is ProbeForm.REFUSED
    assert probes(sparse) <= 2 + 2  # the workers that were on their way
    assert all(sparse.is_linked(Side.KORE, one) for one in ids)
    v2_id = sparse.across(Side.KORE, ids[0])
    assert sparse.v2.value(v2_id, Field.DESCRIPTION) is None
    sparse.v2.edit(v2_id, text="From the field")
    sparse.settle()
    assert sparse.kore.value(ids[0], Field.DESCRIPTION) == "unseen"
    assert [(one.kind, one.field) for one in sparse.waits()] == [(WaitKind.HELD, Field.DESCRIPTION)]
    # The answer to another write shows the task whole: now it is a conflict, and told as one.
    sparse.v2.edit(v2_id, title="New")
    sparse.settle()
    assert sparse.values(Field.TITLE, ids[0], v2_id) == ("New", "New")
    assert "unseen" in str(sparse.conflicts())
    assert sparse.waits() == []


def linked(sparse: Bench) -> tuple[str, str]:
    kore_id = sparse.kore.add("Boiler", "old")
    sparse.settle()
    sparse.forget_calls()
    return kore_id, sparse.across(Side.KORE, kore_id)


def test_a_probe_that_is_refused_for_one_task_holds_only_what_it_hides(sparse: Bench) -> None:
    kore_id, v2_id = linked(sparse)
    sparse.kore.refuses = lambda request: request.call == "probe"
    sparse.kore.edit(kore_id, title="By an agent")
    sparse.v2.edit(v2_id, text="From the field")
    sparse.settle()
    assert sparse.v2.value(v2_id, Field.TITLE) == "By an agent"
    assert sparse.kore.value(kore_id, Field.DESCRIPTION) == "old"
    kinds = {(one.kind, one.field) for one in sparse.waits()}
    assert (WaitKind.HELD, Field.DESCRIPTION) in kinds
    assert probes(sparse) == 1
    sparse.forget_calls()
    sparse.sync(is_full=True)
    assert probes(sparse) == 0
    sparse.kore.refuses = lambda request: False
    sparse.kore.edit(kore_id, title="Once more")
    sparse.settle()
    assert sparse.kore.value(kore_id, Field.DESCRIPTION) == "From the field"
    assert sparse.waits() == []


def test_a_refused_probe_does_not_lose_what_else_waits(sparse: Bench) -> None:
    kore_id, v2_id = linked(sparse)
    sparse.v2.refuses = lambda request: "title" in request.body.get("values", {})
    sparse.kore.edit(kore_id, title="Bad")
    sparse.settle()
    assert [one.field for one in sparse.waits(WaitKind.FAILED)] == [Field.TITLE]
    sparse.kore.refuses = lambda request: request.call == "probe"
    sparse.kore.edit(kore_id, title="Bad", priority="High")
    sparse.settle()
    assert [one.field for one in sparse.waits(WaitKind.FAILED)] == [Field.TITLE]
    assert sparse.v2.value(v2_id, Field.PRIORITY) == "high"


def test_a_probe_in_a_closed_case_is_made_again_when_the_case_is_open(sparse: Bench) -> None:
    kore_id, v2_id = linked(sparse)
    sparse.kore.add_case(is_closed=True)
    sparse.kore.edit(kore_id, title="By an agent", text="By an agent too")
    sparse.settle()
    assert sparse.v2.value(v2_id, Field.TITLE) == "By an agent"
    assert {one.kind for one in sparse.waits()} == {WaitKind.CASE_CLOSED}
    sparse.kore.add_case(is_closed=False)
    sparse.sync(is_full=True)
    sparse.settle()
    assert sparse.v2.value(v2_id, Field.DESCRIPTION) == "By an agent too"
    assert sparse.waits() == []


def test_a_first_probe_in_a_closed_case_does_not_say_that_the_account_refuses_them(
    sparse: Bench,
) -> None:
    sparse.kore.add_case(is_closed=True)
    kore_id = sparse.kore.add("In a closed case", "text")
    sparse.sync()
    assert state(sparse).probe_form is ProbeForm.UNTRIED
    assert sparse.known(Side.KORE, kore_id).standing is Standing.HELD
    sparse.kore.add_case(is_closed=False)
    sparse.sync(is_full=True)
    assert sparse.is_linked(Side.KORE, kore_id)


@pytest.mark.parametrize("refused", [1, 9])
def test_a_first_refused_probe_says_nothing_while_it_cannot_be_told_whether_its_case_is_closed(
    sparse: Bench, refused: int
) -> None:
    sparse.kore.add_case(is_closed=refused > 1)
    kore_id = sparse.kore.add("Boiler", "text")
    sparse.kore.fail("probe", Refused("kore", "Not now.", status=400), times=refused)
    sparse.kore.fail("find_case", Unreachable("kore", "500"))
    sparse.sync()
    assert state(sparse).probe_form is ProbeForm.UNTRIED
    assert sparse.known(Side.KORE, kore_id).standing is Standing.HELD
    assert [wait.kind for wait in sparse.waits()] == [WaitKind.HELD]
    sparse.kore.faults.clear()
    sparse.kore.add_case()
    sparse.sync(sweeps=False)
    assert state(sparse).probe_form is ProbeForm.EMPTY
    assert sparse.v2.value(sparse.across(Side.KORE, kore_id), Field.DESCRIPTION) == "text"
    assert sparse.waits() == []


def test_a_probe_whose_case_cannot_be_looked_up_is_tried_again_in_the_next_cycle(
    sparse: Bench,
) -> None:
    kore_id, v2_id = linked(sparse)
    sparse.kore.add_case(is_closed=True)
    sparse.kore.edit(kore_id, text="By an agent")
    sparse.kore.fail("find_case", Unreachable("kore", "500"))
    sparse.sync(sweeps=False)
    assert {wait.kind for wait in sparse.waits()} == {WaitKind.HELD}
    sparse.sync(sweeps=False)
    assert {wait.kind for wait in sparse.waits()} == {WaitKind.CASE_CLOSED}
    sparse.kore.add_case()
    sparse.sync(is_full=True)
    assert sparse.v2.value(v2_id, Field.DESCRIPTION) == "By an agent"
    assert sparse.waits() == []


def test_an_account_that_may_look_up_no_case_is_known_to_refuse_probes_all_the_same(
    sparse: Bench,
) -> None:
    sparse.kore.probes_taken = frozenset()
    sparse.kore.add("Boiler", "text")
    sparse.kore.fail("find_case", KeyRefused("kore", "Not yours.", status=403), times=9)
    sparse.sync()
    assert state(sparse).probe_form is ProbeForm.REFUSED


def test_an_unlinked_task_whose_probe_is_refused_waits_and_the_others_flow(
    sparse: Bench,
) -> None:
    linked(sparse)
    bad, good = sparse.kore.add("Bad", "text"), sparse.kore.add("Good", "text")
    sparse.kore.refuses = lambda request: request.task_id == bad
    sparse.settle()
    assert sparse.is_linked(Side.KORE, good)
    assert sparse.known(Side.KORE, bad).standing is Standing.HELD
    assert "refuses the probe" in sparse.known(Side.KORE, bad).why
    sparse.kore.refuses = lambda request: False
    sparse.kore.edit(bad, text="better")
    sparse.settle()
    assert sparse.is_linked(Side.KORE, bad)


def test_a_probe_that_shows_nothing_holds_the_task(sparse: Bench) -> None:
    linked(sparse)
    sparse.kore.update_answer = "nothing"
    kore_id = sparse.kore.add("Boiler", "text")
    sparse.settle()
    assert "does not show the task" in sparse.known(Side.KORE, kore_id).why


def test_a_fault_of_a_probe_ends_the_side_and_the_probe_is_made_later(sparse: Bench) -> None:
    kore_id = sparse.kore.add("Boiler", "text")
    sparse.kore.fail("probe", Unreachable("kore", "gone"))
    sparse.sync()
    assert sparse.desk.faults.keys() == {Side.KORE}
    assert [one.outcome for one in sparse.reports] == [Result.FAILED]
    sparse.settle()
    assert sparse.is_linked(Side.KORE, kore_id)


def test_a_fault_at_one_probe_alone_holds_its_task_until_the_next_cycle(sparse: Bench) -> None:
    known, kore_id = sparse.pair("Ladder", text="short"), sparse.kore.add("Boiler", "text")
    sparse.kore.edit(known[0], text="longer")
    fault = Unreachable("kore", "500", is_outcome_unknown=True)
    sparse.kore.fail("probe", fault, times=2)
    sparse.sync()
    assert not sparse.is_linked(Side.KORE, kore_id)
    assert {wait.kind for wait in sparse.waits()} == {WaitKind.HELD}
    sparse.settle()
    assert sparse.v2.value(sparse.across(Side.KORE, kore_id), Field.DESCRIPTION) == "text"
    assert sparse.v2.value(known[1], Field.DESCRIPTION) == "longer"
    assert sparse.waits() == []


def test_probes_that_wait_behind_a_fault_are_dropped_and_made_later(sparse: Bench) -> None:
    sparse.set_rules(workers=1)
    ids = [sparse.kore.add(f"Task {number}", "text") for number in range(3)]
    sparse.kore.fail("probe", Unreachable("kore", "gone"))
    sparse.sync()
    assert probes(sparse) == 1
    sparse.settle()
    assert all(sparse.is_linked(Side.KORE, one) for one in ids)


def test_a_namesake_that_hides_its_text_is_probed_before_a_create_in_kore(sparse: Bench) -> None:
    sparse.sync()
    sparse.set_rules(routes=sparse.rules.routes)
    lone = sparse.kore.add("Ladder", "no marker", status="Closed")
    sparse.sync()
    sparse.forget_calls()
    v2_id = sparse.v2.add("Ladder")
    sparse.settle()
    assert probes(sparse) == 1
    assert sparse.across(Side.V2, v2_id) != lone


@pytest.mark.parametrize("standing", [Standing.FINISHED, Standing.OUT_OF_SCOPE, Standing.LEFT])
@pytest.mark.parametrize("is_full", [True, False])
def test_a_namesake_that_gets_no_counterpart_is_not_on_hold_where_its_probe_is_refused(
    sparse: Bench, standing: Standing, is_full: bool
) -> None:
    status = "Closed" if standing is Standing.FINISHED else "Open"
    linked(sparse)
    sparse.kore.refuses = lambda request: request.call == "probe"
    lone = sparse.kore.add("Ladder", "no marker", status=status)
    if standing is Standing.OUT_OF_SCOPE:
        sparse.set_rules(scope=Scope(created_since=sparse.clock.now()))
    if standing is Standing.LEFT:
        sparse.backfill(skips=True)
    sparse.sync()
    assert sparse.known(Side.KORE, lone).standing is standing
    v2_id = sparse.v2.add("Ladder")
    sparse.forget_calls()
    sparse.sync(is_full=is_full)
    assert probes(sparse) == 1
    assert sparse.known(Side.KORE, lone).standing is standing
    assert sparse.known(Side.V2, v2_id).standing is Standing.HELD
    assert "Kore refuses the probe" in sparse.known(Side.V2, v2_id).why
    sparse.sync(is_full=True)
    assert sparse.known(Side.KORE, lone).standing is standing
    assert sparse.known(Side.V2, v2_id).standing is Standing.HELD
    sparse.kore.refuses = lambda request: False
    sparse.sync(is_full=True)
    assert sparse.is_linked(Side.V2, v2_id)


def test_a_finished_task_that_cannot_be_seen_is_finished_unless_finished_ones_are_asked_for(
    sparse: Bench,
) -> None:
    linked(sparse)
    lone = sparse.kore.add("Ladder", "text", status="Closed")
    sparse.kore.refuses = lambda request: request.call == "probe"
    outcome = sparse.backfill()
    assert (outcome.held, sparse.known(Side.KORE, lone).standing) == (0, Standing.FINISHED)
    outcome = sparse.backfill(includes_finished=True)
    assert (outcome.held, sparse.known(Side.KORE, lone).standing) == (1, Standing.HELD)
    outcome = sparse.sync(is_full=True)
    assert (outcome.held, sparse.known(Side.KORE, lone).standing) == (0, Standing.FINISHED)


def test_a_v2_task_without_a_title_needs_no_probe_of_others(sparse: Bench) -> None:
    sparse.sync()
    v2_id = sparse.v2.add(None)
    sparse.settle()
    assert sparse.kore.value(sparse.across(Side.V2, v2_id), Field.TITLE) == "REC-1"
    assert sparse.v2.value(v2_id, Field.TITLE) is None


@pytest.mark.parametrize("unobserved", [Unobserved.HOLD, Unobserved.WRITE])
def test_nothing_is_probed_where_the_configuration_says_so(
    sparse: Bench, unobserved: Unobserved
) -> None:
    sparse.set_policy(unobserved=unobserved)
    kore_id = sparse.kore.add("Boiler", "text")
    sparse.settle()
    assert probes(sparse) == 0
    assert sparse.is_linked(Side.KORE, kore_id)


def test_a_refusal_that_is_not_about_the_form_does_not_decide_it(sparse: Bench) -> None:
    kore_id = sparse.kore.add("Boiler", "text")
    sparse.kore.fail("probe", Refused("kore", "Not now.", status=400))
    sparse.settle()
    assert state(sparse).probe_form is ProbeForm.ID_ONLY
    assert sparse.is_linked(Side.KORE, kore_id)


LOST = Unreachable("kore", "500", is_outcome_unknown=True)


def test_a_backfill_tries_a_probe_again_since_later_cycles_do_not_know_what_it_was_asked_for(
    sparse: Bench,
) -> None:
    kore_id = sparse.kore.add("Boiler", "text", status="Closed")
    sparse.kore.fail("probe", LOST)
    sparse.backfill(includes_finished=True)
    assert sparse.v2.value(sparse.across(Side.KORE, kore_id), Field.DESCRIPTION) == "text"
    assert sparse.waits() == []


def test_a_backfill_gives_up_a_probe_that_fails_again_and_again_and_says_so(
    sparse: Bench,
) -> None:
    bad = sparse.kore.add("Boiler", "text", status="Closed")
    good = sparse.kore.add("Ladder", "text", status="Closed")

    def fail(request: WriteRequest) -> None:
        if request.task_id == bad:
            raise LOST

    sparse.kore.on_send = fail
    outcome = sparse.backfill(includes_finished=True)
    assert sparse.is_linked(Side.KORE, good)
    assert not sparse.is_linked(Side.KORE, bad)
    assert outcome.put_off == 1
    told = sparse.heard.of("waiting")
    assert {one["seconds"] for one in told} == {2.0}
    assert {one["reason"] for one in told} == {"a task could not be seen whole"}
    assert len(told) == 4  # each step, to see and to work, three times
    assert "tried again" in sparse.known(Side.KORE, bad).why
    sparse.heard.events.clear()
    assert sparse.backfill(is_dry=True, includes_finished=True).put_off == 0
    other = sparse.kore.add("Pump", "text", status="Closed")
    outcome = sparse.backfill(only=(other,), includes_finished=True)
    assert outcome.put_off == 0
    assert sparse.is_linked(Side.KORE, other)
    assert sparse.heard.of("waiting") == []


def test_a_lost_database_doubles_nothing_while_a_probe_gets_no_answer_whatever_people_renamed(
    sparse: Bench,
) -> None:
    v2_id = sparse.v2.add("Boiler", "text")
    sparse.settle()
    kore_id = sparse.across(Side.V2, v2_id)
    lose_database(sparse)
    sparse.v2.edit(v2_id, title="Broken boiler")
    lone = sparse.v2.add("Pump")
    sparse.kore.fail("probe", LOST, times=99)
    outcome = sparse.backfill()
    assert (outcome.put_off, outcome.is_first_contact) == (1, True)
    assert len(sparse.kore.records) == 1
    assert "Run the backfill again" in sparse.known(Side.V2, lone).why
    sparse.v2.edit(v2_id, title="Broken boiler, urgent")
    sparse.settle()
    assert len(sparse.kore.records) == 1
    sparse.kore.faults.clear()
    outcome = sparse.backfill()
    assert (outcome.put_off, outcome.is_first_contact) == (0, False)
    assert sparse.across(Side.V2, v2_id) == kore_id
    assert sparse.is_linked(Side.V2, lone)
    assert len(sparse.kore.records) == 2


def test_a_fault_at_a_probe_in_a_closed_case_costs_calls_until_it_is_refused_and_none_after(
    sparse: Bench,
) -> None:
    sparse.pair("Known")
    sparse.kore.add_case(is_closed=True)
    kore_id = sparse.kore.add("Boiler", "text")
    sparse.kore.fail("probe", LOST)
    sparse.sync()
    sparse.sync()
    assert "closed" in sparse.known(Side.KORE, kore_id).why
    assert sparse.waits() == []
    sparse.forget_calls()
    sparse.sync()
    assert sparse.kore.calls == ["page:poll"]


def test_a_task_that_is_decided_without_its_probe_waits_for_it_no_longer(sparse: Bench) -> None:
    kore_id = sparse.kore.add("Boiler", "text")
    sparse.kore.fail("probe", LOST)
    sparse.sync()
    assert [wait.kind for wait in sparse.waits()] == [WaitKind.HELD]
    sparse.kore.edit(kore_id, status="Closed")
    sparse.sync()
    assert sparse.known(Side.KORE, kore_id).standing is Standing.FINISHED
    assert sparse.waits() == []


def test_what_a_probe_finds_gone_holds_nothing_up_and_is_asked_for_once(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION, Field.DUE})
    bench.sync()
    gone = bench.kore.add("Boiler", status="Closed")
    bench.sync()
    bench.kore.remove(gone)
    mine = bench.v2.add("Boiler")
    bench.sync(sweeps=False)
    bench.forget_calls()
    bench.settle()
    assert bench.is_linked(Side.V2, mine)
    assert "probe" not in bench.kore.calls


@pytest.mark.parametrize("later", list(Side))
def test_what_a_probe_shows_does_not_decide_who_changed_a_field_last(
    sparse: Bench, later: Side
) -> None:
    kore_id, v2_id = linked(sparse)
    ids = {Side.KORE: kore_id, Side.V2: v2_id}
    for side in (later.other, later):
        sparse.service(side).edit(ids[side], title=f"Of {side.label}")
        sparse.clock.pass_time(60)
    sparse.set_policy(tie=later.other)
    sparse.settle()
    assert probes(sparse) == 1
    assert sparse.values(Field.TITLE, kore_id, v2_id) == (f"Of {later.label}",) * 2


@pytest.mark.parametrize("why", ["not found", "without a title", "search fails"])
def test_a_task_that_kore_does_not_list_says_nothing_of_the_account(
    sparse: Bench, why: str
) -> None:
    sparse.kore.probes_taken = frozenset()
    sparse.kore.search_finds = why != "not found"
    kore_id = sparse.kore.add(None if why == "without a title" else "Boiler", "text")
    if why == "search fails":
        sparse.kore.fail("search", Unreachable("kore", "No route."))
    sparse.sync()
    assert state(sparse).probe_form is ProbeForm.UNTRIED
    assert sparse.known(Side.KORE, kore_id).standing is Standing.HELD
    assert sparse.heard.of("probe_tried") == []


def test_among_namesakes_the_account_is_judged_by_the_task_itself(sparse: Bench) -> None:
    sparse.kore.probes_taken = frozenset()
    sparse.kore.add("Boiler", "text", status="Closed")
    sparse.kore.add("Boiler of another", "text")
    sparse.sync()
    assert state(sparse).probe_form is ProbeForm.REFUSED


@pytest.mark.parametrize("side", list(Side))
def test_a_probe_is_sent_only_while_kore_is_written_to(sparse: Bench, side: Side) -> None:
    kore_id = sparse.kore.add("Boiler", "text")
    desk = sparse.new_desk()
    poll_side(desk, Side.KORE)
    desk.faults[side] = Unreachable(str(side), "No route.")
    known = sparse.known(Side.KORE, kore_id)
    desk.run_id, desk.token = 1, 1
    with sparse.store.begin() as unit:
        desk.token = unit.take_lease("bench", sparse.clock.now(), 30.0).token
    apply_probe(desk, probe_of(known, "to see it").operation)
    is_sent = side is Side.V2
    assert probes(sparse) == is_sent
    (report,) = desk.tally.reports
    assert report.outcome is (Result.DONE if is_sent else Result.DROPPED)
    assert ("not written to" in report.note) is not is_sent


def test_a_fault_at_a_probe_in_a_closed_case_is_tried_again_in_the_next_cycle(
    sparse: Bench,
) -> None:
    known = sparse.pair("Ladder", text="short")
    sparse.kore.edit(known[0], text="longer")
    sparse.kore.add_case(is_closed=True)
    sparse.kore.fail("probe", LOST)
    sparse.sync()
    assert {wait.kind for wait in sparse.waits()} == {WaitKind.HELD}
    sparse.kore.add_case()
    sparse.sync(sweeps=False)
    sparse.sync(sweeps=False)
    assert sparse.v2.value(known[1], Field.DESCRIPTION) == "longer"
    assert sparse.waits() == []


def test_a_refused_probe_of_a_task_without_a_change_time_is_not_sent_again(sparse: Bench) -> None:
    kore_id, _ = linked(sparse)
    sparse.kore.refuses = lambda request: request.call == "probe"
    sparse.kore.edit(kore_id, title="New")
    record = sparse.kore.records[kore_id]
    sparse.kore.records[kore_id] = replace(record, changed_at=None)
    sparse.settle()
    asked = probes(sparse)
    sparse.sync(is_full=True)
    assert probes(sparse) == asked
