"""What every page of the console works with: the bridge, the doors, the templates."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bridge import __version__
from bridge.bootstrap import Bridge
from bridge.daemon.status import Look
from bridge.daemon.web.doors import FORM_FIELD, Doors
from bridge.daemon.web.looking import looking_at
from bridge.daemon.web.security import is_part
from bridge.domain.signs import seen_title
from bridge.domain.text import shortened
from bridge.domain.values import as_text
from bridge.report.marked import Piece
from bridge.report.plain import local_time, rough_age, without_steering
from bridge.report.shown import shown_value

PAGES = {
    "/": "Overview",
    "/activity": "Activity",
    "/conflicts": "Conflicts",
    "/failures": "Failures",
    "/links": "Links",
    "/unmapped": "Unmapped",
    "/runs": "Runs",
}
PER_PAGE = 50
LONGEST_TITLE = 120
MOST_PAGES = 1_000_000
UNCHANGED = 204
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page as HTML, and a word that changes with it."""

    text: str
    seen: str


class Console:
    """Shows pages of one bridge to those who have a session."""

    def __init__(self, bridge: Bridge, doors: Doors) -> None:
        self.bridge = bridge
        self.doors = doors

    def looking(self) -> AbstractContextManager[Look]:
        """One moment of the database. Raises StoreError."""
        return looking_at(self.bridge)

    def show(self, request: Request, template: str, status: int = 200, **facts: Any) -> Response:
        """A page, or only what is in it where htmx asks for that."""
        return HTMLResponse(self._render(request, template, facts), status)

    def part(self, request: Request, template: str, **facts: Any) -> Part:
        """A part of a page."""
        text = self._render(request, template, facts)
        return Part(text=text, seen=sha256(text.encode()).hexdigest()[:16])

    def show_if_new(self, request: Request, part: Part) -> Response:
        """The part, or nothing where the page that asks shows the very same already."""
        if request.query_params.get("seen") == part.seen:
            return Response(status_code=UNCHANGED)
        return self.show(request, "seen.html", part=part)

    def _render(self, request: Request, template: str, facts: dict[str, Any]) -> str:
        has_session = self.doors.has_session(request)
        return (
            environment()
            .get_template(template)
            .render(
                layout="part.html" if is_part(request) else "page.html",
                path=request.url.path,
                pages=PAGES if has_session else {},
                pair=self.bridge.settings.name if has_session else "",
                form_field=FORM_FIELD,
                form_word=self.doors.form_word(request) if has_session else "",
                now=self.bridge.clock.now(),
                version=__version__,
                **facts,
            )
        )


def page_number(request: Request) -> int:
    """Which page of a long list is asked for, from 1."""
    given = request.query_params.get("page", "1")
    is_number = given.isascii() and given.isdigit() and len(given) < len(str(MOST_PAGES))
    return max(1, int(given)) if is_number else 1


def slice_of(request: Request) -> dict[str, int]:
    """The rows to be read for that page: one more than is shown, to know whether more follow."""
    return {"limit": PER_PAGE + 1, "offset": PER_PAGE * (page_number(request) - 1)}


def page_of(request: Request, rows: Sequence[Row]) -> dict[str, Any]:
    """What a template needs to show a page of a list and the way to the others."""
    return {
        "rows": rows[:PER_PAGE],
        "page": page_number(request),
        "has_more": len(rows) > PER_PAGE,
    }


def back_to(path: str, asked: int) -> Response:
    """Back to a page, which then tells what came of the instruction that was given."""
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}asked={asked}", 303)


@cache
def environment() -> Environment:
    """The templates; whatever they show is escaped."""
    found = Environment(
        loader=ChoiceLoader([PackageLoader("bridge.daemon.web"), PackageLoader("bridge.report")]),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=without_steering,
    )
    found.filters |= {
        "number": lambda count: f"{count:,}".replace(",", " "),
        "local": local_time,
        "utc": as_text,
        "words": lambda name: str(name).replace("_", " "),
        "age": rough_age,
        "folded": lambda text: shown_value([Piece(text)]),
        "seen_title": seen_title,
        "brief": lambda text: shortened(text or "", LONGEST_TITLE),
    }
    return found
