"""A task that bears a marker and that people joined with another task is that one's alone."""

import pytest

from bridge.domain.link import LinkState
from bridge.domain.side import Side, TaskId
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_importing_links import take_in

both_sides = pytest.mark.parametrize("side", list(Side))


def marker_of(side: Side, number: int) -> str:
    """The marker that names the task of that side which comes as that number."""
    ref, task_id = ("TS", "k") if side is Side.KORE else ("REC-", "v")
    return f"words\n\n[task-bridge {side}:{ref}{number} {task_id}{number:04d}]"


def joined(bench: Bench, side: Side, bearer: TaskId) -> TaskId:
    """A task of the side that a file joins with a bearer of the other one; gives its id."""
    other = bench.service(side).add("Ladder")
    ids = {side: other, side.other: bearer}
    take_in(bench, f"{ids[Side.KORE]},{ids[Side.V2]},linked,")
    bench.settle()
    assert bench.across(side, other) == bearer
    return other


@both_sides
def test_the_task_that_its_marker_names_gets_a_counterpart_of_its_own(
    bench: Bench, side: Side
) -> None:
    bench.pair()
    bearer = bench.service(side.other).add("Ladder", marker_of(side, 3))
    other = joined(bench, side, bearer)
    mine = bench.service(side).add("Ladder")
    bench.settle()
    assert bench.across(side, other) == bearer
    assert bench.across(side, mine) != bearer
    assert len(bench.service(side.other).records) == 3


@both_sides
def test_another_bearer_of_its_marker_is_the_counterpart_and_no_duplicate(
    bench: Bench, side: Side
) -> None:
    bench.pair()
    bearer = bench.service(side.other).add("Ladder", marker_of(side, 3))
    other = joined(bench, side, bearer)
    mine = bench.service(side).add("Ladder")
    second = bench.service(side.other).add("Ladder", marker_of(side, 3))
    bench.settle()
    assert (bench.across(side, mine), bench.across(side, other)) == (second, bearer)
    assert len(bench.service(side.other).records) == 3


@both_sides
def test_what_an_open_create_made_is_not_taken_from_the_task_that_it_was_joined_with(
    bench: Bench, side: Side
) -> None:
    bench.pair()
    target = bench.service(side.other)
    mine = bench.service(side).add("Ladder")
    target.fail("create", Unreachable(str(side.other), "No answer.", is_outcome_unknown=True),
                applied=True)  # fmt: skip
    target.create_answer, target.search_finds = "nothing", False
    made = TaskId("k0002" if side is Side.V2 else "v0002")
    target.left_out = {made}
    bench.sync()
    other = bench.service(side).add("Other")
    ids = {side: other, side.other: made}
    take_in(bench, f"{ids[Side.KORE]},{ids[Side.V2]},linked,")
    target.left_out = set()
    bench.sync(is_full=True)
    assert bench.across(side, other) == made
    with bench.store.begin() as unit:
        link = unit.links_of(side, [mine])[mine]
    assert (link.state, link.task_id(side.other)) == (LinkState.CREATING, None)
