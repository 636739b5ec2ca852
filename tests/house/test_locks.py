"""The locks hold versions and hashes only, and agree with each other and with pyproject.toml."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.checkout import text_of

PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(?P<version>[^ ]+)(?P<marker> ; [^\\]+?)? \\$"
)
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?P<more> \\)?$")
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"


def pins(lock: str) -> dict[str, Version]:
    found = (PIN.match(line) for line in text_of(lock).splitlines())
    return {match["name"]: Version(match["version"]) for match in found if match}


def wanted(extra: str = "") -> list[Requirement]:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", [RUNTIME, DEV])
def test_a_lock_is_made_of_pins_and_hashes_only(lock: str) -> None:
    lines = text_of(lock).splitlines()
    assert lines
    assert [line for line in lines if not PIN.match(line) and not HASH.match(line)] == []


def test_what_is_asked_for_with_extras_is_pinned_with_them() -> None:
    # Else pip takes the newest release for the extra, finds no hash of it, and installs nothing.
    assert "coverage[toml]==" in text_of(DEV)


@pytest.mark.parametrize("lock", [RUNTIME, DEV])
def test_every_pin_has_a_hash(lock: str) -> None:
    lines = text_of(lock).splitlines()
    following = zip(lines, [*lines[1:], ""], strict=True)
    assert [line for line, after in following if PIN.match(line) and not HASH.match(after)] == []


def test_whoever_develops_runs_what_users_run() -> None:
    dev = pins(DEV)
    assert {name: dev.get(name) for name in pins(RUNTIME)} == pins(RUNTIME)


@pytest.mark.parametrize(("lock", "extra"), [(RUNTIME, ""), (DEV, ""), (DEV, "dev")])
def test_a_lock_fulfils_what_the_project_asks_for(lock: str, extra: str) -> None:
    locked = pins(lock)
    unmet = [
        str(requirement)
        for requirement in wanted(extra)
        if not requirement.specifier.contains(locked[canonicalize_name(requirement.name)])
    ]
    assert unmet == []


def test_users_install_nothing_that_only_developers_need() -> None:
    tools = {canonicalize_name(requirement.name) for requirement in wanted("dev")}
    assert tools.isdisjoint(pins(RUNTIME))
