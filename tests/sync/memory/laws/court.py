"""Where runs are judged: each at its end, and what is left of all of them at the end of a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bridge.domain.operation import WriteRequest
from bridge.domain.side import LinkId
from bridge.ports import Store, Unit
from bridge.sync.cycle import Outcome
from bridge.sync.desk import Desk
from tests.sync.memory.laws import (
    events,
    journal,
    links,
    settled,
    summary,
    telling,
    values,
    waits,
)
from tests.sync.memory.laws.witness import Seen, ear, service_of, store_of

# How many cycles what people did last may take, with what the services make of it.
MOST_CYCLES = 4
_sitting: list["Court"] = []


class Court:
    """Watches the desks of one bench."""

    def __init__(self, store: Store, writes_of_a_cycle: Callable[[], int]) -> None:
        self._store = store
        self._writes_of_a_cycle = writes_of_a_cycle
        self._is_at_rest = False
        self._seen: list[tuple[Desk, Seen]] = []
        self._said: set[str] = set()
        self._links_ever: set[LinkId] = set()
        self.sent: list[WriteRequest] = []
        self._excused: dict[str, str] = {}
        _sitting.append(self)

    def watch(self, desk: Desk) -> Desk:
        """The desk, with a witness at its ports."""
        seen = Seen(
            is_dry=desk.is_dry, said=self._said, links_ever=self._links_ever, sent=self.sent
        )
        desk.store = store_of(desk.store, seen)
        desk.services = {
            side: service_of(service, desk.store, seen) for side, service in desk.services.items()
        }
        desk.events = ear(desk.events, seen)
        self._seen.append((desk, seen))
        return desk

    def over(self, desk: Desk, outcome: Outcome) -> Outcome:
        """The desk's run has ended: nothing it did was against a law."""
        seen = next(seen for one, seen in self._seen if one is desk)
        self._is_at_rest = _had_its_way(desk, outcome)
        with desk.store.begin() as unit:
            seen.complain(_after_a_run(desk, seen, unit, outcome))
        self.adjourn()
        return outcome

    def excuse(self, breach: str, because: str) -> None:
        """Breaches that hold this text count for nothing in this test, for a reason of its own."""
        self._excused[breach] = because

    def adjourn(self) -> None:
        """Nothing that was seen so far was against a law. Raises AssertionError."""
        found = [
            breach
            for _, seen in self._seen
            for breach in seen.breaches
            if not any(text in breach for text in self._excused)
        ]
        for _, seen in self._seen:
            seen.breaches.clear()
        assert not found, "\n".join(dict.fromkeys(found))

    def close(self) -> None:
        """The test is over: what stands is lawful, whoever left it so."""
        for desk, seen in self._seen:
            if not desk.is_dry:
                with self._store.begin() as unit:
                    seen.complain(_at_any_time(seen, unit))
                    if desk is self._seen[-1][0]:
                        seen.complain(_what_stands(desk, unit))
        self.adjourn()
        if self._is_at_rest and not self._excused:
            self._comes_to_rest()

    def _comes_to_rest(self) -> None:
        """Where no person changes anything, nothing is written any more."""
        assert any(not self._writes_of_a_cycle() for _ in range(MOST_CYCLES)), "it never rests"


def _after_a_run(desk: Desk, seen: Seen, unit: Unit, outcome: Outcome) -> Iterator[str]:
    yield from _at_any_time(seen, unit)
    if not desk.is_dry:
        yield from journal.of_run(unit, desk.run_id, desk.token)
        yield from journal.open_ends(unit)
    yield from _what_stands(desk, unit)
    yield from summary.unlawful(desk, seen, unit, outcome)
    yield from telling.unlawful(desk, seen, unit)
    yield from values.unlawful(unit, desk.services, seen.sent)
    if _had_its_way(desk, outcome):
        yield from links.still_due(unit)


def _what_stands(desk: Desk, unit: Unit) -> Iterator[str]:
    """What the store holds, between two transactions."""
    yield from waits.astray(unit)
    yield from links.unlawful(desk, unit)
    yield from settled.unlawful(desk, unit)


def _had_its_way(desk: Desk, outcome: Outcome) -> bool:
    """Whether nothing kept the run from doing all that is to be done."""
    is_held_up = desk.faults or outcome.guards or outcome.paused or desk.barred
    is_of_all = outcome.summary["kind"] == "sync" and desk.only is None and not desk.is_dry
    return is_of_all and not (is_held_up or outcome.is_first_contact)


def _at_any_time(seen: Seen, unit: Unit) -> Iterator[str]:
    """What may be asked of a run that was cut short as well; each event is looked up once."""
    for event in seen.events[seen.looked_up :]:
        yield from events.strangers(event, unit, seen.links_ever)
    seen.looked_up = len(seen.events)
    yield from telling.at_any_time(seen)


@contextmanager
def sitting() -> Iterator[None]:
    """What benches do within the block is judged at its end."""
    del _sitting[:]
    try:
        yield
        for court in _sitting:
            court.close()
    finally:
        del _sitting[:]
