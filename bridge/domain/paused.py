"""What waits for a side that is not written to, in words; pure.

A side that people paused is read and not written to; while a guard stands neither side is, and
the guard comes first in words, for it stands whatever is resumed. A probe is a write to Kore too,
so while Kore is paused a pair whose Kore task has to be seen whole first waits as a whole,
whichever way its change goes.
"""

from collections.abc import Collection, Sequence

from bridge.domain.side import SIDES, Side

BY_PROBE = (
    "It waits until Kore is written to again: what its list hides only a probe shows, and that is "
    "a write. {Are}: task-bridge {resume}."
)
UNTIL_THEN = "Nothing: {are}. To have it {done}: task-bridge {resume}."
NOR_A_DAEMON = (
    "Nothing {carries} it while {are} and no daemon runs: task-bridge {resume}, then task-bridge "
    "run, or task-bridge sync once."
)

GUARDED = "Nothing: a guard stands; see task-bridge guard show."
GUARDED_SEARCH = f"{GUARDED} It is looked for after that; it is never created twice."

# What becomes of the fields beside one that waits for a person.
CARRIED = "the other fields are carried."
NOT_TO = "of the others nothing is written to {name} while it is paused: task-bridge {resume}."
NOTHING = "the others wait too, for {are}: task-bridge {resume}."


def next_of_closed(
    sides: Sequence[Side],
    *,
    is_probed: bool,
    is_guarded: bool = False,
    is_carried_soon: bool = True,
    done: str = "written",
) -> str:
    """What becomes of what waits for these sides, which are not written to.

    `is_probed`: it waits for a probe of Kore. `is_guarded`: for a guard stands; else they are
    paused. `is_carried_soon`: a daemon is alive.
    """
    words = _words(sides, is_guarded=is_guarded)
    if not is_carried_soon:
        return NOR_A_DAEMON.format(carries="creates" if done == "created" else "carries", **words)
    if is_guarded:
        return GUARDED
    is_seen = not is_probed or Side.KORE not in sides
    return (UNTIL_THEN if is_seen else BY_PROBE).format(done=done, **words)


def fate_of_others(closed: Collection[Side], *, is_probed: bool, is_guarded: bool = False) -> str:
    """What becomes of a pair's other fields, as the end of a sentence."""
    sides = [side for side in SIDES if side in closed]
    if not sides:
        return CARRIED
    is_all = len(sides) == len(SIDES) or (is_probed and Side.KORE in sides)
    return (NOTHING if is_all else NOT_TO).format(
        name=sides[0].label, **_words(sides, is_guarded=is_guarded)
    )


def _words(sides: Sequence[Side], *, is_guarded: bool) -> dict[str, str]:
    if is_guarded:
        are = "a guard stands"
        return {"are": are, "Are": are.capitalize(), "resume": "guard show"}
    if len(sides) == len(SIDES):
        are, resume = "both sides are paused", "resume"
        return {"are": are, "Are": are.capitalize(), "resume": resume}
    are = f"{sides[0].label} is paused"
    return {"are": are, "Are": are, "resume": f"resume {sides[0]}"}
