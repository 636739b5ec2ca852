"""The life of a task reads well on any terminal, and its object keeps empty and unseen apart."""

import io
import json
from datetime import datetime
from typing import Any

import pytest
from rich.console import Console

from bridge.domain.explain import explain
from bridge.domain.life import Life
from bridge.domain.operation import WaitKind
from bridge.domain.side import Field
from bridge.domain.values import as_text
from bridge.report.life_object import render_life_object
from bridge.report.life_text import render_life_text
from bridge.report.plain import local_time
from tests.domain.lives import a_happening, an_operation
from tests.domain.making import at, text
from tests.domain.worlds import a_lone, a_pair, a_wait, a_world

ALTERED = a_happening(
    "altered", field=Field.TITLE, details={"to": "Cold", "shown": "COLD", "operation": 3}
)
WAIT = a_wait(
    WaitKind.CONFLICT,
    waits_for="5",
    field=Field.TITLE,
    value=text("Broken pump"),
    reason="Both changed it.",
)


def a_life(about: Any = None, **given: Any) -> Life:
    pair = a_pair(kore={"title": text("Broken pump"), "description": ...}, v2={"due": None})
    return Life(world=a_world(), about=about or pair, **given)


def page(life: Life, **console: Any) -> str:
    out = io.StringIO()
    told = explain(life, local_time)
    render_life_text(told, Console(file=out, highlight=False, **console))
    return out.getvalue()


def test_in_the_object_empty_is_null_and_unseen_has_no_key() -> None:
    found = render_life_object(explain(a_life(), as_text))
    assert "kore" not in found["fields"]["description"]
    assert found["fields"]["due"]["v2"] is None
    assert found["fields"]["title"]["base"] == {"kore": "Broken boiler", "v2": "Broken boiler"}
    lone = render_life_object(explain(a_life(a_lone()), as_text))
    assert lone["fields"]["title"] == {"kore": "Broken boiler", "base": None, "notes": []}
    json.dumps([found, lone])


def test_the_object_tells_the_steps_with_whole_values() -> None:
    life = a_life(operations=(an_operation(),), history=(ALTERED,))
    (step,) = render_life_object(explain(life, as_text))["steps"]
    assert (step["operation"], step["outcome"], step["at"]) == (3, "done", as_text(at(61)))
    (value,) = step["values"]
    assert {key: value[key] for key in ("field", "sent", "shown")} == {
        "field": "title",
        "sent": "Cold",
        "shown": "COLD",
    }


def test_a_page_tells_commands_on_lines_of_their_own() -> None:
    pair = a_pair(kore={"title": text("Broken pump")}, v2={"title": text("Stove")}, waits=(WAIT,))
    lines = [line.strip() for line in page(a_life(pair)).splitlines()]
    assert "task-bridge conflicts resolve 5 --take kore" in lines
    assert "task-bridge conflicts resolve 5 --take v2" in lines
    assert any(line.startswith("Kore Broken pump, v2 Stove") for line in lines)


def test_a_due_date_is_told_in_local_time() -> None:
    due = local_time(datetime.fromisoformat("2026-05-05T12:00:00Z"))
    assert f"due: Kore {due}, v2 (empty)" in page(a_life())


def test_no_id_is_cut_and_no_line_is_wider_than_the_terminal() -> None:
    life = a_life(operations=(an_operation(reason="Kore changed " * 20),), history=(ALTERED,))
    for width in (40, 80):
        shown = page(life, force_terminal=True, color_system=None, width=width)
        assert max(map(len, shown.splitlines())) <= width
        assert "65f0" in shown
    longest = max(page(life).splitlines(), key=len)
    assert longest.endswith("done.")


@pytest.mark.parametrize("title", ["\u200b", "\u2060\u00ad \u3164"])
def test_a_title_of_which_nothing_is_seen_is_told_as_none(title: str) -> None:
    shown = page(a_life(a_pair(kore={"title": text(title)}, v2={"title": text(title)})))
    assert shown.splitlines()[0] == "(no title)"


def test_markup_in_a_title_is_text() -> None:
    assert "[red]Fire[/red]" in page(a_life(a_pair(kore={"title": text("[red]Fire[/red]")})))
