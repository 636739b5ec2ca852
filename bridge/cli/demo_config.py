"""The configuration of the demo's bridge: a route for every task type, and who is who.

Some people are named alike on both sides and found by that, some are joined by rows of the people
table, and one on each side has no counterpart.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from bridge.sandbox import Sandbox, describe_connection

# Whom the people table joins; all others are found by equal names, or not at all.
TWINS = {
    "Agent One": "Agent One",
    "Agent Two": "Agent Two",
    "Agent Three": "Gita Field",
    "Finn Hotline": "Hugo Van",
    "Eve Desk": "Ines Ladder",
}
KORE = """\
[kore]
unobserved = "probe"
limits = [{{ calls = 100000, seconds = 60 }}]
status_ids = {statuses}
priority_ids = {priorities}"""
REST = """
[database]
url = {database}

[sync]
# One write at a time, so that the same seed tells the same story.
workers = 1
poll_seconds = 1

[people]
match_name = true

[log]
level = "error"

[[priority]]
kore = "Emergency"
v2 = "urgent"
default = "to-v2"

[[priority]]
kore = "Routine"
v2 = "low"
default = "to-v2"
"""
ROUTE = """
[[kore.routes]]
task_type = "{kind}"
case = "{case}"
task_template = "{template}"
"""
TWIN = """
[[people.table]]
kore = "{kore}"
v2 = "{v2}"
name = "{name}"
"""


def configuration(sandbox: Sandbox, folder: Path) -> str:
    """The configuration of this bridge: a route for every task type, and the people table."""
    head, _, tail = describe_connection(sandbox).partition("[[kore.routes]]")
    kore = KORE.format(
        statuses=_ids(sandbox.kore.statuses), priorities=_ids(sandbox.kore.priorities)
    )
    head = head.replace("[kore]", kore, 1)
    database = json.dumps(f"sqlite:///{folder.resolve() / 'task-bridge.db'}")
    rest = REST.format(database=database)
    v2 = tail.partition("[v2]")[2]
    return f"{head.rstrip()}\n{_routes(sandbox)}\n[v2]{v2}{rest}{_twins(sandbox)}"


def _ids(words: Iterable[Mapping[str, str]]) -> str:
    """Names and ids, where no record shows them, as a table in one line."""
    pairs = (f"{json.dumps(word['name'])} = {json.dumps(word['_id'])}" for word in words)
    return f"{{ {', '.join(pairs)} }}"


def _routes(sandbox: Sandbox) -> str:
    cases = [case["refId"] for case in sandbox.kore.cases.values()]
    kinds = [kind["name"] for kind in sandbox.v2.task_types.values()]
    return "".join(
        ROUTE.format(
            kind=kind,
            case=cases[number % len(cases)],
            template=sandbox.kore.task_template_id,
        )
        for number, kind in enumerate(kinds)
    )


def _twins(sandbox: Sandbox) -> str:
    agents = {agent["name"]: agent["agentId"] for agent in sandbox.kore.agents}
    users = {user.name: user.id for user in sandbox.v2.world.users.values()}
    return "".join(
        TWIN.format(kore=agents[kore], v2=users[v2], name=f"{kore} is {v2}")
        for kore, v2 in TWINS.items()
    )
