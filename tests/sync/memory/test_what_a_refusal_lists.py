"""What the list of failures shows of a refused write: both values, how often, what it waits for."""

import pytest

from bridge.domain.operation import Wait, WaitKind
from bridge.domain.side import Field, Side
from bridge.domain.values import Unseen, Value
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))


def text_of(shown: Value | Unseen | None) -> str | None:
    return shown.text if isinstance(shown, Value) else None


def the_failure(bench: Bench) -> Wait:
    (wait,) = bench.waits()
    assert wait.kind is WaitKind.FAILED
    return wait


@both_sides
def test_both_values_are_listed_each_under_its_own_side(bench: Bench, side: Side) -> None:
    ids = bench.pair()
    bench.service(side.other).refuses = lambda request: "Bad" in str(request.body)
    bench.service(side).edit(ids[side is Side.V2], title="Bad")
    bench.sync()
    wait = the_failure(bench)
    expected = {side: "Bad", side.other: "Boiler"}
    assert {one: text_of(wait.shown(one)) for one in Side} == expected
    assert (wait.side, text_of(wait.value), wait.attempts) == (side.other, "Bad", 1)


@both_sides
def test_every_refusal_counts_and_a_look_at_what_became_of_it_does_not(
    bench: Bench, side: Side
) -> None:
    ids = bench.pair()
    mine, target = ids[side is Side.V2], bench.service(side.other)
    lost = Unreachable(str(side.other), "No answer.", is_outcome_unknown=True)
    target.fail("update", lost)
    bench.service(side).edit(mine, title="Bad")
    bench.sync()
    (wait,) = bench.waits()
    assert wait.kind is WaitKind.HELD
    target.refuses = lambda request: "Bad" in str(request.body)
    bench.clock.pass_time(400)
    bench.sync()
    assert the_failure(bench).attempts == 1
    bench.service(side).edit(mine, title="Bad too")
    bench.sync()
    assert the_failure(bench).attempts == 2


def test_a_priority_that_v2_refuses_waits_for_no_word_of_kore(bench: Bench) -> None:
    kore_id, _ = bench.pair(priority="Low")
    bench.v2.refuses = lambda request: "urgent" in str(request.body)
    bench.kore.edit(kore_id, priority="Critical")
    bench.sync()
    wait = the_failure(bench)
    assert (wait.field, wait.reason, wait.waits_for) == (Field.PRIORITY, "That is refused.", "")


@both_sides
def test_what_rests_until_the_next_look_shows_both_values_too(bench: Bench, side: Side) -> None:
    ids = bench.pair()
    lost = Unreachable(str(side.other), "No answer.", is_outcome_unknown=True)
    bench.service(side.other).fail("update", lost)
    bench.service(side).edit(ids[side is Side.V2], title="New")
    bench.sync()
    (wait,) = bench.waits(WaitKind.HELD)
    assert {one: text_of(wait.shown(one)) for one in Side} == {side: "New", side.other: "Boiler"}
