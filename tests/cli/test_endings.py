"""Every end of a command has one clear message and the exit code of the contract."""

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import click
import pytest

from bridge.cli.exits import PRECEDENCE, Exit, first_of
from bridge.cli.invocation import Invocation
from bridge.errors import (
    BridgeError,
    ConfigError,
    KeyRefused,
    LeaseTaken,
    Problem,
    Refused,
    Stopped,
    StoreError,
    Unreachable,
    UsageError,
)
from tests.cli.conftest import Give, Run

PROBLEM = Problem("sync.workers", "must be at most 64.", "Choose fewer.")


def raising(error: BaseException) -> Callable[[object], None]:
    def fail(_: object) -> None:
        raise error

    return fail


def test_of_several_exit_codes_the_first_of_the_contract_stands() -> None:
    assert [int(code) for code in PRECEDENCE] == [2, 5, 6, 4, 3, 1, 0]
    assert set(PRECEDENCE) == set(Exit)
    for first, second in combinations(PRECEDENCE, 2):
        assert first_of([second, first]) is first
    assert first_of([]) is Exit.DONE


@pytest.mark.parametrize("code", list(Exit))
def test_what_a_command_returns_is_its_exit_code(bridge: Run, given: Give, code: Exit) -> None:
    given(lambda _: code)
    assert bridge("given").code == code


def test_a_command_that_returns_nothing_is_done(bridge: Run, given: Give) -> None:
    given(lambda _: None)
    assert bridge("given").code == 0


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (ConfigError((PROBLEM,)), 2, "The configuration has 1 problem:\n  sync.workers: must be"),
        (ConfigError((PROBLEM, PROBLEM)), 2, "The configuration has 2 problems:\n  sync.workers"),
        (UsageError("No such task."), 2, "Error: No such task."),
        (StoreError("The database is older."), 2, "Error: The database is older."),
        (LeaseTaken("host:1", 3), 5, "Another process works on this pair: host:1"),
        (Unreachable("kore", "Kore does not answer."), 6, "Error: Kore does not answer."),
        (KeyRefused("v2", "v2 refuses the key.", status=401), 6, "Error: v2 refuses the key."),
        (Refused("v2", "v2 refuses it.", status=400), 6, "Error: v2 refuses it."),
        (BridgeError("Something else."), 1, "Error: Something else."),
        (Stopped(), 130, "Stopped on request."),
        (KeyboardInterrupt(), 130, ""),
        (click.Abort(), 130, ""),
        (click.UsageError("Not so."), 2, "Error: Not so."),
        (click.ClickException("Not so."), 2, "Error: Not so."),
        (PermissionError(errno.EACCES, "Permission denied", "out.csv"), 2, "out.csv: Permission"),
        (SystemExit(4), 4, ""),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141, ""),
    ],
)
def test_an_error_ends_with_its_message_and_code(
    bridge: Run, given: Give, error: BaseException, code: int, told: str
) -> None:
    given(raising(error))
    ran = bridge("given")
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert told or not ran.err.strip()


def test_a_bug_is_one_line_without_what_the_error_says(bridge: Run, given: Give) -> None:
    given(raising(KeyError("a-secret-in-an-error")))
    ran = bridge("given")
    assert ran.code == 1
    (line,) = ran.err.splitlines()
    assert line.startswith("This is a bug of task-bridge: KeyError in test_endings.py:")
    assert "a-secret" not in line


def test_a_bug_shows_its_traceback_under_v(bridge: Run, given: Give) -> None:
    given(raising(KeyError("what")))
    assert "Traceback (most recent call last)" in bridge("-v", "given").err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_command(
    bridge: Run, given: Give, number: signal.Signals, code: int
) -> None:
    given(lambda _: signal.raise_signal(number))
    ran = bridge("given")
    assert (ran.code, ran.out + ran.err.strip()) == (code, "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_command_that_settles_first_is_asked_and_ends_with_the_same_code(
    bridge: Run, given: Give, number: signal.Signals, code: int
) -> None:
    settled = []

    def settle(invocation: Invocation) -> None:
        stop = threading.Event()
        with invocation.signals.asking(stop.set):
            signal.raise_signal(number)
            assert stop.wait(5)
            settled.append(True)
            raise Stopped

    given(settle)
    assert bridge("given").code == code
    assert settled == [True]


def test_a_second_signal_ends_at_once(bridge: Run, given: Give) -> None:
    def hang(invocation: Invocation) -> None:
        with invocation.signals.asking(lambda: None):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGTERM)
            pytest.fail("it went on")

    given(hang)
    assert bridge("given").code == 143


def test_signals_are_afterwards_as_they_were_before(bridge: Run) -> None:
    before = signal.getsignal(signal.SIGTERM)
    bridge("--version")
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.process
def test_a_reader_that_goes_away_is_no_matter(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    writing = subprocess.Popen(
        [sys.executable, "-m", "bridge", "sandbox", "--switches"],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ},
    )  # fmt: skip
    assert writing.stdout is not None
    assert writing.stderr is not None
    writing.stdout.close()
    assert writing.stderr.read() == b""
    writing.stderr.close()
    assert writing.wait(30) == 141
