"""How long it takes to start: the command's help, and a daemon until it says that it is ready.

The floor is the interpreter that imports the libraries without which neither could work.
"""

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.figures import Figure, at_most
from benchmarks.linking import known_copy
from benchmarks.programs import environment, seconds_of
from benchmarks.stage import QUICK_PAIRS, Stage
from benchmarks.world import Spec

ROUNDS = 7
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.005
FOR_HELP = "import click"
FOR_A_DAEMON = (
    "import apscheduler.schedulers.background, httpx, jinja2, joserfc.jwt, prometheus_client, "
    "pydantic_settings, sqlalchemy, starlette.applications, structlog, uvicorn"
)


def measure(stage: Stage) -> Iterator[Figure]:
    """Both, as often as it takes for a median."""
    bridge = [sys.executable, "-m", "bridge"]
    rounds = 3 if stage.is_quick else ROUNDS
    yield Figure(
        what="task-bridge --help", unit="ms", target=at_most(150),
        floor=1000 * _median_of([sys.executable, "-c", FOR_HELP], rounds),
        ours=1000 * _median_of([*bridge, "--help"], rounds),
        note="floor: an interpreter that imports click",
    )  # fmt: skip
    spec = Spec(pairs=stage.size(100_000, QUICK_PAIRS))
    _, linked = stage.current(spec)
    yield _readiness(stage, spec, linked, 3)
    stage.drop(spec)  # nobody after this asks for so many


def _readiness(stage: Stage, spec: Spec, linked: Path, rounds: int) -> Figure:
    port = _free_port()
    token = secrets.token_hex(24)
    settings = {"console.listen": f'"127.0.0.1:{port}"', "console.token": f'"{token}"'}
    config = known_copy(linked, stage.at("start"), settings)
    times = [_until_ready(config, port) for _ in range(rounds)]
    return Figure(
        what=f"daemon ready, {spec.pairs:,} links", unit="s", target=at_most(2),
        floor=_median_of([sys.executable, "-c", FOR_A_DAEMON], rounds), ours=median(times),
        note="until /readyz answers 200; floor: an interpreter that imports its libraries",
    )  # fmt: skip


def _median_of(command: list[str], rounds: int) -> float:
    seconds_of(command)  # whatever is compiled the first time is compiled now
    return median(seconds_of(command) for _ in range(rounds))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _until_ready(config: Path, port: int) -> float:
    began = time.perf_counter()
    with running(config):
        while not _is_ready(port):
            if time.perf_counter() - began > PATIENCE_SECONDS:
                raise RuntimeError("the daemon does not become ready")
            time.sleep(LOOK_SECONDS)
        return time.perf_counter() - began


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def running(config: Path) -> Iterator[None]:
    """`task-bridge run` for the block, ended by a signal."""
    words = [sys.executable, "-m", "bridge", "--config", str(config), "-q", "run"]
    log = (config.parent / "run.log").open("w")
    with log, subprocess.Popen(words, stdout=log, stderr=log, env=environment()) as process:  # noqa: S603 - our own words
        try:
            yield
        finally:
            process.terminate()
