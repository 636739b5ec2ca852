"""Names of test cases that are the same in every process, whatever the order of a set."""

from collections.abc import Mapping


def stable_name(value: object) -> str:
    """The value as text, sets in their sorted order."""
    if isinstance(value, set | frozenset):
        return "+".join(sorted(str(one) for one in value)) or "none"
    if isinstance(value, Mapping):
        return " ".join(f"{key}={stable_name(one)}" for key, one in value.items()) or "default"
    return str(value)
