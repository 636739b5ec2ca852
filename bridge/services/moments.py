"""Dates as the services write them, read as aware moments in UTC.

ISO 8601, milliseconds or seconds since the epoch as int, float or digits in a text, null and ""
(documented as "any" for v2; Kore writes ISO 8601 and milliseconds). A positive number below
10^11 counts seconds, since as milliseconds it would lie between 1970 and March 1973.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_MILLISECONDS = 1e11
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?")


def read_moment(value: object, zone: tzinfo = UTC) -> datetime | None:
    """The moment, or None for null and blank texts; `zone` is for dates that name none.

    Raises ValueError for anything else; its text does not repeat the value.
    """
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    try:
        # A date in full, as nearly all are, is told from a number by one look.
        if isinstance(value, str) and (value[4:5] == "-" or not _NUMBER.fullmatch(value)):
            return _from_text(value, zone)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return _from_number(float(value))
    except (OverflowError, ValueError) as error:
        raise ValueError("not a date that can be read") from error
    raise ValueError("neither a text nor a number")


def readable_moment(value: object, zone: tzinfo = UTC) -> datetime | None:
    """The moment, or None where there is none that can be read."""
    try:
        return read_moment(value, zone)
    except ValueError:
        return None


def read_http_date(text: str | None) -> datetime | None:
    """A `Date` header as an aware moment, or None where it is missing or unreadable."""
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (TypeError, ValueError):
        return None
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def milliseconds_of(moment: datetime) -> int:
    """Milliseconds since the epoch of an aware moment."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def _from_text(text: str, zone: tzinfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _from_number(number: float) -> datetime:
    if 0 < number < FIRST_MILLISECONDS:
        return EPOCH + timedelta(seconds=number)
    return EPOCH + timedelta(milliseconds=number)
