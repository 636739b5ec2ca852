"""`make` asks for nothing but Python, and keeps users' and developers' environments apart."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, text_of

TARGETS = {
    "demo", "test", "test-quick", "test-long", "test-browser", "bench", "bench-quick", "lint",
    "coverage",
    "proof", "proof-sweep", "proof-mutation", "proof-replay", "proof-machine",
    "lock", "clean", "help",
}  # fmt: skip

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("make") is None, reason="needs make"),
]


def make(*words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    # Not the settings of the make that runs these tests.
    environment = {name: text for name, text in os.environ.items() if "MAKE" not in name}
    command = ["make", "--no-print-directory", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder as fresh as a new clone: nothing was made in it yet."""
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def python_that(says: str, folder: Path) -> Path:
    """A made-up interpreter, for the machines that this is not."""
    path = folder / "made-up-python"
    path.write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_help_lists_every_target() -> None:
    listed = re.findall(r"^  make ([a-z-]+) ", make("help").stdout, re.MULTILINE)
    assert set(listed) == TARGETS


def test_the_demo_needs_the_runtime_lock_alone(clone: Path) -> None:
    planned = make("-n", "demo", folder=clone).stdout
    assert "--require-hashes -r requirements.lock" in planned
    assert ".venv/bin/python -m bridge demo" in planned
    assert "requirements-dev" not in planned
    assert ".venv-dev" not in planned


def test_the_tests_leave_the_environment_of_users_alone(clone: Path) -> None:
    planned = make("-n", "test", folder=clone).stdout
    assert "--require-hashes -r requirements-dev.lock" in planned
    assert ".venv/" not in planned


def test_an_old_python_is_refused_with_a_sentence(clone: Path) -> None:
    old = python_that('[ "$1" = --version ] && echo Python 3.9.2\nexit 1', clone)
    done = make(f"PYTHON={old}", "demo", folder=clone)
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_python_without_venv_is_refused_with_what_to_install(clone: Path) -> None:
    bare = python_that('case "$2" in *venv*) exit 1;; esac', clone)
    done = make(f"PYTHON={bare}", "demo", folder=clone)
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stderr


def test_a_browser_that_is_named_and_not_there_is_told_with_what_to_do() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.chromium"], cwd=ROOT, check=False, text=True,
        capture_output=True, env={**os.environ, "BROWSER_PATH": "/nowhere/chrome"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "BROWSER_PATH=/path/to/chrome make test-browser" in done.stderr


def test_continuous_integration_runs_what_developers_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert "set -euo pipefail" in text_of(".ci/run")
    assert "for target in lint test; do" in text_of(".ci/run")
