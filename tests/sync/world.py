"""A small world to keep in step: the simulated services, a database, a clock that tests move.

The oracle (`mismatches`) compares the two services' own records by rules written down here once
more, so that it does not believe what it tests.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bridge.bootstrap import Bridge, Listeners, bridge_for
from bridge.config import load
from bridge.domain.marker import without_marker
from bridge.domain.operation import Outcome as Result
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.side import Side
from bridge.errors import Stopped
from bridge.ports import LinkView
from bridge.sandbox import KoreSwitches, Sandbox, V2Switches, describe_connection
from bridge.sync.backfill import Backfill, run_backfill
from bridge.sync.cycle import Outcome, Wish, run_cycle
from bridge.sync.tally import Report
from tests.watched import Heard, MovableClock

AGREE = {
    "open": {"new", "open"},
    "inprogress": {"in_progress", "in_review"},
    "onhold": {"open", "in_progress"},
    "resolved": {"in_review", "completed"},
    "closed": {"completed", "cancelled"},
}
PRIORITIES = {"low": "low", "medium": "medium", "high": "high", "critical": "urgent"}


class World:
    """Both services, the bridge between them, and what people do."""

    def __init__(self, sandbox: Sandbox, bridge: Bridge, clock: MovableClock, heard: Heard) -> None:
        self.sandbox = sandbox
        self.bridge = bridge
        self.clock = clock
        self.heard = heard
        self.reports: list[Report] = []

    @property
    def kore(self) -> Any:
        return self.sandbox.kore

    @property
    def v2(self) -> Any:
        return self.sandbox.v2

    def backfill(self, **wanted: Any) -> Outcome:
        desk = self.bridge.desk()
        outcome = run_backfill(desk, Backfill(**wanted))
        self.reports = desk.tally.reports
        return outcome

    def sync(self, *, is_full: bool = False, is_dry: bool = False) -> Outcome:
        self.clock.pass_time(5)
        desk = self.bridge.desk(is_dry=is_dry)
        wish = Wish(sweep_seconds=None, forces_sweep=True) if is_full else Wish()
        outcome = run_cycle(desk, wish)
        self.reports = desk.tally.reports
        return outcome

    def written(self) -> list[Report]:
        """The operations of the last run that changed something."""
        return [one for one in self.reports if one.outcome is Result.DONE]

    def links(self) -> list[LinkView]:
        with self.bridge.store.begin() as unit:
            return list(unit.all_links())

    def waits(self, *kinds: WaitKind) -> list[Wait]:
        with self.bridge.store.begin() as unit:
            return list(unit.waits(kinds))

    def counterpart(self, side: Side, task_id: str) -> dict[str, Any]:
        """The record across of a linked task, as the other service holds it."""
        with self.bridge.store.begin() as unit:
            link = unit.links_of(side, [task_id])[task_id]
        other = link.task_id(side.other)
        assert other is not None, f"{task_id} has no counterpart"
        tasks = self.kore.tasks if side is Side.V2 else self.v2.tasks
        return dict(tasks[other])

    def mismatches(self) -> list[str]:
        """Every difference between linked pairs, by the test's own rules."""
        found = []
        for view in self.links():
            link = view.link
            if link.kore_id is None or link.v2_id is None:
                found.append(f"{link.kore_id}/{link.v2_id} is half a link")
                continue
            kore, v2 = self.kore.tasks[link.kore_id], self.v2.tasks[link.v2_id]
            found += [f"{link.kore_id}: {text}" for text in differences(kore, v2, link.stand_in)]
        return found

    def doubles(self) -> list[str]:
        """Tasks that bear the marker of the same origin."""
        seen: dict[str, int] = {}
        records = (*self.kore.tasks.values(), *self.v2.tasks.values())
        for record in records:
            text = record.get("desc") or record.get("description") or ""
            if "[task-bridge " in text:
                line = text[text.rindex("[task-bridge ") :].split("]")[0]
                seen[line] = seen.get(line, 0) + 1
        return [line for line, count in seen.items() if count > 1]


def differences(kore: Mapping[str, Any], v2: Mapping[str, Any], stand_in: str = "") -> list[str]:
    """In which fields a Kore record and a v2 record do not mean the same."""
    pairs = {
        "title": (kore["name"], v2["title"] or stand_in or kore["name"]),
        "description": (_plain(kore.get("desc")), _plain(v2.get("description"))),
        "due": (_moment(kore.get("dueDate")), _moment(v2.get("dueDate"))),
    }
    found = [f"{name}: {one!r} / {two!r}" for name, (one, two) in pairs.items() if one != two]
    category = kore["status"]["statusCategory"].lower().replace("-", "").replace(" ", "")
    category = category.replace("_", "")
    if (v2.get("taskStatus") or "new") not in AGREE[category]:
        found.append(f"status: {category} / {v2.get('taskStatus')}")
    wanted = PRIORITIES.get(kore["priority"]["name"].lower())
    if v2.get("priority") and wanted and v2["priority"] != wanted:
        found.append(f"priority: {wanted} / {v2['priority']}")
    return found


def _plain(text: str | None) -> str:
    lines = without_marker(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _moment(value: Any) -> datetime | None:
    if value in (None, "", 0):
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value / 1000, UTC)
    return datetime.fromisoformat(str(value).replace("Z", "+00:00"))


@contextmanager
def a_world(
    folder: Path,
    *,
    kore: KoreSwitches | None = None,
    v2: V2Switches | None = None,
    seeds: tuple[int, int] | None = None,
    **settings: str,
) -> Iterator[World]:
    """A started world; `settings` are dotted keys, with `__` for the dot, as TOML values."""
    clock, heard = MovableClock(), Heard()
    sandbox = Sandbox(kore=kore or KoreSwitches(limits=()), v2=v2 or V2Switches(), clock=clock.now)
    with sandbox:
        if seeds is None:
            sandbox.kore.add_case(name="Broken boiler", customer=CUSTOMER)
        else:
            sandbox.kore.seed(tasks=seeds[0], cases=6)
            sandbox.v2.seed(tasks=seeds[1])
        clock.pass_time(60)
        file = folder / "bridge.toml"
        file.write_text(describe_connection(sandbox))
        environ = {
            "TASK_BRIDGE_KORE__UNOBSERVED": "probe",
            "TASK_BRIDGE_KORE__LIMITS": "[]",
            "TASK_BRIDGE_DATABASE__URL": f"sqlite:///{folder / 'bridge.db'}",
        }
        environ |= {f"TASK_BRIDGE_{key.upper()}": value for key, value in settings.items()}
        listeners = Listeners([heard])
        with bridge_for(load(file, environ), listeners, clock) as bridge:
            yield World(sandbox, bridge, clock, heard)


CUSTOMER = {"name": "Ada Winter", "emailId": "ada.winter@example.com", "phoneNumber": "+4912345"}

__all__ = ["Heard", "MovableClock", "Stopped", "World", "a_world", "differences"]
