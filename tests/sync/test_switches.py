"""Whatever the services leave open turns out, the same world converges to the same end.

Every switch of the simulated services that concerns the bridge and leaves the end decidable is
set in seeded combinations, and (`make test-long`) alone, which tells which of them it was. The
end: each task has one counterpart, every field agrees, and a further cycle writes nothing.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.domain.side import Side
from bridge.sandbox import KoreSwitches, V2Switches
from bridge.services.kore.client import KoreService
from tests.naming import stable_name
from tests.sync.world import World, a_world

KORE: dict[str, list[Any]] = {
    "rows": ["full", "full_without_empty"],
    "selected_columns": ["help", "refused"],
    "page_cap": [1, 3],
    "default_limit": [2],
    "sort": ["ignored", "string_form_only", "object_form_only", "refused"],
    "updated_sort": ["ignored"],
    "string_sort": ["asc"],
    "total_results": ["low", "absent"],
    "has_more": ["until_empty_page"],
    "filters": ["ignored"],
    "search_withholds_seconds": [60.0],
    "rows_late_seconds": [3.0],
    "page_overlap": [2],
    "create_status": [201],
    "create_answer": ["id", "nothing"],
    "create_record": ["whole"],
    "new_assignee": ["queue"],
    "template_shown": ["id"],
    "customer_shown": ["whole"],
    "empty_update": ["refused", "moves"],
    "status_by_name": ["taken"],
    "priority_by_name": ["taken"],
    "assignee_id": ["either", "agentId", "aId"],
    "unassign": ["null", "assignee_type"],
    "clear_due": ["zero_and_empty"],
    "due_keys": ["both", "dueDate", "ETA"],
    "removed_due": ["null"],
    "clear_text": ["null"],
    "category_spelling": ["In Progress", "IN_PROGRESS", "inProgress"],
    "nobody_type": ["none"],
    "api_author": ["subject", "absent"],
    "empty_desc": ["empty_string"],
    "title_longest": [12],
    "text_stored": ["line_feeds", "trailing_blanks_cut", "both"],
    "time_precision": ["seconds"],
    "clock_skew_seconds": [40.0],
    "bad_request_status": [422],
    "error_shape": ["html", "plain"],
}
V2: dict[str, list[Any]] = {
    "page_cap": [1, 3],
    "sort": ["colon", "both", "refused", "ignored"],
    "create_status": [201],
    "create_answer": ["id", "task"],
    "patch_status": [204],
    "patch_answer": ["ack", "task"],
    "unchanged_patch": ["stays"],
    "filters": ["ignored"],
    "filter_withholds_seconds": [60.0],
    "title_filter": ["words"],
    "rows_late_seconds": [3.0],
    "page_overlap": [2],
    "dates": ["millis", "millis_string", "float"],
    "due_dates": ["millis", "millis_string", "float"],
    "nobody_assigned": ["empty_object", "absent"],
    "no_priority": ["absent", "empty_string"],
    "empty_keys": ["absent"],
    "last_modified_by": ["hidden"],
    "entity_status": ["string"],
    "assign_by": ["either", "assigneeId"],
    "assignee_needs": ["name_too"],
    "unassign": ["empty_object", "assignee_id_null"],
    "clear_due": ["empty_string"],
    "completed_by_patch": ["ignored"],
    "task_type_shown": ["name", "object"],
    "related": ["ids", "empty"],
    "inactive_users": ["left_out"],
    "self_endpoint": ["missing"],
    "task_type_page_base": [1],
    "title_longest": [12],
    "text_stored": ["line_feeds", "trailing_blanks_cut", "both"],
    "time_precision": ["seconds"],
    "clock_skew_seconds": [40.0, -40.0],
    "error_detail": ["message"],
}
ALONE = [
    *(("kore", name, value) for name, values in KORE.items() for value in values),
    *(("v2", name, value) for name, values in V2.items() for value in values),
]
WORLDS, SEED = 12, 1
# Pages that overlap by all their rows lead nowhere.
APART = {"page_cap": "page_overlap", "page_overlap": "page_cap"}
DUE = datetime(2027, 5, 6, 7, 8, 9, tzinfo=UTC)


def populate(world: World) -> tuple[str, str]:
    """A few tasks on either side that show every word of the account; gives one of each side."""
    case_id = next(iter(world.kore.cases))
    agent, user = world.kore.add_agent("Robin Vale"), world.v2.add_user("Robin Vale")
    words = (("In Progress", "Low"), ("On Hold", "High"), ("Resolved", "Critical"))
    for status, priority in (*words, ("Closed", "Medium")):
        world.kore.add_task(
            case_id=case_id, name=status, status=status, priority=priority, assignee=agent
        )
    mine = world.kore.add_task(
        case_id=case_id, name="Boiler", desc="Two\r\nlines", due=DUE, assignee=agent
    )
    theirs = world.v2.add_task(
        title="Ladder", description="Bring it", priority="high", task_status="in_progress",
        assignee=user, due=DUE,
    )  # fmt: skip
    world.v2.add_task(title=None, description="no title")
    return mine, theirs


def live(world: World, mine: str, theirs: str) -> None:
    """People edit both tasks on both sides, twice."""
    assert world.backfill().faults == {}
    settle(world)
    kore = world.counterpart(Side.V2, theirs)["_id"]
    v2 = world.counterpart(Side.KORE, mine)["_id"]
    world.clock.pass_time(10)
    world.kore.edit_task(mine, name="Boiler!", status="Resolved")
    world.v2.edit_task(v2, description="Done.", due=None, assignee=None)
    settle(world)
    world.clock.pass_time(10)
    world.kore.edit_task(kore, desc="", due=None, assignee=None)
    world.v2.edit_task(theirs, task_status="completed", priority="low")
    settle(world)


def settle(world: World) -> None:
    """Cycles until one writes nothing; more than four mean that it goes in circles."""
    for _ in range(4):
        world.clock.pass_time(5)
        outcome = world.sync()
        assert outcome.faults == {}
        if not world.written():
            return
    raise AssertionError([str(one.operation) for one in world.reports])


def assert_converged(world: World, *, has_trimmed_titles: bool) -> None:
    assert world.doubles() == []
    found = [text for text in world.mismatches() if not (has_trimmed_titles and "title:" in text)]
    assert found == []
    waits = [wait for wait in world.waits() if wait.field != "title"]
    assert [wait.reason for wait in waits] == []
    world.sync(is_full=True)
    assert world.written() == []


def name_the_ids(world: World) -> None:
    """What a person does where no record tells the ids: `kore.status_ids`, `kore.priority_ids`."""
    service = world.bridge.services[Side.KORE]
    assert isinstance(service, KoreService)
    service._settings = replace(
        service._settings,
        status_ids={one["name"]: one["_id"] for one in world.kore.statuses},
        priority_ids={one["name"]: one["_id"] for one in world.kore.priorities},
    )


def run(folder: Path, kore: KoreSwitches, v2: V2Switches, *, names_ids: bool = False) -> None:
    with a_world(folder, kore=kore, v2=v2, people__match_name="true") as world:
        if names_ids or kore.selected_columns == "help":
            # Rows that show all are never probed, so that no record tells the ids.
            name_the_ids(world)
        mine, theirs = populate(world)
        live(world, mine, theirs)
        trimmed = bool(kore.title_longest or v2.title_longest)
        assert_converged(world, has_trimmed_titles=trimmed)


@pytest.mark.long
@pytest.mark.parametrize(("side", "name", "value"), ALONE, ids=stable_name)
def test_one_switch_alone_does_not_change_the_end(
    tmp_path: Path, side: str, name: str, value: Any
) -> None:
    kore, v2 = KoreSwitches(limits=()), V2Switches()
    if side == "kore":
        kore = replace(kore, **{name: value})
    else:
        v2 = replace(v2, **{name: value})
    run(tmp_path, kore, v2)


def combinations(seed: int) -> list[tuple[KoreSwitches, V2Switches]]:
    """Worlds in which about every third switch is set; together they meet every value."""
    chance = random.Random(seed)
    kore, v2 = _spread(KORE, chance), _spread(V2, chance)
    return [
        (KoreSwitches(limits=(), **mine), V2Switches(**theirs))
        for mine, theirs in zip(kore, v2, strict=True)
    ]


def _spread(table: dict[str, list[Any]], chance: random.Random) -> list[dict[str, Any]]:
    """The values of each switch, dealt out to a few of the worlds."""
    worlds: list[dict[str, Any]] = [{} for _ in range(WORLDS)]
    for name, values in table.items():
        free = [world for world in worlds if APART.get(name) not in world]
        for number, world in enumerate(chance.sample(free, max(WORLDS // 3, len(values)))):
            world[name] = values[number % len(values)]
    return worlds


@pytest.mark.slow
@pytest.mark.parametrize(
    "number",
    [
        *range(0, WORLDS, 2),
        *(pytest.param(one, marks=pytest.mark.long) for one in range(1, WORLDS, 2)),
    ],
)
def test_a_seeded_combination_of_switches_does_not_change_the_end(
    tmp_path: Path, number: int
) -> None:
    # Late rows leave a status unseen in a world this small: it would wait for its id.
    run(tmp_path, *combinations(SEED)[number], names_ids=True)


def test_the_combinations_meet_every_value() -> None:
    met = combinations(SEED)
    for side, name, value in ALONE:
        shown = [getattr(kore if side == "kore" else v2, name) for kore, v2 in met]
        assert value in shown, (side, name, value)
