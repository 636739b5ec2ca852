"""A read-only mapping of rows that makes each value only when it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from bridge.sandbox.answers import JsonObject

Row = TypeVar("Row")


class Shown(Mapping[str, JsonObject], Generic[Row]):
    """The rows that are there now, as they look on the wire now; it follows every change."""

    def __init__(self, rows: Mapping[str, Row], show: Callable[[Row], JsonObject]) -> None:
        self._rows, self._show = rows, show

    def __getitem__(self, row_id: str) -> JsonObject:
        """A fresh object each time: changing it changes nothing in the service."""
        return self._show(self._rows[row_id])

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._rows))

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row_id: Any) -> bool:
        return row_id in self._rows

    def __repr__(self) -> str:
        return repr(dict(self.items()))
