"""Which tasks without a marker an open create may have made."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Known, Task
from bridge.domain.unsure import Unsure
from bridge.domain.values import text_value

SENT = datetime(2026, 3, 1, 8, 0, 0, 700, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OWN = frozenset({"bridge"})
UNSURE = Unsure(side=Side.V2, title="Boiler", since=SENT, until=SENT + 60 * SECOND)


def made(**given: object) -> Task:
    """What stands in v2: made by the bridge a second after it was sent, changed since."""
    title = given.pop("title", "Boiler")
    task = Task(
        side=Side.V2,
        id=TaskId("v1"),
        fields={Field.TITLE: text_value(str(title) if title else None), Field.DESCRIPTION: None},
        digest="d",
        created_at=SENT + SECOND,
        changed_at=SENT + 2 * SECOND,
        first_author="bridge",
    )
    return replace(task, **given)  # type: ignore[arg-type]


def known(**given: object) -> Known:
    return Known(task=made(**given))


UNTOUCHED = {"changed_at": SENT + SECOND}


@pytest.mark.parametrize("author", ["bridge", "somebody", None])
@pytest.mark.parametrize("own_ids", [OWN, frozenset()], ids=["known", "unknown"])
@pytest.mark.parametrize("title", ["Boiler", "Door"])
@pytest.mark.parametrize("times", [{}, UNTOUCHED], ids=["changed", "untouched"])
def test_who_made_it_its_title_and_whether_it_changed_tell(
    author: str | None, own_ids: frozenset[str], title: str, times: dict[str, datetime]
) -> None:
    is_told = author is not None and bool(own_ids)
    is_own, is_named = author == "bridge", title == "Boiler"
    if is_told:
        expected = is_own and (is_named or not times)
    else:
        # Under which name the bridge writes there is not known yet, or nobody tells who made it.
        expected = not times and (is_named or author is not None)
    assert UNSURE.may_be(known(title=title, first_author=author, **times), own_ids) is expected


@pytest.mark.parametrize(("seconds", "expected"), [(-1, False), (0, True), (60, True), (61, False)])
def test_it_was_made_between_the_send_and_the_end_of_the_settle_time(
    seconds: int, expected: bool
) -> None:
    assert UNSURE.may_be(known(created_at=SENT + seconds * SECOND), OWN) is expected


def test_while_the_settle_time_does_not_run_yet_every_later_task_may_be_it() -> None:
    late = known(created_at=SENT + timedelta(days=1))
    assert replace(UNSURE, until=None).may_be(late, OWN)


def test_when_nobody_knows_when_it_was_made_it_may_be_that() -> None:
    assert UNSURE.may_be(known(created_at=None), OWN)


def test_whole_seconds_do_not_tell_an_edit_in_the_second_of_the_create() -> None:
    at = (SENT + SECOND).replace(microsecond=0)
    same = known(first_author=None, created_at=at, changed_at=at)
    assert UNSURE.may_be(same, OWN)
    assert not UNSURE.may_be(known(first_author=None, title="Door", **UNTOUCHED), OWN)
    exact = at + timedelta(microseconds=1)
    assert not UNSURE.may_be(known(first_author=None, created_at=exact, changed_at=exact), OWN)


def test_a_task_of_the_other_side_is_not_it() -> None:
    assert not UNSURE.may_be(known(side=Side.KORE), OWN)


def test_what_was_sent_without_a_title_has_the_name_of_what_has_none() -> None:
    nameless = replace(UNSURE, title="")
    assert nameless.is_named(made(title=None))
    assert not UNSURE.is_named(made(title=None))


def test_what_a_probe_of_the_bridge_moved_people_did_not_change() -> None:
    probed = replace(
        known(first_author=None), own_changed_at=SENT + 2 * SECOND, person_changed_at=SENT + SECOND
    )
    assert not UNSURE.may_be(probed, OWN)
    assert UNSURE.may_be(replace(probed, person_changed_at=SENT + 1.5 * SECOND), OWN)
