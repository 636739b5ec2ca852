"""Edits on either side arrive on the other at the next cycle, whatever field and whatever text."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.domain.side import Side
from tests.sync.world import World, a_world, differences

DUE = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
ODD_TEXTS = {
    "unicode": "Grüße, 東京, e\u0301 and 🚒",
    "line ends": "one\r\ntwo\rthree\n\nfour",
    "html": "<b>bold</b> &amp; <script>alert(1)</script>",
    "brackets": "[urgent] see [task-bridge manual]",
    "long": "lorem ipsum " * 500,
}


def show_every_word(world: World, case_id: str) -> None:
    """One task for each status and priority of the account, so that their ids can be learnt."""
    for status in ("Open", "In Progress", "On Hold", "Resolved", "Closed"):
        world.kore.add_task(case_id=case_id, name=f"Shows {status}", status=status)
    for priority in ("Low", "Medium", "High", "Critical"):
        world.kore.add_task(case_id=case_id, name=f"Shows {priority}", priority=priority)


class Two:
    """One task from either side, both linked."""

    def __init__(self, world: World) -> None:
        self.world = world
        people = _same_people(world)
        self.agent, self.user = people
        case_id = next(iter(world.kore.cases))
        show_every_word(world, case_id)
        # No call of Kore lists its people: one is known once a record has shown them.
        world.kore.add_task(case_id=case_id, name="Shows Robin", assignee=self.agent)
        self.kore_born = world.kore.add_task(case_id=case_id, name="Born in Kore", desc="text")
        self.v2_born = world.v2.add_task(title="Born in v2", description="text", priority="low")
        world.backfill()
        world.sync()
        assert world.mismatches() == []

    def pair(self, born: str) -> tuple[str, str]:
        """The Kore id and the v2 id of the task that was born on that side."""
        if born == "kore":
            v2 = self.world.counterpart(Side.KORE, self.kore_born)
            return self.kore_born, v2["_id"]
        kore = self.world.counterpart(Side.V2, self.v2_born)
        return kore["_id"], self.v2_born

    def edit(self, side: str, born: str, **fields: Any) -> None:
        """A person edits the task on that side; the next cycle carries it."""
        kore_id, v2_id = self.pair(born)
        self.world.clock.pass_time(5)
        if side == "kore":
            self.world.kore.edit_task(kore_id, **fields)
        else:
            self.world.v2.edit_task(v2_id, **fields)
        self.world.sync()

    def records(self, born: str) -> tuple[dict[str, Any], dict[str, Any]]:
        kore_id, v2_id = self.pair(born)
        return dict(self.world.kore.tasks[kore_id]), dict(self.world.v2.tasks[v2_id])


def _same_people(world: World) -> tuple[str, str]:
    """An agent and a user of the same name, whom name matching finds."""
    agent = world.kore.add_agent("Robin Vale")
    user = world.v2.add_user("Robin Vale")
    return agent, user


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder: Path = tmp_path_factory.mktemp("edits")
    # One pair is edited to and fro within seconds of each other: no circle, only busy people.
    with a_world(folder, people__match_name="true", sync__flap_reversals="1000") as world:
        yield Two(world)


both_births = pytest.mark.parametrize("born", ["kore", "v2"])
both_sides = pytest.mark.parametrize("side", ["kore", "v2"])


def _assert_in_step(two: Two, born: str) -> None:
    kore, v2 = two.records(born)
    assert differences(kore, v2) == []
    two.world.sync()
    assert two.world.reports == []


@both_births
@both_sides
def test_a_changed_title_arrives(two: Two, born: str, side: str) -> None:
    key = "name" if side == "kore" else "title"
    two.edit(side, born, **{key: f"New title from {side}"})
    kore, v2 = two.records(born)
    assert kore["name"] == v2["title"] == f"New title from {side}"
    _assert_in_step(two, born)


@both_births
@both_sides
@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_a_changed_description_arrives_whatever_its_text(
    two: Two, born: str, side: str, text: str
) -> None:
    key = "desc" if side == "kore" else "description"
    two.edit(side, born, **{key: f"{side}: {text}"})
    _assert_in_step(two, born)


@both_births
@both_sides
def test_a_cleared_description_arrives_and_the_marker_stays(two: Two, born: str, side: str) -> None:
    key = "desc" if side == "kore" else "description"
    two.edit(side, born, **{key: "soon gone"})
    two.edit(side, born, **{key: ""})
    kore, v2 = two.records(born)
    created = (v2 if born == "kore" else kore).get("description" if born == "kore" else "desc")
    # Whoever cleared the created task's text cleared its marker too; a later write brings it back.
    if side == born:
        assert "[task-bridge " in (created or "")
    _assert_in_step(two, born)


@both_births
@both_sides
def test_a_due_date_arrives_moves_and_is_taken_off(two: Two, born: str, side: str) -> None:
    for due in (DUE, DUE.replace(day=9), None):
        two.edit(side, born, due=due)
        _assert_in_step(two, born)


@both_births
@pytest.mark.parametrize("status", ["In Progress", "On Hold", "Resolved", "Open", "Closed"])
def test_a_status_set_in_kore_arrives(two: Two, born: str, status: str) -> None:
    two.edit("kore", born, status=status)
    _assert_in_step(two, born)


@both_births
@pytest.mark.parametrize("status", ["in_progress", "in_review", "completed", "open", "cancelled"])
def test_a_status_set_in_v2_arrives(two: Two, born: str, status: str) -> None:
    two.edit("v2", born, task_status=status)
    _assert_in_step(two, born)


@both_births
@pytest.mark.parametrize("priority", ["Low", "High", "Critical", "Medium"])
def test_a_priority_set_in_kore_arrives(two: Two, born: str, priority: str) -> None:
    two.edit("kore", born, priority=priority)
    _assert_in_step(two, born)


@both_births
@pytest.mark.parametrize("priority", ["high", "urgent", "low", "medium"])
def test_a_priority_set_in_v2_arrives(two: Two, born: str, priority: str) -> None:
    two.edit("v2", born, priority=priority)
    _assert_in_step(two, born)


@both_births
def test_an_assignee_set_and_taken_off_in_kore_arrives(two: Two, born: str) -> None:
    two.edit("kore", born, assignee=two.agent)
    assert (two.records(born)[1]["assignee"] or {}).get("entityId") == two.user
    _assert_in_step(two, born)
    two.edit("kore", born, assignee=None)
    assert not two.records(born)[1].get("assignee")
    _assert_in_step(two, born)


@both_births
def test_an_assignee_set_and_taken_off_in_v2_arrives(two: Two, born: str) -> None:
    two.edit("v2", born, assignee=two.user)
    assert two.records(born)[0]["currAssignee"].get("agentId") == two.agent
    _assert_in_step(two, born)
    two.edit("v2", born, assignee=None)
    assert not two.records(born)[0]["currAssignee"]
    _assert_in_step(two, born)


def test_edits_of_different_fields_on_both_sides_are_both_carried(two: Two) -> None:
    kore_id, v2_id = two.pair("kore")
    two.world.clock.pass_time(5)
    two.world.kore.edit_task(kore_id, name="Title by an agent")
    two.world.v2.edit_task(v2_id, description="Text from the field")
    two.world.sync()
    kore, v2 = two.records("kore")
    assert v2["title"] == "Title by an agent"
    assert kore["desc"] == "Text from the field"
    _assert_in_step(two, "kore")


def test_the_newest_of_two_edits_of_one_field_wins_and_the_loser_is_kept(two: Two) -> None:
    kore_id, v2_id = two.pair("v2")
    two.world.clock.pass_time(5)
    two.world.kore.edit_task(kore_id, name="Older, by an agent")
    two.world.clock.pass_time(60)
    two.world.v2.edit_task(v2_id, title="Newer, from the field")
    two.world.sync()
    kore, v2 = two.records("v2")
    assert kore["name"] == v2["title"] == "Newer, from the field"
    with two.world.bridge.store.begin() as unit:
        kept = unit.conflicts(is_settled=True)
    assert "Older, by an agent" in str(kept[-1])
    _assert_in_step(two, "v2")


def test_a_v2_task_without_a_title_is_called_by_its_reference_in_kore(two: Two) -> None:
    task_id = two.world.v2.add_task(title=None, description="nameless")
    two.world.sync()
    kore = two.world.counterpart(Side.V2, task_id)
    assert kore["name"]
    two.world.sync()
    assert two.world.reports == []
    assert two.world.v2.tasks[task_id]["title"] is None
