"""Which bearer of a marker is the counterpart."""

from typing import Any

import pytest

from bridge.domain.link import Link, LinkState
from bridge.domain.match import choose, match_bearer
from bridge.domain.side import Side, TaskId
from bridge.domain.task import Known, Standing
from tests.domain.making import KORE, NOON, OWN, V2, a_known, a_link, a_marker, at, text

ORIGIN = a_known(KORE)


def a_bearer(task_id: str = "b1", **given: Any) -> Known:
    """A v2 task whose marker names the Kore task."""
    return a_known(V2, id=task_id, **{"marker": a_marker(KORE), **given})


def standing(
    bearer: Known,
    *others: Known,
    origin: Known | None = ORIGIN,
    link: Link | None = None,
) -> Standing:
    match = match_bearer(bearer, origin, link, (bearer, *others), OWN)
    assert bool(match.why) is (match.standing is not Standing.NEW)
    return match.standing


STRANGE: dict[str, Any] = {
    "title": text("Another thing"),
    "first_author": "ann",
    "last_author": "bob",
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({**STRANGE, "first_author": "bridge"}, Standing.LINKED),
        ({**STRANGE, "last_author": "bridge"}, Standing.LINKED),
        ({**STRANGE, "title": text(" broken BOILER")}, Standing.LINKED),
        ({**STRANGE}, Standing.NEW),
        ({**STRANGE, "title": None}, Standing.NEW),
        ({**STRANGE, "title": ...}, Standing.NEW),
        ({"marker": None}, Standing.NEW),
    ],
    ids=[
        "created by the bridge",
        "last changed by the bridge",
        "titles agree",
        "neither",
        "no title",
        "hidden title",
        "no marker",
    ],
)
def test_a_bearer_counts_if_it_is_the_bridges_own_or_the_titles_agree(
    given: dict[str, Any], expected: Standing
) -> None:
    assert standing(a_bearer(**given)) is expected


def test_a_bearer_named_by_the_stand_in_agrees_with_an_origin_without_a_title() -> None:
    origin = a_known(V2, title=None)
    bearer = a_known(KORE, id="ti-9", title=text("REC-1234"), marker=a_marker(V2))
    assert standing(bearer, origin=origin) is Standing.LINKED
    assert standing(bearer, origin=a_known(V2, title=...)) is Standing.LINKED
    other = a_known(KORE, id="ti-9", title=None, marker=a_marker(V2), first_author="ann")
    assert standing(other, origin=origin) is Standing.NEW


def test_a_bearer_whose_author_is_not_shown_may_be_ours() -> None:
    shown = {**STRANGE, "first_author": None, "last_author": None}
    assert standing(a_bearer(**shown)) is Standing.LINKED


def test_of_several_the_bridges_own_then_the_oldest_is_the_counterpart() -> None:
    own = a_bearer("own", first_author="bridge", created_at=at(50))
    old = a_bearer("old", created_at=at(0))
    young = a_bearer("young", created_at=at(10))
    unknown = a_bearer("unknown", created_at=None)
    assert choose(ORIGIN, [young, own, old, unknown], OWN) == own
    assert choose(ORIGIN, [young, unknown, old], OWN) == old
    assert choose(ORIGIN, [unknown, young], OWN) == young
    assert choose(ORIGIN, [a_bearer(**STRANGE)], OWN) is None
    assert standing(old, young) is Standing.LINKED
    assert standing(young, old) is Standing.DUPLICATE
    assert standing(old, own, young) is Standing.DUPLICATE


def test_of_two_as_old_the_choice_does_not_depend_on_the_order() -> None:
    one, two = a_bearer("a"), a_bearer("b")
    assert choose(ORIGIN, [one, two], OWN) == choose(ORIGIN, [two, one], OWN) == one


def test_a_bearer_of_our_own_whose_origin_is_not_there_is_an_orphan() -> None:
    assert standing(a_bearer(first_author="bridge"), origin=None) is Standing.ORPHAN
    assert standing(a_bearer(**STRANGE), origin=None) is Standing.NEW


def the_link(state: LinkState, v2_id: str | None) -> Link:
    return a_link(state=state, v2_id=TaskId(v2_id) if v2_id else None)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (None, Standing.LINKED),
        (the_link(LinkState.CREATING, None), Standing.LINKED),
        (the_link(LinkState.LINKED, "b1"), Standing.LINKED),
        (the_link(LinkState.MISSING, "b1"), Standing.LINKED),
        (the_link(LinkState.CREATING, "b7"), Standing.DUPLICATE),
        (the_link(LinkState.LINKED, "b7"), Standing.DUPLICATE),
        (the_link(LinkState.MISSING, "b7"), Standing.DUPLICATE),
        (the_link(LinkState.MISSING, None), Standing.DUPLICATE),
        (the_link(LinkState.REMOVED, "b1"), Standing.LEFT),
        (the_link(LinkState.REMOVED, "b7"), Standing.LEFT),
    ],
)
def test_a_bearer_is_linked_if_the_origins_link_waits_for_it(
    link: Link | None, expected: Standing
) -> None:
    assert standing(a_bearer(), link=link) is expected


def test_a_second_bearer_that_turns_up_later_never_displaces_the_linked_one() -> None:
    linked, older = a_bearer("b1", created_at=at(60)), a_bearer("b0", created_at=at(0))
    link = the_link(LinkState.LINKED, "b1")
    assert standing(linked, older, link=link) is Standing.LINKED
    assert standing(older, linked, link=link) is Standing.DUPLICATE


@pytest.mark.parametrize("side", Side)
def test_a_marker_that_names_a_task_of_its_own_side_was_pasted_and_means_nothing(
    side: Side,
) -> None:
    pasted = a_known(side, id="b1", marker=a_marker(side), first_author="bridge")
    assert standing(pasted, origin=a_known(side)) is Standing.NEW
    assert standing(pasted, origin=None) is Standing.NEW


@pytest.mark.parametrize("side", Side)
def test_a_kore_and_a_v2_bearer_are_judged_alike(side: Side) -> None:
    origin = a_known(side.other)
    bearer = a_known(side, id="b1", marker=a_marker(side.other), created_at=NOON)
    assert standing(bearer, origin=origin) is Standing.LINKED
