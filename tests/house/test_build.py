"""What the wheel holds, and what an editable install leaves behind."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, project_files

pytest.importorskip("hatchling")
pytestmark = [pytest.mark.slow, pytest.mark.process]

DATA = "bridge/_data/"
BUILD = "import sys, hatchling.build as b; print(getattr(b, sys.argv[1])(sys.argv[2]))"


def build(hook: str, folder: Path) -> set[str]:
    """The files of the wheel that this hook of the build makes, without its metadata."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, hook, str(folder)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    with zipfile.ZipFile(folder / done.stdout.split()[-1]) as wheel:
        return {name for name in wheel.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return build("build_wheel", tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_whole_package_static_files_too(wheel: set[str]) -> None:
    package = {name for name in project_files() if name.startswith("bridge/")}
    assert "bridge/py.typed" in package
    assert {name for name in wheel if not name.startswith(DATA)} == package


def test_the_wheel_holds_migrations_and_example_as_data(wheel: set[str]) -> None:
    beside = {name for name in project_files() if name.startswith("migrations/")}
    beside |= {name for name in project_files() if name == "config/bridge.example.toml"}
    moved = {DATA + name.removeprefix("config/") for name in beside}
    assert {name for name in wheel if name.startswith(DATA)} == moved


def test_an_editable_install_leaves_one_line_and_no_copy(tmp_path: Path) -> None:
    assert build("build_editable", tmp_path) == {"_task_bridge.pth"}
