"""A page that is asked for while another is taken in: over real local servers, in real threads."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from bridge.domain.exchange import Order, Page, Purpose
from bridge.domain.side import SIDES, Side
from bridge.errors import KeyRefused, Stopped
from bridge.ports import Service
from bridge.sync.ahead import reading
from tests.services.sandboxes import World, running_world

SECONDS = 20.0
PAGE_SIZE = 3
both_sides = pytest.mark.parametrize("side", SIDES)


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    with running_world() as world:
        world.kore_side.seed(tasks=8)
        for number in range(8):
            world.v2_side.add_task(title=f"Task {number}")
        yield world


@pytest.fixture
def world(running: World) -> Iterator[World]:
    running.fresh()
    running.bench.clock.is_stopped = False
    yield running
    running.bench.clock.is_stopped = False
    assert not threads()


def threads() -> list[str]:
    """The threads of this module that are there."""
    return [one.name for one in threading.enumerate() if one.name == "read-ahead"]


def service_of(world: World, side: Side) -> Service:
    return world.kore(page_size=PAGE_SIZE) if side is Side.KORE else world.v2(page_size=PAGE_SIZE)


def stable(service: Service) -> Callable[[int], Page]:
    return partial(_asked, service)


def _asked(service: Service, offset: int) -> Page:
    return service.page(Order.STABLE, offset, purpose=Purpose.SWEEP)


def calls(world: World, side: Side) -> int:
    return len((world.kore_side if side is Side.KORE else world.v2_side).calls)


def _fail(ask: Callable[[int], Page], kind: type[BaseException]) -> None:
    """A reader that fails while a page is under way."""
    with reading(ask) as pages:
        pages.expect([0])
        raise kind


class Noting:
    """Asks, and says when an answer is there."""

    def __init__(self, ask: Callable[[int], Page]) -> None:
        self._ask = ask
        self.is_answered = threading.Event()

    def __call__(self, offset: int) -> Page:
        try:
            return self._ask(offset)
        finally:
            self.is_answered.set()


@both_sides
def test_the_next_page_is_asked_for_before_it_is_taken_and_once(world: World, side: Side) -> None:
    ask = Noting(stable(service_of(world, side)))
    with reading(ask) as pages:
        first = pages.at(0)
        ask.is_answered.clear()
        pages.expect([2])
        assert ask.is_answered.wait(SECONDS)
        before = calls(world, side)
        second = pages.at(2)
        assert calls(world, side) == before == 2
    assert [page.offset for page in (first, second)] == [0, 2]
    assert first.rows[-1].id == second.rows[0].id


@both_sides
def test_a_guessed_page_is_asked_for_beside_the_next_one_and_taken_after_it(
    world: World, side: Side
) -> None:
    with reading(stable(service_of(world, side))) as pages:
        pages.at(0)
        pages.expect([2, 4])
        second = pages.at(2)
        pages.expect([4, 6])
        found = [second, pages.at(4), pages.at(6)]
    assert [page.offset for page in found] == [2, 4, 6]
    assert [page.rows[0].id for page in found[1:]] == [page.rows[-1].id for page in found[:-1]]
    assert calls(world, side) == 4


@both_sides
def test_what_asking_raises_is_raised_where_the_page_is_taken(world: World, side: Side) -> None:
    wrong = world.kore(client_secret="wrong" * 9) if side is Side.KORE else world.v2(api_key="a:b")
    ask = Noting(stable(wrong))
    with reading(ask) as pages:
        pages.expect([0])
        assert ask.is_answered.wait(SECONDS)
        with pytest.raises(KeyRefused):
            pages.at(0)
        # It was told: the next page is asked for anew.
        with pytest.raises(KeyRefused):
            pages.at(0)


@both_sides
def test_a_stop_ends_what_is_asked_for_and_is_told_to_the_reader(world: World, side: Side) -> None:
    with reading(stable(service_of(world, side))) as pages:
        world.bench.clock.is_stopped = True
        pages.expect([0])
        with pytest.raises(Stopped):
            pages.at(0)
    assert calls(world, side) == 0


@both_sides
def test_after_an_error_of_the_reader_nothing_is_under_way(world: World, side: Side) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail(stable(service_of(world, side)), ZeroDivisionError)
    assert not threads()
    assert calls(world, side) == 1
