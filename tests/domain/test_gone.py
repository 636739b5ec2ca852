"""A linked pair of which one task is gone: what the link says, and whether the other is closed."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.agreement import Agreement
from bridge.domain.gone import (
    CAME_BACK,
    Closing,
    close_survivor,
    conflict_of_return,
    found_again,
    lost_sides,
    missing,
)
from bridge.domain.link import FieldBase, LinkState
from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.plan import Pair
from bridge.domain.policy import Direction, MergePolicy, OnMissing, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.vocabulary import WordKind
from bridge.domain.wordtable import Default, WordRow
from tests.domain.making import (
    KORE,
    V2,
    a_known,
    a_link,
    a_word,
    an_agreement,
    at,
    kore_status,
    text,
    v2_status,
)
from tests.domain.worlds import AGREEMENT, a_wait, bases

STATUS = Field.STATUS
OPEN = [
    WordRow("open", "open", Default.BOTH),
    WordRow("in progress", "in_progress", Default.BOTH),
    WordRow("open", "new", Default.TO_KORE),
    WordRow("open", "cancelled", Default.TO_KORE),
    WordRow("in progress", "in_review", Default.TO_KORE),
    WordRow("open", "completed", Default.TO_KORE),
    WordRow("closed", "open", Default.TO_V2),
    WordRow("resolved", "open", Default.TO_V2),
    WordRow("on hold", "open", Default.TO_V2),
]
REOPENS = an_agreement(status=tuple(OPEN), replaced=("status",))


def a_pair(gone: Side | None = KORE, **given: Any) -> Pair:
    """A pair in step whose task of that side is gone."""
    kore, v2 = a_known(KORE, **given.pop("kore", {})), a_known(V2, **given.pop("v2", {}))
    was = bases(a_known(KORE), a_known(V2))
    link = a_link(state=LinkState.MISSING, gone_side=gone, bases=was)
    return Pair(link=link, kore=kore, v2=v2, **given)


def closed(pair: Pair, on_missing: OnMissing = OnMissing.CLOSE, **given: Any) -> Closing:
    agreement: Agreement = given.pop("agreement", AGREEMENT)
    return close_survivor(pair, agreement, MergePolicy(**given), on_missing)


# --- the link ------------------------------------------------------------------------------------


def test_a_side_is_lost_once_its_task_was_found_to_be_gone() -> None:
    here, gone = a_known(KORE), replace(a_known(V2), gone_at=at(1))
    assert lost_sides(here, gone) == (V2,)
    assert lost_sides(replace(here, gone_at=at(1)), gone) == (KORE, V2)
    assert lost_sides(here, None) == ()


def test_a_missing_link_says_which_side_and_since_when() -> None:
    link = missing(a_link(), V2, at(5))
    assert (link.state, link.gone_side) == (LinkState.MISSING, V2)
    assert link.gone_at == link.changed_at == at(5)


def test_a_link_is_whole_again_once_both_are_back() -> None:
    link = found_again(missing(a_link(), V2, at(5)), (), at(9))
    assert (link.state, link.gone_side, link.gone_at) == (LinkState.LINKED, None, None)
    assert link.changed_at == at(9)


def test_while_the_same_side_is_lost_nothing_is_new() -> None:
    link = missing(a_link(), V2, at(5))
    assert found_again(link, (V2,), at(9)) == link
    assert found_again(link, (KORE, V2), at(9)) == link


def test_where_the_other_side_is_lost_by_now_the_link_says_so() -> None:
    link = found_again(missing(a_link(), V2, at(5)), (KORE,), at(9))
    assert (link.state, link.gone_side) == (LinkState.MISSING, KORE)
    assert (link.gone_at, link.changed_at) == (at(5), at(9))


# --- closing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "reason", "value"),
    [
        (KORE, "TS000102 of Kore is gone", v2_status("completed")),
        (V2, "REC-1234 of v2 is gone", kore_status("closed")),
    ],
)
def test_a_survivor_is_closed_as_the_table_says(gone: Side, reason: str, value: Any) -> None:
    pair = a_pair(gone)
    operation = closed(pair).operation
    assert operation is not None
    assert (operation.side, operation.kind) == (gone.other, OperationKind.UPDATE)
    assert operation.reason == reason
    assert (operation.kore_id, operation.v2_id, operation.link_id) == ("ti-1", "65f0", 7)
    assert operation.fields == (STATUS,)
    assert operation.values == {STATUS: value}
    assert operation.origin == {STATUS: pair.known(gone).task.shown(STATUS)}


def test_it_is_only_reported_where_nothing_is_to_be_closed() -> None:
    assert closed(a_pair(), OnMissing.REPORT) == Closing()
    assert closed(a_pair(gone=None)) == Closing()


def test_a_finished_survivor_stays_as_it_is() -> None:
    pair = a_pair(V2, kore={"status": kore_status("resolved")})
    assert closed(pair) == Closing(why="TS000102 is finished.")


def test_the_direction_keeps_the_source_from_being_closed() -> None:
    done = closed(a_pair(V2), direction=Direction.KORE_TO_V2)
    assert done == Closing(why="The direction writes nothing to Kore.")
    assert closed(a_pair(KORE), direction=Direction.KORE_TO_V2).operation is not None


def test_a_survivor_with_changes_that_were_not_carried_is_spared() -> None:
    spared = Closing(why="REC-1234 has changes that were not carried.")
    assert closed(a_pair(v2={"title": text("New")})) == spared
    assert closed(a_pair(kore={"title": text("New")})) == spared
    wait = a_wait(WaitKind.FAILED, field=Field.TITLE)
    assert closed(a_pair(waits=(wait,))) == spared


def test_a_drift_is_no_change_that_was_to_be_carried() -> None:
    pair = a_pair(v2={"title": text("New")}, waits=(a_wait(WaitKind.DRIFT, field=Field.TITLE),))
    assert closed(pair, direction=Direction.KORE_TO_V2).operation is not None


def test_what_only_missed_an_id_that_is_known_by_now_does_not_spare_it() -> None:
    wait = a_wait(WaitKind.HELD, field=STATUS, waits_for="kore:status:open")
    missed = a_pair(waits=(wait,))
    assert closed(missed).operation is None
    word = a_word(KORE, WordKind.STATUS, "Open", "open", id="sts-1", category="open")
    assert closed(missed, agreement=an_agreement(word, twins={"a-1": "u-1"})).operation is not None


def test_a_table_that_closes_by_an_open_status_closes_nothing() -> None:
    pair = a_pair()
    link = replace(pair.link, bases={})
    done = closed(replace(pair, link=link), agreement=REOPENS)
    assert done == Closing(why="The status table closes a task of v2 as 'open', which is open.")
    link = replace(link, gone_side=V2)
    done = closed(replace(pair, link=link), agreement=REOPENS)
    assert done == Closing(why="The status table closes a task of Kore as 'Open', which is open.")


def test_a_survivor_whose_status_was_never_seen_is_left() -> None:
    pair = a_pair(V2, kore={"status": ...})
    assert closed(pair, unobserved=Unobserved.WRITE) == Closing(why="Its status was not seen.")


def test_a_lost_task_whose_status_was_never_seen_is_no_origin_of_the_close() -> None:
    operation = closed(a_pair(KORE, kore={"status": ...}), unobserved=Unobserved.WRITE).operation
    assert operation is not None
    assert operation.origin == {}


# --- coming back ---------------------------------------------------------------------------------


def back(kore: Any = None, v2: Any = None, **base: Any) -> Pair:
    """v2's task was closed for a Kore task that is back, and open."""
    kore, v2 = kore or kore_status("open"), v2 or v2_status("completed")
    usual = {"kore": kore, "v2": v2, "table": AGREEMENT.of(STATUS).table}
    pair = a_pair(None, kore={"status": kore}, v2={"status": v2})
    return replace(pair, link=replace(pair.link, bases={STATUS: FieldBase(**{**usual, **base})}))


def test_a_task_that_came_back_to_one_that_was_closed_for_it_waits_for_a_person() -> None:
    wait = conflict_of_return(back(), AGREEMENT)
    assert wait is not None
    assert (wait.kind, wait.reason, wait.field) == (WaitKind.CONFLICT, CAME_BACK, STATUS)
    assert (wait.side, wait.link_id) == (V2, 7)
    assert (wait.kore, wait.v2) == (kore_status("open"), v2_status("completed"))
    assert CAME_BACK.startswith("The task came back")
    other = conflict_of_return(back(kore_status("closed"), v2_status("open")), AGREEMENT)
    assert other is not None
    assert other.side is KORE


@pytest.mark.parametrize(
    "pair",
    [
        back(kore_status("closed")),
        back(kore_status("on hold"), v2_status("new")),
        back(kore=kore_status("open"), v2=v2_status("completed"), carry=V2),
        replace(back(), link=a_link()),
        back(table="another"),
        replace(back(), kore=a_known(KORE, status=kore_status("in progress"))),
        replace(back(), v2=a_known(V2, status=v2_status("cancelled"))),
        replace(back(), kore=a_known(KORE, status=...)),
        replace(back(), v2=a_known(V2, status=...)),
    ],
    ids=[
        "they agree", "neither is finished", "a create is not over", "no base", "another table",
        "Kore moved", "v2 moved", "Kore hides it", "v2 hides it",
    ],
)  # fmt: skip
def test_otherwise_its_return_is_no_conflict(pair: Pair) -> None:
    assert conflict_of_return(pair, AGREEMENT) is None
