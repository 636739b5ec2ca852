"""A small world behind the command line: simulated services, a database, people who edit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bridge.bootstrap import SystemClock, store_for
from bridge.config import load
from bridge.domain.link import Link
from bridge.sandbox import KoreSwitches, Sandbox, V2Switches, describe_connection
from bridge.store.sql_store import SqlStore

CUSTOMER = {"name": "Ada Winter", "emailId": "ada.winter@example.com", "phoneNumber": "+4912345"}
WRITES = frozenset({"createTask", "updateTask", "completeTask", "deleteTasks"})
PLAIN = KoreSwitches(limits=(), rows="full")


class Living:
    """A started sandbox, and how a command line finds it."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.file = folder / "bridge.toml"
        self.database = folder / "bridge.db"
        self.case = sandbox.kore.add_case(name="Broken boiler", customer=CUSTOMER)
        self.write(describe_connection(sandbox))

    @property
    def kore(self) -> Any:
        return self.sandbox.kore

    @property
    def v2(self) -> Any:
        return self.sandbox.v2

    @property
    def environ(self) -> dict[str, str]:
        """What the command line is told beside the file."""
        return {
            "TASK_BRIDGE_CONFIG": str(self.file),
            "TASK_BRIDGE_DATABASE__URL": f"sqlite:///{self.database}",
            "TASK_BRIDGE_KORE__UNOBSERVED": "probe",
            "TASK_BRIDGE_KORE__LIMITS": "[]",
            "TASK_BRIDGE_LOG__LEVEL": "error",
        }

    def write(self, text: str) -> None:
        """Another configuration."""
        self.file.write_text(text, encoding="utf-8")

    def change(self, before: str, after: str) -> None:
        """The configuration with one text in place of another."""
        text = self.file.read_text(encoding="utf-8")
        assert before in text
        self.write(text.replace(before, after))

    def task(self, name: str, **fields: Any) -> str:
        """A Kore task that a person made."""
        made = {"case_id": self.case, "name": name, "desc": "No hot water.", **fields}
        return str(self.kore.add_task(**made))

    def job(self, title: str, **fields: Any) -> str:
        """A v2 task that a person made."""
        return str(self.v2.add_task(**{"title": title, "description": "No light.", **fields}))

    def set_kore(self, **switches: Any) -> None:
        self.kore.switches = replace(self.kore.switches, **switches)

    def set_v2(self, **switches: Any) -> None:
        self.v2.switches = replace(self.v2.switches, **switches)

    @contextmanager
    def store(self) -> Iterator[SqlStore]:
        """The database, to plant in it what takes too long to happen."""
        store = store_for(load(self.file, self.environ), SystemClock())
        try:
            yield store
        finally:
            store.close()

    def links(self) -> Mapping[str, Link]:
        """Every link by either id."""
        with self.store() as store, store.begin() as unit:
            views = list(unit.all_links())
        return {
            str(one): view.link for view in views for one in (view.link.kore_id, view.link.v2_id)
        }

    def clear_calls(self) -> None:
        self.kore.clear_calls()
        self.v2.clear_calls()

    def writes(self) -> list[str]:
        """Every call since they were cleared that may have changed something."""
        asked = [call.operation for one in (self.kore, self.v2) for call in one.calls]
        return [operation for operation in asked if operation in WRITES]


@contextmanager
def a_living(
    folder: Path, kore: KoreSwitches = PLAIN, v2: V2Switches | None = None
) -> Iterator[Living]:
    with Sandbox(kore=kore, v2=v2 or V2Switches()) as sandbox:
        yield Living(sandbox, folder)
