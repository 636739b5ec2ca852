"""One sandbox for all tests of a module: switches are set for a test and taken back after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bridge.domain.task import Contact
from bridge.sandbox import KoreSwitches, Sandbox, V2Switches
from bridge.services.kore import KoreService
from bridge.services.v2 import V2Service
from tests.services.clients import Bench

CUSTOMER = {"name": "Customer One", "emailId": "customer.one@example.com"}
REQUESTER = Contact(name="The bridge", email="bridge@example.com")


class World:
    """A sandbox with clients of both its services and the stand-ins behind their ports."""

    def __init__(self, sandbox: Sandbox, bench: Bench) -> None:
        self.sandbox = sandbox
        self.bench = bench
        self.kore_side, self.v2_side = sandbox.kore, sandbox.v2

    def kore(self, **settings: Any) -> KoreService:
        side = self.kore_side
        known = {
            "stream_id": side.stream_id,
            "account_id": side.account_id,
            "client_id": side.client_id,
            "client_secret": side.client_secret,
        }
        return self.bench.kore(self.sandbox.kore_url, **{**known, **settings})

    def v2(self, **settings: Any) -> V2Service:
        return self.bench.v2(self.sandbox.v2_url, **{"api_key": self.v2_side.api_key, **settings})

    def set_kore(self, **switches: Any) -> None:
        self.kore_side.switches = replace(self.kore_side.switches, **switches)

    def set_v2(self, **switches: Any) -> None:
        self.v2_side.switches = replace(self.v2_side.switches, **switches)

    def fresh(self) -> None:
        """Switches, calls and stand-ins as at the start; the world of tasks stays."""
        self.bench.close()
        self.kore_side.switches = KoreSwitches(limits=())
        self.v2_side.switches = V2Switches()
        for side in (self.kore_side, self.v2_side):
            side.faults.clear()
            side.clear_calls()
        self.bench.ear.heard.clear()
        self.bench.clock.slept.clear()


@contextmanager
def running_world() -> Iterator[World]:
    bench = Bench()
    with Sandbox(kore=KoreSwitches(limits=()), clock=bench.clock) as sandbox:
        yield World(sandbox, bench)
        bench.close()
