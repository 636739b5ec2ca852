"""A world of simulated services in a process of its own, so that it takes no time from the bridge.

What is to happen in it is a function that is sent there and gets the sandbox: `world.do(edit, …)`.
"""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Concatenate, ParamSpec, TypeVar

from benchmarks.pairs import UNLIMITED_V2, Half, Rows, build
from bridge.sandbox import Sandbox, V2Switches, describe_connection

Given = ParamSpec("Given")
Result = TypeVar("Result")
# A process that inherits threads and connections would hold them.
_PROCESSES = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """How many pairs (or halves of them), how the services behave, how long an answer takes."""

    pairs: int
    rows: Rows = "full"
    only: Half = "both"
    v2: V2Switches = UNLIMITED_V2
    delay_seconds: float = 0.0


class World:
    """Served from its making to its end; `block` tells a bridge how to reach it."""

    def __init__(self, spec: Spec) -> None:
        self._ours, theirs = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(target=_serve, args=(theirs, spec), daemon=True)
        self._process.start()
        self.block: str = self._ours.recv()

    def do(
        self,
        deed: Callable[Concatenate[Sandbox, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        """Let it happen there; gives what it gives, raises RuntimeError if it fails."""
        self._ours.send((deed, args, kwargs))
        is_done, result = self._ours.recv()
        if not is_done:
            raise RuntimeError(result)
        found: Result = result
        return found

    def close(self) -> None:
        """End it."""
        self._ours.close()
        self._process.join(timeout=10)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _serve(connection: Connection, spec: Spec) -> None:
    """Serve and obey until the other end is closed."""
    made = build(
        spec.pairs, spec.rows, only=spec.only, v2=spec.v2, delay_seconds=spec.delay_seconds
    )
    with made as sandbox:
        connection.send(describe_connection(sandbox))
        while True:
            try:
                deed, args, kwargs = connection.recv()
            except EOFError:
                return
            connection.send(_done(sandbox, deed, args, kwargs))


def _done(
    sandbox: Sandbox, deed: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
) -> tuple[bool, Any]:
    try:
        return True, deed(sandbox, *args, **kwargs)
    except Exception as error:
        return False, repr(error)


# ---- what happens there --------------------------------------------------------------------------


def rename(sandbox: Sandbox, side: str, first: int, count: int, words: str) -> None:
    """People rename so many tasks of a side, from the first of that number on."""
    if side == "kore":
        for number in range(first, first + count):
            sandbox.kore.edit_task(f"ti-{number:08d}", name=f"{words} {number}")
        return
    ids = list(sandbox.v2.world.tasks.rows)
    for number in range(first, first + count):
        sandbox.v2.edit_task(ids[number], title=f"{words} {number}")


def calls(sandbox: Sandbox) -> Counter[str]:
    """How often each operation was called since the last time."""
    found: Counter[str] = Counter()
    for name, service in (("kore", sandbox.kore), ("v2", sandbox.v2)):
        found.update(f"{name} {call.operation}" for call in service.calls)
        service.clear_calls()
    return found


def same_titles(sandbox: Sandbox, first: int, count: int) -> int:
    """How many of those pairs are called the same on both sides."""
    kore, v2 = sandbox.kore.world.tasks.rows, list(sandbox.v2.world.tasks.rows.values())
    return sum(
        kore[f"ti-{number:08d}"].name == v2[number].title for number in range(first, first + count)
    )


def writes(sandbox: Sandbox, side: str) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The body of each create that a side took, with those of the updates of what it made."""
    name, create = ("name" if side == "kore" else "title"), "createTask"
    service = sandbox.kore if side == "kore" else sandbox.v2
    titles = (
        {row.id: row.name for row in sandbox.kore.world.tasks.rows.values()}
        if side == "kore"
        else {row.id: row.title for row in sandbox.v2.world.tasks.rows.values()}
    )
    made: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
        call.body[name]: (call.body, []) for call in service.calls if call.operation == create
    }
    for call in service.calls:
        if call.operation == "updateTask":
            made[str(titles[call.path.rpartition("/")[2]])][1].append(call.body)
    return list(made.values())
