"""Taking a link apart because a person says so: its row stays, in state `removed`.

Neither task is linked or created from again until it is linked by hand; nothing is written to
either service. With `forget` their texts go from the database as well.
"""

from bridge.domain.instruction import Instruction, InstructionOutcome
from bridge.domain.link import Link, LinkState
from bridge.domain.side import SIDES, LinkId
from bridge.ports import LinkView, Unit
from bridge.sync.desk import Desk
from bridge.sync.join import part
from bridge.sync.unsure import leave_results

Result = tuple[InstructionOutcome, str]
_CHANGED = "The link has changed meanwhile. Look at it with task-bridge links show, then say again."
_WAS_REMOVED = "a person removed the link whose create may have made it"
_STAYS = "Both tasks stay as they are; task-bridge links add links them again."


def remove_link(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Remove the link `details["link_id"]`, if it still has the two tasks that were shown."""
    view = unit.link(LinkId(wanted.details["link_id"]))
    if view is None or not _is_as_shown(view.link, wanted):
        return InstructionOutcome.VOID, _CHANGED
    link, names = view.link, _names(view)
    was_removed = link.state is LinkState.REMOVED
    if link.state is LinkState.CREATING:
        leave_results(desk, unit, link, _WAS_REMOVED)
    if not was_removed:
        ids = {side: task_id for side in SIDES if (task_id := link.task_id(side)) is not None}
        part(desk, unit, ids, "a person removed the link")
    if wanted.details.get("forget"):
        unit.forget_texts(link.id)
        return InstructionOutcome.DONE, f"The link of {names} is removed, their texts forgotten."
    done = "was removed already" if was_removed else "is removed"
    return InstructionOutcome.DONE, f"The link of {names} {done}. {_STAYS}"


def _is_as_shown(link: Link, wanted: Instruction) -> bool:
    return all(wanted.details[f"{side}_id"] == link.task_id(side) for side in SIDES)


def _names(view: LinkView) -> str:
    known = {SIDES[0]: view.kore, SIDES[1]: view.v2}
    found = [one.task.name if one else view.link.task_id(side) for side, one in known.items()]
    return " and ".join(name for name in found if name)
