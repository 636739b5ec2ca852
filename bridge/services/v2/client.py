"""v2 as a Service: lists, reads one task, drafts and sends.

Reads are tried again inside, writes leave once.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bridge.domain.exchange import Answer, Draft, Order, Page, Purpose, Row
from bridge.domain.operation import WriteRequest
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case, Task
from bridge.domain.values import Observed
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from bridge.errors import NotFound, UsageError
from bridge.ports import Budget, Clock, Events
from bridge.services.exchange import Call, Reply
from bridge.services.ids import checked
from bridge.services.json_answers import OddAnswer, read_as, written_object
from bridge.services.line import line_to
from bridge.services.searches import rows_found
from bridge.services.v2 import requests
from bridge.services.v2.answers import answer_of
from bridge.services.v2.credentials import V2Credentials, secrets_of
from bridge.services.v2.normalise import Reader
from bridge.services.v2.paging import SORTS, Lists, Wish, task_page
from bridge.services.v2.settings import V2Settings
from bridge.services.v2.words import Words

TASKS = "/tasks/"
NO_PREFIXES: Mapping[str, str] = MappingProxyType({})
RECORD: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class V2Service:
    """One v2 company over HTTP; thread safe.

    `prefixes` are the prefixes of task types by id, from TASK_TYPE words of earlier runs.
    Raises ConfigError for an address that cannot be used.
    """

    side = Side.V2
    reads_one = True

    def __init__(
        self,
        settings: V2Settings,
        clock: Clock,
        events: Events,
        budget: Budget,
        *,
        prefixes: Mapping[str, str] = NO_PREFIXES,
    ) -> None:
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)
        self._prefixes = dict(prefixes)
        self._line = line_to(
            Side.V2,
            settings.base_url,
            V2Credentials(settings),
            secrets=secrets_of(settings),
            timeout_seconds=settings.timeout_seconds,
            retry_seconds=settings.retry_seconds,
            clock=clock,
            events=events,
            budget=budget,
        )
        self._lists = Lists(self._line)
        self._words = Words(self._line, self._lists, settings.page_size)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes of task types known so far, by id."""
        return MappingProxyType(self._prefixes)

    def close(self) -> None:
        """Close every connection."""
        self._line.close()

    def page(
        self, order: Order, offset: int, *, purpose: Purpose, limit: int | None = None
    ) -> Page:
        """One page of all tasks; the service may hand out fewer rows than asked (observed)."""
        size = self._settings.page_size
        return self._page(order, offset, purpose, min(limit or size, size))

    def read(self, task_id: TaskId) -> Task | None:
        """One task as it is now, or None if it is not there (404)."""
        call = Call(
            operation="GET /tasks/{id}",
            method="GET",
            path=TASKS + checked(task_id, "The task"),
            purpose=Purpose.ASK,
        )
        try:
            record = self._line.read(call, lambda reply: _record(reply, task_id))
        except NotFound:
            return None
        return self._reader().task(record, task_id)

    def search(self, title: str) -> tuple[Row, ...]:
        """Rows that the service's own filter by title finds; it may withhold fresh ones."""
        size = self._settings.page_size
        filters = (("taskByTitleIdentifier", title),)
        return rows_found(
            title, lambda offset: self._page(Order.NEWEST_FIRST, offset, Purpose.ASK, size, filters)
        )

    def learn(self) -> tuple[Word, ...]:
        """The key's user, all people, all task types; references know the prefixes from now on."""
        words = tuple(self._words.all())
        found = {
            word.key: str(word.details["prefix"])
            for word in words
            if word.kind is WordKind.TASK_TYPE and word.details.get("prefix")
        }
        self._prefixes = {**self._prefixes, **found}
        return words

    def shown_unasked(self) -> frozenset[Field] | None:
        """v2 takes no list of fields: always None."""
        return None

    def find_case(self, reference: str, *, is_fresh: bool = False) -> Case | None:
        """v2 has no cases: always None."""
        return None

    def draft_create(self, draft: Draft, vocabulary: Vocabulary) -> WriteRequest:
        """The request that creates a task."""
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
        return requests.update_request(task_id, values, tags=tags, alternative=alternative)

    def alternatives(self, values: Mapping[Field, Observed], vocabulary: Vocabulary) -> int:
        """How many forms the service may take these values in: `alternative` runs below it."""
        return max((len(requests.field_forms(*item)) for item in values.items()), default=1)

    def draft_complete(self, task_id: TaskId) -> WriteRequest:
        """The request that completes a task without a mail."""
        return requests.complete_request(task_id)

    def draft_probe(self, task_id: TaskId, form: ProbeForm) -> WriteRequest:
        """v2 shows its tasks whole: always a UsageError."""
        raise UsageError("A v2 task is read, not probed.")

    def send(self, request: WriteRequest) -> Answer:
        """Send one write, once. Raises ServiceError; its `is_outcome_unknown` tells the rest."""
        call = _write_call(request)
        return self._line.write(call, lambda reply: self._answer(request, reply))

    def _answer(self, request: WriteRequest, reply: Reply) -> Answer:
        return answer_of(request, written_object(reply), reply, self._reader())

    def _reader(self) -> Reader:
        return Reader(zone=self._zone, prefixes=self._prefixes)

    def _page(
        self,
        order: Order,
        offset: int,
        purpose: Purpose,
        limit: int,
        filters: tuple[tuple[str, str], ...] = (),
    ) -> Page:
        wish = Wish(
            path=TASKS,
            sort=SORTS[order],
            offset=offset,
            limit=limit,
            purpose=purpose,
            filters=filters,
        )
        return task_page(self._lists.page(wish), self._reader(), wish)


def _record(reply: Reply, task_id: TaskId) -> dict[str, Any]:
    record = read_as(RECORD, reply, "a task")
    if record.get("_id") != task_id:
        raise OddAnswer("something else than the task that was asked for")
    return record


def _write_call(request: WriteRequest) -> Call:
    if request.side != Side.V2 or request.call not in WRITES:
        raise UsageError(f"v2 has no write {request.call!r}.")
    method, path = WRITES[request.call]
    if "{id}" in path:
        path = path.replace("{id}", checked(request.task_id, "The task"))
    return Call(
        operation=request.call,
        method=method,
        path=path,
        purpose=Purpose.WRITE,
        is_write=True,
        body=request.body,
    )


WRITES: Mapping[str, tuple[str, str]] = MappingProxyType({
    requests.CREATE: ("POST", "/tasks/"),
    requests.UPDATE: ("PATCH", "/tasks/{id}"),
    requests.COMPLETE: ("POST", "/tasks/{id}/complete"),
})  # fmt: skip
