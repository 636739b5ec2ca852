"""Every event tells exactly the facts that its kind promises, and names nothing that is not there.

The table is what whoever watches may rely on: the log of the daemon, the progress of a backfill.
"""

from collections.abc import Collection, Iterator, Mapping

from bridge.domain.guard import GuardKind
from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.reading import ProbeForm
from bridge.domain.side import LinkId, Side
from bridge.ports import Event, Unit
from tests.sync.memory.laws.words import (
    Facts,
    amiss,
    is_clause,
    is_count,
    is_count_or_unknown,
    is_duration,
    is_field,
    is_number,
    is_sentence,
    is_side,
    is_side_or_both,
    is_task_id,
    is_text,
    is_truth,
    is_truth_or_unknown,
    of_type,
    one_of,
)


def _ids(value: object) -> bool:
    return isinstance(value, tuple) and all(is_task_id(one) for one in value)


def _by_side(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and {*value} == {str(side) for side in Side}
        and all(is_count(one) for one in value.values())
    )


_OF_A_FIELD: Facts = {"link": is_number, "field": is_field, "conflict": is_number}
_OF_A_FAILURE: Facts = {
    "failure": is_number,
    "link": lambda value: value is None or is_number(value),
    "side": is_side_or_both,
    "field": lambda value: value is None or is_field(value),
}
COUNTS = ("conflicts", "failures", "unmapped", "unroutable")

EVENTS: Mapping[str, Facts] = {
    # a run
    "cycle": {
        "run_id": is_number,
        "kind": one_of("sync", "sweep", "backfill", "rebuild"),
        "dry_run": is_truth,
        "read": _by_side,
        "linked": is_count,
        "created": _by_side,
        "updated": _by_side,
        **dict.fromkeys(COUNTS, is_count),
        "requests": _by_side,
        "seconds": is_duration,
        "operations": is_count,
        "is_idle": is_truth,
    },
    "batch": {"sent": is_count, "stale": is_count},
    "progress": {
        "step": one_of("read", "probe", "create"),
        "done": is_count,
        "total": is_count_or_unknown,
    },
    "waiting": {"seconds": is_duration, "reason": is_clause},
    "lease_offered": {},
    "took_over": {"owner": is_text, "reason": is_clause},
    # a side
    "side_failed": {"side": is_side, "reason": is_clause, "kind": is_text},
    "side_not_read": {"side": is_side, "reason": is_sentence},
    "sort_not_proved": {"side": is_side},
    "swept": {"side": is_side, "rows": is_count, "is_complete": is_truth},
    "deep_poll_waits": {"side": is_side, "seconds": is_duration, "reason": is_clause},
    "sweep_waits": {"side": is_side, "seconds": is_duration, "reason": is_clause},
    "probe_tried": {"form": of_type(ProbeForm), "moves": is_truth_or_unknown},
    "paused": {"side": is_side},
    "resumed": {"side": is_side},
    "guard_raised": {
        "kind": of_type(GuardKind),
        "side": is_side_or_both,
        "reason": is_sentence,
    },
    "guard_over": {"kind": of_type(GuardKind), "side": is_side_or_both},
    # first contact
    "first_contact_ended": {"how": is_text},
    "first_contact_again": {},
    # a task, a link
    "altered": {"side": is_side, "id": is_task_id, "field": is_field},
    "task_gone": {"side": is_side, "id": is_task_id, "name": is_text},
    "task_found_again": {"link": is_number},
    "survivor_spared": {"link": is_number, "reason": is_clause},
    "create_parked": {"side": is_side, "link": is_number, "candidates": _ids},
    "conflict": {"link": is_number, "field": is_field, "winner": is_side},
    "flap_parked": {"link": is_number, "field": is_field, "reason": is_sentence},
    # what people said
    "instruction": {
        "number": is_number,
        "kind": of_type(InstructionKind),
        "outcome": of_type(InstructionOutcome),
    },
    "retried": _OF_A_FAILURE,
    "discarded": _OF_A_FAILURE,
    "decided": _OF_A_FIELD,
    "restored": _OF_A_FIELD,
    "restore_dropped": _OF_A_FIELD,
}
_MORE: Mapping[str, Facts] = {
    "cycle": {"uncertain": _by_side},
    "progress": {"side": is_side},
    "sort_not_proved": {"late": is_number},
}
_OF_A_SIDE = (GuardKind.EMPTY, GuardKind.IDENTITY, GuardKind.PROBES)


def unlawful(event: Event) -> Iterator[str]:
    """What is not as promised in one event, by itself."""
    what, facts = f"event {event.what}", event.details
    promised = EVENTS.get(event.what)
    if promised is None:
        yield f"{what} is not in the table"
        return
    yield from amiss(what, facts, promised, _MORE.get(event.what))
    if event.what == "progress" and (facts.get("step") == "read") != ("side" in facts):
        yield f"{what}: a reading is of a side, and nothing else is: {facts}"
    is_of_guard = event.what in ("guard_raised", "guard_over")
    if is_of_guard and (facts.get("kind") in _OF_A_SIDE) != (facts.get("side") is not None):
        yield f"{what}: {facts.get('kind')} of {facts.get('side')}"


def strangers(event: Event, unit: Unit, links_ever: Collection[LinkId]) -> Iterator[str]:
    """Tasks and links that an event names and that nobody knows."""
    facts = event.details
    side, task_id, link_id = facts.get("side"), facts.get("id"), facts.get("link")
    if isinstance(side, Side) and isinstance(task_id, str):
        known = unit.known(side, [task_id]).get(task_id)
        if known is None:
            yield f"event {event.what}: {side} has no task {task_id}"
        elif "name" in facts and facts["name"] != known.task.name:
            yield f"event {event.what}: {task_id} is not called {facts['name']}"
    if link_id is not None and link_id not in links_ever and unit.link(link_id) is None:
        yield f"event {event.what}: there is no link {link_id}"
