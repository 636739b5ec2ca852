"""A row as text: its values and no names, so that a text that is found in it was stored."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any


def told(row: Any) -> str:
    """All values of a row, of whatever kind."""
    return repr(_values(row))


def _values(found: Any) -> Any:
    if isinstance(found, Enum):
        return found.value
    if is_dataclass(found):
        return tuple(_values(getattr(found, field.name)) for field in fields(found))
    if isinstance(found, Mapping):
        return {_values(name): _values(value) for name, value in found.items()}
    if isinstance(found, tuple | list):
        return tuple(map(_values, found))
    return str(found) if hasattr(found, "tzinfo") else found
