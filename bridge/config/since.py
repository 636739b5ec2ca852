"""Moments as people write them in settings and options: a date, a date-time, or `30d`, `12h`.

A moment without a zone is UTC. What counts back from now is resolved against a clock by whoever
uses it, so that reading a configuration needs none.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_DURATION = re.compile(r"(\d{1,9})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Since:
    """A point in time: fixed, or so long before now. `text` is what was written."""

    text: str
    point: datetime | timedelta

    def resolve(self, now: datetime) -> datetime:
        """The moment that is meant, aware and in UTC; `now` is aware."""
        if isinstance(self.point, timedelta):
            return now.astimezone(UTC) - self.point
        return self.point


def parse_duration(text: str) -> timedelta:
    """A duration such as `90s`, `30m`, `12h`, `30d`, `4w`.

    Raises ValueError if the text is no such duration.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    duration = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None
    if duration is None or duration > _LONGEST:
        raise ValueError("is no duration; write it as 90s, 30m, 12h, 30d or 4w.")
    return duration


def parse_since(value: str | date) -> Since:
    """The point in time that a text, or a date of a TOML file, names.

    Raises ValueError if it names none.
    """
    text = value.isoformat() if isinstance(value, date) else value.strip()
    if _DURATION.fullmatch(text.lower()):
        return Since(text, parse_duration(text))
    try:
        return Since(text, _fixed(text))
    except (ValueError, OverflowError):
        raise ValueError(
            "is neither a date (2026-01-31), a date-time (2026-01-31T08:00:00Z) "
            "nor a duration before now (30d, 12h)."
        ) from None


def _fixed(text: str) -> datetime:
    if len(text) == len("2026-01-31"):
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
