"""Switches of the simulated Kore case management, one for each thing that facts leave open.

A comment says what is documented, observed or unknown. Defaults take the documented form where
there is one, else the less comfortable one.
"""

from dataclasses import dataclass
from typing import Literal

from bridge.sandbox.limits import Windows
from bridge.sandbox.switches import CommonSwitches

ByName = Literal["taken", "refused", "ignored"]
EmptyUpdate = Literal["taken", "refused", "moves"]
NewAssignee = Literal["unassigned", "queue", "agent", "creator"]
Sorting = Literal["honoured", "ignored", "string_form_only", "object_form_only", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KoreSwitches(CommonSwitches):
    """What the simulated Kore does where its documents leave a choice."""

    # ---- the token ----------------------------------------------------------------------
    # Documented: HS256 unless the app is set to another one.
    algorithm: str = "HS256"
    # Documented: an app may insist on a `jti` that was never used before.
    jti: Literal["off", "required"] = "off"
    # Documented: an app may insist on the signed token being wrapped as a JWE.
    jwe: bool = False
    # Unknown: how much clock skew is forgiven in `iat` and `exp`.
    token_leeway_seconds: float = 0.0
    # Unknown: the longest lifetime (exp - iat) accepted; None takes any.
    token_longest_seconds: float | None = None
    # Documented: an unpublished scope answers like a missing one; unknown: with which status.
    scope: Literal["granted", "missing"] = "granted"
    scope_status: Literal[401, 403] = 403
    # Unknown: whether the service looks at client-app, state or Iid; those named must be there.
    headers_required: frozenset[str] = frozenset()

    # ---- limits and failures ------------------------------------------------------------
    # Documented: two public classes; which one counts here is unknown, so the lower.
    limits: Windows = ((60, 60.0), (1800, 3600.0))
    # Unknown: whether Retry-After is ever sent.
    retry_after: Literal["seconds", "date", "alternating", "none"] = "none"
    # Documented in several versions that end differently.
    rate_wording: str = "Rate limit for this API has been reached. Please try again later"
    # Unknown: the statuses of refusals.
    bad_request_status: Literal[400, 422] = 400
    unauthorized_status: Literal[401, 403] = 401
    not_found_status: Literal[404, 400] = 404
    # Documented: a closed case takes neither tasks nor edits; unknown: the status that says so.
    closed_case_status: Literal[400, 403, 409] = 400

    # ---- rows and pages -----------------------------------------------------------------
    # Documented: the sparse row of eight fields; unknown: whether a live service sends more.
    rows: Literal["sparse", "full", "full_without_empty"] = "sparse"
    # Unknown: keys that no row ever shows, full or not.
    hidden_keys: frozenset[str] = frozenset()
    # Unknown: whether selectedColumns adds fields to the sparse row.
    selected_columns: Literal["ignored", "help", "refused"] = "ignored"
    # Unknown: the page size without a limit (the getCases sample shows 50).
    default_limit: int = 50
    # Unknown: whether and in which of its two published forms sortBy works.
    sort: Sorting = "honoured"
    # Unknown: whether a sort on updatedAt takes effect.
    updated_sort: Literal["honoured", "ignored"] = "honoured"
    # Unknown: the direction of the table's string form, which names none.
    string_sort: Literal["desc", "asc"] = "desc"
    # Unknown: whether totals are right; clients go by hasMore.
    total_results: Literal["right", "low", "absent"] = "right"
    # Documented, not trusted: an empty page may be what ends a list.
    has_more: Literal["right", "until_empty_page"] = "right"

    # ---- filters ------------------------------------------------------------------------
    # Unknown: whether filters narrow at all (the published answer does not fit its request).
    filters: Literal["narrow", "ignored"] = "narrow"
    # Unknown: what an empty filter list means.
    empty_list_filter: Literal["all", "nothing"] = "all"
    # Unknown: whether case, spaces, hyphens matter in names (Critical/high, In-Progress/open).
    name_filter: Literal["folded", "exact"] = "folded"
    # Unknown: what `agents` holds.
    agents_filter: Literal["agentId", "aId", "name"] = "agentId"
    # Unknown: whether `queues` holds names or ids (the table's example looks like a name).
    queues_filter: Literal["name", "id"] = "name"
    # Unknown: which date startDate and endDate bound.
    date_filter: Literal["createdAt", "updatedAt", "dueDate"] = "createdAt"
    # Unknown: whether the end itself is inside.
    end_date: Literal["inside", "outside"] = "inside"
    # Unknown: whether X-Timezone-Offset shifts startDate, endDate and dueDate of a filter.
    timezone_offset: Literal["ignored", "shifts"] = "ignored"
    # Unknown: which of the two names the service reads (the sample's or the table's).
    mine_filter: Literal["both", "mytask", "mycase"] = "both"
    # Unknown: who "me" is when the token names no agent: nobody, or the filter is left out.
    caller: Literal["nobody", "ignored"] = "nobody"
    # Observed: the getCases sample sends `name` and gets a case of another name.
    case_name_filter: Literal["ignored", "narrows"] = "ignored"
    # Unknown: how long a search by text holds back rows that were just written.
    search_withholds_seconds: float = 0.0

    # ---- creating -----------------------------------------------------------------------
    # Unknown: the status of a create that succeeded.
    create_status: Literal[200, 201] = 200
    # Documented: the record; a service may still answer less.
    create_answer: Literal["task", "id", "nothing"] = "task"
    # Observed: the create sample lacks language, selectedValue, and parts of status and priority.
    create_record: Literal["short", "whole"] = "short"
    # Documented as required, left out by the document's own sample.
    desc_missing: Literal["refused", "taken"] = "refused"
    # Documented as "conditional" without the condition.
    name_missing: Literal["refused", "taken"] = "refused"
    # Documented: the template decides who gets a new task.
    new_assignee: NewAssignee = "unassigned"
    # Observed: taskTmp of an answer may show the template's name.
    template_shown: Literal["name", "id"] = "name"
    # Observed: emailId is sent to createTask and gone from its answer.
    customer_shown: Literal["name", "whole"] = "name"
    # Documented as required for createCase; unknown: whether it may be left out.
    case_due_missing: Literal["refused", "taken"] = "refused"
    # Unknown: whether createCase takes a number as dueDate.
    case_due_number: Literal["refused", "taken"] = "refused"
    # Observed: the due date of a createCase reappears as ETA and not as dueDate.
    case_due_shown: Literal["eta", "both"] = "eta"

    # ---- updating -----------------------------------------------------------------------
    # Unknown: what an update with {} does; taken: answers the record, nothing moves.
    empty_update: EmptyUpdate = "taken"
    # Unknown: the same for an update that holds nothing but `_id`.
    id_only_update: EmptyUpdate = "taken"
    # Unknown: whether a status object with a name and no `_id` is enough.
    status_by_name: ByName = "refused"
    # Unknown: the same for a priority.
    priority_by_name: ByName = "refused"
    # Unknown: which of the two ids currAssignee needs (records show both).
    assignee_id: Literal["both", "either", "agentId", "aId"] = "both"
    # Unknown: what takes an agent off; other forms are ignored.
    unassign: Literal["empty_object", "null", "assignee_type"] = "empty_object"
    # Unknown: what removes a due date: dueDate null (or ETA ""), 0 with ETA "", or nothing does.
    clear_due: Literal["null", "zero_and_empty", "never"] = "null"
    # Unknown: which of the two keys a service listens to when it sets a due date.
    due_keys: Literal["either", "both", "dueDate", "ETA"] = "either"
    # Unknown: what shows where a due date was removed (never set: documented as absent).
    removed_due: Literal["absent", "null"] = "absent"
    # Unknown: what empties a description.
    clear_text: Literal["empty_string", "null", "never"] = "empty_string"

    # ---- what records show --------------------------------------------------------------
    # Unknown: the spelling of categories; `open` alone has been seen.
    category_spelling: Literal["in-progress", "In Progress", "IN_PROGRESS", "inProgress"] = (
        "in-progress"
    )
    # Documented: administrators may switch any status off; those named here are.
    disabled_statuses: frozenset[str] = frozenset()
    # Unknown but for Medium (10): scores of Low, Medium, High, Critical; which end is urgent.
    priority_scores: tuple[int, int, int, int] = (5, 10, 12, 14)
    # Unknown: whether there are kinds of assignment beyond the three; `none` stands for another.
    nobody_type: Literal["unassigned", "none"] = "unassigned"
    # Unknown: who stands as author of changes made through this API.
    api_author: Literal["app_user", "subject", "absent"] = "app_user"
    # Unknown: whether a record without a description has no `desc` or an empty one.
    empty_desc: Literal["absent", "empty_string"] = "absent"
