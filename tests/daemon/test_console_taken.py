"""Two daemons of one configuration, and one address for the console."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bridge.bootstrap import SystemClock
from bridge.config.console import ConsoleSettings
from bridge.daemon.web import late
from bridge.sandbox import KoreSwitches, Sandbox
from tests.daemon.bench import Bench, Log, opened, write_configuration
from tests.daemon.serving import heartbeat, running, wait_until
from tests.daemon.web.opened import TOKEN


@contextmanager
def held_address() -> Iterator[int]:
    """The port of an address that something foreign listens at."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        yield held.getsockname()[1]


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with held_address() as found:
        return found


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried again at once."""
    monkeypatch.setattr(late, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(late, "LONG_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(late, "HURRIED_TRIES", 10)


@pytest.fixture
def pair(log: Log, folder: Path) -> Iterator[tuple[Bench, Bench]]:
    """Two daemons of one configuration that have not begun."""
    with Sandbox(kore=KoreSwitches(limits=())) as sandbox:
        path = write_configuration(sandbox, folder, poll_seconds=0.5, lease_seconds=1)
        with (
            opened(sandbox, path, SystemClock(), log, "here:1") as first,
            opened(sandbox, path, SystemClock(), log, "here:2") as second,
        ):
            yield first, second


def listen(port: int, *benches: Bench) -> None:
    for bench in benches:
        settings = ConsoleSettings(listen=f"127.0.0.1:{port}", token=SecretStr(TOKEN))
        bench.bridge.settings = bench.bridge.settings.model_copy(update={"console": settings})


def answers(port: int) -> bool:
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, verify=False)
    except httpx.TransportError:
        return False
    return answer.text == "ok"


def test_a_second_daemon_stands_by_and_gets_the_address_when_it_takes_over(
    pair: tuple[Bench, Bench], port: int, log: Log
) -> None:
    first, second = pair
    listen(port, first, second)
    with running(first) as one:
        wait_until(lambda: answers(port))
        with running(second) as other:
            wait_until(lambda: log.count("standing by") == 1)
            waits = "standing by without a console: its address is in use"
            assert log.count(waits) == 1
            one.stop()
            wait_until(lambda: log.count("took over") == 1)
            wait_until(lambda: answers(port))
            assert log.count("console open") == 2
            assert log.count(waits) == 1
        assert (other.has_ended, other.refusal) == (True, None)
    assert not answers(port)


def test_an_address_that_a_stranger_holds_after_the_take_over_costs_the_console_alone(
    pair: tuple[Bench, Bench], log: Log
) -> None:
    first, second = pair
    with held_address() as port:
        listen(port, second)
        with running(first) as one:
            wait_until(lambda: heartbeat(first) is not None)
            with running(second):
                wait_until(lambda: log.count("standing by") == 1)
                one.stop()
                wait_until(lambda: log.count("took over") == 1)
                wait_until(lambda: log.count("no console") == 1)
                (told,) = log.lines("no console")
                assert told["level"] == "error"
                assert f"127.0.0.1:{port}: the address is in use" in told["reason"]
                found = heartbeat(second)
                assert found is not None
                assert found.owner == "here:2"
    assert log.count("no console") == 1


def test_a_console_that_a_stranger_kept_shut_opens_once_the_address_is_free(
    pair: tuple[Bench, Bench], log: Log
) -> None:
    first, second = pair
    with running(first) as one, ExitStack() as stranger:
        port = stranger.enter_context(held_address())
        listen(port, second)
        wait_until(lambda: heartbeat(first) is not None)
        with running(second):
            wait_until(lambda: log.count("standing by") == 1)
            one.stop()
            wait_until(lambda: log.count("no console") == 1)
            stranger.close()
            wait_until(lambda: answers(port))
    assert log.count("console open") == 1


def test_a_taken_address_ends_a_daemon_that_is_alone_and_leaves_no_heartbeat(
    pair: tuple[Bench, Bench], log: Log
) -> None:
    first, _ = pair
    with held_address() as port:
        listen(port, first)
        with running(first) as daemon:
            wait_until(lambda: daemon.refusal is not None)
    assert "the address is in use" in str(daemon.refusal)
    assert heartbeat(first) is None


def test_an_address_of_another_machine_ends_a_second_daemon_as_well(
    pair: tuple[Bench, Bench],
) -> None:
    first, second = pair
    settings = ConsoleSettings(listen="192.0.2.1:8321", token=SecretStr(TOKEN))
    second.bridge.settings = second.bridge.settings.model_copy(update={"console": settings})
    with running(first):
        wait_until(lambda: heartbeat(first) is not None)
        with running(second) as daemon:
            wait_until(lambda: daemon.refusal is not None)
    assert "console.listen" in str(daemon.refusal)
