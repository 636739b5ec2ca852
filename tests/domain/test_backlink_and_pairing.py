"""What tags and markers tell of two tasks whose link was not made with a create."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.backlink import backlink_of, choose_origin, named_by_tags
from bridge.domain.create import marker_of
from bridge.domain.link import Link, LinkState
from bridge.domain.pairing import with_names
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Facts, Known, Task
from bridge.domain.values import text_value

OWN = frozenset({"app"})


def task(side: Side, task_id: str, title: str | None = "Boiler", **more: Any) -> Task:
    fields = {Field.TITLE: text_value(title), **more.pop("fields", {})}
    return Task(side=side, id=TaskId(task_id), fields=fields, digest="", ref=f"R-{task_id}", **more)


def kore(title: str = "Boiler", **more: Any) -> Task:
    return task(Side.KORE, "k1", title, **more)


def tagged(task_id: str, title: str | None = "Boiler") -> Known:
    return Known(task=task(Side.V2, task_id, title))


def test_a_tag_names_the_kore_task_that_it_was_written_for() -> None:
    tags = ("urgent", backlink_of(TaskId("ti-1")), "kore:", "kore:no/id", "KORE:x")
    assert named_by_tags(task(Side.V2, "v1", facts=Facts(tags=tags))) == ("ti-1",)
    assert named_by_tags(task(Side.V2, "v1", facts=Facts(tags=None))) == ()


@pytest.mark.parametrize(
    ("titles", "found"),
    [
        (["Boiler"], "v0"),
        ([" BOILER "], "v0"),
        (["Other", "Boiler"], "v1"),
        (["Boiler", "Boiler"], None),
        (["Other"], None),
        (["Other", "Another"], None),
    ],
)
def test_exactly_one_of_the_same_title_is_the_origin(titles: list[str], found: str | None) -> None:
    several = [tagged(f"v{number}", title) for number, title in enumerate(titles)]
    chosen = choose_origin(kore(), several, is_own=False)
    assert (chosen.task.id if chosen else None) == found


def test_a_task_without_a_title_goes_by_its_reference() -> None:
    assert choose_origin(kore("R-v1"), [tagged("v1", None)], is_own=False) is not None


@pytest.mark.parametrize(
    ("is_own", "count", "fits"), [(True, 1, True), (False, 1, False), (True, 2, False)]
)
def test_what_the_bridge_itself_created_needs_no_title(
    is_own: bool, count: int, fits: bool
) -> None:
    several = [tagged(f"v{number}", "Other") for number in range(count)]
    assert (choose_origin(kore(), several, is_own=is_own) is not None) is fits


# --- pairing -------------------------------------------------------------------------------------

LINK = Link(state=LinkState.LINKED, kore_id=TaskId("k1"), v2_id=TaskId("v1"))
SHOWN = {Field.DESCRIPTION: text_value("text")}


@pytest.mark.parametrize("origin", list(Side))
def test_the_bearer_of_the_others_marker_was_created_from_it(origin: Side) -> None:
    tasks = {Side.KORE: kore(), Side.V2: task(Side.V2, "v1")}
    marker = marker_of(tasks[origin], None)
    tasks[origin.other] = replace(tasks[origin.other], marker=marker)
    link = with_names(LINK, tasks[Side.KORE], tasks[Side.V2])
    assert (link.origin, link.marker) == (origin, marker.line)


def test_a_marker_that_names_another_task_tells_nothing() -> None:
    marker = marker_of(task(Side.V2, "v9"), None)
    link = with_names(LINK, kore(marker=marker, fields=SHOWN), task(Side.V2, "v1"))
    assert link == LINK


def test_a_hidden_marker_of_a_v2_origin_is_what_it_is_on_every_try() -> None:
    v2 = task(Side.V2, "v1")
    link = with_names(replace(LINK, origin=Side.V2), kore(), v2)
    assert link.marker == "[task-bridge v2:R-v1 v1]"


def test_a_marker_that_a_person_took_out_is_not_put_back() -> None:
    link = replace(LINK, origin=Side.V2)
    assert with_names(link, kore(fields=SHOWN), task(Side.V2, "v1")) == link


def test_a_link_with_its_marker_is_left_as_it_is() -> None:
    link = replace(LINK, origin=Side.KORE, marker="[task-bridge kore:TS1 k1]")
    bearer = kore(marker=marker_of(task(Side.V2, "v1"), None))
    assert with_names(link, bearer, task(Side.V2, "v1", None)) == link


@pytest.mark.parametrize(
    ("title", "v2_title", "stand_in"),
    [("R-v1", None, "R-v1"), ("Boiler", None, ""), ("R-v1", "R-v1", "")],
)
def test_what_kore_calls_a_task_without_a_title_is_its_stand_in(
    title: str, v2_title: str | None, stand_in: str
) -> None:
    assert with_names(LINK, kore(title), task(Side.V2, "v1", v2_title)).stand_in == stand_in


def test_a_title_that_was_not_observed_is_no_missing_title() -> None:
    unseen = replace(task(Side.V2, "v1"), fields={})
    assert with_names(LINK, kore("R-v1"), unseen).stand_in == ""
