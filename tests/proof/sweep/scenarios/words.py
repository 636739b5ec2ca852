"""What people tell the bridge: pause, decide, retry, discard, link, take apart, rebuild."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.domain.link import LinkState
from bridge.domain.side import Side
from tests.proof.sweep.scenario import (
    CYCLE,
    LOSE_DATABASE,
    REBUILD,
    SPARSE,
    SYNC,
    V2,
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
A_DAY = timedelta(days=1)


def _said(name: str, *phases: Any, **given: Any) -> Scenario:
    return Scenario(name=name, **{"given": PAIR, "phases": phases, "links": ("A=A'",), **given})


ALL = (
    _said(
        "pause-of-v2-and-on-again",
        say("pause", side=Side.V2),
        KORE_SAYS,
        SYNC,
        say("resume", side=Side.V2),
        SYNC,
    ),
    _said(
        "pause-of-kore-and-on-again",
        say("pause", side=Side.KORE),
        V2_SAYS,
        CYCLE,
        say("resume"),
        CYCLE,
    ),
    _said(
        "pause-of-both-that-lasts",
        say("pause"),
        KORE_SAYS,
        add(Side.V2, "B", title="Filter is old"),
        SYNC,
        paused=("kore", "v2"),
        unlinked=("B new",),
    ),
    _said(
        "manual-conflict-waits-and-the-rest-flows",
        edit("A", name="Kore says so", priority="High"),
        V2_SAYS,
        SYNC,
        settings=MANUAL,
        waits=("conflict update title of A=A' in v2",),
    ),
    _said(
        "manual-conflict-decided-for-v2",
        KORE_SAYS,
        V2_SAYS,
        SYNC,
        say("resolve", take=Side.V2),
        SYNC,
        settings=MANUAL,
    ),
    _said(
        "manual-conflict-decided-for-kore",
        KORE_SAYS,
        V2_SAYS,
        SYNC,
        say("resolve", take=Side.KORE),
        SYNC,
        settings=MANUAL,
    ),
    _said(
        "manual-conflict-settled-by-people",
        KORE_SAYS,
        V2_SAYS,
        SYNC,
        edit("A'", title="Kore says so"),
        SYNC,
        settings=MANUAL,
    ),
    _said(
        "manual-conflict-of-a-hidden-field",
        edit("A", desc="Kore's text"),
        edit("A'", description="v2's text"),
        SYNC,
        say("resolve", take=Side.V2),
        SYNC,
        settings=MANUAL,
        kore=SPARSE,
    ),
    _said(
        "lost-value-taken-back",
        KORE_SAYS,
        Wait(60),
        V2_SAYS,
        SYNC,
        say("take_back", take=Side.KORE),
        SYNC,
    ),
    _said(
        "failure-retried",
        edit("A", priority="High"),
        SYNC,
        TAKES_ALL,
        say("retry"),
        SYNC,
        v2=CHOOSY,
    ),
    _said(
        "failure-retried-in-vain",
        edit("A", priority="High"),
        SYNC,
        say("retry"),
        SYNC,
        v2=CHOOSY,
        waits=("failed update priority of A=A' in v2",),
    ),
    _said(
        "failure-discarded-and-changed-then",
        edit("A", priority="High"),
        SYNC,
        say("discard"),
        TAKES_ALL,
        edit("A", priority="Critical"),
        SYNC,
        v2=CHOOSY,
    ),
    _said(
        "failed-create-retried",
        add(Side.KORE, "B", name="A title that is too long"),
        SYNC,
        switch(Side.V2, title_longest=None),
        say("retry"),
        SYNC,
        given=(backfill(),),
        v2=SHORT,
        links=("B=B'",),
    ),
    _said(
        "failed-create-discarded",
        add(Side.KORE, "B", name="A title that is too long"),
        SYNC,
        say("discard"),
        SYNC,
        given=(backfill(),),
        v2=SHORT,
        links=(),
        unlinked=("B left",),
    ),
    _said(
        "link-removed",
        say("remove_link", task="A"),
        KORE_SAYS,
        SYNC,
        links=("A=A' removed",),
        unlinked=("A left", "A' left"),
    ),
    _said(
        "link-removed-and-forgotten",
        say("remove_link", task="A", forget=True),
        KORE_SAYS,
        SYNC,
        links=("A=A' removed",),
        unlinked=("A left", "A' left"),
    ),
    _said(
        "link-removed-and-added-again",
        say("remove_link", task="A"),
        KORE_SAYS,
        SYNC,
        say("add_link", first="A", second="A'"),
        SYNC,
    ),
    _said(
        "link-added-of-two-that-were-left",
        backfill(skips=True),
        say("add_link", first="A", second="B"),
        SYNC,
        edit("A", name="Pump leaks badly"),
        SYNC,
        given=TWINS,
        links=("A=B",),
    ),
    _said(
        "links-imported-into-a-new-database",
        say("import_links", pairs=(("A", "A'"),)),
        SYNC,
        KORE_SAYS,
        SYNC,
        given=(*PAIR, LOSE_DATABASE),
    ),
    _said(
        "links-imported-as-removed",
        say("import_links", pairs=(("A", "A'"),), state=LinkState.REMOVED),
        KORE_SAYS,
        SYNC,
        links=("A=A' removed",),
        unlinked=("A left", "A' left"),
    ),
    _said(
        "links-rebuilt",
        REBUILD,
        V2_SAYS,
        SYNC,
        given=(*PAIR, LOSE_DATABASE),
    ),
    _said(
        "links-rebuilt-where-lists-are-sparse",
        REBUILD,
        backfill(),
        given=(*pair(Side.V2, title="Filter is old"), LOSE_DATABASE),
        kore=SPARSE,
        links=("A'=A",),
    ),
    _said(
        "match-of-two-that-are-alike",
        backfill(match_window=A_DAY),
        given=TWINS,
        links=("A=B",),
    ),
    _said(
        "match-that-several-fit-and-is-retried",
        backfill(match_window=A_DAY),
        say("retry"),
        SYNC,
        given=(*TWINS, add(Side.V2, "C", title="Pump leaks")),
        links=("A=A'", "B'=B", "C'=C"),
    ),
    _said(
        "match-that-several-fit-and-is-decided",
        backfill(match_window=A_DAY),
        say("add_link", first="A", second="C"),
        SYNC,
        given=(*TWINS, add(Side.V2, "C", title="Pump leaks")),
        links=("A=C",),
        waits=("failed create task of B in kore",),
        unlinked=("B ambiguous",),
    ),
)
