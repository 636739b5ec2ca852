"""What answers at `console.listen`: two words of health and the login to anybody, the rest to
those who gave the token.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bridge.bootstrap import Bridge
from bridge.daemon.web import (
    activity,
    conflicts,
    failures,
    linking,
    links,
    overview,
    runs,
    unmapped,
)
from bridge.daemon.web.asked import asked_part
from bridge.daemon.web.console import Console
from bridge.daemon.web.doors import Doors
from bridge.daemon.web.errors import Sentences
from bridge.daemon.web.figures import Figures
from bridge.daemon.web.health import READY, readiness
from bridge.daemon.web.login import Login
from bridge.daemon.web.metrics import Meters
from bridge.daemon.web.places import LOGIN
from bridge.daemon.web.security import (
    Form,
    Hardened,
    closed_action,
    closed_page,
    open_action,
)
from bridge.daemon.web.static_files import static_file
from bridge.daemon.web.wrong_tokens import WrongTokens

ALIVE = "ok"
_UNAVAILABLE = 503

PAGES: Mapping[str, Callable[[Console, Request], Response]] = {
    "/": overview.overview,
    "/overview/word": overview.word_part,
    "/overview/guards": overview.guards_part,
    "/overview/figures": overview.figures_part,
    "/asked/{number}": asked_part,
    "/activity": activity.activity,
    "/activity/newest": activity.activity_part,
    "/activity/last": activity.last_part,
    "/conflicts": conflicts.conflicts,
    "/failures": failures.failures,
    "/links": links.links,
    "/links/new": linking.new_link,
    "/tasks/{name:path}": links.life,
    "/unmapped": unmapped.unmapped,
    "/runs": runs.runs,
}
ACTIONS: Mapping[str, Callable[[Console, Request, Form], Response]] = {
    "/pause": overview.pause,
    "/resume": overview.resume,
    "/guards/confirm": overview.confirm,
    "/conflicts/{number}/resolve": conflicts.resolve,
    "/failures/retry": failures.retry_all,
    "/failures/{number}/retry": failures.retry,
    "/failures/{number}/discard": failures.discard,
    "/links/add": linking.add,
    "/links/{number}/remove": linking.remove,
}


def web_app(bridge: Bridge, doors: Doors, meters: Meters) -> ASGIApp:
    """The application for one bridge. Handlers are synchronous: starlette gives them threads."""
    console = Console(bridge, doors)
    wrong_tokens = WrongTokens(bridge.clock)
    figures = Figures(doors, meters, wrong_tokens)
    routes = [*_open_to_all(bridge, figures), *_console(console, wrong_tokens)]
    return Hardened(Starlette(routes=routes, exception_handlers=Sentences(console).handlers))


def _console(console: Console, wrong_tokens: WrongTokens) -> Iterator[Route]:
    doors, login = console.doors, Login(console, wrong_tokens)
    yield Route(LOGIN, login.page)
    yield Route(LOGIN, open_action(doors, login.enter), methods=["POST"])
    yield Route("/logout", closed_action(doors, login.leave), methods=["POST"])
    yield Route("/static/{name}", static_file)
    for path, page in PAGES.items():
        yield Route(path, closed_page(doors, partial(page, console)))
    for path, act in ACTIONS.items():
        yield Route(path, closed_action(doors, partial(act, console)), methods=["POST"])


def _open_to_all(bridge: Bridge, figures: Figures) -> Iterator[Route]:
    """The two words, and the figures for whoever bears the token."""

    def healthz(_: Request) -> Response:
        return PlainTextResponse(ALIVE)

    def readyz(_: Request) -> Response:
        word = readiness(bridge)
        return PlainTextResponse(word, 200 if word == READY else _UNAVAILABLE)

    yield Route("/healthz", healthz)
    yield Route("/readyz", readyz)
    yield Route("/metrics", figures.show)
