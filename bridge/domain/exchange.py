"""What goes to a service and comes back: pages of rows, drafts of tasks, answers to writes.

A row is enough to tell whether it is new, and is normalised only when asked: that decides what
reading a whole list costs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case, Contact, Task
from bridge.domain.values import Observed


class Order(StrEnum):
    """The order in which a list is asked for."""

    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"
    STABLE = "stable"


class Purpose(StrEnum):
    """What a call is for; polling has a share of the budget that nothing else can take.

    `POLL` is the first page of a regular poll, one an interval. Its further pages, deep ones and
    the polls between, which keep plans fresh, are `FOLLOW`: they take from what everybody shares.
    """

    POLL = "poll"
    FOLLOW = "follow"
    SWEEP = "sweep"
    WRITE = "write"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: enough to tell whether it is new, and normalised only when asked.

    `digest` gives what covers the mapped fields as they came on the wire and the change time.
    `order_key` is the text by which a stable list is sorted, None where the row does not show it.
    `normalise` raises UnreadableRecord.
    """

    id: TaskId
    changed_at: datetime | None
    digest: Callable[[], str]
    order_key: str | None
    normalise: Callable[[], Task]


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that cannot be understood."""

    id: TaskId | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list, its rows in the order in which they came.

    `length` counts all rows that came, unreadable ones too: advance by it. `is_last` is None
    where the service does not say. `is_sort_taken` is false where the service refused to sort.
    `sent_at` is our clock when the request left, `service_date` the answer's own `Date`.
    `account` is whose tasks they are, where all rows say the same.
    """

    side: Side
    rows: tuple[Row, ...]
    unreadable: tuple[UnreadableRow, ...] = ()
    length: int
    offset: int
    sent_at: datetime
    service_date: datetime | None = None
    is_last: bool | None = None
    total: int | None = None
    is_sort_taken: bool
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A task to be created. `values` are in the form of the side that it is created on.

    `text` is the whole description with its marker. `case` and `template` are for Kore.
    """

    side: Side
    values: Mapping[Field, Observed]
    text: str
    contact: Contact | None = None
    case: Case | None = None
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a write answered: the whole task, its id alone, or neither."""

    task_id: TaskId | None = None
    task: Task | None = None
    sent_at: datetime
    answered_at: datetime
    service_date: datetime | None = None
