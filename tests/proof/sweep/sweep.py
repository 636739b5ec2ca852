"""The whole sweep: harnesses side by side, each taking the next scenario, until none is left."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.proof.sweep.attempt import tried
from tests.proof.sweep.choice import Chooser
from tests.proof.sweep.points import Attempt
from tests.proof.sweep.record import CannotPlay, Recording, record
from tests.proof.sweep.scenario import Scenario
from tests.proof.sweep.stage import Stage
from tests.proof.sweep.tally import Failure, Tally

_forking = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to sweep: `most` runs of each scenario at most (None: all)."""

    scenarios: Sequence[Scenario]
    seed: int = 1
    most: int | None = None
    harnesses: int = 2


def sweep(plan: Plan, tell: Callable[[str, Tally], None]) -> tuple[Tally, float]:
    """Run it; gives the figures and the seconds that it took.

    `tell` takes a line for each scenario that is through, and all figures so far.
    """
    started = time.monotonic()
    counter = _forking.Value("i", 0)
    pipes: list[Connection] = []
    processes = []
    for _ in range(min(plan.harnesses, len(plan.scenarios))):
        ours, theirs = _forking.Pipe(duplex=False)
        process = _forking.Process(target=_harness, args=(plan, counter, theirs))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    tally = Tally()
    for name, part, seconds in _received(pipes):
        tally.add(part)
        tell(
            f"{name:56} {part.points:4} points {part.runs:5} killed"
            f" {len(part.failures):4} failures {seconds:6.1f} s",
            tally,
        )
    for process in processes:
        process.join()
        if process.exitcode:
            tally.failures.append(Failure("harness", f"a harness ended with {process.exitcode}"))
    return tally, time.monotonic() - started


def _received(pipes: list[Connection]) -> Iterator[tuple[str, Tally, float]]:
    """What the harnesses send, as it comes, until all of them have ended."""
    while pipes:
        ready = wait(pipes)
        for pipe in [one for one in pipes if one in ready]:
            try:
                yield pipe.recv()
            except EOFError:
                pipes.remove(pipe)


def _harness(plan: Plan, counter: Any, results: Connection) -> None:
    parent = os.getppid()
    stage = Stage()
    try:
        while os.getppid() == parent:  # whoever waited for the results may have been killed
            with counter.get_lock():
                number = counter.value
                counter.value += 1
            if number >= len(plan.scenarios):
                return
            started = time.monotonic()
            scenario = plan.scenarios[number]
            chooser = Chooser(plan.seed, scenario.name, plan.most)
            part = swept(stage, scenario, chooser, lambda: os.getppid() == parent)
            results.send((scenario.name, part, time.monotonic() - started))
    finally:
        stage.close()


def swept(
    stage: Stage, scenario: Scenario, chooser: Chooser, goes_on: Callable[[], bool] = lambda: True
) -> Tally:
    """All runs of one scenario, or those made as long as it `goes_on`."""
    tally = Tally(scenarios=1)
    try:
        recording = record(stage, scenario)
    except CannotPlay as error:
        tally.failures.append(Failure(scenario.name, str(error)))
        return tally
    tally.points = len(recording.points)
    for attempt in chooser.first_kills(recording.points):
        if not goes_on():
            break
        steps = _try(stage, recording, attempt, tally)
        for repeat in chooser.repeats(attempt, steps):
            _try(stage, recording, repeat, tally)
    return tally


def _try(stage: Stage, recording: Recording, attempt: Attempt, tally: Tally) -> int:
    verdict = tried(stage, recording, attempt)
    tally.count(attempt, is_reached=verdict.is_reached, was_killed_again=verdict.was_killed_again)
    tally.for_a_person += verdict.is_for_a_person
    if verdict.problem:
        tally.failures.append(Failure(attempt.key, verdict.problem))
    return verdict.recovery_steps
