"""The lawful ends where nothing shows what stands in a description of Kore.

No list shows it, no probe may be sent: what an open create made cannot be told from what people
made. So the bridge asks a person (design section 8), and what is applied after the settle time is
a task like any other. Nothing else may differ from the uninterrupted end.
"""

import copy
from collections.abc import Mapping
from typing import Any

from tests.proof.sweep.ending import Ending
from tests.proof.sweep.points import Attempt, Fate

APPLIED = (Fate.LOST, Fate.FAILED, Fate.LATE)


def parked_end(expected: Ending, found: Ending, attempt: Attempt) -> Ending | None:
    """The lawful end in which a create in Kore waits for a person; None if none does."""
    parked = [name for name, link in found.facts["link"].items() if link["state"] == "creating"]
    is_of_create = _is_create_in_kore(attempt) and attempt.fate in APPLIED
    # Whoever dies in v2's thread may have a create under way in Kore's.
    is_beside_one = attempt.point.thread == "v2" and not attempt.is_alive
    if not parked or not (is_of_create or is_beside_one or attempt.second):
        return None
    facts = copy.deepcopy(dict(expected.facts))
    for name in parked:
        _park(facts, found.facts, name.removeprefix("nothing="))
    return Ending(facts)


def unseen_problems(expected: Ending, found: Ending, attempt: Attempt) -> list[str] | None:
    """What is wrong with an end in which a create came too late to be known for what it is."""
    is_too_late = _is_create_in_kore(attempt) and attempt.fate is Fate.TOO_LATE
    if not is_too_late or [one.standing for one in found.surplus.values()] != ["linked"]:
        return None
    facts = dict(found.facts)
    (name,) = found.surplus
    for kind, key in (("link", f"{name}=?'"), ("task", "?'")):
        left = dict(facts[kind])
        if left.pop(key, None) is None:
            return [f"{kind}/{key}: it is linked, and that is not there"]
        facts[kind] = left
    return expected.differences(Ending(facts))


def _is_create_in_kore(attempt: Attempt) -> bool:
    return attempt.point.is_create and attempt.point.thread == "kore"


def _park(facts: dict[str, Any], found: Mapping[str, Any], origin: str) -> None:
    """The expected facts, if the create for that v2 task was applied and is not known for it."""
    made, task = f"{origin}'", found["task"]
    link = facts["link"].pop(f"{made}={origin}", {})
    facts["link"][f"nothing={origin}"] = {**link, "state": "creating", "bases": {}}
    facts["unlinked"][made] = "held"
    facts["wait"][f"failed create task of nothing={origin} in kore"] = [[None, None, None]]
    facts["open"] = sorted([*facts["open"], "create in kore"])
    # What follows a create is not done: its completing update, the tag of its origin.
    if made in task and task[made]["name"] == facts["task"][made]["name"]:
        facts["task"][made] = task[made]
    if not task[origin]["tags"]:
        facts["task"][origin] = {**facts["task"][origin], "tags": task[origin]["tags"]}
