"""What an earlier process left in the journal: the sweep kills whoever finds it."""

from dataclasses import replace
from typing import Any

from bridge.domain.side import Side
from bridge.sandbox import V2Switches
from tests.proof.sweep.points import WRITE_FATES, Fate
from tests.proof.sweep.scenario import (
    CYCLE,
    KORE,
    SPARSE,
    SYNC,
    Command,
    Phase,
    Scenario,
    Wait,
    add,
    backfill,
    edit,
    pair,
    say,
)

IN_KORE = add(Side.KORE, "A", name="Pump leaks", desc="In the cellar", status="In Progress")
IN_V2 = add(Side.V2, "B", title="Filter is old", description="Second floor", task_status="open")
KORE_PAIR = pair(Side.KORE, name="Pump leaks", desc="In the cellar")
V2_PAIR = pair(Side.V2, title="Filter is old", description="Second floor")
# What is answered makes no difference to a process that dies over it.
FATES = tuple(fate for fate in WRITE_FATES if fate is not Fate.FAILED)
SILENT = V2Switches()
SPEECHLESS = replace(KORE, create_answer="nothing")


def _after(name: str, *given: Any, **facts: Any) -> Scenario:
    """A bridge died; half a minute later, and two minutes later, a cycle runs."""
    later: tuple[Any, ...] = (Wait(30), SYNC, Wait(120), SYNC)
    return Scenario(name=f"recovery-of-a-{name}", given=given, **{"phases": later, **facts})


def _killed(side: Side, call: str, fate: Fate, command: Command = SYNC) -> Command:
    return command.killed_at(side, call, fate)


def _rewritten(name: str, side: Side, edited: Phase, *more: Phase, **facts: Any) -> Scenario:
    """The answer to a create was lost, and people rewrote its marker away before anybody looked."""
    return _after(
        f"create-in-{side}-whose-marker-was-rewritten-{name}",
        backfill(),
        IN_V2 if side is Side.KORE else IN_KORE,
        _killed(side, "createTask", Fate.LOST),
        edited,
        **{"phases": (Wait(30), SYNC, Wait(120), SYNC, *more), **facts},
    )


PARKED_IN_V2: dict[str, Any] = {
    "links": ("A=nothing creating",),
    "waits": ("failed create task of A=nothing in v2",),
    "unlinked": ("A' held",),
}
PARKED_IN_KORE: dict[str, Any] = {
    "links": ("nothing=B creating",),
    "waits": ("failed create task of nothing=B in kore",),
    "unlinked": ("B' held",),
}
REWRITTEN_IN_V2 = edit("A'", description="Bring a ladder")
REWRITTEN_IN_KORE = edit("B'", desc="Bring a ladder")


ALL = (
    _rewritten("away", Side.V2, REWRITTEN_IN_V2, **PARKED_IN_V2),
    _rewritten("away", Side.KORE, REWRITTEN_IN_KORE, **PARKED_IN_KORE),
    _rewritten(
        "away-and-its-title",
        Side.V2,
        edit("A'", description="Bring a ladder", title="Ladder"),
        **PARKED_IN_V2,
    ),
    _rewritten("away-unseen", Side.KORE, REWRITTEN_IN_KORE, kore=SPARSE, **PARKED_IN_KORE),
    _rewritten(
        "away-and-linked-by-hand",
        Side.V2,
        REWRITTEN_IN_V2,
        say("add_link", first="A", second="A'"),
        SYNC,
        SYNC,
        links=("A=A'",),
    ),
    _rewritten(
        "away-and-left",
        Side.V2,
        REWRITTEN_IN_V2,
        say("discard"),
        SYNC,
        SYNC,
        unlinked=("A left", "A' left"),
    ),
    *(
        _after(
            f"create-in-v2-{fate}",
            backfill(),
            IN_KORE,
            _killed(Side.V2, "createTask", fate),
            links=("A=A'",),
        )
        for fate in FATES
    ),
    *(
        _after(
            f"create-in-kore-{fate}",
            backfill(),
            IN_V2,
            _killed(Side.KORE, "createTask", fate),
            links=("B'=B",),
        )
        for fate in FATES
    ),
    _after(
        "silent-create-in-v2",
        backfill(),
        IN_KORE,
        _killed(Side.V2, "createTask", Fate.NOT_APPLIED),
        v2=SILENT,
        links=("A=A'",),
    ),
    _after(
        "silent-create-in-kore",
        backfill(),
        IN_V2,
        _killed(Side.KORE, "createTask", Fate.NOT_APPLIED),
        kore=SPEECHLESS,
        links=("B'=B",),
    ),
    _after(
        "create-in-kore-where-lists-are-sparse",
        backfill(),
        IN_V2,
        _killed(Side.KORE, "createTask", Fate.LOST),
        kore=SPARSE,
        links=("B'=B",),
    ),
    _after(
        "create-in-a-backfill",
        IN_KORE,
        IN_V2,
        _killed(Side.V2, "createTask", Fate.LOST, backfill()),
        phases=(backfill(), SYNC),
        links=("A=A'", "B'=B"),
    ),
    _after(
        "completing-update",
        backfill(),
        IN_KORE,
        _killed(Side.V2, "updateTask", Fate.LOST),
        links=("A=A'",),
    ),
    *(
        _after(
            f"update-in-v2-{fate}",
            *KORE_PAIR,
            edit("A", name="Pump leaks badly"),
            _killed(Side.V2, "updateTask", fate),
            links=("A=A'",),
        )
        for fate in FATES
    ),
    *(
        _after(
            f"update-in-kore-{fate}",
            *V2_PAIR,
            edit("A", title="Filter is very old"),
            _killed(Side.KORE, "updateTask", fate),
            links=("A'=A",),
        )
        for fate in FATES
    ),
    _after(
        "probe",
        backfill(),
        IN_KORE,
        _killed(Side.KORE, "updateTask", Fate.LOST),
        kore=SPARSE,
        links=("A=A'",),
    ),
    _after(
        "daemon",
        backfill(),
        IN_KORE,
        _killed(Side.V2, "createTask", Fate.LOST, CYCLE),
        phases=(CYCLE, Wait(60), CYCLE),
        links=("A=A'",),
    ),
    _after(
        "create-while-people-go-on",
        backfill(),
        IN_KORE,
        _killed(Side.V2, "createTask", Fate.NOT_APPLIED),
        edit("A", name="Pump leaks badly"),
        links=("A=A'",),
    ),
    _after(
        "create-and-another-task",
        backfill(),
        IN_KORE,
        _killed(Side.V2, "createTask", Fate.LOST),
        IN_V2,
        links=("A=A'", "B'=B"),
    ),
    _after(
        "update-that-people-overtook",
        *KORE_PAIR,
        edit("A", name="Pump leaks badly"),
        _killed(Side.V2, "updateTask", Fate.NOT_APPLIED),
        edit("A", name="Pump was mended"),
        links=("A=A'",),
    ),
)
