"""What holds for every command: its help, its options, and that nothing heavy is imported early."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

import bridge as package
from bridge.cli.invocation import Invocation
from bridge.cli.main import COMMANDS, cli
from tests.cli.conftest import Give, Run
from tests.config.samples import IN_ENVIRONMENT

HEAVY = "pydantic pydantic_settings sqlalchemy alembic httpx structlog rich starlette uvicorn"
IMPORTED = "import sys; from bridge.cli.main import run; code = run(['--help']); " \
    "print(code, *sorted(m for m in sys.argv[1:] if m in sys.modules))"  # fmt: skip


def every_command() -> list[tuple[str, click.Command]]:
    context = click.Context(cli)
    found = []
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {inner}", one) for inner, one in command.commands.items()]
    return found


def test_the_help_names_every_command_and_what_it_does(bridge: Run) -> None:
    ran = bridge("--help")
    assert ran.code == 0
    assert all(name in ran.out and what in ran.out for name, what in COMMANDS.items())


@pytest.mark.process
def test_the_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *HEAVY.split()],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "0"


def test_every_command_of_the_table_has_its_module_and_says_the_same_of_itself() -> None:
    for name, what in COMMANDS.items():
        command = import_module(f"bridge.cli.{name}").command
        assert isinstance(command, click.Command)
        assert command.get_short_help_str(limit=200) == what


@pytest.mark.parametrize("name", [name for name, _ in every_command()])
def test_every_command_has_help_and_takes_the_shared_options(name: str, bridge: Run) -> None:
    ran = bridge(*name.split(), "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: task-bridge {name}")
    assert all(option in ran.out for option in ("--config FILE", "-q, --quiet", "-v, --verbose"))
    assert "secret" not in ran.out.lower()


def test_every_option_is_explained() -> None:
    for name, command in every_command():
        for param in command.params:
            assert not isinstance(param, click.Option) or param.help, (name, param.name)


def test_the_version_is_told(bridge: Run) -> None:
    ran = bridge("--version")
    assert (ran.code, ran.out) == (0, f"task-bridge {package.__version__}\n")


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("init", "--nonsense"), ("db", "nonsense"), ("db", "current", "x")]
)
def test_wrong_usage_is_told_on_stderr(bridge: Run, arguments: tuple[str, ...]) -> None:
    ran = bridge(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: task-bridge" in ran.err


def test_without_a_command_the_help_is_shown(bridge: Run) -> None:
    ran = bridge()
    assert ran.code == 2
    assert "Commands:" in ran.err


@pytest.mark.parametrize(
    ("arguments", "environ", "path"),
    [
        (["given"], {}, "config/bridge.toml"),
        (["given"], {"TASK_BRIDGE_CONFIG": "by-variable"}, "by-variable"),
        (["--config", "before", "given"], {"TASK_BRIDGE_CONFIG": "x"}, "before"),
        (["given", "--config", "after"], {"TASK_BRIDGE_CONFIG": "x"}, "after"),
        (["--config", "before", "given", "--config", "after"], {}, "after"),
    ],
)
def test_the_configuration_is_named_before_or_after_the_command_or_by_a_variable(
    bridge: Run, given: Give, arguments: list[str], environ: dict[str, str], path: str
) -> None:
    seen: list[Path] = []
    given(lambda invocation: seen.append(invocation.config_path))
    assert bridge(*arguments, **environ).code == 0
    assert seen == [Path(path)]


@pytest.mark.parametrize(
    ("arguments", "level"),
    [(["given"], "info"), (["-v", "given"], "debug"), (["given", "-q"], "error")],
)
def test_v_and_q_beat_the_configured_level(
    bridge: Run, given: Give, configuration: Path, arguments: list[str], level: str
) -> None:
    def log(invocation: Invocation) -> None:
        invocation.settings()
        from bridge.logs import logger

        for one in ("debug", "info", "error"):
            getattr(logger("test"), one)(f"a line of {one}")

    given(log)
    ran = bridge(*arguments)
    assert (ran.code, ran.out) == (0, "")
    shown = [one for one in ("debug", "info", "error") if f"a line of {one}" in ran.err]
    assert shown == ["debug", "info", "error"][["debug", "info", "error"].index(level) :]


def test_variables_alone_are_enough_where_no_file_was_named(bridge: Run, given: Give) -> None:
    seen: list[str] = []
    given(lambda invocation: seen.append(invocation.settings().kore.client_id))
    environ = {**IN_ENVIRONMENT, "TASK_BRIDGE_CONFIG": "nowhere.toml"}
    assert bridge("given", **environ).code == 0
    assert seen == ["cs-1"]
    assert bridge("given", "--config", "nowhere.toml", **environ).code == 2


def test_v_and_q_together_are_refused(bridge: Run, given: Give) -> None:
    given(lambda _: None)
    assert bridge("-v", "given", "-q").code == 2


def test_a_file_named_on_the_command_line_has_to_be_there(
    bridge: Run, given: Give, folder: Path
) -> None:
    given(lambda invocation: invocation.settings())
    ran = bridge("given", "--config", "nowhere.toml")
    assert ran.code == 2
    assert "nowhere.toml: there is no such file." in ran.err
    assert "task-bridge init nowhere.toml" in ran.err


@pytest.mark.process
def test_a_shell_can_complete_it(tmp_path: Path) -> None:
    environ = {"_TASK_BRIDGE_COMPLETE": "bash_complete", "COMP_WORDS": "task-bridge sa"}
    root = Path(package.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "bridge"],
        cwd=root, env={**os.environ, **environ, "COMP_CWORD": "1"},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["plain,sandbox"]


@pytest.mark.process
def test_it_runs_as_a_module(tmp_path: Path) -> None:
    root = Path(package.__file__).parents[1]
    environ = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "db", "current"],
        cwd=tmp_path, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no such file. Write one with: task-bridge init" in done.stderr
