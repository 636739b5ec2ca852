"""What a cycle plans in rare cases: odd ids, records never read, a side that is away, dry runs."""

from dataclasses import replace

import pytest

from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.policy import Scope, Unobserved
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


def test_a_dry_run_plans_the_probe_of_what_is_not_created_until_it_has_shown_more(
    bench: Bench,
) -> None:
    bench.pair("Boiler")
    bench.set_policy(unobserved=Unobserved.PROBE)
    bench.kore.hides, bench.kore.hides_facts = frozenset({Field.DESCRIPTION}), True
    bench.set_rules(scope=Scope(kore_queues=("Heating",)))
    bench.kore.add("Ladder")
    bench.sync(is_dry=True)
    assert [one.operation.kind for one in bench.reports][:1] == [OperationKind.PROBE]


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
