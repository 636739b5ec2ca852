"""The console of a daemon that may have to stand by: at once, or as soon as the daemon takes over.

Daemons of one configuration have one address, and the one that works has it. The address of one
that ended may be held a little longer, so it is tried again; what a stranger holds costs the
console and nothing else.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from bridge.bootstrap import Bridge
from bridge.daemon.heart import Heart
from bridge.daemon.web.open import console
from bridge.daemon.web.server import AddressTaken
from bridge.errors import ConfigError, Stopped, StoreError
from bridge.logs import logger

PAUSE_SECONDS = 0.5
# So many tries, then it is told; from then on there is less hurry.
HURRIED_TRIES = 60
LONG_PAUSE_SECONDS = 30.0


@contextmanager
def console_beside_others(bridge: Bridge, heart: Heart) -> Iterator[None]:
    """The console until the end of the block, which is the daemon's own end.

    Raises ConfigError if the address cannot be had and no other daemon of the pair lives.
    """
    # Beaten before anything is bound: of two that begin together one has both, or neither.
    may_stand_by = _may_stand_by(heart)
    with ExitStack() as opened:
        try:
            opened.enter_context(console(bridge))
        except AddressTaken:
            if not may_stand_by:
                _take_back(heart)
                raise
            opened.enter_context(_opening_late(bridge, heart))
            what = "standing by without a console: its address is in use"
            logger("bridge.daemon").info(what, address=bridge.settings.console.listen)
        except ConfigError:
            _take_back(heart)
            raise
        yield


def _may_stand_by(heart: Heart) -> bool:
    """Whether another daemon lives, or the database does not tell: its fault ends no daemon."""
    try:
        return heart.beat() is not None
    except StoreError:
        return True


def _take_back(heart: Heart) -> None:
    with suppress(StoreError):  # then it grows old by itself
        heart.end()


@contextmanager
def _opening_late(bridge: Bridge, heart: Heart) -> Iterator[None]:
    with ExitStack() as opened:
        watch = threading.Thread(
            target=_open_late, args=(bridge, heart, opened), name="late console", daemon=True
        )
        watch.start()
        try:
            yield
        finally:
            bridge.clock.stop()
            watch.join()


def _open_late(bridge: Bridge, heart: Heart, opened: ExitStack) -> None:
    """Wait until the daemon has taken over, then try for as long as it runs."""
    with suppress(Stopped):
        while not heart.is_beating:
            bridge.clock.sleep(PAUSE_SECONDS)
        tries = 0
        while refusal := _refusal(bridge, opened):
            tries += 1
            if tries == HURRIED_TRIES:
                logger("bridge.daemon").error("no console", reason=refusal)
            bridge.clock.sleep(PAUSE_SECONDS if tries < HURRIED_TRIES else LONG_PAUSE_SECONDS)


def _refusal(bridge: Bridge, opened: ExitStack) -> str:
    """Why the console cannot be opened now; empty once it is open."""
    try:
        opened.enter_context(console(bridge))
    except ConfigError as refusal:
        return str(refusal)
    return ""
