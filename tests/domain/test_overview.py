"""The overview counts what is there: tasks by status and priority, differences, ages."""

from dataclasses import replace

from bridge.domain.overview import overview
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import World
from bridge.domain.side import SIDES, Field, Side, TaskId
from tests.domain.making import V2, text
from tests.domain.worlds import a_lone, a_pair, a_world


def a_small_world() -> World:
    """A pair that drifted, and a v2 task alone."""
    lone = a_lone(V2)
    known = lone.known
    assert known is not None
    alone = replace(
        lone, task_id=TaskId("v9"), known=replace(known, task=replace(known.task, id=TaskId("v9")))
    )
    pair = a_pair(kore={"title": text("new")})
    shown = {Side.KORE: frozenset({"ti-1"}), Side.V2: frozenset({"65f0", "v9"})}
    return a_world(joined=(pair,), lone=(alone,), shown=shown)


def test_every_task_that_is_there_is_counted_once_on_its_side() -> None:
    world = a_small_world()
    report = reconcile(world)
    found = overview(report, world)
    for name in (Field.STATUS, Field.PRIORITY):
        counted = {side: sum(found.words[name][side].values()) for side in SIDES}
        assert counted == {Side.KORE: 1, Side.V2: 2}
        assert counted == {side: report.totals.tasks(side) for side in SIDES}


def test_what_a_whole_reading_did_not_show_is_not_counted() -> None:
    world = a_world(joined=(a_pair(),), shown={Side.KORE: {"ti-1"}, Side.V2: frozenset()})
    found = overview(reconcile(world), world)
    assert found.words[Field.STATUS][Side.V2] == {}
    assert sum(found.words[Field.STATUS][Side.KORE].values()) == 1


def test_differences_are_counted_by_field_and_every_told_row_by_its_age() -> None:
    world = a_small_world()
    report = reconcile(world)
    found = overview(report, world)
    assert found.drift == {Field.TITLE: 1}
    assert sum(found.ages.values()) == len(report.told) == 2
    assert (found.in_step, found.asked) == (0, 2)
    assert found.oldest == min(row.since for row in report.told if row.since)
