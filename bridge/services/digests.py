"""The digest of a row: the same for as long as nothing that the bridge carries has changed.

Takes the mapped parts of a row as they came on the wire, gives 32 hex digits. What turns by
itself (avatars, colours, SLA flags) is left out by whoever picks the parts.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any


def digest_of(parts: object) -> str:
    """The digest of JSON values."""
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"), default=str)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def picked(value: Any, keys: Sequence[str]) -> Any:
    """Of an object, or each object of a list, those keys that it has; other values as they are."""
    if isinstance(value, list):
        return [picked(item, keys) for item in value]
    if not isinstance(value, Mapping):
        return value
    return [(key, value[key]) for key in keys if key in value]
