"""What a cycle plans in rare cases: odd ids, records never read, a side that is away, dry runs."""

from dataclasses import replace

import pytest

from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.policy import Unobserved
from bridge.domain.side import SIDES, Field, Side, TaskId
from bridge.domain.values import text_value
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_importing_links import take_in

both_sides = pytest.mark.parametrize("side", SIDES)


@both_sides
def test_a_task_gets_its_counterpart_whatever_its_id_begins_with(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    first, zero = service.add("Boiler"), TaskId("0-1")
    service.records[zero] = replace(service.records.pop(first), id=zero)
    service.ever[zero] = [service.records[zero]]
    bench.sync()
    assert bench.is_linked(side, zero)


def test_what_both_sides_were_set_to_is_agreed_from_then_on(bench: Bench) -> None:
    kore_id, v2_id = bench.pair("Boiler")
    bench.kore.edit(kore_id, title="New")
    bench.v2.edit(v2_id, title="New")
    bench.sync()
    bench.kore.edit(kore_id, title="Boiler")
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Boiler", "Boiler")
    assert bench.conflicts() == []


@both_sides
@pytest.mark.parametrize("has_odd", [True, False])
def test_nothing_is_planned_for_a_pair_of_which_a_task_was_never_read(
    bench: Bench, side: Side, has_odd: bool
) -> None:
    bench.set_policy(unobserved=Unobserved.PROBE)
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.pair("Boiler")
    ids = {one: bench.service(one).add("Done") for one in SIDES}
    bench.service(side).remove(ids[side])
    if has_odd:
        bench.v2.unreadable = {bench.v2.add("Odd")}
    bench.set_rules(routes=())
    take_in(bench, f"{ids[Side.KORE]},{ids[Side.V2]},linked,")
    bench.forget_calls()
    bench.sync(sweeps=False)
    bench.sync(sweeps=False)
    assert {"probe", "update"} & {*bench.kore.calls, *bench.v2.calls} == set()
    assert [one.kind for one in bench.waits() if one.link_id] == []


def test_a_pair_that_is_looked_at_and_in_step_is_left_as_it_is(bench: Bench) -> None:
    bench.pair("Boiler")
    bench.settle()
    (view,) = bench.links()
    with bench.store.begin() as unit:
        unit.set_due(view.link.id, True)
    before = bench.links()
    bench.sync(sweeps=False)
    assert bench.links() == before
    with bench.store.begin() as unit:
        assert not unit.is_link_due(view.link.id)


def test_what_waits_for_its_case_tells_the_values_as_they_are_now(bench: Bench) -> None:
    bench.kore.add_case()
    _, v2_id = bench.pair("Boiler")
    bench.kore.add_case(is_closed=True)
    for title in ("New words", "Newer words"):
        bench.v2.edit(v2_id, title=title)
        bench.sync()
        (wait,) = bench.waits(WaitKind.CASE_CLOSED)
        assert (wait.kore, wait.v2, wait.value) == tuple(map(text_value, ("Boiler", title, title)))


def test_no_write_is_promised_of_what_waits_for_its_case_while_kore_cannot_be_asked(
    bench: Bench,
) -> None:
    bench.kore.add_case()
    _, v2_id = bench.pair("Boiler")
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="New words")
    bench.sync()
    assert [one.kind for one in bench.waits()] == [WaitKind.CASE_CLOSED]
    bench.v2.edit(v2_id, title="Newer words")
    bench.kore.is_down = True
    bench.sync(is_dry=True)
    assert bench.reports == []


def test_a_dry_run_plans_the_probe_of_what_it_would_not_create_from_whatever_that_shows(
    bench: Bench,
) -> None:
    bench.pair("Boiler")
    bench.set_policy(unobserved=Unobserved.PROBE)
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.kore.fail("create", Unreachable("kore", "No answer.", is_outcome_unknown=True))
    bench.v2.add("Ladder")
    bench.sync()
    finished = bench.kore.add("Ladder", status="Closed")
    bench.sync(is_dry=True)
    (report,) = bench.reports
    operation = report.operation
    assert (operation.kind, operation.kore_id) == (OperationKind.PROBE, finished)


def test_tasks_that_stay_due_are_each_looked_at_once_in_a_cycle(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.plan.TASKS_AT_ONCE", 1)
    bench.kore.add("Boiler")
    bench.sync(is_full=True)
    mine = [bench.v2.add(title) for title in ("Ladder", "Roof")]
    bench.kore.fail("find_case", Unreachable("kore", "No answer."))
    bench.sync()
    assert not any(bench.is_linked(Side.V2, one) for one in mine)
    bench.sync()
    assert all(bench.is_linked(Side.V2, one) for one in mine)


def test_what_a_created_task_shows_first_is_known_as_that_although_the_other_side_is_away(
    bench: Bench,
) -> None:
    bench.pair("Boiler")
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.kore.hides, bench.kore.create_answer = frozenset({Field.STATUS}), "nothing"
    mine = bench.v2.add("Ladder", status="in_progress")
    bench.settle()
    made = bench.across(Side.V2, mine)
    bench.kore.hides, bench.kore.refuses = frozenset(), lambda request: True
    bench.kore.edit(made, priority="Low")
    bench.v2.is_down = True
    bench.sync(sweeps=False)
    (base,) = (one.link.base(Field.STATUS) for one in bench.links() if one.link.v2_id == mine)
    assert base.kore == bench.known(Side.KORE, made).task.shown(Field.STATUS)
    assert base.carry is Side.V2


def test_a_link_that_was_imported_unread_learns_the_marker_that_kore_hides(
    bench: Bench,
) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.set_policy(unobserved=Unobserved.HOLD)
    kore_id, v2_id = bench.kore.add("Boiler"), bench.v2.add("Boiler")
    take_in(bench, f"{kore_id},{v2_id},linked,v2")
    bench.sync(sweeps=False)
    (view,) = bench.links()
    assert view.link.marker == f"[task-bridge v2:REC-1 {v2_id}]"
