"""A task on one side, and its counterpart that is to be made."""

from bridge.domain.side import Side
from tests.proof.sweep.scenario import SYNC, Scenario, add, backfill

ALL = (
    Scenario(
        name="create-in-v2",
        given=(backfill(),),
        phases=(
            add(Side.KORE, "A", name="Pump leaks", desc="In the cellar", status="In Progress"),
            SYNC,
        ),
        links=("A=A'",),
    ),
)
