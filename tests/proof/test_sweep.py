"""A sample of the crash sweep, and what the sweep itself is held to."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from bridge.domain.side import Side
from tests.house.checkout import ROOT
from tests.proof.sweep.attempt import judge
from tests.proof.sweep.blind import parked_end
from tests.proof.sweep.choice import Chooser
from tests.proof.sweep.ending import Ending, Surplus
from tests.proof.sweep.points import WRITE_FATES, Attempt, Fate, Point, Step, attempt_of
from tests.proof.sweep.scenarios import ALL, BY_NAME
from tests.proof.sweep.tally import Failure

COMMIT = Point(phase=1, thread="main", step=Step.COMMIT, number=3)
WRITE = Point(phase=2, thread="v2", step=Step.WRITE, number=1, what="createTask")
KILLED = Attempt(scenario="story", point=WRITE, fate=Fate.LATE)


@pytest.mark.slow
@pytest.mark.process
def test_a_sample_of_killed_bridges_ends_as_if_they_had_not_been() -> None:
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "tests.proof.sweep", "--sample", "5", "--seed", "20"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_scenario_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(ALL)
    assert len(ALL) >= 50


@pytest.mark.parametrize(
    "attempt",
    [
        Attempt(scenario="story", point=COMMIT, fate=Fate.KILLED),
        KILLED,
        Attempt(scenario="story", point=WRITE, fate=Fate.LOST, is_alive=True),
        Attempt(scenario="story", point=WRITE, fate=Fate.FAILED, workers=4),
        KILLED.again(17, Fate.NOT_APPLIED),
    ],
    ids=lambda attempt: attempt.key,
)
def test_a_run_is_found_again_by_its_key(attempt: Attempt) -> None:
    assert attempt_of(attempt.key) == attempt


@pytest.mark.parametrize(
    "key", ["story:1.main.commit:killed", "story:x:lost", "story:1.v2.write.1:lost:odd"]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no p"):
        attempt_of(key)


def test_a_commit_is_killed_once_and_a_write_meets_every_fate() -> None:
    attempts = Chooser(1, "story").first_kills([COMMIT, WRITE])
    killed = [one.fate for one in attempts if one.point == WRITE and not one.is_alive]
    assert [one.fate for one in attempts if one.point == COMMIT] == [Fate.KILLED]
    assert killed == [*WRITE_FATES, Fate.TOO_LATE]
    assert len({one.key for one in attempts}) == len(attempts)


def test_the_same_seed_draws_the_same_sample() -> None:
    points = [COMMIT, WRITE]
    once = Chooser(7, "story", most=3).first_kills(points)
    assert once == Chooser(7, "story", most=3).first_kills(points)
    assert len(once) == 3


def test_a_difference_is_told_where_it_is() -> None:
    expected = Ending({"task": {"A": {"name": "Pump"}}, "link": {}})
    found = Ending({"task": {"A": {"name": "Pumpe"}}, "link": {"A=A'": {}}})
    assert expected.differences(expected) == []
    assert expected.differences(found) == [
        "link/A=A': absent | {}",
        'task/A/name: "Pump" | "Pumpe"',
    ]


def test_failures_of_one_kind_have_one_cause_whatever_the_tasks_are_called() -> None:
    one = Failure("x", "task/A'/title: 1 | 2")
    other = Failure("y", "task/B'/title: 3 | 4")
    assert one.cause == other.cause


def ending(**facts: object) -> Ending:
    known = {"task": {}, "link": {}, "unlinked": {}, "wait": {}, "open": [], **facts}
    return Ending(known)


A_TASK = {"side": "v2", "tags": []}
MADE = {"side": "kore", "name": "Pump"}
IN_KORE = Attempt(
    scenario="story",
    point=Point(phase=0, thread="kore", step=Step.WRITE, number=1, what="createTask"),
    fate=Fate.LOST,
)
LINK = {"state": "linked", "bases": {"title": []}}
IN_STEP = ending(task={"A": A_TASK, "A'": MADE}, link={"A'=A": LINK})
PARKED = {
    "task": {"A": A_TASK, "A'": MADE},
    "link": {"nothing=A": {"state": "creating", "bases": {}}},
    "unlinked": {"A'": "held"},
    "wait": {"failed create task of nothing=A in kore": [[None, None, None]]},
    "open": ["create in kore"],
}


def parked_problems(found: Ending, attempt: Attempt) -> list[str] | None:
    expected = parked_end(IN_STEP, found, attempt)
    return None if expected is None else judge(expected, found, attempt)


def test_a_create_that_nothing_can_show_may_wait_for_a_person_and_nothing_else_may_differ() -> None:
    assert parked_problems(IN_STEP, IN_KORE) is None
    assert parked_problems(ending(**PARKED), IN_KORE) == []
    untold = {name: facts for name, facts in PARKED.items() if name != "wait"}
    assert parked_problems(ending(**untold), IN_KORE) != []
    other = {**PARKED, "task": {"A": A_TASK}}
    assert parked_problems(ending(**other), IN_KORE) != []


@pytest.mark.parametrize("fate", [Fate.NOT_APPLIED, Fate.TOO_LATE])
def test_a_create_of_which_nothing_came_in_time_is_not_parked(fate: Fate) -> None:
    attempt = Attempt(scenario="story", point=IN_KORE.point, fate=fate)
    assert parked_problems(ending(**PARKED), attempt) is None


def test_a_surplus_of_the_other_side_beside_a_parked_create_has_to_be_known_for_one() -> None:
    of_v2 = Point(phase=0, thread="v2", step=Step.WRITE, number=1, what="createTask")
    attempt = Attempt(scenario="story", point=of_v2, fate=Fate.TOO_LATE)
    known = Surplus(side=Side.V2, task_id="v2", standing="duplicate", names_all=True)
    parked = ending(**PARKED)
    assert parked_problems(replace(parked, surplus={"B''": known}), attempt) == []
    assert parked_problems(replace(parked, surplus={}), attempt) != []
    hidden = replace(known, standing="new")
    assert parked_problems(replace(parked, surplus={"B''": hidden}), attempt) != []
