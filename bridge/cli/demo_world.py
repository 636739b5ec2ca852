"""The world of the demo: both simulated services, filled, and a bridge between them.

Everything in it is made up, and the same seed makes the same one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bridge.bootstrap import Bridge, Listeners, SystemClock, bridge_for
from bridge.cli.demo_config import configuration
from bridge.cli.demo_screen import Screen
from bridge.cli.invocation import Invocation
from bridge.domain.side import Side
from bridge.logs import LogEvents
from bridge.sandbox import KoreSwitches, People, Sandbox
from bridge.sandbox.moments import from_ms
from bridge.sync.backfill import Backfill, run_backfill
from bridge.sync.cycle import Outcome, Wish, run_cycle
from bridge.sync.desk import Desk
from bridge.sync.survey import Survey, survey

LEFT_TASKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is to see. `pace`: seconds from the beginning of a cycle to the next."""

    kore_tasks: int
    v2_tasks: int
    cases: int
    cycles: int
    pace: float


WHOLE = Size(kore_tasks=70, v2_tasks=50, cases=9, cycles=16, pace=1.0)
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
    for case_id in sandbox.kore.cases:
        sandbox.kore.reopen_case(case_id)
    # Kore lists no people: the bridge knows those whom a task has shown.
    for agent, task_id in zip(sandbox.kore.agents, list(sandbox.kore.tasks), strict=False):
        sandbox.kore.edit_task(task_id, assignee=agent["agentId"])
    _hand_over(sandbox)
    return sandbox


def _hand_over(sandbox: Sandbox) -> None:
    """Who left and the key's own user do no field work; but a few tasks were forgotten."""
    users = list(sandbox.v2.world.users.values())
    working = [user.id for user in users if user.is_active and user.id != sandbox.v2.self_user_id]
    tasks = sandbox.v2.world.tasks.rows.values()
    idle = [task.id for task in tasks if task.assignee_id and task.assignee_id not in working]
    for number, task_id in enumerate(idle[LEFT_TASKS:]):
        sandbox.v2.edit_task(task_id, assignee=working[number % len(working)])


@contextmanager
def set_up(
    invocation: Invocation, sandbox: Sandbox, size: Size, seed: int, folder: Path, screen: Screen
) -> Iterator[Stage]:
    """The stage over services that serve already; a signal stops its clock."""
    file = folder / "bridge.toml"
    file.touch(mode=0o600)
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
