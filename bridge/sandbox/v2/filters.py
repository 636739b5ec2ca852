"""The filters of the v2 task list.

Takes the query, gives tests of one task. How a list is written, and what some filters do, is
unknown and switched; related filters other than `customer` find nothing in this world.
"""

from collections.abc import Callable, Iterable

from bridge.sandbox.answers import Asked
from bridge.sandbox.v2.switches import V2Switches
from bridge.sandbox.v2.task import Task
from bridge.sandbox.v2.world import V2World

Test = Callable[[Task], bool]
NEVER_LINKED = (
    "callId",
    "relatedContacts",
    "relatedUsers",
    "relatedObjects",
    "relatedAssignments",
    "relatedInvoices",
    "relatedEquipments",
)


def tests_of(asked: Asked, world: V2World, switches: V2Switches, now: int) -> list[Test]:
    """The tests that a row has to pass; none if filters are ignored or none was sent."""
    if switches.filters == "ignored":
        return []
    tests = [*_word_tests(asked, switches), *_list_tests(asked, switches)]
    text = asked.value("taskByTitleIdentifier")
    if text:
        tests.append(lambda task: _is_named(task, text, world, switches))
    if tests and switches.filter_withholds_seconds > 0:
        newest = now - switches.filter_withholds_seconds * 1000
        tests.append(lambda task: task.modified_ms <= newest)
    return tests


def _word_tests(asked: Asked, switches: V2Switches) -> Iterable[Test]:
    """Filters that take one word or several with commas."""
    readers: dict[str, Callable[[Task], str]] = {
        "taskStatus": lambda task: task.task_status or "",
        "priority": lambda task: task.priority or "",
        "status": _state_reader(switches),
        "taskFromRecurringTemplate": lambda _: "false",
    }
    for name, read in readers.items():
        words = {word for value in asked.values(name) for word in value.split(",")}
        if words:
            yield _one_of(read, words)


def _state_reader(switches: V2Switches) -> Callable[[Task], str]:
    if switches.status_filter == "task":
        return lambda task: task.task_status or ""
    return lambda _: str(switches.entity_status_value)


def _list_tests(asked: Asked, switches: V2Switches) -> Iterable[Test]:
    """Filters that take a list of ids."""
    readers: dict[str, Callable[[Task], list[str]]] = {
        "taskAssignee": lambda task: [task.assignee_id or ""],
        "taskType": lambda task: [task.task_type_id or ""],
        "customer": lambda task: [customer.id for customer in task.customers],
        "relatedCustomers": lambda task: [customer.id for customer in task.customers],
    } | {name: lambda _: [] for name in NEVER_LINKED}
    if switches.user_ids_filter == "assignee":
        readers["userIds"] = lambda task: [task.assignee_id or ""]
    for name, read in readers.items():
        wanted = _wanted(asked, name, switches)
        if wanted:
            yield _any_of(read, wanted)


def _wanted(asked: Asked, name: str, switches: V2Switches) -> set[str]:
    """The ids of a list in the one form that the service understands."""
    if switches.list_form == "brackets":
        return set(asked.values(f"{name}[]"))
    values = asked.values(name)
    if switches.list_form == "commas":
        return {entry for value in values for entry in value.split(",")}
    return set(values)


def _one_of(read: Callable[[Task], str], words: set[str]) -> Test:
    return lambda task: read(task) in words


def _any_of(read: Callable[[Task], list[str]], wanted: set[str]) -> Test:
    return lambda task: not wanted.isdisjoint(read(task))


def _is_named(task: Task, text: str, world: V2World, switches: V2Switches) -> bool:
    """Whether the text stands in the title, or is the task's number or identifier."""
    title = task.title or ""
    if switches.title_filter_case == "folded":
        title, text = title.lower(), text.lower()
    kind = world.task_types.get(task.task_type_id or "")
    numbers = {str(task.identifier), f"{kind.prefix if kind else ''}-{task.identifier}".lower()}
    if text.lower() in numbers:
        return True
    if switches.title_filter == "part":
        return text in title
    return f" {text} " in f" {title} "
