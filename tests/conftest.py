"""What holds for every test: nothing of the developer's own settings reaches it."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.one_compiler import share_statements

for name in [name for name in os.environ if name.startswith("TASK_BRIDGE_")]:
    del os.environ[name]

# On a small, busy machine an example may take long by chance; that says nothing about the code.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

share_statements()

MEMORY = Path("/dev/shm")
_base = pytest.StashKey[Path]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Folders of tests lie in memory where there is such a place, and are gone at the end."""
    if hasattr(config, "workerinput") or config.option.basetemp:
        return
    place = MEMORY if os.access(MEMORY, os.W_OK) else config.rootpath / ".cache"
    place.mkdir(exist_ok=True)
    config.stash[_base] = Path(tempfile.mkdtemp(prefix="task-bridge-tests-", dir=place))
    config.option.basetemp = str(config.stash[_base] / "base")


def pytest_collection_finish() -> None:
    """Thousands of collected tests are not looked through again whenever garbage is collected."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove them."""
    if _base in config.stash:
        shutil.rmtree(config.stash[_base], ignore_errors=True)
