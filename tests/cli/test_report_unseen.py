"""Every form of a report says which fields nobody sees, so that in step promises no more."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.sandbox import KoreSwitches
from tests.cli.conftest import Ran, Run
from tests.report.living import Living, a_living

# Nobody is told who is who, so that the assignee is not carried and not missed.
NOTE = "description, due of Kore. In step means that all fields that can be seen agree."
LIVE: tuple[str, ...] = ()
REMEMBERED = ("--from-last-sweep",)
both = pytest.mark.parametrize("where", [LIVE, REMEMBERED], ids=["live", "remembered"])


@pytest.fixture
def living(bridge: Run, folder: Path) -> Iterator[Living]:
    """A sparse account whose pair was seen whole once, and changed since where nobody looks."""
    with a_living(folder, KoreSwitches(limits=())) as living:
        task = living.task("a")
        living.job("b")
        assert bridge("backfill", **living.environ).code == 0
        living.kore.edit_task(task, desc="Changed where nobody looks")
        assert told(bridge, living, "sync", "--full").code == 0
        yield living


def told(bridge: Run, living: Living, *command: str) -> Ran:
    return bridge(*command, **{**living.environ, "TASK_BRIDGE_KORE__UNOBSERVED": "hold"})


@both
def test_table_and_page_carry_the_note(bridge: Run, living: Living, where: tuple[str, ...]) -> None:
    table = told(bridge, living, "report", *where)
    assert table.code == 0
    assert "In step: 2 of 2" in table.out
    assert table.out.count(NOTE) == 1
    assert told(bridge, living, "report", "--format", "html", *where).out.count(NOTE) == 1


@both
@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_is_for_programs_keeps_its_form_and_has_the_note_beside_it(
    bridge: Run, living: Living, where: tuple[str, ...], form: str
) -> None:
    ran = told(bridge, living, "report", "--format", form, *where)
    assert (ran.err.count(NOTE), NOTE in ran.out) == (1, False)
    if form == "json":
        found = json.loads(ran.out)
        assert (found["rows"], found["totals"]["in_step"]) == ([], 2)


def test_rows_in_step_name_what_is_not_seen_of_them(bridge: Run, living: Living) -> None:
    ran = told(bridge, living, "report", "--format", "json", "--state", "in_step")
    reasons = {row["reason"] for row in json.loads(ran.out)["rows"]}
    assert any("not seen: description" in reason for reason in reasons)


def test_where_probes_ask_for_them_there_is_no_such_note(bridge: Run, living: Living) -> None:
    for form in ("table", "csv", "json", "html"):
        ran = bridge("report", "--format", form, **living.environ)
        assert "that can be seen agree." not in ran.out + ran.err


@both
def test_a_change_that_is_on_hold_for_good_ends_with_3_and_says_what_can_be_done(
    bridge: Run, living: Living, where: tuple[str, ...]
) -> None:
    mine = next(one.v2_id for one in living.links().values())
    living.v2.edit_task(mine, description="Changed where it cannot be carried")
    told(bridge, living, "sync", "--full")
    ran = told(bridge, living, "report", "--format", "json", *where)
    assert ran.code == 3
    (row,) = json.loads(ran.out)["rows"]
    assert row["state"] == "waiting"
    assert 'kore.unobserved = "probe"' in row["next"]
