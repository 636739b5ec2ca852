"""Nothing that users can say or see is left out of the documents, and nothing is made up there."""

import re
from collections.abc import Iterator
from importlib import import_module

import click

from bridge.cli.main import COMMANDS
from tests.config.test_example import flat, uncommented
from tests.house.checkout import ROOT, text_of

ROW = re.compile(r"(?m)^\|([^|]*)\|([^|]*)\|")
NAME = re.compile(r"`([a-z][a-z -]*)`")
OPTION = re.compile(r"`(--[a-z0-9-]+)`")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by the words that call it."""
    for name in COMMANDS:
        command = import_module(f"bridge.cli.{name}").command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in command.commands.items())
        else:
            yield name, command


def documented() -> dict[str, set[str]]:
    """The options of each command that the page on commands names."""
    found: dict[str, set[str]] = {}
    here: list[str] = []
    for first, second in ROW.findall(text_of("docs/commands.md")):
        here = NAME.findall(first) or here
        for name in here:
            found.setdefault(name, set()).update(OPTION.findall(second))
    return found


def test_every_command_and_option_is_documented_and_each_documented_one_exists() -> None:
    there = {name: options_of(one) for name, one in commands()}
    told = documented()
    assert told.keys() == there.keys()
    for name, options in there.items():
        assert options <= told[name], name
    every = set().union(*there.values())
    assert set().union(*told.values()) == every


def options_of(command: click.Command) -> set[str]:
    found = {option for one in command.params for option in one.opts if option.startswith("--")}
    return found - {"--help", "--config", "--quiet", "--verbose"}  # those of all commands


def test_every_setting_is_told_in_the_documents_or_the_example() -> None:
    example = text_of("config/bridge.example.toml")
    for key in flat(uncommented()):
        assert re.search(rf"(?m)^#?(\[+)?([a-z_.]+\.)?{key[-1]}\b", example), key


def test_every_page_can_be_found_from_the_readme() -> None:
    readme = text_of("README.md")
    for page in sorted((ROOT / "docs").glob("*.md")):
        assert f"docs/{page.name}" in readme, page.name
