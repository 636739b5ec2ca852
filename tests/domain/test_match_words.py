"""What people read of a bearer of a marker, and which bearers count where little is told."""

from typing import Any

import pytest

from bridge.domain.link import LinkState
from bridge.domain.match import Match, match_bearer
from bridge.domain.task import Known, Standing
from tests.domain.making import KORE, OWN, V2, a_known, a_link, a_marker, text

ORIGIN = a_known(KORE)
NOBODY = frozenset[str]()


def a_bearer(**given: Any) -> Known:
    """A v2 task of somebody else's making whose marker names the Kore task."""
    usual = {"id": "b1", "ref": "REC-9", "marker": a_marker(KORE), "title": text("Another thing")}
    return a_known(V2, **{**usual, "first_author": "ann", "last_author": "bob", **given})


OURS = a_bearer(first_author="bridge")


def match(bearer: Known, origin: Known | None = ORIGIN, **given: Any) -> Match:
    own = given.pop("own", OWN)
    return match_bearer(bearer, origin, given.pop("link", None), (bearer,), own)


# ---- what people read -----------------------------------------------------------------------


def test_a_counterpart_says_whom_its_marker_names() -> None:
    assert match(OURS) == Match(standing=Standing.LINKED, why="its marker names TS000102")


def test_a_bearer_of_a_link_that_was_removed_says_of_whose() -> None:
    removed = a_link(state=LinkState.REMOVED)
    assert match(OURS, link=removed) == Match(
        standing=Standing.LEFT, why="the link of TS000102 was removed"
    )


def test_a_duplicate_names_both_tasks_by_reference_and_id() -> None:
    assert match(OURS, link=a_link()) == Match(
        standing=Standing.DUPLICATE,
        why="REC-9 (b1) says that it was created from TS000102 (ti-1), which has its counterpart "
        "already.",
    )


def test_an_orphan_names_what_it_was_created_from_and_says_how_it_becomes_a_task_of_its_own() -> (
    None
):
    assert match(OURS, None) == Match(
        standing=Standing.ORPHAN,
        why="It says that it was created from TS000102 (ti-1), which Kore does not show. Take the "
        "marker's line out to make it a task of its own.",
    )


def test_what_means_nothing_says_nothing() -> None:
    assert match(a_bearer()) == Match(standing=Standing.NEW, why="")


# ---- where little is told -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ({"first_author": None}, Standing.NEW),
        ({"last_author": None}, Standing.NEW),
        ({"first_author": None, "last_author": None}, Standing.LINKED),
    ],
    ids=["the last author", "the first author", "none"],
)
def test_where_any_author_is_shown_a_strange_title_is_no_counterpart(
    authors: dict[str, None], expected: Standing
) -> None:
    assert match(a_bearer(**authors)).standing is expected


def test_while_nobody_knows_who_we_are_every_bearer_may_be_ours() -> None:
    assert match(a_bearer(), own=NOBODY).standing is Standing.LINKED
    assert match(a_bearer(), None, own=NOBODY).standing is Standing.ORPHAN


def test_a_bearer_that_is_called_like_the_stand_in_agrees_with_an_origin_without_a_title() -> None:
    told = {"id": "ti-9", "marker": a_marker(V2), "first_author": "ann"}
    origin = a_known(V2, title=None)
    assert match(a_known(KORE, title=text("REC-1234"), **told), origin).standing is Standing.LINKED
    assert match(a_known(KORE, title=text("REC-5"), **told), origin).standing is Standing.NEW


def test_two_tasks_without_a_title_do_not_agree_by_it() -> None:
    bearer, origin = a_bearer(title=None), a_known(KORE, title=None)
    assert match(bearer, origin).standing is Standing.NEW
