"""What is shown where there is no page: a sentence, never a traceback."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from bridge.daemon.web.console import PAGES, Console
from bridge.daemon.web.places import page_behind, place_of
from bridge.errors import StoreError, UsageError
from bridge.logs import logger

NOT_THERE = "There is no such page."
NO_DATABASE = "The database does not answer now, so nothing can be shown or done."
# Where HTTP's own words mean something else here.
HEADINGS = {409: "It has changed meanwhile"}
A_BUG = "This is a bug of task-bridge. The log of the daemon tells more."


class Sentences:
    """Shows an error as a page with a sentence."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def handlers(self) -> dict[int | type[Exception], ExceptionHandler]:
        """A handler for each kind of error."""
        return {
            HTTPException: self._told,
            UsageError: self._cannot,
            StoreError: self._no_database,
            Exception: self._bug,
        }

    def _told(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        detail = error.detail if isinstance(error, HTTPException) else ""
        usual = HEADINGS.get(status) or HTTPStatus(status).phrase
        text = detail if detail and detail != usual else f"{NOT_THERE if status == 404 else usual}"
        return self._say(request, status, usual, text)

    def _cannot(self, request: Request, error: Exception) -> Response:
        return self._say(request, 422, "That cannot be done", str(error))

    def _no_database(self, request: Request, error: Exception) -> Response:
        return self._say(request, 503, "No answer", f"{NO_DATABASE} {error}")

    def _bug(self, request: Request, error: Exception) -> Response:
        place = f"{request.method} {request.url.path}"
        logger("bridge.daemon").error("console failed: a bug", place=place, exc_info=error)
        return self._say(request, 500, "Something went wrong", A_BUG)

    def _say(self, request: Request, status: int, heading: str, text: str) -> Response:
        facts = {"heading": heading, "text": text, "back": _back(request, status)}
        return self._console.show(request, "said.html", status, **facts)


def _back(request: Request, status: int) -> str:
    """Where to look again: at the page that one came from, or the list that an action was of."""
    if status == 404:
        return "/"
    if request.method == "GET":
        return place_of(request) or "/"
    listed = f"/{request.url.path.split('/')[1]}"
    return page_behind(request) or (listed if listed in PAGES else "/")
