"""How far the clocks of the two services are apart, as their own `Date` headers told."""

from bridge.domain.side import SIDES, Side
from bridge.ports import Unit


def skew_between(unit: Unit) -> float:
    """v2's clock minus Kore's, in seconds; a clock of which nothing is known counts as right."""
    skews = {side: unit.side_state(side).skew_seconds or 0.0 for side in SIDES}
    return skews[Side.V2] - skews[Side.KORE]
