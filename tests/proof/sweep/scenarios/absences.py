"""Tasks that are gone: found out by two readings, reported or closed, and back again."""

from typing import Any

from bridge.domain.side import Side
from tests.proof.sweep.scenario import (
    CYCLE,
    FULL,
    QUIET,
    SPARSE,
    SWEEP,
    SYNC,
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
KORE_PAIR = (add(Side.KORE, "A", name="Pump leaks"), OTHER, backfill(), QUIET)
V2_PAIR = (add(Side.V2, "A", title="Filter is old"), OTHER, backfill(), QUIET)
TWO_READINGS = (FULL, Wait(60), FULL)
CLOSES = {"sync__on_missing": "close"}


def _v2(name: str, *phases: Any, **given: Any) -> Scenario:
    """The counterpart in v2 is taken away."""
    return Scenario(
        name=f"gone-{name}",
        **{
            "given": KORE_PAIR,
            "phases": (remove("A'"), *phases),
            "links": ("A=nothing missing", "B=B'"),
            **given,
        },
    )


def _kore(name: str, *phases: Any, **given: Any) -> Scenario:
    """The counterpart in Kore is taken away."""
    return _v2(name, *phases, **{"given": V2_PAIR, "links": ("nothing=A missing", "B=B'"), **given})


ALL = (
    _v2("in-v2", *TWO_READINGS),
    _kore("in-kore", *TWO_READINGS),
    _kore("in-kore-where-lists-are-sparse", *TWO_READINGS, kore=SPARSE),
    _v2("in-v2-seen-by-a-daemon", CYCLE, SWEEP, Wait(4000), SWEEP, CYCLE),
    _v2("in-v2-and-closed-in-kore", *TWO_READINGS, settings=CLOSES),
    _kore("in-kore-and-closed-in-v2", *TWO_READINGS, settings=CLOSES),
    _v2(
        "in-v2-and-spared-for-its-changes",
        edit("A", name="Pump leaks badly"),
        *TWO_READINGS,
        settings=CLOSES,
        waits=("failed update title of A=nothing in v2",),
    ),
    _v2("and-back", *TWO_READINGS, restore("A'"), FULL, links=("A=A'", "B=B'")),
    _v2("once-and-back", FULL, restore("A'"), FULL, links=("A=A'", "B=B'")),
    _v2(
        "and-back-after-changes",
        *TWO_READINGS,
        edit("A", name="Pump leaks badly"),
        SYNC,
        restore("A'"),
        FULL,
        links=("A=A'", "B=B'"),
    ),
    _v2(
        "and-back-to-a-closed-one",
        *TWO_READINGS,
        restore("A'"),
        FULL,
        settings=CLOSES,
        links=("A=A'", "B=B'"),
        waits=("conflict update status of A=A' in kore",),
    ),
    _v2(
        "and-back-to-a-closed-one-decided",
        *TWO_READINGS,
        restore("A'"),
        FULL,
        say("resolve", take=Side.V2),
        SYNC,
        settings=CLOSES,
        links=("A=A'", "B=B'"),
    ),
    _v2(
        "and-another-in-its-place",
        *TWO_READINGS,
        add(Side.V2, "C", title="Pump leaks"),
        SYNC,
        say("add_link", first="A", second="C"),
        SYNC,
        links=("A=C", "B=B'", "nothing=nothing removed"),
    ),
    Scenario(
        name="gone-before-it-was-created-across",
        given=(backfill(),),
        phases=(add(Side.KORE, "A", name="Pump leaks"), OTHER, remove("A"), SYNC, FULL),
        links=("B=B'",),
    ),
)
