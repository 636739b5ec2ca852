"""The filters of getTasks and getCases.

Takes the request body, gives a test of one record. Which filters narrow, how names compare and
which dates are bounded is unknown and therefore switched.
"""

from collections.abc import Callable, Iterable
from typing import Any

from bridge.sandbox.answers import JsonObject, Refusal
from bridge.sandbox.kore.record import Record
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.kore.world import KoreWorld
from bridge.sandbox.moments import parse_iso

Test = Callable[[Record], bool]
UNFINISHED = ("open", "in progress", "on hold")


def tests_of(
    body: JsonObject, world: KoreWorld, switches: KoreSwitches, offset_minutes: int, caller: str
) -> list[Test]:
    """The tests that a row has to pass; none if the service ignores filters."""
    if switches.filters == "ignored":
        return []
    shift = offset_minutes * 60_000 if switches.timezone_offset == "shifts" else 0
    tests = [
        *_list_tests(body, world, switches),
        *_flag_tests(body, world, switches, caller),
        *_date_tests(body, switches, shift),
    ]
    text = body.get("searchText")
    if text:
        tests.append(lambda record: str(text).lower() in record.name.lower())
    return tests


def _list_tests(body: JsonObject, world: KoreWorld, switches: KoreSwitches) -> Iterable[Test]:
    """One test for each list of names that the body holds."""
    fold = _folded if switches.name_filter == "folded" else str
    readers: dict[str, Callable[[Record], str]] = {
        "status": lambda record: fold(world.statuses[record.status_id].name),
        "priority": lambda record: fold(world.priorities[record.priority_id].name),
        "agents": lambda record: _agent(record, world, switches),
        "queues": lambda record: _queue(record, world, switches),
        "channel": lambda record: record.source,
    }
    for key, read in readers.items():
        wanted = names_in(body, key)
        if wanted is None or (not wanted and switches.empty_list_filter == "all"):
            continue
        names = {fold(name) if key in ("status", "priority") else name for name in wanted}
        yield _one_of(read, names)


def names_in(body: JsonObject, key: str) -> list[str] | None:
    """A list of names in a request; None if it was not sent; a 400 if it is no list."""
    value = body.get(key)
    if value is None:
        return None
    if not isinstance(value, list):
        raise Refusal(400, f"{key} is not a list")
    return [str(entry) for entry in value]


def _one_of(read: Callable[[Record], str], names: set[str]) -> Test:
    return lambda record: read(record) in names


def _folded(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign not in " -_")


def _agent(record: Record, world: KoreWorld, switches: KoreSwitches) -> str:
    agent = world.agent(record.agent_id)
    if agent is None:
        return ""
    shown = {"agentId": agent.agent_id, "aId": agent.account_agent_id, "name": agent.name}
    return shown[switches.agents_filter]


def _queue(record: Record, world: KoreWorld, switches: KoreSwitches) -> str:
    if record.queue is None:
        return ""
    return record.queue if switches.queues_filter == "name" else world.queues[record.queue]


def _flag_tests(
    body: JsonObject, world: KoreWorld, switches: KoreSwitches, caller: str
) -> Iterable[Test]:
    if body.get("unresolved") is True:
        yield lambda record: world.statuses[record.status_id].category in UNFINISHED
    if body.get("unassigned") is True:
        yield lambda record: record.assignee_type == "unassigned"
    names = ("mytask", "mycase") if switches.mine_filter == "both" else (switches.mine_filter,)
    is_known = caller in world.agents
    if any(body.get(name) is True for name in names) and (is_known or switches.caller == "nobody"):
        yield lambda record: is_known and record.agent_id == caller


def _date_tests(body: JsonObject, switches: KoreSwitches, shift: int) -> Iterable[Test]:
    start, end, due = (_moment(body, key, shift) for key in ("startDate", "endDate", "dueDate"))
    if start is not None or end is not None:
        yield lambda record: _is_between(_dated(record, switches), start, end, switches)
    if due is not None:
        yield lambda record: record.due_ms == due


def _moment(body: JsonObject, key: str, shift: int) -> int | None:
    value: Any = body.get(key)
    if value in (None, ""):
        return None
    try:
        return parse_iso(value) + shift
    except (TypeError, ValueError):
        raise Refusal(400, f"{key} is not a date") from None


def _dated(record: Record, switches: KoreSwitches) -> int | None:
    if switches.date_filter == "dueDate":
        return record.due_ms
    return record.created_ms if switches.date_filter == "createdAt" else record.updated_ms


def _is_between(
    moment: int | None, start: int | None, end: int | None, switches: KoreSwitches
) -> bool:
    if moment is None or (start is not None and moment < start):
        return False
    if end is None:
        return True
    return moment <= end if switches.end_date == "inside" else moment < end
