"""A bridge at work: simulated services over HTTP, its daemon as a process, and what waits there.

Everything is planted as people and services do it, before the daemon starts, so that what waits
stands there however fast the machine is.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from bridge.sandbox import KoreSwitches, Sandbox, describe_connection
from tests.daemon.web.opened import TOKEN, Visitor

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.example/","Open me")'
LONG = "x" * 5_000
HARMFUL = (SCRIPT, FORMULA, LONG)
# A conflict that nobody decides: it is there to be looked at.
SEEN = "Radiator leaks"
DISPUTED, DISPUTED_TOO = "Boiler without pressure", "Gate does not close"
REFUSED, REFUSED_TOO = "Lift is stuck on floor 3", "Smoke alarm beeps"
PLACES = "Flat 17b\nRing twice.\n\nThe key is with the caretaker, who is in until noon."
SETTINGS = """\
sync = { poll_seconds = 1, conflict = "manual" }
log = { level = "info", format = "json" }
console = { listen = "127.0.0.1:0" }
"""


@dataclass(frozen=True)
class Pair:
    """The ids of two tasks that are one."""

    kore_id: str
    v2_id: str


class Working:
    """The services, the folder that the command runs in, and where the console listens."""

    address = ""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.log = folder / "log"
        self.case = sandbox.kore.add_case(name="Mill Lane 12")
        unlimited = "limits = [{calls = 100000, seconds = 60}]"
        body = describe_connection(sandbox).replace("[kore]", f"[kore]\n{unlimited}", 1)
        (folder / "bridge.toml").write_text(f"{SETTINGS}{body}", encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command as a process of its own; what it says goes to the log."""
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "TASK_BRIDGE_CONSOLE__TOKEN": TOKEN}
        command = [sys.executable, "-m", "bridge", "--config", "bridge.toml", *arguments]
        with self.log.open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env=environ, text=True, stdout=log, stderr=log
            )

    def command(self, *arguments: str) -> int:
        """The exit code of a command that ends by itself."""
        code = self.start(*arguments).wait(timeout=60)
        assert code in (0, 1, 3), (arguments, self.log.read_text(encoding="utf-8"))
        return code

    @contextmanager
    def daemon(self) -> Iterator[None]:
        """`run`, until the end of the block; its log lies in the folder."""
        process = self.start("run")
        try:
            until(lambda: self._has_opened(process))
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)

    def _has_opened(self, process: subprocess.Popen[str]) -> bool:
        """Whether the console listens; from then on `address` says where."""
        log = self.log.read_text(encoding="utf-8")
        assert process.poll() is None, log
        opened = re.search(r'\{.*"console open".*\}', log)
        if opened:
            self.address = f"http://127.0.0.1:{json.loads(opened[0])['port']}"
        return opened is not None

    def task(self, name: str) -> str:
        """A Kore task that a person made."""
        return self.sandbox.kore.add_task(case_id=self.case, name=name, desc=PLACES)

    def pair(self, title: str) -> Pair:
        """The two tasks that had that title, whatever they are called since."""
        return self._pairs[title]

    def remember(self) -> None:
        """Which tasks are pairs, by their titles now."""
        v2 = {task["title"]: key for key, task in self.sandbox.v2.tasks.items()}
        kore = {task["name"]: key for key, task in self.sandbox.kore.tasks.items()}
        self._pairs = {name: Pair(key, v2[name]) for name, key in kore.items() if name in v2}

    def titles(self, pair: Pair) -> tuple[str, str]:
        """What the services show now."""
        kore = self.sandbox.kore.tasks[pair.kore_id]["name"]
        return str(kore), str(self.sandbox.v2.tasks[pair.v2_id]["title"])

    def v2_titles(self) -> list[str]:
        """What the tasks of v2 are called now."""
        return [str(task["title"]) for task in self.sandbox.v2.tasks.values()]

    def disagree(self, title: str, kore: str, v2: str) -> None:
        """Both sides rename the task."""
        pair = self.pair(title)
        self.sandbox.kore.edit_task(pair.kore_id, name=kore)
        self.sandbox.v2.edit_task(pair.v2_id, title=v2)


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Look again and again until something is so."""
    ends_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends_at, "it did not come to that"
        time.sleep(0.05)


@contextmanager
def a_working_bridge(folder: Path) -> Iterator[Working]:
    """Two services in step but for what waits: conflicts, refused writes, unmapped values."""
    with Sandbox(kore=KoreSwitches(limits=())) as sandbox:
        working = Working(sandbox, folder)
        sandbox.kore.seed(tasks=12, cases=3)
        sandbox.v2.seed(tasks=6)
        for title in (SEEN, DISPUTED, DISPUTED_TOO, REFUSED, REFUSED_TOO, *HARMFUL):
            working.task(title)
        working.command("backfill")
        working.remember()
        _plant(working)
        with working.daemon():
            _until_it_waits(working)
            # From now on v2 takes titles again.
            sandbox.v2.switches = replace(sandbox.v2.switches, refused_fields=frozenset())
            yield working


@contextmanager
def a_pair_in_step(folder: Path) -> Iterator[Working]:
    """Two services with a pair of tasks between them; no daemon yet."""
    with Sandbox(kore=KoreSwitches(limits=())) as sandbox:
        working = Working(sandbox, folder)
        working.task(SEEN)
        working.command("backfill")
        yield working


def _plant(working: Working) -> None:
    sandbox = working.sandbox
    working.disagree(SEEN, f"{SEEN}, urgent", f"{SEEN} since Monday")
    working.disagree(DISPUTED, f"{DISPUTED}, urgent", f"{DISPUTED} since Monday")
    working.disagree(DISPUTED_TOO, "Gate does not open", "Gate is stuck")
    working.disagree(LONG, f"{LONG} of Kore", f"{LONG} of v2")
    sandbox.v2.switches = replace(sandbox.v2.switches, refused_fields=frozenset({"title"}))
    for title in (REFUSED, REFUSED_TOO, FORMULA):
        sandbox.kore.edit_task(working.pair(title).kore_id, name=f"{title}, tried twice")
    sandbox.kore.edit_task(working.pair(SCRIPT).kore_id, desc=f"{SCRIPT}\n{FORMULA}\n{LONG}")


def _until_it_waits(working: Working) -> None:
    visitor = Visitor(httpx.URL(working.address))
    with closing(visitor):
        visitor.log_in()
        until(lambda: visitor.read("/conflicts").count('<li class="card">') == 4)
        until(lambda: visitor.read("/failures").count("title cannot be changed") == 3)
