"""Which tasks without a link may be the bridge's own, their marker rewritten away."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.side import Field, Side
from bridge.domain.task import Known
from bridge.domain.vocabulary import Vocabulary
from bridge.sync.unmarked import may_have_lost_marker
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_importing_links import lose_database

both_sides = pytest.mark.parametrize("side", list(Side))


def rewritten(bench: Bench, side: Side) -> str:
    """What the bridge made on that side, beside an older one; people have rewritten its text."""
    bench.pair("Pump", side.other)
    kore_id, v2_id = bench.pair("Boiler", side.other)
    made = kore_id if side is Side.KORE else v2_id
    bench.clock.pass_time(60)
    bench.service(side).edit(made, text="Bring a ladder.")
    bench.sync()
    return made


def may_be(bench: Bench, side: Side, task_id: str, **task: Any) -> bool:
    """Whether it counts as one, with these facts of it changed."""
    known: Known = bench.known(side, task_id)
    known = replace(known, task=replace(known.task, **task), own_changed_at=None)
    with bench.store.begin() as unit:
        return may_have_lost_marker(bench.desk, unit, known)


@both_sides
def test_what_the_bridge_made_and_people_rewrote_is_one(bench: Bench, side: Side) -> None:
    assert may_be(bench, side, rewritten(bench, side))


@both_sides
def test_what_hides_its_text_bears_a_marker_or_was_left_as_it_was_is_none(
    bench: Bench, side: Side
) -> None:
    made = rewritten(bench, side)
    task = bench.known(side, made).task
    hidden = {name: value for name, value in task.fields.items() if name is not Field.DESCRIPTION}
    marker = next(
        one.kore.task.marker if side is Side.KORE else one.v2.task.marker
        for one in bench.links()
        if one.kore and one.v2 and made not in (one.kore.task.id, one.v2.task.id)
    )
    assert marker is not None
    assert not may_be(bench, side, made, fields=hidden)
    assert not may_be(bench, side, made, marker=marker)
    assert not may_be(bench, side, made, changed_at=task.created_at)
    assert may_be(bench, side, made, created_at=None)


@both_sides
@pytest.mark.parametrize("author", ["person", None])
def test_whoever_else_made_it_it_is_none_unless_that_is_who_made_what_bears_a_marker(
    bench: Bench, side: Side, author: str | None
) -> None:
    made = rewritten(bench, side)
    assert not may_be(bench, side, made, first_author=author)


@both_sides
def test_where_nobody_knows_the_bridge_s_user_whoever_made_a_bearer_counts(
    bench: Bench, side: Side
) -> None:
    made = rewritten(bench, side)
    bench.desk.vocabulary = Vocabulary()
    assert may_be(bench, side, made)
    assert not may_be(bench, side, made, first_author="person")


@both_sides
def test_in_a_new_database_the_bridge_counts_only_if_it_was_there_before(
    bench: Bench, side: Side
) -> None:
    made = rewritten(bench, side)
    lose_database(bench)
    bench.sync(is_full=True)
    assert may_be(bench, side, made)
    bench.service(side).remove(min(bench.service(side).records))
    lose_database(bench)
    bench.sync(is_full=True)
    assert not may_be(bench, side, made)


@both_sides
@pytest.mark.parametrize(("seconds", "is_told"), [(-60, True), (60, False)])
def test_a_bearer_that_is_younger_than_the_database_tells_nothing(
    bench: Bench, side: Side, seconds: int, is_told: bool
) -> None:
    made = rewritten(bench, side)
    service = bench.service(side)
    older = min(service.records)
    lose_database(bench)
    at = bench.clock.now() + timedelta(seconds=seconds)
    service.records[older] = replace(service.records[older], created_at=at)
    bench.sync(is_full=True)
    assert may_be(bench, side, made) is is_told


@both_sides
def test_who_made_what_is_looked_up_once_a_run(bench: Bench, side: Side) -> None:
    made = rewritten(bench, side)
    bench.desk.makers[side, None] = True
    assert may_be(bench, side, made, first_author=None)
