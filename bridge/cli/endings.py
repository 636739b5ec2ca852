"""How a command ends when it does not end well: one clear message on stderr, and the exit code.

Nothing that a user can cause shows a traceback; a bug shows one under -v only.
"""

import errno
import os
import sys
import traceback
from contextlib import suppress
from io import TextIOWrapper

import click

from bridge.cli.exits import Exit, after_error, after_signal
from bridge.cli.invocation import Invocation
from bridge.cli.signals import Ended
from bridge.domain.signs import readable
from bridge.errors import BridgeError, ConfigError, Stopped

_SIGPIPE = 13
_SIGINT = 2


def end(error: BaseException, invocation: Invocation) -> int:
    """Tell why a command ended, and with which exit code."""
    if _is_broken_pipe(error):
        return _end_broken_pipe()
    _tell(error, invocation)
    return _code(error, invocation.signals.seen)


def keep_unprintable_readable() -> None:
    """Let a title with signs that a terminal cannot show appear in part rather than not at all."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _code(error: BaseException, signal_seen: int | None) -> int:
    match error:
        case Ended():
            return after_signal(error.number)
        case click.Abort() | KeyboardInterrupt():
            return after_signal(signal_seen or _SIGINT)
        case SystemExit(code=int(code)):
            return code
        case BridgeError():
            return after_error(error, signal_seen)
        case click.ClickException() | OSError(filename=str()):
            return Exit.USAGE
    return Exit.WAITING


def _tell(error: BaseException, invocation: Invocation) -> None:
    match error:
        case Ended() | click.Abort() | KeyboardInterrupt() | SystemExit():
            pass  # whoever asked for it knows
        case click.ClickException():
            error.show(sys.stderr)
        case ConfigError(problems=problems):
            count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
            _say(f"The configuration has {count}:")
            for problem in problems:
                _say(f"  {problem}")
        case Stopped():
            _say(str(error))
        case BridgeError():
            _say(f"Error: {error}")
        case OSError(filename=str(name)):
            _say(f"Error: {name}: {error.strerror}.")
        case _:
            _tell_bug(error, invocation)


def _tell_bug(error: BaseException, invocation: Invocation) -> None:
    """Kind and place alone: the text of an unexpected error may hold anything."""
    if invocation.is_verbose:
        _say("".join(traceback.format_exception(error)).rstrip())
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" in {os.path.basename(frame.filename)}:{frame.lineno}" for frame in last)
    hint = "" if invocation.is_verbose else " With -v it shows the traceback."
    _say(f"This is a bug of task-bridge: {type(error).__name__}{place}.{hint}")


def _is_broken_pipe(error: BaseException) -> bool:
    """Whether nobody reads any more what is written; rich makes an exit of its own out of it."""
    cause = error.__context__ if isinstance(error, SystemExit) else error
    return isinstance(cause, OSError) and cause.errno == errno.EPIPE


def _end_broken_pipe() -> int:
    """As other programs do: without a word, also when Python flushes at its own end."""
    with suppress(OSError), open(os.devnull, "w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return after_signal(_SIGPIPE)


def _say(text: str) -> None:
    with suppress(OSError):  # nobody may listen to stderr either
        click.echo(readable(text), err=True)
