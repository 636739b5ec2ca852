"""What is decided while one side cannot be read, and what is left until it can."""

import pytest

from bridge.domain.operation import Wait, WaitKind
from bridge.domain.policy import ConflictRule
from bridge.domain.side import Field, Side
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))


def meets(bench: Bench, side: Side) -> tuple[str, str]:
    """What the other side was last seen to hold is what this side comes to, while that is away."""
    bench.set_policy(conflict=ConflictRule.MANUAL)
    ids = bench.pair()
    away = bench.service(side.other)
    bench.service(side).refuses = lambda request: True
    away.edit(ids[side is Side.KORE], title="Met")
    bench.sync()
    bench.service(side).refuses = lambda request: False
    away.is_down = True
    bench.service(side).edit(ids[side is Side.V2], title="Met")
    bench.sync()
    return ids


@both_sides
def test_what_one_side_came_to_is_not_agreed_while_the_other_may_have_moved_on(
    bench: Bench, side: Side
) -> None:
    ids = meets(bench, side)
    away = bench.service(side.other)
    away.is_down = False
    away.edit(ids[side is Side.KORE], title="Moved on")
    bench.sync()
    (wait,) = bench.waits(WaitKind.CONFLICT)
    assert wait.field is Field.TITLE
    assert {bench.kore.value(ids[0], Field.TITLE), bench.v2.value(ids[1], Field.TITLE)} == {
        "Met",
        "Moved on",
    }


@both_sides
def test_what_both_came_to_is_agreed_once_the_other_can_be_read_again(
    bench: Bench, side: Side
) -> None:
    ids = meets(bench, side)
    away = bench.service(side.other)
    away.is_down = False
    bench.sync()
    away.edit(ids[side is Side.KORE], title="Later")
    bench.settle()
    assert bench.values(Field.TITLE, *ids) == ("Later", "Later")
    assert bench.waits() == []


# --- cases ---------------------------------------------------------------------------------------


def in_closed_cases(bench: Bench, *cases: str) -> list[tuple[str, str]]:
    """A pair for each case, whose new title waits since the case is closed."""
    pairs = []
    for name in cases:
        case = bench.kore.add_case(name)
        pairs.append(bench.pair(f"Of {name}", case=case))
    for name, (_, v2_id) in zip(cases, pairs, strict=True):
        bench.kore.add_case(name, is_closed=True)
        bench.v2.edit(v2_id, title="New words")
    bench.sync()
    assert len(waiting(bench)) == len(cases)
    return [(str(kore_id), str(v2_id)) for kore_id, v2_id in pairs]


def waiting(bench: Bench) -> list[Wait]:
    return bench.waits(WaitKind.CASE_CLOSED)


@pytest.mark.parametrize("opened", [0, 1])
def test_each_case_is_asked_for_by_itself(bench: Bench, opened: int) -> None:
    names = ["ci-1", "ci-2"]
    pairs = in_closed_cases(bench, *names)
    bench.kore.add_case(names[opened])
    bench.sync(is_full=True)
    shown = [bench.kore.value(kore_id, Field.TITLE) for kore_id, _ in pairs]
    assert shown == ["New words" if opened == place else f"Of ci-{place + 1}" for place in (0, 1)]
    assert len(waiting(bench)) == 1


def test_a_case_stays_closed_while_kore_cannot_be_asked(bench: Bench) -> None:
    ((_, v2_id),) = in_closed_cases(bench, "ci-1")
    bench.kore.add_case("ci-1")
    bench.kore.is_down = True
    bench.v2.edit(v2_id, text="More words")
    bench.forget_calls()
    bench.sync()
    assert "find_case" not in bench.kore.calls
    assert {wait.field for wait in waiting(bench)} >= {Field.TITLE}
    bench.kore.is_down = False
    bench.sync(is_full=True)
    assert waiting(bench) == []


def test_what_waited_for_a_case_goes_out_although_v2_is_away(bench: Bench) -> None:
    ((kore_id, _),) = in_closed_cases(bench, "ci-1")
    bench.kore.add_case("ci-1")
    bench.v2.is_down = True
    bench.sync(is_full=True)
    assert bench.kore.value(kore_id, Field.TITLE) == "New words"


# --- many in one cycle ---------------------------------------------------------------------------


def test_every_pair_that_hides_a_field_is_probed_in_the_cycle_that_needs_it(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    pairs = [bench.pair(f"Task {number}", text="words") for number in range(6)]
    bench.settle()
    bench.forget_calls()
    for kore_id, _ in pairs:
        bench.kore.edit(kore_id, text="new words")
    bench.sync()
    assert sum(one.call == "probe" for one in bench.kore.writes) == len(pairs)
    assert {bench.v2.value(v2_id, Field.DESCRIPTION) for _, v2_id in pairs} == {"new words"}
