"""What was done to a task, as sentences, oldest first: the journal and the history as one story.

Every write of the journal is a step with what came of it; lines of the history that say what
became of its values are part of it, all others are steps of their own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.domain.create import sent_values
from bridge.domain.life import InWords, Life, Step, ValueTold
from bridge.domain.link import LinkState
from bridge.domain.operation import Journalled, Operation, OperationKind, OperationState, Outcome
from bridge.domain.recall import NOT_SHOWN
from bridge.domain.records import Happening
from bridge.domain.side import Field, LinkId, Side
from bridge.domain.text import shortened
from bridge.domain.values import UNSEEN, Shown, Unseen, Value

LONGEST_VALUE = 80
_UNANSWERED = "no answer is recorded, so what became of it is uncertain"
_WRITTEN = "written"
# What happened, and the words around its reason, which may be forgotten.
_WHAT = {
    "linked": ("Linked", ", because {why}"),
    "create begun": ("A create of its counterpart was begun", ""),
    "created": ("Created in {side}", " ({why})"),
    "seen whole": ("A probe of {side} showed it whole", " ({why})"),
    "found_again": ("Found again", ": {why}"),
    "refused": ("Not written to {side}", ": {why}"),
    "case closed": ("Not written to {side}, it waits", ": {why}"),
}
_BECAME = {
    "altered": "{side} shows {shown} where {sent} was sent; it counts as in step and is never "
    "carried back",
    "ignored": "{side} kept {shown} where {sent} was sent",
    "not seen yet": "{sent} was taken; the look after it failed, the next one tells",
    "arrived": "{sent} arrived, although its answer never came",
    "refused": "{sent} waits",
    "case closed": "{sent} waits",
}


def tell_story(life: Life, in_words: InWords) -> tuple[Step, ...]:
    """Everything that was done, oldest first; `in_words` writes a moment."""
    of_operations: dict[int, list[Happening]] = {}
    alone: list[Happening] = []
    numbers = {one.id for one in life.operations}
    for one in life.history:
        number = one.details.get("operation")
        (of_operations.setdefault(number, []) if number in numbers else alone).append(one)
    told = _Told.of(life.operations)
    steps = [
        _of_operation(one, of_operations.get(one.id, ()), _came_to(one, life, in_words))
        for one in life.operations
    ]
    steps += [_of_happening(one) for one in alone if not told.has(one)]
    return tuple(sorted(steps, key=lambda step: step.at))


def quoted(value: Shown) -> str:
    """A value in a sentence, cut to a sensible length."""
    if isinstance(value, Unseen):
        return "what was not seen"
    return "nothing" if value is None else f"“{shortened(value.text, LONGEST_VALUE)}”"


def names_of(fields: Iterable[Field]) -> str:
    """Some fields in a sentence."""
    *most, last = [str(name) for name in fields] or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last


# --- the journal ---------------------------------------------------------------------------------


def _of_operation(one: Journalled, lines: Sequence[Happening], came_to: str) -> Step:
    operation = one.operation
    return Step(
        at=one.sent_at or one.committed_at,
        text=f"{_did(one)}{_because(one)}: {came_to}.",
        operation=one.id,
        kind=operation.kind,
        outcome=str(one.outcome or one.state),
        side=operation.side,
        fields=operation.fields,
        values=tuple(_value_of(line) for line in lines) or tuple(_wanted(operation)),
    )


def _did(one: Journalled) -> str:
    operation, to = one.operation, one.operation.side.label
    if operation.kind is OperationKind.CREATE:
        return f"Create in {to}"
    if operation.kind is OperationKind.PROBE:
        return f"Probe of {to}, an update of nothing"
    if not operation.fields:
        return f"Tag of the task in {to}"
    rest = ", completing the create" if one.parent_id is not None else ""
    rest += ", its values forgotten" if _is_forgotten(one) else ""
    return f"Update of {names_of(operation.values or operation.fields)} in {to}{rest}"


def _is_forgotten(one: Journalled) -> bool:
    """Whether a person had the values of its fields forgotten: their names stay."""
    return not one.operation.values


def _because(one: Journalled) -> str:
    reason = one.operation.reason
    return f" ({reason})" if reason and one.parent_id is None else ""


def _came_to(one: Journalled, life: Life, in_words: InWords) -> str:
    note = f" ({_bare(one.note)})" if one.note else ""
    if one.state is OperationState.COMMITTED:
        return "written down and not sent; if its process has ended it is void, and planned anew"
    if one.state is OperationState.SENT:
        known = f"what became of it is uncertain{note}" if note else _UNANSWERED
        return f"sent, and {known}; {_look(one, in_words)}"
    if one.outcome is Outcome.DONE:
        return f"done{note}"
    if one.outcome is Outcome.UNCERTAIN:
        return f"uncertain, nobody can tell whether it took effect{note}{_found(one, life)}"
    if one.outcome is Outcome.DROPPED:
        is_known = one.note != NOT_SHOWN
        return f"void, nothing was written{note}" if is_known else f"void, {NOT_SHOWN}"
    return f"refused{note}" if note else "not taken"


def _look(one: Journalled, in_words: InWords) -> str:
    is_create = one.operation.kind is OperationKind.CREATE
    way = "by its marker" if is_create else "at the task itself"
    until = f" until {in_words(one.settles_at)} at least" if one.settles_at else ""
    return f"every cycle looks {way}{until}"


def _found(one: Journalled, life: Life) -> str:
    if one.operation.kind is not OperationKind.CREATE:
        return "; the next poll was the look, and what was missing then was planned anew"
    link = life.link
    if link is None or link.id != one.operation.link_id or link.state is LinkState.CREATING:
        return ""
    return "; its counterpart was found later"


def _wanted(operation: Operation) -> Iterator[ValueTold]:
    """The values of a write of which nothing more is told."""
    values = operation.values
    if operation.kind is OperationKind.CREATE:
        values = sent_values(values, operation.side)
    for name, value in values.items():
        yield ValueTold(name=name, sent=value, text=f"{name}: {quoted(value)}")


# --- the history ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """What the journal tells already: its notes, the links that it created, forgotten writes."""

    notes: frozenset[str]
    created: frozenset[LinkId | None]
    forgotten: frozenset[tuple[LinkId | None, Side | None, Field | None]]

    @classmethod
    def of(cls, operations: Sequence[Journalled]) -> "_Told":
        creates = [one for one in operations if one.operation.kind is OperationKind.CREATE]
        return cls(
            notes=frozenset(one.note for one in operations if one.note),
            created=frozenset(one.operation.link_id for one in creates),
            forgotten=frozenset(
                (one.operation.link_id, one.operation.side, name)
                for one in operations
                if _is_forgotten(one)
                for name in one.operation.fields
            ),
        )

    def has(self, one: Happening) -> bool:
        if one.what in ("create begun", "created"):
            return one.link_id in self.created
        if one.what == _WRITTEN and not one.details:
            return (one.link_id, one.side, one.field) in self.forgotten
        return one.why in self.notes


def _of_happening(one: Happening) -> Step:
    if one.at is None:
        raise ValueError("what is read back from the history has its time")
    side = one.side.label if one.side else "the services"
    is_of_value = one.field is not None and "to" in one.details
    usual = (f"{one.what[:1].upper()}{one.what[1:]}", ": {why}")
    written = ("Written to {side}", " ({why})")
    said, because = _WHAT.get(one.what, written if is_of_value else usual)
    text = said + (because if one.why else "")
    if one.field is not None and one.what in (_WRITTEN, *_BECAME) and not one.details:
        text = f"{usual[0]}: {one.field}, what it was is forgotten"
    return Step(
        at=one.at,
        text=f"{text.format(side=side, why=_bare(one.why))}.",
        side=one.side,
        fields=(one.field,) if one.field else (),
        values=(_value_of(one),) if is_of_value else (),
    )


def _value_of(one: Happening) -> ValueTold:
    if one.field is None:
        raise ValueError("what became of a value names its field")
    before, sent, shown = (_value(one.details, key) for key in ("from", "to", "shown"))
    sent = None if isinstance(sent, Unseen) else sent
    became = _BECAME.get(one.what, "{before} became {sent}").format(
        side=one.side.label if one.side else "the service",
        before=quoted(before),
        sent=quoted(sent),
        shown=quoted(shown),
    )
    return ValueTold(
        name=one.field, before=before, sent=sent, shown=shown, text=f"{one.field}: {became}"
    )


def _value(details: Mapping[str, Any], key: str) -> Shown:
    found = details.get(key, UNSEEN)
    return Value(found, found) if isinstance(found, str) else found


def _bare(text: str) -> str:
    """A reason as part of a sentence: its full stop is the sentence's."""
    return text.strip().rstrip(".")
