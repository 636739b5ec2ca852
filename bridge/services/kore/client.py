"""Kore as a Service: lists, looks up, drafts and sends; every call is a POST (documented).

No call reads one task, none deletes (documented). Reads are tried again inside, writes leave
once, but for a 401, which was not applied.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bridge.domain.exchange import Answer, Draft, Order, Page, Purpose, Row
from bridge.domain.operation import WriteRequest
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case, Task
from bridge.domain.values import Observed
from bridge.domain.vocabulary import Vocabulary, Word
from bridge.errors import UnreadableRecord, UsageError
from bridge.ports import Budget, Clock, Events
from bridge.services.exchange import Call, Reply
from bridge.services.ids import checked
from bridge.services.json_answers import written_object
from bridge.services.kore import requests
from bridge.services.kore.answers import answer_of
from bridge.services.kore.cases import Cases
from bridge.services.kore.credentials import KoreCredentials
from bridge.services.kore.paging import SORTS, Lists, Wish, task_page
from bridge.services.kore.settings import KoreSettings
from bridge.services.kore.sight import Columns
from bridge.services.kore.tokens import Tokens
from bridge.services.line import line_to
from bridge.services.searches import rows_found

ROOT = "/caseManagement/api/public/analytics"


class KoreService:
    """One Kore account over HTTP; thread safe.

    `carried_columns` are the keys that list rows are known to carry, from COLUMN words of
    earlier runs. Raises ConfigError for keys and addresses that cannot be used.
    """

    side = Side.KORE
    reads_one = False

    def __init__(
        self,
        settings: KoreSettings,
        clock: Clock,
        events: Events,
        budget: Budget,
        *,
        carried_columns: frozenset[str] = frozenset(),
    ) -> None:
        self._settings = settings
        self._root = f"{ROOT}/{settings.stream_id}"
        self._columns = Columns(carried_columns)
        self._line = line_to(
            Side.KORE,
            settings.base_url,
            KoreCredentials(settings, Tokens(settings, clock)),
            secrets=tuple(_secrets(settings)),
            timeout_seconds=settings.timeout_seconds,
            retry_seconds=settings.retry_seconds,
            clock=clock,
            events=events,
            budget=budget,
        )
        self._lists = Lists(self._line, self._root)
        self._cases = Cases(self._lists, settings.page_size, clock)

    @property
    def carried_columns(self) -> frozenset[str]:
        """The keys that list rows have carried so far."""
        return self._columns.carried

    def close(self) -> None:
        """Close every connection."""
        self._line.close()

    def page(
        self, order: Order, offset: int, *, purpose: Purpose, limit: int | None = None
    ) -> Page:
        """One page of all tasks; the account may hand out fewer rows than asked (unknown)."""
        size = self._settings.page_size
        return self._page(order, offset, purpose, min(limit or size, size))

    def read(self, task_id: TaskId) -> Task | None:
        """Kore has no call that reads one task (documented): always a UsageError."""
        raise UsageError("Kore cannot read a single task; it is listed, or probed.")

    def search(self, title: str) -> tuple[Row, ...]:
        """Rows whose name holds the text, as the service finds them, newest change first."""
        size = self._settings.page_size
        return rows_found(
            title, lambda offset: self._page(Order.NEWEST_FIRST, offset, Purpose.ASK, size, title)
        )

    def learn(self) -> tuple[Word, ...]:
        """Statuses, priorities and agents that the first page of cases shows."""
        return self._cases.words()

    def shown_unasked(self) -> frozenset[Field] | None:
        """The fields that no row of the newest page hides without `selectedColumns`."""
        size = self._settings.page_size
        page = self._page(Order.NEWEST_FIRST, 0, Purpose.ASK, size, wants_columns=False)
        hidden = set[Field]()
        for row in page.rows:
            with suppress(UnreadableRecord):
                hidden.update(row.normalise().hidden)
        return frozenset(Field) - hidden if page.rows else None

    def find_case(self, reference: str, *, is_fresh: bool = False) -> Case | None:
        """A case by id or reference, with its contact and whether it is closed; else None."""
        return self._cases.find(reference, is_fresh=is_fresh)

    def draft_create(self, draft: Draft, vocabulary: Vocabulary) -> WriteRequest:
        """The request that creates a task; raises UsageError if Kore could not take it."""
        return requests.create_request(draft, self._settings)

    def draft_update(
        self,
        task_id: TaskId,
        values: Mapping[Field, Observed],
        vocabulary: Vocabulary,
        *,
        tags: Sequence[str] | None = None,
        alternative: int = 0,
    ) -> WriteRequest:
        """The request that changes these fields; `alternative` asks for another form of it."""
        words = requests.Words(self._settings, vocabulary)
        return requests.update_request(task_id, values, words, tags=tags, alternative=alternative)

    def alternatives(self, values: Mapping[Field, Observed], vocabulary: Vocabulary) -> int:
        """How many forms the account may take these values in: `alternative` runs below it."""
        words = requests.Words(self._settings, vocabulary)
        return max((len(requests.field_forms(*item, words)) for item in values.items()), default=1)

    def draft_complete(self, task_id: TaskId) -> WriteRequest:
        """Kore completes by an update of the status: always a UsageError."""
        raise UsageError("A Kore task is completed by an update of its status.")

    def draft_probe(self, task_id: TaskId, form: ProbeForm) -> WriteRequest:
        """The update of nothing that shows a task whole."""
        return requests.probe_request(task_id, form)

    def send(self, request: WriteRequest) -> Answer:
        """Send one write, once. Raises ServiceError; its `is_outcome_unknown` tells the rest."""
        call = self._call(request)
        return self._line.write(call, lambda reply: self._answer(request, reply))

    def _answer(self, request: WriteRequest, reply: Reply) -> Answer:
        return answer_of(request, written_object(reply), reply)

    def _call(self, request: WriteRequest) -> Call:
        paths = {
            requests.CREATE: lambda: requests.CREATE,
            requests.UPDATE: lambda: f"{requests.UPDATE}/{checked(request.task_id, 'The task')}",
        }
        if request.side != Side.KORE or request.call not in paths:
            raise UsageError(f"Kore has no write {request.call!r}.")
        return Call(
            operation=request.call,
            method="POST",
            path=f"{self._root}/{paths[request.call]()}",
            purpose=Purpose.WRITE,
            is_write=True,
            body=request.body,
        )

    def _page(
        self,
        order: Order,
        offset: int,
        purpose: Purpose,
        limit: int,
        search: str = "",
        *,
        wants_columns: bool = True,
    ) -> Page:
        wish = Wish(
            call="getTasks",
            sort=SORTS[order],
            offset=offset,
            limit=limit,
            purpose=purpose,
            search=search,
            wants_columns=wants_columns,
        )
        return task_page(self._lists.page(wish), self._columns, wish)


def _secrets(settings: KoreSettings) -> list[Any]:
    keys = (settings.client_secret, settings.private_key, settings.jwe_key)
    return [key for key in keys if key]
