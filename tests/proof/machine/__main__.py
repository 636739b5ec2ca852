"""The machine at length: a thousand examples on two cores, every tenth over real HTTP.

    python -m tests.proof.machine [--examples N] [--seed N] [--jobs N]
    python -m tests.proof.machine --replay 'memory:AXic...'

Prints what was done; ends with 1 if a promise was broken, with the steps that did it.
"""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.proof.machine.shard import Result, Shard, replay, run_shard

MEMORY_A_SHARD, HTTP_A_SHARD = 75, 20


def shards(examples: int, seed: int) -> Iterator[Shard]:
    """The examples in parts that two processes can share; those over HTTP take longest."""
    over_http = examples // 10
    parts = (("http", over_http, HTTP_A_SHARD), ("memory", examples - over_http, MEMORY_A_SHARD))
    for ground, whole, most in parts:
        for number, begin in enumerate(range(0, whole, most)):
            count = min(most, whole - begin)
            yield Shard(ground=ground, seed=seed * 1000 + number, examples=count)


def run(examples: int, seed: int, jobs: int) -> int:
    """Run them all; gives the exit code."""
    started, results = time.monotonic(), []
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(run_shard, shard) for shard in shards(examples, seed)]
        for future in as_completed(futures):
            results.append(future.result())
            tell(results[-1])
    figures = sum((one.figures for one in results), Counter[str]())
    over_http = sum(one.figures["examples"] for one in results if one.shard.ground == "http")
    failed = [one for one in results if one.failure]
    say(f"{figures['examples']} examples, {over_http} of them over HTTP, seed {seed}")
    say(", ".join(f"{figures[name]} {name}" for name in sorted(figures) if name != "examples"))
    say(f"{len(failed)} failures, {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


def tell(result: Result) -> None:
    """One part is over."""
    shard = result.shard
    if result.failure:
        say(result.failure)
    what = "FAILED" if result.failure else "held"
    say(
        f"{shard.ground} {shard.seed}: {result.figures['examples']} examples {what} "
        f"in {result.seconds:.0f} s"
    )
    if result.replay:
        say(f"Once more: make proof-machine REPLAY='{result.replay}'")


def say(line: str) -> None:
    """One line for whoever watches."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(words: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.machine", description=__doc__)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--replay", default="")
    given = parser.parse_args(words)
    if not given.replay:
        return run(given.examples, given.seed, given.jobs)
    ground, _, blob = given.replay.partition(":")
    result = replay(ground, blob)
    tell(result)
    return 1 if result.failure else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
