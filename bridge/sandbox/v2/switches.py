"""Switches of the simulated v2 service, one for each thing that facts leave open.

A comment says what is documented, observed or unknown. Defaults take the documented form, or
the observed one where it contradicts the documents, else the less comfortable one.
"""

from dataclasses import dataclass
from typing import Literal

from bridge.sandbox.switches import CommonSwitches

Dates = Literal["iso", "millis", "millis_string", "float"]


@dataclass(frozen=True, slots=True, kw_only=True)
class V2Switches(CommonSwitches):
    """What the simulated v2 service does where its documents leave a choice."""

    # ---- pages --------------------------------------------------------------------------
    # Documented: colon form; observed on every endpoint with a sort: it is refused, JSON works.
    sort: Literal["json", "colon", "both", "refused", "ignored"] = "json"
    # Observed: without a sort the order changes from page to page.
    unsorted_order: Literal["unstable", "stable"] = "unstable"

    # ---- filters ------------------------------------------------------------------------
    # Observed on sister endpoints: filters that are ignored.
    filters: Literal["narrow", "ignored"] = "narrow"
    # Observed on sister endpoints: seconds for which a filter holds back freshly written rows.
    filter_withholds_seconds: float = 0.0
    # Unknown: whether part of a word is enough for taskByTitleIdentifier.
    title_filter: Literal["part", "words"] = "part"
    # Unknown: whether case matters there.
    title_filter_case: Literal["folded", "exact"] = "folded"
    # Unknown: how a list is written; other forms are ignored.
    list_form: Literal["repeated", "commas", "brackets"] = "repeated"
    # Unknown: whether `status` means the record's state or the task's status.
    status_filter: Literal["entity", "task"] = "entity"
    # Unknown: what `userIds` does to tasks.
    user_ids_filter: Literal["ignored", "assignee"] = "ignored"

    # ---- creating -----------------------------------------------------------------------
    # Documented: 200; other creates of the API answer 201.
    create_status: Literal[200, 201] = 200
    # Documented: no body; it may be the task or its id.
    create_answer: Literal["nothing", "id", "task"] = "nothing"
    # Documented as not part of a create: taskStatus and tags.
    create_extra: Literal["refused", "ignored"] = "refused"
    # Unknown: whether fields beyond the documented ones are refused or ignored.
    unknown_fields: Literal["ignored", "refused"] = "ignored"

    # ---- patching -----------------------------------------------------------------------
    # Unknown: whether a PATCH answers 204.
    patch_status: Literal[200, 204] = 200
    # Unknown: the body of a PATCH that answers 200.
    patch_answer: Literal["nothing", "ack", "task"] = "nothing"
    # Unknown: whether a PATCH that changes nothing moves lastModifiedAt.
    unchanged_patch: Literal["moves", "stays"] = "moves"
    # Documented as read-only; whether they make a request fail or are ignored is not said.
    read_only_fields: Literal["refused", "ignored"] = "refused"
    # Unknown: whether the assignee is set by the documented object or by assigneeId.
    assign_by: Literal["assignee", "assigneeId", "either"] = "assignee"
    # Unknown: whether entityId alone is enough in that object.
    assignee_needs: Literal["entity_id", "name_too"] = "entity_id"
    # Unknown: what takes the assignee off; other forms are ignored.
    unassign: Literal["null", "empty_object", "assignee_id_null"] = "null"
    # Unknown: what removes a due date; the other form is ignored.
    clear_due: Literal["null", "empty_string"] = "null"
    # Unknown: which forms of a due date a PATCH stores (ISO 8601 is what a create takes).
    due_accepts: Literal["iso", "any"] = "iso"
    # Unknown: whether a PATCH may complete a task, or has to leave that to /complete.
    completed_by_patch: Literal["taken", "ignored"] = "taken"
    # Unknown: moves (from, to) of taskStatus that answer 400.
    refused_moves: frozenset[tuple[str, str]] = frozenset()
    # Unknown: whether priorities beyond the four are taken by a PATCH.
    unknown_priority: Literal["refused", "taken"] = "refused"
    # Unknown: whether a priority can be taken off by null.
    clear_priority: Literal["taken", "ignored", "refused"] = "taken"

    # ---- completing and deleting --------------------------------------------------------
    # Unknown: whether emailText becomes completionResponse.
    complete_sets_response: bool = False
    # Unknown: whether a deleted task answers 404 or stays readable by its id.
    deleted_task: Literal["not_found", "readable"] = "not_found"
    # Unknown: what a delete does when some ids do not exist.
    delete_missing: Literal["skipped", "not_found"] = "skipped"
    # Unknown: status and body of a delete.
    delete_status: Literal[200, 204] = 200
    delete_answer: Literal["nothing", "empty_object"] = "nothing"

    # ---- what records show --------------------------------------------------------------
    # Documented: ISO 8601; observed elsewhere in the API: Unix milliseconds.
    dates: Dates = "iso"
    # Documented as "any": the form of dueDate and the other dates of a task.
    due_dates: Dates = "iso"
    # Unknown: how nobody is shown.
    nobody_assigned: Literal["null", "empty_object", "absent"] = "null"
    # Unknown: whether null can come as a priority; the document says string.
    no_priority: Literal["null", "absent", "empty_string"] = "null"
    # Unknown: whether keys without a value are there.
    empty_keys: Literal["null", "absent"] = "null"
    # Documented, not seen live: whose change the last one was.
    last_modified_by: Literal["shown", "hidden"] = "shown"
    # Documented as an integer; observed as digits in a string for users.
    entity_status: Literal["int", "string"] = "int"
    user_status: Literal["int", "string"] = "string"
    # Unknown: the integer that stands for a record in use.
    entity_status_value: int = 1
    # Unknown: what taskType holds.
    task_type_shown: Literal["null", "name", "object"] = "null"
    # Unknown: names and shapes inside `related`.
    related: Literal["entities", "ids", "empty"] = "entities"

    # ---- people and types ---------------------------------------------------------------
    # Unknown: whether inactive people are listed.
    inactive_users: Literal["listed", "left_out"] = "listed"
    # Unknown: which fields of a user are always there; `id_only` shows nothing else.
    user_fields: Literal["whole", "id_only"] = "whole"
    # Observed: served although undocumented.
    self_endpoint: Literal["served", "missing"] = "served"
    # Unknown: whether the page parameter of taskTypes counts from 0 or 1.
    task_type_page_base: Literal[0, 1] = 0

    # ---- failures -----------------------------------------------------------------------
    # Observed: the telling text stands in `message` or in `errors[].message`.
    error_detail: Literal["errors", "message"] = "errors"
