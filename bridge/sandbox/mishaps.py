"""How a call is answered when a fault was ordered for it, and when none was.

Takes a request and the service, gives the response. What is applied before the fault strikes
is said at each `Fault`.
"""

import asyncio
import time

from starlette.responses import Response

from bridge.sandbox.answers import Answer, Asked, Refusal
from bridge.sandbox.faults import Fault, Planned
from bridge.sandbox.moments import http_date
from bridge.sandbox.responses import Dropped, Rendering, Truncated
from bridge.sandbox.service import AnyService

REFUSED = {
    Fault.FAIL_BEFORE: (500, "Internal error"),
    Fault.UNAUTHORIZED: (401, "Unauthorized"),
    Fault.FORBIDDEN: (403, "Forbidden"),
    Fault.NOT_FOUND: (404, "Not found."),
    Fault.BAD_REQUEST: (400, "Bad request"),
}
TOO_MANY = {
    Fault.TOO_MANY_SECONDS: "seconds",
    Fault.TOO_MANY_DATE: "date",
    Fault.TOO_MANY_PLAIN: "none",
}
HOLD_STEP_SECONDS = 0.01


async def answer_despite(
    service: AnyService, asked: Asked, rendering: Rendering, releases: int
) -> Response:
    """The response to a request, with the first fault that was ordered for it.

    `releases` is how often held calls had been released when this one arrived.
    """
    planned = service.faults.take(asked.operation)
    if planned is None:
        return through_gateway(service, asked, rendering)
    response = _without_applying(service, asked, rendering, planned)
    if response is None and planned.fault is Fault.HANG:
        await _hold(service, planned.seconds, releases)
        response = rendering.refusal(Refusal(504, "Gateway timeout"))
    return response or await _after_applying(service, asked, rendering, planned, releases)


def through_gateway(service: AnyService, asked: Asked, rendering: Rendering) -> Response:
    """The true answer, or what the gateway switch makes of every answer."""
    gateway = service.switches.gateway
    if gateway == "html_200":
        return rendering.page(200, "Service unavailable")
    if gateway == "error_object_200":
        return rendering.error_object(200)
    return _true_answer(service, asked, rendering)


def _true_answer(service: AnyService, asked: Asked, rendering: Rendering) -> Response:
    try:
        response = rendering.answer(service.perform(asked))
    except Refusal as refusal:
        response = rendering.refusal(refusal)
        if refusal.status == 429:
            _say_wait(service, response, service.retry_after_form(), refusal.wait)
    return response


def _without_applying(
    service: AnyService, asked: Asked, rendering: Rendering, planned: Planned
) -> Response | None:
    """The response of a fault that keeps the call from being applied; None for the others."""
    fault = planned.fault
    if fault in REFUSED:
        return rendering.refusal(Refusal(*REFUSED[fault]))
    if fault in TOO_MANY:
        response = rendering.refusal(Refusal(429, service.switches.rate_wording))
        return _say_wait(service, response, TOO_MANY[fault], planned.seconds)
    if fault in (Fault.LATE_APPLY, Fault.LATE_APPLY_DROP):
        service.apply_later(asked, planned.seconds)
    made = {
        Fault.HTML_200: lambda: rendering.page(200, "Service unavailable"),
        Fault.ERROR_OBJECT_200: lambda: rendering.error_object(200),
        Fault.DROP_BEFORE: Dropped,
        Fault.LATE_APPLY: lambda: rendering.refusal(Refusal(500, "Internal error")),
        Fault.LATE_APPLY_DROP: Dropped,
    }
    return made[fault]() if fault in made else None


async def _after_applying(
    service: AnyService, asked: Asked, rendering: Rendering, planned: Planned, releases: int
) -> Response:
    response = _true_answer(service, asked, rendering)
    if planned.fault is Fault.FAIL_AFTER:
        return rendering.refusal(Refusal(500, "Internal error"))
    if planned.fault is Fault.DROP_AFTER:
        return Dropped()
    if planned.fault is Fault.HANG_AFTER:
        await _hold(service, planned.seconds, releases)
        return response
    if not response.body:
        response = rendering.answer(Answer(payload={"ok": True}))
    return Truncated(response.body, response.status_code, dict(response.headers))


def _say_wait(service: AnyService, response: Response, form: str, seconds: float) -> Response:
    """Put Retry-After into a 429: whole seconds, rounded up, or the date they lead to."""
    whole = max(1, -(-round(seconds * 1000) // 1000))
    if form == "seconds":
        response.headers["retry-after"] = str(whole)
    elif form == "date":
        response.headers["retry-after"] = http_date(service.time.now() + whole * 1000 + 999)
    return response


async def _hold(service: AnyService, seconds: float, releases: int) -> None:
    """Wait until released or until the seconds of real time are over."""
    end = time.monotonic() + seconds
    while service.faults.releases == releases and time.monotonic() < end:
        await asyncio.sleep(HOLD_STEP_SECONDS)
