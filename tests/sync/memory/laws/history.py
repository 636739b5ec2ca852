"""Every line of the history has the facts that its kind promises, and names what is there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.domain.operation import Journalled
from bridge.domain.records import Happening
from bridge.domain.side import Side
from bridge.domain.values import UNSEEN, Shown, Unseen
from bridge.ports import Unit
from tests.sync.memory.laws.words import is_clause

MUST, MAY, NEVER = True, None, False


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Which facts a kind of line must have, may have (None), or never has."""

    why: bool | None = MUST
    link: bool | None = MUST
    side: bool | None = MUST
    task: bool | None = MUST
    field: bool | None = NEVER
    details: frozenset[str] = frozenset()


_PAIR = Promise(side=NEVER, task=NEVER)
_WRITTEN = Promise(field=MUST, details=frozenset({"from", "to", "shown", "operation"}))
_RECALLED = Promise(field=MUST, details=frozenset({"to", "shown", "operation"}))
_PARKED = Promise(field=MUST, details=frozenset({"to"}))
_DECIDED = Promise(task=NEVER, field=MUST, details=frozenset({"conflict"}))
_SAID = Promise(link=MAY, task=MAY, field=MAY)

# Where a kind is told of different things, any of the promises is enough.
HISTORY: Mapping[str, tuple[Promise, ...]] = {
    "linked": (_PAIR,),
    "removed": (_PAIR,),
    "found_again": (Promise(why=NEVER, side=NEVER, task=NEVER),),
    "gone": (Promise(link=MAY),),
    "create begun": (Promise(why=NEVER),),
    "created": (Promise(),),
    "not created": (Promise(link=NEVER),),
    "seen whole": (Promise(link=MAY),),
    "refused": (_PARKED, Promise(link=NEVER)),
    "case closed": (_PARKED,),
    "written": (_WRITTEN,),
    "altered": (_WRITTEN, _RECALLED),
    "ignored": (_WRITTEN,),
    "arrived": (_RECALLED,),
    "not seen yet": (Promise(field=MUST, details=frozenset({"to", "operation"})),),
    "decided": (_DECIDED,),
    "restored": (_DECIDED,),
    "restore dropped": (_DECIDED,),
    "retried": (_SAID,),
    "discarded": (_SAID,),
}


def unlawful(one: Happening) -> Iterator[str]:
    """What is not as promised in one line, by itself."""
    promises = HISTORY.get(one.what)
    if promises is None:
        yield f"history: {one.what!r} is not in the table"
        return
    if not any(_keeps(one, promise) for promise in promises):
        yield f"history: {one} keeps none of {promises}"
    if one.what in ("retried", "discarded") and (one.link_id is None) == (one.task_id is None):
        yield f"history: {one.what} is of a link or of a task: {one}"
    if one.why and not is_clause(one.why):
        yield f"history: {one.what}, because {one.why!r}"


def _keeps(one: Happening, promise: Promise) -> bool:
    facts = (
        (promise.why, bool(one.why)),
        (promise.link, one.link_id is not None),
        (promise.side, one.side is not None),
        (promise.task, one.task_id is not None),
        (promise.field, one.field is not None),
    )
    return {*one.details} == promise.details and all(
        promised in (MAY, is_there) for promised, is_there in facts
    )


def strangers(one: Happening, unit: Unit, journal: Mapping[int, Journalled]) -> Iterator[str]:
    """What a line names and nobody knows; asked in the transaction that wrote it."""
    view = unit.link(one.link_id) if one.link_id is not None else None
    if one.link_id is not None and view is None:
        yield f"history: {one.what} of the link {one.link_id}, which is not there"
    if one.side is not None and one.task_id is not None:
        # A created task that could not be seen yet is known by its id alone.
        if one.what != "created" and not unit.known(one.side, [one.task_id]):
            yield f"history: {one.what} of {one.side}'s {one.task_id}, which nobody knows"
        if view is not None and view.link.task_id(one.side) != one.task_id:
            yield f"history: {one.what} of {one.task_id}, which is not {one.side}'s of its link"
    if "operation" in one.details:
        yield from _of_its_operation(one, journal.get(one.details["operation"]))
    if "conflict" in one.details:
        yield from _of_its_conflict(one, unit)


def _of_its_operation(one: Happening, entry: Journalled | None) -> Iterator[str]:
    """A value that was written is told as the journal has it."""
    if entry is None:
        yield f"history: {one.what} by operation {one.details['operation']}, which is not there"
        return
    operation = entry.operation
    if (operation.side, operation.link_id) != (one.side, one.link_id):
        yield f"history: {one.what} names operation {entry.id} of another place"
    if one.field is None or one.field not in operation.values:
        yield f"history: {one.what} of {one.field}, which operation {entry.id} did not write"
    elif one.details["to"] != _text(operation.values[one.field]):
        yield f"history: {one.what} to {one.details['to']!r}, sent {operation.values[one.field]}"
    if one.what in ("altered", "ignored") and one.details["shown"] is UNSEEN:
        yield f"history: {one.what}, and not told what is shown"
    if one.what in ("written", "arrived") and one.details["shown"] is not UNSEEN:
        yield f"history: {one.what}, and shows {one.details['shown']!r}"


def _of_its_conflict(one: Happening, unit: Unit) -> Iterator[str]:
    number = one.details["conflict"]
    conflict = unit.conflict(int(number)) if str(number).isdigit() else None
    if conflict is None:
        yield f"history: {one.what} of conflict {number!r}, which is not there"
    elif (conflict["link_id"], conflict["field"]) != (one.link_id, one.field):
        yield f"history: {one.what} of conflict {number}, which is of another field"
    if not isinstance(one.side, Side):
        yield f"history: {one.what} for nobody"


def unlawful_conflict(values: Mapping[str, Any], how: Mapping[str, Any]) -> Iterator[str]:
    """A conflict is kept with both values, what was agreed before, and by which rule."""
    if {*values} != {"kore", "v2", "base_kore", "base_v2"}:
        yield f"conflict: it is kept with {sorted(values)}"
    elif UNSEEN in (values["kore"], values["v2"]) and how["winner"] is None:
        yield f"conflict: nobody has decided it, and it shows {values}"
    if not how["rule"]:
        yield "conflict: by no rule"


def _text(shown: Shown) -> object:
    return shown if shown is None or isinstance(shown, Unseen) else shown.text
