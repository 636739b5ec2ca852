"""Doing something in a fork of this process, and what came of it."""

import contextlib
import gc
import os
import pickle
import select
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MOST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Done:
    """What a fork gave, the text of its error, or that it was killed."""

    value: Any = None
    error: str = ""
    is_killed: bool = False


def forked(work: Callable[[], Any]) -> Done:
    """Run it in a fork; a fork that does not end in time is killed and told as an error."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work_and_leave(work, writing)
    os.close(writing)
    try:
        answer, is_over = _read(reading)
    finally:
        os.close(reading)
    if not is_over:
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not is_over:
        return Done(error=f"it did not end within {MOST_SECONDS:.0f} seconds")
    if code == -signal.SIGKILL:
        return Done(is_killed=True)
    if code or not answer:
        return Done(error=f"the process ended with {code}")
    done = pickle.loads(answer)
    assert isinstance(done, Done)
    return done


def _work_and_leave(work: Callable[[], Any], writing: int) -> None:
    """In the fork: no clean-up of the harness's own must run here."""
    gc.disable()
    code = 1
    with contextlib.suppress(BaseException):
        try:
            done = Done(value=work())
        except BaseException as error:
            text = "".join(traceback.format_exception(error))
            done = Done(error=text)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(done, pipe)
        sys.stderr.flush()
        code = 0
    os._exit(code)


def _read(reading: int) -> tuple[bytes, bool]:
    """All that comes, and whether it came to its end in time."""
    pieces: list[bytes] = []
    while True:
        ready, _, _ = select.select([reading], [], [], MOST_SECONDS)
        if not ready:
            return b"", False
        piece = os.read(reading, 1 << 16)
        if not piece:
            return b"".join(pieces), True
        pieces.append(piece)
