"""Configurations and databases that measurements work with, and a bridge on them."""

import io
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bridge.bootstrap import Bridge, Listeners, SystemClock, bridge_for
from bridge.config import load
from bridge.logs import configure

NAME = "bridge.toml"
DATABASE = "bridge.db"
NO_DEEP_POLLS = {"sync.overlap_seconds": "86400"}


def write_configuration(
    folder: Path, block: str, settings: Mapping[str, str] | None = None, *, limits: str = "[]"
) -> Path:
    """A configuration for the services that `block` describes; `settings` are TOML by key.

    No limits for Kore unless they are given: the services decide how fast it goes.
    """
    body = block.replace("[kore]\n", f'[kore]\nunobserved = "probe"\nlimits = {limits}\n', 1)
    path = folder / NAME
    database = folder / DATABASE
    path.write_text(
        f'database.url = "sqlite:///{database}"\n{_toml(settings)}{body}', encoding="utf-8"
    )
    return path


def copied(config: Path, folder: Path, settings: Mapping[str, str] | None = None) -> Path:
    """The same configuration with a copy of its database, which nobody may have open."""
    shutil.copy(config.parent / DATABASE, folder / DATABASE)
    text = config.read_text(encoding="utf-8").replace(str(config.parent), str(folder))
    path = folder / NAME
    path.write_text(_toml(settings) + text, encoding="utf-8")
    return path


def _toml(settings: Mapping[str, str] | None) -> str:
    return "".join(f"{name} = {value}\n" for name, value in (settings or {}).items())


@contextmanager
def opened(config: Path, clock: SystemClock | None = None) -> Iterator[Bridge]:
    """The bridge of a configuration; what it logs goes nowhere."""
    configure("critical", "json", io.StringIO())
    with bridge_for(load(config, {}), Listeners(), clock) as bridge:
        yield bridge
