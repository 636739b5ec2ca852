"""One run: the bridge dies at a step, starts again, goes on, and its end is compared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridge.config import Settings
from tests.proof.sweep.blind import parked_end, unseen_problems
from tests.proof.sweep.ending import Ending
from tests.proof.sweep.fork import Done
from tests.proof.sweep.player import Player
from tests.proof.sweep.points import Attempt, Fate
from tests.proof.sweep.record import Recording
from tests.proof.sweep.scenario import Act
from tests.proof.sweep.stage import Played, Stage
from tests.proof.sweep.watch import Trap


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a run: its problem (empty: none), and how many steps its recovery passed."""

    problem: str = ""
    recovery_steps: int = 0
    is_reached: bool = True
    was_killed_again: bool = False
    is_for_a_person: bool = False


def tried(stage: Stage, recording: Recording, attempt: Attempt) -> Verdict:
    """Play it, kill it, go on, compare."""
    recorded = [point for point in recording.points if point == attempt.point]
    if not recorded:
        return Verdict("the scenario has no such point", is_reached=False)
    attempt = replace(attempt, point=recorded[0])
    scenario, phase = recording.scenario, attempt.point.phase
    stage.bring_back(recording.states[phase])
    settings = _with_workers(recording.settings, attempt.workers)
    first = stage.play(
        scenario,
        settings,
        lambda player: player.play(phase, scenario.phases[phase]),
        Trap(
            matches=lambda point, _: point == attempt.point,
            fate=attempt.fate,
            is_alive=attempt.is_alive,
        ),
    )
    verdict = _first_problem(attempt, first)
    if verdict is not None:
        return verdict
    until = max(recording.until, stage.latest(attempt.fate))
    # A command that the bridge died over is given once more; one that ended is not.
    going_on = _going_on(recording, phase if first.is_killed else phase + 1, until)
    if attempt.fate is Fate.TOO_LATE:
        going_on = _with_edited_surplus(going_on, len(scenario.phases))
    if not attempt.second:
        return _judged(recording, attempt, stage.play(scenario, settings, going_on))
    second = stage.play(scenario, settings, going_on, _second_trap(attempt))
    if not second.is_killed:
        return _judged(recording, attempt, second)
    until = max(until, stage.latest(attempt.second_fate))
    done = stage.play(scenario, settings, _going_on(recording, stage.time.phase, until))
    return replace(_judged(recording, attempt, done), was_killed_again=True)


def _first_problem(attempt: Attempt, first: Done) -> Verdict | None:
    """What is wrong before the recovery; None if the run may go on."""
    if first.is_killed:
        return None
    if first.error:
        return Verdict(f"the first run failed: {first.error}")
    if not first.value.has_struck:
        # With several workers the steps come in another order: this one may not come.
        problem = "the point was not found again" if attempt.workers == 1 else ""
        return Verdict(problem, is_reached=False)
    return None if attempt.is_alive else Verdict("the kill was survived")


def _going_on(recording: Recording, begin: int, until: float) -> Callable[[Player], Ending]:
    """The phases from `begin` on, and cycles until quiet; people wait for the recovery."""
    phases = recording.scenario.phases

    def go_on(player: Player) -> Ending:
        is_quiet = recording.scenario.is_hasty
        for number in range(begin, len(phases)):
            if isinstance(phases[number], Act) and not is_quiet:
                player.quiet(number, until)
                is_quiet = True
            player.play(number, phases[number])
        return player.finish(len(phases), until)

    return go_on


def _with_edited_surplus(go_on: Callable[[Player], Ending], number: int) -> Callable[[Player], Any]:
    """The same; then people edit what is there too often, and nothing may come of it."""

    def edit_and_go_on(player: Player) -> Ending:
        ending = go_on(player)
        for one in ending.surplus.values():
            player.retitle(one.side, one.task_id)
        return player.finish(number) if ending.surplus else ending

    return edit_and_go_on


def _second_trap(attempt: Attempt) -> Trap:
    return Trap(matches=lambda _, count: count == attempt.second, fate=attempt.second_fate)


def _judged(recording: Recording, attempt: Attempt, done: Done) -> Verdict:
    if done.error or done.is_killed:
        return Verdict(f"the recovery failed: {done.error or 'killed'}")
    assert isinstance(done.value, Played)
    found, steps = done.value.value, len(done.value.points)
    if recording.scenario.is_blind:
        parked = parked_end(recording.ending, found, attempt)
        if parked is not None:
            problems = judge(parked, found, attempt)
            return Verdict("\n".join(problems), steps, is_for_a_person=True)
        unseen = unseen_problems(recording.ending, found, attempt)
        if unseen is not None:
            return Verdict("\n".join(unseen), steps, is_for_a_person=True)
    return Verdict("\n".join(judge(recording.ending, found, attempt)), steps)


def judge(expected: Ending, found: Ending, attempt: Attempt) -> list[str]:
    """What is wrong with an end, a line each.

    A create that is applied after the settle time leaves one surplus task, known as a duplicate
    and not linked; everything else is as it should be.
    """
    problems = expected.differences(found)
    if attempt.fate is not Fate.TOO_LATE or not attempt.point.is_create:
        return problems + [f"surplus {name}" for name in found.surplus]
    if len(found.surplus) != 1:
        problems.append(f"surplus tasks: {len(found.surplus)} instead of one")
    for name, task in found.surplus.items():
        if task.standing != "duplicate" or not task.names_all:
            how = "by its ids" if task.names_all else "without its ids"
            problems.append(f"surplus {name} is listed as {task.standing}, {how}")
    return problems


def _with_workers(settings: Mapping[int, Settings], workers: int) -> Mapping[int, Settings]:
    if workers == 1:
        return settings
    return {
        number: one.model_copy(update={"sync": one.sync.model_copy(update={"workers": workers})})
        for number, one in settings.items()
    }
