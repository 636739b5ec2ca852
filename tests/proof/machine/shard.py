"""A number of examples on one ground, or one example again; gives figures, and what failed."""

import re
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, reproduce_failure, seed, settings
from hypothesis.errors import DidNotReproduce
from hypothesis.stateful import run_state_machine_as_test

from tests.proof.machine.machine import BridgeMachine

SCENES = 8
_BLOB = re.compile(r"@reproduce_failure\('[^']*', b'([^']+)'\)")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """What is to be run: on which ground, with which seed, how many examples of how many scenes."""

    ground: str
    seed: int
    examples: int
    scenes: int = SCENES


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of a shard; `failure` is the text of the first example that broke a promise."""

    shard: Shard
    figures: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    failure: str = ""
    replay: str = ""


def run_shard(shard: Shard) -> Result:
    """Run it; a failing example is made as small as hypothesis can in five minutes."""
    return _run(shard, seed(shard.seed))


def replay(ground: str, blob: str) -> Result:
    """One example again, from what a failure printed."""
    shard = Shard(ground=ground, seed=0, examples=1)
    return _run(shard, reproduce_failure(hypothesis.__version__, blob.encode()))


def _run(shard: Shard, decorate: Callable[[Any], Any]) -> Result:
    result = Result(shard=shard)

    class Counted(BridgeMachine):
        stands_on = shard.ground
        figures = result.figures

    started = time.monotonic()
    try:
        run_state_machine_as_test(decorate(Counted), settings=_settings(shard))
    except DidNotReproduce:
        pass  # what was replayed holds now
    except Exception as error:
        result.failure = "".join(traceback.format_exception(error))
        found = _BLOB.search(result.failure)
        result.replay = f"{shard.ground}:{found[1]}" if found else ""
    result.seconds = time.monotonic() - started
    return result


def _settings(shard: Shard) -> settings:
    return settings(
        max_examples=shard.examples,
        stateful_step_count=shard.scenes + 1,
        deadline=None,
        print_blob=True,
        database=None,  # shards run side by side; one must not begin with another's failure
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
