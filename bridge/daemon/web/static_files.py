"""The two files that every page asks for; they tell nothing, so that anybody may have them."""

from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FILES = {"style.css": "text/css", "htmx.min.js": "text/javascript"}
_KEPT = {"Cache-Control": "public, max-age=86400"}


def static_file(request: Request) -> Response:
    """One of them, to be kept by the browser: its address names the release."""
    name = request.path_params["name"]
    if name not in FILES:
        raise HTTPException(404)
    return Response(_content(name), media_type=FILES[name], headers=_KEPT)


@cache
def _content(name: str) -> bytes:
    return (Path(__file__).parent / "static" / name).read_bytes()
