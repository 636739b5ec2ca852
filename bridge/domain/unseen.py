"""The fields of a side that nobody sees, and what in step means then; pure.

A field that Kore's list hides is seen by a probe, where those are sent. One that no probe asks
for may have changed without a trace: it takes no part in what a pair is judged by.
"""

from collections.abc import Collection, Iterator, Mapping

from bridge.domain.policy import Unobserved
from bridge.domain.reconciled import Joined, World
from bridge.domain.side import SIDES, Field, Side

SEEN_AGREE = "All fields that can be seen agree"
UNASKED = 'kore.unobserved = "probe", or rows of Kore that carry them'
REFUSED = "rows of Kore that carry them, for it refuses probes"
NEVER_ASKED = "rows of v2 that carry them"


def unseen_note(
    hidden: Mapping[Side, Collection[Field]],
    carried: Collection[Field],
    wanted: Unobserved,
    *,
    takes_probes: bool,
) -> Iterator[str]:
    """The sentence on the carried fields that a list hides and no probe asks for; none for none.

    `wanted` is what the configuration says, `takes_probes` whether the account takes them.
    """
    ways = {Side.V2: NEVER_ASKED}
    if wanted is not Unobserved.PROBE or not takes_probes:
        ways[Side.KORE] = REFUSED if wanted is Unobserved.PROBE else UNASKED
    blind = _blind({side: hidden[side] for side in SIDES if side in ways}, carried)
    if blind:
        how = "; ".join(ways[side] for side in blind)
        yield (
            f"Not seen, for the list hides them and no probe asks for them: {_listed(blind)}. In "
            f"step means that all fields that can be seen agree. To see them: {how}."
        )


def unseen_of(pair: Joined, world: World) -> str:
    """What is said of a pair in step: its fields that nobody sees; empty where there are none."""
    is_probed = world.policy.unobserved is Unobserved.PROBE
    known = {side: pair.known(side) for side in SIDES if not (is_probed and side is Side.KORE)}
    hidden = {side: one.task.hidden for side, one in known.items() if one}
    blind = _blind(hidden, world.agreement.fields)
    return f"{SEEN_AGREE}; not seen: {_listed(blind)}." if blind else ""


def _blind(
    hidden: Mapping[Side, Collection[Field]], carried: Collection[Field]
) -> dict[Side, list[Field]]:
    """The carried fields that are hidden, of the sides that hide some."""
    wanted = {side: {*found} & {*carried} for side, found in hidden.items()}
    return {side: [one for one in Field if one in found] for side, found in wanted.items() if found}


def _listed(blind: Mapping[Side, Collection[Field]]) -> str:
    return "; ".join(f"{', '.join(names)} of {side.label}" for side, names in blind.items())
