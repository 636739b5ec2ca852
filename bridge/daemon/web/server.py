"""One HTTP server in a thread of the daemon.

Takes an ASGI application, host and port (0: any free one). After `start` it answers, after `stop`
the port is free. It touches no signal and writes no log of its own.
"""

import errno
import threading
import time

import uvicorn
from starlette.types import ASGIApp

from bridge.errors import ConfigError, Problem

_PATIENCE_SECONDS = 2
_LOOK_SECONDS = 0.01
_IN_USE = "the address is in use"
_NOT_OURS = "the address is not of this machine, or nobody may listen there"


class AddressTaken(ConfigError):
    """Another socket listens at the address."""


class _Server(uvicorn.Server):
    """Serves in a thread that is not the main one; a port that cannot be had is kept as such."""

    failure: str = ""
    is_taken: bool = False

    def run_quietly(self) -> None:
        try:
            self.run()
        except SystemExit as end:
            # The server ends by it in the midst of handling what bind said.
            error = end.__context__
            self.is_taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            self.failure = _IN_USE if self.is_taken else _NOT_OURS
        except OSError as error:
            self.failure = error.strerror or "it cannot be bound"


class WebServer:
    """An address with an application behind it; `port` is the one that it got."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._server = _Server(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                interface="asgi3",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_PATIENCE_SECONDS,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run_quietly, name="console", daemon=True
        )

    def start(self) -> None:
        """Bind and serve. Raises ConfigError if the address cannot be had, AddressTaken if that is
        because somebody has it.
        """
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                what = f"cannot listen at {self.host}:{self.port}: {self._server.failure}."
                kind = AddressTaken if self._server.is_taken else ConfigError
                raise kind((Problem("console.listen", what, "Name another address."),))
            time.sleep(_LOOK_SECONDS)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Answer what is being answered, for two seconds at most, and let go of the port."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(_PATIENCE_SECONDS + 1)
