"""A task or a case as the simulated Kore keeps it; how it is shown is another file's matter.

Times are milliseconds since the epoch. A record is replaced, never changed in place.
"""

from dataclasses import dataclass

from bridge.sandbox.moments import iso_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """userInfo: the person whom a case is about."""

    id: str
    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who made or last changed a record; None in a record where the service shows nobody."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One task or case. `case_id` and `case_ref` are empty in a case."""

    id: str
    ref: str
    name: str
    customer: Customer
    status_id: str
    priority_id: str
    created_ms: int
    updated_ms: int
    case_id: str = ""
    case_ref: str = ""
    desc: str = ""
    tags: tuple[str, ...] = ()
    source: str = "rtm"
    assignee_type: str = "unassigned"
    agent_id: str | None = None
    assigned_ms: int = 0
    queue: str | None = None
    due_ms: int | None = None
    was_due: bool = False
    due_as_eta_only: bool = False
    created_by: Author | None = None
    updated_by: Author | None = None

    @property
    def is_case(self) -> bool:
        return not self.case_id

    @property
    def created_at(self) -> str:
        return iso_of(self.created_ms)

    @property
    def updated_at(self) -> str:
        return iso_of(self.updated_ms)
