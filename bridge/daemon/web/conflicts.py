"""Conflicts: both values, and a person's word on which one is right, or is written back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bridge.daemon.conflicts import Facts, conflict_page
from bridge.daemon.noted import open_orders
from bridge.daemon.status import Look
from bridge.daemon.web.asked import ask, asked_of, number_of, seen_word
from bridge.daemon.web.console import Console, back_to, page_of, slice_of
from bridge.daemon.web.security import Form
from bridge.domain.instruction import Instruction, InstructionKind
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import as_moment
from bridge.ports import Unit
from bridge.report.plain import local_time
from bridge.report.shown import ShownValue, shown_base, shown_pair
from bridge.sync.orders import find_conflict, to_resolve

CHANGED = (
    "Nothing was decided: the values are not those that the page showed any more. Look at them "
    "again."
)
UNITED = "Settled in the services: both sides agree again, and no value was written over."


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownConflict:
    """A conflict as the page shows it; `takes` are the sides whose value may be taken now."""

    id: int
    name: str
    title: str
    kore_id: str | None
    v2_id: str | None
    since: datetime
    values: Mapping[Side, ShownValue | None]
    base: ShownValue | None
    text: str
    settled_at: datetime | None
    takes: tuple[Side, ...]
    seen: str
    asked: Instruction | None


def conflicts(console: Console, request: Request) -> Response:
    """The page: those that wait, or the settled ones."""
    is_settled = request.query_params.get("settled") == "1"
    with console.looking() as look:
        found = look.unit.conflict_page(is_settled=is_settled, **slice_of(request))
        asked = open_orders(look, InstructionKind.RESOLVE)
        rows = [_shown(look, conflict_page(look.unit, one), asked) for one in found]
        said = asked_of(look, request)
    listed = page_of(request, rows)
    return console.show(
        request, "conflicts.html", asked=said, is_settled=is_settled, sides=SIDES, **listed
    )


def resolve(console: Console, request: Request, form: Form) -> Response:
    """As `task-bridge conflicts resolve`, over the values that the page showed."""
    take, number = form.get("take", ""), number_of(request.path_params["number"])
    if take not in SIDES:
        raise HTTPException(422, "Nothing was decided: say whose value is right.")
    with console.bridge.store.begin() as unit:
        order = to_resolve(unit, number, Side(take))
        conflict = _told(unit, number)
        if form.get("seen") != _seen(conflict):
            raise HTTPException(409, CHANGED)
        asked = ask(console, unit, order)
    return back_to("/conflicts?settled=1" if conflict["settled_at"] else "/conflicts", asked)


def _told(unit: Unit, number: int) -> Facts:
    return conflict_page(unit, find_conflict(unit, number))


def _seen(facts: Facts) -> str:
    names = ("kore", "v2", "settled_at", "winner")
    return seen_word(*((name, facts[name]) for name in names if name in facts))


def _shown(look: Look, facts: Facts, asked: Mapping[int, Instruction]) -> ShownConflict:
    name, number = facts["field"], facts["id"]
    base = facts["base"] or {}
    kore, v2 = (text_of(name, facts, str(side)) for side in SIDES)
    values = shown_pair(kore, v2)
    return ShownConflict(
        id=number,
        name=name,
        title=facts["title"],
        kore_id=facts["kore_id"],
        v2_id=facts["v2_id"],
        since=facts["since"],
        values=dict(zip(SIDES, values, strict=True)),
        base=shown_base([text_of(name, base, side) or "" for side in base]),
        text=_how_it_stands(facts),
        settled_at=facts["settled_at"],
        takes=_takes(look, facts),
        seen=_seen(facts),
        asked=asked.get(number),
    )


def _takes(look: Look, facts: Facts) -> tuple[Side, ...]:
    if facts["settled_at"] is None:
        return SIDES if facts["decided"] is None else ()
    if facts["winner"] is None or facts["reason"]:
        return ()
    return (Side(facts["winner"]).other,)


def _how_it_stands(facts: Facts) -> str:
    reason = facts["reason"] or ""
    if facts["settled_at"] is None:
        return reason or "It is being written."
    if facts["winner"] is None:
        return UNITED
    winner = Side(facts["winner"]).label
    return f"{winner}'s value was taken ({facts['rule']}). {reason}".strip()


def text_of(name: str, values: Mapping[str, str | None], side: str) -> str | None:
    """A value as people read it, empty where it is empty; None if it was not observed."""
    if side not in values:
        return None
    text = values[side] or ""
    return local_time(as_moment(text)) if text and name == Field.DUE else text
