"""The first start, on no database or on one of an older revision, and first contact."""

from bridge.domain.side import Side
from bridge.store.revision import REVISIONS
from tests.proof.sweep.scenario import (
    CYCLE,
    FULL,
    NO_DATABASE,
    SWEEP,
    SYNC,
    UPGRADE,
    Scenario,
    add,
    backfill,
)

ONE = (add(Side.KORE, "A", name="Pump leaks", desc="In the cellar", status="In Progress"),)
TWO = (*ONE, add(Side.V2, "B", title="Filter is old", description="Second floor"))
LINKED = ("A=A'",)
BOTH_LINKED = ("A=A'", "B'=B")

ALL = (
    Scenario(
        name="first-start-sync",
        database=NO_DATABASE,
        phases=(SYNC, *ONE, SYNC),
        links=LINKED,
    ),
    Scenario(
        name="first-start-backfill",
        database=NO_DATABASE,
        given=ONE,
        phases=(backfill(),),
        links=LINKED,
    ),
    Scenario(
        name="first-start-daemon",
        database=NO_DATABASE,
        phases=(CYCLE, SWEEP, *ONE, CYCLE),
        links=LINKED,
    ),
    Scenario(
        name="first-contact-creates-nothing",
        given=TWO,
        phases=(SYNC, FULL),
        unlinked=("A new", "B new"),
    ),
    Scenario(
        name="first-contact-of-a-daemon-and-a-backfill",
        given=TWO,
        phases=(CYCLE, SWEEP, backfill(), CYCLE),
        links=BOTH_LINKED,
    ),
    *(
        Scenario(
            name=f"upgrade-from-{revision}",
            database=revision,
            given=ONE,
            phases=(UPGRADE, backfill()),
            links=LINKED,
        )
        for revision in (REVISIONS[0], REVISIONS[-2])
    ),
)
