"""The life of a task is told from the database alone, by any of its names."""

import pytest

from bridge.domain.explain import explain
from bridge.domain.instruction import InstructionKind
from bridge.domain.life import Explanation
from bridge.domain.operation import Outcome, WaitKind
from bridge.domain.reconciled import State
from bridge.domain.side import Field, Side
from bridge.domain.values import Value, as_text, text_value
from bridge.errors import NotYet, Refused, Stopped, TaskFault, Unreachable, UsageError
from bridge.sync.life import find_subject, read_life
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import about_failures

KORE, V2 = Side.KORE, Side.V2
UNFOUND = "it was answered with success, but no task with its marker was found"


def told(bench: Bench, name: str) -> Explanation:
    """What is told of a task; nobody is asked for it and nothing changes by it."""
    bench.forget_calls()
    before = bench.dump()
    with bench.store.look() as unit:
        subject = find_subject(unit, name)
        life = read_life(unit, subject, bench.rules, bench.clock.at, is_carried_soon=True)
    assert (bench.kore.calls, bench.v2.calls, bench.dump()) == ([], [], before)
    return explain(life, as_text)


def values_of(found: Explanation, name: Field) -> list[str]:
    return [one.text for step in found.steps for one in step.values if one.name is name]


# --- who is meant --------------------------------------------------------------------------------


def test_a_pair_is_told_alike_by_all_four_names() -> None:
    bench = Bench()
    bench.sync()
    kore_id, v2_id = bench.pair()
    refs = [bench.known(KORE, kore_id).task.ref, bench.known(V2, v2_id).task.ref]
    found = [told(bench, str(name)) for name in (kore_id, v2_id, *refs)]
    assert [one.tasks for one in found] == [found[0].tasks] * 4
    assert [one.id for one in found[0].tasks] == [kore_id, v2_id]
    assert found[0].state is State.IN_STEP


def test_a_name_of_nobody_is_refused() -> None:
    with Bench().store.look() as unit, pytest.raises(UsageError, match="No task is known as TS9"):
        find_subject(unit, "TS9")


def test_a_reference_of_two_tasks_is_refused_with_the_ids_to_choose_from() -> None:
    bench = Bench()
    bench.sync()
    kore_id, _ = bench.pair("Boiler")
    other = bench.kore.add("Pump")
    record = bench.kore.records[other]
    object.__setattr__(record, "ref", bench.kore.records[kore_id].ref)
    bench.sync()
    with bench.store.look() as unit, pytest.raises(UsageError, match="several tasks") as caught:
        find_subject(unit, str(bench.kore.records[kore_id].ref))
    assert f"{kore_id} of Kore (Boiler)" in str(caught.value)
    assert f"{other} of Kore (Pump)" in str(caught.value)


# --- what was done -------------------------------------------------------------------------------


def test_what_a_service_altered_is_told_for_good_and_never_carried_back() -> None:
    bench = Bench()
    bench.sync()
    kore_id, v2_id = bench.pair()
    bench.v2.alters = lambda name, value: (
        Value(value.key.upper(), value.text.upper()) if value and name is Field.TITLE else value
    )
    bench.kore.edit(kore_id, title="Cold house")
    bench.settle()
    found = told(bench, v2_id)
    assert found.state is State.IN_STEP
    assert any("v2 shows “COLD HOUSE” where “Cold house” was sent" in one
               for one in values_of(found, Field.TITLE))  # fmt: skip
    title = next(one for one in found.fields if one.name is Field.TITLE)
    assert (title.base.kore, title.base.v2) == (text_value("Cold house"), text_value("COLD HOUSE"))


def test_what_a_service_ignored_is_told_with_the_value_it_kept() -> None:
    bench = Bench()
    bench.sync()
    kore_id, _ = bench.pair()
    bench.v2.ignores = {Field.PRIORITY}
    bench.kore.edit(kore_id, priority="High", status="In Progress")
    bench.sync()
    found = told(bench, kore_id)
    assert "priority: v2 kept “medium” where “high” was sent" in values_of(found, Field.PRIORITY)
    assert values_of(found, Field.STATUS) == ["status: “new” became “in_progress”"]
    (wait,) = found.waits
    assert (wait.state, wait.name, wait.side) == (State.FAILED, Field.PRIORITY, V2)
    assert wait.value == text_value("high")
    assert wait.advice.commands[0] == f"task-bridge failures retry {wait.id}"


def test_a_refused_update_is_told_once_with_the_words_of_the_service() -> None:
    bench = Bench()
    bench.sync()
    kore_id, _ = bench.pair()
    bench.v2.refuses = lambda request: request.call == "update"
    bench.kore.edit(kore_id, title="Cold house")
    bench.sync()
    found = told(bench, kore_id)
    refused = [one for one in found.steps if "Cold house" in str(one.values)]
    assert [one.outcome for one in refused] == ["failed"]
    assert found.state is State.FAILED


def test_a_value_that_could_not_be_sent_is_told_although_the_journal_has_nothing() -> None:
    bench = Bench()
    bench.sync()
    kore_id, _ = bench.pair()
    bench.kore.edit(kore_id, title="undraftable")
    bench.sync()
    (step,) = [one for one in told(bench, kore_id).steps if "cannot be written" in one.text]
    assert step.text == "Not written to v2: The value cannot be written."
    assert step.operation is None
    assert [one.text for one in step.values] == ["title: “undraftable” waits"]


def test_a_write_whose_look_failed_says_that_it_was_not_seen() -> None:
    bench = Bench()
    bench.sync()
    kore_id, _ = bench.pair()
    bench.kore.edit(kore_id, title="Cold house")
    fail_reads_after_the_write(bench)
    bench.sync()
    assert "title: “Cold house” was taken; the look after it failed, the next one tells" in (
        values_of(told(bench, kore_id), Field.TITLE)
    )


def fail_reads_after_the_write(bench: Bench) -> None:
    def fail(_: object) -> None:
        bench.v2.fail("read", Unreachable("v2", "gone"))
        bench.v2.on_send = None

    bench.v2.on_send = fail


def test_a_decided_conflict_tells_the_value_that_was_lost() -> None:
    bench = Bench()
    bench.sync()
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="Pump")
    bench.v2.edit(v2_id, title="Stove")
    bench.settle()
    (only,) = told(bench, kore_id).conflicts
    assert only.text == (
        "Both sides changed title: Kore's “Pump” won (tie: kore), v2's “Stove” was written over."
    )


# --- creates -------------------------------------------------------------------------------------


def test_a_create_that_was_refused_is_told_although_its_link_is_gone() -> None:
    bench = Bench()
    bench.sync()
    bench.v2.refuses = lambda request: request.call == "create"
    kore_id = bench.kore.add("Lonely")
    bench.sync()
    found = told(bench, kore_id)
    assert (found.standing, found.state) == ("It has no counterpart.", State.FAILED)
    (step,) = found.steps
    assert (step.outcome, step.text.startswith("Create in v2")) == ("failed", True)


@pytest.mark.parametrize("side", [KORE, V2])
def test_a_create_that_was_put_off_is_told_with_the_words_of_the_service(side: Side) -> None:
    bench = Bench()
    bench.sync()
    task_id = bench.service(side.other).add("Ladder")
    bench.service(side).fail("create", NotYet(str(side), "Too many requests.", seconds=20.0))
    bench.sync()
    found = told(bench, task_id)
    (step,) = [one for one in found.steps if one.text.startswith("Create in")]
    assert step.text.endswith("void, nothing was written (Too many requests).")


@pytest.mark.parametrize("side", [KORE, V2])
@pytest.mark.parametrize("kind", [InstructionKind.RETRY, InstructionKind.DISCARD])
def test_what_a_person_said_of_a_create_whose_outcome_was_open_is_told_of_its_task(
    side: Side, kind: InstructionKind
) -> None:
    bench = Bench()
    bench.sync()
    bench.service(side).create_answer = "nothing"
    bench.service(side).left_out = {"k0001", "v0001"}
    bench.service(side).search_finds = False
    task_id = bench.service(side.other).add("Ladder")
    for _ in range(5):
        bench.sync()
    about_failures(bench, kind)
    word = "Retried" if kind is InstructionKind.RETRY else "Discarded"
    said = [one.text for one in told(bench, task_id).steps if one.text.startswith(word)]
    of_what = f"Whether it was created in {side.label} is not known: "
    assert said == [f"{word}: a person said so of: {of_what}{UNFOUND}."]


def test_the_tag_of_an_origin_is_told_of_its_pair() -> None:
    bench = Bench()
    bench.set_rules(tags_origin=True)
    v2_id = bench.v2.add("Ladder")
    bench.settle()
    tags = [one for one in told(bench, v2_id).steps if one.text.startswith("Tag of the task in v2")]
    assert [one.outcome for one in tags] == [Outcome.DONE]


def test_a_create_without_an_answer_is_told_as_uncertain_until_somebody_looks() -> None:
    bench = Bench()
    bench.sync()
    kore_id = bench.kore.add("Lonely")

    def stop(_: object) -> None:
        raise Stopped

    bench.v2.on_send = stop
    with pytest.raises(Stopped):
        bench.sync()
    (step,) = told(bench, kore_id).steps
    assert step.outcome == "sent"
    assert "uncertain; every cycle looks by its marker" in step.text


def test_an_uncertain_create_is_told_as_such_and_that_it_was_found() -> None:
    bench = Bench()
    bench.sync()
    bench.v2.fail("create", Unreachable("v2", "cut off", is_outcome_unknown=True), applied=True)
    kore_id = bench.kore.add("Lonely")
    bench.sync()
    first = told(bench, kore_id)
    assert [one.outcome for one in first.steps] == [str(Outcome.UNCERTAIN)]
    assert "what became of it is uncertain (cut off)" in first.steps[0].text
    assert first.due.startswith("A write of it is open")
    bench.settle()
    after = told(bench, kore_id)
    assert after.state is State.IN_STEP
    assert after.steps[0].text.endswith("done (found by its marker).")
    assert any(one.text.startswith("Linked, because the marker") for one in after.steps)


def test_a_create_that_was_sent_again_is_told_with_both_tries() -> None:
    bench = Bench()
    bench.sync()
    bench.v2.fail("create", Unreachable("v2", "cut off", is_outcome_unknown=True))
    kore_id = bench.kore.add("Lonely")
    for _ in range(5):
        bench.sync()
    creates = [one for one in told(bench, kore_id).steps if one.text.startswith("Create")]
    assert [one.outcome for one in creates] == ["dropped", "done"]


@pytest.mark.parametrize(
    ("alters", "words"),
    [
        (False, "title: “Cold house” arrived, although its answer never came"),
        (True, "title: v2 shows “Cold” where “Cold house” was sent"),
    ],
)
def test_an_update_whose_answer_never_came_tells_what_became_of_it(
    alters: bool, words: str
) -> None:
    bench = Bench()
    bench.sync()
    kore_id, _ = bench.pair()
    if alters:
        bench.v2.alters = lambda name, value: text_value("Cold") if name is Field.TITLE else value
    error = TaskFault("v2", "odd", is_outcome_unknown=True)
    bench.v2.fail("update", error, applied=True)
    bench.kore.edit(kore_id, title="Cold house")
    bench.sync()
    assert told(bench, kore_id).due.startswith("A write of it is open")
    bench.settle()
    found = told(bench, kore_id)
    assert found.state is State.IN_STEP
    assert any(one.startswith(words) for one in values_of(found, Field.TITLE))


# --- tasks without a counterpart -----------------------------------------------------------------


def test_a_task_without_a_route_says_what_would_give_it_one() -> None:
    bench = Bench()
    bench.sync()
    bench.set_rules(routes=())
    v2_id = bench.v2.add("Stove")
    bench.sync()
    found = told(bench, v2_id)
    assert found.state is State.UNROUTABLE
    assert "no row of kore.routes fits it" in found.reason.lower()
    assert "[[kore.routes]]" in found.advice.do


@pytest.mark.parametrize("is_rotten", [False, True])
def test_why_a_record_cannot_be_read_is_a_sentence(is_rotten: bool) -> None:
    bench = Bench()
    task_id = bench.kore.add()
    (bench.kore.rotten if is_rotten else bench.kore.unreadable).add(task_id)
    bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    why = "its row is odd." if is_rotten else "its title is a number."
    assert wait.reason == f"Kore's record cannot be read: {why}"


def test_a_record_that_was_never_read_is_found_by_its_id() -> None:
    bench = Bench()
    bench.sync()
    kore_id = bench.kore.add("Odd")
    bench.kore.unreadable.add(kore_id)
    bench.sync()
    found = told(bench, kore_id)
    assert (found.state, found.tasks[0].seen) == (State.FAILED, "It was never read.")
    assert "cannot be read" in found.waits[0].reason


def test_a_change_that_is_due_says_what_the_next_cycle_does() -> None:
    bench = Bench()
    bench.sync()
    kore_id, _ = bench.pair()
    bench.kore.edit(kore_id, title="Cold house")
    bench.v2.fail("page", Unreachable("v2", "down"), times=9)
    bench.sync()
    found = told(bench, kore_id)
    assert found.due == "Due: the next cycle looks at it."
    assert [one.next for one in found.waits] == ["The next cycle writes it to v2."]


def test_what_a_closed_case_holds_back_is_told_with_the_way_out() -> None:
    bench = Bench()
    bench.sync()
    kore_id, v2_id = bench.pair()
    bench.kore.add_case(is_closed=True)
    bench.kore.refuses = lambda request: True
    bench.v2.edit(v2_id, title="Stove")
    bench.sync()
    (wait,) = told(bench, kore_id).waits
    assert (wait.state, wait.advice.do) == (State.WAITING, "Open its case in Kore.")
    assert wait.next == "It goes out by itself when the case is open again."
    assert bench.waits(WaitKind.CASE_CLOSED)


def test_a_sweep_that_saw_the_task_is_named() -> None:
    bench = Bench()
    bench.sync()
    kore_id, _ = bench.pair()
    assert "newer than the last reading" in told(bench, kore_id).tasks[0].seen
    bench.sync(is_full=True)
    kore = told(bench, kore_id).tasks[0]
    assert "which ended" in kore.seen
    assert kore.seen_at is not None


@pytest.mark.parametrize("error", [Refused("v2", "no", status=400), TaskFault("v2", "odd")])
def test_whatever_goes_wrong_with_a_write_the_life_can_be_told(error: Exception) -> None:
    bench = Bench()
    bench.sync()
    kore_id, _ = bench.pair()
    bench.v2.fail("update", error, times=3)  # type: ignore[arg-type] # both are errors of a service
    bench.kore.edit(kore_id, title="Cold house")
    bench.sync()
    assert told(bench, kore_id).steps
