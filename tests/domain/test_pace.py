"""The pace that is learnt from refusals: how far it falls, how it recovers, where it settles."""

from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.pace import Learnt, Pace, Refusal, learnt, slower, span_of

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HOUR = 3600.0


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def refusal(
    at: float = 0.0, *, sent: float | None = None, wait: float = 60.0, calls: int = 60
) -> Refusal:
    sent_at = after(at if sent is None else sent)
    return Refusal(sent_at=sent_at, at=after(at), seconds=wait, calls=calls)


def calls(pace: Pace | None, at: float) -> int | None:
    found = learnt(pace, after(at))
    return found.calls_a_minute if found else None


def test_without_a_refusal_nothing_is_assumed() -> None:
    assert learnt(None, NOON) is None


def test_a_refusal_halves_the_calls_of_the_minute_before_it() -> None:
    pace = slower(None, refusal(calls=60))
    assert learnt(pace, NOON) == Learnt(30, NOON)


@pytest.mark.parametrize(
    ("wait", "made", "a_minute"),
    [(60, 90, 45), (54, 81, 45), (6, 9, 45), (1, 10, 300), (0.2, 10, 300), (3600, 90, 45)],
)
def test_the_wait_tells_how_long_the_window_is_that_was_used_up(
    wait: float, made: int, a_minute: int
) -> None:
    assert calls(slower(None, refusal(wait=wait, calls=made)), 0) == a_minute


def test_a_first_refusal_of_a_side_that_was_hardly_asked_lets_changes_flow() -> None:
    pace = slower(None, refusal(calls=1))
    assert calls(pace, 0) == 30
    assert calls(slower(pace, refusal(60, calls=2)), 60) == 15


def test_while_the_side_is_to_be_left_alone_nothing_grows_and_then_a_tenth_a_minute() -> None:
    pace = slower(None, refusal(wait=120, calls=200))
    found = [calls(pace, at) for at in (0, 119, 120, 179, 180, 720)]
    assert found == [100, 100, 100, 109, 110, 200]


def test_a_low_pace_grows_by_a_call_a_minute() -> None:
    pace = Pace(calls=5, lowered_at=NOON, quiet_from=NOON)
    assert [calls(pace, minutes * 60.0) for minutes in (0, 1, 2, 10)] == [5, 6, 7, 15]


def test_after_a_quiet_hour_nothing_is_assumed_any_more() -> None:
    pace = slower(None, refusal(wait=60))
    assert calls(pace, 60 + HOUR - 1) is not None
    assert calls(pace, 60 + HOUR) is None


def test_requests_that_were_under_way_are_no_further_refusals() -> None:
    pace = slower(None, refusal(calls=60, wait=60))
    for at, sent in ((1, -1), (30, 29), (70, 59.9)):
        again = slower(pace, refusal(at, sent=sent, wait=10))
        assert (again.calls, again.lowered_at) == (pace.calls, NOON)


def test_what_they_ask_for_counts_if_it_is_longer() -> None:
    pace = slower(None, refusal(wait=60))
    assert slower(pace, refusal(1, sent=0, wait=90)).quiet_from == after(91)
    assert slower(pace, refusal(1, sent=0, wait=5)).quiet_from == after(60)


def test_a_short_wait_is_followed_by_a_minute_in_which_the_pace_takes_effect() -> None:
    pace = slower(None, refusal(wait=1, calls=10))
    assert slower(pace, refusal(59, wait=1, calls=5)).calls == 300
    again = slower(pace, refusal(60, wait=1, calls=5))
    assert again.calls == 329 / 2
    assert again.lowered_at == after(60)


def test_a_refusal_of_what_was_kept_halves_it_again() -> None:
    pace = slower(None, refusal(wait=60, calls=60))
    again = slower(pace, refusal(60, wait=60, calls=40))
    assert learnt(again, after(60)) == Learnt(15, after(60))


def test_it_falls_to_one_call_a_minute_and_no_further() -> None:
    pace, found = None, []
    for number in range(8):
        pace = slower(pace, refusal(number * 60.0, calls=60))
        found.append(pace.calls)
    assert found == [30, 15, 7.5, 3.5, 1.5, 1, 1, 1]


def test_a_side_that_answers_nothing_else_is_waited_for_and_not_asked_less_and_less() -> None:
    pace = slower(None, refusal(wait=60, calls=60))
    refused = Refusal(sent_at=after(90), at=after(90), seconds=60, calls=1, has_passed=False)
    assert slower(pace, refused) == Pace(calls=30, lowered_at=NOON, quiet_from=after(150))


def test_a_refusal_after_everything_was_forgotten_is_a_first_one() -> None:
    pace = slower(None, refusal(wait=60, calls=80))
    again = slower(pace, refusal(60 + HOUR, wait=60, calls=200))
    assert calls(again, 60 + HOUR) == 100


refusals = st.lists(
    st.tuples(
        st.floats(0, 2 * HOUR),  # since the one before
        st.floats(0, 30),  # for how long it was under way
        st.floats(1, HOUR),
        st.integers(1, 5_000),
    ),
    min_size=1,
    max_size=30,
)


@given(refusals, st.floats(0, HOUR))
def test_never_below_the_floor_and_recovered_an_hour_after_the_last_wait(
    steps: list[tuple[float, float, float, int]], pause: float
) -> None:
    pace, at = None, 0.0
    for since, under_way, wait, made in steps:
        at += since
        was = calls(pace, at)
        pace = slower(pace, refusal(at, sent=at - under_way, wait=wait, calls=made))
        found = calls(pace, at)
        assert found is not None
        assert found >= 1
        if was is not None:
            assert found <= was  # a refusal never raises it
    assert pace is not None
    ended = (pace.quiet_from - NOON).total_seconds()
    quiet = [calls(pace, ended + minutes * 60) or 0 for minutes in range(60)]
    assert quiet == sorted(quiet)
    assert all(quiet)
    assert calls(pace, ended + HOUR + pause) is None


@given(st.integers(10, 600))
def test_it_settles_between_half_and_all_of_a_hidden_limit(limit: int) -> None:
    """Whoever asks as often as it may, and meets a limit of so many calls a minute."""
    pace: Pace | None = None
    at, paces = 0.0, []
    for _ in range(240):  # minutes
        allowed = calls(pace, at)
        wanted = 1_200 if allowed is None else allowed
        if wanted > limit:
            pace = slower(pace, refusal(at, wait=60, calls=limit + 1))
            at += 60
        else:
            paces.append(wanted)
        at += 60
    settled = paces[len(paces) // 2 :]
    assert settled
    assert min(settled) >= max(1, limit // 2 - 1)
    assert max(settled) <= limit
    assert sum(settled) / len(settled) >= 0.6 * limit - 1
    # Refusals are rare: it takes minutes to grow from half of the limit to all of it.
    assert 240 - len(paces) <= ceil(240 / 3)


@pytest.mark.parametrize(("wait", "span"), [(0, 1), (0.5, 1), (10, 10), (60, 60), (900, 60)])
def test_calls_are_counted_over_the_wait_a_second_at_least_and_a_minute_at_most(
    wait: float, span: float
) -> None:
    assert span_of(wait) == span
