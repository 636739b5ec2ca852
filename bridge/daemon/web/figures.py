"""`/metrics`: the figures, for whoever bears the token."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bridge.daemon.web.doors import Doors
from bridge.daemon.web.health import DATABASE
from bridge.daemon.web.metrics import CONTENT_TYPE, Meters
from bridge.daemon.web.wrong_tokens import WrongTokens
from bridge.errors import StoreError

WANTED = "the token is wanted as a bearer"
WRONG = "the token is wrong"
TOO_MANY = "too many wrong tokens at once"
_ASK = 'Bearer realm="task-bridge"'


class Figures:
    """Shows the figures; a wrong bearer costs what a wrong login does."""

    def __init__(self, doors: Doors, meters: Meters, wrong_tokens: WrongTokens) -> None:
        self._doors = doors
        self._meters = meters
        self._wrong_tokens = wrong_tokens

    def show(self, request: Request) -> Response:
        """All figures as text, for the token alone."""
        given = self._doors.bearer_of(request)
        if not given:
            return _refused(WANTED, _ASK)
        if not self._doors.is_token(given):
            return self._refuse(request)
        try:
            return Response(self._meters.text(), media_type=CONTENT_TYPE)
        except StoreError:
            return PlainTextResponse(f"{DATABASE}\n", 503)

    def _refuse(self, request: Request) -> Response:
        if not self._wrong_tokens.meet(request):
            return PlainTextResponse(f"{TOO_MANY}\n", 429)
        return _refused(WRONG, f'{_ASK}, error="invalid_token"')


def _refused(what: str, asks: str) -> Response:
    return PlainTextResponse(f"{what}\n", 401, {"WWW-Authenticate": asks})
