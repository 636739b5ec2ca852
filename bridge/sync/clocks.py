"""How far the clocks of the two services are apart, as their own `Date` headers told."""

from collections.abc import Mapping

from bridge.domain.side import SIDES, Side
from bridge.ports import Unit


def skews_of(unit: Unit) -> Mapping[Side, float]:
    """By how many seconds each side's clock is ahead of ours; one that is not known is right."""
    return {side: unit.side_state(side).skew_seconds or 0.0 for side in SIDES}


def skew_between(unit: Unit) -> float:
    """v2's clock minus Kore's, in seconds."""
    skews = skews_of(unit)
    return skews[Side.V2] - skews[Side.KORE]
