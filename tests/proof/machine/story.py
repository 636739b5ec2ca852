"""What happened, in order: what people did, what the bridge looked at, what it wrote.

The oracle reads it at the end. Everything has a number; a higher one came later.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bridge.domain.operation import WriteRequest
from bridge.domain.side import Field, Side
from tests.proof.machine.words import Plain, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A person set a field of a task; `is_first` where the task was added with it.

    `is_return`: back to the value last agreed, or last seen, before what was there in between had
    reached the other side. Since the base nothing has changed then.
    """

    number: int
    at: datetime
    side: Side
    task_id: str
    name: Field
    value: Plain
    is_first: bool = False
    is_return: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The bridge asked; `task_id` is None where a poll began.

    `is_true` says that what it was shown of the task is how the task was at that moment.
    """

    number: int
    at: datetime
    side: Side
    task_id: str | None
    is_true: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A request of the bridge named a field; `is_late` if it took effect after it was given up,
    `is_too_late` if after the settle time.

    `old` and `new` are one where people had set the very value before, or it was not taken.
    `across` is what the bridge had been shown last of the same field of the counterpart.
    """

    number: int
    at: datetime
    side: Side
    task_id: str
    name: Field
    old: Plain
    new: Plain
    is_late: bool = False
    is_too_late: bool = False
    across: tuple[Plain, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A request of the bridge made a task; `is_surplus` if so late that nobody could wait."""

    number: int
    at: datetime
    side: Side
    task_id: str
    origin_id: str
    is_surplus: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A request that nobody was told about, and that takes effect later."""

    due_at: datetime
    request: WriteRequest
    is_surplus: bool


@dataclass(slots=True)
class Story:
    """All of it.

    `shown` is what the bridge was shown last of a task, `seen` the same without what came late,
    `met` are the tasks that any answer named, `unmarked` those whose text people rewrote whole.
    """

    edits: list[Edit] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    created: list[Created] = field(default_factory=list)
    met: set[tuple[Side, str]] = field(default_factory=set)
    unmarked: set[tuple[Side, str]] = field(default_factory=set)
    late: list[Late] = field(default_factory=list)
    removed: set[tuple[Side, str]] = field(default_factory=set)
    persons: set[tuple[Side, str]] = field(default_factory=set)
    shown: dict[tuple[Side, str], dict[Field, Plain]] = field(default_factory=dict)
    seen: dict[tuple[Side, str], dict[Field, Plain]] = field(default_factory=dict)
    notes: list[tuple[int, datetime, str]] = field(default_factory=list)
    _last: int = 0

    def number(self) -> int:
        """The next number."""
        self._last += 1
        return self._last

    def note(self, at: datetime, text: str) -> None:
        """Anything else that a reader of a failure wants to know."""
        self.notes.append((self.number(), at, text))

    def told(self) -> str:
        """All of it in order, for the reader of a failure."""
        edits = [(one.number, one.at, _edit(one)) for one in self.edits]
        writes = [(one.number, one.at, _write(one)) for one in self.writes]
        made = [
            (one.number, one.at, f"  bridge made {one.task_id} from {one.origin_id}")
            for one in self.created
        ]
        lines = sorted([*edits, *writes, *made, *self.notes])
        return "\n".join(f"{number:4} {at:%H:%M:%S.%f} {text}" for number, at, text in lines)

    def edited(
        self,
        side: Side,
        task_id: str,
        values: Values,
        at: datetime,
        *,
        is_first: bool = False,
        returns: Collection[Field] = (),
    ) -> None:
        """A person set these fields; `returns` are those that only went back."""
        for name, value in values.items():
            self.edits.append(
                Edit(
                    number=self.number(),
                    at=at,
                    side=side,
                    task_id=task_id,
                    name=name,
                    value=value,
                    is_first=is_first,
                    is_return=name in returns,
                )
            )

    def looked(
        self,
        side: Side,
        task_id: str | None,
        at: datetime,
        *,
        is_true: bool,
        number: int | None = None,
    ) -> None:
        """The bridge was shown a task, or began a poll (at that number)."""
        number = self.number() if number is None else number
        self.looks.append(Look(number=number, at=at, side=side, task_id=task_id, is_true=is_true))

    def origin_of(self, side: Side, task_id: str) -> str | None:
        """The task that a created one was made from."""
        found = (one for one in self.created if (one.side, one.task_id) == (side, task_id))
        return next((one.origin_id for one in found), None)

    def across(self, side: Side, task_id: str) -> list[str]:
        """The counterparts of a task: its origin, or what was made from it."""
        origin = self.origin_of(side, task_id)
        made = [one for one in self.created if one.side is side.other]
        return [*([origin] if origin else []), *(o.task_id for o in made if o.origin_id == task_id)]

    def was_written_last(self, side: Side, task_id: str, name: Field) -> bool:
        """Whether the bridge, and no person, gave the field its value."""
        key = (side, task_id, name)
        edits = [o.number for o in self.edits if (o.side, o.task_id, o.name) == key]
        changes = [one for one in self.writes if one.new != one.old]
        writes = [o.number for o in changes if (o.side, o.task_id, o.name) == key]
        made = [o.number for o in self.created if (o.side, o.task_id) == (side, task_id)]
        return max([*writes, *made], default=0) > max(edits, default=0)

    def last_edit(self, side: Side, task_id: str, name: Field) -> Edit | None:
        """What a person last did to a field, unless it only took back what was done before."""
        found = [
            one for one in self.edits if (one.side, one.task_id, one.name) == (side, task_id, name)
        ]
        return found[-1] if found and not found[-1].is_return else None


def _edit(edit: Edit) -> str:
    act = "added" if edit.is_first else "set"
    return f"person {act} {edit.task_id} {edit.name} = {edit.value!r}"


def _write(write: Write) -> str:
    late = ", late" if write.is_late else ""
    return f"  bridge set {write.task_id} {write.name} = {write.new!r}, was {write.old!r}{late}"
