"""Where a process of the bridge plays: its services and its store, watched and interfered with.

Every call and every transaction is a moment at which something may happen. What the bridge was
shown and what it changed goes into the story. Threads are taken out: jobs run in turn.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bridge.domain.exchange import Answer, Draft, Order, Page, Purpose, Row
from bridge.domain.operation import WriteRequest
from bridge.domain.reading import ProbeForm
from bridge.domain.side import SIDES, Field, Side, TaskId
from bridge.domain.task import Case, Task
from bridge.domain.values import Observed
from bridge.domain.vocabulary import Vocabulary, Word
from bridge.errors import OverBudget, ServiceError, Unreachable, UnreadableRecord
from bridge.ports import Service, Store, Unit
from tests.proof.machine.deeds import LATE_SECONDS, Deed, Dies, Fate, Happening, RunsDry, Stops
from tests.proof.machine.ground import Ground
from tests.proof.machine.people import People
from tests.proof.machine.story import Created, Late, Story, Write
from tests.proof.machine.words import Plain, plain

T = TypeVar("T")


class Dead(BaseException):
    """The process was killed: nothing that comes after is done."""


class InTurn:
    """Stands for the pool of threads: every job is done at once, so that a run can be repeated."""

    def __init__(self, *_: object) -> None:
        pass

    def submit(self, job: Callable[..., T], *given: object) -> "Future[T]":
        future: Future[T] = Future()
        try:
            future.set_result(job(*given))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, **_: object) -> None:
        pass


class Stage:
    """One process: born with `open`, gone with the first Killed."""

    def __init__(self, ground: Ground, story: Story) -> None:
        self.ground = ground
        self.story = story
        self.is_dead = False
        self.people = People(ground, story)
        self.happenings: list[Happening] = []
        self.dry_until: dict[Side, datetime] = {}
        self.fates: dict[tuple[Side, str], Fate] = {}
        self.passed = {False: 0, True: 0}
        services = ground.services()
        self.services: Mapping[Side, Service] = {
            side: Watched(self, services[side]) for side in SIDES
        }
        self.store: Store = Mortal(self, ground.store())

    def begin(self, happenings: Sequence[Happening]) -> None:
        """A cycle begins, in which these things happen."""
        self.happenings = list(happenings)
        self.passed = {False: 0, True: 0}
        self.dry_until.clear()

    def moment(self, *, is_at_commit: bool = False) -> None:
        """One more moment: whatever is to happen now, happens."""
        if self.is_dead:
            raise Dead
        number = self.passed[is_at_commit]
        self.passed[is_at_commit] += 1
        for one in self.happenings:
            if (one.moment, one.is_at_commit) == (number, is_at_commit):
                self._do(one.deed)

    @property
    def dies_next(self) -> bool:
        """Whether the process is killed at the next moment of a call."""
        place = (self.passed[False], False)
        return any(
            (one.moment, one.is_at_commit) == place and isinstance(one.deed, Dies)
            for one in self.happenings
        )

    def _do(self, deed: Deed | Dies | Stops | RunsDry) -> None:
        self.story.note(self.ground.now(), f"  in the middle: {deed}")
        if isinstance(deed, Dies):
            self.is_dead = True
            raise Dead
        if isinstance(deed, Stops):
            self.ground.stop()
        elif isinstance(deed, RunsDry):
            self.dry_until[deed.side] = self.ground.now() + timedelta(seconds=deed.seconds)
        else:
            self.people.do(deed)
            self.settle_late()

    # ---- what is watched -----------------------------------------------------------------

    def pass_time(self, seconds: float) -> None:
        """Time passes; what takes effect late does so in its time."""
        end = self.ground.now() + timedelta(seconds=seconds)
        for one in sorted(self.story.late, key=lambda late: late.due_at):
            if self.ground.now() < one.due_at <= end:
                self.ground.pass_time((one.due_at - self.ground.now()).total_seconds())
                self.settle_late()
        self.ground.pass_time((end - self.ground.now()).total_seconds())

    def settle_late(self) -> None:
        """What takes effect late, does: nobody waits for its answer, or for its refusal."""
        due = [one for one in self.story.late if one.due_at <= self.ground.now()]
        for one in due:
            self.story.late.remove(one)
            service = self.ground.services()[one.request.side]
            with suppress(ServiceError):
                self.writing(one.request, partial(service.send, one.request), late=one)

    def put_off(self, request: WriteRequest) -> bool:
        """Whether the request takes effect late only, as was ordered for it."""
        kind = "create" if request.task_id is None else "update"
        fate = self.fates.pop((request.side, kind), None)
        if fate is None:
            return False
        due_at = self.ground.now() + timedelta(seconds=LATE_SECONDS[fate])
        is_surplus = fate is Fate.TOO_LATE
        self.story.late.append(Late(due_at=due_at, request=request, is_surplus=is_surplus))
        return True

    def writing(
        self, request: WriteRequest, write: Callable[[], Answer], late: Late | None = None
    ) -> Answer:
        """What the write answers; what it changed goes into the story, also if it raises."""
        before = {side: self.ground.snapshot(side) for side in SIDES}
        carried = self._carried(request)
        try:
            return write()
        finally:
            for side in SIDES:
                self._note_changes(
                    side, before[side], late, carried if side is request.side else ()
                )

    def _carried(self, request: WriteRequest) -> frozenset[tuple[str, Field]]:
        """The fields that an update names, also those that have its value already."""
        with self.ground.store().begin() as unit:
            journalled = [one.operation for one in unit.open_operations() if one.request == request]
        task_id = str(request.task_id)
        return frozenset((task_id, name) for one in journalled for name in one.values)

    def _note_changes(
        self,
        side: Side,
        before: Mapping[str, Mapping[Field, Plain]],
        late: Late | None,
        carried: Collection[tuple[str, Field]],
    ) -> None:
        for task_id, values in self.ground.snapshot(side).items():
            if task_id not in before:
                self._note_created(side, task_id, late)
                continue
            for name, value in values.items():
                if value != before[task_id][name] or (task_id, name) in carried:
                    self._note_write(side, task_id, name, (before[task_id][name], value), late)

    def _note_write(
        self,
        side: Side,
        task_id: str,
        name: Field,
        values: tuple[Plain, Plain],
        late: Late | None,
    ) -> None:
        self.story.writes.append(
            Write(
                number=self.story.number(),
                at=self.ground.now(),
                side=side,
                task_id=task_id,
                name=name,
                old=values[0],
                new=values[1],
                is_late=late is not None,
                is_too_late=late is not None and late.is_surplus,
                across=self._shown_across(side, task_id, name),
            )
        )

    def _shown_across(self, side: Side, task_id: str, name: Field) -> tuple[Plain, ...]:
        """What the bridge was shown last of that field of the counterpart."""
        ids = self.story.across(side, task_id)
        known = [self.story.shown.get((side.other, one), {}) for one in ids]
        return tuple(one[name] for one in known if name in one)

    def _note_created(self, side: Side, task_id: str, late: Late | None) -> None:
        self.story.created.append(
            Created(
                number=self.story.number(),
                at=self.ground.now(),
                side=side,
                task_id=task_id,
                origin_id=self.ground.origin_of(side, task_id) or "",
                is_surplus=late is not None and late.is_surplus,
            )
        )
        # What it made it knows as if it had been shown, also where no answer came.
        self.story.seen.setdefault((side, task_id), dict(self.ground.values(side, task_id)))

    def saw(self, task: Task, *, is_listed: bool) -> None:
        """The bridge was shown a task."""
        side, now = task.side, self.ground.now()
        self.story.met.add((side, task.id))
        is_true = not is_listed or task.changed_at == self.ground.changed_at(side, task.id)
        self.story.looked(side, task.id, now, is_true=is_true)
        shown = {name: plain(name, value) for name, value in task.fields.items()}
        self.story.shown.setdefault((side, task.id), {}).update(shown)
        if is_true:
            self.story.seen.setdefault((side, task.id), {}).update(shown)


class Watched:
    """A service whose calls are moments."""

    def __init__(self, stage: Stage, service: Service) -> None:
        self._stage = stage
        self._service = service
        self.side = service.side
        self.reads_one = service.reads_one

    def page(
        self, order: Order, offset: int, *, purpose: Purpose, limit: int | None = None
    ) -> Page:
        def ask() -> Page:
            story, now = self._stage.story, self._stage.ground.now()
            number = story.number()
            page = self._service.page(order, offset, purpose=purpose, limit=limit)
            if purpose in (Purpose.POLL, Purpose.FOLLOW) and offset == 0:
                # One that is not answered shows nothing; what is shown is how it began.
                story.looked(self.side, None, now, is_true=True, number=number)
            return page

        def note(page: Page) -> None:
            self._met(page.rows)
            if purpose is not Purpose.ASK:
                self._saw_rows(page.rows)

        return self._asked(ask, note)

    def read(self, task_id: TaskId) -> Task | None:
        return self._asked(lambda: self._service.read(task_id), self._saw)

    def search(self, title: str) -> tuple[Row, ...]:
        return self._asked(lambda: self._service.search(title), self._met)

    def learn(self) -> tuple[Word, ...]:
        return self._asked(self._service.learn, _nothing)

    def shown_unasked(self) -> frozenset[Field] | None:
        return self._asked(self._service.shown_unasked, _nothing)

    def find_case(self, reference: str, *, is_fresh: bool = False) -> Case | None:
        # What is not asked for anew is remembered for a while, and costs no time.
        seconds = self._stage.ground.setup.seconds_a_call if is_fresh else 0.0
        find = partial(self._service.find_case, reference, is_fresh=is_fresh)
        return self._asked(find, _nothing, seconds)

    def draft_create(self, draft: Draft, vocabulary: Vocabulary) -> WriteRequest:
        return self._service.draft_create(draft, vocabulary)

    def draft_update(
        self,
        task_id: TaskId,
        values: Mapping[Field, Observed],
        vocabulary: Vocabulary,
        *,
        tags: Sequence[str] | None = None,
        alternative: int = 0,
    ) -> WriteRequest:
        return self._service.draft_update(
            task_id, values, vocabulary, tags=tags, alternative=alternative
        )

    def alternatives(self, values: Mapping[Field, Observed], vocabulary: Vocabulary) -> int:
        return self._service.alternatives(values, vocabulary)

    def draft_complete(self, task_id: TaskId) -> WriteRequest:
        return self._service.draft_complete(task_id)

    def draft_probe(self, task_id: TaskId, form: ProbeForm) -> WriteRequest:
        return self._service.draft_probe(task_id, form)

    def send(self, request: WriteRequest) -> Answer:
        def ask() -> Answer:
            if self._stage.put_off(request):
                raise Unreachable(str(self.side), "There was no answer.", is_outcome_unknown=True)
            what = f"  bridge sends {request.call} {request.task_id or ''} to {self.side}"
            self._stage.story.note(self._stage.ground.now(), what)
            return self._stage.writing(request, partial(self._service.send, request))

        return self._asked(ask, lambda answer: self._saw(answer.task))

    def _asked(
        self, ask: Callable[[], T], note: Callable[[T], None], seconds: float | None = None
    ) -> T:
        """What was answered, noted unless the process dies before it can tell."""
        self._before(seconds)
        found = ask()
        if not self._stage.dies_next:
            note(found)
        self._stage.moment()
        return found

    def _before(self, seconds: float | None) -> None:
        self._stage.moment()
        usual = self._stage.ground.setup.seconds_a_call
        self._stage.ground.pass_time(usual if seconds is None else seconds)
        self._stage.settle_late()
        until, now = self._stage.dry_until.get(self.side), self._stage.ground.now()
        if until is not None and now < until:
            seconds = (until - now).total_seconds()
            raise OverBudget(str(self.side), "Our own limit is spent.", seconds=seconds)

    def _met(self, rows: Sequence[Row]) -> None:
        self._stage.story.met.update((self.side, str(row.id)) for row in rows)

    def _saw(self, task: Task | None) -> None:
        if task is not None:
            self._stage.saw(task, is_listed=False)

    def _saw_rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            try:
                self._stage.saw(row.normalise(), is_listed=True)
            except UnreadableRecord:
                continue


def _nothing(_: object) -> None:
    """There is nothing to note."""


class Mortal:
    """A store that a killed process does not reach any more."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self._stage = stage
        self._store = store

    @contextmanager
    def begin(self, *, is_fleeting: bool = False) -> Iterator[Unit]:
        self._stage.moment(is_at_commit=True)
        with self._store.begin(is_fleeting=is_fleeting) as unit:
            yield unit

    def scratch(self) -> Store:
        return self._store.scratch()

    def wipe(self) -> bool:
        return self._store.wipe()

    def close(self) -> None:
        self._store.close()
