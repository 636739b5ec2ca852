"""Both sides changed one field: who wins, by every rule."""

from typing import Any

from bridge.domain.side import Side
from bridge.sandbox import V2Switches
from tests.proof.sweep.scenario import SPARSE, SYNC, Scenario, Wait, edit, pair

PAIR = pair(Side.KORE, name="Pump leaks", desc="In the cellar", priority="Low")
KORE_SAYS = edit("A", name="Kore says so")
V2_SAYS = edit("A'", title="v2 says so")


def _conflict(name: str, *phases: Any, **given: Any) -> Scenario:
    return Scenario(
        name=f"conflict-{name}",
        **{"given": PAIR, "phases": (*phases, SYNC), "links": ("A=A'",), **given},
    )


ALL = (
    _conflict("newest-is-v2", KORE_SAYS, Wait(60), V2_SAYS),
    _conflict("newest-is-kore", V2_SAYS, Wait(60), KORE_SAYS),
    _conflict(
        "a-tie-for-v2",
        KORE_SAYS,
        V2_SAYS,
        settings={
            "sync__tie": "v2",
            "sync__clock_tolerance_seconds": "30",
        },
    ),
    _conflict(
        "a-tie-for-kore",
        V2_SAYS,
        KORE_SAYS,
        settings={
            "sync__clock_tolerance_seconds": "30",
        },
    ),
    _conflict(
        "rules-by-field",
        edit("A", name="Kore says so", priority="High"),
        edit("A'", title="v2 says so", priority="urgent"),
        settings={"sync__conflict": "kore", "sync__conflict_fields": '{"priority": "v2"}'},
    ),
    _conflict(
        "of-one-field-while-others-flow",
        edit("A", name="Kore says so", status="In Progress"),
        Wait(60),
        edit("A'", title="v2 says so", description="And a note"),
        v2=V2Switches(),
    ),
    _conflict("to-the-same-value", edit("A", name="Agreed"), edit("A'", title="Agreed")),
    _conflict(
        "of-a-hidden-field",
        edit("A", desc="Kore's text"),
        Wait(60),
        edit("A'", description="v2's text"),
        kore=SPARSE,
    ),
)
