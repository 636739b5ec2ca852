"""Clients of both services as these tests make them: short time-outs, nothing of a real account."""

from typing import Any

from bridge.services.kore import KoreService, KoreSettings
from bridge.services.v2 import V2Service, V2Settings
from tests.services.stand_ins import Ear, MovedClock, ScriptedBudget

STREAM = "st-00000000-0000-4000-8000-000000000001"
SECRET = "kore-client-secret-of-these-tests-0123456789"
API_KEY = "key-id-1:v2-secret-of-these-tests"

KORE_SETTINGS: dict[str, Any] = {
    "stream_id": STREAM,
    "account_id": "000000000000000000000001",
    "client_id": "cs-1",
    "client_secret": SECRET,
    "timeout_seconds": 5,
}


class Bench:
    """A client with the stand-ins that it was made with."""

    def __init__(self, *waits: float) -> None:
        self.clock = MovedClock()
        self.ear = Ear()
        self.budget = ScriptedBudget(*waits)
        self._made: list[KoreService | V2Service] = []

    def close(self) -> None:
        """Close every client that was made."""
        while self._made:
            self._made.pop().close()

    def kore(self, base_url: str, **settings: Any) -> KoreService:
        whole = KoreSettings(base_url=base_url, **{**KORE_SETTINGS, **settings})
        self._made.append(service := KoreService(whole, self.clock, self.ear, self.budget))
        return service

    def v2(self, base_url: str, **settings: Any) -> V2Service:
        whole = V2Settings(
            base_url=base_url, **{"api_key": API_KEY, "timeout_seconds": 5, **settings}
        )
        self._made.append(service := V2Service(whole, self.clock, self.ear, self.budget))
        return service
