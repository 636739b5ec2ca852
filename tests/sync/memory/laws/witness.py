"""Who keeps what went through the ports of a run: events, calls of services, changes of the store.

Nothing is changed on its way, and what a transaction does counts once it is over.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from bridge.domain.exchange import Answer, Order, Page
from bridge.domain.guard import Guard, GuardKind
from bridge.domain.instruction import InstructionOutcome
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import (
    Journalled,
    Operation,
    OperationKind,
    Wait,
    WaitKind,
    WriteRequest,
)
from bridge.domain.records import Happening, PairState
from bridge.domain.side import Field, LinkId, OperationId, Side
from bridge.domain.task import Known
from bridge.errors import BridgeError, ServiceError
from bridge.ports import Event, Events, Service, Store, Unit
from tests.sync.memory.laws import events, history, journal, links, waits


@dataclass(slots=True, kw_only=True)
class Sending:
    """A write that left, and what came back."""

    request: WriteRequest
    answer: Answer | None = None
    error: ServiceError | None = None


@dataclass(slots=True, kw_only=True)
class Seen:
    """What a run was seen to do. `breaches` are the laws that it broke so far.

    `said` is what services said of their faults, `shown` and `swept` are the tasks on pages of any
    order and of a sweep's, `links_ever` the links that were written of,
    `sent` every write that left, in this run or before.
    """

    is_dry: bool = False
    said: set[str] = field(default_factory=set)
    breaches: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    looked_up: int = 0
    happenings: list[Happening] = field(default_factory=list)
    operations: list[OperationId] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)
    shown: set[tuple[Side, str]] = field(default_factory=set)
    swept: set[tuple[Side, str]] = field(default_factory=set)
    links_ever: set[LinkId] = field(default_factory=set)
    turned: list[tuple[LinkId, LinkState | None, LinkState]] = field(default_factory=list)
    conflicts: list[tuple[LinkId, Field, Side | None, bool]] = field(default_factory=list)
    guards: list[tuple[tuple[GuardKind, Side | None], bool]] = field(default_factory=list)
    pairs: list[tuple[PairState, PairState]] = field(default_factory=list)
    closed: list[tuple[InstructionOutcome, str]] = field(default_factory=list)
    parked: int = 0
    sent: list[WriteRequest] = field(default_factory=list)

    def complain(self, breaches: Iterator[str]) -> None:
        """Keep what is not as promised."""
        self.breaches += breaches

    def told(self, what: str) -> list[Mapping[str, Any]]:
        """The facts of every event of that kind."""
        return [one.details for one in self.events if one.what == what]

    def happened(self, *what: str) -> list[Happening]:
        """The lines of those kinds."""
        return [one for one in self.happenings if one.what in what]


def ear(events_to: Events, seen: Seen) -> Events:
    """An ear that passes everything on."""
    return _Ear(events_to, seen)


def store_of(store: Store, seen: Seen) -> Store:
    """The store, seen at work."""
    return cast(Store, _Store(store, seen))


def service_of(service: Service, store: Store, seen: Seen) -> Service:
    """The service, seen at work; the store is where its writes must stand before they leave."""
    return cast(Service, _Service(service, store, seen))


class _Ear:
    def __init__(self, inner: Events, seen: Seen) -> None:
        self._inner, self._seen = inner, seen

    def tell(self, event: Event) -> None:
        self._seen.events.append(event)
        self._seen.complain(events.unlawful(event))
        self._inner.tell(event)


class _Passing:
    """Whatever it does not look at itself goes to the one inside."""

    def __init__(self, inner: object) -> None:
        self._inner: Any = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Service(_Passing):
    def __init__(self, inner: Service, store: Store, seen: Seen) -> None:
        super().__init__(inner)
        self._store, self._seen = store, seen

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._heard(found) if callable(found) else found

    def _heard(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call; what it says of its fault is kept."""

        def heard(*args: Any, **named: Any) -> Any:
            try:
                return call(*args, **named)
            except BridgeError as error:
                self._seen.said.add(str(error))
                raise

        return heard

    def page(self, *args: Any, **named: Any) -> Page:
        page: Page = self._heard(self._inner.page)(*args, **named)
        ids = {row.id for row in page.rows} | {row.id for row in page.unreadable if row.id}
        self._seen.shown |= {(page.side, one) for one in ids}
        if args[0] is Order.STABLE:
            self._seen.swept |= {(page.side, one) for one in ids}
        return page

    def send(self, request: WriteRequest) -> Answer:
        self._seen.complain(journal.before_it_leaves(self._store, request))
        sending = Sending(request=request)
        self._seen.sendings.append(sending)
        self._seen.sent.append(request)
        try:
            sending.answer = self._heard(self._inner.send)(request)
        except ServiceError as error:
            sending.error = error
            raise
        return sending.answer


class _Store(_Passing):
    def __init__(self, inner: Store, seen: Seen) -> None:
        super().__init__(inner)
        self._seen = seen

    @contextmanager
    def begin(self, *, is_fleeting: bool = False) -> Iterator[Unit]:
        late: list[Callable[[], object]] = []
        with self._inner.begin(is_fleeting=is_fleeting) as unit:
            watched = _Unit(unit, self._seen, late)
            yield cast(Unit, watched)
            found = [*watched.looked_at_its_end()]
        for one in late:
            one()
        self._seen.breaches += found


class _Unit(_Passing):
    """A transaction: what it stores is looked at as it is stored, and at its end."""

    def __init__(self, inner: Unit, seen: Seen, late: list[Callable[[], object]]) -> None:
        super().__init__(inner)
        self._seen, self._late = seen, late
        self._lines: list[Happening] = []
        self._touched: set[LinkId] = set()

    def looked_at_its_end(self) -> Iterator[str]:
        """What can be told of its lines only once everything is stored with them."""
        if not self._lines:
            return
        numbers = {one.details.get("operation") for one in self._lines}
        entries = self._entries() if numbers - {None} else {}
        for one in self._lines:
            yield from history.strangers(one, self._inner, entries)

    def _entries(self) -> Mapping[int, Journalled]:
        links = {one.link_id for one in self._lines if one.link_id is not None}
        return {one.id: one for one in self._inner.operations_about(links)}

    def remember(self, happenings: Iterator[Happening], run_id: int, at: Any) -> None:
        lines = [*happenings]
        for one in lines:
            self._seen.complain(history.unlawful(one))
        self._lines += lines
        self._late.append(lambda: self._seen.happenings.extend(lines))
        self._inner.remember(lines, run_id, at)

    def replace_waits(self, these: Sequence[Wait], **place: Any) -> None:
        for wait in these:
            self._seen.complain(waits.unlawful(wait, self._seen.said))
            found = waits.misplaced(wait, self._inner, place.get("link_id"), place.get("task"))
            self._seen.complain(found)
            is_create = wait.operation is OperationKind.CREATE and wait.link_id is not None
            if is_create and wait.kind is WaitKind.FAILED:
                self._seen.parked += 1
        self._inner.replace_waits(these, **place)

    def save_known(self, items: Iterator[Known]) -> None:
        known = [*items]
        for one in known:
            found = [*waits.unlawful_standing(one)]
            # Where a person had the texts forgotten, why it stands so is forgotten with them.
            if found and not self._inner.forgotten(one.task.side, [one.task.id]):
                self._seen.breaches += found
        self._inner.save_known(known)

    def add_link(self, link: Link) -> LinkId:
        number: LinkId = self._inner.add_link(link)
        self._touched.add(number)
        self._late.append(lambda: self._seen.turned.append((number, None, link.state)))
        return number

    def save_link(self, link: Link) -> None:
        view = self._inner.link(link.id)
        before = view.link.state if view else None
        if view is not None and link.id not in self._touched:
            self._seen.complain(links.unlawful_change(view.link, link))
        self._touched.add(link.id)
        self._late.append(lambda: self._seen.turned.append((link.id, before, link.state)))
        self._inner.save_link(link)

    def save_conflict(self, link_id: LinkId, name: Field, values: Any, **how: Any) -> int:
        self._seen.complain(history.unlawful_conflict(values, how))
        is_done = how["winner"] is not None and how.get("is_written", True)
        kept = (link_id, name, how["winner"], is_done)
        self._late.append(lambda: self._seen.conflicts.append(kept))
        return int(self._inner.save_conflict(link_id, name, values, **how))

    def save_guard(self, guard: Guard) -> None:
        if guard in self._inner.guards():
            self._seen.breaches.append(f"guard {guard.kind}: it is written, and nothing changed")
        self._turn_guard(guard.kind, guard.side, holds=guard.holds)
        self._inner.save_guard(guard)

    def drop_guard(self, kind: GuardKind, side: Side | None) -> None:
        self._turn_guard(kind, side, holds=False)
        self._inner.drop_guard(kind, side)

    def _turn_guard(self, kind: GuardKind, side: Side | None, *, holds: bool) -> None:
        """What is counted as it is reads alike before and after, and is no turn."""
        before = any(
            one.holds for one in self._inner.guards() if (one.kind, one.side) == (kind, side)
        )
        if before is not holds and kind is not GuardKind.TABLE:
            self._late.append(lambda: self._seen.guards.append(((kind, side), holds)))

    def save_pair_state(self, state: PairState) -> None:
        before = self._inner.pair_state()
        self._late.append(lambda: self._seen.pairs.append((before, state)))
        self._inner.save_pair_state(state)

    def prune(self, *args: Any) -> int:
        self._not_in_a_dry_run("something is forgotten")
        return int(self._inner.prune(*args))

    def _not_in_a_dry_run(self, what: str) -> None:
        if self._seen.is_dry:
            self._seen.breaches.append(f"dry run: {what}")

    def close_instruction(self, number: int, outcome: Any, note: str, at: Any) -> None:
        self._not_in_a_dry_run("what people said is carried out")
        self._late.append(lambda: self._seen.closed.append((outcome, note)))
        self._inner.close_instruction(number, outcome, note, at)

    def commit_operation(
        self, operation: Operation, request: WriteRequest, **of: Any
    ) -> OperationId:
        parent = of.get("parent_id")
        self._not_in_a_dry_run("a write is begun")
        self._seen.complain(journal.unlawful(operation, request, parent))
        number: OperationId = self._inner.commit_operation(operation, request, **of)
        self._late.append(lambda: self._seen.operations.append(number))
        if operation.link_id is not None:
            self._seen.links_ever.add(operation.link_id)
        return number

    def settle(self, operation_id: OperationId, outcome: Any, note: str, at: Any) -> None:
        self._not_in_a_dry_run("a write is settled")
        entry = {one.id: one for one in self._inner.open_operations()}.get(operation_id)
        is_answered = operation_id in self._seen.operations
        found = journal.unlawful_end(outcome, note, entry, is_answered=is_answered)
        self._seen.complain(found)
        self._inner.settle(operation_id, outcome, note, at)

    def leave_open(self, operation_id: OperationId, note: str, **of: Any) -> None:
        self._not_in_a_dry_run("a write is left open")
        self._seen.complain(journal.unlawful_rest(note))
        self._inner.leave_open(operation_id, note, **of)
