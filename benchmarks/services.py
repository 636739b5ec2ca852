"""The simulated services, with one switch more: how long they take to answer.

The delay is waited for by the server's loop, so that calls side by side are answered side by side,
as those of a service far away.
"""

import asyncio
from typing import Protocol

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bridge.sandbox import KoreSwitches, Sandbox, V2Switches
from bridge.sandbox.kore.service import KoreService
from bridge.sandbox.moments import Clock, utc_now
from bridge.sandbox.v2.service import V2Service


class HasDelay(Protocol):
    """Whose answers take so long."""

    delay_seconds: float


class Delayed:
    """Lets every request wait before it is looked at."""

    def __init__(self, app: ASGIApp, service: HasDelay) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then answer."""
        if self._service.delay_seconds:
            await asyncio.sleep(self._service.delay_seconds)
        await self._app(scope, receive, send)


class DistantKore(KoreService):
    """A Kore that takes its time."""

    delay_seconds = 0.0

    def application(self) -> Starlette:
        application = super().application()
        application.add_middleware(Delayed, service=self)
        return application


class DistantV2(V2Service):
    """A v2 that takes its time."""

    delay_seconds = 0.0

    def application(self) -> Starlette:
        application = super().application()
        application.add_middleware(Delayed, service=self)
        return application


def distant_services(
    kore: KoreSwitches, v2: V2Switches, *, delay_seconds: float = 0.0, clock: Clock = utc_now
) -> Sandbox:
    """A sandbox whose services answer after so long."""
    sandbox = Sandbox(kore, v2, clock=clock)
    distant_kore, distant_v2 = DistantKore(kore, clock, 0, 1), DistantV2(v2, clock, 0, 1)
    distant_kore.delay_seconds = distant_v2.delay_seconds = delay_seconds
    sandbox.kore, sandbox.v2 = distant_kore, distant_v2
    return sandbox
