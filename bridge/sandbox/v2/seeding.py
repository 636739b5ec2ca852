"""A believable v2 company, made from its seed."""

from dataclasses import replace
from typing import Any

from bridge.sandbox import fieldwork
from bridge.sandbox.v2.fields import edited
from bridge.sandbox.v2.task import PRIORITIES, STATUSES
from bridge.sandbox.v2.world import V2World

DAY = 86_400_000
SPREAD_DAYS = 60
STATUS_WEIGHTS = (20, 25, 25, 8, 16, 6)


def seed_world(world: V2World, now: int, tasks: int) -> None:
    """People, and `tasks` tasks whose times lie within the last sixty days."""
    for name in (*fieldwork.BOTH_SIDES, *fieldwork.V2_ONLY):
        world.add_user(name)
    world.add_user("Otto Gone", is_active=False)
    ages = sorted((world.rng.randrange(DAY, SPREAD_DAYS * DAY) for _ in range(tasks)), reverse=True)
    for age in ages:
        _add(world, now, age)


def _add(world: V2World, now: int, age: int) -> None:
    """One task, made `age` milliseconds ago and changed some time after."""
    rng = world.rng
    author = rng.choice(list(world.users))
    kind = rng.choice(list(world.task_types))
    task = edited(world.fresh_task(kind, author, now - age), _fields(world, now))
    if rng.random() < 0.05:
        task = replace(task, identifier=None)
    world.put(task, author, now - rng.randrange(0, age))


def _fields(world: V2World, now: int) -> Any:
    rng = world.rng
    customer = fieldwork.customer(rng, rng.randrange(1000))
    due = now + rng.randrange(-20, 40) * DAY
    status = rng.choices(STATUSES, STATUS_WEIGHTS)[0]
    return {
        "title": None if rng.random() < 0.04 else fieldwork.title(rng),
        "description": fieldwork.description(rng) or None,
        "task_status": None if rng.random() < 0.04 else status,
        "priority": None if rng.random() < 0.15 else rng.choice(PRIORITIES),
        "assignee": rng.choice([*world.users, None, None]),
        "due": None if rng.random() < 0.4 else fieldwork.moment(due),
        "tags": rng.sample(fieldwork.TAGS, rng.randrange(3)),
        "contact_person": customer["name"] if rng.random() < 0.6 else None,
        "email": customer["emailId"] if rng.random() < 0.6 else None,
        "telephone": customer["phoneNumber"] if rng.random() < 0.3 else None,
        "customers": [customer["name"]] if rng.random() < 0.5 else [],
    }
