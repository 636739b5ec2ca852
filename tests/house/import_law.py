"""The import law: the floors of the design, as functions from a package to its offences.

Each law gives one sentence per offence, with its place, so that a test can show them all at once.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from tests.house.source import Module, Package

STANDARD = sys.stdlib_module_names
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
VAGUE_NAMES = ("utils", "helpers", "common", "manager")
# Floors 0 and 1 decide and describe; these touch the world or the clock.
WORLDLY = (
    "asyncio", "http", "logging", "random", "socket", "sqlite3", "subprocess", "threading", "time",
    "urllib.request",
)  # fmt: skip


@dataclass(frozen=True)
class Room:
    """Where a room stands, which third parties it may know, and which rooms beside it."""

    floor: int
    third_party: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()


def _room(floor: int, third_party: str = "", beside: str = "") -> Room:
    return Room(floor, frozenset(third_party.split()), frozenset(beside.split()))


SETTINGS = "pydantic pydantic_settings structlog"
ROOMS = {
    "": _room(0),
    "errors": _room(0, beside="domain"),
    "domain": _room(0, beside="errors"),
    "ports": _room(1),
    "sync": _room(2),
    "services": _room(2, "httpx pydantic pydantic_core joserfc tenacity"),
    "store": _room(2, "sqlalchemy alembic"),
    "report": _room(2, "jinja2 rich"),
    "config": _room(3, SETTINGS, beside="logs resources"),
    "logs": _room(3, SETTINGS, beside="config"),
    "resources": _room(3),
    "processes": _room(3),
    "bootstrap": _room(3, SETTINGS, beside="config logs processes resources"),
    "daemon": _room(4, "apscheduler starlette uvicorn jinja2 prometheus_client"),
    "fleet": _room(4, "procrastinate"),
    "cli": _room(5, "click rich"),
    "__main__": _room(6),
}
# The simulated services stand apart: they know nothing of the bridge, and only cli knows them.
SANDBOX = "sandbox"
SANDBOX_THIRD_PARTY = frozenset({"starlette", "uvicorn", "joserfc"})
MAY_BE_ASYNC = frozenset({"daemon", SANDBOX})

Law = Callable[[Package], Iterator[str]]


def place(module: Module, line: int) -> str:
    return f"{module.name}:{line}"


def every_room_has_a_floor(package: Package) -> Iterator[str]:
    for module in package.modules.values():
        if module.room not in ROOMS and module.room != SANDBOX:
            yield f"{module.name} stands in no room of the design"


def imports_go_down(package: Package) -> Iterator[str]:
    for module in package.modules.values():
        for found in package.inner(module):
            target = f"{found.name}..".split(".")[1]
            if not _may_know(module.room, target):
                yield f"{place(module, found.line)} may not import {found.name}"


def _may_know(room: str, target: str) -> bool:
    if room == target:
        return True
    if SANDBOX in (room, target):
        return room == "cli"
    if room not in ROOMS or target not in ROOMS:
        return False
    here = ROOMS[room]
    return target == "" or ROOMS[target].floor < here.floor or target in here.beside


def third_parties_stay_in_their_rooms(package: Package) -> Iterator[str]:
    for module in package.modules.values():
        room = ROOMS.get(module.room, Room(0))
        allowed = SANDBOX_THIRD_PARTY if module.room == SANDBOX else room.third_party
        for found in package.outer(module):
            if found.top not in STANDARD and found.top not in allowed:
                yield f"{place(module, found.line)} may not import {found.name}"


def one_module_knows_httpx(package: Package) -> Iterator[str]:
    knowing = [
        module.name
        for module in package.modules.values()
        if any(found.top == "httpx" for found in package.outer(module))
    ]
    if len(knowing) > 1:
        yield f"httpx is known by more than one module: {', '.join(knowing)}"


def lower_floors_touch_no_world(package: Package) -> Iterator[str]:
    for module in package.modules.values():
        if module.room == SANDBOX or ROOMS.get(module.room, Room(9)).floor > 2:
            continue
        banned = WORLDLY if ROOMS.get(module.room, Room(9)).floor < 2 else ("logging",)
        for found in package.outer(module):
            if any(f"{found.name}.".startswith(f"{name}.") for name in banned):
                yield f"{place(module, found.line)} may not import {found.name}: a port does that"


def kore_and_v2_never_meet(package: Package) -> Iterator[str]:
    kore, v2 = (f"{package.name}.services.{side}" for side in ("kore", "v2"))
    for module in package.modules.values():
        for found in package.inner(module):
            for here, there in ((kore, v2), (v2, kore)):
                if module.is_below(here) and f"{found.name}.".startswith(f"{there}."):
                    yield f"{place(module, found.line)} may not import {found.name}"


def no_cycles(package: Package) -> Iterator[str]:
    graph = {
        module.name: {
            found.name for found in package.inner(module) if found.name in package.modules
        }
        - {module.name}
        for module in package.modules.values()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"modules import each other in a circle: {' <- '.join(error.args[1])}"


def code_is_synchronous(package: Package) -> Iterator[str]:
    for module in package.modules.values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.AsyncFunctionDef) and module.room not in MAY_BE_ASYNC:
                yield f"{place(module, node.lineno)} {node.name} is async"


def folders_are_packages(package: Package) -> Iterator[str]:
    for folder in sorted({module.path.parent for module in package.modules.values()}):
        if not (folder / "__init__.py").exists():
            yield f"{folder.name} has no __init__.py, so coverage does not see it"


def names_say_something(package: Package) -> Iterator[str]:
    for module in package.modules.values():
        last = module.name.rpartition(".")[2]
        if any(vague in last.split("_") or f"{vague}s" in last.split("_") for vague in VAGUE_NAMES):
            yield f"{module.name} has a name that says nothing"


def modules_have_a_docstring(package: Package) -> Iterator[str]:
    for module in package.modules.values():
        if not ast.get_docstring(module.tree):
            yield f"{module.name} has no docstring"


def files_are_short(package: Package) -> Iterator[str]:
    for module in package.modules.values():
        lines = len(module.text.splitlines())
        if lines > MOST_LINES_OF_A_FILE:
            yield f"{module.name} has {lines} lines"


def functions_are_short(package: Package) -> Iterator[str]:
    for module in package.modules.values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = _lines_of_body(node)
                if lines > MOST_LINES_OF_A_FUNCTION:
                    yield f"{place(module, node.lineno)} {node.name} has {lines} lines"


def _lines_of_body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


LAWS: tuple[Law, ...] = (
    every_room_has_a_floor,
    imports_go_down,
    third_parties_stay_in_their_rooms,
    one_module_knows_httpx,
    lower_floors_touch_no_world,
    kore_and_v2_never_meet,
    no_cycles,
    code_is_synchronous,
    folders_are_packages,
    names_say_something,
    modules_have_a_docstring,
    files_are_short,
    functions_are_short,
)
