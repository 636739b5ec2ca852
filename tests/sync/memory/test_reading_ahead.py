"""Pages that are asked for while another is taken in: which, by how many threads, until when."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from bridge.domain.exchange import Page
from bridge.domain.side import Side
from bridge.errors import Stopped
from bridge.sync.ahead import reading

SECONDS = 1.0  # nobody waits for so long while all is as it should be
SENT_AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert not threads()


def threads() -> list[threading.Thread]:
    """The threads that ask, as far as there are any."""
    return [one for one in threading.enumerate() if one.name == "read-ahead"]


def a_page(offset: int) -> Page:
    """A page of which only its place counts."""
    return Page(
        side=Side.KORE, rows=(), length=2, offset=offset, sent_at=SENT_AT, is_sort_taken=True
    )


class Asked:
    """Answers with a page, and knows which were asked for, and by whom."""

    def __init__(self, answer: Callable[[int], Page] = a_page) -> None:
        self.offsets: list[int] = []
        self.by: set[threading.Thread] = set()
        self.answer = answer
        self._news = threading.Condition()

    def __call__(self, offset: int) -> Page:
        with self._news:
            self.offsets.append(offset)
            self.by.add(threading.current_thread())
            self._news.notify_all()
        return self.answer(offset)

    def has_come_to(self, offset: int) -> bool:
        """Whether that page is asked for without anybody's taking it."""
        with self._news:
            return self._news.wait_for(lambda: offset in self.offsets, SECONDS)


# --- which ---------------------------------------------------------------------------------------


def test_the_next_page_is_asked_for_before_it_is_taken_and_once() -> None:
    ask, are_expected = Asked(), list[bool]()
    with reading(ask) as pages:
        assert pages.at(0).offset == 0
        are_expected.append(pages.are_expected)
        pages.expect([2])
        are_expected.append(pages.are_expected)
        assert ask.has_come_to(2)
        assert pages.at(2).offset == 2
        are_expected.append(pages.are_expected)
    assert are_expected == [False, True, False]
    assert ask.offsets == [0, 2]


def test_two_pages_are_under_way_at_once_and_no_more() -> None:
    both = threading.Barrier(2)

    def answer(offset: int) -> Page:
        if offset < 6:
            both.wait(SECONDS)
        return a_page(offset)

    ask = Asked(answer)
    with reading(ask) as pages:
        pages.expect([2, 4])
        assert pages.at(2).offset == 2
        assert 6 not in ask.offsets
        pages.expect([4, 6])
        assert ask.has_come_to(6)
        assert [pages.at(4).offset, pages.at(6).offset] == [4, 6]
    assert sorted(ask.offsets) == [2, 4, 6]


def test_another_page_than_the_expected_one_is_asked_for() -> None:
    ask = Asked()
    with reading(ask) as pages:
        pages.expect([2])
        assert pages.at(4).offset == 4
    assert ask.offsets == [2, 4]


def test_a_guess_that_proves_wrong_costs_its_request_and_is_the_last_one() -> None:
    ask = Asked()
    with reading(ask) as pages:
        pages.expect([2, 4])
        pages.at(2)
        pages.expect([3, 5])
        assert pages.at(3).offset == 3
        pages.expect([5, 7])
        assert pages.at(5).offset == 5
    assert sorted(ask.offsets) == [2, 3, 4, 5]


# --- by whom -------------------------------------------------------------------------------------


def test_no_thread_is_started_for_a_reading_of_one_page() -> None:
    ask = Asked()
    with reading(ask) as pages:
        pages.at(0)
        assert not threads()
    assert ask.by == {threading.current_thread()}


def test_one_thread_asks_for_page_after_page_and_a_second_one_for_what_is_guessed() -> None:
    ask = Asked()
    with reading(ask) as pages:
        for offset in (2, 4, 6):
            pages.expect([offset])
            pages.at(offset)
        assert ask.by == {*threads()}
        assert len(ask.by) == 1
        for offset in (8, 10, 12):
            pages.expect([offset, offset + 2])
            pages.at(offset)
        assert len(threads()) == 2


# --- errors, and the end -------------------------------------------------------------------------


def refuse(offset: int) -> Page:
    raise Stopped


def test_what_asking_raises_is_raised_where_the_page_is_taken_and_once() -> None:
    ask = Asked(refuse)
    with reading(ask) as pages:
        pages.expect([2, 4])
        assert ask.has_come_to(4)
        with pytest.raises(Stopped):
            pages.at(2)
        ask.answer = a_page
        with pytest.raises(Stopped):
            pages.at(4)
        assert pages.at(2).offset == 2
    assert sorted(ask.offsets) == [2, 2, 4]


@pytest.mark.parametrize("kind", [None, ZeroDivisionError])
def test_the_end_of_a_reading_waits_for_what_is_under_way(kind: type[Exception] | None) -> None:
    may_end, ended = threading.Event(), list[int]()

    def answer(offset: int) -> Page:
        may_end.wait(SECONDS)
        ended.append(offset)
        return a_page(offset)

    def read() -> None:
        with reading(Asked(answer)) as pages:
            pages.expect([2, 4])
            may_end.set()
            if kind is not None:
                raise kind

    if kind is None:
        read()
    else:
        with pytest.raises(kind):
            read()
    assert sorted(ended) == [2, 4]
    assert not threads()


def test_an_order_to_end_at_once_waits_for_no_answer_and_nor_does_the_end_of_the_process() -> None:
    comes = threading.Event()

    def answer(offset: int) -> Page:
        comes.wait(SECONDS)
        raise Stopped

    with pytest.raises(KeyboardInterrupt), reading(Asked(answer)) as pages:  # noqa: PT012
        pages.expect([2])
        raise KeyboardInterrupt
    (left,) = threads()
    assert left.daemon  # Python waits for no such thread when it ends
    comes.set()
    left.join(SECONDS)
