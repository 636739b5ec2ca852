"""Dates are read in every form that the facts allow, as instants."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.services.moments import EPOCH, milliseconds_of, read_http_date, read_moment

AFTER_1973 = datetime(1973, 4, 1)  # noqa: DTZ001 - hypothesis wants bare bounds
BEFORE_2200 = datetime(2200, 1, 1)  # noqa: DTZ001
moments = st.datetimes(AFTER_1973, BEFORE_2200, timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


@given(moments)
def test_every_form_of_a_moment_reads_as_that_moment(moment: datetime) -> None:
    milliseconds = milliseconds_of(moment)
    forms: list[object] = [
        milliseconds,
        float(milliseconds),
        str(milliseconds),
        f" {milliseconds}.0 ",
        moment.isoformat(),
        moment.isoformat().replace("+00:00", "Z"),
        moment.astimezone(ZoneInfo("Asia/Kolkata")).isoformat(),
    ]
    assert [read_moment(form) for form in forms] == [moment] * len(forms)


@given(st.integers(0, 99_999_999_999))
def test_a_number_below_ten_to_the_eleventh_counts_seconds(number: int) -> None:
    assert read_moment(number) == read_moment(str(number)) == EPOCH + timedelta(seconds=number)


def test_a_date_without_a_zone_is_of_the_zone_that_was_set() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert read_moment("2026-07-01", berlin) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert read_moment("2026-07-01T10:00:00", berlin) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert read_moment("2026-07-01T10:00:00") == datetime(2026, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_null_and_blank_texts_are_no_date(nothing: object) -> None:
    assert read_moment(nothing) is None


@pytest.mark.parametrize(
    "odd", ["tomorrow", "2026-13-01", True, [], {}, float("nan"), float("inf"), 10**30, "9" * 400]
)
def test_what_is_no_date_is_refused_without_repeating_it(odd: object) -> None:
    with pytest.raises(ValueError, match=r"not a date|neither") as caught:
        read_moment(odd)
    assert str(odd) not in str(caught.value)


def test_an_http_date_is_read_and_a_broken_one_is_none() -> None:
    assert read_http_date("Wed, 04 Mar 2026 12:00:00 GMT") == datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert read_http_date("soon") is None
    assert read_http_date(None) is None
