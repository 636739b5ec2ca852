"""Tasks that are gone: found out by two readings, reported or closed, and back again."""

from typing import Any

from bridge.domain.side import Side
from tests.proof.sweep.scenario import (
    CYCLE,
    FULL,
    QUIET,
    SWEEP,
    SYNC,
    Phase,
    Scenario,
    Wait,
    add,
    backfill,
    edit,
    remove,
    restore,
    say,
)

OTHER = add(Side.KORE, "B", name="Door is stuck")
IN_V2 = (add(Side.KORE, "A", name="Pump leaks"), OTHER, backfill(), QUIET, remove("A'"))
IN_KORE = (add(Side.V2, "A", title="Filter is old"), OTHER, backfill(), QUIET, remove("A'"))
ONCE = (FULL, Wait(60))
GONE = (*IN_V2, *ONCE, FULL)
CHANGED = edit("A", name="Pump leaks badly")
CLOSES = {"sync__on_missing": "close"}
V2_LOST, KORE_LOST = ("A=nothing missing", "B=B'"), ("nothing=A missing", "B=B'")
BOTH = ("A=A'", "B=B'")


def _gone(name: str, given: tuple[Phase, ...], *phases: Any, **facts: Any) -> Scenario:
    return Scenario(name=f"gone-{name}", given=given, phases=phases, **{"links": BOTH, **facts})


ALL = (
    _gone("in-v2", IN_V2, *ONCE, FULL, links=V2_LOST),
    _gone("in-kore", (*IN_KORE, *ONCE), FULL, links=KORE_LOST),
    _gone(
        "in-v2-seen-by-a-daemon",
        (*IN_V2, CYCLE, SWEEP, Wait(4000)),
        SWEEP,
        CYCLE,
        links=V2_LOST,
    ),
    _gone("in-v2-and-closed-in-kore", (*IN_V2, *ONCE), FULL, settings=CLOSES, links=V2_LOST),
    _gone("in-kore-and-closed-in-v2", (*IN_KORE, *ONCE), FULL, settings=CLOSES, links=KORE_LOST),
    _gone(
        "in-v2-and-spared-for-its-changes",
        (*IN_V2, CHANGED, *ONCE),
        FULL,
        settings=CLOSES,
        links=V2_LOST,
        waits=("failed update title of A=nothing in v2",),
    ),
    _gone("and-back", (*GONE, restore("A'")), FULL),
    _gone("once-and-back", (*IN_V2, *ONCE, restore("A'")), FULL),
    _gone("and-back-after-changes", (*GONE, CHANGED, SYNC, restore("A'")), FULL),
    _gone(
        "and-back-to-a-closed-one",
        (*GONE, restore("A'")),
        FULL,
        settings=CLOSES,
        waits=("conflict update status of A=A' in kore",),
    ),
    _gone(
        "and-back-to-a-closed-one-decided",
        (*GONE, restore("A'"), FULL),
        say("resolve", take=Side.V2),
        SYNC,
        settings=CLOSES,
    ),
    _gone(
        "and-another-in-its-place",
        (*GONE, add(Side.V2, "C", title="Pump leaks"), SYNC),
        say("add_link", first="A", second="C"),
        SYNC,
        links=("A=C", "B=B'", "nothing=nothing removed"),
    ),
)
