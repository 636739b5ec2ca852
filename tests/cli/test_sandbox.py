"""`sandbox` serves the simulated services as its switches say, until it is told to end."""

import os
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import pytest

from bridge.cli.switches import parse_switches, switches_of
from bridge.config import load
from bridge.errors import UsageError
from bridge.sandbox import KoreSwitches, V2Switches
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Switches:
    """Of every kind one."""

    # A fact that runs
    # over two lines.
    rows: Literal["sparse", "full"] = "sparse"
    twin: Literal[200, 201] = 200
    # ---- a heading ----
    # Another fact.
    cap: int | None = None
    seconds: float = 0.5
    is_on: bool = False
    word: str = "x"
    names: frozenset[str] = frozenset()
    windows: tuple[tuple[int, float], ...] = ((60, 60.0),)
    scores: tuple[int, int] = (1, 2)
    moves: frozenset[tuple[str, str]] = frozenset()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("rows=full", "full"),
        ("twin=201", 201),
        ("cap=5", 5),
        ("cap=none", None),
        ("seconds=1.5", 1.5),
        ("is_on=yes", True),
        ("word=a=b", "a=b"),
        ("names=a, b", frozenset({"a", "b"})),
        ("names=", frozenset()),
        ("windows=5/1,50/60", ((5, 1.0), (50, 60.0))),
        ("scores=3/4", (3, 4)),
        ("scores=3,4", (3, 4)),
        ("moves=new/open,open/new", frozenset({("new", "open"), ("open", "new")})),
    ],
)
def test_a_switch_takes_its_value(setting: str, value: object) -> None:
    parsed = parse_switches([f"kore.{setting}"], {"kore": Switches, "v2": Switches})
    assert parsed == {"kore": {setting.partition("=")[0]: value}, "v2": {}}


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("kore.rows=most", "kore.rows takes sparse | full."),
        ("kore.cap=many", "kore.cap takes INTEGER | none."),
        ("kore.is_on=perhaps", "takes yes | no."),
        ("kore.windows=5", "takes INTEGER/NUMBER,…."),
        ("kore.scores=1/2/3", "takes INTEGER/INTEGER."),
        ("kore.row=full", "There is no switch kore.row. Did you mean kore.rows?"),
        ("rows", "--set takes SIDE.SWITCH=VALUE"),
    ],
)
def test_a_wrong_switch_is_refused_with_the_way_out(setting: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_switches([setting], {"kore": Switches})
    assert told in str(caught.value)


def test_the_fact_of_a_switch_is_the_comment_above_it() -> None:
    facts = {one.name: one.fact for one in switches_of("kore", Switches)}
    assert facts["kore.rows"] == facts["kore.twin"] == "A fact that runs over two lines."
    assert facts["kore.cap"] == "Another fact."


@pytest.mark.parametrize(("side", "kind"), [("kore", KoreSwitches), ("v2", V2Switches)])
def test_every_switch_is_listed_with_its_fact_and_its_default_can_be_written(
    side: str, kind: type[KoreSwitches] | type[V2Switches]
) -> None:
    found = list(switches_of(side, kind))
    assert len(found) == len(fields(kind))
    assert not [one.name for one in found if not one.fact]
    settings = [f"{one.name}={one.usual}" for one in found]
    assert kind(**parse_switches(settings, {side: kind})[side]) == kind()  # type: ignore[arg-type] # just parsed


def test_the_switches_are_shown(bridge: Run) -> None:
    ran = bridge("sandbox", "--switches")
    assert ran.code == 0
    assert "kore.rows" in ran.out
    assert "v2.sort" in ran.out


def test_a_wrong_switch_ends_with_2(bridge: Run) -> None:
    ran = bridge("sandbox", "--set", "kore.rows=most")
    assert (ran.code, ran.out) == (2, "")


def test_a_port_that_is_taken_is_told(bridge: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = bridge("sandbox", "--kore-port", port, "--v2-port", "0", "--tasks", "1")
    assert (ran.code, ran.out) == (2, "")
    assert "--kore-port" in ran.err


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_ends_with_0(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "bridge", "sandbox", "--tasks", "3", "--people", "0.05"]
    serving = subprocess.Popen(
        [*command, "--kore-port", "0", "--v2-port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ},
    )  # fmt: skip
    try:
        assert serving.stderr is not None
        assert "Serving" in serving.stderr.readline()
        edit = serving.stderr.readline()
        serving.send_signal(number)
        out, err = serving.communicate(timeout=30)
    finally:
        serving.kill()
    assert serving.returncode == 0, err
    assert " kore " in edit or " v2 " in edit
    described = tomllib.loads(out)
    path = tmp_path / "bridge.toml"
    path.write_text(out, encoding="utf-8")
    assert load(path, {}).kore.base_url == described["kore"]["base_url"]
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(described["v2"]["base_url"], timeout=1)
