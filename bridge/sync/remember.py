"""The lines of the history that the journal cannot tell: what became of a value, why it waits.

Each is given to the transaction in which it happened. `details` of a written value: `from` what
was shown before, `to` what was sent, `shown` what the service made of it, `operation` its number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bridge.domain.link import FieldBase
from bridge.domain.operation import WaitKind
from bridge.domain.records import Happening
from bridge.domain.settle import Effect, Written
from bridge.domain.side import Field, LinkId, OperationId, Side, TaskId
from bridge.domain.task import Task
from bridge.domain.values import UNSEEN, Shown, Unseen

BEGUN = "create begun"
REFUSED = "refused"
_EFFECTS = {Effect.TAKEN: "written", Effect.ALTERED: "altered", Effect.IGNORED: "ignored"}


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one field that was written, and its base from now on."""

    effect: Effect
    written: Written
    base: FieldBase


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a line is about: a task on one side, its link, and why it was written to."""

    side: Side
    task_id: TaskId
    link_id: LinkId
    why: str


def values_settled(
    settled: Mapping[Field, Settled], operation_id: OperationId, place: Place
) -> Iterator[Happening]:
    """What the service made of each value."""
    for name, one in settled.items():
        details: dict[str, object] = {
            "from": _text(one.written.before),
            "to": _text(one.written.sent),
            "shown": UNSEEN if one.effect is Effect.TAKEN else _text(one.written.after),
            "operation": operation_id,
        }
        yield _line(_EFFECTS[one.effect], place, name, details)


def values_unseen(
    values: Mapping[Field, Shown], operation_id: OperationId, place: Place
) -> Iterator[Happening]:
    """They were taken, and the look after it failed: the next one tells what became of them."""
    for name, value in values.items():
        details = {"to": _text(value), "operation": operation_id}
        yield _line("not seen yet", place, name, details)


def value_recalled(
    what: str, name: Field, sent: Shown, shown: Shown, operation_id: OperationId, place: Place
) -> Happening:
    """A value whose answer never came was found to be there, as it was sent or altered."""
    details = {"to": _text(sent), "shown": _text(shown), "operation": operation_id}
    return _line(what, place, name, details)


def values_parked(
    values: Mapping[Field, Shown], kind: WaitKind, place: Place
) -> Iterator[Happening]:
    """They were not written and wait, for the reason that the place gives."""
    what = "case closed" if kind is WaitKind.CASE_CLOSED else REFUSED
    for name, value in values.items():
        yield _line(what, place, name, {"to": _text(value)})


def of_create(what: str, origin: Task, link_id: LinkId | None = None, why: str = "") -> Happening:
    """A create is begun, or refused: so the task leads to its journal even without its link."""
    return Happening(what=what, why=why, link_id=link_id, side=origin.side, task_id=origin.id)


def _line(what: str, place: Place, name: Field, details: Mapping[str, object]) -> Happening:
    return Happening(
        what=what,
        why=place.why,
        link_id=place.link_id,
        side=place.side,
        task_id=place.task_id,
        details=details,
        field=name,
    )


def _text(shown: Shown) -> str | Unseen | None:
    return shown if shown is None or isinstance(shown, Unseen) else shown.text
