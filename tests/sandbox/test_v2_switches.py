"""Every switch of the simulated v2 service changes what a client sees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bridge.sandbox import V2Switches
from bridge.sandbox.moments import to_ms
from tests.naming import stable_name
from tests.sandbox.desk import NOON, Desk
from tests.sandbox.seeing import Look, Seen, changes_something, missing

ISO = (NOON + timedelta(days=1)).isoformat()
AWFUL = "a\r\nb  \nc"
OTHER = "f" * 24
JSON, COLON = '{"by":"title","direction":1}', "title:1"


def bare(desk: Desk) -> Any:
    return desk.read(desk.job())


def rich(desk: Desk) -> Any:
    """A task that has everything."""
    return desk.read(desk.job(due=NOON, assignee=desk.v2.self_user_id, customers=["Northwind"]))


def creating(**body: Any) -> Look:
    """Status, body and first row after a create."""

    def look(desk: Desk) -> Any:
        answer = desk.send("POST", "/tasks/", {"title": "Paint", **body})
        return [answer.status_code, answer.text, desk.listed()]

    return look


def patching(*bodies: dict[str, Any], **fields: Any) -> Look:
    """Status codes and the task after some patches, a second apart."""

    def look(desk: Desk) -> Any:
        task_id, answers = desk.job(**fields), []
        for body in bodies:
            desk.clock.forward(1)
            answer = desk.patch(task_id, **body)
            answers.append([answer.status_code, answer.text])
        return [answers, desk.read(task_id)]

    return look


def assigning(desk: Desk) -> Any:
    """Whether each way to name an assignee works."""
    user = desk.v2.self_user_id
    ways: list[dict[str, Any]] = [{"assignee": {"entityId": user}}, {"assigneeId": user}]
    ways.append({"assignee": {"entityId": user, "name": "Api Key"}})
    shown = []
    for way in ways:
        task_id = desk.job()
        desk.patch(task_id, **way)
        shown.append(desk.read(task_id)["assignee"] is not None)
    return shown


def unassigning(desk: Desk) -> Any:
    """Whether each way to take an assignee off works."""
    shown = []
    ways: list[dict[str, Any]] = [{"assignee": None}, {"assignee": {}}, {"assigneeId": None}]
    for way in ways:
        task_id = desk.job(assignee=desk.v2.self_user_id)
        desk.patch(task_id, **way)
        shown.append(desk.read(task_id)["assignee"] is not None)
    return shown


def clearing_due(desk: Desk) -> Any:
    shown = []
    for empty in (None, ""):
        task_id = desk.job(due=NOON)
        desk.patch(task_id, dueDate=empty)
        shown.append(desk.read(task_id)["dueDate"])
    return shown


def sorting(desk: Desk) -> Any:
    """What each form of a sort gives."""
    for title in ("b", "c", "a"):
        desk.job(title=title)
    answers = [desk.send("GET", "/tasks/", sort=form) for form in (JSON, COLON)]
    return [a.status_code if a.is_error else [row["title"] for row in a.json()] for a in answers]


def unsorted(desk: Desk) -> Any:
    for number in range(20):
        desk.job(title=str(number))
    return desk.titles(sort=None)


def pages(desk: Desk) -> Any:
    for number in range(5):
        desk.job(title=f"J{number}")
    sort = '{"by":"number","direction":1}'
    return [desk.titles(sort=sort, limit=2, offset=offset) for offset in (0, 2, 4)]


def found(**query: Any) -> Look:
    """The titles that a query finds among two tasks."""

    def look(desk: Desk) -> Any:
        desk.job(title="Fix the Pump", task_status="open", assignee=desk.v2.self_user_id)
        desk.job(title="Paint")
        return sorted(desk.titles(**query))

    return look


def found_by_lists(desk: Desk) -> Any:
    """How many rows each way to write a list of two finds among three."""
    first, second = list(desk.v2.users)[:2]
    for user in (first, second, None):
        desk.job(assignee=user)
    query: list[dict[str, Any]] = [
        {"taskAssignee": [first, second]},
        {"taskAssignee": f"{first},{second}"},
        {"taskAssignee[]": [first, second]},
    ]
    return [len(desk.listed(**each)) for each in query]


def found_by_user(desk: Desk) -> int:
    desk.job(assignee=None)
    return len(desk.listed(userIds=desk.v2.self_user_id))


def statuses(desk: Desk) -> list[int]:
    return [desk.send("GET", "/tasks/").status_code for _ in range(3)]


def limited(desk: Desk) -> Any:
    """Two refusals for too many calls."""
    answers = [desk.send("GET", "/tasks/") for _ in range(3)][1:]
    return [[answer.headers.get("retry-after"), answer.text] for answer in answers]


def refused(desk: Desk) -> Any:
    answer = desk.send("GET", "/tasks/", sort="x")
    return [answer.status_code, answer.headers["content-type"], answer.text]


def completing(desk: Desk) -> Any:
    task_id = desk.job()
    desk.send("POST", f"/tasks/{task_id}/complete", {"emailText": "All done"})
    return desk.read(task_id)["completionResponse"]


def deleting(desk: Desk) -> Any:
    """A delete of one that is there and one that is not, and a read of the former."""
    task_id = desk.job()
    answer = desk.send("POST", "/tasks/delete", {"ids": [task_id, OTHER]})
    read = desk.send("GET", f"/tasks/{task_id}").status_code
    return [answer.status_code, answer.text, read]


def users(desk: Desk) -> Any:
    desk.v2.add_user("Otto Gone", is_active=False)
    return desk.send("GET", "/users/").json()


def types(desk: Desk) -> Any:
    return [desk.send("GET", "/taskTypes/", page=page, limit=2).json() for page in (0, 1, 2)]


ONE_CALL = {"limits": ((1, 60.0),)}
OPENING = frozenset({("new", "open")})
CASES = [
    Seen("sort", "colon", sorting),
    Seen("sort", "both", sorting),
    Seen("sort", "refused", sorting),
    Seen("sort", "ignored", sorting, {"unsorted_order": "stable"}),
    Seen("unsorted_order", "stable", unsorted),
    Seen("page_cap", 1, pages),
    Seen("page_overlap", 1, pages),
    Seen("rows_late_seconds", 5.0, pages),
    Seen("filters", "ignored", found(taskStatus="open")),
    Seen("filter_withholds_seconds", 5.0, found(taskByTitleIdentifier="Pump")),
    Seen("title_filter", "words", found(taskByTitleIdentifier="Pum")),
    Seen("title_filter_case", "exact", found(taskByTitleIdentifier="pump")),
    Seen("list_form", "commas", found_by_lists),
    Seen("list_form", "brackets", found_by_lists),
    Seen("status_filter", "task", found(status="open")),
    Seen("user_ids_filter", "assignee", found_by_user),
    Seen("create_status", 201, creating()),
    Seen("create_answer", "id", creating()),
    Seen("create_answer", "task", creating()),
    Seen("create_extra", "ignored", creating(taskStatus="open", tags=["a"])),
    Seen("unknown_fields", "refused", creating(colour="red")),
    Seen("patch_status", 204, patching({"title": "x"})),
    Seen("patch_answer", "ack", patching({"title": "x"})),
    Seen("patch_answer", "task", patching({"title": "x"})),
    Seen("unchanged_patch", "stays", patching({"title": "Fix the pump"})),
    Seen("read_only_fields", "ignored", patching({"number": 5, "title": "x"})),
    Seen("assign_by", "assigneeId", assigning),
    Seen("assign_by", "either", assigning),
    Seen("assignee_needs", "name_too", assigning),
    Seen("unassign", "empty_object", unassigning),
    Seen("unassign", "assignee_id_null", unassigning),
    Seen("clear_due", "empty_string", clearing_due),
    Seen("due_accepts", "any", patching({"dueDate": to_ms(NOON)}, {"dueDate": "1772625600000"})),
    Seen("completed_by_patch", "ignored", patching({"taskStatus": "completed"})),
    Seen("refused_moves", OPENING, patching({"taskStatus": "open"})),
    Seen("unknown_priority", "taken", patching({"priority": "Critical"})),
    Seen("clear_priority", "ignored", patching({"priority": None}, priority="low")),
    Seen("clear_priority", "refused", patching({"priority": None}, priority="low")),
    Seen("complete_sets_response", True, completing),
    Seen("deleted_task", "readable", deleting),
    Seen("delete_missing", "not_found", deleting),
    Seen("delete_status", 204, deleting),
    Seen("delete_answer", "empty_object", deleting),
    Seen("dates", "millis", bare),
    Seen("dates", "millis_string", bare),
    Seen("dates", "float", bare),
    Seen("due_dates", "millis", rich),
    Seen("due_dates", "millis_string", rich),
    Seen("due_dates", "float", rich),
    Seen("nobody_assigned", "empty_object", bare),
    Seen("nobody_assigned", "absent", bare),
    Seen("no_priority", "absent", bare),
    Seen("no_priority", "empty_string", bare),
    Seen("empty_keys", "absent", bare),
    Seen("last_modified_by", "hidden", bare),
    Seen("entity_status", "string", bare),
    Seen("entity_status_value", 3, bare),
    Seen("user_status", "int", users),
    Seen("task_type_shown", "name", bare),
    Seen("task_type_shown", "object", bare),
    Seen("related", "ids", rich),
    Seen("related", "empty", rich),
    Seen("inactive_users", "left_out", users),
    Seen("user_fields", "id_only", users),
    Seen("self_endpoint", "missing", lambda desk: desk.send("GET", "/users/self").status_code),
    Seen("task_type_page_base", 1, types),
    Seen("error_detail", "message", refused),
    Seen("error_shape", "html", refused),
    Seen("error_shape", "plain", refused),
    Seen("gateway", "html_200", lambda desk: desk.send("GET", "/tasks/").text),
    Seen("gateway", "error_object_200", lambda desk: desk.send("GET", "/tasks/").text),
    Seen("limits", ((1, 60.0),), statuses),
    Seen("retry_after", "date", limited, ONE_CALL),
    Seen("retry_after", "alternating", limited, ONE_CALL),
    Seen("retry_after", "none", limited, ONE_CALL),
    Seen("rate_wording", "Slow down", limited, ONE_CALL),
    Seen("clock_skew_seconds", 60.0, bare),
    Seen("time_precision", "seconds", bare),
    Seen("title_longest", 3, creating()),
    Seen("text_longest", 3, creating(description="Longer")),
    Seen("too_long", "refused", creating(), {"title_longest": 3}),
    Seen("text_stored", "line_feeds", creating(description=AWFUL)),
    Seen("text_stored", "trailing_blanks_cut", creating(description=AWFUL)),
    Seen("text_stored", "both", creating(description=AWFUL)),
    Seen("ignored_fields", frozenset({"title"}), patching({"title": "x", "dueDate": ISO})),
    Seen("refused_fields", frozenset({"title"}), patching({"title": "x", "dueDate": ISO})),
    Seen("tags_update", "add", patching({"tags": ["b"]}, tags=["a"])),
]


@pytest.mark.parametrize("case", CASES, ids=stable_name)
def test_a_switch_of_v2_changes_what_a_client_sees(
    make_desk: Callable[..., Desk], case: Seen
) -> None:
    assert changes_something(case, lambda base: make_desk(v2=base), "v2")


def test_every_switch_of_v2_has_a_case() -> None:
    assert missing(V2Switches, CASES) == set()
