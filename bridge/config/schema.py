"""The keys that there are, read off the models: for the environment, and for near misses.

A path is a tuple of keys; a number in it is a row of a table.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from bridge.config.settings import Settings

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """The path as people write it: `kore.routes[row 2].case`."""
    text = ""
    for part in path:
        text += f"[row {part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def variable(path: Path) -> str:
    """The environment variable that sets this key."""
    return "TASK_BRIDGE_" + "__".join(str(part).upper() for part in path)


def type_at(path: Path) -> Any:
    """What stands at a path: a model, or another type; None if there is no such key."""
    found: Any = Settings
    for part in path:
        found = _step(found, part)
    return found


def keys_at(path: Path) -> tuple[str, ...]:
    """The keys that a table has; empty where it may hold any, or is none."""
    found = type_at(path)
    return tuple(found.model_fields) if _is_model(found) else ()


def is_plain(path: Path) -> bool:
    """Whether one word is a value of this key; tables and lists are written as JSON."""
    return not _is_model(type_at(path)) and get_origin(type_at(path)) not in (tuple, Mapping)


def all_keys() -> tuple[Path, ...]:
    """Every key that holds a value, rows of tables left out."""
    return tuple(_leaves(Settings, ()))


def nearest(path: Path) -> Path | None:
    """The key that was probably meant: one spelt alike, or the same word at another place."""
    *above, last = path
    siblings = keys_at(tuple(above))
    if near := get_close_matches(str(last), siblings, n=1):
        return (*above, near[0])
    elsewhere = [key for key in all_keys() if key[-1] == last]
    if len(elsewhere) == 1:
        return elsewhere[0]
    spelt = {dotted(key): key for key in all_keys()}
    close = get_close_matches(dotted(path), spelt, n=1, cutoff=0.75)
    return spelt[close[0]] if close else None


def _leaves(model: type[BaseModel], above: Path) -> Iterator[Path]:
    for name in model.model_fields:
        inner = type_at((*above, name))
        if _is_model(inner):
            yield from _leaves(inner, (*above, name))
        else:
            yield (*above, name)


def _step(found: Any, part: str | int) -> Any:
    if isinstance(part, int):
        return _bare(get_args(found)[0]) if get_origin(found) is tuple else None
    if get_origin(found) is Mapping:
        return _bare(get_args(found)[1])
    field = found.model_fields.get(part) if _is_model(found) else None
    return _bare(field.annotation) if field else None


def _bare(annotation: Any) -> Any:
    """The type without what it is annotated with, and without `| None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return next(_bare(one) for one in get_args(annotation) if one is not type(None))
    return annotation


def _is_model(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, BaseModel)
