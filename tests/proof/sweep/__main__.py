"""`python -m tests.proof.sweep`: the sweep, a sample of it, or one failing point again.

Ends with 1 if a run did not end as it should, with 2 for wrong usage.
"""

import argparse
import os
import random
import sys

from tests.proof.sweep.attempt import tried
from tests.proof.sweep.points import attempt_of
from tests.proof.sweep.record import CannotPlay, record
from tests.proof.sweep.scenarios import ALL, BY_NAME
from tests.proof.sweep.stage import Stage
from tests.proof.sweep.sweep import Plan, sweep
from tests.proof.sweep.tally import Tally, keep, told

SAMPLED_RUNS = 5
KEPT = ("PATH", "HOME", "LANG", "LC_", "TMPDIR", "PYTHON", "SYSTEMROOT")


def main() -> int:
    """Do what the command line says; gives the exit code."""
    given = _arguments()
    if given.list:
        _say("\n".join(scenario.name for scenario in ALL))
        return 0
    if given.replay:
        return _replay(given.replay)
    rng = random.Random(given.seed)
    scenarios = [one for one in ALL if given.only in one.name]
    if given.sample:
        scenarios = rng.sample(scenarios, min(len(scenarios), given.sample))
    most = SAMPLED_RUNS if given.sample else None
    plan = Plan(scenarios=scenarios, seed=given.seed, most=most, harnesses=given.harnesses)

    def heard(line: str, so_far: Tally) -> None:
        _say(line)
        keep(so_far.failures, given.seed)

    tally, seconds = sweep(plan, heard)
    keep(tally.failures, given.seed)
    for line in (*told(tally.failures), "", *tally.lines(given.seed, seconds)):
        _say(line)
    return 1 if tally.failures else 0


def _replay(key: str) -> int:
    """One run again, with everything that is wrong with its end."""
    attempt = attempt_of(key)
    stage = Stage()
    try:
        recording = record(stage, BY_NAME[attempt.scenario])
        _say("the steps, uninterrupted:")
        for point in recording.points:
            _say(f"  {point.text} {point.what}")
        verdict = tried(stage, recording, attempt)
    except CannotPlay as error:
        _say(str(error))
        return 1
    finally:
        stage.close()
    _say(verdict.problem or "it ended as it should")
    return 1 if verdict.problem else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.sweep", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="what samples are drawn with")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="of N scenarios a few")
    parser.add_argument("--only", default="", metavar="TEXT", help="scenarios named so")
    parser.add_argument("--harnesses", type=int, default=2, help="processes side by side")
    parser.add_argument("--replay", default="", metavar="POINT", help="one run again")
    parser.add_argument("--list", action="store_true", help="the names of all scenarios")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The order of sets decides the order of some steps; a replay has to find them again.
        # And little else of the environment: every client looks through all of it for proxies.
        command = [sys.executable, "-m", "tests.proof.sweep", *sys.argv[1:]]
        kept = {name: text for name, text in os.environ.items() if name.startswith(KEPT)}
        os.execve(sys.executable, command, {**kept, "PYTHONHASHSEED": "0"})
    sys.exit(main())
