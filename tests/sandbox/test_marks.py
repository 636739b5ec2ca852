"""Everything that the contracts mark as unknown or observed is a switch, or has a reason not to be.

A contract that gains or loses a mark makes this test fail until the table follows.
"""

from dataclasses import fields

import pytest

from bridge.sandbox import KoreSwitches, V2Switches
from tests.sandbox.contracts import marks_of


class Without(str):
    """Why a mark has no switch."""


IDS_AS_SEEN = Without("ids always have the observed form, so there is nothing to choose")
NEVER_SENT = Without("no client can send an entry whose shape nobody knows")
STATUSES = ("bad_request_status", "error_shape")

KORE: dict[str, tuple[str, ...] | Without] = {
    "/info#x-unknown": ("limits",),
    "/getTasks/post#x-unknown": ("updated_sort", "filters", "empty_list_filter"),
    "/getTasks/post#x-observed": ("filters", "page_cap"),
    "/getTasks/post/responses/200#x-unknown": ("gateway",),
    "/getCases/post#x-observed": ("case_name_filter",),
    "/getCases/post/responses/200#x-unknown": ("gateway",),
    "/createTask/post#x-unknown": ("create_status", "closed_case_status"),
    "/createTask/post/responses/201#x-unknown": ("create_status",),
    "/updateTask/{taskId}/post#x-unknown": (
        "empty_update",
        "id_only_update",
        "clear_text",
        "clear_due",
        "unassign",
        "closed_case_status",
    ),
    "/createCase/post#x-unknown": ("create_status",),
    "/createCase/post/responses/201#x-unknown": ("create_status",),
    "/components/securitySchemes/jwt#x-unknown": (
        "token_leeway_seconds",
        "token_longest_seconds",
    ),
    "/components/parameters/ClientApp#x-unknown": ("headers_required",),
    "/components/parameters/TimezoneOffset#x-unknown": ("timezone_offset",),
    "/components/parameters/State#x-unknown": ("headers_required",),
    "/components/headers/RetryAfter#x-unknown": ("retry_after",),
    "/components/responses/BadRequest#x-unknown": STATUSES,
    "/components/responses/Unauthorized#x-unknown": ("unauthorized_status", "error_shape"),
    "/components/responses/Forbidden#x-unknown": ("scope", "scope_status", "error_shape"),
    "/components/responses/NotFound#x-unknown": ("not_found_status", "error_shape"),
    "/components/responses/TooManyRequests#x-unknown": ("rate_wording",),
    "TaskId#x-observed": IDS_AS_SEEN,
    "CaseId#x-observed": IDS_AS_SEEN,
    "SortBy#x-unknown": ("sort", "updated_sort", "string_sort"),
    "ListQuery/properties/skip#x-observed": Without("skip and limit are served, as samples show"),
    "ListQuery/properties/limit#x-unknown": ("default_limit", "page_cap"),
    "ListQuery/properties/mytask#x-unknown": ("caller",),
    "ListQuery/properties/mycase#x-unknown": ("mine_filter",),
    "ListQuery/properties/selectedColumns#x-unknown": ("selected_columns",),
    "ListQuery/properties/priority#x-unknown": ("name_filter",),
    "ListQuery/properties/agents#x-unknown": ("agents_filter",),
    "ListQuery/properties/status#x-unknown": ("name_filter",),
    "ListQuery/properties/customFields#x-unknown": NEVER_SENT,
    "ListQuery/properties/ETAlist#x-unknown": NEVER_SENT,
    "ListQuery/properties/queues#x-unknown": ("queues_filter",),
    "ListQuery/properties/startDate#x-unknown": ("date_filter",),
    "ListQuery/properties/endDate#x-unknown": ("date_filter", "end_date"),
    "CaseQuery/allOf/1/properties/name#x-observed": ("case_name_filter",),
    "CaseQuery/allOf/1/properties/name#x-unknown": ("case_name_filter",),
    "TaskListItem#x-unknown": ("rows", "hidden_keys"),
    "Status/properties/statusCategory#x-unknown": ("category_spelling",),
    "Priority/properties/score#x-unknown": ("priority_scores",),
    "StatusChange#x-unknown": ("status_by_name",),
    "PriorityChange#x-unknown": ("priority_by_name",),
    "UserInfo/properties/emailId#x-observed": ("customer_shown",),
    "Actor#x-unknown": ("api_author",),
    "Field/properties/selectedValue#x-observed": ("create_record",),
    "Field/properties/selectedValue#x-unknown": Without(
        "the three fields of the simulated template hold texts; no other kind is known"
    ),
    "RecordBase/properties/desc#x-observed": ("empty_desc",),
    "RecordBase/properties/language#x-observed": ("create_record",),
    "RecordBase/properties/assigneeType#x-unknown": ("nobody_type",),
    "RecordBase/properties/dueDate#x-unknown": ("removed_due", "clear_due"),
    "TaskCreate#x-observed": ("desc_missing", "name_missing"),
    "TaskCreate/properties/name#x-unknown": ("title_longest", "too_long"),
    "TaskCreate/properties/desc#x-unknown": ("text_longest", "desc_missing"),
    "RecordChange/properties/tags#x-unknown": ("tags_update",),
    "RecordChange/properties/currAssignee#x-unknown": ("assignee_id", "unassign"),
    "RecordChange/properties/dueDate#x-unknown": ("clear_due",),
    "CaseCreate/properties/dueDate#x-observed": ("case_due_missing", "case_due_shown"),
    "CaseCreate/properties/dueDate#x-unknown": ("case_due_missing", "case_due_number"),
    "Error#x-unknown": ("error_shape",),
}

V2: dict[str, tuple[str, ...] | Without] = {
    "/info#x-unknown": ("limits",),
    "/tasks//get#x-observed": (
        "unsorted_order",
        "page_overlap",
        "page_cap",
        "filters",
        "filter_withholds_seconds",
    ),
    "/tasks//post/responses/200#x-unknown": ("create_answer",),
    "/tasks//post/responses/201#x-unknown": ("create_status",),
    "/tasks/{id}/patch#x-observed": ("ignored_fields",),
    "/tasks/{id}/patch/responses/200#x-unknown": ("patch_answer",),
    "/tasks/{id}/patch/responses/204#x-unknown": ("patch_status",),
    "/tasks/{id}/complete/post#x-unknown": ("complete_sets_response",),
    "/tasks/delete/post#x-unknown": ("delete_missing", "deleted_task"),
    "/tasks/delete/post/responses/200#x-unknown": ("delete_answer",),
    "/tasks/delete/post/responses/204#x-unknown": ("delete_status",),
    "/users/self/get#x-observed": ("self_endpoint",),
    "/taskTypes//get#x-unknown": ("task_type_page_base",),
    "/integrations/webhooks//post#x-unknown": Without("webhooks are not simulated"),
    "/webhooks/taskEvent/post#x-unknown": Without("webhooks are not simulated"),
    "/components/headers/RetryAfter#x-observed": ("retry_after",),
    "/components/parameters/Limit#x-observed": ("page_cap",),
    "/components/parameters/Sort#x-observed": ("sort",),
    "/components/parameters/FilterStatus#x-unknown": ("status_filter",),
    "/components/parameters/FilterTaskAssignee#x-unknown": ("list_form",),
    "/components/parameters/FilterUserIds#x-unknown": ("user_ids_filter",),
    "/components/parameters/FilterTaskByTitleIdentifier#x-unknown": (
        "title_filter",
        "title_filter_case",
    ),
    "/components/parameters/FilterTaskTabs#x-unknown": NEVER_SENT,
    "/components/responses/BadRequest#x-observed": ("error_detail",),
    "/components/responses/TooManyRequests#x-unknown": ("rate_wording", "limits"),
    "EntityStatus/properties/status#x-observed": ("entity_status", "user_status"),
    "EntityStatus/properties/status#x-unknown": ("entity_status_value",),
    "EntityStatus/properties/lastModifiedAt#x-observed": ("dates",),
    "EntityStatus/properties/lastModifiedAt#x-unknown": ("unchanged_patch",),
    "RelatedEntity#x-unknown": ("nobody_assigned",),
    "Task/properties/taskType#x-unknown": ("task_type_shown",),
    "Task/properties/priority#x-unknown": ("no_priority",),
    "Task/properties/related#x-unknown": ("related",),
    "TaskCreate#x-unknown": ("unknown_fields", "title_longest", "text_longest"),
    "TaskPatch/properties/taskStatus#x-unknown": ("refused_moves", "completed_by_patch"),
    "TaskPatch/properties/assignee#x-unknown": ("assignee_needs", "assign_by", "unassign"),
    "TaskPatch/properties/dueDate#x-unknown": ("due_accepts", "clear_due"),
    "TaskPatch/properties/tags#x-unknown": ("tags_update",),
    "TaskPatch/properties/priority#x-unknown": ("unknown_priority", "clear_priority"),
    "User#x-unknown": ("user_fields", "inactive_users"),
}


@pytest.mark.parametrize(("name", "table"), [("kore", KORE), ("v2", V2)])
def test_every_mark_of_a_contract_is_in_the_table_and_no_other(
    name: str, table: dict[str, tuple[str, ...] | Without]
) -> None:
    assert set(marks_of(name)) == table.keys()


@pytest.mark.parametrize(("switches", "table"), [(KoreSwitches, KORE), (V2Switches, V2)])
def test_every_switch_that_the_table_names_exists(
    switches: type[KoreSwitches | V2Switches], table: dict[str, tuple[str, ...] | Without]
) -> None:
    known = {field.name for field in fields(switches)}
    named = {name for entry in table.values() if isinstance(entry, tuple) for name in entry}
    assert named <= known


def test_a_mark_without_a_switch_says_why() -> None:
    reasons = [entry for entry in [*KORE.values(), *V2.values()] if isinstance(entry, Without)]
    assert all(reasons)
    assert len(reasons) == 9
