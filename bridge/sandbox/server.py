"""One HTTP server on loopback, in a thread of the calling process.

Takes an ASGI application and a port (0: any free one), promises that after `start` requests
are answered and after `stop` the port is free; a second start binds the same port.
"""

import asyncio
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

# By both ends: a client may use one port of its own towards several servers.
Ends = tuple[tuple[str, int], tuple[str, int | None]]
_TRANSPORTS: dict[Ends, asyncio.Transport] = {}


PATIENCE_SECONDS = 2.0


class ReachableProtocol(H11Protocol):
    """HTTP/1.1 whose connection a handler can find, to close it without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client is not None and self.server is not None:
            _TRANSPORTS[self.client, self.server] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.client is not None and self.server is not None:
            _TRANSPORTS.pop((self.client, self.server), None)
        super().connection_lost(exc)


def abort_connection(ends: Ends) -> None:
    """Close the connection between two ends at once; what was not sent yet is lost."""
    transport = _TRANSPORTS.get(ends)
    if transport is not None:
        transport.abort()


class _PromptServer(uvicorn.Server):
    """Ends at the moment it is told to, where uvicorn looks ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = threading.Event()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()
        await self.on_tick(0)
        self.serving.set()
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let what is being answered finish, for a moment; then close what is left."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        state, end = self.server_state, time.monotonic() + PATIENCE_SECONDS
        while (state.tasks or state.connections) and time.monotonic() < end:
            await asyncio.sleep(0.001)
        for task in state.tasks:
            task.cancel()

    def run_quietly(self) -> None:
        """Serve until told; a port that is taken ends it, and `start` tells of that."""
        with suppress(SystemExit):
            self.run()

    def tell(self) -> None:
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._told.set)


class LoopbackServer:
    """A port with an application behind it. `port` is 0 until the first start, if 0 was given."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app, self.port = app, port
        self._server: _PromptServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Bind and serve; a RuntimeError if the port cannot be had."""
        server = _PromptServer(uvicorn.Config(self._app, port=self.port, **_settings()))
        thread = threading.Thread(target=server.run_quietly, name="sandbox", daemon=True)
        thread.start()
        while not server.serving.wait(timeout=0.05):
            if not thread.is_alive():
                raise RuntimeError(f"port {self.port} on 127.0.0.1 cannot be bound")
        self.port = server.servers[0].sockets[0].getsockname()[1]
        self._server, self._thread = server, thread

    def tell_to_stop(self) -> None:
        """Begin to stop; `join` waits for the end."""
        if self._server is not None:
            self._server.tell()

    def join(self) -> None:
        """Wait until the server has ended and its port is free."""
        if self._thread is not None:
            self._thread.join(timeout=10)
        self._server = self._thread = None


def _settings() -> dict[str, Any]:
    """Loopback only, no Date and Server headers of uvicorn's own, no logging."""
    return {
        "host": "127.0.0.1",
        "http": ReachableProtocol,
        "ws": "none",
        "lifespan": "off",
        "log_config": None,
        "log_level": "critical",
        "access_log": False,
        "date_header": False,
        "server_header": False,
    }
