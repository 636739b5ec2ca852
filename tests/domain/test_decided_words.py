"""Decisions that cannot be carried out yet, are void, or done, and what people read of them."""

from dataclasses import replace

import pytest

from bridge.domain.decided import decide, is_restored
from bridge.domain.merge import Act
from bridge.domain.policy import Direction, MergePolicy, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.values import UNSEEN, person_value, queue_value
from tests.domain.making import KORE, V2, an_agreement
from tests.domain.merging import TEXT, a_base, a_view, texts, told
from tests.domain.test_decided import MANUAL, a_conflict, a_restore, agreed, seen, waits_on

PEOPLE = an_agreement(twins={"a-1": "u-1"}, takes_from_queue=False).of(Field.ASSIGNEE)


# --- what cannot be written yet ------------------------------------------------------------------


def test_a_decision_that_the_direction_forbids_is_kept() -> None:
    policy = replace(MANUAL, direction=Direction.KORE_TO_V2)
    wait, view = a_conflict(("a", "c"), V2), seen("a", "c", policy)
    assert told(decide(view, [wait])) == "drift kore"
    assert waits_on(wait, view) is wait
    assert waits_on(replace(wait, decided=None), view) is None


def test_a_decision_that_waits_for_a_queue_is_kept() -> None:
    queue, ann = queue_value("Field"), person_value("u-1", "Ann")
    wait = replace(a_conflict(("b", "c"), V2), field=Field.ASSIGNEE, kore=queue, v2=ann)
    base = a_base((person_value("a-1", "Ann"), None), PEOPLE)
    view = a_view(base, (queue, ann), PEOPLE, MANUAL, name=Field.ASSIGNEE)
    assert told(decide(view, [wait])) == "hold kore"
    assert waits_on(wait, view) is wait


@pytest.mark.parametrize(("kore", "v2"), [("?", "a"), ("a", "?")])
def test_a_decision_about_what_one_side_never_showed_waits_until_it_is_seen(
    kore: str, v2: str
) -> None:
    shown = texts(kore, v2)
    wait = replace(a_conflict(("b", "c"), KORE), kore=shown[0], v2=shown[1])
    assert decide(seen(kore, v2), [wait]).act is Act.NOTHING


# --- what one side shows while the other hides ---------------------------------------------------


@pytest.mark.parametrize(
    ("kore", "v2", "then", "says"), [("?", "d", "b d", "v2 shows"), ("d", "?", "d c", "Kore shows")]
)
@pytest.mark.parametrize("decided", [None, KORE, V2])
def test_a_hidden_conflict_takes_up_what_is_seen_and_says_why_its_decision_is_void(
    kore: str, v2: str, then: str, says: str, decided: Side | None
) -> None:
    found = waits_on(a_conflict(("b", "c"), decided), seen(kore, v2))
    assert found is not None
    assert (found.kore, found.v2, found.decided) == (*texts(then[0], then[2]), None)
    void = "" if decided is None else (
        f" The decision for {decided.label}'s value did not count: by the time it was carried out "
        f"{says} another value."
    )  # fmt: skip
    assert found.reason == f"Both.{void}"


# --- what is taken back --------------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_a_write_says_whose_lost_value_is_taken_back(side: Side) -> None:
    decision = decide(agreed("won", "won"), [a_restore("lost", ("won", "won"), side)])
    assert decision.reason == f"{side.label}'s lost value is taken back"


@pytest.mark.parametrize(
    ("hidden", "unobserved", "reason"),
    [
        (KORE, Unobserved.PROBE, "Kore's list hides it"),
        (KORE, Unobserved.HOLD, "Kore's list hides what it would replace."),
        (V2, Unobserved.PROBE, "v2's list hides what it would replace."),
    ],
)
def test_what_has_to_be_seen_first_is_told_with_its_side(
    hidden: Side, unobserved: Unobserved, reason: str
) -> None:
    view = agreed("won", "won", MergePolicy(unobserved=unobserved))
    view = replace(view, kore=UNSEEN) if hidden is KORE else replace(view, v2=UNSEEN)
    assert decide(view, [a_restore("lost", ("won", "won"))]).reason == reason


def test_a_value_that_a_service_took_in_a_form_of_its_own_is_not_written_again() -> None:
    wait = a_restore("lost value", ("won", "won"))
    assert told(decide(agreed("lost", "won"), [wait])) == "v2 := lost value"
    assert decide(agreed("lost", "lost value"), [wait]).act is Act.NOTHING


@pytest.mark.parametrize(
    ("kore", "v2", "is_done"),
    [("lost", "lost", True), ("lost", "new", False), ("new", "lost", False), ("new", "new", False)],
)
def test_a_restore_is_done_where_both_sides_still_show_what_was_agreed(
    kore: str, v2: str, is_done: bool
) -> None:
    base = a_base(texts("lost", "lost"), TEXT)
    view = a_view(base, texts(kore, v2), TEXT, name=Field.TITLE)
    wait = a_restore("lost", ("won", "won"))
    assert is_restored(wait, view) is is_done
    assert not is_restored(replace(wait, decided=None), view)
