"""v2's records become tasks: whole, in every form of date, nobody and nothing."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.side import Field, TaskId
from bridge.domain.task import Contact, Task
from bridge.domain.values import UNSEEN, Shown
from bridge.errors import UnreadableRecord
from bridge.services.v2.normalise import Reader
from tests.services.test_kore_normalise import json_values

ID = TaskId("65f0000000000000000000a1")
TYPE = "000000000000000000000031"
RECORD: dict[str, Any] = {
    "_id": ID,
    "number": 12,
    "identifierNumber": 7,
    "companyId": "000000000000000000000090",
    "status": {
        "status": 1,
        "createdAt": "2025-01-02T03:04:05Z",
        "createdBy": "000000000000000000000011",
        "lastModifiedAt": "2025-01-02T04:00:00Z",
        "lastModifiedBy": "000000000000000000000012",
    },
    "title": "Check the delivery note",
    "description": "Compare.\n\n[task-bridge kore:TS000102 ti-1 case CS000108: Boiler]",
    "taskStatus": "in_progress",
    "taskTypeId": TYPE,
    "contactPerson": "Customer One",
    "email": "customer.one@example.com",
    "telephone": None,
    "assignee": {"entityId": "000000000000000000000011", "name": "Ann", "profilePicture": "a.png"},
    "dueDate": "2025-01-09T12:00:00Z",
    "tags": ["kore:ti-1", "late"],
    "priority": "medium",
    "related": {"customers": [{"entityId": "c1", "name": "Acme"}]},
}
READER = Reader(prefixes={TYPE: "REC"})


def read(**changes: Any) -> Task:
    whole = {**RECORD, **changes}
    return READER.task({key: value for key, value in whole.items() if value is not ...}, ID)


def key(value: Shown) -> object:
    return value if value is None or value is UNSEEN else value.key


def test_a_record_shows_everything() -> None:
    task = read()
    assert {name: key(task.shown(name)) for name in Field} == {
        Field.TITLE: "Check the delivery note",
        Field.DESCRIPTION: "Compare.",
        Field.STATUS: "inprogress",
        Field.PRIORITY: "medium",
        Field.ASSIGNEE: "000000000000000000000011",
        Field.DUE: "2025-01-09T12:00:00.000Z",
    }
    assert task.ref == "REC-7"
    assert task.marker is not None
    assert task.marker.task_id == "ti-1"
    assert task.created_at == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert task.changed_at == datetime(2025, 1, 2, 4, tzinfo=UTC)
    assert (task.first_author, task.last_author) == (
        "000000000000000000000011",
        "000000000000000000000012",
    )
    assert task.facts.tags == ("kore:ti-1", "late")
    assert task.facts.customers == ("c1", "Acme")
    assert task.facts.task_type_id == TYPE
    assert task.facts.contact == Contact(name="Customer One", email="customer.one@example.com")


def test_a_bare_record_is_whole_and_empty() -> None:
    task = READER.task({"_id": ID, "status": {}, "title": None, "identifierNumber": None}, ID)
    assert task.hidden == ()
    assert {name: key(task.shown(name)) for name in Field} == {
        Field.TITLE: None,
        Field.DESCRIPTION: None,
        Field.STATUS: "new",
        Field.PRIORITY: None,
        Field.ASSIGNEE: None,
        Field.DUE: None,
    }
    assert (task.ref, task.changed_at, task.marker) == (None, None, None)


@pytest.mark.parametrize(
    ("odd", "field", "expected"),
    [
        ({"title": ""}, Field.TITLE, None),
        ({"title": " \n"}, Field.TITLE, None),
        ({"taskStatus": None}, Field.STATUS, "new"),
        ({"taskStatus": ""}, Field.STATUS, "new"),
        ({"taskStatus": "waiting_for_parts"}, Field.STATUS, "waitingforparts"),
        ({"priority": None}, Field.PRIORITY, None),
        ({"priority": ""}, Field.PRIORITY, None),
        ({"priority": "blocker"}, Field.PRIORITY, "blocker"),
        ({"assignee": None}, Field.ASSIGNEE, None),
        ({"assignee": {}}, Field.ASSIGNEE, None),
        ({"assignee": ...}, Field.ASSIGNEE, None),
        ({"assignee": {"entityId": None, "name": None}}, Field.ASSIGNEE, None),
        ({"assignee": "a1"}, Field.ASSIGNEE, "a1"),
        ({"assignee": {"name": "Ann"}}, Field.ASSIGNEE, "Ann"),
        ({"dueDate": None}, Field.DUE, None),
        ({"dueDate": ""}, Field.DUE, None),
        ({"dueDate": 1736424000000}, Field.DUE, "2025-01-09T12:00:00.000Z"),
        ({"dueDate": 1736424000000.0}, Field.DUE, "2025-01-09T12:00:00.000Z"),
        ({"dueDate": "1736424000000"}, Field.DUE, "2025-01-09T12:00:00.000Z"),
        ({"dueDate": 1736424000}, Field.DUE, "2025-01-09T12:00:00.000Z"),
    ],
)
def test_every_form_of_a_value_is_understood(
    odd: dict[str, Any], field: Field, expected: str | None
) -> None:
    assert key(read(**odd).shown(field)) == expected


def test_a_due_date_without_a_zone_is_of_the_zone_that_was_set() -> None:
    reader = Reader(zone=ZoneInfo("Europe/Berlin"), prefixes={})
    task = reader.task({**RECORD, "dueDate": "2025-07-09T12:00:00"}, ID)
    assert key(task.shown(Field.DUE)) == "2025-07-09T10:00:00.000Z"
    assert task.ref == "#7"


@pytest.mark.parametrize(
    ("related", "customers"),
    [
        ({"customerIds": ["c1", "c2"]}, ("c1", "c2")),
        ({"customer": {"entityId": "c1", "name": None}}, ("c1",)),
        ({"relatedCustomers": [{"_id": "c1", "name": "Acme"}, "c1", 7, None]}, ("c1", "Acme")),
        ({"objects": [{"entityId": "o1"}]}, ()),
        ({}, ()),
        (None, ()),
        ([], ()),
    ],
)
def test_customers_are_found_in_any_shape(related: Any, customers: tuple[str, ...]) -> None:
    assert read(related=related).facts.customers == customers


@given(st.dictionaries(st.text(min_size=1, max_size=9).map(lambda name: f"x{name}"), json_values))
def test_keys_that_are_merely_new_change_nothing(extra: dict[str, Any]) -> None:
    assert READER.task({**RECORD, **extra}, ID) == read()


@given(st.dictionaries(st.sampled_from(sorted(RECORD)), json_values, max_size=4))
def test_a_record_is_read_or_unreadable_and_never_anything_else(odd: dict[str, Any]) -> None:
    record = {**RECORD, **odd, "_id": ID}
    unreadable = None
    try:
        READER.task(record, ID)
    except UnreadableRecord as error:
        unreadable = error
    if unreadable is not None:
        assert unreadable.task_id == ID
        assert unreadable.reason.partition(":")[0].partition(".")[0] in record


@pytest.mark.parametrize(
    ("odd", "place"),
    [
        ({"title": ["private words"]}, "title"),
        ({"dueDate": "private words"}, "dueDate"),
        ({"dueDate": True}, "dueDate"),
        ({"taskStatus": {"private words": 1}}, "taskStatus"),
    ],
)
def test_what_cannot_be_understood_names_its_key_and_repeats_no_value(
    odd: dict[str, Any], place: str
) -> None:
    with pytest.raises(UnreadableRecord, match=f"^{place}[:.]") as caught:
        read(**odd)
    assert "private" not in str(caught.value)


def moved(**changes: Any) -> bool:
    return READER.digest({**RECORD, **changes}) != READER.digest(RECORD)


def test_the_digest_moves_with_what_is_carried_and_stays_with_what_turns_by_itself() -> None:
    person = RECORD["assignee"]
    state = RECORD["status"]
    assert not moved(assignee={**person, "profilePicture": "b.png"})
    assert not moved(firstStartedAt=5, documentIds=["d"], number=13)
    assert moved(assignee={**person, "entityId": "x"})
    assert moved(status={**state, "lastModifiedAt": "2025-01-02T04:00:01Z"})
    assert all(moved(**{name: "x"}) for name in ("title", "description", "taskStatus", "priority"))
    assert moved(tags=[])
    assert moved(related={})
    assert moved(dueDate=None)


def test_the_digest_moves_when_the_prefix_of_the_reference_is_learnt() -> None:
    assert Reader(prefixes={}).digest(RECORD) != READER.digest(RECORD)
