"""What counts after a write is what the service shows, for the fields that were written."""

import pytest

from bridge.domain.link import FieldBase
from bridge.domain.merge import merge
from bridge.domain.relation import Relation
from bridge.domain.settle import Effect, Written, settle
from bridge.domain.side import Field, Side
from bridge.domain.values import (
    UNSEEN,
    Observed,
    Shown,
    person_value,
    priority_value,
    status_value,
)
from tests.domain.making import KORE, V2, an_agreement, kore_status, text, v2_status
from tests.domain.merging import STATUS, TEXT, a_view, told


def write(
    *,
    origin: Shown,
    sent: Observed,
    before: Shown,
    after: Shown,
    own: bool = False,
    to: Side = V2,
    relation: Relation = TEXT,
) -> tuple[Effect, FieldBase]:
    written = Written(side=to, origin=origin, sent=sent, before=before, after=after, is_own=own)
    return settle(written, relation)


@pytest.mark.parametrize(
    ("before", "after", "own", "effect", "base"),
    [
        ("old", "new text", False, Effect.TAKEN, "new text"),
        ("old", UNSEEN, False, Effect.TAKEN, "new text"),
        ("old", "old", False, Effect.IGNORED, "old"),
        ("old", "old", True, Effect.IGNORED, "old"),
        (UNSEEN, "old", True, Effect.ALTERED, "old"),
        ("old", "NEW TEXT", True, Effect.ALTERED, "NEW TEXT"),
        ("old", "new", False, Effect.ALTERED, "new"),
        ("old", "somebody's", False, Effect.TAKEN, "new text"),
        ("old", None, False, Effect.TAKEN, "new text"),
        ("old", None, True, Effect.ALTERED, None),
        (None, None, True, Effect.IGNORED, None),
    ],
    ids=[
        "the value sent",
        "nothing shown",
        "the old value",
        "the old value, by the bridge",
        "another one, the old one unknown, by the bridge",
        "another one by the bridge",
        "a beginning of the text sent",
        "another one by somebody else",
        "emptied by somebody else",
        "emptied by the service itself",
        "still empty",
    ],
)
def test_a_written_text_is_settled_by_what_the_service_shows(
    before: Shown | str, after: Shown | str, own: bool, effect: Effect, base: str | None
) -> None:
    known = text(before) if isinstance(before, str) else before
    shown = text(after) if isinstance(after, str) else after
    became, now = write(
        origin=text("new text"), sent=text("new text"), before=known, after=shown, own=own
    )
    assert became is effect
    assert now == FieldBase(kore=text("new text"), v2=text(base), table="same")


def test_a_person_who_edits_in_the_same_second_is_not_swallowed() -> None:
    origin, theirs = text("new"), text("somebody's")
    _, base = write(origin=origin, sent=origin, before=text("old"), after=theirs)
    assert told(merge(a_view(base, (origin, theirs), TEXT))) == "kore := somebody's"


def test_a_value_that_agrees_with_the_origins_is_taken_as_it_is() -> None:
    effect, base = write(
        origin=kore_status("in progress"),
        sent=v2_status("in_progress"),
        before=v2_status("new"),
        after=v2_status("in_review"),
        relation=STATUS,
    )
    assert effect is Effect.TAKEN
    assert base.of(V2) == v2_status("in_review")


def test_a_priority_that_stays_empty_was_ignored_although_it_agrees() -> None:
    effect, _ = write(
        origin=priority_value("High"),
        sent=priority_value("high"),
        before=None,
        after=None,
        relation=an_agreement().of(Field.PRIORITY),
    )
    assert effect is Effect.IGNORED


@pytest.mark.parametrize("after", [status_value("archived"), None])
def test_a_shown_value_without_counterpart_agrees_with_nothing(after: Observed) -> None:
    effect, base = write(
        origin=kore_status("resolved"),
        sent=v2_status("completed"),
        before=v2_status("new"),
        after=after,
        own=True,
        relation=STATUS,
    )
    assert (effect, base.of(V2)) == (Effect.ALTERED, after)


def test_an_id_that_begins_the_one_sent_is_somebody_elses() -> None:
    relation = an_agreement(twins={"A1": "u1", "A12": "u12"}).of(Field.ASSIGNEE)
    effect, base = write(
        origin=person_value("A12", "Bob"),
        sent=person_value("u12", "Bob"),
        before=None,
        after=person_value("u1", "Ann"),
        relation=relation,
    )
    assert (effect, base.of(V2)) == (Effect.TAKEN, person_value("u12", "Bob"))


def test_a_write_to_kore_is_settled_as_one_to_v2() -> None:
    effect, base = write(
        origin=v2_status("completed"),
        sent=kore_status("resolved"),
        before=kore_status("open"),
        after=kore_status("closed"),
        to=KORE,
        relation=STATUS,
    )
    assert effect is Effect.TAKEN
    assert base == FieldBase(
        kore=kore_status("closed"), v2=v2_status("completed"), table=STATUS.table
    )


def test_a_write_of_a_last_known_value_leaves_a_half_base() -> None:
    effect, base = write(origin=UNSEEN, sent=text("a"), before=text("b"), after=text("c"), own=True)
    assert (effect, base.of(KORE), base.of(V2)) == (Effect.ALTERED, UNSEEN, text("c"))
