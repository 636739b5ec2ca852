"""Opens the console of a bridge for as long as its daemon runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from bridge.bootstrap import Bridge
from bridge.config.console import address_of
from bridge.daemon.web.app import web_app
from bridge.daemon.web.doors import Doors
from bridge.daemon.web.metrics import Meters
from bridge.daemon.web.server import WebServer
from bridge.logs import logger


@contextmanager
def console(bridge: Bridge) -> Iterator[WebServer | None]:
    """Serve until the end of the block; nothing where `console.listen` is empty.

    Raises ConfigError if the address cannot be had, AddressTaken if somebody has it.
    """
    settings = bridge.settings.console
    if not settings.listen or settings.token is None:
        yield None
        return
    meters = Meters(bridge)
    place = f"{bridge.settings.name} {settings.listen}"
    doors = Doors(settings.token.get_secret_value(), place)
    server = WebServer(web_app(bridge, doors, meters), *address_of(settings.listen))
    server.start()
    bridge.listeners.all.append(meters)
    try:
        logger("bridge.daemon").info("console open", host=server.host, port=server.port)
        yield server
    finally:
        server.stop()
