"""What counts after a write is what the service shows, for the fields that were written."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.operation import OperationState, WaitKind, WriteRequest
from bridge.domain.operation import Outcome as Result
from bridge.domain.policy import Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Task
from bridge.domain.values import Observed, Value, text_value
from bridge.domain.vocabulary import Detail, Word, WordKind
from bridge.domain.wordtable import Default, WordRow
from bridge.errors import Refused, Unreachable
from tests.sync.memory.bench import Bench, mapping

both_sides = pytest.mark.parametrize("side", list(Side))
DUE, LATER = "2027-01-01T00:00:00.000Z", "2027-02-02T00:00:00.000Z"
GONE = Unreachable("v2", "gone")
LOST = Unreachable("v2", "no answer", is_outcome_unknown=True)


@pytest.fixture
def pair(bench: Bench) -> tuple[str, str]:
    """A pair in step, nothing of which was just read."""
    found = bench.pair(text="old")
    bench.settle()
    bench.forget_calls()
    return found


def shouted(name: Field, value: Observed) -> Observed:
    return text_value(value.text.upper()) if name is Field.TITLE and value else value


# --- whose value it is ---------------------------------------------------------------------------


@both_sides
@pytest.mark.parametrize("we_are", ["shown", "not shown", "not known"])
def test_what_a_service_spells_anew_is_its_own_form_and_not_carried_back(
    bench: Bench, side: Side, we_are: str
) -> None:
    if we_are == "not shown":
        bench.service(side).shows_author = False
    if we_are == "not known":
        bench.v2.words = []
    ids = dict(zip((Side.KORE, Side.V2), bench.pair(), strict=True))
    bench.service(side).alters = shouted
    bench.service(side.other).edit(ids[side.other], title="New")
    bench.settle()
    assert bench.values(Field.TITLE, ids[Side.KORE], ids[Side.V2]) in (
        ("New", "NEW"),
        ("NEW", "New"),
    )
    assert bench.service(side).value(ids[side], Field.TITLE) == "NEW"
    assert bench.conflicts() == []


def test_what_a_person_makes_of_the_same_field_right_after_our_write_is_carried(
    bench: Bench, pair: tuple[str, str]
) -> None:
    kore_id, v2_id = pair
    bench.kore.edit(kore_id, title="New")
    read = bench.v2.read

    def after_a_person(task_id: Any) -> Task | None:
        if bench.v2.value(v2_id, Field.TITLE) == "New":
            bench.v2.edit(v2_id, title="By a person")
        return read(task_id)

    bench.v2.read = after_a_person  # type: ignore[method-assign]
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("By a person", "By a person")


def test_an_answer_that_shows_no_author_tells_no_name_of_ours(bench: Bench) -> None:
    bench.kore.shows_author = False
    kore_id, v2_id = bench.pair()
    bench.v2.edit(v2_id, title="New")
    bench.settle()
    assert bench.kore.value(kore_id, Field.TITLE) == "New"
    assert bench.desk.vocabulary.self_ids(Side.KORE) == set()


def test_only_the_created_side_ends_its_text_with_the_marker(
    bench: Bench, pair: tuple[str, str]
) -> None:
    kore_id, v2_id = pair
    bench.v2.edit(v2_id, text="from the field")
    bench.settle()
    assert bench.kore.records[kore_id].text == "from the field"
    bench.kore.edit(kore_id, text="from the desk")
    bench.settle()
    text = bench.v2.records[v2_id].text
    assert text.startswith("from the desk\n\n[task-bridge kore:")


# --- how often, and in which forms, it is asked for ----------------------------------------------


def test_an_answer_that_shows_the_task_is_not_asked_for_again(
    bench: Bench, pair: tuple[str, str]
) -> None:
    bench.v2.update_answer = "task"
    bench.kore.edit(pair[0], title="New")
    bench.sync(sweeps=False)
    calls = [one for one in bench.v2.calls if "page" not in one]
    assert calls[calls.index("update") :] == ["update"]


def test_another_status_that_is_ignored_is_not_completed(
    bench: Bench, pair: tuple[str, str]
) -> None:
    bench.v2.ignores = {Field.STATUS}
    bench.kore.edit(pair[0], status="In Progress")
    bench.sync(sweeps=False)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert wait.field is Field.STATUS
    assert "kept the old value" in wait.reason
    assert "complete" not in bench.v2.calls


def test_a_status_of_kore_that_is_called_completed_is_asked_for_by_no_call_of_v2(
    bench: Bench, pair: tuple[str, str]
) -> None:
    row = WordRow("Completed", "completed", Default.BOTH)
    bench.set_rules(mapping=mapping(status=(row,)))
    details: dict[str, Detail] = {"id": "sts-x", "category": "resolved", "is_system": True}
    bench.kore.words.append(Word(Side.KORE, WordKind.STATUS, "completed", "Completed", details))
    bench.kore.ignores = {Field.STATUS}
    bench.sync(is_full=True)
    bench.v2.edit(pair[1], status="completed")
    bench.sync(sweeps=False)
    assert [one.field for one in bench.waits(WaitKind.FAILED)] == [Field.STATUS]
    assert "complete" not in bench.v2.calls


@pytest.mark.parametrize("edit", [{"status": "Resolved"}, {"due": DUE}])
def test_a_task_that_is_gone_right_after_its_write_stops_nothing(
    bench: Bench, pair: tuple[str, str], edit: dict[str, str]
) -> None:
    other = bench.kore.add("Ladder")
    bench.kore.edit(pair[0], **edit)
    bench.v2.read = lambda task_id: None  # type: ignore[method-assign]
    bench.sync(sweeps=False)
    assert bench.v2.calls.count("update") == 1
    assert bench.desk.faults == {}
    assert bench.is_linked(Side.KORE, other)


def test_a_date_that_the_service_alters_is_taken_and_asked_for_in_no_other_form(
    bench: Bench, pair: tuple[str, str]
) -> None:
    bench.v2.forms = 3
    bench.v2.alters = lambda name, value: (
        Value(LATER, LATER) if name is Field.DUE and value else value
    )
    bench.kore.edit(pair[0], due=DUE)
    bench.settle()
    assert bench.v2.calls.count("update") == 1
    assert bench.values(Field.DUE, *pair) == (DUE, LATER)
    assert [one["field"] for one in bench.heard.of("altered")] == [Field.DUE]


def test_a_form_that_is_taken_without_effect_leaves_the_refusal_in_the_list(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair(due=DUE)
    bench.v2.forms, bench.v2.taken_form = 2, 9
    bench.v2.refuses = lambda request: request.body.get("form") == 0
    bench.kore.edit(kore_id, due=None)
    bench.sync()
    (wait,) = bench.waits()
    assert (wait.kind, wait.reason) == (WaitKind.FAILED, "That is refused.")
    assert [one.outcome for one in bench.reports] == [Result.FAILED]
    assert bench.v2.value(v2_id, Field.DUE) == DUE


@pytest.mark.parametrize("how", ["in another form", "field by field"])
def test_the_report_says_how_a_refused_update_was_done_after_all(
    bench: Bench, pair: tuple[str, str], how: str
) -> None:
    edit = {"due": DUE} if how == "in another form" else {"due": DUE, "title": "New"}
    bench.v2.forms, bench.v2.taken_form = 2, 1 if how == "in another form" else 0
    bench.v2.fail("update", Refused("v2", "Not so.", status=400))
    bench.kore.edit(pair[0], **edit)
    bench.sync(sweeps=False)
    assert [(one.outcome, one.note) for one in bench.reports] == [(Result.DONE, how)]
    assert bench.v2.value(pair[1], Field.DUE) == DUE
    assert bench.waits() == []


def test_field_by_field_nothing_is_sent_to_a_side_that_went_down(
    bench: Bench, pair: tuple[str, str]
) -> None:
    bench.kore.edit(pair[0], title="New", due=DUE, priority="High")
    bench.v2.fail("update", Refused("v2", "One of them is bad.", status=400), times=2)
    bench.v2.fail("update", GONE)
    bench.sync(sweeps=False)
    assert bench.v2.calls.count("update") == 3
    assert [(one.outcome, one.note) for one in bench.reports] == [
        (Result.FAILED, "One of them is bad.")
    ]


def test_what_was_not_sent_says_why(bench: Bench, pair: tuple[str, str]) -> None:
    bench.kore.edit(pair[0], title="New", due=DUE)
    bench.v2.fail("update", Refused("v2", "One of them is bad.", status=400))
    bench.v2.fail("update", GONE)
    bench.sync(sweeps=False)
    assert [(one.outcome, one.note) for one in bench.reports] == [(Result.FAILED, "gone")]


# --- the look before, and after ------------------------------------------------------------------


def test_an_older_picture_before_a_write_says_nothing(bench: Bench, pair: tuple[str, str]) -> None:
    kore_id, v2_id = pair
    read, old = bench.v2.read, bench.v2.read(v2_id)  # type: ignore[arg-type]
    bench.v2.edit(v2_id, text="newer")
    bench.settle()
    bench.v2.read = lambda task_id: old  # type: ignore[method-assign]
    for title in ("First", "Second"):
        bench.kore.edit(kore_id, title=title)
        bench.sync(sweeps=False)
        assert bench.v2.value(v2_id, Field.TITLE) == title
    bench.v2.read = read  # type: ignore[method-assign]
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Second", "Second")
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("newer", "newer")


def test_whoever_turns_up_in_the_look_before_a_write_is_known_from_then_on(
    bench: Bench, pair: tuple[str, str]
) -> None:
    def meanwhile(order: object, offset: int) -> None:
        bench.v2.on_page = None
        bench.v2.edit(pair[1], assignee="Robin")

    bench.kore.edit(pair[0], title="New")
    bench.v2.on_page = meanwhile
    bench.sync(sweeps=False)
    assert bench.desk.vocabulary.find(Side.V2, WordKind.PERSON, "robin") is not None


def test_what_cannot_be_read_before_its_write_rests_until_it_can(
    bench: Bench, pair: tuple[str, str]
) -> None:
    bench.kore.edit(pair[0], title="New")
    bench.v2.on_page = lambda order, offset: bench.v2.unreadable.add(pair[1])
    bench.sync(sweeps=False)
    (view,) = bench.links()
    with bench.store.begin() as unit:
        assert not unit.is_link_due(view.link.id)


def failing_looks(bench: Bench, v2_id: str) -> None:
    """Every look after a write fails, and the list call that follows it."""

    def fail(request: WriteRequest) -> None:
        bench.v2.fail("read", GONE)
        bench.v2.fail("page:ask", GONE)

    bench.v2.on_send = fail


def test_a_look_after_a_write_that_fails_leaves_the_write_open_and_the_side_alone(
    bench: Bench,
) -> None:
    bench.set_rules(workers=1)
    pairs = [bench.pair(title) for title in ("Boiler", "Ladder")]
    bench.settle()
    bench.forget_calls()
    failing_looks(bench, pairs[0][1])
    for kore_id, _ in pairs:
        bench.kore.edit(kore_id, title="New")
    bench.sync(sweeps=False)
    assert bench.desk.faults.keys() == {Side.V2}
    assert bench.v2.calls.count("update") == 1
    with bench.store.begin() as unit:
        (left,) = unit.open_operations()
        told = unit.history(left.operation.link_id)  # type: ignore[arg-type]
    assert (left.state, left.outcome) == (OperationState.SENT, Result.UNCERTAIN)
    assert "look after it failed" in left.note
    assert [one.field for one in told if one.what == "not seen yet"] == [Field.TITLE]
    v2_id = left.operation.v2_id
    task = bench.known(Side.V2, str(v2_id)).task
    assert task.hidden == (Field.TITLE,)
    bench.v2.on_send = None
    bench.settle()
    assert [bench.v2.value(one, Field.TITLE) for _, one in pairs] == ["New", "New"]


# --- what waits ----------------------------------------------------------------------------------


def test_a_failure_shows_both_values_and_the_one_that_was_sent(
    bench: Bench, pair: tuple[str, str]
) -> None:
    bench.v2.refuses = lambda request: True
    bench.kore.edit(pair[0], status="In Progress")
    bench.sync(sweeps=False)
    (wait,) = bench.waits()
    shown = [value.text for value in (wait.kore, wait.v2, wait.value) if isinstance(value, Value)]
    assert shown == ["In Progress", "new", "in_progress"]
    assert (wait.reason, wait.waits_for, wait.side) == ("That is refused.", "", Side.V2)


def test_a_fault_at_one_update_waits_for_the_next_cycle_and_is_no_attempt(
    bench: Bench, pair: tuple[str, str]
) -> None:
    bench.kore.edit(pair[0], title="New")
    bench.v2.fail("update", LOST)
    bench.sync(sweeps=False)
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.HELD, Field.TITLE)
    assert "no answer" in wait.reason
    assert "next cycle" in wait.reason
    bench.v2.refuses = lambda request: True
    bench.sync(sweeps=False)
    (wait,) = bench.waits()
    assert (wait.kind, wait.attempts) == (WaitKind.FAILED, 1)


@pytest.mark.parametrize("name", [Field.STATUS, Field.PRIORITY])
@pytest.mark.parametrize("word", ["known by its id", "known by name", "not known"])
def test_a_refused_write_to_kore_waits_for_a_record_that_tells_the_id_of_its_word(
    bench: Bench, name: Field, word: str
) -> None:
    kind, key, value = {
        Field.STATUS: (WordKind.STATUS, "inprogress", "in_progress"),
        Field.PRIORITY: (WordKind.PRIORITY, "high", "high"),
    }[name]
    bench.kore.hides = frozenset({Field.DUE})
    bench.set_policy(unobserved=Unobserved.HOLD)
    if word == "known by name":
        told = [replace(one, details={**one.details, "id": ""}) for one in bench.kore.words]
        bench.kore.words = told
    if word == "not known":
        bench.kore.words = [one for one in bench.kore.words if one.key != key]
    _, v2_id = bench.pair()
    bench.kore.refuses = lambda request: True
    bench.v2.edit(v2_id, **{str(name): value})
    bench.sync(sweeps=False)
    (wait,) = bench.waits(WaitKind.FAILED)
    is_missing = word != "known by its id"
    assert wait.field is name
    assert wait.waits_for == (f"kore:{kind}:{key}" if is_missing else "")
    assert (f"kore.{name}_ids" in wait.reason) is is_missing


def test_ignored_as_a_whole_it_fails_in_the_journal_too(
    bench: Bench, pair: tuple[str, str]
) -> None:
    bench.v2.ignores = {Field.TITLE}
    bench.kore.edit(pair[0], title="New")
    run = bench.sync(sweeps=False).summary["run_id"]
    with bench.store.begin() as unit:
        (left,) = unit.operations_of(run)
    assert (left.outcome, "ignored" in left.note) == (Result.FAILED, True)
