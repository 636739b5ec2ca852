"""Words are learnt, never forgotten; a task tells what it does not show."""

import pytest

from bridge.domain.marker import Marker
from bridge.domain.policy import Direction, MergePolicy
from bridge.domain.reading import Sweep
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Contact, Known, Standing
from bridge.domain.values import UNSEEN, Observed
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from tests.domain.making import (
    KORE,
    NOON,
    OWN,
    V2,
    a_known,
    a_person,
    a_task,
    a_word,
    kore_status,
    v2_status,
)

LOW = a_word(KORE, WordKind.PRIORITY, "Low", score=1.0)


def test_a_newer_sight_of_a_word_keeps_details_that_it_does_not_show() -> None:
    seen = LOW.enriched(Word(KORE, WordKind.PRIORITY, "low", "LOW", {"score": None, "id": "p1"}))
    assert seen.label == "LOW"
    assert dict(seen.details) == {"score": 1.0, "id": "p1"}


def test_news_are_words_not_known_yet_or_telling_more() -> None:
    known = Vocabulary([LOW])
    richer = a_word(KORE, WordKind.PRIORITY, "Low", id="p1")
    assert known.news([LOW]) == ()
    assert known.news([a_word(KORE, WordKind.PRIORITY, "Low")]) == ()
    assert known.news([richer]) == (LOW.enriched(richer),)
    first, more = a_person(V2, "u1", "Ann"), a_person(V2, "u1", "Ann", mail="a@b")
    assert known.news([first, more]) == (first.enriched(more),)


def test_a_learnt_vocabulary_is_a_new_one_that_knows_more() -> None:
    before = Vocabulary([LOW])
    after = before.learn([a_person(KORE, "bridge", "Bridge"), LOW])
    assert before.keys(KORE, WordKind.PERSON) == frozenset()
    assert after.keys(KORE, WordKind.PERSON) == {"bridge"}
    assert len(list(after)) == 2
    assert after.find(KORE, WordKind.PRIORITY, "low") == LOW
    assert after.find(V2, WordKind.PRIORITY, "low") is None


def test_the_bridges_own_ids_are_words_as_well() -> None:
    assert Vocabulary([a_word(V2, WordKind.SELF, "bridge")]).self_ids(V2) == OWN


def test_a_field_that_is_not_shown_is_hidden_and_never_empty() -> None:
    task = a_task(KORE, due=..., assignee=None)
    assert task.hidden == (Field.DUE,)
    assert task.shown(Field.DUE) is UNSEEN
    assert task.shown(Field.ASSIGNEE) is None


@pytest.mark.parametrize(
    ("side", "status", "finished"),
    [
        (KORE, kore_status("open"), False),
        (KORE, kore_status("on hold"), False),
        (KORE, kore_status("resolved"), True),
        (KORE, kore_status("closed", "Won't do"), True),
        (V2, v2_status("in_review"), False),
        (V2, v2_status("completed"), True),
        (V2, v2_status("cancelled"), True),
        (V2, None, False),
        (V2, ..., False),
    ],
)
def test_a_task_is_finished_by_its_status(side: Side, status: Observed, finished: bool) -> None:
    assert a_task(side, status=status).is_finished is finished


def test_people_call_a_task_by_its_reference_else_by_its_id() -> None:
    assert a_task(KORE).name == "TS000102"
    assert a_task(KORE, ref=None).name == "ti-1"
    assert a_task(V2, title=None).title == ""


def test_a_contact_is_reachable_by_name_and_mail_or_telephone() -> None:
    assert Contact(name="Ann", email="a@b").is_reachable
    assert Contact(name="Ann", phone="1").is_reachable
    assert not Contact(name="Ann").is_reachable
    assert not Contact(email="a@b").is_reachable


def test_a_standing_is_told_with_its_reason() -> None:
    known = a_known(V2).standing_as(Standing.LEFT, "a person said so")
    assert (known.standing, known.why) == (Standing.LEFT, "a person said so")
    assert Known(task=known.task).standing is Standing.NEW


def test_a_sweep_is_complete_only_if_nothing_went_wrong() -> None:
    assert Sweep(side=KORE, completed_at=NOON).is_complete
    assert not Sweep(side=KORE).is_complete
    assert not Sweep(side=KORE, completed_at=NOON, is_ordered=False).is_complete
    assert not Sweep(side=KORE, completed_at=NOON, had_fault=True).is_complete


def test_in_one_direction_the_source_is_never_written() -> None:
    assert [Direction.BOTH.may_write(side) for side in Side] == [True, True]
    assert [Direction.KORE_TO_V2.may_write(side) for side in Side] == [False, True]
    assert [Direction.V2_TO_KORE.may_write(side) for side in Side] == [True, False]
    assert MergePolicy().rule(Field.DUE) == "newest"


def test_a_marker_is_a_value() -> None:
    one, same = (Marker(side=V2, reference="R", task_id=TaskId("1")) for _ in range(2))
    assert one == same


@pytest.mark.parametrize("place", ["next cycle", "12", "kore:status"])
def test_what_names_no_word_has_no_id(place: str) -> None:
    assert not Vocabulary([LOW]).has_id(place)
