"""What people said of tasks that look like others holds until it is done."""

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import WaitKind
from bridge.domain.side import Side
from bridge.domain.task import Standing
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import about_failures
from tests.sync.memory.test_importing_links import lose_database
from tests.sync.memory.test_rebuilding import rebuild
from tests.sync.memory.test_retrying import say_of
from tests.sync.memory.test_rewritten_counterparts import a_rewritten_pair

KORE, V2 = Side.KORE, Side.V2
both_sides = pytest.mark.parametrize("side", list(Side))


def test_a_task_that_a_person_wants_created_is_created_although_another_bears_its_tag(
    bench: Bench,
) -> None:
    bench.pair("Old", KORE)
    bench.pair("Older", V2)
    bench.set_rules(tags_origin=True)
    ids = a_rewritten_pair(bench, V2)
    lose_database(bench)
    tagged = bench.v2.records[ids[V2]]
    copy = bench.v2.add("Boiler", facts=tagged.facts)
    bench.backfill()
    assert bench.known(V2, copy).standing is Standing.AMBIGUOUS
    say_of(bench, InstructionKind.RETRY, copy)
    for _ in range(4):
        bench.sync()
    listed = [one for one in bench.waits(WaitKind.FAILED) if one.task_id == copy]
    assert bench.is_linked(V2, copy) or listed


def test_a_task_that_a_person_wants_created_is_created_although_two_others_bear_its_tag(
    bench: Bench,
) -> None:
    bench.pair("Old", KORE)
    bench.pair("Older", V2)
    bench.set_rules(tags_origin=True)
    ids = a_rewritten_pair(bench, V2)
    lose_database(bench)
    tagged = bench.v2.records[ids[V2]]
    copies = [bench.v2.add("Boiler", facts=tagged.facts) for _ in range(2)]
    bench.backfill()
    assert bench.known(V2, copies[0]).standing is Standing.AMBIGUOUS
    say_of(bench, InstructionKind.RETRY, copies[0])
    for _ in range(4):
        bench.sync()
    assert bench.is_linked(V2, copies[0])


@both_sides
def test_a_rebuild_leaves_what_a_person_left(bench: Bench, side: Side) -> None:
    bench.pair("Old", side)
    mine = bench.service(side).add("Boiler")
    bench.service(side.other).refuses = lambda request: request.call == "create"
    bench.sync()
    about_failures(bench, InstructionKind.DISCARD)
    bench.service(side.other).refuses = lambda request: False
    assert bench.known(side, mine).standing is Standing.LEFT
    done = "Resolved" if side is KORE else "completed"
    bench.service(side).edit(mine, status=done)
    bench.sync()
    assert bench.known(side, mine).standing is Standing.LEFT
    rebuild(bench)
    bench.service(side).edit(mine, status="Open" if side is KORE else "open")
    for _ in range(3):
        bench.sync()
    assert bench.known(side, mine).standing is Standing.LEFT
    assert not bench.is_linked(side, mine)


@both_sides
def test_what_a_person_left_stays_so(bench: Bench, side: Side) -> None:
    bench.pair("Old", side)
    mine = bench.service(side).add("Boiler")
    bench.service(side.other).refuses = lambda request: request.call == "create"
    bench.sync()
    about_failures(bench, InstructionKind.DISCARD)
    bench.service(side.other).refuses = lambda request: False
    done = "Resolved" if side is KORE else "completed"
    bench.service(side).edit(mine, status=done)
    bench.sync()
    bench.service(side).edit(mine, status="Open" if side is KORE else "open")
    for _ in range(3):
        bench.sync()
    assert bench.known(side, mine).standing is Standing.LEFT


@both_sides
def test_a_backfill_from_the_other_side_leaves_what_a_person_left(bench: Bench, side: Side) -> None:
    bench.pair("Old", side)
    mine = bench.service(side).add("Boiler")
    bench.service(side.other).refuses = lambda request: request.call == "create"
    bench.sync()
    about_failures(bench, InstructionKind.DISCARD)
    bench.service(side.other).refuses = lambda request: False
    done = "Resolved" if side is KORE else "completed"
    bench.service(side).edit(mine, status=done)
    bench.sync()
    bench.backfill(sides=(side.other,))
    bench.service(side).edit(mine, status="Open" if side is KORE else "open")
    for _ in range(3):
        bench.sync()
    assert not bench.is_linked(side, mine)


def test_a_retry_is_not_forgotten_while_the_case_is_closed(bench: Bench) -> None:
    bench.pair("Old", KORE)
    bench.pair("Older", V2)
    ids = a_rewritten_pair(bench, V2)
    lose_database(bench)
    bench.backfill()
    assert bench.known(V2, ids[V2]).standing is Standing.AMBIGUOUS
    bench.kore.add_case(is_closed=True)
    say_of(bench, InstructionKind.RETRY, ids[V2])
    bench.sync()
    bench.kore.add_case()
    bench.backfill()
    bench.sync()
    assert bench.is_linked(V2, ids[V2]), (bench.known(V2, ids[V2]).why, bench.waits())
