"""What stands between the browser and the pages: headers, the session, a form's own word.

Every page and action is made by `closed_page` and `closed_action`, so that none can be forgotten.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bridge.daemon.web.doors import FORM_FIELD, Doors
from bridge.daemon.web.places import login_before, page_behind, place_of

Form = Mapping[str, str]
Page = Callable[[Request], Response]
Action = Callable[[Request, Form], Response]
MOST_BYTES = 16_384
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: under that browsers send forms with the origin `null`, like strangers'.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Hardened:
    """An application with every answer of which the browser is told what it may do with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one request."""
        return self._app(scope, receive, _hardening(send))


def _hardening(send: Send) -> Send:
    def harden(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, text in HEADERS.items():
                headers.setdefault(name, text)
        return send(message)

    return harden


def is_part(request: Request) -> bool:
    """Whether htmx asks, for a part of the page that it has."""
    return request.headers.get("hx-request") == "true"


def closed_page(doors: Doors, page: Page) -> Page:
    """The page for those who have a session; all others are led to the login."""

    def shown(request: Request) -> Response:
        return page(request) if doors.has_session(request) else _to_login(request)

    return shown


def closed_action(doors: Doors, act: Action) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """The action for a form that a page of the sender's own session holds."""

    async def done(request: Request) -> Response:
        if not doors.has_session(request):
            return _to_login(request)
        form = await _form_of(request)
        if not doors.is_own_form(request, form.get(FORM_FIELD, "")):
            raise HTTPException(403, NOT_OURS)
        return await run_in_threadpool(act, request, form)

    return done


def open_action(doors: Doors, act: Action) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """An action for those who have no session yet, if another page does not send them here."""

    async def done(request: Request) -> Response:
        if not doors.is_from_here(request):
            raise HTTPException(403, NOT_OURS)
        return await run_in_threadpool(act, request, await _form_of(request))

    return done


NOT_OURS = (
    "Nothing was done: this form was not sent by a page of your session. Open the console anew "
    "and try again there."
)


async def _form_of(request: Request) -> Form:
    """What the form holds. The one thing that has to be awaited: the body comes in pieces."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "Nothing was done: no form of the console is that long.")
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _to_login(request: Request) -> Response:
    """To the login, and from there to the page that was wanted, or that a part or form is of."""
    is_page = request.method == "GET" and not is_part(request)
    login = login_before(place_of(request) if is_page else page_behind(request))
    if is_part(request):
        return Response(status_code=401, headers={"HX-Redirect": login})
    return RedirectResponse(login, 303)
