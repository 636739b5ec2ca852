"""What the texts for users name is there: commands, options, settings, targets of make, files."""

import re
import tomllib
from importlib import import_module

import click
import pytest

from bridge.cli.exits import Exit
from bridge.cli.main import COMMANDS
from tests.config.test_example import flat, uncommented
from tests.house.checkout import ROOT, text_of

TEXTS = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
# Ways in that stand for the command, and what may stand between it and its arguments.
CALL = re.compile(r"(?:task-bridge|-m bridge) ((?:--config \S+ )?[a-z][^`#\n]*)")
SECTIONS = {str(key[0]) for key in flat(uncommented()) if len(key) > 1}
SETTING = re.compile(rf"`({'|'.join(sorted(SECTIONS))})\.([a-z0-9_]+)")
OPTION = re.compile(r"--[a-z-]+")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def calls(text: str) -> list[list[str]]:
    """The words after the command's name, of each call that a text shows."""
    shown = "\n".join(
        [*re.findall(r"```sh\n(.*?)```", text, re.S), *re.findall(r"`[^`\n]+`", text)]
    )
    return [re.sub(r"--config \S+ ", "", found).split() for found in CALL.findall(shown)]


def settings_in_blocks(text: str) -> set[str]:
    blocks = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", text, re.S)]
    return {".".join(map(str, key)) for block in blocks for key in flat(block)}


def known_settings() -> set[str]:
    return {".".join(map(str, key)) for key in flat(uncommented())}


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_and_option_that_is_named_exists(name: str) -> None:
    found = calls(text_of(name))
    assert found
    for words in found:
        assert words[0] in COMMANDS, words
        command = import_module(f"bridge.cli.{words[0]}").command
        if isinstance(command, click.Group):
            assert words[1] in command.commands, words
            command = command.commands[words[1]]
        options = {option for param in command.params for option in param.opts}
        assert {word for word in words if OPTION.fullmatch(word)} <= options, words


@pytest.mark.parametrize("name", TEXTS)
def test_every_setting_that_is_named_stands_in_the_example(name: str) -> None:
    text = text_of(name)
    named = {f"{section}.{key}" for section, key in SETTING.findall(text)}
    assert named
    missing = (named | settings_in_blocks(text)) - known_settings()
    # A table is named as a whole, too.
    assert not {
        one for one in missing if not any(key.startswith(f"{one}.") for key in known_settings())
    }


@pytest.mark.parametrize("name", TEXTS)
def test_every_file_that_is_linked_exists(name: str) -> None:
    for target in LINK.findall(text_of(name)):
        assert ((ROOT / name).parent / target).exists(), target


def test_every_target_of_make_that_the_readme_names_exists() -> None:
    targets = re.findall(r"\bmake ([a-z-]+)  ", text_of("README.md"))
    assert {"demo", "test"} <= set(targets)
    assert all(re.search(rf"(?m)^{target}:", text_of("Makefile")) for target in targets)


def test_the_readme_tells_every_exit_code() -> None:
    table = re.findall(r"(?m)^\| (\d) \|", text_of("README.md"))
    assert table == [str(int(code)) for code in sorted(Exit)]
