"""The desk where HTTP requests of a simulated service arrive.

Takes a service, gives an ASGI application: each request is read, noted, met by an ordered fault
if there is one, carried out, and answered with the service's own Date.
"""

import asyncio
import json
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bridge.sandbox.answers import Asked
from bridge.sandbox.calls import Call
from bridge.sandbox.mishaps import answer_despite
from bridge.sandbox.moments import from_ms
from bridge.sandbox.responses import Rendering
from bridge.sandbox.service import AnyService

EVERY_METHOD = ["GET", "POST", "PATCH", "PUT", "DELETE"]


def application_of(service: AnyService) -> Starlette:
    """The application that serves every route of the service, and 404 for everything else."""
    routes = [_route(service, method, path, name) for method, path, name in service.routes()]
    routes.append(_route(service, "*", "/{path:path}", "unknown"))
    application = Starlette(routes=routes)
    application.router.redirect_slashes = False
    return application


def _route(service: AnyService, method: str, path: str, operation: str) -> Route:
    async def endpoint(request: Request) -> Response:
        return await _serve(service, request, operation)

    return Route(path, endpoint, methods=EVERY_METHOD if method == "*" else [method])


async def _serve(service: AnyService, request: Request, operation: str) -> Response:
    asked = await _read(request, operation)
    releases = service.faults.releases
    call = service.log.note(_call_of(service, asked))
    response = await answer_despite(service, asked, Rendering(service), releases)
    call.status = response.status_code or None
    if service.on_page is not None and response.status_code == 200:
        await asyncio.to_thread(service.after_page, asked)
    return response


async def _read(request: Request, operation: str) -> Asked:
    return Asked(
        operation=operation,
        method=request.method,
        path=request.url.path,
        body=await request.body(),
        ids={name: str(value) for name, value in request.path_params.items()},
        query=tuple(request.query_params.multi_items()),
        headers={name.lower(): value for name, value in request.headers.items()},
    )


def _call_of(service: AnyService, asked: Asked) -> Call:
    return Call(
        at=from_ms(service.time.now()),
        method=asked.method,
        path=asked.path,
        query=_joined(asked),
        body=_parsed(asked.body),
        status=None,
        operation=asked.operation,
    )


def _joined(asked: Asked) -> Mapping[str, str]:
    names = dict.fromkeys(name for name, _ in asked.query)
    return {name: ",".join(asked.values(name)) for name in names}


def _parsed(body: bytes) -> object:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", errors="replace")
