"""Answers and refusals as HTTP responses, and the three ways not to answer properly.

Takes values of `answers`, gives starlette responses with the service's own Date header, in the
error shape that the switches say.
"""

import json
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bridge.sandbox.answers import Answer, NoBody, Refusal
from bridge.sandbox.moments import http_date
from bridge.sandbox.server import abort_connection

if TYPE_CHECKING:
    from bridge.sandbox.service import AnyService

PAGE = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


class Dropped(Response):
    """No answer at all: the connection is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.status_code = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close, and wait until the server has noticed, so that it sends nothing of its own."""
        abort_connection((scope["client"], scope["server"]))
        while (await receive())["type"] != "http.disconnect":
            continue


class Truncated(Response):
    """Half of an answer's bytes under the content-length of all of them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head and half of the body; the server closes when no more comes."""
        start = {"status": self.status_code, "headers": self.raw_headers}
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": half, "more_body": True})


class Rendering:
    """Makes the responses of one service."""

    def __init__(self, service: "AnyService") -> None:
        self._service = service

    def answer(self, answer: Answer) -> Response:
        """A success; the gateway switch may put something else in its place."""
        if isinstance(answer.payload, NoBody):
            return self._response(answer.status, b"", None)
        return self._json(answer.status, answer.payload)

    def refusal(self, refusal: Refusal) -> Response:
        """A 4xx or 5xx in the shape of the switches; a 429 says how long to wait, or not."""
        shape = self._service.switches.error_shape
        if shape == "html":
            response = self.page(refusal.status, refusal.message)
        elif shape == "plain":
            text = refusal.message.encode()
            response = self._response(refusal.status, text, "text/plain; charset=utf-8")
        else:
            response = self._json(refusal.status, self._service.error_payload(refusal))
        return response

    def page(self, status: int, title: str) -> Response:
        """An HTML page, as a gateway answers."""
        return self._response(status, PAGE.format(title).encode(), "text/html; charset=utf-8")

    def error_object(self, status: int) -> Response:
        """An error object of a gateway under the given status."""
        refusal = Refusal(502, "The upstream service did not answer")
        return self._json(status, self._service.error_payload(refusal))

    def _json(self, status: int, payload: object) -> Response:
        body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
        return self._response(status, body, "application/json; charset=utf-8")

    def _response(self, status: int, body: bytes, media: str | None) -> Response:
        headers = {"date": http_date(self._service.time.now())}
        if media:
            headers["content-type"] = media
        return Response(body, status_code=status, headers=headers)
