"""The settings in the environment: `TASK_BRIDGE_` and the path of a key, joined by `__`.

Tables and lists are written as JSON. A name that is no key is a problem, also where its section
is misspelt, which the settings library would pass over in silence.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.config.schema import Path, is_plain, nearest, type_at, variable
from bridge.errors import Problem

PREFIX = "TASK_BRIDGE_"
CONFIG_VARIABLE = "TASK_BRIDGE_CONFIG"


@dataclass
class Environment:
    """What the environment sets: a tree like that of the file, and the variable of each key."""

    tree: dict[str, Any] = field(default_factory=dict)
    variables: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Everything under the prefix, and what is wrong with it."""
    found = Environment()
    for name, text in _ours(environ):
        path = _path(name)
        if problem := _name_problem(name, path):
            found.problems.append(problem)
            continue
        try:
            value = text if is_plain(path) else json.loads(text)
        except ValueError:
            found.problems.append(Problem(name, "is a table or a list.", "Write it as JSON."))
            continue
        found.variables[path] = name
        _put(found.tree, path, value)
    return found


def _ours(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and name.upper() != CONFIG_VARIABLE:
            yield name, environ[name]


def _path(name: str) -> Path:
    return tuple(name[len(PREFIX) :].lower().split("__"))


def _name_problem(name: str, path: Path) -> Problem | None:
    if all(path) and type_at(path) is not None:
        return None
    near = nearest(path)
    hint = f"Did you mean {variable(near)}?" if near else "Unset it."
    return Problem(name, "is no setting of the bridge.", hint)


def _put(tree: dict[str, Any], path: Path, value: object) -> None:
    *above, last = (str(part) for part in path)
    for part in above:
        inner = tree.setdefault(part, {})
        # A section given as JSON that is no table: the models will say so.
        if not isinstance(inner, dict):
            return
        tree = inner
    # Names are read in order, so a section's JSON comes before the keys that are set on their own.
    tree[last] = value
