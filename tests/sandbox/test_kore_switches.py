"""Every switch of the simulated Kore changes what a client sees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from bridge.sandbox import KoreSwitches
from bridge.sandbox.moments import to_ms
from tests.naming import stable_name
from tests.sandbox.desk import NOON, Desk
from tests.sandbox.seeing import Look, Seen, changes_something, missing

DUE = to_ms(NOON + timedelta(days=1))
AWFUL = "a\r\nb  \nc"


def row(desk: Desk) -> Any:
    """The row of a task that has everything."""
    agent = desk.kore.agents[0]["agentId"]
    desk.task(desc="d", assignee=agent, due=NOON, tags=["t"])
    return desk.rows()[0]


def whole(desk: Desk) -> Any:
    return desk.update(desk.task()).json()


def created(desk: Desk) -> Any:
    answer = desk.create()
    return [answer.status_code, answer.text]


def with_the_usual_token(desk: Desk) -> int:
    claims = {"sub": "tests", "appId": desk.kore.client_id}
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(desk.kore.client_secret))
    return desk.ask("getTasks", auth=token).status_code


def statuses(desk: Desk) -> list[int]:
    return [desk.ask("getTasks").status_code for _ in range(3)]


def limited(desk: Desk) -> Any:
    """Two refusals for too many calls."""
    answers = [desk.ask("getTasks") for _ in range(3)][1:]
    return [[answer.headers.get("retry-after"), answer.text] for answer in answers]


def refused(desk: Desk) -> Any:
    answer = desk.ask("getTasks", {"limit": 0})
    return [answer.status_code, answer.headers["content-type"], answer.text]


def refused_token(desk: Desk) -> int:
    return desk.ask("getTasks", auth="x").status_code


def not_found(desk: Desk) -> int:
    return desk.update("ti-none", name="x").status_code


def closed(desk: Desk) -> list[int]:
    task_id = desk.task()
    desk.kore.close_case(desk.case_id)
    return [desk.update(task_id, name="x").status_code, desk.create().status_code]


def pages(desk: Desk) -> Any:
    """Two pages of two of a list of five, and one past the end."""
    for number in range(5):
        desk.task(name=f"T{number}")
    found = [desk.ask("getTasks", {"limit": 2, "skip": skip}).json() for skip in (0, 2, 4)]
    return [{**page, "results": [entry["name"] for entry in page["results"]]} for page in found]


def unlimited(desk: Desk) -> int:
    for number in range(60):
        desk.task(name=f"T{number}")
    return len(desk.rows())


def sorted_by(sort: Any) -> Look:
    """The order of three tasks that were changed in another order than they were made."""

    def look(desk: Desk) -> Any:
        ids = []
        for name in ("B", "C", "A"):
            desk.clock.forward(1)
            ids.append(desk.task(name=name))
        desk.clock.forward(1)
        desk.kore.edit_task(ids[1], desc="touched")
        answer = desk.ask("getTasks", {"sortBy": sort})
        if answer.status_code != 200:
            return answer.status_code
        return [entry["name"] for entry in answer.json()["results"]]

    return look


def updating(*bodies: dict[str, Any], **fields: Any) -> Look:
    """Status codes and the task after some updates, a second apart."""

    def look(desk: Desk) -> Any:
        task_id = desk.task(**fields)
        answers = []
        for body in bodies:
            desk.clock.forward(1)
            answers.append(desk.update(task_id, **body).status_code)
        return [answers, desk.kore.tasks[task_id]]

    return look


def found(**query: Any) -> Look:
    """The names that a query finds among three different tasks."""

    def look(desk: Desk) -> Any:
        agent = desk.kore.agents[0]["agentId"]
        desk.task(name="one", priority="High", status="In Progress", assignee=agent)
        desk.clock.forward(60)
        desk.task(name="two", queue="FieldQueue", due=NOON)
        desk.clock.forward(60)
        desk.task(name="three")
        desk.kore.edit_task(next(iter(desk.kore.tasks)), desc="late")
        return sorted(desk.names(**query))

    return look


def found_of_agent(desk: Desk) -> Any:
    """What the agents filter finds by each of three ways to name one."""
    agent = desk.kore.agents[0]
    desk.task(assignee=agent["agentId"])
    return [len(desk.names(agents=[agent[key]])) for key in ("agentId", "aId", "name")]


def found_in_queue(desk: Desk) -> Any:
    queue = desk.kore.tasks[desk.task(queue="FieldQueue")]["queues"][0]
    return [len(desk.names(queues=[queue[key]])) for key in ("name", "_id")]


def found_with_offset(desk: Desk) -> Any:
    desk.task()
    body = {"startDate": (NOON + timedelta(minutes=1)).isoformat()}
    return len(desk.ask("getTasks", body, X_Timezone_Offset="-60").json()["results"])


def found_as_mine(desk: Desk) -> Any:
    agent = desk.kore.agents[0]["agentId"]
    desk.task(assignee=agent)
    desk.task()
    token = desk.token(sub=agent)
    flags = ({"mytask": True}, {"mycase": True})
    return [len(desk.ask("getTasks", flag, auth=token).json()["results"]) for flag in flags]


def cases_named_else(desk: Desk) -> int:
    return len(desk.ask("getCases", {"name": "no such case"}).json()["results"])


def assigning(desk: Desk) -> Any:
    """Whether each way to name an agent is taken."""
    agent, task_id = desk.kore.agents[0], desk.task()
    ways = (agent, {"agentId": agent["agentId"]}, {"aId": agent["aId"]})
    return [desk.update(task_id, currAssignee=way).status_code for way in ways]


def unassigning(desk: Desk) -> Any:
    """Whether each way to take an agent off works."""
    agent, left = desk.kore.agents[0]["agentId"], []
    bodies: list[dict[str, Any]] = [{"currAssignee": {}}, {"currAssignee": None}]
    for body in (*bodies, {"assigneeType": "unassigned"}):
        task_id = desk.task(assignee=agent)
        left.append(desk.update(task_id, **body).json()["assigneeType"])
    return left


def clearing_due(desk: Desk) -> Any:
    """Whether each way to remove a due date works."""
    bodies = ({"dueDate": None, "ETA": ""}, {"dueDate": 0, "ETA": ""})
    return ["dueDate" in desk.update(desk.task(due=NOON), **body).json() for body in bodies]


def setting_due(desk: Desk) -> Any:
    """Whether each way to set a due date works."""
    iso = (NOON + timedelta(days=1)).isoformat()
    bodies = ({"dueDate": DUE}, {"ETA": iso}, {"dueDate": DUE, "ETA": iso})
    return ["dueDate" in desk.update(desk.task(), **body).json() for body in bodies]


def clearing_text(desk: Desk) -> Any:
    return [desk.update(desk.task(desc="d"), desc=empty).json().get("desc") for empty in ("", None)]


def creating_case(**more: Any) -> Look:
    """The answer to a createCase."""

    def look(desk: Desk) -> Any:
        due = {"dueDate": "2026-05-01T10:00:00Z", **more}
        body = desk.creation(caseTmp=desk.kore.case_template_id, **due)
        answer = desk.ask("createCase", body)
        return [answer.status_code, answer.json().get("dueDate"), answer.json().get("ETA")]

    return look


def lifetimes(desk: Desk) -> list[int]:
    now = int(NOON.timestamp())
    spans = ({"exp": now - 5}, {"exp": now + 900, "iat": now}, {"exp": now + 60, "iat": now})
    return [desk.ask("getTasks", auth=desk.token(**span)).status_code for span in spans]


def searched_fresh(desk: Desk) -> int:
    desk.task(name="pump")
    return len(desk.names(searchText="pump"))


def with_status_off(desk: Desk) -> Any:
    closed_status = desk.kore.statuses[-1]
    return desk.update(desk.task(), status={"_id": closed_status["_id"]}).status_code


def written_by_name(kind: str) -> Look:
    return updating({kind: {"name": {"status": "Closed", "priority": "High"}[kind]}})


ONE_CALL = {"limits": ((1, 60.0),)}
CASES = [
    Seen("algorithm", "HS512", with_the_usual_token),
    Seen("jti", "required", lambda desk: desk.ask("getTasks").status_code),
    Seen("jwe", True, lambda desk: desk.ask("getTasks").status_code),
    Seen("token_leeway_seconds", 10.0, lifetimes),
    Seen("token_longest_seconds", 300.0, lifetimes),
    Seen("scope", "missing", lambda desk: desk.ask("getTasks").status_code),
    Seen("scope_status", 401, lambda desk: desk.ask("getTasks").status_code, {"scope": "missing"}),
    Seen("headers_required", frozenset({"client-app"}), statuses),
    Seen("limits", ((1, 60.0),), statuses),
    Seen("retry_after", "seconds", limited, ONE_CALL),
    Seen("retry_after", "date", limited, ONE_CALL),
    Seen("retry_after", "alternating", limited, ONE_CALL),
    Seen("rate_wording", "Slow down", limited, ONE_CALL),
    Seen("bad_request_status", 422, refused),
    Seen("unauthorized_status", 403, refused_token),
    Seen("not_found_status", 400, not_found),
    Seen("closed_case_status", 403, closed),
    Seen("closed_case_status", 409, closed),
    Seen("error_shape", "html", refused),
    Seen("error_shape", "plain", refused),
    Seen("gateway", "html_200", lambda desk: desk.ask("getTasks").text),
    Seen("gateway", "error_object_200", lambda desk: desk.ask("getTasks").text),
    Seen("clock_skew_seconds", 60.0, row),
    Seen("time_precision", "seconds", row),
    Seen("rows", "full", row),
    Seen("rows", "full_without_empty", row, {"rows": "full"}),
    Seen("hidden_keys", frozenset({"caseRefId"}), row),
    Seen("selected_columns", "help", lambda desk: [row(desk), desk.rows(selectedColumns=["desc"])]),
    Seen(
        "selected_columns",
        "refused",
        lambda desk: desk.ask("getTasks", {"selectedColumns": ["desc"]}).status_code,
    ),
    Seen("default_limit", 10, unlimited),
    Seen("page_cap", 1, pages),
    Seen("page_overlap", 1, pages),
    Seen("rows_late_seconds", 5.0, pages),
    Seen("total_results", "low", pages),
    Seen("total_results", "absent", pages),
    Seen("has_more", "until_empty_page", pages),
    Seen("sort", "ignored", sorted_by({"updatedAt": "asc"})),
    Seen("sort", "string_form_only", sorted_by({"updatedAt": "asc"})),
    Seen("sort", "object_form_only", sorted_by("updatedAt")),
    Seen("sort", "refused", sorted_by({"updatedAt": "asc"})),
    Seen("updated_sort", "ignored", sorted_by({"updatedAt": "desc"})),
    Seen("string_sort", "asc", sorted_by("createdDate")),
    Seen("filters", "ignored", found(priority=["High"])),
    Seen("empty_list_filter", "nothing", found(priority=[])),
    Seen("name_filter", "exact", found(priority=["high"])),
    Seen("agents_filter", "aId", found_of_agent),
    Seen("agents_filter", "name", found_of_agent),
    Seen("queues_filter", "id", found_in_queue),
    Seen("date_filter", "updatedAt", found(startDate=(NOON + timedelta(seconds=90)).isoformat())),
    Seen("date_filter", "dueDate", found(startDate=NOON.isoformat())),
    Seen("end_date", "outside", found(endDate=NOON.isoformat())),
    Seen("timezone_offset", "shifts", found_with_offset),
    Seen("mine_filter", "mytask", found_as_mine),
    Seen("mine_filter", "mycase", found_as_mine),
    Seen("caller", "ignored", found(mytask=True)),
    Seen("case_name_filter", "narrows", cases_named_else),
    Seen("search_withholds_seconds", 5.0, searched_fresh),
    Seen("create_status", 201, created),
    Seen("create_answer", "id", created),
    Seen("create_answer", "nothing", created),
    Seen("create_record", "whole", created),
    Seen("desc_missing", "taken", lambda desk: desk.create(desc=None).status_code),
    Seen("name_missing", "taken", lambda desk: desk.create(name=None).status_code),
    Seen("new_assignee", "queue", created),
    Seen("new_assignee", "agent", created),
    Seen("new_assignee", "creator", created),
    Seen("template_shown", "id", created),
    Seen("customer_shown", "whole", created),
    Seen("case_due_missing", "taken", creating_case(dueDate=None)),
    Seen("case_due_number", "taken", creating_case(dueDate=DUE)),
    Seen("case_due_shown", "both", creating_case()),
    Seen("empty_update", "refused", updating({})),
    Seen("empty_update", "moves", updating({})),
    Seen("id_only_update", "refused", updating({"_id": "x"})),
    Seen("id_only_update", "moves", updating({"_id": "x"})),
    Seen("status_by_name", "taken", written_by_name("status")),
    Seen("status_by_name", "ignored", written_by_name("status")),
    Seen("priority_by_name", "taken", written_by_name("priority")),
    Seen("priority_by_name", "ignored", written_by_name("priority")),
    Seen("assignee_id", "either", assigning),
    Seen("assignee_id", "agentId", assigning),
    Seen("assignee_id", "aId", assigning),
    Seen("unassign", "null", unassigning),
    Seen("unassign", "assignee_type", unassigning),
    Seen("clear_due", "zero_and_empty", clearing_due),
    Seen("clear_due", "never", clearing_due),
    Seen("due_keys", "both", setting_due),
    Seen("due_keys", "dueDate", setting_due),
    Seen("due_keys", "ETA", setting_due),
    Seen("removed_due", "null", updating({"dueDate": None}, due=NOON)),
    Seen("clear_text", "null", clearing_text),
    Seen("clear_text", "never", clearing_text),
    Seen("title_longest", 3, updating({"name": "Longer"})),
    Seen("text_longest", 3, updating({"desc": "Longer"})),
    Seen("too_long", "refused", updating({"name": "Longer"}), {"title_longest": 3}),
    Seen("text_stored", "line_feeds", updating({"desc": AWFUL})),
    Seen("text_stored", "trailing_blanks_cut", updating({"desc": AWFUL})),
    Seen("text_stored", "both", updating({"desc": AWFUL})),
    Seen("ignored_fields", frozenset({"name"}), updating({"name": "New", "desc": "new"})),
    Seen("refused_fields", frozenset({"desc"}), updating({"name": "New", "desc": "new"})),
    Seen("tags_update", "add", updating({"tags": ["b"]}, tags=["a"])),
    Seen("category_spelling", "In Progress", lambda desk: whole(desk)["status"]),
    Seen("category_spelling", "IN_PROGRESS", lambda desk: whole(desk)["status"]),
    Seen("category_spelling", "inProgress", lambda desk: desk.kore.statuses[1]["statusCategory"]),
    Seen("disabled_statuses", frozenset({"Closed"}), with_status_off),
    Seen("priority_scores", (20, 10, 5, 1), lambda desk: desk.kore.priorities),
    Seen("nobody_type", "none", created),
    Seen("api_author", "subject", created),
    Seen("api_author", "absent", created),
    Seen("empty_desc", "empty_string", whole),
]


@pytest.mark.parametrize("case", CASES, ids=stable_name)
def test_a_switch_of_kore_changes_what_a_client_sees(
    make_desk: Callable[..., Desk], case: Seen
) -> None:
    assert changes_something(case, lambda base: make_desk(kore=base), "kore")


def test_every_switch_of_kore_has_a_case() -> None:
    assert missing(KoreSwitches, CASES) == set()


def test_a_creator_gets_the_task_where_the_template_says_so(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(kore={"new_assignee": "creator"})
    assert desk.create().json()["currAssignee"]["name"] == "Case App"
