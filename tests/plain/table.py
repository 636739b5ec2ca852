"""A table in memory: frozen rows by key, found by index, and every change undone if need be."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

# What changed, newest last: the table, the key, and the row before (None: there was none).
Log = list[tuple["Table[Any, Any]", Any, Any]]


class Table(Generic[K, R]):
    """Rows by key. An index is a function from a row to what it is found by; None: not at all."""

    def __init__(self, log: Log, **indexes: Callable[[R], Hashable]) -> None:
        self.rows: dict[K, R] = {}
        self.version = 0
        self._log = log
        self._indexes = indexes
        self._found: dict[str, dict[Hashable, dict[K, None]]] = {name: {} for name in indexes}

    def get(self, key: K) -> R | None:
        return self.rows.get(key)

    def put(self, key: K, row: R) -> None:
        self._log.append((self, key, self.rows.get(key)))
        self._set(key, row)

    def drop(self, key: K) -> None:
        self._log.append((self, key, self.rows.get(key)))
        self._set(key, None)

    def put_back(self, key: K, row: R | None) -> None:
        """Undo a change."""
        self._set(key, row)

    def keys(self, index: str, value: Hashable) -> list[K]:
        """The keys of the rows with that value."""
        return [*self._found[index].get(value, ())]

    def these(self, index: str, value: Hashable) -> list[R]:
        """The rows with that value, in the order of their keys."""
        keys: Iterable[Any] = self._found[index].get(value, ())
        return [self.rows[key] for key in sorted(keys)]

    def count(self, index: str, value: Hashable) -> int:
        return len(self._found[index].get(value, ()))

    def copy(self, log: Log) -> "Table[K, R]":
        """The same rows in a table of their own."""
        twin = Table[K, R](log, **self._indexes)
        twin.rows = self.rows.copy()
        twin._found = {
            name: {value: keys.copy() for value, keys in shelf.items()}
            for name, shelf in self._found.items()
        }
        return twin

    def in_order(self) -> Iterator[R]:
        """All rows in the order of their keys."""
        keys: Iterable[Any] = self.rows
        return iter([self.rows[key] for key in sorted(keys)])

    def _set(self, key: K, row: R | None) -> None:
        self.version += 1
        before = self.rows.get(key)
        if row is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = row
        for name, place_of in self._indexes.items():
            old = None if before is None else place_of(before)
            new = None if row is None else place_of(row)
            if old != new:
                self._move(self._found[name], key, old, new)

    @staticmethod
    def _move(shelf: dict[Hashable, dict[K, None]], key: K, old: Hashable, new: Hashable) -> None:
        if old is not None:
            keys = shelf[old]
            del keys[key]
            if not keys:
                del shelf[old]
        if new is not None:
            shelf.setdefault(new, {})[key] = None


def undo(log: Log) -> None:
    """Take back every change, newest first."""
    while log:
        table, key, row = log.pop()
        table.put_back(key, row)
