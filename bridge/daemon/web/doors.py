"""Who may come in: whoever bears the token, in a header or by a session that it opened.

A session is a cookie that the token signs: nothing is kept, and another token ends all of them.
Forms of the console bear a word of their own session, so that no other page can send one.
"""

import hashlib
import hmac
import secrets
import time
from urllib.parse import urlsplit

from starlette.requests import Request

FORM_FIELD = "form"
SESSION_SECONDS = 12 * 3600
_BEARER = "bearer "


class Doors:
    """Knows the token of one console.

    `cookie` names its session. Browsers send cookies to every port of a host, so `place`, the pair
    and the address, and the token make the name: consoles beside each other end no session.
    """

    def __init__(self, token: str, place: str = "") -> None:
        self._token = token.encode()
        self.cookie = f"task-bridge-{self._sign('cookie', place)[:12]}"

    def is_token(self, given: str) -> bool:
        """Whether that is the token; takes as long for any other text of its length."""
        return _is_same(given.strip(), self._token)

    def bearer_of(self, request: Request) -> str:
        """What the request bears in its `Authorization`, the token or not; empty if nothing."""
        given = request.headers.get("authorization", "")
        is_bearer = given[: len(_BEARER)].lower() == _BEARER
        return given[len(_BEARER) :].strip() if is_bearer else ""

    def new_session(self) -> str:
        """The cookie of someone who gave the token just now."""
        text = f"{int(time.time()) + SESSION_SECONDS}.{secrets.token_urlsafe(18)}"
        return f"{text}.{self._sign('session', text)}"

    def has_session(self, request: Request) -> bool:
        """Whether the request bears the cookie of a session that is not over."""
        text, _, signature = request.cookies.get(self.cookie, "").rpartition(".")
        if not _is_same(signature, self._sign("session", text).encode()):
            return False
        ends, _, _ = text.partition(".")
        return int(ends) > time.time()

    def form_word(self, request: Request) -> str:
        """What a form of this session has to bear."""
        return self._sign("form", request.cookies.get(self.cookie, ""))

    def is_own_form(self, request: Request, given: str) -> bool:
        """Whether a form was sent by a page of this very session."""
        is_signed = _is_same(given, self.form_word(request).encode())
        return is_signed and self.is_from_here(request)

    def is_from_here(self, request: Request) -> bool:
        """Whether a page of the console sent the request, as far as the browser tells.

        The scheme does not count: behind a proxy that ends TLS the browser's is another one.
        """
        site = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin")
        is_ours = origin is None or _host_of(origin) == request.headers.get("host", "").lower()
        return is_ours and site in ("same-origin", "none")

    def _sign(self, what: str, text: str) -> str:
        return hmac.new(self._token, f"{what}:{text}".encode(), hashlib.sha256).hexdigest()


def _is_same(given: str, wanted: bytes) -> bool:
    # As bytes: of texts the comparison takes ASCII alone, and what is given may be anything.
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted)


def _host_of(origin: str) -> str:
    """Host and port of an origin; empty where it names none, as `null` does."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
