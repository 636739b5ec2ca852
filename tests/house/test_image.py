"""The Dockerfile, read: a plain user, a healthcheck, the daemon as entry point, and no secret."""

import json
import re
from fnmatch import fnmatch

import pytest

from tests.house.checkout import ROOT, project_files, text_of

Steps = list[tuple[str, str]]


def steps() -> Steps:
    lines = [line for line in text_of("Dockerfile").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    parts = (line.partition(" ") for line in joined.splitlines() if line.strip())
    return [(word, rest.strip()) for word, _, rest in parts]


def final_stage() -> Steps:
    found = steps()
    last = max(place for place, (word, _) in enumerate(found) if word == "FROM")
    return found[last:]


def value(word: str) -> str:
    (rest,) = [rest for found, rest in final_stage() if found == word]
    return rest


def sources() -> list[str]:
    copies = [rest.split() for word, rest in steps() if word == "COPY"]
    return [source for words in copies if "--from" not in words[0] for source in words[:-1]]


def test_the_daemon_is_the_entry_point_and_runs_as_a_plain_user() -> None:
    assert json.loads(value("ENTRYPOINT")) == ["task-bridge"]
    assert json.loads(value("CMD")) == ["run"]
    assert value("USER") == "10001:10001"


def test_data_lies_in_a_volume_where_the_daemon_starts() -> None:
    assert value("WORKDIR") == value("VOLUME") == "/data"
    assert "TASK_BRIDGE_CONFIG=/config/bridge.toml" in value("ENV").split()


def test_the_healthcheck_is_the_status_command() -> None:
    options, _, command = value("HEALTHCHECK").partition("CMD ")
    assert json.loads(command) == ["task-bridge", "status"]
    assert {"--interval", "--timeout", "--start-period"} <= set(re.findall(r"--[a-z-]+", options))


def test_every_package_of_the_image_is_installed_by_hash_or_without_an_index() -> None:
    installs = [rest for word, rest in steps() if word == "RUN" and "pip install" in rest]
    assert installs
    assert all("--require-hashes" in rest or "--no-index" in rest for rest in installs)


def test_no_secret_enters_the_image() -> None:
    assert not [word for word, _ in steps() if word == "ARG"]
    assert not re.search(r"(?i)secret\w*=|api_key\w*=|password|token\w*=", str(steps()))


@pytest.mark.parametrize("source", sources())
def test_what_is_copied_exists_and_reaches_the_build(source: str) -> None:
    assert (ROOT / source).exists()
    assert f"!{source.removeprefix('./')}" in text_of(".dockerignore").splitlines()


def test_everything_else_stays_out_of_the_build() -> None:
    ignored = [line for line in text_of(".dockerignore").splitlines() if line[:1] not in ("#", "")]
    allowed = [line[1:] for line in ignored if line.startswith("!")]
    assert ignored[0] == "*"
    let_in = {
        name
        for name in [*project_files(), "config/bridge.toml", ".env", "task-bridge.db"]
        if any(fnmatch(name, pattern) or name.startswith(f"{pattern}/") for pattern in allowed)
    }
    assert not [name for name in let_in if name.startswith(("tests/", ".", "config/bridge.toml"))]
    assert "task-bridge.db" not in let_in
