"""Which rows of a reconciliation a reader asked for; pure.

| asked for | rows |
| --- | --- |
| nothing | all but those in step and out of scope |
| states | those, also in step and out of scope |
| a case | whose Kore task is of it: by id or reference |
| a person | whom either side names as assignee: by id, or by a part of the name |
| a moment | that stand as they do since then or longer; not those of which that is not known |
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bridge.domain.reconciled import UNTOLD, Reconciliation, Row, State


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """What a reader asked for; a row has to fit all of it."""

    states: frozenset[State] = frozenset()
    case: str = ""
    person: str = ""
    since: datetime | None = None

    @property
    def is_part(self) -> bool:
        """Whether anything was asked for."""
        return self != EVERYTHING_TOLD

    def rows_of(self, report: Reconciliation) -> tuple[Row, ...]:
        """The rows that fit, in the order of the report."""
        return tuple(row for row in report.rows if self._takes(row))

    def unknown(self, report: Reconciliation) -> Iterator[str]:
        """What was asked for that no task has, as sentences: a case or person, perhaps misspelt."""
        if self.case and not any(map(self._is_of_case, report.rows)):
            yield f"No task of either side is in a case {self.case}."
        if self.person and not any(map(self._is_of_person, report.rows)):
            yield f"No task of either side is known to be assigned to {self.person}."

    def _takes(self, row: Row) -> bool:
        is_of_state = row.state in self.states if self.states else row.state not in UNTOLD
        return (
            is_of_state and self._is_of_case(row) and self._is_of_person(row) and self._is_old(row)
        )

    def _is_of_case(self, row: Row) -> bool:
        names = (row.case.id, row.case.ref or "") if row.case else ()
        return not self.case or self.case.casefold() in map(str.casefold, names)

    def _is_of_person(self, row: Row) -> bool:
        wanted = self.person.casefold()
        return not wanted or any(
            wanted == one.key.casefold() or wanted in one.text.casefold() for one in row.people
        )

    def _is_old(self, row: Row) -> bool:
        return self.since is None or (row.since is not None and row.since <= self.since)


EVERYTHING_TOLD = RowFilter()
