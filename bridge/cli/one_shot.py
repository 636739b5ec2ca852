"""A cycle or a backfill run once: the lease waited for, the desk laid and cleared, signals heard.

Nothing is held while waiting for the lease. A signal lets what is in flight be settled, then ends
the run with Stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bridge.cli.invocation import Invocation
from bridge.domain.side import SIDES
from bridge.errors import LeaseTaken, Stopped

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.sync.cycle import Outcome
    from bridge.sync.desk import Desk, Rules

PAUSE_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 31_536_000
GO_ON = "What was done is recorded; the same command goes on from there."
Command = TypeVar("Command", bound=Callable[..., Any])
Work = Callable[["Desk"], "Outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a command wants done. `wait`: for how long the lease may be taken (seconds)."""

    settings: Settings
    work: Work
    is_dry: bool = False
    wait: int | None = None
    rules: Callable[[Rules, datetime], Rules] = lambda rules, _: rules


def wait_option() -> Callable[[Command], Command]:
    """`--wait SECONDS`."""
    return click.option(
        "--wait",
        type=click.IntRange(0, LONGEST_WAIT_SECONDS),
        metavar="SECONDS",
        help="How long to wait while another process works on this pair "
        "(default: twice sync.lease_seconds).",
    )


def confirm_guard_option() -> Callable[[Command], Command]:
    """`--confirm-guard`."""
    return click.option(
        "--confirm-guard",
        "confirms_guards",
        is_flag=True,
        help="Look, show what stands in the way of writing, confirm exactly that, and go on.",
    )


@contextmanager
def done_once(invocation: Invocation, errand: Errand) -> Iterator[tuple[Outcome, Desk]]:
    """The outcome of the errand, and the desk that it was done at until the end of the block."""
    from bridge.bootstrap import Listeners, SystemClock, bridge_for
    from bridge.cli.watching import watching

    clock = SystemClock()
    listeners = Listeners()
    settings = errand.settings
    with bridge_for(settings, listeners, clock, is_dry=errand.is_dry) as bridge:
        rules = errand.rules(bridge.rules, clock.now())
        desk = bridge.desk(is_dry=errand.is_dry, rules=rules)
        try:
            with watching(invocation, settings) as listener, invocation.signals.asking(clock.stop):
                listeners.all.append(listener)
                outcome = _timed(desk, errand)
            yield outcome, desk
        finally:
            if errand.is_dry:
                desk.store.close()


def _timed(desk: Desk, errand: Errand) -> Outcome:
    started_at = desk.clock.now()
    wait = errand.wait
    if wait is None:
        wait = int(2 * errand.settings.sync.lease_seconds)
    try:
        _ask_again_who_refused(desk)
        outcome = _under_lease(desk, errand.work, wait)
    except Stopped:
        if not errand.is_dry:
            click.echo(GO_ON, err=True)
        raise
    seconds = round((desk.clock.now() - started_at).total_seconds(), 3)
    return replace(outcome, summary={**outcome.summary, "seconds": seconds})


def _under_lease(desk: Desk, work: Work, wait: float) -> Outcome:
    """The work's outcome, begun again while another process holds the lease.

    Raises LeaseTaken after `wait` seconds without it; time in which it was held does not count.
    """
    until: datetime | None = None
    while True:
        desk.token = 0
        try:
            return work(desk)
        except LeaseTaken as taken:
            now = desk.clock.now()
            if until is None or desk.token:
                until = now + timedelta(seconds=wait)
                desk.tell("waiting", seconds=wait, reason=str(taken))
            if now >= until:
                raise
            desk.clock.sleep(min(PAUSE_SECONDS, (until - now).total_seconds()))
            begin_anew(desk)


def begin_anew(desk: Desk) -> None:
    """Let the desk forget which sides failed; what was counted stays."""
    desk.faults.clear()
    desk.tries.clear()


def _ask_again_who_refused(desk: Desk) -> None:
    """A side that refused the key is asked again: a person may have mended it just now."""
    with desk.store.begin() as unit:
        for side in SIDES:
            state = unit.side_state(side)
            if state.is_refused:
                unit.save_side_state(replace(state, not_before=None, not_before_reason=""))
