"""Kore's records become tasks: what they show, what they tell by silence, and what they hide."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.side import Field, TaskId
from bridge.domain.task import Contact, Task
from bridge.domain.values import UNSEEN, Shown
from bridge.domain.vocabulary import Vocabulary, WordKind
from bridge.errors import UnreadableRecord
from bridge.services.kore.normalise import row_digest, to_task
from bridge.services.kore.sight import ANSWER, SPARSE, Columns
from bridge.services.kore.wire import COLUMNS

ID = TaskId("ti-1")
SPARSE_ROW: dict[str, Any] = {
    "_id": "ti-1",
    "caseId": "ci-1",
    "caseRefId": "CS000108",
    "name": "This is demo task",
    "priority": {"name": "Medium", "color": "#16A34A"},
    "status": {"name": "Open", "statusCategory": "open"},
    "createdAt": "2025-05-28T12:05:38.807Z",
    "updatedAt": "2025-05-29T12:05:38.807Z",
}
FULL_RECORD: dict[str, Any] = {
    **SPARSE_ROW,
    "refId": "TS000102",
    "fields": [{"metaData": {"name": "dueDate"}, "selectedValue": "2030-01-01T00:00:00Z"}],
    "tags": [],
    "userInfo": {"_id": "u-9", "name": "dummy"},
    "participants": [],
    "queues": [],
    "assigneeType": "unassigned",
    "currAssignee": {},
    "ETA": "",
    "createdBy": {"_id": "u-1", "name": "John"},
    "updatedBy": {"_id": "u-2", "name": "Jane"},
}
AGENT = {"agentId": "u-5", "aId": "a-5", "name": "Ann"}


def answered(**changes: Any) -> Task:
    """A full record as an answer shows it; a change to `...` takes the key out."""
    return to_task(changed(FULL_RECORD, changes), ID, ANSWER)


def listed(row: Mapping[str, Any], *carried: str, **changes: Any) -> Task:
    whole = changed(row, changes)
    return to_task(whole, ID, Columns(carried).sight_of(whole))


def changed(row: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    whole = {**copy.deepcopy(dict(row)), **changes}
    return {key: value for key, value in whole.items() if value is not ...}


def key(value: Shown) -> object:
    return value if value is None or value is UNSEEN else value.key


# ---- a sparse row ------------------------------------------------------------------------------


def test_a_sparse_row_shows_title_status_and_priority_and_hides_the_rest() -> None:
    task = listed(SPARSE_ROW)
    assert task.hidden == (Field.DESCRIPTION, Field.ASSIGNEE, Field.DUE)
    assert [key(task.shown(name)) for name in (Field.TITLE, Field.STATUS, Field.PRIORITY)] == [
        "This is demo task",
        "open",
        "medium",
    ]
    assert task.ref is None
    assert task.container is not None
    assert (task.container.id, task.container.ref) == ("ci-1", "CS000108")
    assert (task.facts.queues, task.facts.tags, task.facts.contact) == (None, None, None)
    assert task.changed_at is not None
    assert task.changed_at.isoformat() == "2025-05-29T12:05:38.807000+00:00"


@given(st.sets(st.sampled_from(COLUMNS)))
def test_a_sparse_row_tells_nothing_by_silence_whatever_others_carried(carried: set[str]) -> None:
    assert listed(SPARSE_ROW, *carried).hidden == listed(SPARSE_ROW).hidden


@pytest.mark.parametrize(
    ("shown", "field", "expected"),
    [
        ({"desc": "Text"}, Field.DESCRIPTION, "Text"),
        ({"desc": ""}, Field.DESCRIPTION, None),
        ({"currAssignee": AGENT}, Field.ASSIGNEE, "u-5"),
        ({"currAssignee": {}}, Field.ASSIGNEE, UNSEEN),
        ({"assigneeType": "unassigned"}, Field.ASSIGNEE, None),
        ({"assigneeType": "agent"}, Field.ASSIGNEE, UNSEEN),
        ({"assigneeType": "queues", "queues": [{"name": "Late"}]}, Field.ASSIGNEE, "queue:Late"),
        ({"dueDate": 1748433938807}, Field.DUE, "2025-05-28T12:05:38.807Z"),
        ({"ETA": "2025-05-28T12:05:38.807Z"}, Field.DUE, "2025-05-28T12:05:38.807Z"),
        ({"ETA": ""}, Field.DUE, UNSEEN),
        ({"dueDate": None}, Field.DUE, UNSEEN),
        ({"dueDate": None, "ETA": ""}, Field.DUE, None),
        ({"name": ...}, Field.TITLE, UNSEEN),
        ({"status": ...}, Field.STATUS, UNSEEN),
        ({"status": {}}, Field.STATUS, UNSEEN),
        ({"status": "Open"}, Field.STATUS, "open"),
        ({"priority": ...}, Field.PRIORITY, UNSEEN),
        ({"priority": None}, Field.PRIORITY, None),
        ({"priority": "High"}, Field.PRIORITY, "high"),
    ],
)
def test_a_sparse_row_that_carries_more_shows_what_it_carries(
    shown: dict[str, Any], field: Field, expected: object
) -> None:
    assert key(listed(SPARSE_ROW, **shown).shown(field)) == expected


# ---- a full record -----------------------------------------------------------------------------


def test_a_full_record_hides_nothing() -> None:
    task = answered()
    assert task.hidden == ()
    assert task.ref == "TS000102"
    assert (task.first_author, task.last_author) == ("u-1", "u-2")
    assert [key(task.shown(name)) for name in (Field.DESCRIPTION, Field.ASSIGNEE, Field.DUE)] == [
        None
    ] * 3
    assert (task.facts.queues, task.facts.tags) == ((), ())
    assert task.facts.contact == Contact(name="dummy")


@pytest.mark.parametrize("absent", [*COLUMNS, "participants"])
def test_in_an_answer_absent_means_empty(absent: str) -> None:
    task = answered(**{absent: ...})
    assert task.hidden == ()
    assert task.facts.tags is not None
    assert task.facts.queues is not None
    assert task.facts.contact is not None


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"currAssignee": AGENT, "assigneeType": "agent"}, "u-5"),
        ({"currAssignee": {"aId": "a-5", "name": "Ann"}, "assigneeType": "agent"}, "a-5"),
        ({"currAssignee": {"name": "Ann"}, "assigneeType": "agent"}, "Ann"),
        ({"currAssignee": {}, "assigneeType": "agent"}, None),
        ({"currAssignee": None, "assigneeType": "unassigned"}, None),
        ({"currAssignee": [], "assigneeType": ...}, None),
        ({"currAssignee": ..., "assigneeType": ...}, None),
        ({"assigneeType": "queues"}, "queue:queue"),
        ({"assigneeType": "queues", "queues": [{"_id": "q", "name": "A"}, {"name": "B"}]},
         "queue:B"),
        ({"assigneeType": "Queue", "queues": ["A", "B"]}, "queue:B"),
        ({"assigneeType": "queues", "currAssignee": {"name": "Support"}}, "queue:Support"),
        ({"assigneeType": "queues", "currAssignee": AGENT}, "u-5"),
    ],
)  # fmt: skip
def test_the_assignee_is_an_agent_or_a_queue_or_nobody(
    record: dict[str, Any], expected: str | None
) -> None:
    value = answered(**record).shown(Field.ASSIGNEE)
    assert key(value) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"dueDate": 1748433938807, "ETA": "2030-01-01T00:00:00Z"}, "2025-05-28T12:05:38.807Z"),
        ({"dueDate": None, "ETA": "2030-01-01T00:00:00Z"}, "2030-01-01T00:00:00.000Z"),
        ({"dueDate": 0, "ETA": ""}, None),
        ({"dueDate": "", "ETA": None}, None),
        ({"dueDate": ..., "ETA": ...}, None),
    ],
)
def test_due_date_beats_eta_and_the_form_field_is_not_read(
    record: dict[str, Any], expected: str | None
) -> None:
    assert key(answered(**record).shown(Field.DUE)) == expected


def test_a_marker_is_taken_out_of_the_description_and_kept_beside_it() -> None:
    task = answered(desc="Look here\n\n[task-bridge v2:REC-7 65f0abc]")
    assert key(task.shown(Field.DESCRIPTION)) == "Look here"
    assert task.marker is not None
    assert (task.marker.reference, task.marker.task_id) == ("REC-7", "65f0abc")
    assert listed(SPARSE_ROW).marker is None


def test_a_description_that_is_nothing_but_a_marker_is_empty() -> None:
    assert key(answered(desc="[task-bridge v2:REC-7 a1]").shown(Field.DESCRIPTION)) is None


# ---- a full row of a list ----------------------------------------------------------------------

ROW_WITHOUT = dict.fromkeys(COLUMNS, ...)


def test_in_a_full_row_absent_is_hidden_until_another_row_has_carried_the_key() -> None:
    assert listed(FULL_RECORD, **ROW_WITHOUT).hidden == (
        Field.DESCRIPTION,
        Field.ASSIGNEE,
        Field.DUE,
    )
    assert listed(FULL_RECORD, *COLUMNS, **ROW_WITHOUT).hidden == ()


@pytest.mark.parametrize(
    ("carried", "field"),
    [
        (["desc"], Field.DESCRIPTION),
        (["dueDate"], Field.DUE),
        (["ETA"], Field.DUE),
        (["currAssignee", "assigneeType"], Field.ASSIGNEE),
    ],
)
def test_each_key_speaks_for_its_own_field(carried: list[str], field: Field) -> None:
    task = listed(FULL_RECORD, *carried, **ROW_WITHOUT)
    assert key(task.shown(field)) is None
    assert len(task.hidden) == 2


def test_a_full_row_that_says_agent_and_names_none_hides_the_agent() -> None:
    row = {"assigneeType": "agent", "currAssignee": ...}
    assert key(listed(FULL_RECORD, *COLUMNS, **row).shown(Field.ASSIGNEE)) is UNSEEN


def test_an_empty_eta_in_a_full_row_says_that_there_is_no_due_date() -> None:
    assert key(listed(FULL_RECORD).shown(Field.DUE)) is None


def test_a_row_teaches_which_keys_lists_carry_and_an_answer_does_not() -> None:
    columns = Columns()
    columns.notice([SPARSE_ROW, {**SPARSE_ROW, "desc": "", "tags": []}])
    assert columns.carried == {"desc", "tags"}
    words = [word.key for word in listed(FULL_RECORD).words if word.kind is WordKind.COLUMN]
    assert set(words) == set(COLUMNS) - {"desc", "dueDate"}
    assert not [word for word in answered().words if word.kind is WordKind.COLUMN]


# ---- words -------------------------------------------------------------------------------------


def test_a_record_teaches_its_status_priority_and_agents_but_never_its_customer() -> None:
    task = answered(
        status={"_id": "sts-1", "name": "Pending Reply", "statusCategory": "On Hold",
                "type": "custom", "isEnabled": True},
        priority={"_id": "pr-1", "name": "Medium", "score": 10},
        currAssignee=AGENT,
        participants=[{"aId": "a-6", "name": "Bob", "agentId": None}, "odd", {"name": "no id"}],
    )  # fmt: skip
    words = {(word.kind, word.key): dict(word.details) for word in task.words}
    assert words == {
        (WordKind.STATUS, "pendingreply"): {
            "id": "sts-1", "category": "On Hold", "is_system": False, "is_enabled": True,
        },
        (WordKind.PRIORITY, "medium"): {"id": "pr-1", "score": 10.0},
        (WordKind.PERSON, "u-5"): {"agent_id": "u-5", "a_id": "a-5"},
        (WordKind.PERSON, "a-6"): {"agent_id": None, "a_id": "a-6"},
    }  # fmt: skip
    status = task.shown(Field.STATUS)
    assert status
    assert status is not UNSEEN
    assert (status.text, status.kind) == ("Pending Reply", "onhold")


def test_what_one_record_does_not_show_again_is_kept() -> None:
    vocabulary = Vocabulary([*answered(status={"_id": "sts-1", "name": "Open"}).words])
    vocabulary = vocabulary.learn(listed(SPARSE_ROW).words)
    word = next(word for word in vocabulary if word.kind is WordKind.STATUS)
    assert (word.details["id"], word.details["category"]) == ("sts-1", "open")


# ---- what is new, odd, or unreadable -----------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.text(min_size=1, max_size=9).map(lambda name: f"x{name}"), json_values))
def test_keys_that_are_merely_new_change_nothing(extra: dict[str, Any]) -> None:
    assert to_task({**FULL_RECORD, **extra}, ID, ANSWER) == answered()


@given(
    st.dictionaries(
        st.sampled_from([*FULL_RECORD, *COLUMNS, "participants"]), json_values, max_size=4
    )
)
def test_a_record_is_read_or_unreadable_and_never_anything_else(odd: dict[str, Any]) -> None:
    record = {**FULL_RECORD, **odd, "_id": "ti-1"}
    unreadable = None
    try:
        to_task(record, ID, ANSWER)
        to_task(record, ID, SPARSE)
    except UnreadableRecord as error:
        unreadable = error
    if unreadable is not None:
        assert unreadable.task_id == "ti-1"
        assert unreadable.reason.partition(":")[0].partition(".")[0] in record


@pytest.mark.parametrize(
    ("odd", "place"),
    [
        ({"desc": ["private words"]}, "desc"),
        ({"name": {"private words": 1}}, "name"),
        ({"dueDate": "private words"}, "dueDate"),
        ({"ETA": "private words"}, "ETA"),
        ({"status": [1]}, "status"),
        ({"currAssignee": 7}, "currAssignee"),
    ],
)
def test_what_cannot_be_understood_names_its_key_and_repeats_no_value(
    odd: dict[str, Any], place: str
) -> None:
    with pytest.raises(UnreadableRecord, match=f"^{place}[:.]") as caught:
        answered(**odd)
    assert "private" not in str(caught.value)


def test_a_time_that_cannot_be_read_is_not_known() -> None:
    task = answered(updatedAt="yesterday", createdAt=None)
    assert (task.changed_at, task.created_at) == (None, None)


# ---- the digest --------------------------------------------------------------------------------

SEEN = Columns(COLUMNS).sight_of(FULL_RECORD)


@pytest.mark.parametrize(
    "turning",
    [
        {"isBreached": True},
        {"createdBy": {"_id": "u-1", "profImage": "new.png"}},
        {"priority": {"name": "Medium", "color": "#000000"}},
        {"status": {"name": "Open", "statusCategory": "open", "isEnabled": False}},
        {"commentIds": ["c1"]},
        {"timestampValue": 5},
    ],
)
def test_the_digest_stays_when_only_what_turns_by_itself_turned(
    turning: dict[str, Any],
) -> None:
    assert row_digest({**FULL_RECORD, **turning}, SEEN) == row_digest(FULL_RECORD, SEEN)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x"},
        {"desc": ""},
        {"updatedAt": "2025-05-29T12:05:38.808Z"},
        {"status": {"name": "Other", "statusCategory": "open"}},
        {"priority": {"name": "High"}},
        {"currAssignee": AGENT},
        {"assigneeType": "agent"},
        {"dueDate": 1},
        {"ETA": "2030-01-01T00:00:00Z"},
        {"tags": ["a"]},
        {"queues": [{"name": "A"}]},
    ],
)
def test_the_digest_moves_with_everything_that_is_carried(change: dict[str, Any]) -> None:
    assert row_digest({**FULL_RECORD, **change}, SEEN) != row_digest(FULL_RECORD, SEEN)


def test_the_digest_follows_tags_that_are_objects_by_their_names() -> None:
    def digest(**tag: str) -> str:
        return row_digest({**FULL_RECORD, "tags": [tag]}, SEEN)

    assert digest(name="a", color="red") == digest(name="a", color="blue") != digest(name="b")


def test_the_digest_moves_when_silence_begins_to_mean_empty() -> None:
    before = row_digest(FULL_RECORD, Columns().sight_of(FULL_RECORD))
    after = row_digest(FULL_RECORD, Columns(["desc"]).sight_of(FULL_RECORD))
    assert before != after
