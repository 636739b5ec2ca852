"""`notify.command` is run once when something needs a person, and once when it is over."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bridge.config.settings import NotifySettings
from bridge.domain.guard import Guard, GuardKind
from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.side import Side
from bridge.sandbox import Fault
from tests.daemon.bench import Bench

PROGRAM = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + chr(10))"


class Operator:
    """Who is told; `told` are the notices so far."""

    def __init__(self, bench: Bench, file: Path) -> None:
        self.bench = bench
        self.file = file

    def listen(self, *command: str) -> None:
        words = command or (sys.executable, "-c", PROGRAM, str(self.file))
        settings = self.bench.bridge.settings
        notify = NotifySettings(command=words, after_seconds=3600)
        self.bench.bridge.settings = settings.model_copy(update={"notify": notify})
        self.bench.restart()

    @property
    def told(self) -> list[dict[str, Any]]:
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def names(self) -> list[tuple[str, str]]:
        return [(one["event"], one["name"]) for one in self.told]


@pytest.fixture
def operator(bench: Bench, tmp_path: Path) -> Iterator[Operator]:
    found = Operator(bench, tmp_path / "told")
    found.listen()
    yield found
    with bench.bridge.store.begin() as unit:
        unit.save_pair_state(replace(unit.pair_state(), paused={}))
        for notice in unit.notices():
            unit.drop_notice(notice.name)


def test_a_paused_side_is_told_once_and_once_when_it_goes_on(operator: Operator) -> None:
    bench = operator.bench
    with bench.bridge.store.begin() as unit:
        unit.give_instruction(InstructionKind.PAUSE, {"side": "v2"}, by="me", at=bench.clock.now())
    bench.tick(3)
    assert operator.names == [("begun", "paused:v2")]
    bench.restart()
    bench.tick()
    with bench.bridge.store.begin() as unit:
        unit.give_instruction(InstructionKind.RESUME, {}, by="me", at=bench.clock.now())
    bench.tick(2)
    assert operator.names == [("begun", "paused:v2"), ("over", "paused:v2")]
    assert operator.told[0]["pair"] == "default"
    assert "task-bridge resume v2" in operator.told[0]["text"]


def test_a_refused_key_is_told(operator: Operator) -> None:
    operator.bench.sandbox.v2.faults.add("*", Fault.UNAUTHORIZED, times=20)
    operator.bench.tick(2)
    assert operator.names == [("begun", "refused:v2")]
    operator.bench.sandbox.v2.faults.clear()
    operator.bench.tick(2, after=400)
    assert operator.names[-1] == ("over", "refused:v2")


def test_a_guard_is_told_with_its_reason(operator: Operator) -> None:
    bench = operator.bench
    guard = Guard(
        kind=GuardKind.PROBES, side=Side.KORE, reason="Too many.", since=bench.clock.now()
    )
    notices = list(_notices(operator, guard))
    assert notices == [("guard:probes:kore", "Too many.")]
    assert list(_notices(operator, replace(guard, confirmed={}))) == []


def _notices(operator: Operator, guard: Guard) -> Any:
    """What the notices would be, without a cycle that looks at the guard's cause."""
    store = operator.bench.bridge.store
    with store.begin() as unit:
        unit.save_guard(guard)
    found, _ = operator.bench.daemon._notifier._notices()
    with store.begin() as unit:
        unit.drop_guard(guard.kind, guard.side)
    for one in found.values():
        yield one.name, one.text


def test_what_waits_is_told_after_its_time(operator: Operator) -> None:
    bench = operator.bench
    wait = Wait(kind=WaitKind.FAILED, side=Side.V2, reason="Refused.")
    with bench.bridge.store.begin() as unit:
        link = next(iter(unit.all_links())).link
        unit.replace_waits([wait], link_id=link.id, at=bench.clock.now())
    bench.tick()
    assert operator.names == []
    bench.tick(after=3700)
    assert operator.names == [("begun", "waits:failures")]
    assert operator.told[0]["text"].startswith("1 failures wait")
    with bench.bridge.store.begin() as unit:
        unit.replace_waits([], link_id=link.id, at=bench.clock.now())
    bench.tick()
    assert operator.names[-1] == ("over", "waits:failures")


def test_a_command_that_fails_is_logged_once_and_asked_again(operator: Operator) -> None:
    bench = operator.bench
    operator.listen(sys.executable, "-c", "raise SystemExit(3)")
    with bench.bridge.store.begin() as unit:
        unit.give_instruction(InstructionKind.PAUSE, {}, by="me", at=bench.clock.now())
    bench.tick(3)
    (line,) = bench.log.lines("notify.command failed")
    assert line["reason"] == "it ended with 3"
    operator.listen()
    bench.tick()
    assert sorted(operator.names) == [("begun", "paused:kore"), ("begun", "paused:v2")]


def test_a_command_that_is_not_there_ends_nothing(operator: Operator) -> None:
    bench = operator.bench
    operator.listen("/no/such/program")
    with bench.bridge.store.begin() as unit:
        unit.give_instruction(InstructionKind.PAUSE, {}, by="me", at=bench.clock.now())
    bench.tick(2)
    (line,) = bench.log.lines("notify.command failed")
    assert line["reason"].startswith("it cannot be started")
