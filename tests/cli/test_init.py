"""`init` writes the commented configuration, for its owner alone, and never over another."""

import stat
from pathlib import Path

import pytest

from bridge.resources import example_configuration
from tests.cli.conftest import Run


def test_it_writes_the_example_where_the_other_commands_look(bridge: Run, folder: Path) -> None:
    ran = bridge("init")
    path = folder / "config" / "bridge.toml"
    assert ran.code == 0
    assert path.read_bytes() == example_configuration().read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Wrote config/bridge.toml" in ran.out
    assert "task-bridge check\n" in ran.out


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        (["init", "deep/down/a.toml"], {}),
        (["init", "--config", "deep/down/a.toml"], {}),
        (["init"], {"TASK_BRIDGE_CONFIG": "deep/down/a.toml"}),
    ],
)
def test_it_writes_where_it_is_told_to_and_says_how_to_go_on(
    bridge: Run, folder: Path, arguments: list[str], environ: dict[str, str]
) -> None:
    ran = bridge(*arguments, **environ)
    assert (folder / "deep" / "down" / "a.toml").is_file()
    assert "task-bridge check --config deep/down/a.toml" in ran.out


def test_it_does_not_overwrite_unless_it_is_told_to(bridge: Run, folder: Path) -> None:
    path = folder / "mine.toml"
    path.write_text("mine", encoding="utf-8")
    path.chmod(0o644)
    ran = bridge("init", "mine.toml")
    assert (ran.code, ran.out) == (2, "")
    assert "mine.toml is there already. Overwrite it with --force." in ran.err
    assert path.read_text(encoding="utf-8") == "mine"
    assert bridge("init", "mine.toml", "--force").code == 0
    assert path.read_bytes() == example_configuration().read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("path", ["taken/a.toml", "folder"])
def test_a_place_that_cannot_be_written_is_told(bridge: Run, folder: Path, path: str) -> None:
    (folder / "taken").write_text("a file", encoding="utf-8")
    (folder / "folder").mkdir()
    ran = bridge("init", path, "--force")
    assert ran.code == 2
    assert ran.err.startswith("Error: ")
    assert "Traceback" not in ran.err


def test_what_it_wrote_says_what_is_still_to_be_filled_in(bridge: Run) -> None:
    bridge("init")
    ran = bridge("db", "current")
    assert ran.code == 2
    assert "The configuration has 6 problems:" in ran.err
    assert "kore.stream_id (config/bridge.toml, line" in ran.err
