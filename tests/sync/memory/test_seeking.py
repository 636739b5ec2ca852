"""What is looked at to find what a create made: which rows, which of them by a probe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bridge.domain.exchange import Answer, Order, Purpose
from bridge.domain.operation import OperationKind, WriteRequest
from bridge.domain.policy import Unobserved
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, LinkId, Side, TaskId
from bridge.domain.unsure import Unsure
from bridge.sync.find import Found, find_bearers
from bridge.sync.normalise import take_in
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import APP, START
from tests.sync.memory.test_leftovers import left, sorted_out, the_create

HIDDEN = frozenset({Field.DESCRIPTION})


class Search:
    """A create of a task of v2 in Kore, and what it made there, whose id nobody told."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.pair("Boiler", Side.V2)
        self.old = bench.kore.add("Long there")
        bench.clock.pass_time(600)
        origin = bench.v2.add("Ladder")
        self.create = the_create(bench, Side.KORE, origin)
        sorted_out(bench, left(bench, self.create))
        self.marker = next(
            one.text.rpartition("\n")[2].replace("v0001", origin).replace("REC-1", "REC-2")
            for one in bench.kore.records.values()
            if one.text
        )
        self.since = bench.clock.now()
        bench.kore.search_finds = False
        bench.forget_calls()

    def made(self, title: str = "Ladder", **given: Any) -> TaskId:
        """It, as it stands in Kore now."""
        return self.bench.kore.add(title, f"rungs\n\n{self.marker}", author=APP, **given)

    def found(self, since: datetime | None = None, **changed: Any) -> Found:
        """What a search finds."""
        bench = self.bench
        desk = bench.new_desk()
        with bench.store.begin() as unit:
            desk.token = unit.take_lease(desk.rules.owner, bench.clock.now(), 30.0).token
            view = unit.link(self.create.link_id or LinkId(0))
        assert view is not None
        create = replace(self.create, **changed)
        title = create.values.get(Field.TITLE)
        unsure = Unsure(side=Side.KORE, title=title.key if title else "", since=since or self.since)
        return find_bearers(desk, create, view.link, unsure)

    @property
    def probed(self) -> list[str]:
        """The tasks that were probed for it."""
        return [one.task_id for one in self.bench.kore.writes if one.call == "probe"]


@pytest.fixture
def search(bench: Bench) -> Search:
    return Search(bench)


@pytest.fixture
def veiled(search: Search) -> Search:
    """Kore's list hides the text in which the marker stands."""
    search.bench.kore.hides = HIDDEN
    return search


def test_what_stands_among_the_newest_is_not_searched_for(search: Search) -> None:
    mine = search.made()
    found = search.found()
    assert ({*found.bearers}, found.undecided, found.has_unread) == ({mine}, set(), False)
    assert search.bench.kore.calls == ["page:ask"]


def test_the_last_page_ends_the_reading_and_a_search_follows(search: Search) -> None:
    search.bench.kore.add("Newer")
    found = search.found(START)
    assert found.bearers == {}
    assert search.bench.kore.calls == ["page:ask", "search"]


def test_what_was_sent_without_a_title_is_not_searched_for(search: Search) -> None:
    assert search.found(values={}).bearers == {}
    assert "search" not in search.bench.kore.calls


def test_a_row_that_cannot_be_read_does_not_hide_those_after_it(search: Search) -> None:
    mine = search.made()
    search.bench.kore.unreadable = {search.bench.kore.add("Odd")}
    found = search.found()
    assert ({*found.bearers}, found.has_unread) == ({mine}, True)


def test_a_row_of_which_nothing_can_be_read_may_be_it(search: Search) -> None:
    search.bench.kore.rotten = {search.made()}
    found = search.found()
    assert (found.bearers, found.has_unread) == ({}, True)


def test_what_is_exactly_as_old_as_the_create_is_still_read(search: Search) -> None:
    kore = search.bench.kore
    kore.page_size = 1
    mine = search.made()
    other = kore.add("At the same moment")
    at = kore.records[mine].created_at
    for one in (mine, other):
        kore.records[one] = replace(kore.records[one], created_at=at, changed_at=at)
    assert {*search.found(at).bearers} == {mine}


# --- where the marker is hidden ------------------------------------------------------------------


def test_what_bears_its_title_or_is_as_young_is_seen_whole_and_nothing_else(
    veiled: Search,
) -> None:
    kore = veiled.bench.kore
    mine = veiled.made("Renamed meanwhile")
    other = kore.add("Ladder")
    kore.edit(veiled.old, title="Changed")
    undated = kore.add("Of no known age")
    kore.undated = {undated}
    found = veiled.found()
    assert ({*found.bearers}, found.undecided) == ({mine}, set())
    assert {*veiled.probed} == {mine, other}


def test_what_was_created_at_the_very_moment_may_be_it(veiled: Search) -> None:
    mine = veiled.made("Renamed meanwhile")
    assert {*veiled.found(veiled.bench.kore.records[mine].created_at).bearers} == {mine}


def test_where_nothing_is_probed_only_what_bears_its_title_may_be_it(veiled: Search) -> None:
    veiled.bench.set_policy(unobserved=Unobserved.HOLD)
    mine = veiled.made()
    veiled.bench.kore.add("Another one")
    found = veiled.found()
    assert (found.bearers, found.undecided, veiled.probed) == ({}, {mine}, [])


def show_nothing_more(request: WriteRequest, answer: Answer) -> Answer:
    assert answer.task is not None
    fields = {name: one for name, one in answer.task.fields.items() if name not in HIDDEN}
    return replace(answer, task=replace(answer.task, fields=fields, marker=None))


@contextmanager
def answering(bench: Bench, change: Callable[[WriteRequest, Answer], Answer]) -> Iterator[None]:
    send = bench.kore.send
    bench.kore.send = lambda request: change(request, send(request))  # type: ignore[method-assign]
    yield
    bench.kore.send = send  # type: ignore[method-assign]


def test_what_a_probe_shows_no_better_stays_undecided(veiled: Search) -> None:
    mine = veiled.made()
    with answering(veiled.bench, show_nothing_more):
        found = veiled.found()
    assert (found.bearers, found.undecided, veiled.probed) == ({}, {mine}, [mine])


def test_what_was_seen_whole_since_it_changed_is_not_probed_again(veiled: Search) -> None:
    kore = veiled.bench.kore
    kore.hides = frozenset()
    seen = kore.add("Ladder", "of somebody")
    read(veiled.bench)
    kore.hides = HIDDEN
    found = veiled.found()
    assert (found.bearers, found.undecided, veiled.probed) == ({}, set(), [])
    kore.edit(seen, text=f"rungs\n\n{veiled.marker}")
    assert {*veiled.found().bearers} == {seen}
    assert veiled.probed == [seen]


def read(bench: Bench) -> None:
    desk = bench.new_desk()
    page = desk.services[Side.KORE].page(Order.NEWEST_FIRST, 0, purpose=Purpose.POLL)
    with bench.store.begin() as unit:
        take_in(desk, unit, page)


def test_an_account_that_was_never_probed_is_sent_nothing_at_all_first(veiled: Search) -> None:
    veiled.bench.kore.probes_taken = frozenset({ProbeForm.EMPTY})
    mine = veiled.made()
    assert {*veiled.found().bearers} == {mine}
    with veiled.bench.store.begin() as unit:
        probes = [
            one.operation
            for one in unit.operations_about([veiled.create.link_id or LinkId(0)])
            if one.operation.kind is OperationKind.PROBE
        ]
    assert [one.kore_id for one in probes] == [mine]
