"""The switches of the simulated services, as `--set kore.rows=full` names them.

Names, types and the facts they stand for are read off the dataclasses: the comment above a field
says its fact, and a field without one belongs to the fact above it.
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from bridge.errors import UsageError

Switches = TypeVar("Switches")
_TRUTH = {"yes": True, "no": False, "true": True, "false": False}
_FIELD = re.compile(r"    (\w+): ")
_COMMENT = re.compile(r"    # (?!-)(.*)")


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch: its name, what it takes, what it is by default, the fact it stands for."""

    name: str
    type: Any
    default: object
    fact: str

    @property
    def values(self) -> str:
        """What may be written after the `=`."""
        return _values(self.type)

    @property
    def usual(self) -> str:
        """The default as it would be written."""
        return _written(self.default)


def switches_of(side: str, kind: type[Any]) -> Iterator[Switch]:
    """All switches of one side, in the order of the help."""
    facts, hints = _facts(kind), get_type_hints(kind)
    for field in fields(kind):
        name = f"{side}.{field.name}"
        yield Switch(name, hints[field.name], field.default, facts.get(field.name, ""))


def parse_switches(
    settings: Iterable[str], kinds: Mapping[str, type[Any]]
) -> dict[str, dict[str, object]]:
    """`side.name=value` texts as arguments of each side's switches.

    Raises UsageError for a name or value that no switch has.
    """
    known = {one.name: one for side, kind in kinds.items() for one in switches_of(side, kind)}
    found: dict[str, dict[str, object]] = {side: {} for side in kinds}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise UsageError(f"--set takes SIDE.SWITCH=VALUE, as in kore.rows=full: {setting}")
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else "See --switches."
            raise UsageError(f"There is no switch {name}. {hint}")
        side, _, field = name.partition(".")
        found[side][field] = _value(known[name], text)
    return found


def _value(switch: Switch, text: str) -> object:
    try:
        return _parse(switch.type, text)
    except ValueError:
        raise UsageError(f"{switch.name} takes {switch.values}.") from None


def _parse(kind: Any, text: str) -> object:
    """Raises ValueError if the text is no value of the type."""
    origin = get_origin(kind)
    if origin is Literal:
        return _chosen({str(value): value for value in get_args(kind)}, text)
    if origin in (Union, UnionType):
        return None if text in ("", "none") else _parse(_without_none(kind), text)
    if origin in (tuple, frozenset):
        return _parse_several(kind, text)
    if kind is bool:
        return _chosen(_TRUTH, text.lower())
    value: object = kind(text)
    return value


def _parse_several(kind: Any, text: str) -> object:
    """Any number of values between commas, or so many as the type has between strokes."""
    if _is_open(kind):
        parts = [part.strip() for part in text.split(",") if part.strip()]
        several: object = get_origin(kind)(_parse(get_args(kind)[0], part) for part in parts)
        return several
    parts = re.split("[/,]", text)
    return tuple(_parse(inner, part) for inner, part in zip(get_args(kind), parts, strict=True))


def _chosen(choices: Mapping[str, object], text: str) -> object:
    if text not in choices:
        raise ValueError(text)
    return choices[text]


def _without_none(kind: Any) -> Any:
    return next(one for one in get_args(kind) if one is not NoneType)


def _is_open(kind: Any) -> bool:
    """Whether there may be any number of values."""
    return get_origin(kind) is frozenset or Ellipsis in get_args(kind)


def _values(kind: Any) -> str:
    origin = get_origin(kind)
    if origin is Literal:
        return " | ".join(str(value) for value in get_args(kind))
    if origin in (Union, UnionType):
        return f"{_values(_without_none(kind))} | none"
    if origin in (tuple, frozenset):
        if _is_open(kind):
            return f"{_values(get_args(kind)[0])},…"
        return "/".join(_values(inner) for inner in get_args(kind))
    return {bool: "yes | no", int: "INTEGER", float: "NUMBER"}.get(kind, "TEXT")


def _written(value: object, between: str = ",") -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case float():
            return f"{value:g}"
        case tuple():
            return between.join(_written(one, "/") for one in value)
        case frozenset():
            return between.join(sorted(_written(one, "/") for one in value))
    return str(value)


def _facts(kind: type[Any]) -> dict[str, str]:
    """The comment above each field, those of inherited fields too."""
    found: dict[str, str] = {}
    for ancestor in reversed(kind.__mro__[:-1]):
        comment: list[str] = []
        is_fresh = False
        for line in inspect.getsource(ancestor).splitlines():
            if match := _COMMENT.match(line):
                comment = [*comment, match[1]] if is_fresh else [match[1]]
                is_fresh = True
            elif match := _FIELD.match(line):
                found[match[1]] = " ".join(comment)
                is_fresh = False
    return found
