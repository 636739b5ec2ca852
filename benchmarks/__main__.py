"""All measurements: `python -m benchmarks [--quick] [--size FACTOR] [--only NAME …]`.

Prints one table and writes .cache/bench/results.json and .cache/bench/results.html. A measurement
that fails is told, the others go on; the exit code is 1 then, and says nothing about targets.
"""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.catalogue import MEASUREMENTS, QUICK
from benchmarks.figures import Figure
from benchmarks.machine import in_words, machine
from benchmarks.page import page_of
from benchmarks.stage import Stage, set_up
from benchmarks.table import show

OUTPUT = Path(".cache/bench")


def wanted_of(words: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="small sizes, under a minute")
    parser.add_argument("--size", type=float, default=1.0, help="scales the whole sizes")
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS)
    parser.add_argument("--output", type=Path, default=OUTPUT, help="a folder")
    wanted = parser.parse_args(words)
    names = wanted.only or (QUICK if wanted.quick else MEASUREMENTS)
    wanted.only = tuple(name for name in MEASUREMENTS if name in names)  # in their own order
    return wanted


def measure_all(stage: Stage, names: Sequence[str]) -> tuple[list[Figure], dict[str, str]]:
    """The figures of these measurements, and what went wrong with those that failed."""
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    for name in names:
        began, before = time.perf_counter(), len(figures)
        try:
            figures.extend(MEASUREMENTS[name](stage))  # those before a failure stay
        except Exception as error:
            failed[name] = repr(error)
            traceback.print_exc()
        took, count = time.perf_counter() - began, len(figures) - before
        sys.stderr.write(f"{name}: {count} figures in {took:.0f} s\n")
    return figures, failed


def write_results(folder: Path, found: dict[str, Any]) -> None:
    """The results for machines and for people."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (folder / "results.html").write_text(page_of(found), encoding="utf-8")


def main(words: Sequence[str]) -> int:
    """Measure, print, write."""
    wanted = wanted_of(words)
    here, began = machine(), time.perf_counter()
    with set_up(factor=wanted.size, is_quick=wanted.quick) as stage:
        figures, failed = measure_all(stage, wanted.only)
    size = "quick" if wanted.quick else f"{wanted.size:g} of the whole size"
    found = {
        "machine": here,
        "size": size,
        "seconds": round(time.perf_counter() - began, 1),
        "figures": [one.told() for one in figures],
        "failed": failed,
    }
    write_results(wanted.output, found)
    show(figures, f"{in_words(here)}\n{size}, {found['seconds']:.0f} s")
    sys.stdout.write(f"{wanted.output / 'results.html'}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
