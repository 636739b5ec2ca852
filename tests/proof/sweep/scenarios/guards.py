"""Causes for which nothing is written: they go by themselves, or people confirm what stands."""

from typing import Any

from bridge.domain.side import Side
from tests.proof.sweep.scenario import (
    CYCLE,
    FULL,
    OTHER_COMPANY,
    QUIET,
    SYNC,
    Phase,
    Scenario,
    Wait,
    add,
    backfill,
    edit,
    pair,
    remove,
    restore,
    say,
    settings,
)

A = add(Side.KORE, "A", name="Pump leaks", desc="In the cellar")
B = add(Side.KORE, "B", name="Door is stuck")
TWO = (A, B, backfill(), QUIET)
ONE = pair(Side.KORE, name="Pump leaks", desc="In the cellar")
FEW = {"sync__max_missing_count": "0", "sync__max_missing_percent": "10"}
HELD_UP = edit("B", name="Door is open")
READ_ONCE = (*TWO, remove("A'"), FULL, Wait(60))
STANDS = (*READ_ONCE, FULL, HELD_UP)
EMPTY = (*ONE, remove("A'"), SYNC)
ELSEWHERE = (*TWO, OTHER_COMPANY)
OTHER_TABLE = settings(status='[{"kore": "In Progress", "v2": "completed", "default": "both"}]')
IN_PROGRESS = (*TWO, edit("A", status="In Progress"), SYNC)
LOST = ("A=nothing missing", "B=B'")
BOTH = ("A=A'", "B=B'")
CONFIRMED = ("missing of both, confirmed",)


def _guard(name: str, given: tuple[Phase, ...], *phases: Any, **facts: Any) -> Scenario:
    return Scenario(name=f"guard-{name}", given=given, phases=phases, **{"links": BOTH, **facts})


def _missing(name: str, given: tuple[Phase, ...], *phases: Any, **facts: Any) -> Scenario:
    """One of two links is one too many."""
    wanted = {"settings": FEW, "links": LOST, "guards": CONFIRMED, **facts}
    return _guard(f"of-many-missing-{name}", given, *phases, **wanted)


ALL = (
    _missing("stands", READ_ONCE, FULL, HELD_UP, SYNC, guards=("missing of both",)),
    _missing("is-confirmed", STANDS, say("confirm"), SYNC),
    _missing("goes-when-they-are-back", (*STANDS, restore("A'")), FULL, links=BOTH, guards=()),
    _missing(
        "and-a-survivor-that-is-closed-then",
        STANDS,
        say("confirm"),
        SYNC,
        settings={**FEW, "sync__on_missing": "close"},
    ),
    _guard(
        "of-an-empty-side-goes-when-it-is-not",
        (*EMPTY, edit("A", name="Pump leaks badly"), SYNC, restore("A'")),
        SYNC,
        links=("A=A'",),
    ),
    _guard(
        "of-an-empty-side-is-confirmed",
        EMPTY,
        say("confirm"),
        FULL,
        Wait(60),
        FULL,
        links=("A=nothing missing",),
        guards=CONFIRMED,
    ),
    _guard(
        "of-an-empty-side-seen-by-a-daemon",
        (*ONE, remove("A'")),
        CYCLE,
        edit("A", name="Pump leaks badly"),
        CYCLE,
        links=("A=nothing",),
        guards=("empty of v2",),
    ),
    _guard("of-another-company-stands", ELSEWHERE, SYNC, HELD_UP, SYNC, guards=("identity of v2",)),
    _guard(
        "of-another-company-goes-when-it-is-the-first-again",
        (*ELSEWHERE, SYNC, HELD_UP, OTHER_COMPANY),
        SYNC,
    ),
    _guard(
        "of-another-company-is-confirmed",
        (*ELSEWHERE, SYNC, HELD_UP),
        say("confirm"),
        FULL,
    ),
    _guard(
        "of-a-changed-table-is-confirmed",
        IN_PROGRESS,
        Wait(1),
        OTHER_TABLE,
        SYNC,
        say("confirm"),
        SYNC,
        settings=FEW,
    ),
    _guard(
        "of-a-changed-table-goes-with-the-change",
        IN_PROGRESS,
        Wait(1),
        OTHER_TABLE,
        SYNC,
        settings(status="[]"),
        SYNC,
        settings=FEW,
    ),
)
