"""Some tasks of a side as its list shows them now: what a check judges the mapping by."""

from collections import Counter
from dataclasses import dataclass

from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side
from bridge.domain.task import Task
from bridge.domain.values import Observed, Unseen, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The newest tasks of a side, from `pages` pages; `is_all` if there are no others.

    `skew_seconds` is the service's clock minus ours, None if it does not tell. `is_sorted` is
    what the proof of the sort said. `unreadable` are the reasons of rows that cannot be read.
    `unasked` are the fields that the list shows although nobody asked for them by name, None
    where none can be asked for. `seen_whole` counts the tasks of which the database knows, from a
    probe or an answer, what the list hides now.
    """

    side: Side
    tasks: tuple[Task, ...]
    pages: int
    is_all: bool
    total: int | None = None
    unreadable: tuple[str, ...] = ()
    skew_seconds: float | None = None
    is_sorted: bool | None = None
    probe_form: ProbeForm = ProbeForm.UNTRIED
    unasked: frozenset[Field] | None = None
    seen_whole: int = 0

    @property
    def size(self) -> int:
        """How many tasks the side has, as far as is known."""
        return len(self.tasks) if self.is_all else max(self.total or 0, len(self.tasks))

    @property
    def to_probe(self) -> int:
        """How many tasks a probe would have to show."""
        return self.size - self.seen_whole

    @property
    def calls_of_list(self) -> int:
        """How many calls it takes to read all of them, at as many a page as were handed out."""
        return max(self.pages, -(-self.size * self.pages // max(len(self.tasks), 1)))

    def hiding(self, name: Field) -> int:
        """How many of the tasks hide that field."""
        return sum(name in task.hidden for task in self.tasks)

    def values(self, name: Field) -> dict[Value | None, int]:
        """Every value of a field that was seen, with how many tasks show it, most of them first."""
        shown = (task.shown(name) for task in self.tasks)
        found: Counter[Observed] = Counter(one for one in shown if not isinstance(one, Unseen))
        return dict(found.most_common())
