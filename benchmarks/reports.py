"""What a report costs beside the floor: `python -m benchmarks.reports CONFIG`.

Runs the floor and both kinds of report in turn, three times, and prints the median of each, in
seconds on the wall and of the processor, with how many floors a report takes. `CONFIG` is that of
a bridge whose pairs are linked (pairs.py, then a `backfill`).
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.programs import environment

ROUNDS = 3


def commands(config: str, folder: str) -> Mapping[str, list[str]]:
    """What is measured, by name."""
    page = ["-m", "bridge", "--config", config, "-q", "report", "--format", "html"]
    page += ["--output", f"{folder}/report.html"]
    return {
        "floor": ["-m", "benchmarks.floor", config],
        "report": page,
        "from_last_sweep": [*page, "--from-last-sweep"],
    }


def measured(command: Sequence[str]) -> tuple[float, float]:
    """Seconds on the wall and of the processor; whatever state the report finds."""
    began, used = time.perf_counter(), _processor_seconds()
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, *command], capture_output=True, check=False, env=environment()
    )
    if ended.returncode not in (0, 3):
        raise SystemExit(ended.stderr.decode())
    return time.perf_counter() - began, _processor_seconds() - used


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(words: Sequence[str]) -> int:
    """Measure and print one object."""
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for name, command in commands(str(Path(words[0])), folder).items():
                found.setdefault(name, []).append(measured(command))
    wall = {name: median(one[0] for one in times) for name, times in found.items()}
    processor = {name: median(one[1] for one in times) for name, times in found.items()}
    told = {
        name: {
            "wall": round(wall[name], 2),
            "processor": round(processor[name], 2),
            "floors": round(wall[name] / wall["floor"], 2),
        }
        for name in found
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
