"""What people decided, in the merge: when it counts, when it is void, and when it is over."""

from dataclasses import replace

import pytest

from bridge.domain.decided import decide, is_restored, is_veiled, kept, reason_anew
from bridge.domain.merge import Act, FieldView
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.policy import ConflictRule, Direction, MergePolicy, Unobserved
from bridge.domain.relation import TitleRelation
from bridge.domain.side import Field, Side
from bridge.domain.values import UNSEEN, priority_value
from tests.domain.making import KORE, V2, an_agreement
from tests.domain.merging import TEXT, a_base, a_view, applied, is_agreed, statuses, texts, told

MANUAL = MergePolicy(conflict=ConflictRule.MANUAL)
CONFLICT, RESTORE = WaitKind.CONFLICT, WaitKind.RESTORE


def a_conflict(shown: tuple[str, str], decided: Side | None = None) -> Wait:
    kore, v2 = texts(*shown)
    return Wait(
        kind=CONFLICT, reason="Both.", side=V2, field=Field.TITLE, kore=kore, v2=v2, decided=decided
    )


def seen(kore: str, v2: str, policy: MergePolicy = MANUAL) -> FieldView:
    """A title that both agreed to be `a`, and what both show now."""
    return a_view(a_base(texts("a", "a"), TEXT), texts(kore, v2), TEXT, policy, name=Field.TITLE)


def waits_on(wait: Wait, view: FieldView) -> Wait | None:
    return kept(wait, view, decide(view, [wait]))


# --- conflicts -----------------------------------------------------------------------------------

ROWS = """
shown   | decided | shows now | then            | the wait
b c     | -       | b c       | conflict        | begins anew
b c     | -       | d c       | conflict        | begins anew
b c     | -       | b b       | base b|b        | over
b c     | -       | a c       | kore := c       | over
b c     | -       | ? c       | read kore       | stands
b c     | -       | b ?       | hold v2         | stands
b c     | kore    | b c       | v2 := b, lost c | stands
b c     | v2      | b c       | kore := c, lost b | stands
b c     | kore    | d c       | conflict        | begins anew
b c     | kore    | b d       | conflict        | begins anew
b c     | v2      | d c       | conflict        | begins anew
b c     | kore    | b b       | base b|b        | over
b c     | kore    | a c       | kore := c       | over
b c     | kore    | ? c       | read kore       | stands
b c     | kore    | ? d       | read kore       | undecided
b c     | v2      | b ?       | hold v2         | stands
b c     | v2      | d ?       | hold v2         | undecided
b c     | v2      | ? ?       | nothing         | stands
"""


def what_becomes_of(wait: Wait, view: FieldView) -> str:
    found = waits_on(wait, view)
    if found is None:
        return "begins anew" if decide(view, [wait]).act is Act.CONFLICT else "over"
    return "stands" if found.decided is wait.decided else "undecided"


@pytest.mark.parametrize("row", ROWS.strip().splitlines()[1:])
def test_a_decision_counts_while_both_sides_show_what_the_person_saw(row: str) -> None:
    shown, decided, now, then, becomes = (cell.strip() for cell in row.split(" | "))
    wait = a_conflict((shown[0], shown[2]), None if decided == "-" else Side(decided))
    view = seen(now[0], now[2])
    assert told(decide(view, [wait])) == then
    assert what_becomes_of(wait, view) == becomes


def test_without_a_wait_the_merge_decides() -> None:
    assert told(decide(seen("b", "c"), [])) == "conflict"
    held = replace(a_conflict(("b", "c"), KORE), kind=WaitKind.HELD)
    assert told(decide(seen("b", "c"), [held])) == "conflict"


def test_a_conflict_that_a_rule_decides_waits_until_its_write_was_answered() -> None:
    view = seen("b", "c", MergePolicy(conflict=ConflictRule.KORE))
    wait = a_conflict(("b", "c"))
    assert waits_on(wait, view) is wait


def test_a_decision_that_cannot_be_written_now_is_kept() -> None:
    relation = an_agreement().of(Field.PRIORITY)
    kore, v2 = priority_value("Emergency"), priority_value("low")
    wait = replace(a_conflict(("b", "c"), KORE), field=Field.PRIORITY, kore=kore, v2=v2)
    base = a_base((priority_value("High"), priority_value("high")), relation)
    view = a_view(base, (kore, v2), relation, MANUAL, name=Field.PRIORITY)
    assert told(decide(view, [wait])) == "unmapped v2"
    assert waits_on(wait, view) is wait
    assert waits_on(replace(wait, decided=None), view) is None
    assert waits_on(replace(wait, v2=priority_value("medium")), view) is None


@pytest.mark.parametrize(
    ("decided", "then"),
    [(None, "nothing"), (KORE, "v2 := completed, lost open"), (V2, "kore := open, lost closed")],
)
def test_what_waits_although_the_base_holds_it_stands_and_can_be_decided(
    decided: Side | None, then: str
) -> None:
    shown = statuses("closed", "open")
    wait = replace(a_conflict(("b", "c"), decided), field=Field.STATUS, kore=shown[0], v2=shown[1])
    view = a_view(a_base(shown), shown)
    assert told(decide(view, [wait])) == then
    assert waits_on(wait, view) is wait
    moved = replace(view, v2=statuses("?", "completed")[1])
    assert waits_on(wait, moved) is None


def test_a_decision_about_what_no_side_shows_waits_until_it_is_seen() -> None:
    wait = replace(a_conflict(("b", "c"), KORE), kore=UNSEEN, v2=UNSEEN)
    view = seen("?", "?")
    assert told(decide(view, [wait])) == "nothing"
    assert waits_on(wait, view) is None


def test_while_a_side_hides_the_field_what_the_other_shows_folds_in() -> None:
    found = waits_on(a_conflict(("b", "c")), seen("?", "d"))
    assert found is not None
    assert (found.kore, found.v2) == texts("b", "d")
    untouched = a_conflict(("b", "c"), KORE)
    assert waits_on(untouched, seen("?", "c")) is untouched


def test_only_what_was_seen_before_can_be_hidden() -> None:
    wait = replace(a_conflict(("b", "c")), kore=UNSEEN)
    assert not is_veiled(wait, seen("?", "c"))
    assert not is_veiled(wait, seen("b", "c"))
    assert is_veiled(wait, seen("b", "?"))


@pytest.mark.parametrize(
    ("now", "says"), [("d c", "Kore shows"), ("b d", "v2 shows"), ("d d", "both sides show")]
)
def test_a_void_decision_says_whose_value_did_not_count_and_why(now: str, says: str) -> None:
    reason = reason_anew(a_conflict(("b", "c"), V2), seen(now[0], now[2]), "Both changed.")
    assert reason == (
        "Both changed. The decision for v2's value did not count: by the time it was carried out "
        f"{says} another value."
    )


def test_why_a_conflict_waits_stays_the_same_while_it_waits() -> None:
    assert reason_anew(None, seen("b", "c"), "Both changed.") == "Both changed."
    before = replace(a_conflict(("b", "c")), reason="What was said before.")
    assert reason_anew(before, seen("b", "d"), "Both changed.") == "What was said before."


# --- values that are taken back ------------------------------------------------------------------


def a_restore(lost: str, shown: tuple[str, str], taken: Side = V2) -> Wait:
    """The other side's value won; the lost one is to be written back to both."""
    kore, v2 = texts(*shown)
    value = texts(lost, lost)[0]
    return replace(a_conflict(shown, taken), kind=RESTORE, kore=kore, v2=v2, value=value)


def agreed(kore: str, v2: str, policy: MergePolicy | None = None) -> FieldView:
    values = texts(kore, v2)
    return a_view(a_base(values, TEXT), values, TEXT, policy or MergePolicy(), name=Field.TITLE)


@pytest.mark.parametrize("taken", Side)
def test_a_lost_value_goes_to_the_side_that_had_won_and_then_to_its_own(taken: Side) -> None:
    wait, view = a_restore("lost", ("won", "won"), taken), agreed("won", "won")
    said = []
    while (decision := decide(view, [wait])).act is Act.WRITE:
        assert waits_on(wait, view) is wait
        assert not is_restored(wait, view)
        assert "taken back" in decision.reason
        said.append(told(decision))
        view = applied(view, decision)
    assert said == [f"{taken.other} := lost", f"{taken} := lost"]
    assert decide(view, [wait]).act is Act.NOTHING
    assert waits_on(wait, view) is None
    assert is_restored(wait, view)


def test_the_very_value_comes_back_although_several_mean_the_same() -> None:
    won = statuses("closed", "completed")
    view = a_view(a_base(won), won)
    wait = replace(a_restore("x", ("b", "c")), field=Field.STATUS, kore=won[0], v2=won[1])
    wait = replace(wait, value=statuses("?", "in_review")[1])
    view = applied(view, decide(view, [wait]))
    view = applied(view, decide(view, [wait]))
    assert (view.kore, view.v2) == statuses("in progress", "in_review")
    assert is_agreed(view)
    assert is_restored(wait, view)


@pytest.mark.parametrize(("kore", "v2"), [("new", "won"), ("won", "new"), ("new", "newer")])
def test_a_field_that_was_changed_since_is_merged_like_any_other(kore: str, v2: str) -> None:
    wait = a_restore("lost", ("won", "won"))
    values = texts(kore, v2)
    view = replace(agreed("won", "won"), kore=values[0], v2=values[1])
    assert told(decide(view, [wait])) == told(decide(view, []))
    assert waits_on(wait, view) is None
    assert not is_restored(wait, view)


def test_a_change_between_the_two_writes_wins_over_the_second() -> None:
    wait, view = a_restore("lost", ("won", "won")), agreed("won", "won")
    view = applied(view, decide(view, [wait]))
    edited = replace(view, v2=texts("-", "new")[1])
    assert told(decide(edited, [wait])) == "kore := new"
    assert not is_restored(wait, edited)


def test_a_value_that_is_there_already_is_not_written_again() -> None:
    assert told(decide(agreed("lost", "won"), [a_restore("lost", ("lost", "won"))])) == "v2 := lost"
    both = agreed("lost", "lost")
    assert decide(both, [a_restore("lost", ("lost", "lost"))]).act is Act.NOTHING


@pytest.mark.parametrize(
    ("hidden", "unobserved", "then"),
    [
        ("kore", Unobserved.PROBE, "read kore"),
        ("kore", Unobserved.WRITE, "hold kore"),
        ("kore", Unobserved.HOLD, "hold kore"),
        ("v2", Unobserved.PROBE, "hold v2"),
    ],
)
def test_nothing_is_written_back_over_what_cannot_be_seen(
    hidden: str, unobserved: Unobserved, then: str
) -> None:
    wait = a_restore("lost", ("won", "won"))
    view = replace(
        agreed("won", "won", MergePolicy(unobserved=unobserved)),
        **{hidden: UNSEEN},  # type: ignore[arg-type] # the name of a side's field
    )
    assert told(decide(view, [wait])) == then
    assert decide(view, [wait]).reason
    assert waits_on(wait, view) is wait


@pytest.mark.parametrize("direction", [Direction.KORE_TO_V2, Direction.V2_TO_KORE])
def test_what_the_direction_forbids_is_not_written_back(direction: Direction) -> None:
    view = agreed("won", "won", MergePolicy(direction=direction))
    decision = decide(view, [a_restore("lost", ("won", "won"))])
    assert decision.side is not direction.source


def test_what_has_no_counterpart_waits_for_its_word() -> None:
    values = texts("won", "won")
    relation = TitleRelation()
    view = a_view(a_base(values, relation), values, relation, MergePolicy(), name=Field.TITLE)
    wait = replace(a_restore("x", ("won", "won")), value=None)
    assert told(decide(view, [wait])) == "unmapped kore"
    assert waits_on(wait, view) is wait


def test_a_restore_without_a_value_or_a_side_says_nothing() -> None:
    for wait in (
        replace(a_restore("lost", ("won", "won")), value=UNSEEN),
        replace(a_restore("lost", ("won", "won")), decided=None),
    ):
        assert decide(agreed("won", "won"), [wait]).act is Act.NOTHING
