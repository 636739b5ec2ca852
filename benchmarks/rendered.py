"""A server that answers lists from recorded bytes: `Rendered(upstream)`.

The first time that a page is asked for it is fetched from the service behind; from then on its
bytes are sent as they came, under a fresh Date. Nothing is rendered, so what a reader takes is its
own. Pages are told apart by path, place, size and order, not by token or columns.
"""

import asyncio
import json
import threading
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

import httpx

Key = tuple[str, str, str, str]


class Rendered:
    """One port on 127.0.0.1 in front of one service; `url` is its scheme, host and port."""

    def __init__(self, upstream: str) -> None:
        self.pages: dict[Key, bytes] = {}
        self.upstream = httpx.Client(base_url=upstream, timeout=60)
        self._loop = asyncio.new_event_loop()
        self._bound = threading.Event()
        self._port = 0
        threading.Thread(target=self._run, name="rendered", daemon=True).start()
        self._bound.wait()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        making = self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self._port = self._loop.run_until_complete(making).sockets[0].getsockname()[1]
        self._bound.set()
        self._loop.run_forever()

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> bytes:
        """The answer to a request, recorded or fetched now."""
        key = _key_of(target, body)
        if key is None:
            return self._fetched(method, target, headers, body)
        if key not in self.pages:
            self.pages[key] = self._fetched(method, target, headers, body)
        return self.pages[key]

    def _fetched(self, method: str, target: str, headers: dict[str, str], body: bytes) -> bytes:
        passed = {
            name: text for name, text in headers.items() if name not in ("host", "connection")
        }
        answer = self.upstream.request(method, target, headers=passed, content=body)
        answer.raise_for_status()
        return answer.content


def _key_of(target: str, body: bytes) -> Key | None:
    """Which page of which list is asked for; None for what is no page of tasks."""
    parts = urlsplit(target)
    if parts.path.endswith("/getTasks"):
        asked = json.loads(body)
        return parts.path, str(asked["skip"]), str(asked["limit"]), json.dumps(asked.get("sortBy"))
    if parts.path.endswith("/tasks/"):
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return parts.path, query["offset"], query["limit"], query.get("sort", "")
    return None


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as far as httpx speaks it: one request after the other, a length for each body."""

    def __init__(self, owner: Rendered) -> None:
        self._owner, self._read = owner, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Where the answers go."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as soon as a request is whole."""
        self._read += data
        head, found, rest = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        headers = {name.lower(): text for name, text in pairs}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        self._read = rest[length:]
        method, target, _ = first.split(" ")
        content = self._owner.answer(method, target, headers, rest[:length])
        self._transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n"
            b"date: %s\r\ncontent-length: %d\r\n\r\n%s"
            % (formatdate(usegmt=True).encode(), len(content), content)
        )
