"""Migrations and the example are found in a checkout and in an installed package."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bridge import resources

CODE = "from bridge import resources as r; print(r.migrations_folder(), r.example_configuration())"


def found_in(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {CODE}"],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def package_in(folder: Path) -> Path:
    package = folder / "bridge"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    shutil.copy(Path(resources.__file__), package / "resources.py")
    return package


def test_here_they_are_the_checkouts_own() -> None:
    assert (resources.migrations_folder() / "env.py").is_file()
    checkout = Path(__file__).parents[2]
    assert resources.migrations_folder() == checkout / "migrations"
    assert resources.example_configuration() == checkout / "config" / "bridge.example.toml"


@pytest.mark.process
def test_beside_an_installed_package_they_are_in_its_data(tmp_path: Path) -> None:
    package = package_in(tmp_path)
    # A project that merely lies beside it is not its own.
    (tmp_path / "migrations").mkdir()
    data = package / "_data"
    assert found_in(tmp_path) == [f"{data}/migrations", f"{data}/bridge.example.toml"]


@pytest.mark.process
def test_in_a_checkout_a_stale_copy_is_not_looked_at(tmp_path: Path) -> None:
    package = package_in(tmp_path)
    (package / "_data" / "migrations").mkdir(parents=True)
    (tmp_path / "migrations").mkdir()
    (tmp_path / "pyproject.toml").touch()
    expected = [f"{tmp_path}/migrations", f"{tmp_path}/config/bridge.example.toml"]
    assert found_in(tmp_path) == expected
