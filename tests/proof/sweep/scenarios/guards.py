"""Causes for which nothing is written: they go by themselves, or people confirm what stands."""

from typing import Any

from bridge.domain.side import Side
from tests.proof.sweep.scenario import (
    CONFIRMING,
    CYCLE,
    FULL,
    OTHER_COMPANY,
    QUIET,
    SYNC,
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
VANISHED = (remove("A'"), FULL, Wait(60), FULL)
HELD_UP = edit("B", name="Door is open")
OTHER_TABLE = settings(status='[{"kore": "In Progress", "v2": "completed", "default": "both"}]')


def _guard(name: str, *phases: Any, **given: Any) -> Scenario:
    return Scenario(
        name=f"guard-{name}",
        **{"given": TWO, "phases": phases, "links": ("A=nothing missing", "B=B'"), **given},
    )


def _empty(name: str, *phases: Any, **given: Any) -> Scenario:
    """The only task of v2 vanishes."""
    return _guard(name, remove("A'"), *phases, **{"given": ONE, "links": ("A=A'",), **given})


ALL = (
    _guard(
        "of-many-missing-stands",
        *VANISHED,
        HELD_UP,
        SYNC,
        settings=FEW,
        guards=("missing of both",),
    ),
    _guard(
        "of-many-missing-is-confirmed",
        *VANISHED,
        HELD_UP,
        say("confirm"),
        SYNC,
        settings=FEW,
        guards=("missing of both, confirmed",),
    ),
    _guard(
        "of-many-missing-is-confirmed-by-a-run",
        *VANISHED,
        HELD_UP,
        CONFIRMING,
        settings=FEW,
        guards=("missing of both, confirmed",),
    ),
    _guard(
        "of-many-missing-goes-when-they-are-back",
        *VANISHED,
        HELD_UP,
        restore("A'"),
        FULL,
        settings=FEW,
        links=("A=A'", "B=B'"),
    ),
    _guard(
        "of-many-missing-and-a-survivor-that-is-closed-then",
        *VANISHED,
        say("confirm"),
        SYNC,
        settings={**FEW, "sync__on_missing": "close"},
        guards=("missing of both, confirmed",),
    ),
    _empty(
        "of-an-empty-side-goes-when-it-is-not",
        SYNC,
        edit("A", name="Pump leaks badly"),
        SYNC,
        restore("A'"),
        SYNC,
    ),
    _empty(
        "of-an-empty-side-is-confirmed",
        SYNC,
        say("confirm"),
        FULL,
        Wait(60),
        FULL,
        links=("A=nothing missing",),
        guards=("missing of both, confirmed",),
    ),
    _empty(
        "of-an-empty-side-seen-by-a-daemon",
        CYCLE,
        edit("A", name="Pump leaks badly"),
        CYCLE,
        links=("A=nothing",),
        guards=("empty of v2",),
    ),
    _guard(
        "of-another-company-goes-when-it-is-the-first-again",
        OTHER_COMPANY,
        SYNC,
        HELD_UP,
        SYNC,
        OTHER_COMPANY,
        SYNC,
        links=("A=A'", "B=B'"),
    ),
    _guard(
        "of-another-company-is-confirmed",
        OTHER_COMPANY,
        SYNC,
        HELD_UP,
        say("confirm"),
        FULL,
        links=("A=A'", "B=B'"),
    ),
    _guard(
        "of-a-changed-table-is-confirmed",
        edit("A", status="In Progress"),
        SYNC,
        OTHER_TABLE,
        SYNC,
        say("confirm"),
        SYNC,
        settings=FEW,
        links=("A=A'", "B=B'"),
    ),
    _guard(
        "of-a-changed-table-goes-with-the-change",
        edit("A", status="In Progress"),
        SYNC,
        OTHER_TABLE,
        SYNC,
        HELD_UP,
        settings(status="[]"),
        SYNC,
        settings=FEW,
        links=("A=A'", "B=B'"),
    ),
)
