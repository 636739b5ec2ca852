"""Simulated services with pairs of tasks that are one: `python -m benchmarks.pairs --pairs 20000`.

Prints a configuration for the bridge, serves on 127.0.0.1 and ends when its standard input does.
Each v2 task carries the marker of a Kore task and agrees with it in every field, so that a first
`backfill` links them all and writes nothing.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Literal

from benchmarks.services import distant_services
from bridge.sandbox import KoreSwitches, Sandbox, V2Switches, describe_connection
from bridge.sandbox.kore.record import Author, Record
from bridge.sandbox.kore.world import KoreWorld
from bridge.sandbox.moments import Clock, utc_now
from bridge.sandbox.v2.fields import edited
from bridge.sandbox.v2.world import V2World

STATUSES = (("Open", "open"), ("In Progress", "in_progress"), ("Resolved", "completed"))
PRIORITIES = (("Low", "low"), ("Medium", "medium"), ("High", "high"))
WORDS = len(STATUSES) * len(PRIORITIES)
FIRST_MS, STEP_MS = 1_780_000_000_000, 250
TASKS_A_CASE = 50
Rows = Literal["sparse", "full"]
Half = Literal["both", "kore", "v2"]
UNLIMITED_V2 = V2Switches(limits=())


def build(
    pairs: int,
    rows: Rows = "full",
    *,
    only: Half = "both",
    v2: V2Switches = UNLIMITED_V2,
    delay_seconds: float = 0.0,
    clock: Clock = utc_now,
) -> Sandbox:
    """Both services with so many pairs, or one half of each, not started yet.

    `rows` is the switch `kore.rows`. Tasks of v2 alone carry no marker: they come from nowhere.
    The first few are pairs all the same, for every word to have been seen in Kore once.
    """
    switches = KoreSwitches(rows=rows, limits=())
    sandbox = distant_services(switches, v2, delay_seconds=delay_seconds, clock=clock)
    cases = open_cases(sandbox, max(1, pairs // TASKS_A_CASE))
    for number in range(pairs):
        case = cases[number % len(cases)]
        half = "both" if number < WORDS else only
        record = None if half == "v2" else add_kore_task(sandbox.kore.world, case, number)
        if half != "kore":
            _v2_task(sandbox.v2.world, record, number)
    return sandbox


def open_cases(sandbox: Sandbox, count: int) -> list[Record]:
    """So many open cases for tasks to be in."""
    world = sandbox.kore.world
    sandbox.kore.seed(tasks=0, cases=count)
    return [case for case in world.cases.rows.values() if not world.is_closed(case.id)]


def add_kore_task(world: KoreWorld, case: Record, number: int) -> Record:
    """A task of that number in the case; the same number makes the same task."""
    agent = next(iter(world.agents.values()))
    author = Author(id=agent.agent_id, name=agent.name)
    at = FIRST_MS + number * STEP_MS
    record = Record(
        id=f"ti-{number:08d}",
        ref=world.next_ref("TS"),
        name=title(number),
        desc=text(number),
        case_id=case.id,
        case_ref=case.ref,
        customer=case.customer,
        status_id=world.status_named(STATUSES[number % 3][0]).id,
        priority_id=world.priority_named(PRIORITIES[number // 3 % 3][0]).id,
        created_ms=at,
        updated_ms=at,
        created_by=author,
        updated_by=author,
    )
    return world.put_task(record)


def _v2_task(world: V2World, origin: Record | None, number: int) -> None:
    at = FIRST_MS + number * STEP_MS + 1
    kind = next(iter(world.task_types))
    task = edited(
        world.fresh_task(kind, world.self_user_id, at),
        {
            "title": title(number),
            "description": f"{text(number)}\n\n{_marker(origin)}" if origin else text(number),
            "task_status": STATUSES[number % 3][1],
            "priority": PRIORITIES[number // 3 % 3][1],
        },
    )
    world.put(task, world.self_user_id, at)


def _marker(origin: Record) -> str:
    return f"[task-bridge kore:{origin.ref} {origin.id} case {origin.case_ref}]"


def title(number: int) -> str:
    """What the task of that number is called; no other is."""
    return f"Boiler {number} makes a noise"


def text(number: int) -> str:
    """What the task of that number says."""
    return f"On floor {number % 9}. Please call before {number % 12 + 8} o'clock."


def main(words: Sequence[str]) -> int:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pairs")
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--rows", choices=("sparse", "full"), default="full")
    wanted = parser.parse_args(words)
    with build(wanted.pairs, wanted.rows) as sandbox:
        limits = describe_connection(sandbox).replace("[kore]\n", "[kore]\nlimits = []\n")
        sys.stdout.write(limits)
        sys.stdout.close()
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
