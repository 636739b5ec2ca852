"""`init` and `db upgrade` find their files from a wheel without the source tree, and from it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

pytest.importorskip("hatchling")
pytestmark = [pytest.mark.slow, pytest.mark.process]

BUILD = "import sys, hatchling.build as b; print(b.build_wheel(sys.argv[1]))"
ENVIRON = {
    "TASK_BRIDGE_KORE__STREAM_ID": "st-1",
    "TASK_BRIDGE_KORE__ACCOUNT_ID": "000000000000000000000001",
    "TASK_BRIDGE_KORE__CLIENT_ID": "cs-1",
    "TASK_BRIDGE_KORE__CLIENT_SECRET": "made-up",
    "TASK_BRIDGE_V2__BASE_URL": "http://127.0.0.1:1/v2",
    "TASK_BRIDGE_V2__API_KEY": "made:up",
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, in a folder of their own."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    with zipfile.ZipFile(folder / done.stdout.split()[-1]) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def run(package: Path, folder: Path, *arguments: str) -> str:
    """One command of the bridge in that package, from a folder that holds nothing of it."""
    environ = {**os.environ, **ENVIRON, "PYTHONPATH": str(package), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "bridge", *arguments],
        cwd=folder, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("source", ["wheel", pytest.param("checkout", marks=pytest.mark.long)])
def test_a_configuration_and_a_database_are_made_from(
    source: str, unpacked: Path, tmp_path: Path
) -> None:
    package = unpacked if source == "wheel" else ROOT
    run(package, tmp_path, "init")
    assert "[kore]" in (tmp_path / "config" / "bridge.toml").read_text()
    assert "new before" in run(package, tmp_path, "db", "upgrade")
    assert (tmp_path / "task-bridge.db").exists()
