"""One exchange with a service as values: the call that is made and the reply that came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridge.domain.exchange import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to be made.

    `operation` names it for people, `path` follows the base URL and holds checked ids only,
    `body` is sent as JSON. A call with `is_write` may change something over there.
    """

    operation: str
    method: str
    path: str
    purpose: Purpose
    is_write: bool = False
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, read to its last byte.

    `headers` have lower-case names. `sent_at` and `answered_at` are our clock, `service_date`
    is the answer's own `Date`, None where it has none that can be read.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    sent_at: datetime
    answered_at: datetime
    service_date: datetime | None

    @property
    def is_success(self) -> bool:
        """Whether the status is one of the 2xx."""
        return 200 <= self.status < 300

    @property
    def is_html(self) -> bool:
        """Whether a page for a browser came, whatever the headers say."""
        return self.content.lstrip()[:1] == b"<" or "html" in self.headers.get("content-type", "")

    @property
    def skew(self) -> timedelta | None:
        """The service's clock minus ours (whole seconds, as `Date` has), None if not told."""
        return None if self.service_date is None else self.service_date - self.answered_at
