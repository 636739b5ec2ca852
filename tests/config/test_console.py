"""`console.*`: an address, and a token without which nobody may open it."""

from pathlib import Path

import pytest

from bridge.config.console import address_of
from tests.config.samples import WHOLE, loaded, problem

TOKEN = "0123456789abcdef"


def console(*lines: str) -> str:
    return "\n".join([WHOLE, "[console]", *lines])


def test_the_console_is_off_until_an_address_is_given(tmp_path: Path) -> None:
    assert loaded(tmp_path, WHOLE).console.listen == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("127.0.0.1:8321", ("127.0.0.1", 8321)),
        ("[::1]:8321", ("::1", 8321)),
        ("localhost:1", ("localhost", 1)),
    ],
)
def test_an_address_is_host_and_port(tmp_path: Path, text: str, wanted: tuple[str, int]) -> None:
    found = loaded(tmp_path, console(f"listen = '{text}'", f"token = '{TOKEN}'")).console
    assert address_of(found.listen) == wanted


@pytest.mark.parametrize("text", ["8321", "localhost", "http://a:1", "a:b", "a:99999", "u@a:1"])
def test_what_is_no_address_is_told_with_the_form_of_one(tmp_path: Path, text: str) -> None:
    told = problem(tmp_path, console(f"listen = '{text}'", f"token = '{TOKEN}'"))
    assert told.startswith("console.listen")
    assert "127.0.0.1:8321" in told


def test_nobody_opens_a_console_that_has_no_token(tmp_path: Path) -> None:
    told = problem(tmp_path, console("listen = '127.0.0.1:8321'"))
    assert "console.token (TASK_BRIDGE_CONSOLE__TOKEN)" in told


def test_a_token_that_could_be_guessed_is_refused_and_not_repeated(tmp_path: Path) -> None:
    told = problem(tmp_path, console("listen = '127.0.0.1:8321'", "token = 'guessme'"))
    assert "shorter than 16 characters" in told
    assert "guessme" not in told


def test_the_token_is_in_no_print_of_the_loaded(tmp_path: Path) -> None:
    found = loaded(tmp_path, console("listen = 'a:1'", f"token = '{TOKEN}'"))
    assert TOKEN not in repr(found)
    assert TOKEN not in found.model_dump_json()
