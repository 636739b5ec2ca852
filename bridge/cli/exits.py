"""The exit codes, and which one stands where several fit.

0 done · 1 done, but failures or conflicts wait · 2 wrong usage or configuration · 3 drift or gaps
found · 4 a guard stopped the run · 5 another process holds the lease · 6 a service is unreachable
or refuses the key. A signal ends with 128 and its number, as everywhere.
"""

import signal
from collections.abc import Iterable
from enum import IntEnum

from bridge.errors import (
    BridgeError,
    ConfigError,
    LeaseTaken,
    OtherAccount,
    ServiceError,
    Stopped,
    StoreError,
    UsageError,
)


class Exit(IntEnum):
    """How a command ended; a command returns one, or None for DONE."""

    DONE = 0
    WAITING = 1
    USAGE = 2
    DRIFT = 3
    GUARD = 4
    LEASE = 5
    SERVICE = 6


PRECEDENCE = (
    Exit.USAGE,
    Exit.LEASE,
    Exit.SERVICE,
    Exit.GUARD,
    Exit.DRIFT,
    Exit.WAITING,
    Exit.DONE,
)


def first_of(fitting: Iterable[Exit]) -> Exit:
    """The exit code where all of these fit; DONE where none does."""
    found = set(fitting)
    return next((code for code in PRECEDENCE if code in found), Exit.DONE)


def after_signal(number: int) -> int:
    """The exit code of a program that a signal ended."""
    return 128 + number


def after_error(error: BridgeError, signal_seen: int | None = None) -> int:
    """The exit code of a command that ended with an error of the bridge."""
    match error:
        case Stopped():
            return after_signal(signal_seen or signal.SIGINT)
        case ConfigError() | UsageError() | StoreError():
            return Exit.USAGE
        case LeaseTaken():
            return Exit.LEASE
        case OtherAccount():
            return Exit.GUARD
        case ServiceError():
            return Exit.SERVICE
        case _:
            return Exit.WAITING
