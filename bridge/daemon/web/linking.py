"""Links made and taken apart by people: the two tasks are shown before they become one."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bridge.daemon.status import Facts, Look
from bridge.daemon.web.asked import ask, number_of, seen_word
from bridge.daemon.web.console import Console, back_to
from bridge.daemon.web.security import Form
from bridge.domain.link import Link
from bridge.domain.side import SIDES, LinkId, Side
from bridge.domain.task import Known
from bridge.errors import UsageError
from bridge.ports import Unit
from bridge.sync.add_link import pair_to_link
from bridge.sync.orders import to_add_link, to_remove_link

LONGEST_NAME = 200
CHANGED = "Nothing was done: the link is not what the page showed any more. Look at the task again."
OTHERS = "Nothing was linked: the two tasks are not what the page showed any more. Look again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Couple:
    """Two tasks that are to be one, and a word that changes with what is shown of them."""

    tasks: Mapping[Side, Known]
    seen: str


def new_link(console: Console, request: Request) -> Response:
    """The page that asks for two tasks, and shows them once both are named."""
    names = [request.query_params.get(name, "") for name in ("first", "second")]
    first, second = (name.strip()[:LONGEST_NAME] for name in names)
    couple, problem = None, ""
    if first and second:
        with console.looking() as look:
            couple, problem = _couple_or_problem(look, first, second)
    facts: Facts = {"first": first, "second": second, "couple": couple, "problem": problem}
    return console.show(request, "new_link.html", sides=SIDES, **facts)


def add(console: Console, _: Request, form: Form) -> Response:
    """As `task-bridge links add`, of the two that the page showed."""
    with console.bridge.store.begin() as unit:
        couple = _couple(unit, form.get("first", ""), form.get("second", ""))
        if form.get("seen") != couple.seen:
            raise HTTPException(409, OTHERS)
        asked = ask(console, unit, to_add_link(couple.tasks))
    return back_to(_page_of(couple.tasks[Side.KORE].task.id), asked)


def remove(console: Console, request: Request, form: Form) -> Response:
    """As `task-bridge links remove`, of the link that the page showed."""
    with console.bridge.store.begin() as unit:
        view = unit.link(LinkId(number_of(request.path_params["number"])))
        if view is None:
            raise UsageError("There is no such link.")
        if form.get("seen") != seen_of(view.link):
            raise HTTPException(409, CHANGED)
        order = to_remove_link(view.link, is_forgotten=form.get("forget") == "yes")
        asked = ask(console, unit, order)
    return back_to(_page_of(view.link.kore_id or view.link.v2_id or ""), asked)


def seen_of(link: Link) -> str:
    """A word that changes with what a link joins, and with its state."""
    return seen_word(link.kore_id, link.v2_id, link.state)


def _couple_or_problem(look: Look, first: str, second: str) -> tuple[Couple | None, str]:
    try:
        return _couple(look.unit, first, second), ""
    except UsageError as error:
        return None, str(error)


def _couple(unit: Unit, first: str, second: str) -> Couple:
    pair = pair_to_link(unit, first, second)
    shown = [(one.task.id, one.task.title) for one in pair.values()]
    return Couple(tasks=pair, seen=seen_word(*shown))


def _page_of(name: str) -> str:
    return f"/tasks/{quote(name, safe='')}"
