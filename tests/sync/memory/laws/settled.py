"""A pair that the store calls settled is in step, by the word of the planner."""

from collections.abc import Iterator

from bridge.domain.agreement import Agreement
from bridge.domain.judge_pair import troubles_of
from bridge.domain.reconciled import Joined, World
from bridge.domain.side import SIDES
from bridge.ports import Unit
from bridge.sync.desk import Desk


def unlawful(desk: Desk, unit: Unit) -> Iterator[str]:
    """The pairs that a report counts as in step without a look, and that are not."""
    agreement = Agreement(desk.rules.mapping, unit.vocabulary())
    settled = unit.settled_links(agreement.fields)
    world = World(
        at=desk.clock.now(),
        agreement=agreement,
        policy=desk.policy,
        shown={side: frozenset(tasks[side] for tasks in settled.values()) for side in SIDES},
        is_whole=dict.fromkeys(SIDES, True),
    )
    for view in unit.all_links():
        if view.link.id in settled:
            pair = Joined(link=view.link, kore=view.kore, v2=view.v2, waits=view.waits)
            for trouble in troubles_of(pair, world):
                yield f"link {view.link.id} is called settled, and is {trouble.state}: " + (
                    trouble.reason
                )
