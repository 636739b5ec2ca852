"""How a Kore record was seen, which decides what an absent key of it says.

A full record is the answer of createTask or updateTask, or a list row that carries `refId` and
`fields`. An answer hides nothing. A full list row tells that a key is empty by its absence only
once another list row of the account has carried that key; any other row tells nothing by absence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from bridge.services.kore.wire import COLUMNS, is_full_row


@dataclass(frozen=True, slots=True)
class Sight:
    """One way of seeing a record; `telling` are the keys whose absence means empty."""

    is_full: bool
    is_answer: bool
    telling: frozenset[str]

    def tells(self, row: Mapping[str, Any], key: str) -> bool:
        """Whether the row says what stands under the key, be it by its absence."""
        return key in row or key in self.telling

    def empties(self, row: Mapping[str, Any]) -> list[str]:
        """The absent keys that are observed as empty."""
        return [key for key in COLUMNS if key in self.telling and key not in row]


_COLUMNS = frozenset(COLUMNS)
ANSWER = Sight(is_full=True, is_answer=True, telling=frozenset(COLUMNS))
SPARSE = Sight(is_full=False, is_answer=False, telling=frozenset())


class Columns:
    """The keys that list rows of the account have carried; thread safe."""

    def __init__(self, carried: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self._carry(frozenset(carried) & _COLUMNS)

    @property
    def carried(self) -> frozenset[str]:
        """What has been carried so far."""
        return self._carried

    def notice(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take note of the keys of these list rows."""
        found = frozenset().union(*(row.keys() & _COLUMNS for row in rows))
        if not found <= self._carried:
            with self._lock:
                self._carry(self._carried | found)

    def sight_of(self, row: Mapping[str, Any]) -> Sight:
        """How this list row is seen, by what has been carried so far."""
        if not is_full_row(row):
            return SPARSE
        return self._full

    def _carry(self, keys: frozenset[str]) -> None:
        self._carried = keys
        self._full = Sight(is_full=True, is_answer=False, telling=keys)
