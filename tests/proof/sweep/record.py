"""A scenario played whole: which steps it has, the state before each phase, and its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.config import Settings
from tests.proof.sweep.ending import Ending
from tests.proof.sweep.fork import Done
from tests.proof.sweep.player import Player
from tests.proof.sweep.points import Point, Step
from tests.proof.sweep.scenario import Command, Killed, Phase, Scenario
from tests.proof.sweep.stage import Played, Stage, State
from tests.proof.sweep.watch import Trap


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What the runs of a scenario begin with and are compared with.

    `until` is the moment by which everything is applied that a bridge killed in `given` sent.
    """

    scenario: Scenario
    settings: Mapping[int, Settings]
    points: tuple[Point, ...]
    states: tuple[State, ...]
    until: float
    ending: Ending


class CannotPlay(Exception):
    """A scenario fails by itself, or its end is not what it says."""


def record(stage: Stage, scenario: Scenario) -> Recording:
    """Play it. Raises CannotPlay."""
    settings = stage.begin(scenario)
    until = _play_given(stage, scenario, settings)
    states, points = [], []
    for number, phase in enumerate(scenario.phases):
        states.append(stage.keep())
        done = stage.play(scenario, settings, _playing(number, phase))
        points += _played(scenario, done).points
    last = len(scenario.phases)
    done = stage.play(scenario, settings, lambda player: player.finish(last, until))
    ending = _played(scenario, done).value
    _check(scenario, ending)
    return Recording(
        scenario=scenario,
        settings=settings,
        points=tuple(points),
        states=tuple(states),
        until=until,
        ending=ending,
    )


def _play_given(stage: Stage, scenario: Scenario, settings: Mapping[int, Settings]) -> float:
    """What comes before; gives the moment by which all of it is applied."""
    until = 0.0
    for phase in scenario.given:
        killed = phase.killed if isinstance(phase, Command) else None
        if killed is None:
            _played(scenario, stage.play(scenario, settings, _playing(0, phase)))
            continue
        done = stage.play(scenario, settings, _playing(0, phase), _trap_of(killed))
        if not done.is_killed:
            raise CannotPlay(f"{scenario.name} was not killed at {killed}: {done.error}")
        until = max(until, stage.latest(killed.fate))
    return until


def _playing(number: int, phase: Phase) -> Callable[[Player], Any]:
    return lambda player: player.play(number, phase)


def _played(scenario: Scenario, done: Done) -> Played:
    if done.error or done.is_killed:
        raise CannotPlay(f"{scenario.name}: {done.error or 'killed'}")
    assert isinstance(done.value, Played)
    return done.value


def _trap_of(killed: Killed) -> Trap:
    count = 0

    def matches(point: Point, _: int) -> bool:
        nonlocal count
        is_it = (point.step, point.thread, point.what) == (Step.WRITE, killed.side, killed.call)
        count += is_it
        return is_it and count == killed.number

    return Trap(matches=matches, fate=killed.fate)


def _check(scenario: Scenario, ending: Ending) -> None:
    """A sweep that compares with a wrong end proves nothing."""
    links = [
        name if link["state"] == "linked" else f"{name} {link['state']}"
        for name, link in ending.facts["link"].items()
    ]
    unlinked = [f"{name} {why}" for name, why in ending.facts["unlinked"].items()]
    found = {
        "links": sorted(links),
        "waits": sorted(ending.facts["wait"]),
        "unlinked": sorted(unlinked),
        "surplus": sorted(ending.surplus),
        "guards": sorted(ending.facts["guard"]),
        "paused": ending.facts["paused"],
    }
    wanted = {
        "links": sorted(scenario.links),
        "waits": sorted(scenario.waits),
        "unlinked": sorted(scenario.unlinked),
        "surplus": [],
        "guards": sorted(scenario.guards),
        "paused": sorted(scenario.paused),
    }
    if found != wanted:
        raise CannotPlay(f"{scenario.name} ends otherwise than it says: {found}")
