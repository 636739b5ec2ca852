"""What a status means: lets a 2xx pass and raises the fitting ServiceError for any other.

The one table from statuses to errors. A 4xx was not applied; of a 5xx on a write nobody knows;
nor of a 302 or 303, which services answer after the work as well as before it.
"""

from bridge.domain.side import Side
from bridge.errors import (
    BadAnswer,
    KeyRefused,
    NotFound,
    NotYet,
    Refused,
    ServiceError,
    Unreachable,
)
from bridge.services.credentials import Credentials
from bridge.services.exchange import Call, Reply
from bridge.services.said import Scrubber, said_in
from bridge.services.waits import Waits

_MOVED_BEFORE_WORK = frozenset({301, 307, 308})


class Verdicts:
    """Judges the answers of one side."""

    def __init__(self, side: Side, credentials: Credentials, scrub: Scrubber, waits: Waits) -> None:
        self._side = side
        self._credentials = credentials
        self._scrub = scrub
        self._waits = waits

    def check(self, call: Call, reply: Reply) -> None:
        """Raise what the status means, if it is not a success."""
        if reply.status != 429:
            self._waits.forget()
        if not reply.is_success:
            raise self._error(call, reply)

    def odd(self, call: Call, reply: Reply, what: str) -> BadAnswer:
        """The error for a success that does not hold what it should."""
        words = said_in(reply, self._scrub)
        text = f"{self._asked(call)} answered {reply.status} with {what}{_quoted(words)}"
        return BadAnswer(self._side, text, is_outcome_unknown=call.is_write)

    def _error(self, call: Call, reply: Reply) -> ServiceError:
        status, side = reply.status, self._side
        text = f"{self._asked(call)} answered {status}{_quoted(said_in(reply, self._scrub))}"
        if status in (401, 403):
            return KeyRefused(side, f"{text} {self._credentials.advice(reply)}", status=status)
        if status == 404:
            return NotFound(side, text)
        if status == 429 or (status == 503 and not call.is_write and self._waits.is_told(reply)):
            return NotYet(side, text, seconds=self._waits.seconds(reply))
        if 400 <= status < 500:
            return Refused(side, text, status=status)
        if 300 <= status < 400:
            return self._moved(call, reply)
        return Unreachable(side, text, is_outcome_unknown=call.is_write)

    def _moved(self, call: Call, reply: Reply) -> BadAnswer:
        text = (
            f"{self._asked(call)} answered with a redirect ({reply.status}), which is not "
            f"followed, since the key would go with it. Set {self._side}.base_url to where the "
            "service is."
        )
        unknown = call.is_write and reply.status not in _MOVED_BEFORE_WORK
        return BadAnswer(self._side, text, is_outcome_unknown=unknown)

    def _asked(self, call: Call) -> str:
        return f"{self._side.label}, asked for {call.operation},"


def _quoted(words: str) -> str:
    return f": {words.rstrip('.')}." if words else "."
