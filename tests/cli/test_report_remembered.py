"""`report --from-last-sweep`: what the database knows, how old that is, and no request."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run
from tests.cli.test_report import backfilled, dump
from tests.report.living import Living, a_living

OPTION = "--from-last-sweep"


@pytest.fixture
def living(folder: Path) -> Iterator[Living]:
    with a_living(folder) as living:
        yield living


@pytest.fixture
def recall(bridge: Run, living: Living) -> Any:
    """`recall(...)` runs the report with these options; nothing is asked or written."""

    def call(*options: str) -> Ran:
        living.clear_calls()
        before = dump(living)
        ran = bridge("report", OPTION, *options, **living.environ)
        assert (living.kore.calls, living.v2.calls) == ([], [])
        assert dump(living) == before
        return ran

    return call


@pytest.fixture
def drifting(bridge: Run, living: Living) -> dict[str, str]:
    """Two pairs, of which one has a value that no rule translates; what came since is not read."""
    ids = {name: living.task(name) for name in ("steady", "odd")}
    backfilled(bridge, living)
    living.kore.add_priority("Emergency", 15)
    living.kore.edit_task(ids["odd"], priority="Emergency")
    assert bridge("sync", "--full", **living.environ).code == 0
    living.kore.edit_task(ids["steady"], name="changed since")
    living.task("made since")
    return ids


def test_it_tells_what_was_read_last_and_not_what_changed_since(
    recall: Any, living: Living, drifting: dict[str, str]
) -> None:
    ran = recall("--format", "json")
    assert ran.code == 3
    found = json.loads(ran.out)
    assert [(row["kore_id"], row["state"]) for row in found["rows"]] == [
        (drifting["odd"], "unmapped")
    ]
    assert found["totals"]["kore_tasks"] == 2
    assert found["totals"]["in_step"] == 1
    assert found["rows"][0]["fields"]["priority"]["kore"] == "Emergency"


def test_json_says_when_each_side_was_read_and_keeps_every_key_of_the_contract(
    bridge: Run, recall: Any, living: Living, drifting: dict[str, str]
) -> None:
    found = json.loads(recall("--format", "json").out)
    live = json.loads(bridge("report", "--format", "json", **living.environ).out)
    assert [*found] == ["generated_at", "as_of", "totals", "hidden_fields", "rows"]
    assert {*live} == {*found} - {"as_of"}
    assert [*found["totals"]] == [*live["totals"]]
    for side in ("kore", "v2"):
        assert [*found["as_of"][side]] == ["read_whole_at", "polled_at"]
        assert all(time.endswith("Z") for time in found["as_of"][side].values())
        assert found["as_of"][side]["read_whole_at"] <= found["generated_at"]


def test_the_table_the_page_and_beside_csv_standard_error_say_how_old_it_is(
    recall: Any, living: Living, drifting: dict[str, str]
) -> None:
    lines = recall().out.splitlines()
    assert lines[1].endswith("from the database alone.")
    for line, side in zip(lines[2:4], ("Kore", "v2"), strict=True):
        assert line.startswith(f"{side}: last read whole 20")
        assert line.endswith("(just now).")
    page = recall("--format", "html").out
    head = page.split("<header>")[1].split("</header>")[0]
    assert "Kore: last read whole 20" in head
    assert "v2: last read whole 20" in head
    assert "neither service was asked" in head
    assert "live from both services" not in page
    ran = recall("--format", "csv")
    assert "Kore: last read whole 20" in ran.err
    assert "v2: last read whole 20" in ran.err
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert (row["state"], row["kore_id"]) == ("unmapped", drifting["odd"])


def test_what_is_asked_for_narrows_rows_and_exit_code_and_not_the_totals(
    recall: Any, living: Living, drifting: dict[str, str]
) -> None:
    def asked(*options: str) -> tuple[int, list[str], int]:
        ran = recall("--format", "json", *options)
        found = json.loads(ran.out)
        ids = [row["kore_id"] for row in found["rows"]]
        return ran.code, ids, found["totals"]["kore_tasks"]

    assert asked("--state", "unmapped") == (3, [drifting["odd"]], 2)
    assert asked("--state", "in_step") == (0, [drifting["steady"]], 2)
    assert asked("--case", living.case)[1] == [drifting["odd"]]
    assert asked("--case", "CS999999") == (0, [], 2)
    assert asked("--person", "nobody at all") == (0, [], 2)
    assert asked("--older-than", "1h") == (0, [], 2)


def test_it_works_with_both_services_gone_and_never_ends_with_6(
    bridge: Run, recall: Any, living: Living, drifting: dict[str, str], folder: Path
) -> None:
    living.change(living.v2.api_key, "wrong:key")
    living.change(living.kore.client_secret, "another" * 8)
    assert bridge("sync", **living.environ).code == 6
    ran = recall("--output", str(folder / "report.txt"))
    assert ran.code == 3
    text = (folder / "report.txt").read_text(encoding="utf-8")
    assert "Note: v2 did not answer when it was last asked: " in text
    assert drifting["odd"] in text


def test_where_all_is_in_step_it_ends_with_0(bridge: Run, recall: Any, living: Living) -> None:
    living.task("steady")
    backfilled(bridge, living)
    assert recall().code == 0


def test_without_a_database_it_says_what_to_do_and_makes_none(bridge: Run, living: Living) -> None:
    ran = bridge("report", OPTION, **living.environ)
    assert (ran.code, ran.out) == (2, "")
    assert "There is no database yet" in ran.err
    assert "Without --from-last-sweep" in ran.err
    assert not living.database.exists()


def test_before_anything_was_read_it_does_not_tell_an_empty_world(
    bridge: Run, recall: Any, living: Living
) -> None:
    assert bridge("db", "upgrade", **living.environ).code == 0
    bridge("links", "list", **living.environ)
    ran = recall()
    assert (ran.code, ran.out) == (2, "")
    assert "No run has read either service yet" in ran.err
