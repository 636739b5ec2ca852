"""The first pages of a side, for a check: reads only, and never more than a few pages.

Takes a dry desk. What the records teach goes into its copy of the vocabulary.
"""

from dataclasses import dataclass, field

from bridge.domain.exchange import Order, Page, Purpose
from bridge.domain.sample import Sample
from bridge.domain.side import Side
from bridge.domain.task import Known, Task
from bridge.errors import UnreadableRecord
from bridge.sync.desk import Desk
from bridge.sync.prove import prove_sort

MOST_PAGES = 10


def examine_side(desk: Desk, side: Side) -> Sample:
    """The newest tasks of a side, at most ten pages. Raises ServiceError or Stopped."""
    service = desk.services[side]
    words = service.learn()
    with desk.store.begin() as unit:
        desk.learn(unit, words)
        probe_form = unit.side_state(side).probe_form
    reading = _Reading()
    while not reading.is_over and reading.pages < MOST_PAGES:
        desk.clock.check()
        reading.take(service.page(Order.NEWEST_FIRST, reading.offset, purpose=Purpose.ASK))
    with desk.store.begin() as unit:
        desk.learn(unit, tuple(word for task in reading.tasks for word in task.words))
        known = unit.known(side, [task.id for task in reading.tasks])
    return Sample(
        side=side,
        tasks=tuple(reading.tasks),
        pages=reading.pages,
        is_all=reading.is_over,
        total=reading.total,
        unreadable=tuple(reading.unreadable),
        skew_seconds=reading.skew_seconds,
        is_sorted=prove_sort(desk, side),
        probe_form=probe_form,
        unasked=service.shown_unasked(),
        seen_whole=sum(_is_seen_whole(task, known.get(task.id)) for task in reading.tasks),
    )


def _is_seen_whole(task: Task, known: Known | None) -> bool:
    """Whether all that the row hides is known, of the task as it is now."""
    if known is None or known.task.changed_at != task.changed_at:
        return False
    return {*task.hidden} <= {*known.task.fields}


@dataclass(slots=True)
class _Reading:
    """A list on the way from its newest row down."""

    offset: int = 0
    pages: int = 0
    total: int | None = None
    skew_seconds: float | None = None
    is_over: bool = False
    seen: set[str] = field(default_factory=set)
    tasks: list[Task] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    def take(self, page: Page) -> None:
        """One more page; over where nothing new follows."""
        fresh = [row for row in page.rows if row.id not in self.seen]
        self.unreadable += [row.reason for row in page.unreadable]
        for row in fresh:
            try:
                self.tasks.append(row.normalise())
            except UnreadableRecord as error:
                self.unreadable.append(f"{row.id}: {error.reason}")
        self.seen |= {row.id for row in fresh}
        if page.length:
            self.pages += 1
        self.offset += page.length
        self.total = page.total if page.total is not None else self.total
        self.is_over = page.is_last is True or not fresh
        if page.service_date is not None:
            self.skew_seconds = (page.service_date - page.sent_at).total_seconds()
