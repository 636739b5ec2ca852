"""Running command lines in process, in a folder of their own."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import click
import pytest

from bridge.cli.main import COMMANDS, cli, run
from tests.config.samples import WHOLE


@dataclass(frozen=True)
class Ran:
    """How a command line ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def bridge(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """`bridge("db", "current", TASK_BRIDGE_CONFIG="x")` runs that command line."""

    def call(*arguments: str, **environ: str) -> Ran:
        capsys.readouterr()
        code = run(arguments, environ)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture
def configuration(folder: Path) -> Path:
    """A whole configuration where commands look for it."""
    path = folder / "config" / "bridge.toml"
    path.parent.mkdir()
    path.write_text(WHOLE, encoding="utf-8")
    return path


Give = Callable[[Callable[..., object]], None]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Iterator[Give]:
    """`given(function)` makes a command `given` that does what the function does."""

    def add(function: Callable[..., object], table: dict[str, str] = COMMANDS) -> None:
        module = ModuleType("bridge.cli.given")
        module.command = click.command("given")(click.pass_obj(function))  # type: ignore[attr-defined] # a module of one command
        monkeypatch.setitem(sys.modules, "bridge.cli.given", module)
        monkeypatch.setitem(table, "given", "What a test gives it.")
        cli.commands.pop("given", None)

    yield add
    cli.commands.pop("given", None)
