"""A group of commands whose modules are imported only when a command is run.

The command `name` is the attribute `command` of the module `bridge.cli.<name>`. What it does is
said in the table, so that `--help` imports nothing.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from bridge.cli.invocation import shared_options


class LazyGroup(click.Group):
    """Commands by name, each with what it does in a sentence, in the order of the help."""

    def __init__(self, *args: Any, table: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._table = table
        self.params.extend(shared_options())

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._table:
            return None
        if cmd_name not in self.commands:
            command: click.Command = import_module(f"bridge.cli.{cmd_name}").command
            _give_shared_options(command)
            self.commands[cmd_name] = command
        return self.commands[cmd_name]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))


def _give_shared_options(command: click.Command) -> None:
    """To the command and all below it; a module may be imported by more than one group."""
    if not any(param.name == "config" for param in command.params):
        command.params.extend(shared_options())
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _give_shared_options(inner)
