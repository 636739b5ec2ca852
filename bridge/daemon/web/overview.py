"""How the bridge is, in one word and in figures; pausing, going on, and a word to the guards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bridge.daemon.status import Facts, Look, facts_of, wait_word
from bridge.daemon.web.asked import ask, asked_of, seen_word
from bridge.daemon.web.console import Console, Part, back_to
from bridge.daemon.web.security import Form
from bridge.domain.guard import NEXT, Guard
from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.side import SIDES, Side
from bridge.sync.orders import to_confirm, to_pause, to_resume

CHANGED = (
    "Nothing was confirmed: what stands is not what the page showed any more. Look at it again."
)
MISSING_PLACE = f"/links?state={LinkState.MISSING}"


@dataclass(frozen=True, slots=True)
class Tile:
    """A count of what waits, and the page that lists it."""

    label: str
    count: int
    tone: str = ""
    place: str = ""


def overview(console: Console, request: Request) -> Response:
    """The page."""
    with console.looking() as look:
        facts, asked = facts_of(look), asked_of(look, request)
        guards = _guards(console, request, look)
        figures = _figures(console, request, look, facts)
        paused = look.unit.pair_state().paused
    return console.show(
        request,
        "overview.html",
        asked=asked,
        word=_word(console, request, facts),
        figures=figures,
        guards=guards,
        says=[*_says([side for side in SIDES if side in paused])],
    )


def word_part(console: Console, request: Request) -> Response:
    """The word alone, if it is another one than the page shows."""
    with console.looking() as look:
        facts = facts_of(look)
    return console.show_if_new(request, _word(console, request, facts))


def guards_part(console: Console, request: Request) -> Response:
    """The guards that stand and the way to confirm them, if they are others than the page shows."""
    with console.looking() as look:
        part = _guards(console, request, look)
    return console.show_if_new(request, part)


def figures_part(console: Console, request: Request) -> Response:
    """The figures alone."""
    with console.looking() as look:
        part = _figures(console, request, look, facts_of(look))
    return console.show_if_new(request, part)


def pause(console: Console, _: Request, form: Form) -> Response:
    """As `task-bridge pause`."""
    with console.bridge.store.begin() as unit:
        return back_to("/", ask(console, unit, to_pause(_side(form))))


def resume(console: Console, _: Request, form: Form) -> Response:
    """As `task-bridge resume`."""
    with console.bridge.store.begin() as unit:
        return back_to("/", ask(console, unit, to_resume(_side(form))))


def confirm(console: Console, _: Request, form: Form) -> Response:
    """As `task-bridge guard confirm`, for what the page showed."""
    with console.bridge.store.begin() as unit:
        standing = [one for one in unit.guards() if one.holds]
        if not standing or form.get("shown") != _shown(standing):
            raise HTTPException(409, CHANGED)
        return back_to("/", ask(console, unit, to_confirm(standing)))


def _side(form: Form) -> Side | None:
    given = form.get("side", "")
    if given and given not in SIDES:
        raise HTTPException(422, "Nothing was done: there is no such side.")
    return Side(given) if given else None


def _says(paused: Sequence[Side]) -> Iterator[tuple[str, str, str]]:
    """What can be said of the sides, as they are: the action, the side, what is on the button."""
    for side in SIDES:
        action = "resume" if side in paused else "pause"
        yield action, str(side), f"{action.capitalize()} {side.label}"
    if not paused:
        yield "pause", "", "Pause both"
    elif len(paused) == len(SIDES):
        yield "resume", "", "Resume both"


def _standing(look: Look) -> list[Guard]:
    return [one for one in look.unit.guards() if one.holds]


def _shown(guards: Sequence[Guard]) -> str:
    """A word that changes with what the guards are about."""
    return seen_word(to_confirm(guards).details)


def _word(console: Console, request: Request, facts: Facts) -> Part:
    told = {"state": facts["state"], "reasons": facts["reasons"]}
    return console.part(request, "word.html", **told)


def _guards(console: Console, request: Request, look: Look) -> Part:
    standing = _standing(look)
    shown = _shown(standing)
    return console.part(request, "guards.html", guards=standing, shown=shown, next=NEXT)


def _figures(console: Console, request: Request, look: Look, facts: Facts) -> Part:
    run = facts["last_run"]
    return console.part(
        request,
        "figures.html",
        sides=[_side_facts(look, side, facts) for side in SIDES],
        tiles=[_missing(facts["links"]), *_tiles(facts["waits"])],
        links=facts["links"]["linked"],
        in_step=look.unit.count_in_step(),
        daemon=facts["daemon"],
        first_contact=facts["first_contact"],
        last_run={**run, **_totals(run)} if run else None,
    )


def _totals(run: Facts) -> dict[str, Any]:
    sums = {name: sum(run.get(name, {}).values()) for name in ("created", "updated")}
    return {**sums, "seconds": run.get("seconds", 0.0)}


def _side_facts(look: Look, side: Side, facts: Facts) -> Facts:
    told = facts["sides"][side]
    last = told["last_sweep"]
    every = timedelta(seconds=look.settings.sync.sweep_seconds)
    ended_at = last["completed_at"] if last else None
    return {
        **told,
        "name": str(side),
        "label": side.label,
        "paused": str(side) in facts["paused"],
        "next_sweep": ended_at + every if ended_at and ended_at + every > look.now else None,
    }


_PLACES = {
    WaitKind.CONFLICT: ("conflicts", "warn", "/conflicts"),
    WaitKind.FAILED: ("failures", "bad", "/failures"),
    WaitKind.UNMAPPED: ("unmapped", "warn", "/unmapped"),
    WaitKind.RESTORE: ("to be written back", "", "/conflicts?settled=1"),
}


def _missing(links: dict[str, int]) -> Tile:
    """The pairs of which a task is gone."""
    count = links[LinkState.MISSING]
    return Tile("missing", count, "warn" if count else "", MISSING_PLACE)


def _tiles(waits: dict[str, int]) -> Iterator[Tile]:
    for name, count in waits.items():
        usual = (wait_word(name, count), "", "")
        label, tone, place = _PLACES.get(WaitKind(name), usual) if name in _KINDS else usual
        if count or place in ("/conflicts", "/failures", "/unmapped"):
            yield Tile(label, count, tone if count else "", place)


_KINDS = {str(kind) for kind in WaitKind}
