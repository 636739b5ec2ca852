"""Settings that later releases will have: refused by name, so that nobody relies on them."""

from collections.abc import Iterator, Mapping
from typing import Any

from bridge.config.schema import Path

_KEYS = {
    ("console",): "The web console",
    ("sync", "flap_reversals"): "The flap breaker",
    ("sync", "flap_seconds"): "The flap breaker",
}
MANUAL = "Letting conflicts wait for a person (manual)"


def feature_behind(path: Path) -> str | None:
    """What a key that is not available would do, in words; None for any other key."""
    return next((what for key, what in _KEYS.items() if path[: len(key)] == key), None)


def manual_conflicts(raw: Mapping[str, Any]) -> Iterator[Path]:
    """The places that ask for conflicts to wait for a person."""
    sync = raw.get("sync")
    if not isinstance(sync, Mapping):
        return
    if sync.get("conflict") == "manual":
        yield ("sync", "conflict")
    fields = sync.get("conflict_fields")
    if isinstance(fields, Mapping):
        for field, rule in fields.items():
            if rule == "manual":
                yield ("sync", "conflict_fields", field)
