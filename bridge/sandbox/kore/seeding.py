"""A believable Kore account, made from its seed."""

from dataclasses import replace
from typing import Any

from bridge.sandbox import fieldwork
from bridge.sandbox.identity import short_id
from bridge.sandbox.kore.fields import edited
from bridge.sandbox.kore.record import Author, Record
from bridge.sandbox.kore.world import KoreWorld

DAY = 86_400_000
SPREAD_DAYS = 60
OWN_STATUSES = (
    ("Pending Customer Response", "on hold"),
    ("Waiting for Parts", "on hold"),
    ("On Site", "in progress"),
)
OWN_PRIORITIES = (("Emergency", 15), ("Routine", 2))
STATUS_WEIGHTS = (30, 25, 10, 12, 8, 6, 4, 5)
PRIORITY_WEIGHTS = (20, 45, 18, 7, 4, 6)
CLOSED_SHARE = 0.15


def seed_world(world: KoreWorld, now: int, tasks: int, cases: int) -> None:
    """People and words of the account, `cases` cases and `tasks` tasks of the last sixty days."""
    for name in (*fieldwork.BOTH_SIDES, *fieldwork.KORE_ONLY):
        world.add_agent(name)
    for name, category in OWN_STATUSES:
        world.add_status(name, category)
    for name, score in OWN_PRIORITIES:
        world.add_priority(name, score)
    made = [_add_case(world, now, number) for number in range(cases)]
    ages = sorted((world.rng.randrange(DAY, SPREAD_DAYS * DAY) for _ in range(tasks)), reverse=True)
    for age in ages:
        _add_task(world, now, age, world.rng.choice(made))


def _add_case(world: KoreWorld, now: int, number: int) -> Record:
    """One case, open or (a few) closed; the first is always open."""
    rng = world.rng
    is_closed = number > 0 and rng.random() < CLOSED_SHARE
    record = Record(
        id=short_id("ci", rng),
        ref=world.next_ref("CS"),
        name=fieldwork.title(rng),
        desc=fieldwork.description(rng),
        customer=world.customer_of(dict(fieldwork.customer(rng, number))),
        status_id=world.status_named("Closed" if is_closed else "Open").id,
        **_made(world, now - SPREAD_DAYS * DAY - number),
    )
    return world.put_case(record)


def _add_task(world: KoreWorld, now: int, age: int, case: Record) -> None:
    """One task, made `age` milliseconds ago and changed some time after."""
    rng = world.rng
    record = Record(
        id=short_id("ti", rng),
        ref=world.next_ref("TS"),
        name=fieldwork.title(rng),
        case_id=case.id,
        case_ref=case.ref,
        customer=case.customer,
        status_id=world.status_named("Open").id,
        **_made(world, now - age),
    )
    changed = now - rng.randrange(0, age)
    after = edited(record, _fields(world, now), world, changed)
    world.put_task(replace(after, updated_ms=changed, updated_by=_someone(world)))


def _fields(world: KoreWorld, now: int) -> Any:
    rng = world.rng
    statuses = [status.name for status in world.statuses.values()]
    priorities = [priority.name for priority in world.priorities.values()]
    due = now + rng.randrange(-20, 40) * DAY
    fields: dict[str, Any] = {
        "desc": fieldwork.description(rng),
        "status": rng.choices(statuses, _weights(STATUS_WEIGHTS, len(statuses)))[0],
        "priority": rng.choices(priorities, _weights(PRIORITY_WEIGHTS, len(priorities)))[0],
        "due": None if rng.random() < 0.4 else fieldwork.moment(due),
        "tags": rng.sample(fieldwork.TAGS, rng.randrange(3)),
    }
    placed = rng.random()
    if placed < 0.55:
        fields["assignee"] = rng.choice(list(world.agents))
    elif placed < 0.7:
        fields["queue"] = rng.choice(list(world.queues))
    return fields


def _someone(world: KoreWorld) -> Author:
    agent = world.rng.choice(list(world.agents.values()))
    return Author(id=agent.agent_id, name=agent.name)


def _made(world: KoreWorld, at: int) -> dict[str, Any]:
    author = _someone(world)
    return {
        "priority_id": world.priority_named("Medium").id,
        "created_ms": at,
        "updated_ms": at,
        "created_by": author,
        "updated_by": author,
    }


def _weights(known: tuple[int, ...], count: int) -> list[int]:
    """The weights, with ones for words that were added before or after."""
    return [*known, *([1] * count)][:count]
