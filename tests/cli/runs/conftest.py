"""A pair of simulated services with a configuration that names them, and a clock that hurries."""

import copy
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from bridge import bootstrap
from bridge.cli.main import run
from bridge.config import load
from bridge.domain.side import Side
from bridge.sandbox import KoreSwitches, Sandbox, describe_connection
from bridge.store.unit import SqlUnit
from tests.cli.conftest import Ran, Run

USUAL = {
    "kore": ['unobserved = "probe"', "limits = [{calls = 100000, seconds = 60}]"],
    "sync": ["give_up_seconds = 0", "lease_seconds = 2"],
}


class Hurried(bootstrap.SystemClock):
    """A clock that is ahead by what was slept, so that nobody really waits."""

    ahead: ClassVar[timedelta] = timedelta()
    slept: ClassVar[list[float]] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + Hurried.ahead

    def sleep(self, seconds: float) -> None:
        self.check()
        Hurried.slept.append(seconds)
        Hurried.ahead += timedelta(seconds=max(0.0, seconds))


@dataclass
class Pair:
    """Two services, the configuration that names them, and the database of the pair."""

    sandbox: Sandbox
    path: Path
    database: Path
    run: Run

    def configure(self, replaced: dict[str, str] | None = None, **lines: list[str]) -> None:
        """Write the configuration anew: these lines first in their sections, texts replaced."""
        text = describe_connection(self.sandbox)
        for section, added in {**USUAL, **lines}.items():
            if f"[{section}]" not in text:
                text += f"\n[{section}]\n"
            text = text.replace(f"[{section}]", "\n".join([f"[{section}]", *added]), 1)
        for before, after in (replaced or {}).items():
            text = text.replace(before, after)
        self.path.write_text(text, encoding="utf-8")

    def seed(self, kore: int = 3, v2: int = 2) -> None:
        """So many plain tasks on each side, with values that every account knows."""
        case = next(iter(self.sandbox.kore.cases))
        for number in range(kore):
            self.sandbox.kore.add_task(case_id=case, name=f"Kore {number}", desc=f"desk {number}")
        for number in range(v2):
            self.sandbox.v2.add_task(title=f"Field {number}", description=f"van {number}")

    def quietly(self, *arguments: str) -> Ran:
        """The command with `-q`: what stands on stderr then is meant for people."""
        return self.run("-q", *arguments)

    def result(self, *arguments: str) -> Any:
        """What a command prints as JSON, whatever its exit code."""
        ran = self.quietly(*arguments, "--format", "json")
        assert ran.out, ran.err
        return json.loads(ran.out)

    @contextmanager
    def unit(self) -> Iterator[SqlUnit]:
        """A transaction of the pair's database."""
        store = bootstrap.store_for(load(self.path, {}), bootstrap.SystemClock())
        try:
            with store.begin() as unit:
                yield unit
        finally:
            store.close()

    def dump(self) -> dict[str, list[Any]]:
        """All rows of all tables but the record of calls."""
        with closing(sqlite3.connect(self.database)) as connection:
            wanted = "SELECT name FROM sqlite_master WHERE type = 'table'"
            names = [name for (name,) in connection.execute(wanted) if name != "calls"]
            return {name: list(connection.execute(f"SELECT * FROM {name}")) for name in names}

    def writes(self) -> list[str]:
        """The operations of all calls so far that change something."""
        calls = [*self.sandbox.kore.calls, *self.sandbox.v2.calls]
        return [one.operation for one in calls if one.operation in WRITES]

    def counts(self) -> tuple[int, int]:
        """How many tasks each service has."""
        return len(self.sandbox.kore.tasks), len(self.sandbox.v2.tasks)


WRITES = {"createTask", "updateTask", "createCase", "updateCase", "completeTask", "deleteTasks"}
Lend = Callable[[str], None]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> type[Hurried]:
    monkeypatch.setattr(bootstrap, "SystemClock", Hurried)
    monkeypatch.setattr(Hurried, "ahead", timedelta())
    monkeypatch.setattr(Hurried, "slept", [])
    return Hurried


@dataclass
class Stage:
    """The services, which run for all tests, and the worlds that a test begins with.

    `linked` and `database` are of a pair whose five tasks are linked and in step.
    """

    sandbox: Sandbox
    empty: tuple[Any, Any]
    linked: tuple[Any, Any] = ()  # type: ignore[assignment] # set once it is made
    database: bytes = b""

    def worlds(self) -> tuple[Any, Any]:
        """Copies of the worlds as they are."""
        return copy.deepcopy((self.sandbox.kore.world, self.sandbox.v2.world))

    def play(self, worlds: tuple[Any, Any]) -> None:
        """Begin with these worlds; nothing of the test before is left."""
        self.sandbox.kore.world, self.sandbox.v2.world = copy.deepcopy(worlds)
        for service in (self.sandbox.kore, self.sandbox.v2):
            service.faults.release()
            service.faults.clear()
            service.clear_calls()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    clock = Hurried()
    with Sandbox(kore=KoreSwitches(limits=()), clock=clock.now) as sandbox:
        sandbox.kore.add_case(name="Boiler room")
        found = Stage(sandbox, (sandbox.kore.world, sandbox.v2.world))
        found.empty = found.worlds()
        pair = Pair(sandbox, folder / "bridge.toml", folder / "task-bridge.db", _run_in(folder))
        pair.configure()
        pair.seed()
        ran = pair.quietly("backfill")
        assert (ran.code, pair.counts()) == (0, (5, 5)), ran.err
        found.linked, found.database = found.worlds(), pair.database.read_bytes()
        yield found


def _run_in(folder: Path) -> Run:
    """Command lines on the database of a folder, without a fixture of one test."""

    def call(*arguments: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        environ = {"TASK_BRIDGE_DATABASE__URL": f"sqlite:///{folder}/task-bridge.db"}
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["--config", str(folder / "bridge.toml"), *arguments], environ)
        return Ran(code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture
def pair(folder: Path, bridge: Run, hurried: type[Hurried], stage: Stage) -> Pair:
    """A pair with a case in Kore and no task; with no database yet."""
    stage.play(stage.empty)
    path = folder / "config" / "bridge.toml"
    path.parent.mkdir()
    pair = Pair(stage.sandbox, path, folder / "task-bridge.db", bridge)
    pair.configure()
    return pair


@pytest.fixture
def linked(pair: Pair, stage: Stage) -> Pair:
    """A pair whose five tasks are linked and in step."""
    stage.play(stage.linked)
    pair.database.write_bytes(stage.database)
    return pair


@pytest.fixture
def lend(pair: Pair) -> Lend:
    """`lend("owner")` gives the lease to another process for a minute."""

    def give(owner: str) -> None:
        with pair.unit() as unit:
            unit.take_lease(owner, bootstrap.SystemClock().now(), 60.0)

    return give


def first_id(pair: Pair, side: Side) -> str:
    """The id of the oldest task of a side."""
    tasks = pair.sandbox.kore.tasks if side is Side.KORE else pair.sandbox.v2.tasks
    return next(iter(tasks))
