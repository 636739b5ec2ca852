"""Logs: one line for each thing that happened, on stderr, for people or for machines.

`configure` sets the form once for the whole process, `LogEvents` writes the events of the lower
floors, `logger` is for everybody else. JSON carries UTC times, the console local ones. Values
under a name like that of a secret are left out, whoever logs them.
"""

import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, date, datetime
from typing import Any, Final, TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from bridge.domain.signs import REPLACED, STEERING
from bridge.ports import Event

CONSOLE, JSON, AUTO = "console", "json", "auto"
_SECRET = re.compile(
    r"(secret|token|password|passwd|api[-_]?key|private[-_]?key|authorization|^auth$)"
)
# Words that structlog keeps for itself; an event's facts of these names get an underscore.
_RESERVED = frozenset({"event", "level", "timestamp", "exc_info", "stack_info"})
# What structlog puts into a line for its own later steps.
_OWN = frozenset({"exc_info", "_record", "_from_structlog"})
_CONTROL: Final = dict.fromkeys(STEERING, REPLACED)
# Libraries that tell of every request, which the bridge's own lines already do.
_CHATTY = ("httpx", "httpcore", "apscheduler", "uvicorn", "alembic", "asyncio")
# Words at the end of an event's name that call for a look, and those that are for the curious.
_ALARMING = frozenset(
    {"failed", "refused", "uncertain", "lost", "gone", "parked", "paused", "unreached"}
)
_GUARD = "guard"
_DETAILED = frozenset({"request", "progress", "deep_poll_waits"})


def configure(level: str = "info", fmt: str = AUTO, stream: TextIO | None = None) -> None:
    """Log lines of at least `level` to `stream` (stderr), as `console`, `json` or `auto` says."""
    stream = stream or sys.stderr
    is_console = fmt == CONSOLE or (fmt == AUTO and stream.isatty())
    steps = _steps(is_console)
    handler = _Handler(stream)
    handler.setFormatter(_formatter(steps, is_console, _has_colours(stream)))
    root = logging.getLogger()
    root.handlers[:] = [one for one in root.handlers if not isinstance(one, _Handler)]
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *steps,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, so that configuring anew replaces it and nobody else's."""


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module; what is bound by structlog's contextvars is added to each line."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found


class LogEvents:
    """Writes each event of the lower floors as one line; it is the port `Events`."""

    def __init__(self, name: str = "bridge") -> None:
        self._log = logger(name)

    def tell(self, event: Event) -> None:
        """Log one event: its word with blanks for underscores, and its facts."""
        facts = {
            f"{key}_" if key in _RESERVED else key: value for key, value in event.details.items()
        }
        self._log.log(_level(event.what), event.what.replace("_", " "), **facts)


def _level(what: str) -> int:
    words = what.split("_")
    if words[-1] in _ALARMING or _GUARD in words:
        return logging.WARNING
    return logging.DEBUG if what in _DETAILED else logging.INFO


# ---- how a line is made -------------------------------------------------------------------------


def _steps(is_console: bool) -> list[Processor]:
    form = "%Y-%m-%d %H:%M:%S" if is_console else "iso"
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(form, utc=not is_console),
        _leave_out_secrets,
        _plain_for_people if is_console else _plain_for_machines,
    ]


def _formatter(steps: list[Processor], is_console: bool, has_colours: bool) -> logging.Formatter:
    """What ends every line; lines of other libraries take the same steps before."""
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if is_console:
        trace = structlog.dev.plain_traceback
        last.append(
            structlog.dev.ConsoleRenderer(
                colors=has_colours, pad_event_to=0, sort_keys=False, exception_formatter=trace
            )
        )
    else:
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return structlog.stdlib.ProcessorFormatter(processors=last, foreign_pre_chain=steps)


def _has_colours(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _leave_out_secrets(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    return _without_secrets(line)


def _without_secrets(values: MutableMapping[str, Any] | Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _without_secrets(value) if isinstance(value, Mapping) else value
        for key, value in values.items()
        if not _SECRET.search(str(key).lower())
    }


def _plain_for_people(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    return {key: value if key in _OWN else _for_people(value) for key, value in line.items()}


def _plain_for_machines(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    return {key: value if key in _OWN else _for_machines(value) for key, value in line.items()}


def _for_people(value: Any) -> Any:
    """Local times, and no character of a title that could write over the terminal."""
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, str):
        return str(value).translate(_CONTROL)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(_for_people(one)) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_for_people(one)}" for key, one in value.items())
    return value


def _for_machines(value: Any) -> Any:
    """What JSON can carry; times in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _for_machines(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_for_machines(one) for one in value]
    return value
