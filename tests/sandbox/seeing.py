"""Cases that show what a switch changes, and the count of those that are still missing.

A case is a switch, a value and a look: what a client sees with the value has to differ from
what it sees without. Values of a Literal and of a bool can be listed, so each needs a case.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from tests.sandbox.desk import Desk

Look = Callable[[Desk], Any]
_WITHOUT: dict[tuple[Any, ...], Any] = {}


@dataclass(frozen=True, slots=True)
class Seen:
    """With `switch` set to `value`, on top of `base`, `look` gives something else."""

    switch: str
    value: Any
    look: Look
    base: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.switch}={self.value}"


def changes_something(case: Seen, make: Callable[[dict[str, Any]], Desk], side: str) -> bool:
    """Whether the look tells the difference; two desks without the value have to look alike.

    What is seen without the value is remembered by look and base: many cases share both.
    """
    known = (side, case.look, tuple(case.base.items()))
    if known not in _WITHOUT:
        _WITHOUT[known] = case.look(make(case.base))
        assert case.look(make(case.base)) == _WITHOUT[known], "the look itself is not steady"
    switched = make(case.base)
    service = getattr(switched, side)
    service.switches = replace(service.switches, **{case.switch: case.value})
    return bool(case.look(switched) != _WITHOUT[known])


def missing(switches: type, cases: Iterable[Seen]) -> set[tuple[str, Any]]:
    """Each switch, and each value that is not its default, without a case."""
    shown = {(case.switch, case.value) for case in cases}
    named = {(case.switch, None) for case in cases}
    default, hints, wanted = switches(), get_type_hints(switches), set[tuple[str, Any]]()
    for switch in fields(switches):
        present = getattr(default, switch.name)
        wanted.add((switch.name, None))
        if get_origin(hints[switch.name]) is Literal:
            values = get_args(hints[switch.name])
            wanted |= {(switch.name, value) for value in values if value != present}
    return wanted - shown - named
