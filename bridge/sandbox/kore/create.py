"""createTask and createCase: what a body must hold, and the record that comes of it.

A missing or wrong key is a 400, a case that does not exist a 404, a closed case the status that
the switch names (documented: a closed case takes no task).
"""

from dataclasses import replace
from typing import Any

from bridge.sandbox.answers import JsonObject, Refusal
from bridge.sandbox.identity import short_id
from bridge.sandbox.kore.record import Author, Record
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.kore.world import KoreWorld
from bridge.sandbox.moments import moment_in_range, parse_iso
from bridge.sandbox.texts import stored_text, stored_title

TASK_KEYS = ("caseId", "caseRefId", "taskTmp", "name", "userInfo", "source", "desc")
CASE_KEYS = ("caseTmp", "name", "desc", "userInfo", "source", "dueDate")
UNNAMED = "Untitled"


class CaseClosed(Refusal):
    """The one refusal whose status has a switch of its own."""


def new_task(
    world: KoreWorld, body: JsonObject, switches: KoreSwitches, author: Author | None, at: int
) -> Record:
    """A task put into its case; Open and Medium (documented), its assignee the template's."""
    _demand(body, TASK_KEYS, _optional(switches))
    case = _case_for(world, body, switches)
    if body["taskTmp"] != world.task_template_id:
        raise Refusal(400, "taskTmp is not known")
    record = Record(
        id=short_id("ti", world.rng),
        ref=world.next_ref("TS"),
        case_id=case.id,
        case_ref=case.ref,
        **_common(world, body, switches, author, at),
    )
    return world.put_task(_assigned_by_template(world, record, switches, author, at))


def new_case(
    world: KoreWorld, body: JsonObject, switches: KoreSwitches, author: Author | None, at: int
) -> Record:
    """A case, open; its due date is shown as ETA alone (observed)."""
    optional = _optional(switches)
    if switches.case_due_missing == "taken":
        optional |= {"dueDate"}
    _demand(body, CASE_KEYS, optional)
    record = Record(
        id=short_id("ci", world.rng),
        ref=world.next_ref("CS"),
        due_ms=_case_due(body.get("dueDate"), switches),
        due_as_eta_only=switches.case_due_shown == "eta",
        **_common(world, body, switches, author, at),
    )
    return world.put_case(record)


def _common(
    world: KoreWorld, body: JsonObject, switches: KoreSwitches, author: Author | None, at: int
) -> dict[str, Any]:
    """What a new task and a new case have in common."""
    return {
        "name": stored_title(body.get("name") or UNNAMED, switches),
        "desc": stored_text(body.get("desc") or "", switches),
        "customer": world.customer_of(body["userInfo"]),
        "source": body["source"],
        "status_id": world.status_named("Open").id,
        "priority_id": world.priority_named("Medium").id,
        "created_ms": at,
        "updated_ms": at,
        "created_by": author,
        "updated_by": author,
    }


def _optional(switches: KoreSwitches) -> set[str]:
    return {
        key
        for key, switch in (("desc", switches.desc_missing), ("name", switches.name_missing))
        if switch == "taken"
    }


def _demand(body: JsonObject, keys: tuple[str, ...], optional: set[str]) -> None:
    for key in keys:
        if key not in body:
            if key not in optional:
                raise Refusal(400, f"{key} is missing")
        elif key not in ("userInfo", "dueDate") and not isinstance(body[key], str):
            raise Refusal(400, f"{key} is not a text")
    if body.get("name") == "" and "name" not in optional:
        raise Refusal(400, "name is empty")
    _demand_customer(body["userInfo"])


def _demand_customer(given: object) -> None:
    """A name, and at least one way to tell who it is (documented)."""
    if not isinstance(given, dict) or not isinstance(given.get("name"), str):
        raise Refusal(400, "userInfo.name is missing")
    if not any(given.get(key) for key in ("_id", "emailId", "phoneNumber")):
        raise Refusal(400, "userInfo needs _id, emailId or phoneNumber")


def _case_for(world: KoreWorld, body: JsonObject, switches: KoreSwitches) -> Record:
    case = world.cases.rows.get(body["caseId"])
    if case is None:
        raise Refusal(switches.not_found_status, "Case not found")
    if body["caseRefId"] != case.ref:
        raise Refusal(400, "caseRefId is not that of the case")
    if world.is_closed(case.id):
        raise CaseClosed(switches.closed_case_status, "The case is closed")
    return case


def _assigned_by_template(
    world: KoreWorld, record: Record, switches: KoreSwitches, author: Author | None, at: int
) -> Record:
    """Unassigned, a queue, an agent or the creator (documented as a property of templates)."""
    if switches.new_assignee == "queue":
        return world.queued(record, next(iter(world.queues)))
    if switches.new_assignee == "agent":
        return world.assigned(record, next(iter(world.agents)), at)
    if switches.new_assignee == "creator" and author and world.agent(author.id):
        return world.assigned(record, author.id, at)
    return replace(record, assignee_type="unassigned")


def _case_due(value: object, switches: KoreSwitches) -> int | None:
    if value is None:
        return None
    try:
        if isinstance(value, int) and switches.case_due_number == "taken":
            return moment_in_range(value)
        return parse_iso(str(value))
    except ValueError:
        raise Refusal(400, "dueDate is not a date") from None
