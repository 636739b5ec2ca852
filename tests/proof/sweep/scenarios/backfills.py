"""Taking up what is there already."""

from bridge.domain.side import Side
from tests.proof.sweep.scenario import (
    LOSE_DATABASE,
    QUIET,
    SPARSE,
    SYNC,
    Scenario,
    add,
    backfill,
    edit,
    pair,
)

A = add(Side.KORE, "A", name="Pump leaks", desc="In the cellar", status="In Progress")
B = add(Side.KORE, "B", name="Door is stuck")
C = add(Side.V2, "C", title="Filter is old", description="Second floor", task_status="open")
D = add(Side.V2, "D", title="Lamp is out")
DONE = add(Side.KORE, "D", name="Lamp is out", status="Resolved")

ALL = (
    Scenario(
        name="backfill-one-each-side",
        given=(A, C),
        phases=(backfill(), SYNC),
        links=("A=A'", "C'=C"),
    ),
    Scenario(
        name="backfill-with-a-limit",
        given=(A, B),
        phases=(backfill(limit=1, is_whole=False), backfill()),
        links=("A=A'", "B=B'"),
    ),
    Scenario(
        name="backfill-leaves-what-is-finished",
        given=(A, DONE),
        phases=(backfill(),),
        links=("A=A'",),
        unlinked=("D finished",),
    ),
    Scenario(
        name="backfill-includes-what-is-finished",
        given=(DONE,),
        phases=(backfill(includes_finished=True),),
        links=("D=D'",),
    ),
    Scenario(
        name="backfill-skips",
        given=(A, C),
        phases=(backfill(skips=True), B, SYNC),
        links=("B=B'",),
        unlinked=("A left", "C left"),
    ),
    Scenario(
        name="backfill-from-kore-then-from-v2",
        given=(A, C),
        phases=(backfill(sides=(Side.KORE,)), backfill(sides=(Side.V2,)), backfill()),
        links=("A=A'", "C'=C"),
    ),
    Scenario(
        name="backfill-without-a-route",
        settings={"kore__routes": "[]"},
        given=(A, C),
        phases=(backfill(),),
        links=("A=A'",),
        unlinked=("C unroutable",),
    ),
    Scenario(
        name="backfill-probes-first",
        kore=SPARSE,
        given=(A, C),
        phases=(backfill(),),
        links=("A=A'", "C'=C"),
    ),
    Scenario(
        name="backfill-holds-what-is-hidden",
        is_blind=True,
        kore=SPARSE,
        settings={"kore__unobserved": "hold"},
        given=(A, C),
        phases=(backfill(),),
        links=("A=A'", "C'=C"),
    ),
    Scenario(
        name="backfill-after-the-database-was-lost",
        given=(*pair(Side.KORE, name="Pump leaks", desc="In the cellar"), C, SYNC, LOSE_DATABASE),
        phases=(backfill(),),
        links=("A=A'", "C'=C"),
    ),
    Scenario(
        name="backfill-after-the-database-was-lost-and-a-marker-in-v2",
        given=(B, A, backfill(), QUIET, edit("A'", description="A ladder"), QUIET, LOSE_DATABASE),
        phases=(backfill(), SYNC),
        links=("B=B'",),
        waits=("failed create task of A in v2", "failed create task of A' in kore"),
        unlinked=("A ambiguous", "A' ambiguous"),
    ),
    Scenario(
        name="backfill-after-the-database-was-lost-and-a-marker-in-kore",
        given=(C, D, backfill(), QUIET, edit("D'", desc="A ladder"), QUIET, LOSE_DATABASE),
        phases=(backfill(), SYNC),
        kore=SPARSE,
        links=("C'=C",),
        waits=("failed create task of D in kore", "failed create task of D' in v2"),
        unlinked=("D ambiguous", "D' ambiguous"),
    ),
    Scenario(
        name="backfill-after-the-database-was-lost-and-people-went-on",
        given=(
            *pair(Side.V2, title="Filter is old", description="Second floor"),
            LOSE_DATABASE,
            edit("A", title="Filter is very old"),
        ),
        phases=(backfill(), QUIET),
        links=("A'=A",),
    ),
)
