"""Logs: one readable line an event, on the stream that was given, without secrets."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog

from bridge.domain.side import Side
from bridge.logs import LogEvents, configure, logger
from bridge.ports import Event, Events

AT = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def told(event: Event, fmt: str, level: str = "info", stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    configure(level, fmt, stream)
    events: Events = LogEvents()
    events.tell(event)
    return stream.getvalue()


def test_an_event_is_one_json_object_with_utc_times() -> None:
    details = {"side": Side.KORE, "read": {"kore": 3}, "at": AT, "ids": ("a", "b")}
    line = json.loads(told(Event("cycle_ended", details), "json"))
    assert line["event"] == "cycle ended"
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")
    assert line["at"] == "2026-03-31T21:30:00Z"
    assert (line["side"], line["read"], line["ids"]) == ("kore", {"kore": 3}, ["a", "b"])


def test_an_event_is_one_line_for_people_with_local_times() -> None:
    line = told(
        Event("cycle_ended", {"side": Side.V2, "at": AT, "title": "a\nb\x1b[2J"}), "console"
    )
    assert len(line.splitlines()) == 1
    assert "cycle ended" in line
    assert "side=v2" in line
    assert AT.astimezone().strftime("%Y-%m-%d %H:%M:%S") in line
    assert "\x1b" not in line


def test_facts_named_like_a_line_s_own_words_are_kept() -> None:
    line = json.loads(told(Event("planned", {"event": "x", "level": "y", "name": "z"}), "json"))
    assert (line["event"], line["event_"], line["level_"], line["name"]) == (
        "planned",
        "x",
        "y",
        "z",
    )


@pytest.mark.parametrize("fmt", ["json", "console"])
def test_values_under_the_names_of_secrets_are_left_out(fmt: str) -> None:
    names = [
        "client_secret",
        "api_key",
        "x-api-key",
        "Authorization",
        "auth",
        "token",
        "password",
        "private_key",
    ]
    secrets: dict[str, object] = dict.fromkeys(names, "s3cr3t")
    line = told(Event("request", {**secrets, "headers": secrets, "side": "v2"}), fmt, "debug")
    assert "s3cr3t" not in line
    assert "side" in line


@pytest.mark.parametrize(
    ("what", "level"),
    [
        ("operation_failed", "warning"),
        ("guard_stands", "warning"),
        ("swept", "info"),
        ("request", "debug"),
    ],
)
def test_what_calls_for_a_look_is_a_warning_and_every_call_a_detail(what: str, level: str) -> None:
    assert json.loads(told(Event(what), "json", "debug"))["level"] == level
    assert told(Event("request"), "json", "info") == ""


def test_the_form_goes_by_the_stream_unless_it_is_named() -> None:
    assert told(Event("swept"), "auto").startswith("{")
    assert not told(Event("swept"), "auto", stream=Terminal()).startswith("{")
    assert told(Event("swept"), "json", stream=Terminal()).startswith("{")


def test_a_terminal_has_colours_unless_no_color_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in told(Event("swept"), "auto", stream=Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in told(Event("swept"), "auto", stream=Terminal())


def test_other_libraries_log_in_the_same_form_and_the_chatty_ones_less() -> None:
    stream = io.StringIO()
    configure("info", "json", stream)
    logging.getLogger("elsewhere").warning("a %s", "warning")
    logging.getLogger("httpx").info("GET https://host?key=value")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["event"] == "a warning"


def test_what_is_bound_to_the_context_is_on_every_line() -> None:
    stream = io.StringIO()
    configure("info", "json", stream)
    with structlog.contextvars.bound_contextvars(pair="north"):
        logger("x").info("hello")
    assert json.loads(stream.getvalue())["pair"] == "north"


def test_configuring_again_replaces_the_stream() -> None:
    first, second = io.StringIO(), io.StringIO()
    configure("info", "json", first)
    configure("info", "json", second)
    logger("x").info("hello")
    assert first.getvalue() == ""
    assert len(second.getvalue().splitlines()) == 1


@pytest.mark.parametrize("fmt", ["json", "console"])
def test_an_exception_is_logged_with_its_traceback(fmt: str) -> None:
    stream = io.StringIO()
    configure("info", fmt, stream)
    try:
        raise KeyError("what")
    except KeyError:
        logger("x").exception("that went wrong")
    assert "Traceback (most recent call last)" in stream.getvalue()
