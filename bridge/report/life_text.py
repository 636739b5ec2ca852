"""The life of a task for people: where it stands, what waits and what to do, then what was done."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Console

from bridge.domain.life import (
    Advice,
    ConflictTold,
    Explanation,
    FieldTold,
    Step,
    TaskTold,
    WaitTold,
)
from bridge.domain.link import NO_BASE
from bridge.domain.side import Field, Side
from bridge.domain.signs import seen_title
from bridge.domain.text import shortened
from bridge.domain.values import Shown, Unseen, as_moment
from bridge.report.lines import show_line
from bridge.report.plain import FORGOTTEN, local_time, plain, shown_text

LONGEST_VALUE = 200
Line = tuple[int, str]


def render_life_text(told: Explanation, console: Console) -> None:
    """Write it to the console."""
    show_line(plain(seen_title(told.title)) or _untitled(told), console, style="bold")
    for indent, text in _head(told):
        show_line(plain(text), console, indent)
    tasks = [task for task in told.tasks if task.id]
    parts = {
        "Fields": [line for one in told.fields for line in _field(one, tasks)],
        "What waits": [line for one in told.waits for line in _wait(one)],
        "Conflicts that are over": [line for one in told.conflicts for line in _conflict(one)],
        "What was done": [*_kept(told), *(line for one in told.steps for line in _step(one))],
    }
    for heading, lines in parts.items():
        if lines:
            console.print()
            show_line(heading, console, style="bold")
            for indent, text in lines:
                show_line(plain(text), console, indent)


# --- where it stands -----------------------------------------------------------------------------


def _head(told: Explanation) -> Iterator[Line]:
    for task in told.tasks:
        yield from _task(task)
    yield 0, told.standing + _since(told.standing_since)
    yield 0, f"State: {told.state.replace('_', ' ')}. {_ended(told.reason)}".rstrip()
    if told.next:
        yield 0, f"Next: {told.next}"
    if not told.waits:
        yield from _advice(told.advice, 0)
    yield 0, told.due
    for one in told.held_up:
        until = f" Until {local_time(one.until)}." if one.until else ""
        yield 0, f"{_ended(one.text)}{_since(one.since)}{until}"
        yield from _advice(one.advice, 0)


def _untitled(told: Explanation) -> str:
    return FORGOTTEN if any(one.is_forgotten for one in told.tasks) else "(no title)"


def _task(one: TaskTold) -> Iterator[Line]:
    names = " ".join(filter(None, (one.ref, one.id))) or "none"
    yield 2, f"{one.side.label:4}  {names}" + (f", case {one.case}" if one.case else "")
    if one.changed_at:
        yield 8, f"Changed {local_time(one.changed_at)}, by that service's clock."
    if one.written_at:
        yield 8, f"The bridge last wrote to it {local_time(one.written_at)}."
    yield 8, one.seen
    if one.is_forgotten:
        yield 8, "Its texts are forgotten, as a person wanted."
    elif one.hidden:
        yield 8, f"Not known now: {', '.join(one.hidden)}."
    if one.list_hides:
        yield 8, f"The list hides: {', '.join(one.list_hides)}."


def _advice(advice: Advice, indent: int) -> Iterator[Line]:
    if advice.do:
        yield indent, f"You can: {advice.do}"
    for command in advice.commands:
        yield indent + 4, command


# --- the rest ------------------------------------------------------------------------------------


def _field(one: FieldTold, tasks: Sequence[TaskTold]) -> Iterator[Line]:
    if len(tasks) == 1:
        value = one.kore if tasks[0].side is Side.KORE else one.v2
        shown = FORGOTTEN if tasks[0].is_forgotten else _text(one.name, value)
        yield 2, f"{one.name}: {shown}"
        return
    shown = f"{one.name}: Kore {_text(one.name, one.kore)}, v2 {_text(one.name, one.v2)}"
    if one.base == NO_BASE:
        yield 2, f"{shown} (nothing agreed yet)"
    else:
        agreed = dict.fromkeys(_text(one.name, value) for value in (one.base.kore, one.base.v2))
        yield 2, f"{shown} (last agreed: {' / '.join(agreed)})"
    yield from ((6, note) for note in one.notes)


def _wait(one: WaitTold) -> Iterator[Line]:
    tries = f" Tried {one.attempts} times." if one.attempts > 1 else ""
    yield 2, f"{one.state.replace('_', ' ')}: {_ended(one.reason)}{_since(one.since)}{tries}"
    if one.name is not None:
        values = f"Kore {_text(one.name, one.kore)}, v2 {_text(one.name, one.v2)}"
        to = f"; to be written to {one.side.label}: " if one.side else ""
        is_told = to and not isinstance(one.value, Unseen)
        yield 6, values + (f"{to}{_text(one.name, one.value)}" if is_told else "")
    if one.candidates:
        yield 6, f"It may be: {', '.join(one.candidates)}"
    yield 6, f"Next: {one.next}"
    yield from _advice(one.advice, 6)


def _conflict(one: ConflictTold) -> Iterator[Line]:
    yield 2, f"{local_time(one.settled_at)}  {one.text}"


def _kept(told: Explanation) -> Iterator[Line]:
    if told.kept:
        yield 2, told.kept


def _step(one: Step) -> Iterator[Line]:
    yield 2, f"{local_time(one.at)}  {one.text}"
    yield from ((6, value.text) for value in one.values)


def _since(moment: datetime | None) -> str:
    return f" Since {local_time(moment)}." if moment else ""


def _ended(text: str) -> str:
    """A reason as a sentence."""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def _text(name: Field, value: Shown) -> str:
    """A value as people read it; empty and not seen are never the same."""
    if name is Field.DUE and value is not None and not isinstance(value, Unseen):
        return local_time(as_moment(value.text))
    return shortened(shown_text(value), LONGEST_VALUE)
