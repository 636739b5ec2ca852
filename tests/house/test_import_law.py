"""The floors of the design hold, and the law that says so can fail."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import import_law
from tests.house.checkout import ROOT
from tests.house.import_law import LAWS, Law
from tests.house.source import Package

HEAVY = ("alembic", "apscheduler", "httpx", "joserfc", "pydantic", "sqlalchemy", "starlette")

STEP = "    x = 1\n"

# For each law a tree that breaks it: files of a made-up bridge, and a piece of what must be said.
OFFENCES: list[tuple[Law, dict[str, str], str]] = [
    (import_law.every_room_has_a_floor, {"attic.py": ""}, "bridge.attic"),
    (import_law.imports_go_down, {"domain/a.py": "import bridge.ports", "ports.py": ""}, "ports"),
    (import_law.imports_go_down, {"domain/a.py": "from bridge import ports", "ports.py": ""}, ":1"),
    (import_law.imports_go_down, {"sync/a.py": "from ..store import b", "store/b.py": ""}, "store"),
    (
        import_law.imports_go_down,
        {"sync/a.py": "def f():\n    import bridge.services.http", "services/http.py": ""},
        "bridge.sync.a:2",
    ),
    (
        import_law.imports_go_down,
        {"store/a.py": 'import_module("bridge.daemon.b")', "daemon/b.py": ""},
        "bridge.daemon.b",
    ),
    (import_law.imports_go_down, {"store/a.py": "import bridge.resources"}, "resources"),
    (import_law.imports_go_down, {"daemon/a.py": "import bridge.fleet.b"}, "bridge.fleet"),
    (import_law.imports_go_down, {"resources.py": "import bridge.config"}, "bridge.config"),
    (import_law.imports_go_down, {"sandbox/a.py": "import bridge.domain"}, "bridge.domain"),
    (import_law.imports_go_down, {"sandbox/a.py": "from bridge import errors"}, "sandbox"),
    (import_law.imports_go_down, {"daemon/a.py": "import bridge.sandbox.b"}, "bridge.sandbox"),
    (import_law.third_parties_stay_in_their_rooms, {"domain/a.py": "import click"}, "click"),
    (import_law.third_parties_stay_in_their_rooms, {"sync/a.py": "import tenacity"}, "tenacity"),
    (import_law.third_parties_stay_in_their_rooms, {"cli/a.py": "import httpx"}, "httpx"),
    (import_law.third_parties_stay_in_their_rooms, {"sandbox/a.py": "import click"}, "click"),
    (
        import_law.one_module_knows_httpx,
        {"services/a.py": "import httpx", "services/b.py": "from httpx import Client"},
        "bridge.services.a, bridge.services.b",
    ),
    (import_law.lower_floors_touch_no_world, {"domain/a.py": "from time import sleep"}, "time"),
    (import_law.lower_floors_touch_no_world, {"store/a.py": "import logging"}, "logging"),
    (
        import_law.kore_and_v2_never_meet,
        {"services/kore/a.py": "from bridge.services.v2 import b", "services/v2/b.py": ""},
        "bridge.services.v2.b",
    ),
    (
        import_law.kore_and_v2_never_meet,
        {"services/v2/a.py": "from ..kore.b import c", "services/kore/b.py": ""},
        "bridge.services.kore.b",
    ),
    (
        import_law.no_cycles,
        {"domain/a.py": "from . import b", "domain/b.py": "def f():\n    import bridge.domain.a"},
        "bridge.domain.b",
    ),
    (import_law.code_is_synchronous, {"sync/a.py": "async def f(): ..."}, "f is async"),
    (import_law.folders_are_packages, {"__init__.py": "", "sync/a.py": ""}, "sync has no"),
    (import_law.names_say_something, {"sync/text_utils.py": ""}, "text_utils"),
    (import_law.names_say_something, {"store/helpers.py": ""}, "helpers"),
    (import_law.modules_have_a_docstring, {"ports.py": "x = 1"}, "bridge.ports"),
    (import_law.files_are_short, {"ports.py": "x = 1\n" * 401}, "401 lines"),
    (import_law.functions_are_short, {"ports.py": "def f():\n" + STEP * 41}, "41 lines"),
]

ROOMS_OF_GOOD = ("services", "services/kore", "sandbox", "store", "cli")
GOOD = {f"{room}/__init__.py": '"""."""' for room in ROOMS_OF_GOOD} | {
    "__init__.py": '"""."""',
    "errors.py": '"""."""',
    "ports.py": '"""."""\nimport bridge.errors',
    "services/http.py": '"""."""\nimport httpx\nfrom bridge import ports',
    "services/kore/client.py": '"""."""\nfrom ..http import get',
    "sandbox/kore.py": '"""."""\nimport uvicorn\nasync def answer():\n    pass',
    "store/base.py": '"""."""\nimport sqlite3\n' + "x = 1\n" * 398,
    "bootstrap.py": '"""."""\nimport bridge.config, bridge.store.base, bridge.resources',
    "config.py": '"""."""\nimport pydantic_settings',
    "resources.py": '"""."""\nimport pathlib',
    "cli/demo.py": ('"""."""\ndef f():\n    """."""\n    import bridge.sandbox.kore\n' + STEP * 39),
}


@pytest.fixture(scope="module")
def bridge() -> Package:
    return Package.read(ROOT / "bridge")


def made_up(folder: Path, files: dict[str, str]) -> Package:
    for name, text in files.items():
        path = folder / "bridge" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Package.read(folder / "bridge")


def test_the_law_reads_the_bridge_itself(bridge: Package) -> None:
    assert "bridge" in bridge.modules
    assert len(bridge.modules) > 1


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_bridge_keeps_the_law(law: Law, bridge: Package) -> None:
    offences = list(law(bridge))
    assert not offences, "\n".join(offences)


@pytest.mark.parametrize(
    ("law", "files", "said"), OFFENCES, ids=[f"{law.__name__}-{said}" for law, _, said in OFFENCES]
)
def test_the_law_fails_on_a_tree_that_breaks_it(
    law: Law, files: dict[str, str], said: str, tmp_path: Path
) -> None:
    offences = list(law(made_up(tmp_path, files)))
    assert len(offences) == 1
    assert said in offences[0]


def test_every_law_has_a_tree_that_breaks_it() -> None:
    assert {law for law, _, _ in OFFENCES} == set(LAWS)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_passes_a_tree_that_keeps_it(law: Law, tmp_path: Path) -> None:
    assert list(law(made_up(tmp_path, GOOD))) == []


@pytest.mark.process
def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    if not (ROOT / "bridge" / "cli" / "main.py").exists():
        pytest.skip("there is no command line yet")
    code = "import sys, bridge.cli.main; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert set(done.stdout.split()).isdisjoint(HEAVY)
