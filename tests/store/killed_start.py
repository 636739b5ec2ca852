"""Starts a database for the first time and is killed in the middle, over and over.

Run with a folder and the number of points to be killed at. Everything is imported once; each
start is a fork of this process, killed by SIGKILL at its n-th statement to SQLite. After each it
starts again, unharmed, and prints what it found: `killed ok` or what went wrong.
"""

import os
import signal
import sqlite3
import sys
from pathlib import Path

import alembic.command  # noqa: F401  so that forks do not pay for it
from sqlalchemy import event
from sqlalchemy.pool import Pool

from bridge.resources import migrations_folder
from bridge.store.open import open_store
from tests.store.clocks import MovedClock
from tests.store.samples import KORE, known

NEVER = 10**9


def start(url: str, kill_at: int) -> int:
    """Start in a fork; gives its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        arm(kill_at)
        try:
            use(url)
        except BaseException as error:
            tell(str(error))
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def arm(kill_at: int) -> None:
    statements = 0

    def count(_statement: str) -> None:
        nonlocal statements
        statements += 1
        if statements == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Pool, "connect")
    def watch(connection: sqlite3.Connection, _entry: object) -> None:
        connection.set_trace_callback(count)


def use(url: str) -> None:
    store = open_store(url, "default", MovedClock(), migrations_folder())
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        assert unit.count_tasks(KORE) == 1


def killed_and_started_again(folder: Path, kill_at: int) -> str:
    url = f"sqlite:///{folder}/at-{kill_at}.db"
    first = start(url, kill_at)
    if first not in (0, -signal.SIGKILL):
        return f"the first start ended with {first}"
    second = start(url, NEVER)
    if second:
        return f"the next start ended with {second}"
    return "killed ok" if first else "whole ok"


def all_at_once(folder: Path, count: int) -> str:
    """Several first starts of one database at the same time."""
    url = f"sqlite:///{folder}/together.db"
    children = []
    for _ in range(count):
        child = os.fork()
        if child == 0:
            os._exit(start(url, NEVER) & 0xFF)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    return "together ok" if not any(codes) else f"started together: {codes}"


def tell(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    where = Path(sys.argv[1])
    for point in map(int, sys.argv[2].split(",")):
        tell(killed_and_started_again(where, point))
    tell(all_at_once(where, 4))
