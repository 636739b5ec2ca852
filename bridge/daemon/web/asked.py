"""What somebody asked the daemon for: written down here, carried out by its next cycle."""

from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bridge.daemon.status import Look
from bridge.daemon.web.console import Console, environment
from bridge.domain.instruction import Instruction, Order
from bridge.ports import Unit

# The page hears of it and reads its rows anew.
CARRIED_OUT = {"HX-Trigger": "carried-out"}
STOP_POLLING = 286


def ask(console: Console, unit: Unit, order: Order) -> int:
    """Write down what is asked for; gives its number."""
    owner, now = console.bridge.rules.owner, console.bridge.clock.now()
    return unit.give_instruction(order.kind, order.details, by=owner, at=now)


def asked_of(look: Look, request: Request) -> Instruction | None:
    """The instruction that the request comes back from, if it names one."""
    given = request.query_params.get("asked", "")
    return look.unit.instruction(number_of(given)) if given else None


def number_of(text: str) -> int:
    """The number of something that is listed; what is none names nothing that is there."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def asked_part(console: Console, request: Request) -> Response:
    """What came of an instruction so far; the page asks again until it is carried out."""
    with console.looking() as look:
        found = look.unit.instruction(number_of(request.path_params["number"]))
    if found is None:
        raise HTTPException(404, "There is no such instruction any more.")
    pieces = environment().get_template("pieces.html").make_module({})
    text = pieces.asked_text(found)  # type: ignore[attr-defined]
    if found.outcome is None:
        return HTMLResponse(text)
    return HTMLResponse(text, STOP_POLLING, CARRIED_OUT)


def seen_word(*shown: object) -> str:
    """A word that changes with what a page showed, so that nobody decides over anything else."""
    return sha256(repr(shown).encode()).hexdigest()[:16]
