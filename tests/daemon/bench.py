"""Two simulated services, a database file, a clock that tests move, and the log that is written."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bridge.bootstrap import Bridge, Listeners, SystemClock, bridge_for, poll_interval
from bridge.config import load
from bridge.daemon.heart import Heart
from bridge.daemon.lines import Lines
from bridge.daemon.tick import Tick
from bridge.logs import configure
from bridge.sandbox import Sandbox, describe_connection
from bridge.sync.backfill import Backfill, run_backfill

TITLE = "Mend the gate"


class Log(io.StringIO):
    """A stream of JSON lines."""

    def lines(self, *events: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.getvalue().splitlines()]
        return [line for line in found if not events or line["event"] in events]

    def count(self, event: str) -> int:
        return len(self.lines(event))


def write_configuration(sandbox: Sandbox, folder: Path, **sync: float) -> Path:
    """A configuration for this sandbox, its database beside it."""
    own = "".join(f"sync.{name} = {value}\n" for name, value in sync.items())
    body = describe_connection(sandbox)
    body = body.replace("[kore]", '[kore]\nunobserved = "probe"\nlimits = []', 1)
    path = folder / "bridge.toml"
    database = folder / "bridge.db"
    path.write_text(f'database.url = "sqlite:///{database}"\n{own}{body}', encoding="utf-8")
    return path


class Bench:
    """One daemon, a tick at a time. `kore_id` and `v2_id` are a pair, once there is one."""

    kore_id = ""
    v2_id = ""

    def __init__(self, sandbox: Sandbox, bridge: Bridge, clock: Any, log: Log) -> None:
        self.sandbox = sandbox
        self.bridge = bridge
        self.clock = clock
        self.log = log
        self.interval = poll_interval(bridge.settings)
        self.lines = Lines(bridge.store, clock)
        bridge.listeners.all.append(self.lines)
        self.start()

    def restart(self) -> None:
        """As when the program is ended and started again; what was in memory is gone."""
        self.heart.end()
        self.start()

    def start(self) -> None:
        owner, lease_seconds = self.bridge.rules.owner, self.bridge.rules.lease_seconds
        self.heart = Heart(
            self.bridge.store,
            self.clock,
            owner,
            interval_seconds=self.interval,
            lease_seconds=lease_seconds,
        )
        self.daemon = Tick(self.bridge, self.heart, self.lines, self.interval)

    def backfill(self) -> None:
        run_backfill(self.bridge.desk(), Backfill())

    def tick(self, times: int = 1, after: float | None = None) -> None:
        """So many ticks, each an interval (or so many seconds) after the one before."""
        for _ in range(times):
            self.clock.pass_time(self.interval if after is None else after)
            self.daemon.run()

    @property
    def requests(self) -> int:
        return len(self.sandbox.kore.calls) + len(self.sandbox.v2.calls)

    @contextmanager
    def without_kore(self) -> Iterator[None]:
        """Kore is down; it comes back on the same port."""
        self.sandbox.kore.tell_to_stop()
        self.sandbox.kore.join()
        try:
            yield
        finally:
            self.sandbox.kore.start()

    def add_pair(self) -> None:
        """A Kore task and its counterpart, which a backfill makes."""
        case = next(iter(self.sandbox.kore.cases))
        self.kore_id = self.sandbox.kore.add_task(case_id=case, name=TITLE)
        self.backfill()
        found = self.sandbox.v2.tasks.items()
        self.v2_id = next(key for key, task in found if task["title"] == TITLE)

    def begin_anew(self, log: Log) -> None:
        """As just started, long after whatever was before, in a world where all is well."""
        configure("info", "json", Log())
        for service in (self.sandbox.kore, self.sandbox.v2):
            service.on_page = None
            service.faults.clear()
        self.sandbox.kore.edit_task(self.kore_id, name=TITLE)
        self.sandbox.v2.edit_task(self.v2_id, title=TITLE)
        self.clock.go_on()
        self.clock.pass_time(700)
        self.restart()
        self.tick()
        self.log = log
        configure("info", "json", log)
        for service in (self.sandbox.kore, self.sandbox.v2):
            service.clear_calls()


@contextmanager
def opened(
    sandbox: Sandbox, path: Path, clock: SystemClock, log: Log, owner: str = "here:1"
) -> Iterator[Bench]:
    """A bench on a configuration."""
    with bridge_for(load(path, {}), Listeners(), clock) as bridge:
        bridge.rules = replace(bridge.rules, owner=owner)
        yield Bench(sandbox, bridge, clock, log)
