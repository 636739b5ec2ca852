"""The world of the demo: both simulated services, filled, and a bridge configured for them.

Everything in it is made up, and the same seed makes the same one. Some people are named alike on
both sides, some are joined by a row of the people table, and one on each side has no counterpart.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bridge.bootstrap import Bridge, Listeners, SystemClock, bridge_for
from bridge.cli.demo_screen import Screen
from bridge.cli.invocation import Invocation
from bridge.domain.side import Side
from bridge.logs import LogEvents
from bridge.sandbox import KoreSwitches, People, Sandbox, describe_connection
from bridge.sandbox.moments import from_ms
from bridge.sync.backfill import Backfill, run_backfill
from bridge.sync.cycle import Outcome, Wish, run_cycle
from bridge.sync.desk import Desk
from bridge.sync.survey import Survey, survey

# Whom the people table joins; all others are found by equal names, or not at all.
TWINS = {"Agent Three": "Gita Field", "Finn Hotline": "Hugo Van", "Eve Desk": "Ines Ladder"}
NEWCOMER = "Nils Newcomer"
UNROUTED = ("Inspection", "INS")
GENEROUS = "limits = [{ calls = 100000, seconds = 60 }]"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is to see. `pace`: seconds from the beginning of a cycle to the next."""

    kore_tasks: int
    v2_tasks: int
    cases: int
    cycles: int
    pace: float


WHOLE = Size(kore_tasks=70, v2_tasks=50, cases=9, cycles=12, pace=1.0)
QUICK = Size(kore_tasks=14, v2_tasks=10, cases=4, cycles=4, pace=0.4)


@dataclass(slots=True, kw_only=True)
class Stage:
    """What every scene works with."""

    sandbox: Sandbox
    people: People
    bridge: Bridge
    screen: Screen
    size: Size

    def cycle(self) -> tuple[Outcome, Desk]:
        """One cycle, as the daemon runs it."""
        desk = self.bridge.desk()
        return run_cycle(desk, Wish(sweep_seconds=0)), desk

    def backfill(self) -> Outcome:
        """Link and create everything."""
        return run_backfill(self.bridge.desk(), Backfill())

    def look(self) -> Survey:
        """Both sides read whole, as `task-bridge report` does."""
        desk = self.bridge.desk(is_dry=True)
        try:
            return survey(desk, self.bridge.settings.sync.give_up_seconds, lambda *_: False)
        finally:
            desk.store.close()

    def changed_at(self, side: Side, task_id: str) -> datetime:
        """When a task last changed, by its own service's clock."""
        if side is Side.KORE:
            return from_ms(self.sandbox.kore.world.tasks.rows[task_id].updated_ms)
        return from_ms(self.sandbox.v2.world.tasks.rows[task_id].modified_ms)


def new_sandbox(size: Size, seed: int) -> Sandbox:
    """Both services as documented, unkind where nobody knows better, and filled."""
    kore = KoreSwitches(limits=())
    sandbox = Sandbox(kore=kore, seed=seed)
    sandbox.kore.seed(tasks=size.kore_tasks, cases=size.cases)
    sandbox.v2.seed(tasks=size.v2_tasks)
    sandbox.kore.add_agent(NEWCOMER)
    return sandbox


@contextmanager
def set_up(
    invocation: Invocation, sandbox: Sandbox, size: Size, seed: int, folder: Path, screen: Screen
) -> Iterator[Stage]:
    """The stage over services that serve already; a signal stops its clock."""
    file = folder / "bridge.toml"
    file.write_text(configuration(sandbox, folder), encoding="utf-8")
    # Nothing of the environment: a demo never reaches a service that somebody works with.
    settings = replace(invocation, config=file, environ={}).settings()
    clock = SystemClock()
    listeners = Listeners([LogEvents()] if invocation.is_verbose else [])
    with (
        invocation.signals.asking(clock.stop),
        bridge_for(settings, listeners, clock) as bridge,
    ):
        people = People(sandbox, seed)
        yield Stage(sandbox=sandbox, people=people, bridge=bridge, screen=screen, size=size)


def configuration(sandbox: Sandbox, folder: Path) -> str:
    """The configuration of this bridge: a route for every task type, and the people table."""
    head, _, tail = describe_connection(sandbox).partition("[[kore.routes]]")
    head = head.replace("[kore]", f'[kore]\nunobserved = "probe"\n{GENEROUS}', 1)
    database = json.dumps(f"sqlite:///{folder.resolve() / 'task-bridge.db'}")
    rest = REST.format(database=database)
    v2 = tail.partition("[v2]")[2]
    return f"{head.rstrip()}\n{_routes(sandbox)}\n[v2]{v2}{rest}{_twins(sandbox)}"


def _routes(sandbox: Sandbox) -> str:
    cases = [case["refId"] for case in sandbox.kore.cases.values() if not _is_closed(case)]
    kinds = [kind["name"] for kind in sandbox.v2.task_types.values()]
    return "".join(
        ROUTE.format(
            kind=kind,
            case=cases[number % len(cases)],
            template=sandbox.kore.task_template_id,
        )
        for number, kind in enumerate(kinds)
    )


def _is_closed(case: dict[str, dict[str, str]]) -> bool:
    return case["status"]["name"] == "Closed"


def _twins(sandbox: Sandbox) -> str:
    agents = {agent["name"]: agent["agentId"] for agent in sandbox.kore.agents}
    users = {user.name: user.id for user in sandbox.v2.world.users.values()}
    return "".join(
        TWIN.format(kore=agents[kore], v2=users[v2], name=f"{kore} is {v2}")
        for kore, v2 in TWINS.items()
    )
