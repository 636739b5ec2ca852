"""One direction only, the other order of polls, and settings that change."""

from typing import Any

from bridge.domain.side import Side
from tests.proof.sweep.scenario import SYNC, Scenario, add, backfill, edit, pair, settings

KORE_PAIR = pair(Side.KORE, name="Pump leaks", desc="In the cellar")
V2_PAIR = pair(Side.V2, title="Filter is old", description="Second floor")
IN_KORE = add(Side.KORE, "C", name="Door is stuck", status="In Progress")
IN_V2 = add(Side.V2, "D", title="Lamp is out", task_status="in_progress")
TO_V2 = {"sync__direction": "kore-to-v2"}
TO_KORE = {"sync__direction": "v2-to-kore"}
V2_FIRST = (Side.V2, Side.KORE)


def _one_way(name: str, *phases: Any, **given: Any) -> Scenario:
    return Scenario(name=f"one-way-{name}", phases=phases, **given)


ALL = (
    _one_way(
        "to-v2-creates",
        IN_KORE,
        IN_V2,
        SYNC,
        given=(backfill(),),
        settings=TO_V2,
        links=("C=C'",),
        unlinked=("D out_of_scope",),
    ),
    _one_way(
        "to-v2-updates",
        edit("A", name="Pump leaks badly"),
        SYNC,
        given=KORE_PAIR,
        settings=TO_V2,
        links=("A=A'",),
    ),
    _one_way(
        "to-kore-updates",
        edit("A", title="Filter is very old"),
        SYNC,
        given=V2_PAIR,
        settings=TO_KORE,
        links=("A'=A",),
    ),
    _one_way(
        "to-v2-drift",
        edit("A'", title="Changed in v2"),
        SYNC,
        edit("A", priority="High"),
        SYNC,
        given=KORE_PAIR,
        settings=TO_V2,
        links=("A=A'",),
        waits=("drift update title of A=A' in kore",),
    ),
    _one_way(
        "to-kore-conflict",
        edit("A", title="v2 says so"),
        edit("A'", name="Kore says so"),
        SYNC,
        given=V2_PAIR,
        settings=TO_KORE,
        links=("A'=A",),
    ),
    _one_way(
        "and-then-both",
        edit("A'", title="Changed in v2"),
        SYNC,
        settings(sync__direction="both"),
        SYNC,
        given=KORE_PAIR,
        settings=TO_V2,
        links=("A=A'",),
    ),
    Scenario(
        name="v2-polled-first-creates",
        polls=V2_FIRST,
        given=(backfill(),),
        phases=(IN_KORE, IN_V2, SYNC),
        links=("C=C'", "D'=D"),
    ),
    Scenario(
        name="v2-polled-first-conflict",
        polls=V2_FIRST,
        given=V2_PAIR,
        phases=(edit("A", title="v2 says so"), edit("A'", name="Kore says so"), SYNC),
        settings={"sync__conflict": "v2"},
        links=("A'=A",),
    ),
    Scenario(
        name="v2-polled-first-backfill",
        polls=V2_FIRST,
        given=(IN_KORE, IN_V2),
        phases=(backfill(),),
        links=("C=C'", "D'=D"),
    ),
)
