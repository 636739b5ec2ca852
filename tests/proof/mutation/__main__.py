"""`python -m tests.proof.mutation`: break the rooms in every way, and see whether a test notices.

    python -m tests.proof.mutation                       both rooms, everything
    python -m tests.proof.mutation domain --only merge   the files whose path holds `merge`
    python -m tests.proof.mutation --replay 4c595355     one mutant, with all that can be told
    python -m tests.proof.mutation --sample 7            a few mutants, chosen by the seed
    python -m tests.proof.mutation --learn               look at all anew: killers.txt
    python -m tests.proof.mutation domain --tests tests/domain/test_guard.py --only domain/guard

Ends 0 if nine of ten mutants are killed in each room and no reason is out of date, else 1.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tests.proof.mutation.fate import Fate
from tests.proof.mutation.killers import read_killers, write_killers
from tests.proof.mutation.mutant import Mutant
from tests.proof.mutation.reasons import read_reasons, stale
from tests.proof.mutation.replay import replay
from tests.proof.mutation.report import (
    LEAST_PERCENT,
    figures,
    killed_all_the_same,
    survivors,
    table,
)
from tests.proof.mutation.room import ROOMS, Room
from tests.proof.mutation.run import try_room

SAMPLE = 40


def main(words: Sequence[str]) -> int:
    """Run what is asked for; gives the exit code."""
    parser = _parser()
    wanted = parser.parse_args(words)
    if wanted.learn and (wanted.tests or wanted.sample is not None):
        parser.error("--learn wants all tests, and all mutants of the files that are tried")
    rooms = [ROOMS[name]() for name in wanted.rooms or ROOMS]
    if wanted.tests:
        rooms = [replace(room, tests=tuple(wanted.tests)) for room in rooms]
    if wanted.replay:
        lines, code = replay(rooms, wanted.replay, wanted.jobs)
        _say(lines)
        return code
    complaints = [one for room in rooms for one in _run(room, wanted)]
    _say(complaints)
    return 1 if complaints else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.mutation")
    parser.add_argument("rooms", nargs="*", type=_room, help="domain, sync or both")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    parser.add_argument("--only", action="append", help="a part of the path of the files wanted")
    parser.add_argument("--tests", action="append", help="a file of tests to be content with")
    parser.add_argument("--sample", type=int, metavar="SEED", help="a few mutants only")
    parser.add_argument("--replay", metavar="ID", help="one mutant")
    parser.add_argument("--learn", action="store_true", help="keep who kills whom; takes longer")
    return parser


def _room(name: str) -> str:
    if name not in ROOMS:
        raise argparse.ArgumentTypeError(f"there is no room {name!r}; there are {', '.join(ROOMS)}")
    return name


def _run(room: Room, wanted: argparse.Namespace) -> list[str]:
    """Try a room's mutants and print what became of them; gives what is not as it should be."""
    began, spent = time.monotonic(), _processor_seconds()
    everything, reasons = room.mutants(), read_reasons()
    killers = read_killers()
    first = killers.alone() if wanted.learn else killers
    chosen = _chosen(everything, wanted)
    fates = try_room(room, chosen, wanted.jobs, first, learns=wanted.learn)
    if wanted.learn:
        write_killers(killers.after(fates))
    took = f"{time.monotonic() - began:.0f} s, {_processor_seconds() - spent:.0f} s of processors"
    _say([*survivors(fates, reasons), *table(room.name, fates), f"  {took}"])
    here = {key: one for key, one in reasons.items() if key.startswith(f"{room.folder}/")}
    return [*stale(here, everything), *killed_all_the_same(fates, reasons), *_too_few(room, fates)]


def _too_few(room: Room, fates: Sequence[Fate]) -> Iterator[str]:
    percent = figures(fates).percent
    if percent < LEAST_PERCENT:
        yield f"{room.name}: {percent:.1f} % killed, which is less than {LEAST_PERCENT:.0f}."


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _chosen(mutants: list[Mutant], wanted: argparse.Namespace) -> list[Mutant]:
    parts = wanted.only or [""]
    named = [one for one in mutants if any(part in one.path for part in parts)]
    if wanted.sample is None:
        return named
    return random.Random(wanted.sample).sample(named, min(SAMPLE, len(named)))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
