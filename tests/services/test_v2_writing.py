"""v2's writes: drafted as the contract says, sent once, and understood in every answer."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.domain.exchange import Answer, Draft
from bridge.domain.operation import WriteRequest
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Contact
from bridge.domain.values import (
    Observed,
    due_value,
    person_value,
    priority_value,
    status_value,
    text_value,
)
from bridge.domain.vocabulary import Vocabulary
from bridge.errors import BadAnswer, KeyRefused, NotFound, NotYet, Refused, Unreachable, UsageError
from bridge.sandbox import Fault
from bridge.services.v2 import V2Service
from tests.naming import stable_name
from tests.services.contracts import offences
from tests.services.sandboxes import World

NO_WORDS = Vocabulary()
DUE = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
CONTACT = Contact(name="Customer One", email="one@example.com", phone="+1 555")


@pytest.fixture(autouse=True)
def every_request_keeps_the_contract(world: World) -> Iterator[None]:
    yield
    assert [text for call in world.v2_side.calls for text in offences("v2", call)] == []


def draft(world: World, **more: Any) -> Draft:
    person = world.v2_side.author
    values: dict[Field, Observed] = {
        Field.TITLE: text_value("Fix it"),
        Field.STATUS: status_value("in_progress"),
        Field.PRIORITY: priority_value("urgent"),
        Field.ASSIGNEE: person_value(person, "Ann"),
        Field.DUE: due_value(DUE),
    }
    text = "Soon.\n\n[task-bridge kore:TS1 ti-1]"
    return Draft(**{"side": Side.V2, "values": values, "text": text, "contact": CONTACT, **more})


def send(service: V2Service, request: WriteRequest) -> Answer:
    """Send it as it comes back from a store that keeps it as JSON."""
    return service.send(WriteRequest(**json.loads(json.dumps(asdict(request)))))


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("shape", ["task", "id", "nothing"])
def test_a_create_is_understood_in_every_answer(world: World, shape: str, status: int) -> None:
    world.set_v2(create_answer=shape, create_status=status)
    service = world.v2()
    before = set(world.v2_side.tasks)
    answer = send(service, service.draft_create(draft(world), NO_WORDS))
    (task_id,) = set(world.v2_side.tasks) - before
    assert answer.task_id == (None if shape == "nothing" else task_id)
    assert (answer.task is not None) is (shape == "task")
    task = service.read(TaskId(task_id))
    assert task is not None
    assert task.title == "Fix it"
    assert task.marker is not None
    assert task.shown(Field.STATUS) == status_value("new")
    assert task.shown(Field.PRIORITY) == priority_value("urgent")
    assert task.shown(Field.ASSIGNEE) == person_value(world.v2_side.author, None)
    assert task.shown(Field.DUE) == due_value(DUE)
    assert task.facts.contact == CONTACT
    assert answer.task is None or answer.task == task


def test_a_create_leaves_out_what_is_empty(world: World) -> None:
    service = world.v2()
    made = draft(world, values={Field.TITLE: None, Field.DUE: None}, contact=None)
    request = service.draft_create(made, NO_WORDS)
    assert request.body == {"description": "Soon.\n\n[task-bridge kore:TS1 ti-1]"}
    odd = draft(world, values={}, contact=Contact(name="N", email="no address"))
    assert "email" not in service.draft_create(odd, NO_WORDS).body


def test_a_create_is_of_the_type_that_was_set(world: World) -> None:
    type_id = next(iter(world.v2_side.task_types))
    service = world.v2(task_type_id=type_id)
    assert service.draft_create(draft(world), NO_WORDS).body["taskTypeId"] == type_id


@pytest.mark.parametrize(
    "switches",
    [{}, {"patch_status": 204}, {"patch_answer": "ack"}, {"patch_answer": "task"}],
    ids=stable_name,
)
def test_a_patch_changes_what_it_names_and_is_understood_in_every_answer(
    world: World, switches: dict[str, Any]
) -> None:
    world.set_v2(**switches)
    service = world.v2()
    task_id = TaskId(world.v2_side.add_task(title="Old", description="Kept"))
    values: dict[Field, Observed] = {
        Field.TITLE: text_value("New"),
        Field.STATUS: status_value("in_review"),
        Field.PRIORITY: priority_value("high"),
        Field.ASSIGNEE: person_value(world.v2_side.author, "Ann"),
        Field.DUE: due_value(DUE),
    }
    answer = send(service, service.draft_update(task_id, values, NO_WORDS, tags=["a"]))
    task = service.read(task_id)
    assert task is not None
    assert task.fields == {**values, Field.DESCRIPTION: text_value("Kept")}
    assert task.facts.tags == ("a",)
    assert task.last_author == world.v2_side.self_user_id
    assert answer.task == (task if switches.get("patch_answer") == "task" else None)


@pytest.mark.parametrize(
    ("switches", "field", "value"),
    [
        ({"unassign": "null"}, Field.ASSIGNEE, None),
        ({"unassign": "empty_object"}, Field.ASSIGNEE, None),
        ({"unassign": "assignee_id_null", "assign_by": "either"}, Field.ASSIGNEE, None),
        ({"clear_due": "null"}, Field.DUE, None),
        ({"clear_due": "empty_string"}, Field.DUE, None),
        ({"clear_priority": "taken"}, Field.PRIORITY, None),
        ({"assign_by": "assigneeId"}, Field.ASSIGNEE, "agent"),
        ({"assignee_needs": "name_too"}, Field.ASSIGNEE, "agent"),
    ],
    ids=stable_name,
)
def test_one_of_the_forms_is_taken(
    world: World, switches: dict[str, Any], field: Field, value: str | None
) -> None:
    world.set_v2(**switches)
    side, service = world.v2_side, world.v2()
    person = None if value else side.author
    task_id = TaskId(side.add_task(title="T", assignee=person, due=DUE, priority="low"))
    wanted = person_value(side.author, "Ann") if value else None
    for alternative in range(service.alternatives({field: wanted}, NO_WORDS)):
        request = service.draft_update(task_id, {field: wanted}, NO_WORDS, alternative=alternative)
        send(service, request)
        task = service.read(task_id)
        assert task is not None
        if task.shown(field) == wanted:
            return
    raise AssertionError("no form was taken")


def test_a_task_is_completed_without_a_mail_and_not_twice(world: World) -> None:
    service = world.v2()
    task_id = TaskId(world.v2_side.add_task(title="T"))
    answer = send(service, service.draft_complete(task_id))
    assert (answer.task, answer.task_id) == (None, None)
    assert world.v2_side.calls[-1].body == {"sendEmail": False}
    assert world.v2_side.tasks[task_id]["taskStatus"] == "completed"
    with pytest.raises(Refused) as caught:
        send(service, service.draft_complete(task_id))
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("fault", "kind", "is_unknown"),
    [
        (Fault.FAIL_BEFORE, Unreachable, True),
        (Fault.FAIL_AFTER, Unreachable, True),
        (Fault.DROP_BEFORE, Unreachable, True),
        (Fault.DROP_AFTER, Unreachable, True),
        (Fault.TRUNCATE, Unreachable, True),
        (Fault.HTML_200, BadAnswer, True),
        (Fault.ERROR_OBJECT_200, BadAnswer, True),
        (Fault.UNAUTHORIZED, KeyRefused, False),
        (Fault.FORBIDDEN, KeyRefused, False),
        (Fault.NOT_FOUND, NotFound, False),
        (Fault.BAD_REQUEST, Refused, False),
        (Fault.TOO_MANY_SECONDS, NotYet, False),
        (Fault.TOO_MANY_DATE, NotYet, False),
        (Fault.TOO_MANY_PLAIN, NotYet, False),
    ],
)
def test_a_create_that_goes_wrong_is_sent_once_and_judged(
    world: World, fault: Fault, kind: type[Exception], is_unknown: bool
) -> None:
    service = world.v2()
    world.v2_side.faults.add("createTask", fault)
    with pytest.raises(kind) as caught:
        send(service, service.draft_create(draft(world), NO_WORDS))
    assert getattr(caught.value, "is_outcome_unknown", None) is is_unknown
    assert len(world.v2_side.calls) == 1


@pytest.mark.parametrize("detail", ["errors", "message"])
def test_a_refusal_is_worded_as_the_service_words_it(world: World, detail: str) -> None:
    world.set_v2(refused_fields=frozenset({"title"}), error_detail=detail)
    service = world.v2()
    task_id = TaskId(world.v2_side.add_task(title="T"))
    with pytest.raises(Refused, match="title"):
        send(service, service.draft_update(task_id, {Field.TITLE: text_value("x")}, NO_WORDS))


@pytest.mark.parametrize(
    ("values", "tags"), [({}, None), ({Field.STATUS: None}, None), ({Field.STATUS: None}, ["a"])]
)
def test_what_v2_cannot_be_told_is_not_drafted(
    world: World, values: dict[Field, Observed], tags: list[str] | None
) -> None:
    with pytest.raises(UsageError):
        world.v2().draft_update(TaskId("a1"), values, NO_WORDS, tags=tags)


def test_what_is_no_write_of_v2_is_not_sent(world: World) -> None:
    service = world.v2()
    for side, call in ((Side.V2, "POST /tasks/delete"), (Side.KORE, "POST /tasks/")):
        with pytest.raises(UsageError):
            service.send(WriteRequest(side=side, call=call, body={}))
    with pytest.raises(UsageError):
        service.draft_probe(TaskId("a1"), ProbeForm.EMPTY)
    assert world.v2_side.calls == []
