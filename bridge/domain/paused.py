"""What waits for a side that people paused, in words; pure.

A paused side is read and not written to. A probe is a write to Kore too, so while Kore is paused
a pair whose Kore task has to be seen whole first waits as a whole, whichever way its change goes.
"""

from collections.abc import Sequence

from bridge.domain.side import SIDES, Side

BY_PROBE = (
    "It waits until Kore is written to again: what its list hides only a probe shows, and that is "
    "a write. {Are}: task-bridge {resume}."
)
UNTIL_THEN = "Nothing: {are}. To have it {done}: task-bridge {resume}."
NOR_A_DAEMON = (
    "Nothing carries it while {are} and no daemon runs: task-bridge {resume}, then task-bridge "
    "run, or task-bridge sync once."
)


def next_of_paused(
    sides: Sequence[Side], *, is_probed: bool, is_carried_soon: bool = True, done: str = "written"
) -> str:
    """What becomes of what waits for these sides, which are paused.

    `is_probed`: it waits for a probe of Kore. `is_carried_soon`: a daemon is alive.
    """
    words = _words(sides)
    if not is_carried_soon:
        return NOR_A_DAEMON.format(**words)
    is_seen = not is_probed or Side.KORE not in sides
    return (UNTIL_THEN if is_seen else BY_PROBE).format(done=done, **words)


def _words(sides: Sequence[Side]) -> dict[str, str]:
    if len(sides) == len(SIDES):
        are, resume = "both sides are paused", "resume"
        return {"are": are, "Are": are.capitalize(), "resume": resume}
    are = f"{sides[0].label} is paused"
    return {"are": are, "Are": are, "resume": f"resume {sides[0]}"}
