"""A task on one side, as observed, in the bridge's own form.

A field is in `fields` if it was observed; its value there is None if it was observed as empty.
An absent field was not observed, and is never read as empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bridge.domain.marker import Marker
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.text import fold_name
from bridge.domain.values import UNSEEN, Observed, Shown
from bridge.domain.vocabulary import Word

FINISHED = {
    Side.KORE: frozenset({"resolved", "closed"}),
    Side.V2: frozenset({"completed", "cancelled"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach the person a task is for."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def is_reachable(self) -> bool:
        """Whether Kore would take it as `userInfo`: a name and an e-mail or telephone."""
        return bool(self.name and (self.email or self.phone))


def whole_contact(shown: Contact | None, of_case: Contact | None) -> Contact | None:
    """The task's own contact, completed by its case's where both are the same person.

    Observed: Kore takes an e-mail address with a create and leaves it out of the answer.
    """
    if shown is None or of_case is None:
        return shown or of_case
    if shown.name and of_case.name and fold_name(shown.name) != fold_name(of_case.name):
        return shown
    return Contact(
        name=shown.name or of_case.name,
        email=shown.email or of_case.email,
        phone=shown.phone or of_case.phone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A Kore case, as far as the bridge needs it."""

    id: str
    ref: str | None = None
    name: str | None = None
    is_closed: bool | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What creating a counterpart needs beside the six fields; None is not observed.

    Kept in the database only while a task has no counterpart.
    """

    queues: tuple[str, ...] | None = None
    task_type_id: str | None = None
    tags: tuple[str, ...] | None = None
    customers: tuple[str, ...] = ()
    contact: Contact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One observation of one task.

    `container` is the Kore case. `words` are the statuses, priorities and people that the
    record showed. `digest` covers the mapped fields as they came and the change time.
    """

    side: Side
    id: TaskId
    fields: Mapping[Field, Observed]
    digest: str
    ref: str | None = None
    container: Case | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None
    first_author: str | None = None
    last_author: str | None = None
    marker: Marker | None = None
    facts: Facts = field(default_factory=Facts)
    words: tuple[Word, ...] = ()

    def shown(self, name: Field) -> Shown:
        """The field's value, None if it was observed as empty, UNSEEN if it was not observed."""
        return self.fields.get(name, UNSEEN)

    @property
    def hidden(self) -> tuple[Field, ...]:
        """The fields that this observation does not show."""
        return tuple(name for name in Field if name not in self.fields)

    @property
    def is_finished(self) -> bool:
        """Resolved or closed in Kore, completed or cancelled in v2."""
        status = self.fields.get(Field.STATUS)
        if status is None:
            return False
        word = status.kind if self.side is Side.KORE else status.key
        return word in FINISHED[self.side]

    @property
    def title(self) -> str:
        """The title as people read it, or an empty string."""
        title = self.fields.get(Field.TITLE)
        return title.text if title else ""

    @property
    def name(self) -> str:
        """What people call the task: its reference, else its id."""
        return self.ref or self.id


class Standing(StrEnum):
    """Why a task has no counterpart."""

    NEW = "new"
    OUT_OF_SCOPE = "out_of_scope"
    FINISHED = "finished"
    UNROUTABLE = "unroutable"
    DUPLICATE = "duplicate"
    ORPHAN = "orphan"
    LEFT = "left"
    AMBIGUOUS = "ambiguous"
    UNREADABLE = "unreadable"
    HELD = "held"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    LINKED = "linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A task together with what the bridge remembers of it.

    `own_changed_at` is the last change time that an own write or probe showed,
    `person_changed_at` the last one that nobody of us made, `written_at` (own clock) when the
    last own write to it was answered. `standing` and `why` say why it has no counterpart.
    `aside` is the digest of an older picture that was set aside at `aside_at`. `gone_at` is when it
    was found to be gone, until it is seen again.
    """

    task: Task
    own_changed_at: datetime | None = None
    person_changed_at: datetime | None = None
    written_at: datetime | None = None
    aside: str | None = None
    aside_at: datetime | None = None
    gone_at: datetime | None = None
    standing: Standing = Standing.NEW
    why: str = ""

    @property
    def is_read(self) -> bool:
        """Whether anything of it is known but its id: not before it is read, nor once forgotten."""
        return bool(self.task.fields)

    def standing_as(self, standing: Standing, why: str = "") -> "Known":
        """The same with another reason for having no counterpart."""
        return replace(self, standing=standing, why=why)
