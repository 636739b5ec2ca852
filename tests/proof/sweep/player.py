"""What a bridge process does: phases of a scenario, then cycles until all is quiet.

It runs in a fork of the harness. Each command gets a bridge of its own, as each process of a
user does; the cycles until quiet share one, as those of a daemon do.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bridge import resources
from bridge.bootstrap import Bridge, Listeners, bridge_for
from bridge.config import Settings
from bridge.daemon.slice import Part, Slice, run_slice
from bridge.domain.link import LinkState
from bridge.domain.side import Side
from bridge.errors import LeaseTaken
from bridge.store.open import upgrade
from bridge.sync import cycle as cycle_step
from bridge.sync.backfill import Backfill, run_backfill
from bridge.sync.cycle import Wish, run_cycle
from bridge.sync.desk import Desk
from bridge.sync.obey import carry_out_alone
from bridge.sync.rebuild import run_rebuild
from tests.proof.sweep.clock import BridgeClock, SharedTime
from tests.proof.sweep.ending import Ending, ending_of
from tests.proof.sweep.people import WORDS, give
from tests.proof.sweep.scenario import Act, Command, Phase, Scenario, Wait
from tests.proof.sweep.services import NotThere, Services
from tests.proof.sweep.watch import Watch

PAUSE_SECONDS = 10.0
CYCLE_SECONDS = 35.0
MOST_CYCLES = 40
# By then a create whose outcome is not known is found, sent again, or waits for a person.
UNCERTAIN_SECONDS = 200.0


class NeverQuiet(Exception):
    """The bridge goes on writing although nobody changes anything."""


class Player:
    """Plays phases of one scenario in this process."""

    def __init__(
        self,
        scenario: Scenario,
        settings: Mapping[int, Settings],
        time: SharedTime,
        services: Services,
        watch: Watch,
    ) -> None:
        self._scenario = scenario
        self._settings = settings
        self._time = time
        self._services = services
        self._watch = watch
        _poll_in_order(scenario.polls)

    def play(self, number: int, phase: Phase) -> None:
        """One phase; raises what the bridge raises."""
        self._enter(number)
        if isinstance(phase, Command):
            self._time.move(PAUSE_SECONDS)
            self._run(number, phase)
        elif isinstance(phase, Wait):
            self._time.move(phase.seconds)
        elif isinstance(phase, Act):
            self._time.move(PAUSE_SECONDS)
            self._act(number, phase)

    def quiet(self, number: int, until_seconds: float = 0.0) -> None:
        """Cycles until one writes nothing, and on until that moment. Raises NeverQuiet."""
        self._enter(number)
        with self._bridge(number) as bridge:
            self._settle(bridge, until_seconds)

    def finish(self, number: int, until_seconds: float = 0.0) -> Ending:
        """The same, and how everything stands then."""
        self._enter(number)
        with self._bridge(number) as bridge:
            self._settle(bridge, until_seconds)
            return ending_of(bridge.store, self._services.order("look"))

    def _settle(self, bridge: Bridge, until_seconds: float) -> None:
        patience = self._time.seconds + UNCERTAIN_SECONDS
        for _ in range(MOST_CYCLES):
            writes = self._watch.writes
            self._time.move(CYCLE_SECONDS)
            self._under_lease(bridge, lambda desk: run_cycle(desk, Wish()))
            if self._watch.writes > writes:
                continue
            if _is_open(bridge) and self._time.seconds < patience:
                continue
            if self._time.seconds >= until_seconds:
                return
            # Nothing happens before that moment: time is moved to shortly after it.
            self._time.move(until_seconds - self._time.seconds)
        raise NeverQuiet(f"it still writes after {MOST_CYCLES} cycles")

    def _enter(self, number: int) -> None:
        self._watch.phase = self._time.phase = number

    def retitle(self, side: Side, task_id: str) -> None:
        """People give a task another title."""
        self._time.move(PAUSE_SECONDS)
        self._services.order("retitle", side, task_id, "Nobody carries this")

    # ---- people -------------------------------------------------------------------------

    def _act(self, number: int, act: Act) -> None:
        """People wait with what they want to do until the task is there."""
        try:
            self._services.order("act", act)
        except NotThere:
            self.quiet(number)
            self._services.order("act", act)

    # ---- commands -----------------------------------------------------------------------

    def _run(self, number: int, command: Command) -> None:
        if command.what == "quiet":
            self.quiet(number)
            return
        url = self._settings[number].database.url
        if command.what == "upgrade":
            upgrade(url, resources.migrations_folder())
            return
        if command.what == "lose":
            for path in Path(url.removeprefix("sqlite:///")).parent.glob("bridge.db*"):
                path.unlink()
            return
        with self._bridge(number) as bridge:
            if command.what in WORDS:
                give(bridge.desk(), self._services, command.what, command.options)
                self._under_lease(bridge, carry_out_alone)
            else:
                self._under_lease(bridge, lambda desk: _work(desk, command.what, command.options))

    def _under_lease(self, bridge: Bridge, work: Any) -> None:
        """As the commands do: wait, and begin anew, while the lease is another process's."""
        while True:
            try:
                work(bridge.desk())
            except LeaseTaken:
                self._time.move(1.0)
            else:
                return

    @contextmanager
    def _bridge(self, number: int) -> Iterator[Bridge]:
        clock = BridgeClock(self._time)
        with bridge_for(self._settings[number], Listeners([]), clock) as bridge:
            bridge.services = {
                side: self._watch.stand_before(side, service)
                for side, service in bridge.services.items()
            }
            yield bridge


def _work(desk: Desk, what: str, options: Mapping[str, Any]) -> None:
    if what == "backfill":
        run_backfill(desk, Backfill(**options))
    elif what == "sync":
        run_cycle(desk, Wish(**options))
    elif what == "full":
        run_cycle(desk, Wish(sweep_seconds=None, forces_sweep=True, **options))
    elif what == "cycle":
        run_slice(desk, Slice())
    elif what == "rebuild":
        run_rebuild(desk, gives_up_seconds=30.0)
    elif what == "sweep":
        run_slice(desk, Slice(part=Part.SWEEP))
    else:
        raise ValueError(f"nobody knows how to run {what!r}")


def _is_open(bridge: Bridge) -> bool:
    """Whether the outcome of a write is not known yet."""
    with bridge.store.look() as unit:
        return bool(unit.count_links().get(LinkState.CREATING) or unit.open_operations())


def _poll_in_order(polls: tuple[Side, ...]) -> None:
    """The order in which the sides are polled is a constant of the bridge; here it is turned."""
    vars(cycle_step)["SIDES"] = polls
