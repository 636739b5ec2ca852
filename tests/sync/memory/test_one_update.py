"""One update of a linked pair: looked at before and after, in every form, told as it went."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.operation import Outcome as Result
from bridge.domain.operation import WaitKind
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Task
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import Record


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ({"due": "2027-01-01T00:00:00.000Z"}, {"due": None}, Field.DUE),
        ({"text": "words"}, {"text": ""}, Field.DESCRIPTION),
        ({"assignee": "Ada"}, {"assignee": None}, Field.ASSIGNEE),
    ],
)
def test_a_value_that_one_form_does_not_set_is_sent_in_the_next(
    bench: Bench, old: dict[str, Any], new: dict[str, Any], name: Field
) -> None:
    kore_id, v2_id = bench.pair()
    if name is Field.ASSIGNEE:
        bench.v2.add("Door", assignee="Ada")
    bench.kore.edit(kore_id, **old)
    bench.settle()
    assert bench.v2.value(v2_id, name)
    bench.v2.forms, bench.v2.taken_form = 4, 2
    bench.kore.edit(kore_id, **new)
    bench.forget_calls()
    bench.sync()
    assert bench.v2.value(v2_id, name) is None
    assert bench.v2.calls.count("update") == 3
    assert bench.waits() == []


def test_a_title_has_one_form_only(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.v2.forms, bench.v2.ignores = 3, {Field.TITLE}
    bench.kore.edit(kore_id, title="New")
    bench.forget_calls()
    bench.sync()
    assert bench.v2.calls.count("update") == 1
    assert [one.note for one in bench.reports] == ["ignored by the service"]


def test_a_form_that_is_refused_gives_way_to_the_one_after_it(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(due="2027-01-01T00:00:00.000Z")
    bench.v2.forms, bench.v2.taken_form = 3, 2
    bench.v2.refuses = lambda request: request.body.get("form") == 1
    bench.kore.edit(kore_id, due=None)
    bench.sync()
    assert bench.v2.value(v2_id, Field.DUE) is None
    assert bench.waits() == []


def test_a_value_that_every_form_has_refused_fails_with_the_words_of_the_service(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair(due="2027-01-01T00:00:00.000Z")
    bench.v2.forms = 2
    bench.v2.refuses = lambda request: True
    bench.kore.edit(kore_id, due=None)
    bench.sync()
    (wait,) = bench.waits()
    assert (wait.kind, wait.reason) == (WaitKind.FAILED, "That is refused.")
    assert bench.v2.value(v2_id, Field.DUE) is not None
    assert bench.known(Side.V2, v2_id).task.shown(Field.DUE) is not None


@pytest.mark.parametrize("seconds", [0.0, 0.8, 5.0])
def test_a_task_is_looked_at_before_its_write_unless_it_was_just_seen(
    bench: Bench, seconds: float
) -> None:
    kore_id, v2_id = bench.pair()
    bench.settle()
    bench.kore.edit(kore_id, title="Of Kore")
    bench.v2.edit(v2_id, priority="high")
    bench.forget_calls()
    bench.v2.on_page = lambda order, offset: bench.clock.pass_time(seconds)
    bench.sync(sweeps=False)
    looks = ["read"] if seconds else []
    assert [one for one in bench.v2.calls if "page" not in one] == [*looks, "update", "read"]
    assert bench.v2.value(v2_id, Field.TITLE) == "Of Kore"


def test_a_record_that_gets_odd_between_plan_and_write_is_left_alone_and_listed(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    bench.settle()
    bench.kore.edit(kore_id, title="New")
    bench.v2.on_page = lambda order, offset: bench.v2.unreadable.add(v2_id)
    bench.sync(sweeps=False)
    assert bench.v2.value(v2_id, Field.TITLE) == "Boiler"
    (wait,) = bench.waits()
    assert (wait.kind, wait.task_id) == (WaitKind.FAILED, v2_id)
    assert [one.outcome for one in bench.reports] == [Result.DROPPED]
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert "update" not in bench.v2.calls
    bench.v2.on_page = None
    bench.v2.unreadable.clear()
    bench.v2.edit(v2_id, priority="high")
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")
    assert bench.waits() == []


def test_an_update_that_moves_nothing_does_not_tell_who_we_are(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer shows the person who was there before as the last author."""
    bench.kore.shows_author = False
    kore_id, v2_id = bench.pair()
    bench.settle()
    bench.kore.shows_author = True
    put = bench.kore._put

    def still(record: Record) -> None:
        before = bench.kore.records[record.id]
        put(replace(record, changed_at=before.changed_at, last_author=before.last_author))

    monkeypatch.setattr(bench.kore, "_put", still)
    bench.v2.edit(v2_id, title="New")
    bench.sync()
    assert bench.kore.value(kore_id, Field.TITLE) == "New"
    with bench.store.begin() as unit:
        assert unit.vocabulary().self_ids(Side.KORE) == set()
    monkeypatch.undo()
    bench.v2.edit(v2_id, title="Newer")
    bench.sync()
    with bench.store.begin() as unit:
        assert unit.vocabulary().self_ids(Side.KORE) == {"app"}


def test_what_waits_for_its_case_is_told_as_such_in_the_history(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="New", priority="high")
    bench.sync()
    (view,) = bench.links()
    with bench.store.begin() as unit:
        lines = [one for one in unit.history(view.link.id) if one.what == "case closed"]
    assert {one.field for one in lines} == {Field.TITLE, Field.PRIORITY}
    assert {one.why for one in lines} == {"Its case is closed in Kore."}
    assert bench.kore.value(kore_id, Field.TITLE) == "Boiler"
    assert {(wait.kind, wait.attempts) for wait in bench.waits()} == {(WaitKind.CASE_CLOSED, 1)}


def test_a_person_who_edits_right_after_another_form_was_taken_is_not_taken_for_us(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    kore_id, v2_id = bench.pair(due="2027-01-01T00:00:00.000Z")
    bench.v2.forms, bench.v2.taken_form = 2, 1
    bench.v2.refuses = lambda request: request.body.get("form") == 0
    read = bench.v2.read

    def look(task_id: TaskId) -> Task | None:
        if bench.v2.calls.count("update") == 2 and bench.v2.value(v2_id, Field.PRIORITY) != "high":
            bench.v2.edit(v2_id, priority="high")
        return read(task_id)

    monkeypatch.setattr(bench.v2, "read", look)
    bench.kore.edit(kore_id, due=None)
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert bench.v2.value(v2_id, Field.DUE) is None
    with bench.store.begin() as unit:
        assert unit.vocabulary().self_ids(Side.V2) == {"app"}
    assert bench.known(Side.V2, v2_id).person_changed_at == bench.v2.records[v2_id].changed_at
    bench.settle()
    assert bench.values(Field.PRIORITY, kore_id, v2_id) == ("High", "high")
