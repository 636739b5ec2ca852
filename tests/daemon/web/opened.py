"""A console at any free port, and clients of it: one without a session, one that gave the token."""

import re
from html.parser import HTMLParser
from types import TracebackType

import httpx
from pydantic import SecretStr

from bridge.config.console import ConsoleSettings
from bridge.daemon.web.doors import FORM_FIELD
from bridge.daemon.web.open import console
from tests.daemon.bench import Bench

TOKEN = "a-token-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Opened:
    """A console at any free port, and a client of it."""

    def __init__(self, bench: Bench, port: int = 0) -> None:
        settings = ConsoleSettings(listen=f"127.0.0.1:{port}", token=SecretStr(TOKEN))
        bench.bridge.settings = bench.bridge.settings.model_copy(update={"console": settings})
        self._console = console(bench.bridge)

    def __enter__(self) -> httpx.Client:
        server = self._console.__enter__()
        assert server is not None
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False)
        return self._client

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()
        self._console.__exit__(None, None, None)


class Visitor:
    """Somebody at a browser without scripts: reads pages, sends their forms as they stand."""

    def __init__(self, address: httpx.URL) -> None:
        # Plain HTTP: reading this machine's certificates would take longer than a test.
        self.client = httpx.Client(base_url=address, trust_env=False, verify=False)

    def log_in(self, token: str = TOKEN) -> httpx.Response:
        return self.client.post("/login", data={"token": token})

    def read(self, path: str) -> str:
        """The text of a page, which is there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.text

    def forms(self, path: str) -> dict[str, dict[str, str]]:
        """What each form of a page sends, by its address and the words on its buttons."""
        found = _Forms()
        found.feed(self.read(path))
        return found.forms

    def press(self, path: str, button: str) -> str:
        """Press a button of a page; the page that follows. A word of its text is enough."""
        fitting = [key for key in self.forms(path) if button in key]
        assert len(fitting) == 1, (button, [*self.forms(path)])
        fields = self.forms(path)[fitting[0]]
        answer = self.send(fitting[0].split()[0], fields)
        assert answer.status_code == 303, answer.text
        return self.read(answer.headers["location"])

    def send(
        self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None
    ) -> httpx.Response:
        return self.client.post(path, data=fields, headers=headers)

    def word(self) -> str:
        """The word that forms of this session bear."""
        found = re.search(rf'name="{FORM_FIELD}" value="([0-9a-f]+)"', self.read("/"))
        assert found
        return found[1]

    def close(self) -> None:
        self.client.close()


class _Forms(HTMLParser):
    """The forms of a page that post, one for each of their buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._action = ""
        self._fields: dict[str, str] = {}
        self._button: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action = found["action"] if found.get("method") == "post" else ""
            self._fields = {}
        elif tag == "input" and "name" in found and found.get("type") != "checkbox":
            self._fields[found["name"]] = found.get("value", "")
        elif tag == "button":
            self._button = found

    def handle_data(self, data: str) -> None:
        if self._button is not None and self._action and data.strip():
            more = {self._button["name"]: self._button["value"]} if "name" in self._button else {}
            self.forms[f"{self._action} {' '.join(data.split())}"] = {**self._fields, **more}
            self._button = None
