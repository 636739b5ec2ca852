"""Time as the simulated services write it.

Takes aware datetimes or milliseconds since the epoch, gives ISO 8601, epoch milliseconds
and HTTP dates. A service's own time is the sandbox clock plus its skew, cut to the
precision it keeps; late work is stamped with the moment it was due.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

Clock = Callable[[], datetime]
EARLIEST, LATEST = -62_135_596_800_000, 253_402_300_799_999  # the years 1 to 9999
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    """The real time, aware, in UTC."""
    return datetime.now(UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since the epoch of an aware datetime; a naive one is a ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return (moment - EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC datetime of milliseconds since the epoch."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def iso_of(milliseconds: int) -> str:
    """ISO 8601 with milliseconds and Z, the form of every published Kore sample."""
    seconds, rest = divmod(milliseconds, 1000)
    whole = datetime.fromtimestamp(seconds, UTC)
    return f"{whole.isoformat(timespec='seconds')[:19]}.{rest:03d}Z"


def parse_iso(text: str) -> int:
    """Milliseconds of an ISO 8601 date-time; without a zone it is UTC. ValueError if none."""
    moment = datetime.fromisoformat(text)
    return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def moment_in_range(milliseconds: float) -> int:
    """The milliseconds, whole, if they lie in the years 1 to 9999; else a ValueError."""
    if not EARLIEST <= milliseconds <= LATEST:
        raise ValueError("no calendar reaches that far")
    return round(milliseconds)


def http_date(milliseconds: int) -> str:
    """The form of `Date` and `Retry-After` headers, whole seconds, GMT."""
    return format_datetime(from_ms(milliseconds - milliseconds % 1000), usegmt=True)


class ServiceTime:
    """What one service takes for the time: clock plus skew.

    `skew` and `precise` are asked on every reading, so switches take effect while running.
    """

    def __init__(
        self, clock: Clock, skew: Callable[[], float], precise: Callable[[], bool]
    ) -> None:
        self._clock, self._skew, self._precise = clock, skew, precise
        self._pinned: int | None = None

    def now(self) -> int:
        """The service's time in milliseconds since the epoch."""
        if self._pinned is not None:
            return self._pinned
        return to_ms(self._clock()) + round(self._skew() * 1000)

    def stamp(self) -> int:
        """The time as the service stores it with a change: milliseconds or whole seconds."""
        now = self.now()
        return now if self._precise() else now - now % 1000

    @contextmanager
    def pinned(self, milliseconds: int) -> Iterator[None]:
        """Within it, the service's time stands still at the given moment."""
        self._pinned = milliseconds
        try:
            yield
        finally:
            self._pinned = None
