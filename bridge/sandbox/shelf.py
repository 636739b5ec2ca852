"""The rows of one kind that a service keeps, with their orders cached between writes.

Takes immutable rows by id; gives them sorted, and as a list that lags behind would show them.
A row is replaced, never changed in place, so a reader may keep what it got.
"""

from bisect import insort
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

REMEMBERED_CHANGES = 20_000
FEW_CHANGES = 1_000
Row = TypeVar("Row")


@dataclass(slots=True)
class _Order:
    """All ids in one order, up and down, and those that were written since it was made."""

    up: list[str]
    down: list[str]
    stale: dict[str, None] = field(default_factory=dict)


class Shelf(Generic[Row]):
    """A table. Not thread safe by itself: the service's lock is held around every use."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self._orders: dict[str, _Order] = {}
        self._changes: deque[tuple[int, str, Row | None]] = deque(maxlen=REMEMBERED_CHANGES)

    def put(self, row_id: str, row: Row, at: int) -> None:
        """Add or replace a row; `at` is the service's time in milliseconds."""
        self._changes.append((at, row_id, self.rows.get(row_id)))
        self.rows[row_id] = row
        self._mark(row_id)

    def remove(self, row_id: str) -> None:
        """Take a row away; a KeyError if it is not there."""
        del self.rows[row_id]
        self._mark(row_id)

    def ordered(self, name: str, key: Callable[[Row], Any], *, is_down: bool) -> list[str]:
        """All ids sorted by `key`; `name` tells this key from others in the cache."""
        order = self._orders.get(name)
        if order is None or len(order.stale) > FEW_CHANGES:
            ids = sorted(self.rows, key=lambda row_id: key(self.rows[row_id]))
            order = self._orders[name] = _Order(up=ids, down=ids[::-1])
        elif order.stale:
            order = self._orders[name] = self._mended(order, key)
        return order.down if is_down else order.up

    def shown_at(self, moment: int) -> dict[str, Row]:
        """The rows as they were at `moment` (ms): later changes and new rows are not in it."""
        shown = dict(self.rows)
        for at, row_id, before in reversed(self._changes):
            if at <= moment or row_id not in shown:
                continue
            if before is None:
                del shown[row_id]
            else:
                shown[row_id] = before
        return shown

    def _mark(self, row_id: str) -> None:
        for order in self._orders.values():
            order.stale[row_id] = None

    def _mended(self, order: _Order, key: Callable[[Row], Any]) -> _Order:
        """The order with a few rows taken out and put in again where they belong now."""
        ids = [row_id for row_id in order.up if row_id not in order.stale]
        for row_id in order.stale:
            if row_id in self.rows:
                insort(ids, row_id, key=lambda other: key(self.rows[other]))
        return _Order(up=ids, down=ids[::-1])
