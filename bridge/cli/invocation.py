"""What every command is given: the options that all share, and the way to the settings.

A command takes it by `@click.pass_obj`. Logs are configured the moment settings are loaded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.signals import Signals

if TYPE_CHECKING:
    from bridge.config import Settings

CONFIG_VARIABLE = "TASK_BRIDGE_CONFIG"
DEFAULT_CONFIG = Path("config/bridge.toml")


@dataclass
class Invocation:
    """One run of the command line."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    signals: Signals = field(default_factory=Signals)
    config: Path | None = None
    is_quiet: bool = False
    is_verbose: bool = False

    @property
    def config_path(self) -> Path:
        """The configuration file that is meant, whether it is there or not."""
        return self.config or Path(self.environ.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)

    def settings(self) -> Settings:
        """The settings; from here on logs go to stderr as they say. Raises ConfigError."""
        from bridge.config import load, locate
        from bridge.logs import configure

        # A file that was named on the command line has to be there.
        path = self.config or locate(self.config_path, self.environ)
        settings = load(path, self.environ)
        configure(self._level(settings.log.level), settings.log.format)
        return settings

    def _level(self, configured: str) -> str:
        if self.is_verbose:
            return "debug"
        return "error" if self.is_quiet else configured


def shared_options() -> list[click.Option]:
    """--config, -q and -v, which stand before or after a command; the last one said counts."""
    return [
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            expose_value=False,
            callback=_taken("config"),
            help=f"The configuration (else {CONFIG_VARIABLE}, else {DEFAULT_CONFIG}).",
        ),
        click.Option(
            ["-q", "--quiet"],
            is_flag=True,
            expose_value=False,
            callback=_taken("is_quiet"),
            help="Log errors only.",
        ),
        click.Option(
            ["-v", "--verbose"],
            is_flag=True,
            expose_value=False,
            callback=_taken("is_verbose"),
            help="Log everything; show the traceback of a bug.",
        ),
    ]


def _taken(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def take(context: click.Context, _: click.Parameter, value: Any) -> None:
        invocation = context.ensure_object(Invocation)
        if value:
            setattr(invocation, name, value)
        if invocation.is_quiet and invocation.is_verbose:
            raise click.UsageError("Choose one of -q and -v.", context)

    return take
