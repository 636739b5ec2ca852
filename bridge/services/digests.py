"""The digest of a row: the same for as long as nothing that the bridge carries has changed.

Takes the mapped parts of a row as they came on the wire, gives 32 hex digits. What turns by
itself (avatars, colours, SLA flags) is left out by whoever picks the parts.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from pydantic_core import to_json


def digest_of(parts: object) -> str:
    """The digest of JSON values. Another form of it makes every row look changed once."""
    return blake2b(to_json(parts), digest_size=16).hexdigest()


def covered(row: Mapping[str, Any], keys: Mapping[str, Sequence[str]]) -> list[tuple[str, Any]]:
    """Those of the keys that a row has, each with what of its value counts.

    Of an object that is what is named as its parts; where none are named, all of the value.
    """
    return [
        (key, picked(row[key], parts) if parts else row[key])
        for key, parts in keys.items()
        if key in row
    ]


def picked(value: Any, keys: Sequence[str]) -> Any:
    """Of an object, or each object of a list, those keys that it has; other values as they are."""
    if isinstance(value, dict):
        return [(key, value[key]) for key in keys if key in value]
    if isinstance(value, list):
        return [picked(item, keys) for item in value]
    return value
