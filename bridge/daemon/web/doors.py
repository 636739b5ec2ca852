"""Who may come in: whoever bears the token, in a header or by a session that it opened.

A session is a cookie that the token signs: nothing is kept, and another token ends all of them.
Forms of the console bear a word of their own session, so that no other page can send one.
"""

import hashlib
import hmac
import secrets
import time

from starlette.requests import Request

COOKIE = "task-bridge"
FORM_FIELD = "form"
SESSION_SECONDS = 12 * 3600
_BEARER = "bearer "


class Doors:
    """Knows the token of one console."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def is_token(self, given: str) -> bool:
        """Whether that is the token; takes as long for any other text of its length."""
        return hmac.compare_digest(given.strip().encode(), self._token)

    def has_bearer(self, request: Request) -> bool:
        """Whether the request bears the token in its `Authorization`."""
        given = request.headers.get("authorization", "")
        is_bearer = given[: len(_BEARER)].lower() == _BEARER
        return is_bearer and self.is_token(given[len(_BEARER) :])

    def new_session(self) -> str:
        """The cookie of someone who gave the token just now."""
        text = f"{int(time.time()) + SESSION_SECONDS}.{secrets.token_urlsafe(18)}"
        return f"{text}.{self._sign('session', text)}"

    def has_session(self, request: Request) -> bool:
        """Whether the request bears the cookie of a session that is not over."""
        text, _, signature = request.cookies.get(COOKIE, "").rpartition(".")
        if not hmac.compare_digest(signature, self._sign("session", text)):
            return False
        ends, _, _ = text.partition(".")
        return int(ends) > time.time()

    def form_word(self, request: Request) -> str:
        """What a form of this session has to bear."""
        return self._sign("form", request.cookies.get(COOKIE, ""))

    def is_own_form(self, request: Request, given: str) -> bool:
        """Whether a form was sent by a page of this very session."""
        site = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin")
        is_ours = origin is None or origin == f"{request.url.scheme}://{request.url.netloc}"
        is_signed = hmac.compare_digest(given, self.form_word(request))
        return is_signed and is_ours and site in ("same-origin", "none")

    def _sign(self, what: str, text: str) -> str:
        return hmac.new(self._token, f"{what}:{text}".encode(), hashlib.sha256).hexdigest()
