"""What a fact may be: small checks that the tables of the laws are made of."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bridge.domain.side import Field, Side, is_id

Check = Callable[[Any], bool]
Facts = Mapping[str, Check]

_SENTENCE = re.compile(r"[“'(A-Z0-9a-z].*\.", re.DOTALL)


def is_side(value: Any) -> bool:
    return isinstance(value, Side)


def is_side_or_both(value: Any) -> bool:
    return value is None or isinstance(value, Side)


def is_field(value: Any) -> bool:
    return isinstance(value, Field)


def is_task_id(value: Any) -> bool:
    return is_id(value)


def is_number(value: Any) -> bool:
    """The number of something stored."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_count_or_unknown(value: Any) -> bool:
    return value is None or is_count(value)


def is_duration(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def is_truth_or_unknown(value: Any) -> bool:
    return value is None or is_truth(value)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_sentence(value: Any) -> bool:
    """A text for people that ends with its full stop, with nothing left open in it."""
    return is_text(value) and _SENTENCE.fullmatch(value) is not None and "{" not in value


def is_clause(value: Any) -> bool:
    """A reason that stands in a sentence of others."""
    return is_text(value) and "{" not in value


def one_of(*allowed: object) -> Check:
    return lambda value: value in allowed


def of_type(kind: type) -> Check:
    return lambda value: isinstance(value, kind)


def amiss(
    what: str, facts: Mapping[str, Any], promised: Facts, optional: Facts | None = None
) -> Iterator[str]:
    """Facts that are missing, that nobody promised, or that are not what they should be."""
    known = {**promised, **(optional or {})}
    yield from (f"{what}: {name} is missing" for name in promised if name not in facts)
    yield from (f"{what}: {name} is not promised" for name in facts if name not in known)
    for name, value in facts.items():
        if name in known and not known[name](value):
            yield f"{what}: {name} is {value!r}"
