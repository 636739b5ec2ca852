"""A process that slept over its lease in the middle of a write, while another one took over.

The request that it had marked as sent may still leave, and its answer may still come: whatever
the other one did meanwhile, each task ends with one counterpart and no change is lost.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from bridge.domain.exchange import Answer
from bridge.domain.operation import WriteRequest
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Standing
from bridge.errors import LeaseTaken, Refused, ServiceError, Unreachable
from bridge.sync.cycle import Wish, run_cycle
from tests.sync.memory.bench import Bench

LEASE_SECONDS = 31
REFUSED = Refused("either", "Not so.", status=400)
LOST = Unreachable("either", "It hung up.", is_outcome_unknown=True)
both_sides = pytest.mark.parametrize("side", SIDES)
at_any_moment = pytest.mark.parametrize("when", ["before it leaves", "after it was applied"])


def take_over(bench: Bench) -> None:
    """Another process finds the lease expired and works."""
    bench.clock.pass_time(LEASE_SECONDS)
    desk = bench.new_desk()
    desk.rules = replace(bench.rules, owner="another")
    run_cycle(desk, Wish(sweep_seconds=60.0))


def send_again(bench: Bench, side: Side) -> None:
    """Another process does not find what was created, until it counts as not applied."""
    service = bench.service(side)
    service.left_out, service.search_finds = {*service.records}, False
    for _ in range(5):
        take_over(bench)
    service.left_out, service.search_finds = set(), True


def sleeping(bench: Bench, side: Side, when: str, meanwhile: Callable[[], None]) -> None:
    """The next write to the side is slept over, before it leaves or after it was applied."""
    service = bench.service(side)
    send = service.send

    def slow(request: WriteRequest) -> Answer:
        service.send = send  # type: ignore[method-assign]
        if when == "before it leaves":
            meanwhile()
            return send(request)
        answer = send(request)
        meanwhile()
        return answer

    service.send = slow  # type: ignore[method-assign]


@both_sides
@at_any_moment
def test_a_create_that_was_slept_over_ends_in_one_counterpart(
    bench: Bench, side: Side, when: str
) -> None:
    mine = bench.service(side.other).add("Boiler", text="It leaks.")
    sleeping(bench, side, when, lambda: take_over(bench))
    with suppress(LeaseTaken):
        bench.sync()
    for _ in range(6):
        bench.sync()
    assert len(bench.service(side).records) == 1
    assert bench.service(side).value(bench.across(side.other, mine), Field.TITLE) == "Boiler"
    assert bench.waits() == []
    assert bench.done() == []
    assert bench.known(side.other, mine).standing is Standing.LINKED


@both_sides
@at_any_moment
def test_an_update_that_was_slept_over_is_neither_lost_nor_carried_back(
    bench: Bench, side: Side, when: str
) -> None:
    kore_id, v2_id = bench.pair("Boiler", side.other)
    mine = kore_id if side.other is Side.KORE else v2_id
    bench.service(side.other).edit(mine, title="Boiler, leaking")
    sleeping(bench, side, when, lambda: take_over(bench))
    with suppress(LeaseTaken):
        bench.sync()
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Boiler, leaking", "Boiler, leaking")
    assert bench.conflicts() == []
    assert bench.waits() == []


@both_sides
@at_any_moment
def test_what_people_write_while_an_update_is_slept_over_stays(
    bench: Bench, side: Side, when: str
) -> None:
    kore_id, v2_id = bench.pair("Boiler", side.other)
    mine = kore_id if side.other is Side.KORE else v2_id

    def meanwhile() -> None:
        bench.service(side.other).edit(mine, title="Boiler, mended")
        take_over(bench)

    bench.service(side.other).edit(mine, title="Boiler, leaking")
    sleeping(bench, side, when, meanwhile)
    with suppress(LeaseTaken):
        bench.sync()
    bench.settle(8)
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Boiler, mended", "Boiler, mended")


@both_sides
@at_any_moment
def test_what_people_write_while_a_create_is_slept_over_is_carried(
    bench: Bench, side: Side, when: str
) -> None:
    mine = bench.service(side.other).add("Boiler", text="It leaks.", status="Open")

    def meanwhile() -> None:
        bench.service(side.other).edit(mine, title="Boiler, mended", text="Dry again.")
        take_over(bench)

    sleeping(bench, side, when, meanwhile)
    with suppress(LeaseTaken):
        bench.sync()
    for _ in range(6):
        bench.sync()
    (found,) = bench.service(side).records
    assert bench.service(side).value(found, Field.TITLE) == "Boiler, mended"
    assert bench.service(side).value(found, Field.DESCRIPTION) == "Dry again."
    assert bench.waits() == []
    assert bench.done() == []


@both_sides
@at_any_moment
def test_a_create_that_was_slept_over_until_it_was_sent_again_leaves_a_duplicate(
    bench: Bench, side: Side, when: str
) -> None:
    """It is applied long after the settle time, and its answer comes even later."""
    bench.sync()
    mine = bench.service(side.other).add("Boiler", text="It leaks.")
    sleeping(bench, side, when, lambda: send_again(bench, side))
    with suppress(LeaseTaken):
        bench.sync()
    for _ in range(4):
        bench.sync()
    linked = bench.across(side.other, mine)
    (other,) = {*bench.service(side).records} - {linked}
    assert bench.known(side, other).standing is Standing.DUPLICATE
    assert len(bench.service(side.other).records) == 1


@both_sides
@pytest.mark.parametrize("error", [REFUSED, LOST])
def test_what_is_answered_late_says_nothing_of_a_task_that_has_its_counterpart_by_then(
    bench: Bench, side: Side, error: ServiceError
) -> None:
    bench.sync()
    mine = bench.service(side.other).add("Boiler", text="It leaks.")

    def refuse(request: WriteRequest) -> None:
        bench.service(side).on_send = None
        send_again(bench, side)
        raise error

    bench.service(side).on_send = refuse
    with suppress(LeaseTaken):
        bench.sync()
    bench.settle()
    assert [*bench.service(side).records] == [bench.across(side.other, mine)]
    assert bench.known(side.other, mine).standing is Standing.LINKED
    assert bench.waits() == []
