"""Work done in forked processes, so many at once; each gives an answer, or dies by a signal."""

import mmap
import os
import pickle
import resource
import select
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar

T = TypeVar("T")
_MOST_MEMORY = 4 << 30
_BOARD_BYTES = 1024


class Answer:
    """Called with what came of the work, which ends the process; `at` tells what it is at."""

    def __init__(self, pipe: int, board: mmap.mmap) -> None:
        self._pipe, self._board = pipe, board

    def __call__(self, result: object) -> NoReturn:
        limit_time(0, 0)
        with os.fdopen(self._pipe, "wb") as stream:
            stream.write(pickle.dumps(result))
        os._exit(0)

    def at(self, place: str) -> None:
        """What is told if the process is ended by a signal."""
        self._board[:] = place.encode()[:_BOARD_BYTES].ljust(_BOARD_BYTES, b"\0")


Work: TypeAlias = Callable[[Answer], object]


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What became of the work for `task`: its answer, or the number of a signal and where it was.

    `seconds` of the processor's time were spent on it.
    """

    task: T
    answer: Any
    seconds: float
    signal: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """The work itself went wrong, which is a fault of the harness."""

    trace: str


@dataclass(frozen=True, slots=True)
class _Running(Generic[T]):
    task: T
    pid: int
    pipe: int
    board: mmap.mmap


def side_by_side(works: Iterable[tuple[T, Work]], most: int) -> Iterator[Done[T]]:
    """Fork a process for each work, at most so many at once; gives them as they end.

    The works are asked for one by one, as places become free.
    """
    running: dict[int, _Running[T]] = {}
    try:
        for task, work in works:
            one = _forked(task, work)
            running[one.pipe] = one
            if len(running) >= most:
                yield _next(running)
        while running:
            yield _next(running)
    finally:
        for left in running.values():
            os.kill(left.pid, signal.SIGKILL)
            os.waitpid(left.pid, 0)


def limit_time(cpu_seconds: float, wall_seconds: float) -> None:
    """End this process from outside once it has taken so long; counts anew with each call."""
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)


def is_late(number: int) -> bool:
    """Whether the signal is that of a limit of time."""
    return number in (signal.SIGPROF, signal.SIGALRM)


def _next(running: dict[int, _Running[T]]) -> Done[T]:
    ready, _, _ = select.select([*running], [], [])
    one = running.pop(ready[0])
    with os.fdopen(one.pipe, "rb") as stream:
        text = stream.read()
    _, status, used = os.wait4(one.pid, 0)
    seconds = used.ru_utime + used.ru_stime
    if os.WIFSIGNALED(status):
        place = one.board[:].rstrip(b"\0").decode(errors="replace")
        return Done(one.task, None, seconds, os.WTERMSIG(status), place)
    answer = pickle.loads(text)
    if isinstance(answer, Broken):
        raise RuntimeError(f"the process for {one.task} broke off:\n{answer.trace}")
    return Done(one.task, answer, seconds)


def _forked(task: T, work: Work) -> _Running[T]:
    ours, theirs = os.pipe()
    board = mmap.mmap(-1, _BOARD_BYTES)
    pid = os.fork()
    if pid:
        os.close(theirs)
        return _Running(task, pid, ours, board)
    answer = Answer(theirs, board)
    try:
        os.close(ours)
        _be_quiet()
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        work(answer)
    except BaseException:
        answer(Broken(traceback.format_exc()))
    answer(Broken("it gave no answer"))


def _be_quiet() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
