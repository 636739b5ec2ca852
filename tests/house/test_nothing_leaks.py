"""Nothing of the machine that the project is made on stands in it."""

import re

import pytest

from tests.house.checkout import project_files, text_of

# Spelled in pieces, so that this file does not hold what it looks for.
PATHS = ["/".join(("", *parts, "")) for parts in (("work",), ("farm",), ("root",), ("opt", "pypi"))]
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted"),
        ("registry", "npmjs"),
        ("deb", "debian"),
    )
]
TOOLS = [
    "-".join(("farm", "studio")),
    "-".join(("farm", "bench")),
    "-".join(("before", "stop")),
    "".join(("DEVELOPERS", ".md")),
    "".join(("COM", "PASS")),
]
INDEX_OPTIONS = ("--index-url", "--extra-index-url", "--find-links", "--trusted-host", "file://")


def leaks(name: str, words: list[str]) -> list[str]:
    # A path begins where it is written; one in the middle of a longer path is not this machine's.
    wanted = re.compile("|".join(rf"(?<![\w.}}]){re.escape(word)}" for word in words))
    lines = enumerate(text_of(name).splitlines(), 1)
    return [f"{name}:{number}: {line.strip()}" for number, line in lines if wanted.search(line)]


@pytest.mark.parametrize("words", [PATHS, HOSTS, TOOLS], ids=["paths", "hosts", "tools"])
def test_no_file_names_the_machine_it_was_made_on(words: list[str]) -> None:
    found = [leak for name in project_files() for leak in leaks(name, words)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("word", [*PATHS, *HOSTS, *TOOLS])
def test_a_leak_would_be_found(word: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("leak") / "leak.txt"
    file.write_text(f"see {word}x for more\nhttps://{word}/y\n", encoding="utf-8")
    assert leaks(str(file), [word])


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_index(lock: str) -> None:
    assert text_of(lock)
    assert not [option for option in INDEX_OPTIONS if option in text_of(lock)]
