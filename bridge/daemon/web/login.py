"""Coming in with the token, and going out again."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bridge.daemon.web.console import Console
from bridge.daemon.web.doors import SESSION_SECONDS
from bridge.daemon.web.places import LOGIN, NEXT, after_login
from bridge.daemon.web.security import Form
from bridge.daemon.web.wrong_tokens import WrongTokens

WRONG = "That is not the token. It is console.token of this bridge's configuration."
TOO_MANY = "Too many wrong tokens at once. Wait a moment and try again."


class Login:
    """The way in; a wrong token costs whoever gives it some time."""

    def __init__(self, console: Console, wrong_tokens: WrongTokens) -> None:
        self._console = console
        self._wrong_tokens = wrong_tokens

    def page(self, request: Request) -> Response:
        """The form that asks for the token."""
        wanted = request.query_params.get(NEXT, "")
        if self._console.doors.has_session(request):
            return RedirectResponse(after_login(wanted), 303)
        return self._ask(request, wanted, "", 200)

    def enter(self, request: Request, form: Form) -> Response:
        """Open a session for the token, nothing for any other text."""
        doors, wanted = self._console.doors, form.get(NEXT, "")
        if not doors.is_token(form.get("token", "")):
            return self._refuse(request, wanted)
        answer = RedirectResponse(after_login(wanted), 303)
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

    def _refuse(self, request: Request, wanted: str) -> Response:
        if not self._wrong_tokens.meet(request):
            return self._ask(request, wanted, TOO_MANY, 429)
        return self._ask(request, wanted, WRONG, 401)

    def _ask(self, request: Request, wanted: str, problem: str, status: int) -> Response:
        place = after_login(wanted)
        facts = {"problem": problem, "wanted": place if place != "/" else "", "next_field": NEXT}
        return self._console.show(request, "login.html", status, **facts)
