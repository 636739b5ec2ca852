"""What answers at `console.listen`: health without the token, everything else with it."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bridge.bootstrap import Bridge
from bridge.daemon.web.doors import Doors
from bridge.daemon.web.health import DATABASE, READY, readiness
from bridge.daemon.web.metrics import CONTENT_TYPE, Meters
from bridge.errors import StoreError

ALIVE = "ok"
_UNAVAILABLE = 503
_ASK = {"WWW-Authenticate": 'Bearer realm="task-bridge"'}


def web_app(bridge: Bridge, doors: Doors, meters: Meters) -> Starlette:
    """The application for one bridge. Handlers are synchronous: starlette gives them threads."""

    def healthz(_: Request) -> Response:
        return PlainTextResponse(ALIVE)

    def readyz(_: Request) -> Response:
        word = readiness(bridge)
        return PlainTextResponse(word, 200 if word == READY else _UNAVAILABLE)

    def metrics(request: Request) -> Response:
        if not doors.has_bearer(request):
            return PlainTextResponse("the token is wanted as a bearer\n", 401, _ASK)
        try:
            return Response(meters.text(), media_type=CONTENT_TYPE)
        except StoreError:
            return PlainTextResponse(f"{DATABASE}\n", _UNAVAILABLE)

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]
    )
