"""One harness: its time, its services, its database, and the forks that are the bridge.

Between two phases of a scenario nothing runs: the database, the services and the time are all
there is. They can be kept, and brought back.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.config import Settings, load
from tests.proof.sweep.clock import SharedTime
from tests.proof.sweep.database import made_at
from tests.proof.sweep.fork import Done, forked
from tests.proof.sweep.player import Player
from tests.proof.sweep.points import LATE_SECONDS, TOO_LATE_SECONDS, Fate, Point
from tests.proof.sweep.scenario import NEW_DATABASE, NO_DATABASE, Configure, Scenario
from tests.proof.sweep.services import Services
from tests.proof.sweep.warm import WARM, warmed
from tests.proof.sweep.watch import Trap, Watch

USUAL_SETTINGS = {
    "kore__unobserved": "probe",
    "kore__limits": "[]",
    "people__match_name": "true",
    "sync__workers": "1",
}
MEMORY = Path("/dev/shm")
RESTART_SECONDS = 1.0
MARGIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class State:
    """All there is between two phases."""

    services: bytes
    files: Mapping[str, bytes]
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Played:
    """What a fork passed, whether its trap struck, and what its work gave."""

    points: list[Point]
    has_struck: bool
    value: Any


class Stage:
    """The harness of one process, which has no other thread."""

    def __init__(self) -> None:
        self.time = SharedTime()
        self._services = Services(self.time)
        place = MEMORY if MEMORY.is_dir() else None
        self._folder = Path(tempfile.mkdtemp(prefix="task-bridge-sweep-", dir=place))
        self._url = f"sqlite:///{self._folder / 'bridge.db'}"
        self._new_database = self._database_at("head")
        warmed(self._warm_up)

    def close(self) -> None:
        self._services.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def begin(self, scenario: Scenario) -> dict[int, Settings]:
        """A new world and database; gives the settings of each phase, and after the last."""
        self.time.milliseconds = 0
        begun = self._services.order("begin", scenario.kore, scenario.v2)
        file = self._folder / "bridge.toml"
        file.write_text(begun.configuration)
        self._put_files(self._database_of(scenario))
        settings = {}
        given = {
            **USUAL_SETTINGS,
            "database__url": self._url,
            "kore__status_ids": json.dumps(begun.status_ids),
            "kore__priority_ids": json.dumps(begun.priority_ids),
            **scenario.settings,
        }
        for number, phase in enumerate((*scenario.phases, None)):
            if isinstance(phase, Configure):
                given |= phase.settings
            environment = {f"TASK_BRIDGE_{key.upper()}": one for key, one in given.items()}
            settings[number] = load(file, environment)
        return settings

    def play(
        self,
        scenario: Scenario,
        settings: Mapping[int, Settings],
        work: Callable[[Player], Any],
        trap: Trap | None = None,
    ) -> Done:
        """Let a fork be the bridge; its value is a Played."""

        def played() -> Played:
            watch = Watch(self._services, trap)
            watch.install()
            value = work(Player(scenario, settings, self.time, self._services, watch))
            return Played(watch.points, watch.has_struck, value)

        done = forked(played)
        if done.is_killed:
            self.time.move(RESTART_SECONDS)
        return done

    def latest(self, fate: Fate) -> float:
        """The moment by which a write that leaves now is applied, also if it is late."""
        seconds = {Fate.LATE: LATE_SECONDS, Fate.TOO_LATE: TOO_LATE_SECONDS}.get(fate)
        return 0.0 if seconds is None else self.time.seconds + seconds + MARGIN_SECONDS

    # ---- the state ------------------------------------------------------------------------

    def keep(self) -> State:
        """All there is now; nothing may be running."""
        return State(self._services.order("save"), self._files(), self.time.milliseconds)

    def bring_back(self, state: State) -> None:
        """As it was then."""
        self._services.order("restore", state.services)
        self._put_files(state.files)
        self.time.milliseconds = state.milliseconds

    def _files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self._folder.glob("bridge.db*")}

    def _put_files(self, files: Mapping[str, bytes]) -> None:
        for path in self._folder.glob("bridge.db*"):
            path.unlink()
        for name, content in files.items():
            (self._folder / name).write_bytes(content)

    # ---- how it begins --------------------------------------------------------------------

    def _database_of(self, scenario: Scenario) -> Mapping[str, bytes]:
        if scenario.database == NEW_DATABASE:
            return self._new_database
        return {} if scenario.database == NO_DATABASE else self._database_at(scenario.database)

    def _database_at(self, revision: str) -> dict[str, bytes]:
        """The files of an empty database of that revision."""
        self._put_files({})
        done = forked(lambda: made_at(self._url, revision))
        if done.error:
            raise RuntimeError(done.error)
        return self._files()

    def _warm_up(self) -> None:
        """A small story in this very process."""
        settings = self.begin(WARM)
        player = Player(WARM, settings, self.time, self._services, Watch(self._services))
        for number, phase in enumerate(WARM.phases):
            player.play(number, phase)
        player.finish(len(WARM.phases))
