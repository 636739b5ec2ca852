"""What people tell the bridge: pause, decide, retry, discard, link, take apart, rebuild."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, Side
from tests.proof.sweep.scenario import (
    CYCLE,
    LOSE_DATABASE,
    REBUILD,
    SPARSE,
    SYNC,
    V2,
    Phase,
    Scenario,
    Wait,
    add,
    backfill,
    edit,
    pair,
    say,
    switch,
)

PAIR = pair(Side.KORE, name="Pump leaks", desc="In the cellar")
KORE_SAYS = edit("A", name="Kore says so")
V2_SAYS = edit("A'", title="v2 says so")
MANUAL = {"sync__conflict": "manual"}
CHOOSY = replace(V2, refused_fields=frozenset({"priority"}))
TAKES_ALL = switch(Side.V2, refused_fields=frozenset())
SHORT = replace(V2, title_longest=12, too_long="refused")
TWINS = (add(Side.KORE, "A", name="Pump leaks"), add(Side.V2, "B", title="Pump leaks"))
THREE = (*TWINS, add(Side.V2, "C", title="Pump leaks"))
MATCHING = backfill(match_window=timedelta(days=1))


BOTH_SAY = (*PAIR, KORE_SAYS, V2_SAYS, SYNC)
REFUSED = (*PAIR, edit("A", priority="High"), SYNC)
REFUSED_CREATE = (backfill(), add(Side.KORE, "B", name="A title that is too long"), SYNC)
REMOVED = ("A=A' removed",)
LEFT = ("A left", "A' left")


def _said(name: str, given: tuple[Phase, ...], *phases: Any, **facts: Any) -> Scenario:
    return Scenario(name=name, given=given, phases=phases, **{"links": ("A=A'",), **facts})


ALL = (
    _said(
        "pause-of-v2-and-on-again",
        PAIR,
        say("pause", side=Side.V2),
        KORE_SAYS,
        SYNC,
        say("resume", side=Side.V2),
        SYNC,
    ),
    _said("pause-that-ends", (*PAIR, say("pause"), V2_SAYS, CYCLE), say("resume"), CYCLE),
    _said(
        "pause-of-both-that-lasts",
        PAIR,
        say("pause"),
        KORE_SAYS,
        add(Side.V2, "B", title="Filter is old"),
        SYNC,
        paused=("kore", "v2"),
        unlinked=("B new",),
    ),
    _said(
        "manual-conflict-waits-and-the-rest-flows",
        (*PAIR, edit("A", name="Kore says so", priority="High"), V2_SAYS),
        SYNC,
        settings=MANUAL,
        waits=("conflict update title of A=A' in v2",),
    ),
    *(
        _said(
            f"manual-conflict-decided-for-{side}",
            BOTH_SAY,
            say("resolve", take=side),
            SYNC,
            settings=MANUAL,
        )
        for side in SIDES
    ),
    _said(
        "manual-conflict-settled-by-people",
        (*BOTH_SAY, edit("A'", title="Kore says so")),
        SYNC,
        settings=MANUAL,
    ),
    _said(
        "manual-conflict-of-a-hidden-field",
        (*PAIR, edit("A", desc="Kore's text"), edit("A'", description="v2's text"), SYNC),
        say("resolve", take=Side.V2),
        SYNC,
        settings=MANUAL,
        kore=SPARSE,
    ),
    _said(
        "lost-value-taken-back",
        (*PAIR, KORE_SAYS, Wait(60), V2_SAYS, SYNC),
        say("take_back", take=Side.KORE),
        SYNC,
    ),
    _said("failure-retried", (*REFUSED, TAKES_ALL), say("retry"), SYNC, v2=CHOOSY),
    _said(
        "failure-retried-in-vain",
        REFUSED,
        say("retry"),
        SYNC,
        v2=CHOOSY,
        waits=("failed update priority of A=A' in v2",),
    ),
    _said(
        "failure-discarded-and-changed-then",
        REFUSED,
        say("discard"),
        TAKES_ALL,
        edit("A", priority="Critical"),
        SYNC,
        v2=CHOOSY,
    ),
    _said(
        "failed-create-retried",
        (*REFUSED_CREATE, switch(Side.V2, title_longest=None)),
        say("retry"),
        SYNC,
        v2=SHORT,
        links=("B=B'",),
    ),
    _said(
        "failed-create-discarded",
        REFUSED_CREATE,
        say("discard"),
        SYNC,
        v2=SHORT,
        links=(),
        unlinked=("B left",),
    ),
    _said("link-removed", PAIR, say("remove_link", task="A"), SYNC, links=REMOVED, unlinked=LEFT),
    _said(
        "link-removed-and-forgotten",
        PAIR,
        say("remove_link", task="A", forget=True),
        KORE_SAYS,
        SYNC,
        links=REMOVED,
        unlinked=LEFT,
    ),
    _said(
        "link-removed-and-added-again",
        (*PAIR, say("remove_link", task="A"), KORE_SAYS, SYNC),
        say("add_link", first="A", second="A'"),
        SYNC,
    ),
    _said(
        "link-added-of-two-that-were-left",
        (*TWINS, backfill(skips=True)),
        say("add_link", first="A", second="B"),
        SYNC,
        links=("A=B",),
    ),
    _said(
        "links-imported-into-a-new-database",
        (*PAIR, LOSE_DATABASE),
        say("import_links", pairs=(("A", "A'"),)),
        SYNC,
        KORE_SAYS,
        SYNC,
    ),
    _said(
        "links-imported-as-removed-into-a-new-database",
        (*PAIR, LOSE_DATABASE),
        say("import_links", pairs=(("A", "A'"),), state=LinkState.REMOVED),
        links=REMOVED,
        unlinked=LEFT,
    ),
    _said("links-rebuilt", (*PAIR, LOSE_DATABASE), REBUILD, V2_SAYS, SYNC),
    _said(
        "links-rebuilt-where-lists-are-sparse",
        (*pair(Side.V2, title="Filter is old"), LOSE_DATABASE),
        REBUILD,
        kore=SPARSE,
        links=("A'=A",),
    ),
    _said("match-of-two-that-are-alike", TWINS, MATCHING, links=("A=B",)),
    _said(
        "match-that-several-fit-and-is-retried",
        (*THREE, MATCHING),
        say("retry"),
        SYNC,
        links=("A=A'", "B'=B", "C'=C"),
    ),
    _said(
        "match-that-several-fit-and-is-decided",
        (*THREE, MATCHING),
        say("add_link", first="A", second="C"),
        SYNC,
        links=("A=C",),
        waits=("failed create task of B in kore",),
        unlinked=("B ambiguous",),
    ),
)
