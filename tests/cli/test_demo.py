"""`demo` tells its story to the end, leaves nothing behind, and notices what is not in step."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from bridge.cli import demo_world
from bridge.cli.demo_check import differences, doubles
from bridge.cli.demo_ending import show_report
from bridge.cli.demo_screen import ARRIVED, EDIT, Screen
from bridge.cli.demo_world import Size, Stage
from bridge.cli.invocation import Invocation
from bridge.domain.side import Field
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
PARTS = range(1, 8)
TINY = Size(kore_tasks=2, v2_tasks=2, cases=1, cycles=1, pace=0.1)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """`start("--seed", "2")` begins a quick demo in a process; what is left of it is ended."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bridge", "demo", "--quick", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A very small world after its backfill."""
    sandbox = demo_world.new_sandbox(TINY, 1)
    invocation, screen = Invocation(environ={}), Screen(Console(highlight=False))
    with sandbox, demo_world.set_up(invocation, sandbox, TINY, 1, tmp_path, screen) as stage:
        stage.backfill()
        yield stage


def story(out: str) -> list[str]:
    """Who did what where, without dates, which follow the clock."""
    told = [line for line in out.splitlines() if line.strip().startswith(EDIT.symbol)]
    return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", line) for line in told]


@pytest.mark.slow
@pytest.mark.process
def test_it_tells_its_story_to_the_end_the_same_one_again_and_plain_where_piped(
    start: Start, bridge: Run, folder: Path
) -> None:
    piped = start("--seed", "5")
    # Nobody's own services are reached, whatever the environment says.
    elsewhere = {"TASK_BRIDGE_KORE__BASE_URL": "http://[::1]:9"}
    ran = bridge("demo", "--quick", "--seed", "5", "--keep", "kept", **elsewhere)
    out, err = piped.communicate(timeout=60)
    assert (ran.code, ran.err) == (piped.returncode, err) == (0, "")
    assert re.findall(r"(?m)^== (\d)", out) == [str(part) for part in PARTS]
    for words in (ARRIVED.symbol, "Replace the pump", "Nils Newcomer", "not created"):
        assert words in out
    assert not CONTROL.search(out)
    assert story(out) == story(ran.out) != []
    assert [path.name for path in folder.iterdir()] == ["kept"]
    keeps_what_it_says(bridge, ran.out)


def keeps_what_it_says(bridge: Run, out: str) -> None:
    """The commands that the end of the demo names look into the database that it left."""
    named = re.findall(r"(?m)^    task-bridge (.*)$", out)
    assert len(named) == 3
    for words in named:
        assert bridge(*words.split()).out
    assert "TS0001" in bridge("--config", "kept/bridge.toml", "links", "list").out


@pytest.mark.slow
@pytest.mark.process
def test_ctrl_c_ends_it_and_removes_the_folder(start: Start, tmp_path: Path) -> None:
    process = start()
    assert process.stdout is not None
    next(line for line in process.stdout if "== 3" in line)
    assert [path.name for path in tmp_path.glob("task-bridge-demo-*/*.toml")] == ["bridge.toml"]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 128 + signal.SIGINT
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_not_taken(bridge: Run, folder: Path) -> None:
    (folder / "mine").touch()
    ran = bridge("demo", "--quick", "--keep", ".")
    assert ran.code == 2
    assert "not empty" in ran.err
    assert [path.name for path in folder.iterdir()] == ["mine"]


@pytest.mark.slow
def test_its_own_check_finds_what_is_not_in_step(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show_report(stage)
    assert not doubles(stage)
    with stage.bridge.store.begin() as unit:
        view = next(iter(unit.all_links()))
    before = differences(stage, view)
    stage.sandbox.v2.edit_task(str(view.link.v2_id), title="Nobody carries this")
    assert set(differences(stage, view)) == {*before, Field.TITLE}
    capsys.readouterr()
    assert not show_report(stage)
    assert "drifted" in capsys.readouterr().out


def test_a_difference_that_no_row_explains_is_told(
    stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.cli.demo_ending.differences", lambda *_: (Field.DUE,))
    assert not show_report(stage)
    assert "the due differs and no row says why" in capsys.readouterr().out


def test_where_symbols_cannot_be_shown_there_are_plain_ones(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Console, "encoding", "ascii")
    Screen(Console(highlight=False)).line(EDIT, "Kore", "TS000102", "Somebody did \x1b[2Jsomething")
    assert capsys.readouterr().out == "  * Kore TS000102  Somebody did �[2Jsomething\n"
