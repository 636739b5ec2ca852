"""Values that a service refuses, ignores, alters or does not know, and cases that are closed."""

from dataclasses import replace
from typing import Any

from bridge.domain.side import Side
from bridge.sandbox import V2Switches
from tests.proof.sweep.scenario import (
    CLOSE_CASE,
    FULL,
    KORE,
    REOPEN_CASE,
    SYNC,
    V2,
    Scenario,
    add,
    administer,
    backfill,
    edit,
    pair,
    settings,
    switch,
)

KORE_PAIR = pair(Side.KORE, name="Pump leaks", desc="In the cellar")
V2_PAIR = pair(Side.V2, title="Filter is old", description="Second floor")
MANY_IN_KORE = edit("A", name="Pump", desc="Gone", priority="High")
MANY_IN_V2 = edit("A", title="Filter", description="Gone", priority="high")


def _kore(name: str, *phases: Any, **given: Any) -> Scenario:
    return Scenario(
        name=name, **{"given": KORE_PAIR, "phases": phases, "links": ("A=A'",), **given}
    )


def _v2(name: str, *phases: Any, **given: Any) -> Scenario:
    return Scenario(name=name, **{"given": V2_PAIR, "phases": phases, "links": ("A'=A",), **given})


ALL = (
    _kore(
        "refused-field-of-many-in-v2",
        MANY_IN_KORE,
        SYNC,
        v2=replace(V2, refused_fields=frozenset({"priority"})),
        waits=("failed update priority of A=A' in v2",),
    ),
    _v2(
        "refused-field-of-many-in-kore",
        MANY_IN_V2,
        SYNC,
        kore=replace(KORE, refused_fields=frozenset({"priority"})),
        waits=("failed update priority of A'=A in kore",),
    ),
    _kore(
        "refused-and-taken-with-another-value",
        edit("A", priority="High"),
        SYNC,
        switch(Side.V2, refused_fields=frozenset()),
        edit("A", priority="Critical"),
        SYNC,
        v2=replace(V2, refused_fields=frozenset({"priority"})),
    ),
    _kore(
        "ignored-field-in-v2",
        MANY_IN_KORE,
        SYNC,
        v2=V2Switches(ignored_fields=frozenset({"title"})),
        waits=("failed update title of A=A' in v2",),
    ),
    _v2(
        "ignored-field-in-kore",
        MANY_IN_V2,
        SYNC,
        kore=replace(KORE, ignored_fields=frozenset({"name"})),
        waits=("failed update title of A'=A in kore",),
    ),
    _kore(
        "cut-title-in-v2",
        edit("A", name="A title that is longer than it may be"),
        SYNC,
        v2=replace(V2, title_longest=20),
    ),
    _v2(
        "trimmed-text-in-kore",
        edit("A", description="A line  \r\nand another  "),
        SYNC,
        kore=replace(KORE, text_stored="both"),
    ),
    _kore(
        "refused-create-in-v2",
        add(Side.KORE, "B", name="A title that is too long"),
        SYNC,
        edit("B", name="Short"),
        SYNC,
        given=(backfill(),),
        links=("B=B'",),
        v2=replace(V2, title_longest=12, too_long="refused"),
    ),
    _v2(
        "refused-create-in-kore",
        add(Side.V2, "B", title="A title that is too long"),
        SYNC,
        given=(backfill(),),
        links=(),
        kore=replace(KORE, title_longest=12, too_long="refused"),
        waits=("failed create task of B in kore",),
        unlinked=("B failed",),
    ),
    _kore(
        "refused-move-of-a-status",
        edit("A", status="In Progress"),
        SYNC,
        v2=replace(V2, refused_moves=frozenset({("open", "in_progress"), ("new", "in_progress")})),
        waits=("failed update status of A=A' in v2",),
    ),
    _v2(
        "closed-case-and-open-again",
        CLOSE_CASE,
        FULL,
        edit("A", title="Filter is very old"),
        SYNC,
        REOPEN_CASE,
        FULL,
    ),
    _kore(
        "unmapped-status-and-mapped-then",
        administer(Side.KORE, "add_status", name="Paused", category="On Hold"),
        edit("A", status="Paused", name="Pump, paused"),
        SYNC,
        settings(status='[{"kore": "Paused", "v2": "in_review", "default": "both"}]'),
        SYNC,
    ),
    _v2(
        "unmapped-person-and-known-then",
        administer(Side.V2, "add_user", name="Nobody Known"),
        edit("A", assignee="Nobody Known", title="Filter, assigned"),
        SYNC,
        administer(Side.KORE, "add_agent", name="Nobody Known"),
        add(Side.KORE, "B", name="Shows the agent", assignee="Nobody Known"),
        SYNC,
        FULL,
        links=("A'=A", "B=B'"),
    ),
    _kore(
        "custom-priority-by-its-score",
        administer(Side.KORE, "add_priority", name="Emergency", score=15),
        edit("A", priority="Emergency"),
        SYNC,
        waits=("unmapped update priority of A=A' in v2",),
    ),
)
