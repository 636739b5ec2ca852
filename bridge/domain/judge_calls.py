"""What is left of the calls that a side allows, judged for a check."""

from collections.abc import Mapping

from bridge.domain.finding import Finding, ok, warn
from bridge.domain.pace import Learnt
from bridge.domain.side import Side


def judge_calls(side: Side, left: Mapping[str, int], pace: Learnt | None) -> Finding:
    """What is left per window (`60/60s`: so many in so many seconds), and what was learnt."""
    what = f"{side.label} calls"
    counts = [f"{count} of {name.replace('/', ' in ')} left" for name, count in left.items()]
    found = ", ".join(counts) or "no limit is set"
    if pace is None:
        return ok(what, found)
    told = f"{side.label} refused more (429), {pace.calls_a_minute} a minute are assumed: {found}"
    return warn(what, told, f"It recovers by itself; set {side}.limits where the limits are known.")
