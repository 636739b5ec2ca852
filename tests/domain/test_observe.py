"""What an observation adds to what is known of a task."""

from typing import Any

import pytest

from bridge.domain.observe import Sight, filled, has_news, is_hidden_anew, observe, observe_own
from bridge.domain.side import Field
from bridge.domain.task import Case, Contact, Facts, Known, Standing
from bridge.domain.values import UNSEEN
from tests.domain.making import KORE, NOON, V2, a_known, a_marker, a_task, at, text


def seen(
    known: Known | None, sent: float, sweep: float | None = None, **given: Any
) -> Known | None:
    """What is known after a list shows a Kore task, asked for so many seconds after noon."""
    sight = Sight(sent_at=at(sent), sweep_started_at=None if sweep is None else at(sweep))
    return observe(known, a_task(KORE, **given), sight)


def surely(known: Known | None) -> Known:
    assert known is not None
    return known


# ---- old pictures ---------------------------------------------------------------------------


def test_the_first_sight_is_believed_and_its_time_is_a_persons() -> None:
    known = surely(seen(None, 1, changed_at=at(0)))
    assert known.person_changed_at == at(0)
    assert known.own_changed_at is None


def test_a_picture_asked_for_before_an_own_write_was_answered_tells_nothing() -> None:
    known = a_known(KORE, written_at=at(10))
    assert seen(known, 9, changed_at=at(50)) is None
    assert seen(known, 10, changed_at=at(50)) is None
    assert seen(known, 11, changed_at=at(50)) is not None


def test_an_older_picture_is_set_aside() -> None:
    known = a_known(KORE, changed_at=at(10))
    after = surely(seen(known, 20, changed_at=at(5), title=text("old"), digest="old"))
    assert after.task == known.task
    assert (after.aside, after.aside_at) == ("old", at(20))
    assert not has_news(known, after)


OLD: dict[str, Any] = {"changed_at": at(5), "title": text("old"), "digest": "old"}


@pytest.mark.parametrize(
    ("sweep", "digest", "believed"),
    [(80, "old", True), (79, "old", False), (None, "old", False), (500, "another", False)],
    ids=["later sweep", "sweep begun too early", "poll", "another picture"],
)
def test_an_older_picture_is_believed_only_if_a_sweep_begun_after_the_settle_time_shows_it_again(
    sweep: float | None, digest: str, believed: bool
) -> None:
    known = surely(seen(a_known(KORE, changed_at=at(10)), 20, **OLD))
    after = seen(known, 600, sweep, **{**OLD, "digest": digest})
    if believed:
        assert surely(after).task.title == "old"
        assert surely(after).aside is None
        assert surely(after).person_changed_at == at(5)
    else:
        assert after is None or after.task == known.task


def test_an_older_picture_that_polls_show_again_and_again_is_believed_in_time_all_the_same() -> (
    None
):
    known = surely(seen(a_known(KORE, changed_at=at(10)), 20, **OLD))
    for second in range(30, 600, 10):
        assert seen(known, second, **OLD) is None
    assert surely(seen(known, 600, 100, **OLD)).task.title == "old"


def test_a_newer_picture_forgets_the_one_set_aside() -> None:
    known = surely(seen(a_known(KORE, changed_at=at(10)), 20, **OLD))
    after = surely(seen(known, 30, changed_at=at(25)))
    assert (after.aside, after.aside_at) == (None, None)


def test_a_picture_without_a_change_time_is_never_older() -> None:
    after = surely(seen(a_known(KORE, changed_at=at(10)), 20, changed_at=None, title=text("now")))
    assert after.task.title == "now"
    assert after.person_changed_at is None


# ---- a person's time and our own ------------------------------------------------------------


def test_a_change_time_is_a_persons_unless_an_own_write_showed_it() -> None:
    known = observe_own(
        a_known(KORE, person_changed_at=at(0)), a_task(KORE, changed_at=at(10)), at(11)
    )
    assert (known.own_changed_at, known.person_changed_at) == (at(10), at(0))
    echo = surely(seen(known, 20, changed_at=at(10)))
    assert echo.person_changed_at == at(0)
    edited = surely(seen(echo, 30, changed_at=at(25)))
    assert (edited.own_changed_at, edited.person_changed_at) == (at(10), at(25))


@pytest.mark.parametrize(("author", "person_at"), [("bridge", 0), ("a person", 10), (None, 10)])
def test_a_write_of_ours_whose_answer_never_came_is_known_by_its_author(
    author: str | None, person_at: float
) -> None:
    task = a_task(KORE, changed_at=at(10), last_author=author)
    sight = Sight(sent_at=at(20), own_ids=frozenset({"bridge"}))
    found = surely(observe(a_known(KORE, person_changed_at=at(0)), task, sight))
    assert found.person_changed_at == at(person_at)
    assert surely(observe(None, task, sight)).person_changed_at == at(10)


def test_a_created_task_has_no_persons_time_yet() -> None:
    known = observe_own(None, a_task(V2, changed_at=at(10)), at(11))
    assert (known.person_changed_at, known.own_changed_at, known.written_at) == (
        None,
        at(10),
        at(11),
    )


def test_an_own_write_forgets_the_picture_set_aside() -> None:
    known = surely(seen(a_known(KORE, changed_at=at(10)), 20, **OLD))
    assert observe_own(known, a_task(KORE, changed_at=at(30)), at(31)).aside is None


# ---- hidden values --------------------------------------------------------------------------


def test_a_hidden_value_is_known_as_long_as_the_change_time_stands() -> None:
    known = a_known(KORE, changed_at=at(0))
    same = surely(seen(known, 10, changed_at=at(0), description=..., due=...))
    assert same.task.fields == known.task.fields
    moved = surely(seen(known, 20, changed_at=at(15), description=...))
    assert moved.task.shown(Field.DESCRIPTION) is UNSEEN


def test_without_change_times_a_hidden_value_is_not_taken_from_an_older_picture() -> None:
    older, newer = a_task(KORE, changed_at=None), a_task(KORE, changed_at=None, due=...)
    assert filled(newer, older).shown(Field.DUE) is UNSEEN


def test_an_observed_empty_value_beats_the_older_one() -> None:
    assert filled(a_task(KORE, due=None), a_task(KORE)).shown(Field.DUE) is None


def test_what_names_a_task_is_kept_when_a_row_hides_it() -> None:
    older = a_task(
        KORE,
        container=Case(id="ci-1", ref="CS1", name="Boiler", is_closed=False),
        first_author="ann",
        last_author="bob",
        marker=a_marker(V2),
    )
    newer = a_task(
        KORE,
        changed_at=at(9),
        ref=None,
        created_at=None,
        container=Case(id="ci-1"),
        description=...,
    )
    task = filled(newer, older)
    assert (task.ref, task.created_at, task.first_author) == ("TS000102", NOON, "ann")
    assert task.last_author is None
    assert task.marker == a_marker(V2)
    assert task.container == Case(id="ci-1", ref="CS1", name="Boiler")
    assert filled(a_task(KORE), older).last_author == "bob"
    assert filled(a_task(KORE), older).container == older.container


def test_a_marker_that_was_taken_out_is_gone() -> None:
    assert filled(a_task(V2), a_task(V2, marker=a_marker(KORE))).marker is None


def test_hidden_facts_are_known_as_long_as_the_change_time_stands() -> None:
    contact = Contact(name="Ann", email="a@b")
    facts = Facts(queues=("Q",), task_type_id="t", tags=("x",), customers=("c",), contact=contact)
    older = a_task(V2, facts=facts)
    assert filled(a_task(V2), older).facts == facts
    assert filled(a_task(V2, changed_at=at(5)), older).facts == Facts()
    newer = a_task(V2, facts=Facts(queues=(), tags=("y",)))
    assert filled(newer, older).facts.queues == ()
    assert filled(newer, older).facts.tags == ("y",)


# ---- news -----------------------------------------------------------------------------------


def test_a_first_sight_is_news_and_the_same_again_is_none() -> None:
    known = a_known(KORE)
    assert has_news(None, known)
    assert not has_news(known, surely(seen(known, 10)))


@pytest.mark.parametrize(
    "given",
    [
        {"title": text("another")},
        {"due": ...},
        {"changed_at": at(5)},
        {"facts": Facts(tags=("x",))},
        {"marker": a_marker(V2)},
    ],
    ids=["a value", "a value now hidden", "the change time", "a fact", "the marker"],
)
def test_whatever_a_decision_depends_on_is_news(given: dict[str, Any]) -> None:
    assert has_news(a_known(KORE), a_known(KORE, **given))


def test_a_fact_of_a_linked_task_is_no_news() -> None:
    facts = {"facts": Facts(tags=("x",))}
    linked = a_known(KORE, standing=Standing.LINKED)
    assert not has_news(linked, a_known(KORE, standing=Standing.LINKED, **facts))
    assert has_news(linked, a_known(KORE, standing=Standing.LINKED, due=None, **facts))


def test_a_change_time_that_an_own_write_moved_is_no_news() -> None:
    known = a_known(KORE, changed_at=at(0))
    after = a_known(KORE, changed_at=at(5), own_changed_at=at(5))
    assert not has_news(known, after)


# ---- when a probe is wanted -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "anew"),
    [
        ({"due": ...}, True),
        ({"due": ..., "own_changed_at": NOON}, False),
        ({"due": ..., "own_changed_at": at(-5)}, True),
        ({"due": ..., "changed_at": None}, True),
        ({"due": ..., "changed_at": None, "written_at": at(1)}, False),
        ({}, False),
    ],
    ids=[
        "never seen whole",
        "seen whole since it changed",
        "changed since it was seen whole",
        "no change time, never probed",
        "no change time, probed once",
        "hides nothing",
    ],
)
def test_a_task_hides_something_anew_if_it_changed_since_it_was_seen_whole(
    given: dict[str, Any], anew: bool
) -> None:
    assert is_hidden_anew(a_known(KORE, **given)) is anew
