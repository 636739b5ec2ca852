"""Kore's writes: drafted as the contract says, sent once, and understood in every answer."""

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
from bridge.domain.task import Case, Contact
from bridge.domain.values import (
    Observed,
    due_value,
    person_value,
    priority_value,
    queue_value,
    status_value,
    text_value,
)
from bridge.domain.vocabulary import Vocabulary
from bridge.errors import BadAnswer, KeyRefused, NotFound, NotYet, Refused, Unreachable, UsageError
from bridge.sandbox import Fault
from bridge.services.kore import KoreService
from tests.naming import stable_name
from tests.services.contracts import offences
from tests.services.sandboxes import CUSTOMER, REQUESTER, World

NO_WORDS = Vocabulary()
ID = TaskId("ti-1")


@pytest.fixture(autouse=True)
def every_request_keeps_the_contract(world: World) -> Iterator[None]:
    yield
    assert [text for call in world.kore_side.calls for text in offences("kore", call)] == []


@pytest.fixture(scope="module")
def case_id(running: World) -> str:
    return running.kore_side.add_case(name="Broken boiler", customer=CUSTOMER)


def vocabulary_of(service: KoreService, *answers: Answer) -> Vocabulary:
    told = [word for answer in answers if answer.task for word in answer.task.words]
    return Vocabulary([*service.learn(), *told])


def draft(world: World, case_id: str, **more: Any) -> Draft:
    case = world.kore().find_case(case_id)
    assert case is not None
    whole: dict[str, Any] = {
        "side": Side.KORE,
        "values": {Field.TITLE: text_value("Fix it")},
        "text": "Soon.\n\n[task-bridge v2:REC-1 65f0]",
        "contact": case.contact,
        "case": case,
        "template": world.kore_side.task_template_id,
        **more,
    }
    return Draft(**whole)


def create(world: World, case_id: str, **more: Any) -> Answer:
    service = world.kore()
    return service.send(service.draft_create(draft(world, case_id, **more), NO_WORDS))


def journalled(request: WriteRequest) -> WriteRequest:
    """The request as it comes back from a store that keeps it as JSON."""
    return WriteRequest(**json.loads(json.dumps(asdict(request))))


# ---- creating ----------------------------------------------------------------------------------


@pytest.mark.parametrize("switches", [{}, {"create_status": 201}, {"create_record": "whole"}])
def test_a_create_answers_the_whole_task(
    world: World, case_id: str, switches: dict[str, Any]
) -> None:
    world.set_kore(**switches)
    answer = create(world, case_id)
    task = answer.task
    assert task is not None
    assert task.id == answer.task_id
    assert task.hidden == ()
    assert task.marker is not None
    assert task.marker.task_id == "65f0"
    assert world.kore_side.tasks[task.id]["desc"] == "Soon.\n\n[task-bridge v2:REC-1 65f0]"
    assert task.first_author == world.kore_side.app_user_id


@pytest.mark.parametrize("shape", ["id", "nothing"])
def test_a_create_may_answer_less(world: World, case_id: str, shape: str) -> None:
    world.set_kore(create_answer=shape)
    answer = create(world, case_id)
    assert answer.task is None
    assert (answer.task_id is not None) is (shape == "id")


def test_a_create_sends_all_seven_keys(world: World, case_id: str) -> None:
    service = world.kore()
    request = service.draft_create(draft(world, case_id, text=""), NO_WORDS)
    assert set(request.body) == {
        "caseId", "caseRefId", "taskTmp", "name", "userInfo", "source", "desc",
    }  # fmt: skip
    assert request.body["desc"] == ""
    assert request.body["userInfo"] == {"name": "Customer One", "emailId": CUSTOMER["emailId"]}
    assert journalled(request) == request


@pytest.mark.parametrize("contact", [None, Contact(), Contact(name="Only a name")])
def test_the_requester_stands_in_for_a_contact_that_cannot_be_reached(
    world: World, case_id: str, contact: Contact | None
) -> None:
    made = draft(world, case_id, contact=contact)
    request = world.kore(requester=REQUESTER).draft_create(made, NO_WORDS)
    assert request.body["userInfo"] == {"name": "The bridge", "emailId": "bridge@example.com"}
    with pytest.raises(UsageError, match=r"kore\.requester"):
        world.kore().draft_create(made, NO_WORDS)


def test_what_kore_could_not_take_is_not_drafted(world: World, case_id: str) -> None:
    service = world.kore()
    odd_drafts: list[dict[str, Any]] = [
        {"case": None}, {"case": Case(id="ci-1")}, {"values": {}},
    ]  # fmt: skip
    for odd in odd_drafts:
        with pytest.raises(UsageError):
            service.draft_create(draft(world, case_id, **odd), NO_WORDS)


# ---- updating ----------------------------------------------------------------------------------

DUE = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


def update(
    service: KoreService, task_id: TaskId, values: dict[Field, Observed], words: Vocabulary,
    **more: Any,
) -> Answer:  # fmt: skip
    return service.send(journalled(service.draft_update(task_id, values, words, **more)))


def test_every_field_can_be_changed_and_the_answer_shows_it(world: World, case_id: str) -> None:
    side, service = world.kore_side, world.kore()
    side.add_case(name="To learn from")
    teacher = side.add_task(case_id=case_id, name="Teacher", status="In Progress", priority="High",
                            assignee=side.agents[0]["agentId"])  # fmt: skip
    shown = service.send(service.draft_probe(TaskId(teacher), ProbeForm.EMPTY))
    words = vocabulary_of(service, shown)
    task_id = TaskId(side.add_task(case_id=case_id, name="Old"))
    values: dict[Field, Observed] = {
        Field.TITLE: text_value("New"),
        Field.DESCRIPTION: text_value("Text"),
        Field.STATUS: status_value("In Progress", "in progress"),
        Field.PRIORITY: priority_value("High"),
        Field.ASSIGNEE: person_value(side.agents[0]["agentId"], None),
        Field.DUE: due_value(DUE),
    }
    answer = update(service, task_id, values, words, tags=["a", "b"])
    assert answer.task is not None
    assert answer.task.fields == values
    assert answer.task.facts.tags == ("a", "b")


@pytest.mark.parametrize("needs", ["both", "agentId", "aId"])
def test_a_person_is_sent_with_both_ids_by_whichever_the_table_names(
    world: World, case_id: str, needs: str
) -> None:
    world.set_kore(assignee_id=needs)
    side, service = world.kore_side, world.kore()
    agent = side.agents[0]
    task_id = TaskId(side.add_task(case_id=case_id, name="T", assignee=agent["agentId"]))
    words = vocabulary_of(service, service.send(service.draft_probe(task_id, ProbeForm.EMPTY)))
    for key in (agent["agentId"], agent["aId"]):
        side.edit_task(task_id, assignee=None)
        answer = update(service, task_id, {Field.ASSIGNEE: person_value(key, "x")}, words)
        assert answer.task is not None
        assert answer.task.shown(Field.ASSIGNEE) == person_value(agent["agentId"], None)


def test_a_person_never_seen_is_sent_by_the_one_id_that_is_known(world: World) -> None:
    service = world.kore()
    for key, name in (("u-1", "agentId"), ("a-1", "aId")):
        body = service.draft_update(ID, {Field.ASSIGNEE: person_value(key, "X")}, NO_WORDS).body
        assert body["currAssignee"] == {name: key, "name": "X"}


def test_ids_of_the_settings_come_before_those_learnt(world: World) -> None:
    service = world.kore(status_ids={"in progress": "sts-9"}, priority_ids={"HIGH": "pr-9"})
    values: dict[Field, Observed] = {
        Field.STATUS: status_value("In-Progress"),
        Field.PRIORITY: priority_value("High"),
    }
    body = service.draft_update(ID, values, NO_WORDS).body
    assert body["status"] == {"_id": "sts-9", "name": "In-Progress"}
    assert body["priority"] == {"_id": "pr-9", "name": "High"}


@pytest.mark.parametrize(
    ("switches", "field"),
    [
        ({"unassign": "empty_object"}, Field.ASSIGNEE),
        ({"unassign": "null"}, Field.ASSIGNEE),
        ({"unassign": "assignee_type"}, Field.ASSIGNEE),
        ({"clear_due": "null"}, Field.DUE),
        ({"clear_due": "null", "removed_due": "null"}, Field.DUE),
        ({"clear_due": "zero_and_empty"}, Field.DUE),
        ({"clear_text": "empty_string"}, Field.DESCRIPTION),
        ({"clear_text": "null"}, Field.DESCRIPTION),
    ],
    ids=stable_name,
)
def test_one_of_the_forms_takes_a_value_off(
    world: World, case_id: str, switches: dict[str, Any], field: Field
) -> None:
    world.set_kore(**switches)
    side, service = world.kore_side, world.kore()
    agent = side.agents[0]["agentId"]
    task_id = TaskId(side.add_task(case_id=case_id, name="T", desc="D", assignee=agent, due=DUE))
    forms = service.alternatives({field: None}, NO_WORDS)
    for alternative in range(forms):
        answer = update(service, task_id, {field: None}, NO_WORDS, alternative=alternative)
        if alternative:
            side.clear_calls()  # further forms go beyond what the contract describes
        assert answer.task is not None
        if answer.task.shown(field) is None:
            return
    raise AssertionError("no form was taken")


def test_an_alternative_beyond_the_last_is_the_last(world: World) -> None:
    service = world.kore()
    values: dict[Field, Observed] = {Field.TITLE: text_value("T"), Field.DUE: None}
    body = service.draft_update(ID, values, NO_WORDS, alternative=9).body
    assert body == {"name": "T", "dueDate": 0, "ETA": ""}
    assert service.alternatives({Field.TITLE: text_value("T")}, NO_WORDS) == 1


@pytest.mark.parametrize(
    "values",
    [
        {},
        {Field.TITLE: None},
        {Field.STATUS: None},
        {Field.PRIORITY: None},
        {Field.ASSIGNEE: queue_value("Support")},
    ],
)
def test_what_kore_cannot_be_told_is_not_drafted(
    world: World, values: dict[Field, Observed]
) -> None:
    with pytest.raises(UsageError):
        world.kore().draft_update(ID, values, NO_WORDS)


# ---- probing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [ProbeForm.EMPTY, ProbeForm.ID_ONLY])
def test_a_probe_sends_nothing_that_people_edit_and_shows_everything(
    world: World, case_id: str, form: ProbeForm
) -> None:
    side, service = world.kore_side, world.kore()
    task_id = TaskId(side.add_task(case_id=case_id, name="T", desc="D"))
    before = dict(side.tasks[task_id])
    answer = service.send(journalled(service.draft_probe(task_id, form)))
    assert answer.task is not None
    assert answer.task.hidden == ()
    assert side.tasks[task_id] == before
    assert set(side.calls[-1].body) <= {"_id"}


def test_a_probe_can_be_refused(world: World, case_id: str) -> None:
    world.set_kore(empty_update="refused", id_only_update="refused")
    service = world.kore()
    task_id = TaskId(world.kore_side.add_task(case_id=case_id, name="T"))
    for form in (ProbeForm.EMPTY, ProbeForm.ID_ONLY):
        with pytest.raises(Refused):
            service.send(service.draft_probe(task_id, form))
    for form in (ProbeForm.UNTRIED, ProbeForm.REFUSED):
        with pytest.raises(UsageError):
            service.draft_probe(task_id, form)


# ---- what becomes of a write -------------------------------------------------------------------


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
        (Fault.FORBIDDEN, KeyRefused, False),
        (Fault.NOT_FOUND, NotFound, False),
        (Fault.BAD_REQUEST, Refused, False),
        (Fault.TOO_MANY_SECONDS, NotYet, False),
        (Fault.TOO_MANY_DATE, NotYet, False),
        (Fault.TOO_MANY_PLAIN, NotYet, False),
    ],
)
def test_a_create_that_goes_wrong_is_sent_once_and_judged(
    world: World, case_id: str, fault: Fault, kind: type[Exception], is_unknown: bool
) -> None:
    request = world.kore().draft_create(draft(world, case_id), NO_WORDS)
    world.kore_side.faults.add("createTask", fault)
    world.kore_side.clear_calls()
    with pytest.raises(kind) as caught:
        world.kore().send(request)
    assert getattr(caught.value, "is_outcome_unknown", None) is is_unknown
    assert len(world.kore_side.calls) == 1


def test_a_write_that_hangs_is_given_up_with_an_unknown_outcome(world: World, case_id: str) -> None:
    request = world.kore().draft_create(draft(world, case_id), NO_WORDS)
    world.kore_side.faults.add("createTask", Fault.HANG_AFTER)
    with pytest.raises(Unreachable, match="in time") as caught:
        world.kore(timeout_seconds=0.2).send(request)
    assert caught.value.is_outcome_unknown
    world.kore_side.faults.release()


def test_a_create_that_met_a_401_is_sent_again_and_makes_one_task(
    world: World, case_id: str
) -> None:
    world.kore_side.faults.add("createTask", Fault.UNAUTHORIZED)
    before = len(world.kore_side.tasks)
    assert create(world, case_id).task is not None
    assert len(world.kore_side.tasks) == before + 1


@pytest.mark.parametrize("status", [400, 403, 409])
def test_a_task_of_a_closed_case_is_refused_in_the_services_words(
    world: World, status: int
) -> None:
    world.set_kore(closed_case_status=status)
    side, service = world.kore_side, world.kore()
    closed = side.add_case(name="Closed one", is_closed=True)
    task_id = TaskId(side.add_task(case_id=closed, name="T"))
    with pytest.raises((Refused, KeyRefused), match="case is closed"):
        update(service, task_id, {Field.TITLE: text_value("x")}, NO_WORDS)


@pytest.mark.parametrize("shape", ["json", "html", "plain"])
def test_a_refusal_is_worded_as_the_service_words_it(world: World, shape: str) -> None:
    world.set_kore(error_shape=shape)
    with pytest.raises(
        NotFound, match=r"Kore, asked for updateTask, answered 404: Task not found\."
    ):
        update(world.kore(), TaskId("ti-none"), {Field.TITLE: text_value("x")}, NO_WORDS)


def test_what_is_no_write_of_kore_is_not_sent(world: World) -> None:
    service = world.kore()
    for side, call in ((Side.KORE, "deleteTask"), (Side.V2, "createTask")):
        with pytest.raises(UsageError):
            service.send(WriteRequest(side=side, call=call, body={}))
    with pytest.raises(UsageError):
        service.draft_complete(ID)
    assert world.kore_side.calls == []
