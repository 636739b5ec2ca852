"""Settings that later releases will have: refused by name, so that nobody relies on them."""

from bridge.config.schema import Path

_KEYS = {
    ("console",): "The web console",
}


def feature_behind(path: Path) -> str | None:
    """What a key that is not available would do, in words; None for any other key."""
    return next((what for key, what in _KEYS.items() if path[: len(key)] == key), None)
