"""A client of the sandbox as plain as can be, and a clock that tests move.

Takes a running sandbox, gives HTTP answers; knows the two services' addresses and credentials
and nothing else. No code of the bridge is used.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from bridge.sandbox import KoreSwitches, Sandbox, V2Switches

NOON = datetime(2026, 3, 4, 12, 0, 0, 250_000, tzinfo=UTC)
CUSTOMER = {"name": "Customer One", "emailId": "customer.one@example.com", "phoneNumber": "+1 555"}


class MovableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Desk:
    """A sandbox with a case in Kore, and one way to call each of its operations."""

    def __init__(self, kore: Mapping[str, Any], v2: Mapping[str, Any]) -> None:
        self.clock = MovableClock()
        self.base_kore = KoreSwitches(**{"limits": (), **kore})
        self.base_v2 = V2Switches(**v2)
        self.sandbox = Sandbox(kore=self.base_kore, v2=self.base_v2, clock=self.clock)
        self.sandbox.start()
        self.http = httpx.Client(timeout=5, verify=False)  # loopback; a TLS context costs 40 ms
        self.kore, self.v2 = self.sandbox.kore, self.sandbox.v2
        self.case_id = self.kore.add_case(name="Delivery", customer=CUSTOMER)

    def close(self) -> None:
        self.http.close()
        self.sandbox.stop()

    # ---- Kore -------------------------------------------------------------------------

    def token(self, **claims: Any) -> str:
        """A token that is good unless the claims make it bad; None takes a claim out."""
        whole = {"sub": "tests", "appId": self.kore.client_id, **claims}
        kept = {key: value for key, value in whole.items() if value is not None}
        algorithm = self.kore.switches.algorithm
        key = OctKey.import_key(self.kore.client_secret)
        return jwt.encode({"alg": algorithm}, kept, key, algorithms=[algorithm])

    def ask(self, call: str, body: Any = None, **headers: str | None) -> httpx.Response:
        """One Kore call; headers replace the good ones, None takes one out."""
        good = {"auth": None, "AccountId": self.kore.account_id}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {k: v for k, v in {**good, **named}.items() if v is not None}
        if "auth" not in named:
            sent["auth"] = self.token()
        root = f"{self.kore.url}/caseManagement/api/public/analytics/{self.kore.stream_id}"
        return self.http.post(f"{root}/{call}", json={} if body is None else body, headers=sent)

    def rows(self, **query: Any) -> list[dict[str, Any]]:
        return list(self.ask("getTasks", query).json()["results"])

    def names(self, **query: Any) -> list[str]:
        return [row["name"] for row in self.rows(**query)]

    def update(self, task_id: str, **body: Any) -> httpx.Response:
        return self.ask(f"updateTask/{task_id}", body)

    def creation(self, **more: Any) -> dict[str, Any]:
        """The body of a good createTask; None takes a key out."""
        body = {
            "caseId": self.case_id,
            "caseRefId": self.kore.cases[self.case_id]["refId"],
            "taskTmp": self.kore.task_template_id,
            "name": "Check the note",
            "userInfo": dict(CUSTOMER),
            "source": "rtm",
            "desc": "Compare it.",
            **more,
        }
        return {key: value for key, value in body.items() if value is not None}

    def create(self, **more: Any) -> httpx.Response:
        return self.ask("createTask", self.creation(**more))

    def task(self, **fields: Any) -> str:
        """A Kore task that a person made."""
        return self.kore.add_task(**{"case_id": self.case_id, "name": "Call back", **fields})

    # ---- v2 ---------------------------------------------------------------------------

    def send(
        self, method: str, path: str, body: Any = None, key: str | None = "", **query: Any
    ) -> httpx.Response:
        """One v2 call; `key` replaces the good one, None sends none."""
        headers = {} if key is None else {"x-API-Key": key or self.v2.api_key}
        content = None if body is None else json.dumps(body)
        url = f"{self.v2.url}{path}"
        return self.http.request(method, url, content=content, headers=headers, params=query)

    def listed(self, **query: Any) -> list[dict[str, Any]]:
        sort = {"sort": '{"by":"_id","direction":1}'} if "sort" not in query else {}
        wanted = {key: value for key, value in {**sort, **query}.items() if value is not None}
        return list(self.send("GET", "/tasks/", **wanted).json())

    def titles(self, **query: Any) -> list[str]:
        return [row["title"] for row in self.listed(**query)]

    def patch(self, task_id: str, **body: Any) -> httpx.Response:
        return self.send("PATCH", f"/tasks/{task_id}", body)

    def read(self, task_id: str) -> dict[str, Any]:
        return dict(self.send("GET", f"/tasks/{task_id}").json())

    def job(self, **fields: Any) -> str:
        """A v2 task that a person made."""
        return self.v2.add_task(**{"title": "Fix the pump", **fields})
