"""Failures: what was refused or gave up, with the service's words; trying again, or leaving it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bridge.daemon.candidates import candidates_of
from bridge.daemon.failures import failure_page
from bridge.daemon.noted import is_retried, open_orders
from bridge.daemon.status import Look
from bridge.daemon.web.asked import ask, asked_of, number_of, seen_word
from bridge.daemon.web.conflicts import text_of
from bridge.daemon.web.console import Console, back_to, page_of, slice_of
from bridge.daemon.web.security import Form
from bridge.domain.instruction import Instruction, InstructionKind
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.side import SIDES, Side
from bridge.report.marked import Piece
from bridge.report.shown import ShownValue, shown_pair, shown_value
from bridge.sync.orders import find_failures, to_discard, to_retry

CHANGED = (
    "Nothing was discarded: the values are not those that the page showed any more. Look at them "
    "again."
)
RETRY = {OperationKind.UPDATE: "Try it again", OperationKind.CREATE: "Create it"}
DISCARD = {
    OperationKind.UPDATE: "Leave both values as they are",
    OperationKind.CREATE: "Leave the task without a counterpart",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFailure:
    """A failure as the page shows it; `retry` and `discard` are words on buttons, if any.

    `is_retried`: a person said so already, and the next cycle does it.
    """

    facts: Mapping[str, Any]
    side: Side
    what: str
    candidates: Sequence[tuple[str, str, str]]
    values: Mapping[Side, ShownValue | None]
    wanted: ShownValue | None
    retry: str
    discard: str
    seen: str
    asked: Instruction | None
    is_retried: bool


def failures(console: Console, request: Request) -> Response:
    """The page, oldest first."""
    with console.looking() as look:
        found = look.unit.wait_page(WaitKind.FAILED, **slice_of(request))
        asked = open_orders(look, InstructionKind.RETRY, InstructionKind.DISCARD)
        rows = [_shown(look, one, asked) for one in found]
        said = asked_of(look, request)
    listed = page_of(request, rows)
    open_ = [
        one.facts["id"] for one in listed["rows"] if one.retry and not (one.asked or one.is_retried)
    ]
    retried = open_ if len(open_) > 1 else []
    return console.show(
        request, "failures.html", asked=said, sides=SIDES, retried=retried, **listed
    )


def retry(console: Console, request: Request, _: Form) -> Response:
    """As `task-bridge failures retry`."""
    with console.bridge.store.begin() as unit:
        waits = find_failures(unit, [number_of(request.path_params["number"])])
        return back_to("/failures", ask(console, unit, to_retry(waits)))


def retry_all(console: Console, _: Request, form: Form) -> Response:
    """The same for all that the page showed."""
    numbers = [number_of(one) for one in form.get("failures", "").split(",")]
    with console.bridge.store.begin() as unit:
        waits = find_failures(unit, numbers)
        return back_to("/failures", ask(console, unit, to_retry(waits)))


def discard(console: Console, request: Request, form: Form) -> Response:
    """As `task-bridge failures discard`, for the values that the page showed."""
    with console.bridge.store.begin() as unit:
        waits = find_failures(unit, [number_of(request.path_params["number"])])
        if form.get("seen") != _seen(waits[0]):
            raise HTTPException(409, CHANGED)
        return back_to("/failures", ask(console, unit, to_discard(waits)))


def _seen(wait: Wait) -> str:
    return seen_word(wait.reason, *(wait.shown(side) for side in SIDES))


def _shown(look: Look, wait: Wait, asked: Mapping[int, Instruction]) -> ShownFailure:
    facts = failure_page(look.unit, wait)
    name = facts["fields"][0] if facts["fields"] else ""
    kore, v2 = (text_of(name, facts, str(side)) for side in SIDES)
    wanted = text_of(name, facts, "wanted")
    return ShownFailure(
        facts=facts,
        side=wait.side,
        what=f"{facts['kind']} of {name}" if name else facts["kind"],
        candidates=[
            (one.text, one.command, task_id)
            for one, task_id in zip(candidates_of(look.unit, wait), wait.candidates, strict=True)
        ],
        values=dict(zip(SIDES, shown_pair(kore, v2), strict=True)) if name else {},
        wanted=None if wanted is None else shown_value([Piece(wanted)] if wanted else []),
        retry=RETRY.get(wait.operation, ""),
        discard=DISCARD.get(wait.operation, ""),
        seen=_seen(wait),
        asked=asked.get(wait.id),
        is_retried=is_retried(wait),
    )
