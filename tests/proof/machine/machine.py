"""The machine: people, services and processes do anything, in any order; the promises hold.

Hypothesis draws what happens; the oracle looks after every run and at the end. A failure prints
its steps and a blob that does them again.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, TypeAlias
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bridge.domain.side import Side
from bridge.errors import LeaseTaken, Stopped
from bridge.sync.backfill import Backfill, run_backfill
from bridge.sync.cycle import Wish, run_cycle
from bridge.sync.desk import Desk
from tests.proof.machine.deeds import (
    LATE_SECONDS,
    Adds,
    Deed,
    Down,
    Fails,
    Happening,
    Odd,
    Trouble,
)
from tests.proof.machine.draws import (
    DEEDS,
    FIRST_TASKS,
    HAPPENINGS,
    KINDS,
    PAUSES,
    SETUPS,
    TROUBLES,
)
from tests.proof.machine.ground import LEASE_SECONDS, Ground, Setup
from tests.proof.machine.memory import MemoryGround
from tests.proof.machine.oracle import Broken, Oracle
from tests.proof.machine.over_http import HttpGround
from tests.proof.machine.stage import Dead, InTurn, Stage
from tests.proof.machine.story import Story

MOST_CYCLES = 12
GROUNDS: dict[str, Callable[[Setup], Ground]] = {"memory": MemoryGround, "http": HttpGround}
Runs: TypeAlias = Callable[[Desk], object]


def _cycle(desk: Desk) -> object:
    return run_cycle(desk, Wish())


def _poll_only(desk: Desk) -> object:
    return run_cycle(desk, Wish(sweep_seconds=0))


def _sweep(desk: Desk) -> object:
    return run_cycle(desk, Wish(sweep_seconds=None, forces_sweep=True))


def _backfill(desk: Desk) -> object:
    return run_backfill(desk, Backfill())


KINDS_OF_RUN: dict[str, Runs] = {"cycle": _cycle, "sweep": _sweep, "backfill": _backfill}


class BridgeMachine(RuleBasedStateMachine):
    """A world in which anything may happen; `stands_on` names its ground."""

    stands_on: ClassVar[str] = "memory"
    figures: ClassVar[Counter[str]] = Counter()
    ground: Ground | None = None

    def __init__(self) -> None:
        super().__init__()
        self._patch = patch("bridge.sync.apply.ThreadPoolExecutor", InTurn)
        self._patch.start()
        self.died_at: datetime | None = None
        self.down: dict[Side, int] = {}
        self.odd: dict[tuple[Side, str], int] = {}

    @initialize(
        setup=SETUPS, tasks=FIRST_TASKS, is_settled=st.sampled_from([True, True, True, False])
    )
    def begin(self, setup: Setup, tasks: list[Adds], is_settled: bool) -> None:
        """Two services with some tasks; `is_settled`: their counterparts are there already."""
        self.ground = ground = GROUNDS[self.stands_on](setup)
        self.story = Story()
        self.stage = Stage(ground, self.story)
        self.oracle = Oracle(ground, self.story, setup)
        self._let_people(tasks)
        if is_settled:
            self._run(70, _backfill)
            self._run(70, _cycle)

    @rule(
        deeds=st.lists(DEEDS, max_size=3),
        troubles=st.lists(TROUBLES, max_size=2),
        pause=PAUSES,
        kind=KINDS,
        happenings=st.lists(HAPPENINGS, max_size=2),
    )
    def scene(
        self,
        deeds: list[Deed],
        troubles: list[Trouble],
        pause: float,
        kind: str,
        happenings: list[Happening],
    ) -> None:
        """People act, something may be broken, and the bridge runs once."""
        self._let_people(deeds)
        for trouble in troubles:
            self._trouble(trouble)
        self._run(pause, KINDS_OF_RUN[kind], happenings)
        self._mend_in_time()

    # ---- what happens --------------------------------------------------------------------

    def _let_people(self, deeds: Sequence[Deed]) -> None:
        for deed in deeds:
            self.stage.people.do(deed)
            self.stage.settle_late()

    def _trouble(self, trouble: Trouble) -> None:
        self.story.note(self.stage.ground.now(), str(trouble))
        if isinstance(trouble, Fails) and trouble.fate in LATE_SECONDS:
            self.stage.fates[trouble.side, trouble.call] = trouble.fate
        elif isinstance(trouble, Fails):
            self.stage.ground.fail(trouble.side, trouble.call, trouble.fate)
        elif isinstance(trouble, Down):
            self.down[trouble.side] = trouble.cycles
            self.stage.ground.set_down(trouble.side, is_down=True)
        elif isinstance(trouble, Odd):
            ids = self.stage.ground.ids(trouble.side)
            if ids:
                task_id = ids[trouble.pick % len(ids)]
                self.odd[trouble.side, task_id] = trouble.cycles
                self.stage.ground.set_unreadable(trouble.side, task_id, is_unreadable=True)

    def _mend_in_time(self) -> None:
        self.down = {side: left - 1 for side, left in self.down.items()}
        self.odd = {task: left - 1 for task, left in self.odd.items()}
        for side, left in self.down.items():
            if left <= 0:
                self.stage.ground.set_down(side, is_down=False)
        for (side, task_id), left in self.odd.items():
            if left <= 0:
                self.stage.ground.set_unreadable(side, task_id, is_unreadable=False)

    # ---- the bridge ----------------------------------------------------------------------

    def _run(self, pause: float, run: Runs, happenings: Sequence[Happening] = ()) -> Desk:
        """One run of a process after a pause, and what always holds after it."""
        ground = self.stage.ground
        self.stage.pass_time(pause)
        self.stage.settle_late()
        self.stage.begin(happenings)
        desk, began_at = self._desk(), ground.now()
        self.figures["runs"] += 1
        self.story.note(ground.now(), f"{run.__name__.strip('_')} begins")
        try:
            run(desk)
        except Dead:
            self.figures["kills"] += 1
            self._bury()
        except Stopped:
            pass
        except LeaseTaken:
            self._expect_a_reason(began_at)
        finally:
            ground.go_on()
        self.oracle.check_always()
        return desk

    def _desk(self) -> Desk:
        ground = self.stage.ground
        return Desk(
            store=self.stage.store,
            services=self.stage.services,
            clock=ground.clock,
            events=ground.events,
            rules=ground.rules,
        )

    def _bury(self) -> None:
        """The process is gone; the next one has nothing but the store."""
        ground, fates = self.stage.ground, self.stage.fates
        self.died_at = ground.now()
        ground.restart()
        self.stage = Stage(ground, self.story)
        self.stage.fates = fates

    def _expect_a_reason(self, began_at: datetime) -> None:
        """That of a killed process stands for a while; our own is over after a call that drags."""
        now, most = self.stage.ground.now(), timedelta(seconds=LEASE_SECONDS)
        is_of_the_dead = self.died_at is not None and now - self.died_at <= most
        if not is_of_the_dead and now - began_at <= most:
            raise Broken("the lease is taken, and nobody has it")

    # ---- the end -------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None and self.ground is not None:
                self._count()
                self._come_to_rest()
        except Broken as error:
            raise Broken(f"{error}\n{self.story.told()}") from None
        finally:
            self._patch.stop()
            if self.ground is not None:
                self.ground.close()

    def _count(self) -> None:
        story = self.story
        self.figures.update(
            {
                "examples": 1,
                "edits": sum(not one.is_first for one in story.edits),
                "creates": len(story.created),
                "values written": len(story.writes),
            }
        )

    def _come_to_rest(self) -> None:
        """People and faults stop: the bridge comes to rest, everything is there, and stays so."""
        self.stage.ground.mend()
        self.stage.fates.clear()
        self._run(700, _sweep)
        self._run(70, _backfill)
        self._run(70, _sweep)
        for _ in range(MOST_CYCLES):
            reports = self._run(70, _cycle).tally.reports
            if not reports:
                break
        else:
            raise Broken(f"no rest after {MOST_CYCLES} cycles: {reports}")
        self.oracle.check_end()
        for pause, run in ((200, _poll_only), (4000, _cycle)):
            self._expect_quiet(pause, run)

    def _expect_quiet(self, pause: float, run: Runs) -> None:
        ground = self.stage.ground
        before, writes = ground.dump(), len(self.story.writes)
        reports = self._run(pause, run).tally.reports
        if reports or len(self.story.writes) != writes:
            raise Broken(f"written without news: {reports}")
        for table, rows in ground.dump().items():
            if rows != before[table]:
                raise Broken(f"{table} moved without news: {rows} was {before[table]}")
