"""The digest of a row: the same for as long as nothing that the bridge carries has changed.

Takes the mapped parts of a row as they came on the wire, gives 32 hex digits. What turns by
itself (avatars, colours, SLA flags) is left out by whoever picks the parts.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

# Made once: a sweep takes the digest of every row, and most rows ask for nothing else.
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=str).encode


def digest_of(parts: object) -> str:
    """The digest of JSON values."""
    return blake2b(_encode(parts).encode(), digest_size=16).hexdigest()


def covered(row: Mapping[str, Any], keys: Mapping[str, Sequence[str]]) -> list[tuple[str, Any]]:
    """Those of the keys that a row has, each with what of its value counts."""
    return [
        (key, picked(value, parts) if isinstance(value := row[key], dict | list) else value)
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
