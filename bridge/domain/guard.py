"""A guard: a cause for which nothing is written to either side until a person has looked.

`shown` is the cause as a person is shown it; a confirmation covers exactly that and nothing that
comes after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bridge.domain.side import Side


class GuardKind(StrEnum):
    """Why a guard stands.

    MISSING: more linked tasks vanished than may. EMPTY: a side shows nothing at all. IDENTITY: it
    is another account, stream or company. PROBES: a person has to say whether so many may be sent.
    TABLE: a changed mapping takes the base from more pairs than may lose it.
    """

    MISSING = "missing"
    EMPTY = "empty"
    IDENTITY = "identity"
    PROBES = "probes"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One guard; it holds writes up while it `is_standing` and `shown` is not what was confirmed.

    `side` is None where it is about the pair.
    """

    kind: GuardKind
    side: Side | None
    reason: str
    shown: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None
    confirmed: Mapping[str, Any] | None = None
    confirmed_at: datetime | None = None
    is_standing: bool = True

    @property
    def is_confirmed(self) -> bool:
        """Whether a person has confirmed this very cause."""
        return self.confirmed is not None and dict(self.confirmed) == dict(self.shown)

    @property
    def holds(self) -> bool:
        """Whether nothing may be written because of it."""
        return self.is_standing and not self.is_confirmed
