"""The database of a pair, and the record of calls that the services' limits leave."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bridge.domain.exchange import Purpose
from bridge.domain.pace import Learnt
from bridge.ports.unit import Unit


class Store(Protocol):
    """The database of one pair."""

    def begin(self, *, is_fleeting: bool = False) -> AbstractContextManager[Unit]:
        """A transaction. One that is not fleeting is on the disk when it ends, and with it all
        that was committed before; a fleeting one may be lost with the power, like all since.
        """

    def scratch(self) -> "Store":
        """A copy in memory, to try things in; nothing of it reaches the database."""

    def wipe(self) -> bool:
        """Let nothing that was deleted or replaced be left in any file of the database.

        False, at once, while somebody who reads is in the way.
        """

    def close(self) -> None:
        """Let go of all connections."""


class Budget(Protocol):
    """The calls that a side's limits leave, over all processes.

    A side that refuses calls all the same (429) teaches it a pace, which comes on top.
    """

    def take(self, purpose: Purpose) -> float:
        """Take one call: 0.0 if it may be made now, else the seconds until one may be."""

    def left(self) -> Mapping[str, int]:
        """The calls left per window, as text of the window."""

    def refused(self, sent_at: datetime, seconds: float) -> Learnt | None:
        """The side refused a call (429) that left at `sent_at`, and asks to wait so long.

        Gives the pace if that has lowered it.
        """

    def learnt(self) -> Learnt | None:
        """The pace that refusals have taught, None where nothing is assumed."""
