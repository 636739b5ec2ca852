"""What can be typed while `task-bridge sandbox` serves: edits, losses and faults, a line each.

    kore edit TS000102 status=Resolved "title=Mended at last"
    v2 fail createTask drop_after
    set kore.rows=full

People act in process, as in a screen; a fault meets the next call of its operation.
"""

import math
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import NoReturn, TypeVar

from bridge.cli.rehearsal_sides import Desk, KoreDesk, V2Desk
from bridge.cli.switches import parse_switches
from bridge.errors import UsageError
from bridge.sandbox import MEANINGS, Fault, Sandbox

HELP = """\
  SIDE tasks                        what is there: id, reference, status, title
  SIDE add TITLE                    a new task (Kore: in its first open case)
  SIDE edit TASK FIELD=VALUE ...    title, description, status, priority, assignee, due
  SIDE remove TASK                  it is gone without a trace
  kore close TASK                   its case, which then takes no change through the API
  kore reopen TASK
  SIDE fail OPERATION FAULT [TIMES] [SECONDS]
                                    what the next calls meet, once or TIMES; * is any operation
  SIDE faults                       which operations and faults there are
  SIDE calls                        how often each operation was called
  set SIDE.SWITCH=VALUE ...         as --set; --switches lists them
SIDE is kore or v2, TASK an id or a reference. Texts with blanks stand in "quotes". `due` is UTC,
as in 2026-05-04T16:30; `none` empties assignee and due, in v2 also priority."""

_FIELDS = ("title", "description", "status", "priority", "assignee", "due")
_EMPTY = "none"
_MOST, _SECONDS = 86_400, "30"
T = TypeVar("T")


class Rehearsal:
    """Does what is typed to one sandbox, which serves meanwhile."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._kore = KoreDesk(sandbox)
        self._desks: Mapping[str, Desk] = {"kore": self._kore, "v2": V2Desk(sandbox)}

    def do(self, line: str) -> str:
        """Carry one line out; gives what to say. Raises UsageError, and then did nothing."""
        match _words(line):
            case []:
                return ""
            case ["help"]:
                return HELP
            case ["set", *settings] if settings:
                return self._set(settings)
            case ["kore", ("close" | "reopen") as verb, task]:
                case = self._kore.move_case(_id(self._kore, task), closes=verb == "close")
                return f"case {case} is {'closed' if verb == 'close' else 'open again'}"
            case [("kore" | "v2") as side, verb, *rest]:
                return _act(self._desks[side], verb, rest)
        return _refuse(f"There is nothing like this: {line.strip()}. `help` tells what there is.")

    def _set(self, settings: Sequence[str]) -> str:
        kinds = {side: type(desk.service.switches) for side, desk in self._desks.items()}
        for side, chosen in parse_switches(settings, kinds).items():
            service = self._desks[side].service
            service.switches = replace(service.switches, **chosen)
        return f"set {', '.join(settings)}"


def _act(desk: Desk, verb: str, rest: Sequence[str]) -> str:
    match verb, rest:
        case (("tasks" | "calls" | "faults"), []):
            lists = {"tasks": _listed, "calls": _counted, "faults": _faults}
            return "\n".join(lists[verb](desk))
        case "add", [title]:
            return f"added {desk.add(title)}"
        case "edit", [task, *changes] if changes:
            desk.edit(_id(desk, task), dict(_change(desk, one) for one in changes))
            return f"edited {task}"
        case "remove", [task]:
            desk.service.remove_task(_id(desk, task))
            return f"removed {task}"
        case "fail", [operation, fault, *numbers] if len(numbers) <= len(("TIMES", "SECONDS")):
            return _fail(desk, operation, fault, *numbers)
    return _refuse(f"There is no {verb!r} like this. `help` tells how each line is written.")


def _listed(desk: Desk) -> Iterator[str]:
    for task in desk.tasks():
        yield f"{task.id}  {task.reference}  {task.status}  {task.title}"


def _counted(desk: Desk) -> Iterator[str]:
    counts = Counter(call.operation for call in desk.service.calls)
    yield from (f"{operation}: {count}" for operation, count in sorted(counts.items()))


def _faults(desk: Desk) -> Iterator[str]:
    yield f"operations: {', '.join(desk.service.operations())}, or * for any"
    yield from (f"  {fault.value:<18}{meaning}" for fault, meaning in MEANINGS.items())
    yield f"SECONDS are {_SECONDS} unless said otherwise."


def _id(desk: Desk, wanted: str) -> str:
    for task in desk.tasks():
        if wanted in (task.id, task.reference):
            return task.id
    return _refuse(f"There is no task {wanted} on this side. `tasks` lists what there is.")


def _change(desk: Desk, change: str) -> tuple[str, object]:
    field, equals, text = change.partition("=")
    if not equals or field not in _FIELDS:
        _refuse(f"A change is FIELD=VALUE, FIELD one of {', '.join(_FIELDS)}; not {change!r}.")
    if field in ("title", "description"):
        return field, text
    if text == _EMPTY and field in desk.may_empty:
        return field, None
    return field, _moment(text) if field == "due" else _one_of(desk.choices(field), field, text)


def _fail(desk: Desk, operation: str, fault: str, times: str = "1", seconds: str = _SECONDS) -> str:
    operations = {name: name for name in ("*", *desk.service.operations())}
    faults = {one.value: one for one in Fault}
    desk.service.faults.add(
        _one_of(operations, "operation", operation),
        _one_of(faults, "fault", fault),
        int(_number("TIMES", times, least=1)),
        _number("SECONDS", seconds, least=0),
    )
    return f"{operation} will meet {fault}; calls still to meet it: {times}"


def _one_of(choices: Mapping[str, T], what: str, text: str) -> T:
    if text in choices:
        return choices[text]
    near = get_close_matches(text, choices, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(choices)}."
    return _refuse(f"There is no {what} {text!r} here. {hint}")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        _refuse(f"{text!r} is no date; write it as in 2026-05-04T16:30, or `none`.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _number(what: str, text: str, *, least: int) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not least <= found <= _MOST:
        _refuse(f"{what} is a number from {least} to {_MOST}, not {text!r}.")
    return found


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        _refuse(f"A quote is not closed: {line.strip()}")


def _refuse(why: str) -> NoReturn:
    raise UsageError(why)
