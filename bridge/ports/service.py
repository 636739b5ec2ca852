"""One side over HTTP: pages of rows, look-ups, drafts of writes, and the sending of one."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bridge.domain.exchange import Answer, Draft, Order, Page, Purpose, Row
from bridge.domain.operation import WriteRequest
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case, Task
from bridge.domain.values import Observed
from bridge.domain.vocabulary import Vocabulary, Word


class Service(Protocol):
    """One side over HTTP. Every call may raise ServiceError or Stopped."""

    side: Side
    reads_one: bool
    """Whether a single task can be read (v2)."""

    def page(
        self, order: Order, offset: int, *, purpose: Purpose, limit: int | None = None
    ) -> Page:
        """One page of all tasks, of `limit` rows at most if that is less than a page's.

        Reads are tried again inside for up to five seconds.
        """

    def read(self, task_id: TaskId) -> Task | None:
        """One task as it is now, or None if it is not there; only where `reads_one`."""

    def search(self, title: str) -> tuple[Row, ...]:
        """Rows whose title the service's own filter finds; may withhold fresh ones."""

    def learn(self) -> tuple[Word, ...]:
        """The words that the side lists: people, task types, statuses seen, the key's user."""

    def shown_unasked(self) -> frozenset[Field] | None:
        """The fields that its newest rows show although nobody asks for them by name.

        None where no field can be asked for, or there is no row.
        """

    def find_case(self, reference: str, *, is_fresh: bool = False) -> Case | None:
        """A Kore case by id or reference; v2 has none. `is_fresh` asks the service again."""

    def draft_create(self, draft: Draft, vocabulary: Vocabulary) -> WriteRequest:
        """The request that creates the task."""

    def draft_update(
        self,
        task_id: TaskId,
        values: Mapping[Field, Observed],
        vocabulary: Vocabulary,
        *,
        tags: Sequence[str] | None = None,
        alternative: int = 0,
    ) -> WriteRequest:
        """The request that changes these fields and no others; a description with its marker.

        `alternative` asks for another form of it, where facts leave open which one is taken.
        """

    def alternatives(self, values: Mapping[Field, Observed], vocabulary: Vocabulary) -> int:
        """How many forms there are for these values: `alternative` runs below it."""

    def draft_complete(self, task_id: TaskId) -> WriteRequest:
        """The request that completes a task where an update of its status is ignored (v2)."""

    def draft_probe(self, task_id: TaskId, form: ProbeForm) -> WriteRequest:
        """The update of nothing that shows a task whole (Kore)."""

    def send(self, request: WriteRequest) -> Answer:
        """Send one write, once: it is never repeated inside."""
