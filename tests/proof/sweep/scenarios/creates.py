"""A task on one side, and its counterpart that is to be made."""

from dataclasses import replace
from datetime import UTC, datetime

from bridge.domain.side import Side
from bridge.sandbox import V2Switches
from tests.proof.sweep.scenario import (
    CLOSE_CASE,
    CYCLE,
    KORE,
    REOPEN_CASE,
    SPARSE,
    SWEEP,
    SYNC,
    Scenario,
    add,
    administer,
    backfill,
    edit,
)

DUE = datetime(2030, 3, 1, 12, 0, tzinfo=UTC)
IN_KORE = add(Side.KORE, "A", name="Pump leaks", desc="In the cellar", status="In Progress")
IN_V2 = add(Side.V2, "B", title="Filter is old", description="Second floor", task_status="open")
FULL_IN_KORE = add(
    Side.KORE,
    "A",
    name="Pump leaks",
    desc="In the cellar",
    status="On Hold",
    priority="High",
    assignee="Agent One",
    due=DUE,
)
FULL_IN_V2 = add(
    Side.V2,
    "B",
    title="Filter is old",
    description="Second floor",
    task_status="in_review",
    priority="urgent",
    assignee="Agent Two",
    due=DUE,
    contact_person="Ada Winter",
    email="ada@example.com",
)
FRESH_HIDDEN = replace(KORE, search_withholds_seconds=30.0)


def _in_v2(name: str, **given: object) -> Scenario:
    """Kore's task, and its counterpart in v2."""
    return Scenario(
        name=f"create-in-v2-{name}",
        **{"given": (backfill(),), "phases": (IN_KORE, SYNC), "links": ("A=A'",), **given},  # type: ignore[arg-type]
    )


def _in_kore(name: str, **given: object) -> Scenario:
    """v2's task, and its counterpart in Kore."""
    return Scenario(
        name=f"create-in-kore-{name}",
        **{"given": (backfill(),), "phases": (IN_V2, SYNC), "links": ("B'=B",), **given},  # type: ignore[arg-type]
    )


ALL = (
    _in_v2("answers-the-task"),
    _in_v2("answers-an-id", v2=V2Switches(create_answer="id")),
    _in_v2("answers-nothing", v2=V2Switches()),
    _in_v2("answers-nothing-and-withholds", v2=V2Switches(filter_withholds_seconds=40.0)),
    _in_v2("ignores-filters", v2=V2Switches(filters="ignored", sort="refused")),
    _in_v2("with-every-field", phases=(FULL_IN_KORE, SYNC)),
    _in_v2("after-a-probe", kore=SPARSE),
    _in_v2("on-hold", kore=SPARSE, settings={"kore__unobserved": "hold"}),
    _in_v2("by-a-daemon", phases=(IN_KORE, CYCLE, SWEEP, CYCLE)),
    _in_v2(
        "three-at-once",
        phases=(
            IN_KORE,
            add(Side.KORE, "C", name="Door is stuck"),
            add(Side.KORE, "D", name="Lamp is out", priority="Low"),
            SYNC,
        ),
        links=("A=A'", "C=C'", "D=D'"),
    ),
    _in_v2(
        "of-the-same-name",
        phases=(
            IN_KORE,
            add(Side.KORE, "C", name="Pump leaks"),
            SYNC,
        ),
        links=("A=A'", "C=C'"),
        v2=V2Switches(),
    ),
    _in_kore("answers-the-task"),
    _in_kore("answers-an-id", kore=replace(KORE, create_answer="id")),
    _in_kore("answers-nothing", kore=replace(KORE, create_answer="nothing")),
    _in_kore("answers-nothing-and-withholds", kore=replace(FRESH_HIDDEN, create_answer="nothing")),
    _in_kore("with-every-field", phases=(FULL_IN_V2, SYNC)),
    _in_kore("by-a-daemon", phases=(IN_V2, CYCLE, SWEEP, CYCLE)),
    _in_kore("where-lists-are-sparse", kore=SPARSE),
    _in_kore(
        "where-lists-are-sparse-answers-nothing", kore=replace(SPARSE, create_answer="nothing")
    ),
    _in_kore(
        "where-probes-move-times",
        kore=replace(SPARSE, empty_update="moves", id_only_update="moves"),
    ),
    _in_kore("with-a-backlink", settings={"v2__backlink": "tag"}),
    _in_kore(
        "with-a-backlink-where-probes-are-refused",
        is_blind=True,
        kore=replace(SPARSE, empty_update="refused", id_only_update="refused"),
        settings={"v2__backlink": "tag"},
    ),
    _in_kore(
        "without-a-title",
        phases=(
            add(Side.V2, "B", title=None, description="Second floor"),
            SYNC,
        ),
    ),
    _in_kore("assigned-by-the-template", kore=replace(KORE, new_assignee="agent")),
    _in_kore(
        "in-a-case-that-was-closed",
        phases=(
            CLOSE_CASE,
            IN_V2,
            SYNC,
            REOPEN_CASE,
            backfill(),
        ),
    ),
    Scenario(
        name="create-on-both-sides-at-once",
        given=(backfill(),),
        phases=(IN_KORE, IN_V2, SYNC),
        links=("A=A'", "B'=B"),
    ),
    Scenario(
        name="create-of-an-unmapped-person",
        given=(administer(Side.V2, "add_user", name="Nobody Known"), backfill()),
        phases=(
            add(Side.V2, "B", title="Filter is old", assignee="Nobody Known"),
            SYNC,
            edit("B", assignee="Agent One"),
            SYNC,
        ),
        links=("B'=B",),
    ),
    _in_kore(
        "where-no-id-of-a-status-is-known",
        phases=(
            FULL_IN_V2,
            SYNC,
            add(Side.KORE, "C", name="Shows a status", status="In Progress"),
            SYNC,
        ),
        settings={"kore__status_ids": "{}", "kore__priority_ids": "{}"},
        links=("B'=B", "C=C'"),
        waits=("failed update priority of B'=B in kore",),
    ),
)
