"""`task-bridge run`: the daemon, until a signal ends it."""

import logging
import os
import sys
from typing import NoReturn

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.signals import Ended


@click.command()
@click.pass_obj
def command(invocation: Invocation) -> Exit:
    """Keep both services in step until a signal ends it.

    SIGTERM or Ctrl-C: no new request starts, those in flight get eight seconds. A second one ends
    it at once; the next start puts right what that leaves.
    """
    signals = invocation.signals
    with signals.asking(_remember):
        settings = invocation.settings()
        from bridge.bootstrap import Listeners, SystemClock, bridge_for
        from bridge.daemon.serve import serve

        clock = SystemClock()
        with signals.asking(clock.stop), bridge_for(settings, Listeners(), clock) as bridge:
            if signals.seen is not None:
                return Exit.DONE
            try:
                has_ended = serve(bridge)
            except Ended:
                has_ended = False
            if not has_ended:
                _leave()
    return Exit.DONE


def _remember() -> None:
    """A signal while the daemon is being put together: it is looked for once that is done."""


def _leave() -> NoReturn:
    """End without waiting for threads whose requests hang; Python itself would wait for them."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(Exit.DONE)
