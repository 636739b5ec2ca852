"""All tables of all pairs, the numbers given so far, and whose turn it is."""

from typing import Any

from bridge.domain.guard import Guard
from bridge.domain.instruction import Instruction
from bridge.domain.operation import Journalled, OperationState, Wait
from bridge.domain.reading import Sweep
from bridge.domain.records import Heartbeat, PairState
from bridge.domain.side import Side
from bridge.domain.vocabulary import Vocabulary
from bridge.store.turn import Turn
from tests.plain.rows import Held, Joined, Learnt, Line, Ran, Remembered, Seen, Settling
from tests.plain.table import Log, Table


class Tables:
    """The tables of one pair; each is called as the table of the SQL store."""

    def __init__(self, log: Log) -> None:
        self.observations = Table[tuple[Side, str], Seen](
            log,
            side=lambda row: row.known.task.side,
            due=lambda row: row.known.task.side if row.is_due else None,
            title=lambda row: row.title_key,
            origin=lambda row: row.origin,
            ref=lambda row: row.known.task.ref,
            standing=lambda row: (row.known.task.side, row.known.standing),
        )
        self.links = Table[int, Joined](
            log,
            kore=lambda row: row.link.kore_id,
            v2=lambda row: row.link.v2_id,
            due=lambda row: row.link.state if row.is_due else None,
            state=lambda row: row.link.state,
        )
        self.waits = Table[int, Wait](
            log,
            link=lambda row: row.link_id,
            task=lambda row: row.task_id,
            word=lambda row: row.waits_for or None,
        )
        # A wait on a task stands on a task of that side, whichever side is to be written.
        self.wait_sides = Table[int, Side](log)
        self.conflicts = Table[int, Settling](log, link=lambda row: row.link_id)
        self.operations = Table[int, Journalled](
            log,
            link=lambda row: row.operation.link_id,
            run=lambda row: row.run_id,
            open=lambda row: True if row.state is not OperationState.SETTLED else None,
        )
        self.history = Table[int, Line](
            log,
            link=lambda row: row.happening.link_id,
            task=lambda row: (row.happening.side, row.happening.task_id),
        )
        self.runs = Table[int, Ran](log)
        self.words = Table[tuple[str, str, str], Learnt](log)
        self.sides = Table[Side, Remembered](log)
        self.sweeps = Table[int, Sweep](log, side=lambda row: row.side)
        self.sweep_marks = Table[int, int](log)
        self.guards = Table[tuple[str, str], Guard](log)
        self.instructions = Table[int, Instruction](log)
        self.pairs = Table[str, PairState](log)
        self.leases = Table[str, Held](log)
        self.heartbeats = Table[str, Heartbeat](log)
        self._vocabulary = (-1, Vocabulary())

    def copy(self, log: Log) -> "Tables":
        """The same rows in tables of their own."""
        twin = Tables(log)
        for name, table in self.by_name().items():
            setattr(twin, name, table.copy(log))
        return twin

    def by_name(self) -> dict[str, Table[Any, Any]]:
        return {name: table for name, table in vars(self).items() if isinstance(table, Table)}

    @property
    def vocabulary(self) -> Vocabulary:
        """All words, in the order in which they were learnt."""
        version, found = self._vocabulary
        if version != self.words.version:
            found = Vocabulary(row.word for row in self.words.rows.values())
            self._vocabulary = (self.words.version, found)
        return found


class Database:
    """What all stores of it share."""

    def __init__(self) -> None:
        self.log: Log = []
        self.turn = Turn()
        self.is_closed = False
        self._pairs: dict[str, Tables] = {}
        self._numbers = Table[str, int](self.log)

    def tables(self, pair: str) -> Tables:
        """The tables of a pair, made when it is met."""
        found = self._pairs.get(pair)
        if found is None:
            found = self._pairs[pair] = Tables(self.log)
        return found

    def next_number(self, name: str) -> int:
        """The next number of a table; none is given twice."""
        number = self._numbers.rows.get(name, 0) + 1
        self._numbers.put(name, number)
        return number

    def has_link(self, link_id: int) -> bool:
        """Whether any pair has that link."""
        return any(link_id in tables.links.rows for tables in self._pairs.values())

    def keys(self, name: str) -> set[int]:
        """The keys of a table of every pair."""
        return {key for tables in self._pairs.values() for key in tables.by_name()[name].rows}

    def copy(self) -> "Database":
        twin = Database()
        twin._numbers = self._numbers.copy(twin.log)
        twin._pairs = {pair: tables.copy(twin.log) for pair, tables in self._pairs.items()}
        return twin
