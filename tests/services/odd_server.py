"""A local server that says, byte for byte, what a test wrote down for it.

Each connection takes the next script: bytes are sent as they are, numbers are pauses in seconds,
and the connection is closed at the end. With no script left it closes without a word.
"""

import socket
import threading
from collections import deque
from collections.abc import Sequence
from types import TracebackType

Script = Sequence[bytes | float]


def answer(
    body: bytes, status: str = "200 OK", content_type: str = "application/json", **headers: str
) -> Script:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return ["\r\n".join([*lines, "Connection: close", "", ""]).encode() + body]


class OddServer:
    """Serves scripts on a port of its own until the block ends."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = deque(scripts)
        self.requests: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> "OddServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        with socket.create_connection(self._socket.getsockname()):
            pass
        self._thread.join(10)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if self._over.is_set():
                    return
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        try:
            self.requests.append(_request(connection))
            for part in self._scripts.popleft() if self._scripts else ():
                if isinstance(part, bytes):
                    connection.sendall(part)
                elif self._over.wait(part):
                    return
        except OSError:
            return


def _request(connection: socket.socket) -> bytes:
    """Head and body of one request."""
    connection.settimeout(5)
    text = b""
    while b"\r\n\r\n" not in text:
        text += connection.recv(65536) or b"\r\n\r\n"
    head, _, body = text.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"),
        0,
    )
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            break
        body += more
    return head + b"\r\n\r\n" + body


def nobody_listens() -> str:
    """An address of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"
