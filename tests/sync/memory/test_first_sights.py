"""What is known of a counterpart right after its create, by its answer or by what is asked."""

import pytest

from bridge.domain.operation import OperationKind, Outcome, WriteRequest
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case, Contact, Facts, Standing
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import CONTACT
from tests.sync.memory.test_around_a_create import requests

KORE, V2 = Side.KORE, Side.V2
both_sides = pytest.mark.parametrize("side", list(Side))


def contacts(sent: list[WriteRequest]) -> list[str]:
    return [one.body["contact"] for one in sent if one.call == "create"]


# --- for whom ------------------------------------------------------------------------------------


def test_a_task_whose_case_cannot_be_looked_up_takes_the_contact_that_its_row_shows(
    bench: Bench,
) -> None:
    case = Case(id="ci-7", ref="CS-7", name="Old house", contact=CONTACT)
    bench.kore.add("Boiler", case=case, facts=Facts(tags=(), queues=()))
    sent = requests(bench, V2)
    bench.sync()
    assert contacts(sent) == [CONTACT.name]


def test_the_contact_of_the_task_itself_comes_before_that_of_its_case(bench: Bench) -> None:
    own = Contact(name="Bo Summer", email="bo@example.com")
    bench.kore.add("Boiler", facts=Facts(tags=(), queues=(), contact=own))
    sent = requests(bench, V2)
    bench.sync()
    assert contacts(sent) == [own.name]


# --- what is known -------------------------------------------------------------------------------


@both_sides
@pytest.mark.parametrize("answer", ["task", "id"])
def test_what_was_created_is_known_as_linked_in_the_same_cycle(
    bench: Bench, side: Side, answer: str
) -> None:
    """Without an edit, nobody changed it; and it is the bridge's own change."""
    bench.service(side).create_answer = answer
    mine = bench.service(side.other).add("Boiler", "text")
    bench.sync()
    other = bench.across(side.other, mine)
    known = bench.known(side, other)
    record = bench.service(side).records[other]
    assert known.standing is bench.known(side.other, mine).standing is Standing.LINKED
    assert (known.task.title, known.own_changed_at) == ("Boiler", record.changed_at)
    assert known.person_changed_at is None
    (view,) = bench.links()
    assert view.link.base(Field.TITLE).of(side) is not None
    bench.forget_calls()
    bench.sync()
    assert bench.kore.writes == bench.v2.writes == []


def test_kore_is_asked_for_what_its_answer_and_its_list_leave_out(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.kore.create_answer = "id"
    bench.pair("Known", text="words")
    bench.settle()
    bench.forget_calls()
    bench.v2.add("Boiler", "text")
    bench.sync(sweeps=False)
    assert [call for call in bench.kore.calls if "page" not in call][-2:] == ["create", "probe"]
    assert bench.desk.vocabulary.self_ids(KORE) == frozenset(), "only an answer tells who we are"


def test_kore_is_not_asked_for_what_v2_does_not_show_after_its_create(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.v2.create_answer = "id"
    bench.pair("Known", V2)
    bench.settle()
    monkeypatch.setattr(bench.v2, "read", lambda task_id: None)  # not yet
    mine = bench.kore.add("Boiler")
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert "probe" not in bench.kore.calls
    assert bench.desk.faults == {}
    assert bench.is_linked(KORE, mine)


@both_sides
def test_what_somebody_edited_before_it_was_first_seen_is_a_persons_change(
    bench: Bench, side: Side
) -> None:
    target = bench.service(side)
    target.create_answer = "id"
    bench.pair("Known", side)
    bench.settle()
    send = target.send

    def meanwhile(request: WriteRequest) -> object:
        answered = send(request)
        if request.call == "create":
            bench.clock.pass_time(0.01)
            target.edit(max(target.records), due="2026-05-01T12:00:00Z")
        return answered

    target.send = meanwhile  # type: ignore[assignment, method-assign]
    mine = bench.service(side.other).add("Boiler")
    bench.sync(sweeps=False)
    other: TaskId = bench.across(side.other, mine)
    if side is KORE:
        bench.sync(sweeps=False)
    known = bench.known(side, other)
    assert known.person_changed_at == target.records[other].changed_at
    assert known.own_changed_at is None


def test_the_journal_tells_that_an_origin_was_tagged(bench: Bench) -> None:
    bench.set_rules(tags_origin=True)
    bench.v2.add("Ladder")
    bench.sync()
    with bench.store.begin() as unit:
        (done,) = [
            one
            for one in unit.operations_of(bench.desk.run_id)
            if one.operation.kind is OperationKind.CREATE
        ]
    assert (done.outcome, done.note) == (Outcome.DONE, "its origin was tagged")
