"""The one module that knows httpx: sends one call, once, and reads its answer to the end.

Gives a Reply for every answer, whatever its status, and raises Unreachable or BadAnswer for
everything else; `timeout_seconds` bounds the whole of it, from connecting to the last byte (but
for headers that trickle in byte by byte, whose every byte httpx grants the rest of the time).
Tells `request` for each call that may have left and `unreached` for each that cannot have.
Redirects are never followed: the key would go with them (observed). No cookie is kept. Writes
get a connection of their own: one that died while idle would leave their outcome open.
"""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import monotonic
from types import MappingProxyType

import httpx

from bridge.domain.side import Side
from bridge.domain.text import shortened
from bridge.errors import BadAnswer, ConfigError, Problem, ServiceError, Unreachable
from bridge.ports import Clock, Event, Events
from bridge.services.exchange import Call, Reply
from bridge.services.moments import read_http_date
from bridge.services.said import MOST_CHARACTERS

MOST_BYTES = 64 * 1024 * 1024
MOST_CONNECTIONS = 16
IDLE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What one kind of transport fault means; `may_have_left` if something may have been sent."""

    what: str
    may_have_left: bool = True
    is_answer: bool = False


NOT_REACHED = Fault("cannot be reached", may_have_left=False)
CUT_OFF = Fault("broke the connection off")
TOO_SLOW = Fault("did not answer in time")
ODD = Fault("answered in a way that cannot be read", is_answer=True)

# Exact classes, so that a new one of httpx is noticed by a test and not taken for another.
FAULTS: Mapping[type[Exception], Fault] = MappingProxyType({
    httpx.ConnectError: NOT_REACHED,
    httpx.ConnectTimeout: NOT_REACHED,
    httpx.PoolTimeout: Fault("could not be asked: no free connection", may_have_left=False),
    httpx.UnsupportedProtocol: Fault("has a base_url that is no web address", may_have_left=False),
    httpx.InvalidURL: Fault("has a base_url that is no web address", may_have_left=False),
    httpx.ProxyError: Fault("cannot be reached through the proxy", may_have_left=False),
    httpx.ReadError: CUT_OFF,
    httpx.WriteError: CUT_OFF,
    httpx.CloseError: CUT_OFF,
    httpx.NetworkError: CUT_OFF,
    httpx.RemoteProtocolError: CUT_OFF,
    httpx.LocalProtocolError: Fault("cannot be asked in this way"),
    httpx.ProtocolError: CUT_OFF,
    httpx.ReadTimeout: TOO_SLOW,
    httpx.WriteTimeout: TOO_SLOW,
    httpx.TimeoutException: TOO_SLOW,
    httpx.TransportError: CUT_OFF,
    httpx.DecodingError: ODD,
    httpx.TooManyRedirects: ODD,
    httpx.RequestError: CUT_OFF,
    httpx.HTTPStatusError: ODD,
    httpx.HTTPError: CUT_OFF,
    httpx.CookieConflict: ODD,
    httpx.StreamError: ODD,
    httpx.StreamConsumed: ODD,
    httpx.StreamClosed: ODD,
    httpx.ResponseNotRead: ODD,
    httpx.RequestNotRead: ODD,
})  # fmt: skip


class _TooLong(Exception):
    """The answer is longer than anything that these services send."""


class _Remaining(dict[str, float]):
    """The time-outs of a request's phases: each gets what is left of the whole."""

    def __init__(self, deadline: float) -> None:
        super().__init__()
        self._deadline = deadline

    def get(self, key: str, default: object = None) -> float:
        return max(self._deadline - monotonic(), 0.001)


class Http:
    """The connections to one service; thread safe."""

    def __init__(
        self, side: Side, base_url: str, timeout_seconds: float, clock: Clock, events: Events
    ) -> None:
        self._side = side
        self._base = _checked_base(side, base_url)
        self._timeout = timeout_seconds
        self._clock = clock
        self._events = events
        trust = _trust(is_needed=self._base.startswith("https:"))
        self._reading = _client(trust, MOST_CONNECTIONS)
        self._writing = _client(trust, 0)

    def close(self) -> None:
        """Close every connection."""
        self._reading.close()
        self._writing.close()

    def send(self, call: Call, headers: Mapping[str, str]) -> Reply:
        """Send the call once. Raises Unreachable or BadAnswer if no whole answer came."""
        started = monotonic()
        try:
            reply = self._exchange(call, headers, started + self._timeout)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError,
                _TooLong) as error:  # fmt: skip
            fault = _fault_of(error)
            self._tell(call, started, None, fault, type(error).__name__)
            raise self._translated(call, fault, error) from error
        self._tell(call, started, reply.status)
        return reply

    def _exchange(self, call: Call, headers: Mapping[str, str], deadline: float) -> Reply:
        client = self._writing if call.is_write else self._reading
        sent_at = self._clock.now()
        body = None if call.body is None else json.dumps(call.body).encode()
        with client.stream(
            call.method,
            self._base + call.path,
            params=call.query or None,
            headers=headers,
            content=body,
            extensions={"timeout": _Remaining(deadline)},
        ) as response:
            return Reply(
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
                content=_content(response, deadline),
                sent_at=sent_at,
                answered_at=self._clock.now(),
                service_date=read_http_date(response.headers.get("date")),
            )

    def _translated(self, call: Call, fault: Fault, error: Exception) -> ServiceError:
        side = self._side
        limit = f" ({self._timeout:g} s)" if fault is TOO_SLOW else ""
        # Nothing left by then, so the reason (a name, a certificate, a port) holds no key.
        reason = "" if fault.may_have_left else shortened(str(error), MOST_CHARACTERS)
        text = f"{side.label} {fault.what}{limit}, asked for {call.operation}"
        text = f"{text}: {reason}." if reason else f"{text}."
        unknown = call.is_write and fault.may_have_left
        kind = BadAnswer if fault.is_answer else Unreachable
        return kind(side, text, is_outcome_unknown=unknown)

    def _tell(
        self,
        call: Call,
        started: float,
        status: int | None,
        fault: Fault | None = None,
        error: str = "",
    ) -> None:
        left = fault is None or fault.may_have_left
        details = {
            "side": self._side,
            "operation": call.operation,
            "purpose": call.purpose,
            "status": status,
            "seconds": monotonic() - started,
            "fault": error,
        }
        self._events.tell(Event("request" if left else "unreached", details))


@cache
def _trust(*, is_needed: bool) -> ssl.SSLContext:
    """Whom to trust; made once, for it takes 40 ms. A plain http address (a sandbox) needs none."""
    return httpx.create_ssl_context() if is_needed else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _client(trust: ssl.SSLContext, idle: int) -> httpx.Client:
    """A client without redirects, cookies and other people's defaults."""
    nowhere = DefaultCookiePolicy(allowed_domains=[])
    return httpx.Client(
        verify=trust,
        follow_redirects=False,
        cookies=CookieJar(nowhere),
        headers={"accept": "application/json", "user-agent": "task-bridge"},
        limits=httpx.Limits(
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=idle,
            keepalive_expiry=IDLE_SECONDS,
        ),
    )


def _checked_base(side: Side, base_url: str) -> str:
    """The base without a slash at its end; raises ConfigError if it is no web address."""
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query:
        what = "is not a web address: scheme, host, and port if need be."
        raise ConfigError((Problem(f"{side}.base_url", what, "Write it like https://host."),))
    return str(url).rstrip("/")


def _fault_of(error: Exception) -> Fault:
    if isinstance(error, _TooLong):
        return Fault("answered with more than 64 MiB", is_answer=True)
    nearest = (FAULTS[kind] for kind in type(error).__mro__ if kind in FAULTS)
    return next(nearest, CUT_OFF)


def _content(response: httpx.Response, deadline: float) -> bytes:
    """The decoded body, read in pieces; of a 4xx what came of it, for its status says enough."""
    pieces, length = [], 0
    try:
        for piece in response.iter_bytes():
            pieces.append(piece)
            length += len(piece)
            if length > MOST_BYTES:
                raise _TooLong
            if monotonic() > deadline:
                raise httpx.ReadTimeout("the answer trickles")
    except (httpx.TransportError, httpx.DecodingError, _TooLong):
        if not 400 <= response.status_code < 500:
            raise
    return b"".join(pieces)
