"""What an owner of the lease that is gone left open in the journal, sorted by the next one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bridge.domain.link import Link, LinkState
from bridge.domain.operation import (
    Journalled,
    Operation,
    OperationKind,
    OperationState,
    Outcome,
    Wait,
    WaitKind,
    WriteRequest,
)
from bridge.domain.side import SIDES, Field, LinkId, OperationId, Side, TaskId
from bridge.domain.task import Standing
from bridge.domain.values import text_value
from bridge.sync.desk import NEXT_CYCLE
from bridge.sync.poll import poll_side
from bridge.sync.recover import (
    UNCERTAIN_WHY,
    settle_leftovers,
    wake_put_off,
)
from bridge.sync.unsure import count_unsure, unsure_creates
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))
CREATE, UPDATE, PROBE = OperationKind.CREATE, OperationKind.UPDATE, OperationKind.PROBE


def left(
    bench: Bench,
    operation: Operation,
    *,
    is_sent: bool = True,
    parent_id: OperationId | None = None,
) -> OperationId:
    """It was committed, and sent or not, by somebody who came to nothing further."""
    body = WriteRequest(side=operation.side, call=str(operation.kind), body={})
    with bench.store.begin() as unit:
        at = bench.clock.now()
        lease = unit.take_lease("earlier", at, 30.0)
        number = unit.commit_operation(
            operation, body, run_id=1, token=lease.token, at=at, parent_id=parent_id
        )
        if is_sent:
            unit.mark_sent(number, token=lease.token, at=at)
        unit.release_lease("earlier")
    return number


def sorted_out(bench: Bench, number: OperationId) -> Journalled:
    """What became of it once the next owner had begun; nothing else is due before."""
    with bench.store.begin() as unit:
        for view in unit.all_links():
            unit.set_due(view.link.id, False)
        for side in SIDES:
            for known in unit.unlinked(side):
                unit.clear_due_task(side, known.task.id)
    with bench.store.begin() as unit:
        settle_leftovers(bench.new_desk(), unit)
    with bench.store.begin() as unit:
        return next(one for one in unit.operations_of(1) if one.id == number)


def due(bench: Bench) -> set[object]:
    """The links that are to be looked at again, and the tasks without one."""
    with bench.store.begin() as unit:
        links: set[object] = {one.link.id for one in unit.due_links(99, LinkId(0))}
        return links | {one.task.id for side in SIDES for one in unit.due_tasks(side, 99)}


def of_pair(bench: Bench, kind: OperationKind, side: Side, **more: object) -> Operation:
    """An operation about the pair that is there."""
    link = bench.links()[0].link
    return Operation(
        side=side,
        kind=kind,
        reason="so",
        kore_id=link.kore_id,
        v2_id=link.v2_id,
        link_id=link.id,
        **more,  # type: ignore[arg-type] # what a test gives
    )


def the_create(bench: Bench, side: Side, mine: TaskId) -> Operation:
    """A create that was begun from a task, which is read, with the link that waits for it."""
    bench.clock.pass_time(30)
    poll_side(bench.new_desk(), side.other)
    at = bench.clock.now()
    kore_id, v2_id = (mine, None) if side is Side.V2 else (None, mine)
    link = Link(
        state=LinkState.CREATING,
        origin=side.other,
        marker="[task-bridge]",
        kore_id=kore_id,
        v2_id=v2_id,
        created_at=at,
        changed_at=at,
    )
    with bench.store.begin() as unit:
        number = unit.add_link(link)
    return Operation(
        side=side,
        kind=CREATE,
        reason="so",
        link_id=number,
        kore_id=kore_id,
        v2_id=v2_id,
        values={Field.TITLE: bench.known(side.other, mine).task.fields.get(Field.TITLE)},
    )


@both_sides
def test_what_was_never_sent_is_void_and_planned_anew(bench: Bench, side: Side) -> None:
    bench.pair()
    update = of_pair(bench, UPDATE, side, fields=(Field.TITLE,))
    found = sorted_out(bench, left(bench, update, is_sent=False))
    assert (found.state, found.outcome) == (OperationState.SETTLED, Outcome.DROPPED)
    assert "never sent" in found.note
    (link_id,) = due(bench)
    assert link_id == update.link_id
    assert len(bench.links()) == 1


@both_sides
@pytest.mark.parametrize("kind", [UPDATE, PROBE])
def test_nothing_is_lost_with_a_probe_or_a_tag_and_the_task_is_looked_at_again(
    bench: Bench, side: Side, kind: OperationKind
) -> None:
    bench.pair()
    operation = of_pair(bench, kind, side)  # an update of no field is a tag
    found = sorted_out(bench, left(bench, operation))
    assert (found.state, found.outcome) == (OperationState.SETTLED, Outcome.UNCERTAIN)
    assert "before its answer came" in found.note
    assert due(bench) == {operation.link_id}


@both_sides
def test_an_update_stays_open_for_as_long_as_it_may_still_show(bench: Bench, side: Side) -> None:
    bench.pair()
    bench.set_rules(timeout_seconds={side: 500.0}, settle_seconds=60.0)
    update = of_pair(bench, UPDATE, side, values={Field.TITLE: text_value("New")})
    number = left(bench, update)
    sent_at: datetime = bench.clock.at
    bench.clock.pass_time(100)
    found = sorted_out(bench, number)
    assert found.is_uncertain
    assert found.settles_at is not None
    assert abs(found.settles_at - sent_at - timedelta(seconds=560)) < timedelta(seconds=1)
    assert due(bench) == {update.link_id}
    # Whatever comes after it, it is looked at again until something was seen of it.
    assert sorted_out(bench, number) == found
    assert due(bench) == {update.link_id}


@both_sides
def test_a_create_holds_up_the_task_that_it_was_made_from_and_no_other(
    bench: Bench, side: Side
) -> None:
    bench.pair()
    mine = bench.service(side.other).add("Ladder")
    operation = the_create(bench, side, mine)
    found = sorted_out(bench, left(bench, operation))
    assert found.is_uncertain
    known = bench.known(side.other, mine)
    assert (known.standing, known.why) == (Standing.UNCERTAIN, UNCERTAIN_WHY)
    assert due(bench) == set()
    with bench.store.begin() as unit:
        assert count_unsure(unit) == {side: 1}
        unsure = unsure_creates(bench.desk, unit)
    told = {link: (one.side, one.title) for link, one in unsure.items()}
    assert told == {operation.link_id: (side, "Ladder")}


@both_sides
def test_a_create_that_was_never_sent_leaves_no_link(bench: Bench, side: Side) -> None:
    bench.pair()
    mine = bench.service(side.other).add("Ladder")
    operation = the_create(bench, side, mine)
    found = sorted_out(bench, left(bench, operation, is_sent=False))
    assert found.outcome is Outcome.DROPPED
    assert due(bench) == {mine}
    assert not bench.is_linked(side.other, mine)


def test_a_step_that_completes_a_create_is_an_update_like_any_other(bench: Bench) -> None:
    bench.pair()
    parent = left(bench, of_pair(bench, CREATE, Side.V2))
    with bench.store.begin() as unit:
        unit.settle(parent, Outcome.DONE, "", bench.clock.now())
    step = of_pair(bench, UPDATE, Side.V2, values={Field.TITLE: text_value("New")})
    number = left(bench, step, parent_id=parent)
    assert sorted_out(bench, number).is_uncertain
    assert due(bench) == {step.link_id}
    with bench.store.begin() as unit:
        assert count_unsure(unit) == {}


@both_sides
def test_a_create_stays_open_whatever_is_still_known_of_what_it_sent(
    bench: Bench, side: Side
) -> None:
    bench.pair()
    mine = bench.service(side.other).add("Ladder")
    number = left(bench, replace(the_create(bench, side, mine), values={}))
    found = sorted_out(bench, number)
    assert found.is_uncertain
    assert found.settles_at is not None
    # The search looks for it in every cycle: for that nothing needs to be due.
    assert sorted_out(bench, number) == found
    with bench.store.begin() as unit:
        assert found.operation.link_id is not None
        assert not unit.is_link_due(found.operation.link_id)
        assert [one.title for one in unsure_creates(bench.desk, unit).values()] == [""]


# --- what the last cycle put off -----------------------------------------------------------------


def test_only_what_waits_for_the_next_cycle_is_looked_at_by_it(bench: Bench) -> None:
    for title in ("Boiler", "Pump"):
        bench.pair(title)
    first, second = (view.link.id for view in bench.links()[:2])
    with bench.store.begin() as unit:
        at = bench.clock.now()
        for number, waits_for in ((first, ""), (second, NEXT_CYCLE)):
            wait = Wait(
                kind=WaitKind.HELD,
                operation=UPDATE,
                side=Side.KORE,
                link_id=number,
                field=Field.TITLE,
                reason="It waits.",
                waits_for=waits_for,
            )
            unit.set_due(number, False)
            unit.replace_waits([wait], link_id=number, at=at)
        wake_put_off(unit)
    assert due(bench) == {second}
