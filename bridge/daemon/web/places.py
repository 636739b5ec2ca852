"""Places of this console: where a request leads, and the page that it came from.

What a request tells of places is anybody's word: only what a browser takes for a path of this very
console is followed.
"""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.requests import Request

LOGIN = "/login"
NEXT = "next"
LONGEST = 1_000
# No `//` and no `\`, which name another host, nor signs that browsers leave out before they look.
_OWN = re.compile(r"/(?!/)[\x21-\x5b\x5d-\x7e]*")
_KEPT = "/:@!$&'()*+,;=~-._"


def is_own(place: str) -> bool:
    """Whether it is a path of this console, whatever a browser makes of it."""
    return len(place) <= LONGEST and _OWN.fullmatch(place) is not None


def place_of(request: Request) -> str:
    """Where the request leads; empty if that cannot be a place of ours."""
    return _joined(quote(request.url.path, safe=_KEPT), request.url.query)


def page_behind(request: Request) -> str:
    """The page that sent the request; empty where that is not told, or is none of this console.

    It comes without what was asked for on it before.
    """
    told = request.headers.get("hx-current-url") or request.headers.get("referer", "")
    try:
        found = urlsplit(told)
    except ValueError:
        return ""
    if found.netloc.lower() != request.headers.get("host", "").lower():
        return ""
    query = [(name, text) for name, text in parse_qsl(found.query) if name != "asked"]
    return _joined(found.path or "/", urlencode(query))


def login_before(place: str) -> str:
    """The login, after which one comes to the place."""
    return f"{LOGIN}?{urlencode({NEXT: place})}" if place not in ("", "/") else LOGIN


def after_login(wanted: str) -> str:
    """Where one comes to, of what was asked for: never to another's place."""
    return wanted if is_own(wanted) else "/"


def _joined(path: str, query: str) -> str:
    place = f"{path}?{query}" if query else path
    return place if is_own(place) else ""
