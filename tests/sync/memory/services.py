"""The two services in memory, honest about pages, sorts, times and sparse rows.

A test sets the attributes of a `MemoryService` to what a service may do: hide fields, ignore a
sort, answer a write with nothing, fail. Values are the domain's own; there is no wire.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.domain.exchange import Answer, Draft, Order, Page, Purpose, Row, UnreadableRow
from bridge.domain.marker import find_marker, without_marker
from bridge.domain.operation import WriteRequest
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case, Contact, Facts, Task
from bridge.domain.text import fold_word
from bridge.domain.values import (
    Observed,
    Value,
    person_value,
    priority_value,
    queue_value,
    status_value,
    text_value,
)
from bridge.domain.vocabulary import Detail, Vocabulary, Word, WordKind
from bridge.errors import (
    NotFound,
    Refused,
    ServiceError,
    Stopped,
    Unreachable,
    UnreadableRecord,
    UsageError,
)

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
STATUSES = ("Open", "In Progress", "On Hold", "Resolved", "Closed")
SCORES = {"Low": 5, "Medium": 10, "High": 12, "Critical": 14}
APP = "app"
WHOLE = "task"


class Clock:
    """A clock that stands, but for a millisecond a look, until a test or a sleeper moves it."""

    def __init__(self) -> None:
        self.at = START
        self.slept: list[float] = []
        self.is_stopped = False
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            self.at += timedelta(milliseconds=1)
            return self.at

    def sleep(self, seconds: float) -> None:
        self.check()
        self.slept.append(seconds)
        self.pass_time(seconds)

    def check(self) -> None:
        if self.is_stopped:
            raise Stopped

    def pass_time(self, seconds: float) -> None:
        with self._lock:
            self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call: its error, and whether a write takes effect all the same."""

    call: str
    error: ServiceError
    is_applied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A task as the service holds it; `text` is the raw description."""

    id: TaskId
    ref: str
    fields: Mapping[Field, Observed]
    text: str
    created_at: datetime
    changed_at: datetime | None
    first_author: str
    last_author: str
    case: Case | None = None
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True, slots=True)
class Write:
    """A write that the service took: which call, of which task, which fields."""

    call: str
    task_id: str
    fields: tuple[str, ...] = ()


class MemoryService:
    """One side; every attribute below may be set by a test at any time."""

    def __init__(self, side: Side, clock: Clock) -> None:
        self.side = side
        self.clock = clock
        self.reads_one = side is Side.V2
        self.records: dict[str, Record] = {}
        self.ever: dict[str, list[Record]] = {}
        self.cases: dict[str, Case] = {}
        self.words: list[Word] = []
        self.page_size = 50
        self.hides: frozenset[Field] = frozenset()
        self.unasked: frozenset[Field] | None = None
        self.hides_facts = False
        self.sorts = True
        self.takes_sort = True
        self.is_stable = True
        self.knows_last = side is Side.KORE
        self.tells_date = True
        self.undated: set[str] = set()
        self.total: Callable[[], int | None] = lambda: None
        self.shows_author = True
        self.unreadable: set[str] = set()
        self.nameless = 0
        self.account = ""
        self.rotten: set[str] = set()
        self.shows_order = True
        self.left_out: set[str] = set()
        self.left_out_of_sweeps: set[str] = set()
        self.late: dict[str, Record] = {}
        self.rows_late_seconds = 0.0
        self.is_shuffled = False
        self.keeps_whole_seconds = False
        self.is_down = False
        self.update_answer = WHOLE if side is Side.KORE else "nothing"
        self.create_answer = WHOLE if side is Side.KORE else "nothing"
        self.ignores: set[Field] = set()
        self.refuses: Callable[[WriteRequest], bool] = lambda request: False
        self.refused_status = 400
        self.probes_taken: frozenset[ProbeForm] = frozenset({ProbeForm.EMPTY, ProbeForm.ID_ONLY})
        self.probe_moves = False
        self.completes_by_patch = True
        self.forms = 1
        self.taken_form = 0
        self.alters: Callable[[Field, Observed], Observed] = lambda name, value: value
        self.new_values: dict[Field, Observed] = {}
        self.search_finds = True
        self.skew = timedelta()
        self.seconds_a_call = 0.0
        self.faults: list[Fault] = []
        self.calls: list[str] = []
        self.writes: list[Write] = []
        self.on_page: Callable[[Order, int], None] | None = None
        self.on_send: Callable[[WriteRequest], None] | None = None
        self._count = Counter[str]()
        self._changes: list[tuple[datetime, str, Record | None]] = []
        self._lock = threading.RLock()

    # ---- what people do ----------------------------------------------------------------

    def add(self, title: str | None = "Boiler", text: str = "", **given: Any) -> TaskId:
        """A person adds a task; gives its id."""
        author = given.pop("author", "person")
        case = given.pop("case", next(iter(self.cases.values()), None))
        facts = given.pop("facts", Facts(tags=(), queues=(), contact=CONTACT))
        created_at = given.pop("created_at", None) or self._time()
        fields = {**self._defaults(), Field.TITLE: text_value(title), **values_of(**given)}
        return self._put_new(fields, text, author, created_at, case=case, facts=facts)

    def edit(self, task_id: str, *, author: str = "person", **given: Any) -> None:
        """A person changes the named fields; `text` is the raw description."""
        text = given.pop("text", None)
        facts = given.pop("facts", None)
        record = self.records[task_id]
        record = replace(record, fields={**record.fields, **values_of(**given)})
        if text is not None:
            record = replace(record, text=text)
        if facts is not None:
            record = replace(record, facts=facts)
        self._put(replace(record, changed_at=self._time(), last_author=author))

    def remove(self, task_id: str) -> None:
        """It is gone."""
        del self.records[task_id]

    def add_case(self, case_id: str = "ci-1", *, is_closed: bool = False) -> Case:
        """A case, open unless said otherwise; the same id replaces it."""
        case = Case(
            id=case_id, ref=f"CS-{case_id}", name="Cold house", is_closed=is_closed, contact=CONTACT
        )
        self.cases[case_id] = case
        return case

    def value(self, task_id: str, name: Field) -> str | None:
        """The text of a field as it is now; None if it is empty."""
        record = self.records[task_id]
        if name is Field.DESCRIPTION:
            return without_marker(record.text) or None
        value = record.fields.get(name)
        return value.text if value else None

    def fail(
        self, call: str, error: ServiceError, times: int = 1, *, applied: bool = False
    ) -> None:
        """The next calls of that name fail."""
        self.faults += [Fault(call, error, applied)] * times

    def pages_of_polls(self) -> int:
        """How many pages it was asked for by polls of any kind."""
        return self.calls.count("page:poll") + self.calls.count("page:follow")

    def forget_calls(self) -> None:
        """Forget what was asked and written so far."""
        self.calls.clear()
        self.writes.clear()

    # ---- the port ----------------------------------------------------------------------

    def page(
        self, order: Order, offset: int, *, purpose: Purpose, limit: int | None = None
    ) -> Page:
        with self._lock:
            self._called(f"page:{purpose}")
            self._trip("page", f"page:{purpose}")
            sent_at = self.clock.now()
            size = min(limit or self.page_size, self.page_size)
            rows = self._sorted(order)
            shown = rows[offset : offset + size]
            page = self._page(order, offset, shown, sent_at, is_last=offset + size >= len(rows))
        if self.on_page is not None:
            self.on_page(order, offset)
        return page

    def read(self, task_id: TaskId) -> Task | None:
        self._called("read")
        self._trip("read")
        if not self.reads_one:
            raise UsageError("Kore reads no single task.")
        record = self.records.get(task_id)
        if record is None:
            return None
        if task_id in self.unreadable:
            raise UnreadableRecord(task_id, "its title is a number")
        return self._task(record, hides=frozenset())

    def search(self, title: str) -> tuple[Row, ...]:
        self._called("search")
        self._trip("search")
        if not self.search_finds:
            return ()
        wanted = title.casefold()
        found = [
            one
            for one in self.records.values()
            if wanted in (self.value(one.id, Field.TITLE) or "").casefold()
        ]
        return tuple(self._row(one) for one in found)

    def learn(self) -> tuple[Word, ...]:
        self._called("learn")
        self._trip("learn")
        return tuple(self.words)

    def shown_unasked(self) -> frozenset[Field] | None:
        self._called("shown_unasked")
        self._trip("shown_unasked")
        return self.unasked

    def find_case(self, reference: str, *, is_fresh: bool = False) -> Case | None:
        self._called("find_case", is_cheap=not is_fresh)
        self._trip("find_case")
        named = {case.ref: case for case in self.cases.values()}
        return self.cases.get(reference) or named.get(reference)

    def draft_create(self, draft: Draft, vocabulary: Vocabulary) -> WriteRequest:
        title = draft.values.get(Field.TITLE)
        if title is not None and "undraftable" in title.text:
            raise UsageError("The title cannot be written.")
        body = {
            "values": _wire(draft.values),
            "text": draft.text,
            "case": draft.case.id if draft.case else None,
            "template": draft.template,
            "contact": draft.contact.name if draft.contact else None,
        }
        return WriteRequest(side=self.side, call="create", body=body)

    def draft_update(
        self,
        task_id: TaskId,
        values: Mapping[Field, Observed],
        vocabulary: Vocabulary,
        *,
        tags: Sequence[str] | None = None,
        alternative: int = 0,
    ) -> WriteRequest:
        if any(value and "undraftable" in value.text for value in values.values()):
            raise UsageError("The value cannot be written.")
        body: dict[str, Any] = {"values": _wire(values), "form": alternative}
        if tags is not None:
            body["tags"] = list(tags)
        return WriteRequest(side=self.side, call="update", body=body, task_id=task_id)

    def alternatives(self, values: Mapping[Field, Observed], vocabulary: Vocabulary) -> int:
        return self.forms

    def draft_complete(self, task_id: TaskId) -> WriteRequest:
        return WriteRequest(side=self.side, call="complete", body={}, task_id=task_id)

    def draft_probe(self, task_id: TaskId, form: ProbeForm) -> WriteRequest:
        return WriteRequest(side=self.side, call="probe", body={"form": str(form)}, task_id=task_id)

    def send(self, request: WriteRequest) -> Answer:
        if self.on_send is not None:
            self.on_send(request)
        with self._lock:
            self._called(request.call)
            sent_at = self.clock.now()
            fault = self._fault(request.call)
            if fault is not None and not fault.is_applied:
                raise fault.error
            task_id = self._applied(request)
            if fault is not None:
                raise fault.error
            return self._answer(request, task_id, sent_at)

    # ---- inside ------------------------------------------------------------------------

    def _called(self, call: str, *, is_cheap: bool = False) -> None:
        self.calls.append(call)
        if self.seconds_a_call and not is_cheap:
            self.clock.pass_time(self.seconds_a_call)
        if self.is_down:
            raise Unreachable(str(self.side), "It is down.")

    def _fault(self, *calls: str) -> Fault | None:
        for place, fault in enumerate(self.faults):
            if fault.call in ("*", *calls):
                return self.faults.pop(place)
        return None

    def _trip(self, *calls: str) -> None:
        fault = self._fault(*calls)
        if fault is not None:
            raise fault.error

    def _time(self) -> datetime:
        """Now, by the service's own clock."""
        at = self.clock.now() + self.skew
        return at.replace(microsecond=0) if self.keeps_whole_seconds else at

    def _defaults(self) -> dict[Field, Observed]:
        status = status_value("Open", "open") if self.side is Side.KORE else status_value("new")
        priority = priority_value("Medium", 10) if self.side is Side.KORE else None
        return {
            Field.STATUS: status,
            Field.PRIORITY: priority,
            Field.ASSIGNEE: None,
            Field.DUE: None,
        }

    def _put_new(
        self,
        fields: Mapping[Field, Observed],
        text: str,
        author: str,
        at: datetime,
        *,
        case: Case | None = None,
        facts: Facts | None = None,
    ) -> TaskId:
        with self._lock:
            self._count["tasks"] += 1
            number = self._count["tasks"]
            prefix = "k" if self.side is Side.KORE else "v"
            task_id = TaskId(f"{prefix}{number:04d}")
            record = Record(
                id=task_id,
                ref=f"{'TS' if self.side is Side.KORE else 'REC-'}{number}",
                fields=dict(fields),
                text=text,
                created_at=at,
                changed_at=at,
                first_author=author,
                last_author=author,
                case=case if self.side is Side.KORE else None,
                facts=facts or Facts(tags=(), contact=CONTACT),
            )
            self._put(record)
            return task_id

    def _put(self, record: Record) -> None:
        with self._lock:
            self._changes.append((self.clock.at, record.id, self.records.get(record.id)))
            self.records[record.id] = record
            self.ever.setdefault(record.id, []).append(record)

    def _shown(self) -> list[Record]:
        """The rows that a list shows: as they were a while ago, where it lags behind."""
        rows = {one.id: self.late.get(one.id, one) for one in self.records.values()}
        if not self.rows_late_seconds:
            return list(rows.values())
        moment = self.clock.at - timedelta(seconds=self.rows_late_seconds)
        for at, task_id, before in reversed(self._changes):
            if at <= moment or task_id not in rows:
                continue
            if before is None:
                del rows[TaskId(task_id)]
            else:
                rows[TaskId(task_id)] = before
        return list(rows.values())

    def _sorted(self, order: Order) -> list[Record]:
        hidden = self.left_out | (self.left_out_of_sweeps if order is Order.STABLE else set())
        rows = [one for one in self._shown() if one.id not in hidden]
        if self.is_shuffled and (order is Order.STABLE or not (self.sorts and self.takes_sort)):
            self._count["shuffles"] += 1
            start = self._count["shuffles"] % max(len(rows), 1)
            return rows[start:] + rows[:start]
        if order is Order.STABLE:
            if self.is_stable:
                return sorted(rows, key=lambda one: (one.created_at, one.id))
            return sorted(rows, key=lambda one: hashlib.md5(one.id.encode()).hexdigest())
        if not (self.sorts and self.takes_sort):
            return sorted(rows, key=lambda one: one.id)
        down = order is Order.NEWEST_FIRST
        return sorted(rows, key=lambda one: (one.changed_at or START, one.id), reverse=down)

    def _page(
        self, order: Order, offset: int, shown: list[Record], sent_at: datetime, *, is_last: bool
    ) -> Page:
        odd = [UnreadableRow(None, "it has no id")] * (self.nameless if offset == 0 else 0)
        if is_last and not self.knows_last:
            is_last_told = True if not shown else None
        else:
            is_last_told = is_last if self.knows_last else None
        odd += [UnreadableRow(one.id, "its row is odd") for one in shown if one.id in self.rotten]
        return Page(
            side=self.side,
            rows=tuple(self._row(one) for one in shown if one.id not in self.rotten),
            unreadable=tuple(odd),
            length=len(shown),
            offset=offset,
            sent_at=sent_at,
            service_date=self._time() if self.tells_date else None,
            is_last=is_last_told,
            total=self.total(),
            is_sort_taken=self.takes_sort,
            account=self.account if shown else "",
        )

    def _row(self, record: Record) -> Row:
        task = self._task(record, self.hides)
        digest = task.digest if record.id not in self.unreadable else f"odd {task.digest}"
        return Row(
            id=record.id,
            changed_at=record.changed_at,
            digest=lambda: digest,
            order_key=record.created_at.isoformat() if self.shows_order else None,
            normalise=lambda: self._readable(task),
        )

    def _readable(self, task: Task) -> Task:
        if task.id in self.unreadable:
            raise UnreadableRecord(task.id, "its title is a number")
        return task

    def _task(self, record: Record, hides: frozenset[Field]) -> Task:
        fields = {**record.fields, Field.DESCRIPTION: text_value(without_marker(record.text))}
        shown = {name: value for name, value in fields.items() if name not in hides}
        facts = replace(record.facts, queues=None) if self.hides_facts and hides else record.facts
        told = sorted((str(name), value.key if value else "") for name, value in shown.items())
        digest = f"{told} {record.changed_at} {facts} {find_marker(record.text)}"
        return Task(
            side=self.side,
            id=record.id,
            ref=record.ref,
            fields=shown,
            digest=hashlib.sha256(digest.encode()).hexdigest()[:16],
            container=record.case,
            created_at=None if record.id in self.undated else record.created_at,
            changed_at=record.changed_at,
            first_author=record.first_author if self.shows_author else None,
            last_author=record.last_author if self.shows_author else None,
            marker=find_marker(record.text) if Field.DESCRIPTION in shown else None,
            facts=facts,
            words=tuple(self._words(shown, is_whole=not hides)),
        )

    def _words(self, shown: Mapping[Field, Observed], *, is_whole: bool) -> Iterable[Word]:
        """What a record tells of the account's words: ids only where it is shown whole."""
        person = shown.get(Field.ASSIGNEE)
        if person is not None and not person.is_queue:
            yield Word(self.side, WordKind.PERSON, person.key, person.text)
        if self.side is Side.V2:
            return
        status, priority = shown.get(Field.STATUS), shown.get(Field.PRIORITY)
        if status is not None and is_whole:
            details = {"id": f"sts-{status.key}", "category": status.kind}
            yield Word(self.side, WordKind.STATUS, status.key, status.text, details)
        if priority is not None and is_whole:
            number = float(priority.kind) if priority.kind else None
            details_of = {"id": f"pr-{priority.key}", "score": number}
            yield Word(self.side, WordKind.PRIORITY, priority.key, priority.text, details_of)

    def _applied(self, request: WriteRequest) -> TaskId:
        if request.call == "create":
            return self._create(request)
        task_id = request.task_id
        assert task_id is not None
        record = self.records.get(task_id)
        if record is None:
            raise NotFound(str(self.side), "There is no such task.")
        if record.case and (now := self.cases.get(record.case.id)) and now.is_closed:
            raise Refused(str(self.side), "The case is closed.", status=self.refused_status)
        if request.call == "probe":
            self._probe(request, record)
        elif request.call == "complete":
            self._check(request)
            self._write(request, record, {Field.STATUS: status_value("completed")})
        else:
            self._update(request, record)
        return task_id

    def _check(self, request: WriteRequest) -> None:
        if self.refuses(request):
            raise Refused(str(self.side), "That is refused.", status=self.refused_status)

    def _create(self, request: WriteRequest) -> TaskId:
        self._check(request)
        case = self.cases.get(str(request.body["case"])) if request.body["case"] else None
        if case is not None and case.is_closed:
            raise Refused(str(self.side), "The case is closed.", status=self.refused_status)
        values: dict[Field, Observed] = {
            name: self.alters(name, value)
            for name, value in _unwired(request.body["values"]).items()
            if name is not Field.DESCRIPTION
        }
        fields: dict[Field, Observed] = {Field.TITLE: None}
        fields |= self._defaults() | self.new_values | values
        text = str(request.body["text"])
        task_id = self._put_new(fields, text, APP, self._time(), case=case)
        self.writes.append(Write("create", task_id, tuple(sorted(map(str, values)))))
        return task_id

    def _probe(self, request: WriteRequest, record: Record) -> None:
        if ProbeForm(request.body["form"]) not in self.probes_taken:
            raise Refused(str(self.side), "An update needs a field.", status=400)
        self._check(request)
        self.writes.append(Write("probe", record.id))
        if self.probe_moves:
            self._put(replace(record, changed_at=self._time(), last_author=APP))

    def _update(self, request: WriteRequest, record: Record) -> None:
        self._check(request)
        values = _unwired(request.body["values"])
        if request.body["form"] != self.taken_form and self.forms > 1:
            values = {}
        if not self.completes_by_patch:
            done = values.get(Field.STATUS)
            if done is not None and done.key == "completed":
                values.pop(Field.STATUS)
        if "tags" in request.body:
            facts = replace(record.facts, tags=tuple(request.body["tags"]))
            record = replace(record, facts=facts)
        self._write(request, record, values)

    def _write(
        self, request: WriteRequest, record: Record, values: Mapping[Field, Observed]
    ) -> None:
        taken = {
            name: self.alters(name, value)
            for name, value in values.items()
            if name not in self.ignores
        }
        description = taken.pop(Field.DESCRIPTION, record.text)
        text = (
            description if isinstance(description, str) else description.text if description else ""
        )
        if Field.STATUS in taken and (status := taken[Field.STATUS]) is not None:
            taken[Field.STATUS] = self._status(status)
        if Field.PRIORITY in taken and (rank := taken[Field.PRIORITY]) is not None:
            taken[Field.PRIORITY] = priority_value(rank.text, SCORES.get(rank.text))
        fields = {**record.fields, **taken}
        changed = replace(record, fields=fields, text=text)
        self._put(replace(changed, changed_at=self._time(), last_author=APP))
        names = request.body.get("values", {"status": None})
        self.writes.append(Write(request.call, record.id, tuple(sorted(names))))

    def _status(self, status: Value) -> Value:
        if self.side is Side.V2:
            return status_value(status.text)
        named = {fold_word(name): name for name in STATUSES}
        return status_value(status.text, fold_word(named.get(status.key, "")) or status.kind)

    def _answer(self, request: WriteRequest, task_id: TaskId, sent_at: datetime) -> Answer:
        form = self.create_answer if request.call == "create" else self.update_answer
        shows = form == WHOLE or (request.call == "probe" and form != "nothing")
        task = self._task(self.records[task_id], frozenset()) if shows else None
        return Answer(
            task_id=None if form == "nothing" else task_id,
            task=task,
            sent_at=sent_at,
            answered_at=self.clock.now(),
            service_date=self._time() if self.tells_date else None,
        )


CONTACT = Contact(name="Ada Winter", email="ada@example.com")


def kore_service(clock: Clock) -> MemoryService:
    """Kore: it answers writes with the task, reads none, and its words come from records."""
    service = MemoryService(Side.KORE, clock)
    service.add_case()
    service.words = [*map(_status_word, STATUSES), *map(_priority_word, SCORES)]
    return service


def _status_word(name: str) -> Word:
    key = fold_word(name)
    details: dict[str, Detail] = {"id": f"sts-{key}", "category": key, "is_system": True}
    return Word(Side.KORE, WordKind.STATUS, key, name, details)


def _priority_word(name: str) -> Word:
    key = fold_word(name)
    details: dict[str, Detail] = {"id": f"pr-{key}", "score": float(SCORES[name])}
    return Word(Side.KORE, WordKind.PRIORITY, key, name, details)


def v2_service(clock: Clock) -> MemoryService:
    """v2: it answers writes with nothing, reads one task, and says who we are."""
    service = MemoryService(Side.V2, clock)
    service.words = [Word(Side.V2, WordKind.SELF, APP, APP)]
    return service


def values_of(**given: Any) -> dict[Field, Observed]:
    """Fields by what people call them: `status="Open"`, `assignee="Robin"`, `queue="First"`."""
    found: dict[Field, Observed] = {}
    for name, value in given.items():
        if name == "queue":
            found[Field.ASSIGNEE] = queue_value(value)
        else:
            found[Field(name)] = _MAKERS[Field(name)](value)
    return found


def _status(name: str) -> Value:
    is_kore = name in STATUSES
    return status_value(name, fold_word(name) if is_kore else "")


_MAKERS: dict[Field, Callable[[Any], Observed]] = {
    Field.TITLE: text_value,
    Field.STATUS: lambda value: value if isinstance(value, Value) else _status(value),
    Field.PRIORITY: lambda value: (
        value
        if isinstance(value, Value) or value is None
        else priority_value(value, SCORES.get(value))
    ),
    Field.ASSIGNEE: lambda value: person_value(value.casefold(), value) if value else None,
    Field.DUE: lambda value: Value(value, value) if value else None,
}


def _wire(values: Mapping[Field, Observed]) -> dict[str, Any]:
    return {
        str(name): [value.key, value.text, value.kind] if value else None
        for name, value in values.items()
    }


def _unwired(body: Mapping[str, Any]) -> dict[Field, Observed]:
    return {
        Field(name): Value(*value) if value is not None else None for name, value in body.items()
    }
