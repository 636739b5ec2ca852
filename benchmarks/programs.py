"""Programs that are measured from outside: they print one object, or are only timed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

SECONDS = 1800


def told_by(module: str, *words: str) -> dict[str, Any]:
    """The object that `python -m module` prints. Raises RuntimeError if it fails."""
    ended = _run([sys.executable, "-m", module, *words])
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def seconds_of(command: Sequence[str]) -> float:
    """How long a command takes from its start to its end."""
    began = time.perf_counter()
    _run(command)
    return time.perf_counter() - began


def environment() -> dict[str, str]:
    """Ours, in which compiled code is kept."""
    return {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(  # noqa: S603 - our own words
        command, capture_output=True, text=True, check=False, timeout=SECONDS, env=environment()
    )
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)}: {ended.stderr[-2000:]}")
    return ended
