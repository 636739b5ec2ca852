"""Coming in with the token, and going out again."""

from contextlib import suppress
from threading import BoundedSemaphore

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bridge.daemon.web.console import Console
from bridge.daemon.web.doors import SESSION_SECONDS
from bridge.daemon.web.security import LOGIN, Form
from bridge.errors import Stopped
from bridge.logs import logger

WRONG = "That is not the token. It is console.token of this bridge's configuration."
TOO_MANY = "Too many wrong tokens at once. Wait a moment and try again."
# A wrong token is answered late, and only so many wait: the other threads go on answering.
LATE_SECONDS = 0.5
MOST_WAITING = 4


class Login:
    """The way in; a wrong token costs whoever gives it some time."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._waiting = BoundedSemaphore(MOST_WAITING)
        self._log = logger("bridge.daemon")

    def page(self, request: Request) -> Response:
        """The form that asks for the token."""
        if self._console.doors.has_session(request):
            return RedirectResponse("/", 303)
        return self._ask(request, "", 200)

    def enter(self, request: Request, form: Form) -> Response:
        """Open a session for the token, nothing for any other text."""
        doors = self._console.doors
        if not doors.is_token(form.get("token", "")):
            # The word itself may be the right one of another bridge: it stands nowhere.
            peer = request.client.host if request.client else None
            self._log.warning("console: wrong token", peer=peer)
            return self._refuse(request)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            doors.cookie,
            doors.new_session(),
            max_age=SESSION_SECONDS,
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return answer

    def leave(self, _: Request, __: Form) -> Response:
        """Close the session in this browser."""
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(self._console.doors.cookie, path="/", httponly=True, samesite="strict")
        return answer

    def _refuse(self, request: Request) -> Response:
        if not self._waiting.acquire(blocking=False):
            return self._ask(request, TOO_MANY, 429)
        try:
            with suppress(Stopped):  # the daemon ends
                self._console.bridge.clock.sleep(LATE_SECONDS)
        finally:
            self._waiting.release()
        return self._ask(request, WRONG, 401)

    def _ask(self, request: Request, problem: str, status: int) -> Response:
        return self._console.show(request, "login.html", status, problem=problem)
