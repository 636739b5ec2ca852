"""`links` shows the link table, and one link whole, from the database alone."""

import csv
import io
import json
from datetime import datetime

import pytest

from bridge.domain.side import Side
from tests.cli.runs.conftest import Pair, first_id

KEYS = ["kore_id", "kore_ref", "v2_id", "v2_ref", "state", "origin", "created_at", "changed_at"]


def test_every_link_is_listed_with_the_keys_of_the_contract(linked: Pair) -> None:
    rows = linked.result("links", "list")
    assert len(rows) == 5
    assert {tuple(row) for row in rows} == {tuple(KEYS)}
    assert {row["state"] for row in rows} == {"linked"}
    assert sorted(row["origin"] for row in rows) == ["kore", "kore", "kore", "v2", "v2"]
    kore = linked.sandbox.kore.tasks
    assert {row["kore_id"]: row["kore_ref"] for row in rows} == {
        task_id: task["refId"] for task_id, task in kore.items()
    }
    assert rows[0]["created_at"].endswith("Z")
    assert datetime.fromisoformat(rows[0]["created_at"]).tzinfo is not None


def test_csv_has_the_same_columns(linked: Pair) -> None:
    rows = list(csv.DictReader(io.StringIO(linked.quietly("links", "list", "--format", "csv").out)))
    assert [list(row) for row in rows] == [KEYS] * 5


def test_a_table_never_cuts_an_id(linked: Pair) -> None:
    out = linked.quietly("links", "list").out
    assert all(task_id in out for task_id in [*linked.sandbox.kore.tasks, *linked.sandbox.v2.tasks])


def test_a_state_narrows_the_list(linked: Pair) -> None:
    assert len(linked.result("links", "list", "--state", "linked")) == 5
    assert linked.result("links", "list", "--state", "missing") == []
    assert linked.quietly("links", "list", "--state", "missing").out == "No links.\n"
    assert linked.quietly("links", "list", "--state", "strange").code == 2


@pytest.mark.parametrize("name", ["kore_id", "kore_ref", "v2_id", "v2_ref"])
def test_a_link_is_shown_by_any_of_its_names(linked: Pair, name: str) -> None:
    row = linked.result("links", "list")[0]
    assert linked.result("links", "show", row[name])["link"] == row


def test_a_link_is_shown_whole(linked: Pair) -> None:
    v2_id = first_id(linked, Side.V2)
    linked.sandbox.v2.edit_task(v2_id, title="Changed in the field")
    linked.quietly("sync")
    page = linked.result("links", "show", v2_id)
    assert list(page) == ["link", "fields", "waits", "open", "history"]
    title = "Changed in the field"
    base = {"kore": title, "v2": title}
    assert page["fields"]["title"] == {"kore": title, "v2": title, "base": base}
    assert list(page["fields"]) == [
        "title", "description", "status", "priority", "assignee", "due",
    ]  # fmt: skip
    assert (page["waits"], page["open"]) == ([], [])
    times = [one["at"] for one in page["history"]]
    assert times == sorted(times)
    assert "created" in [one["what"] for one in page["history"]]


def test_a_link_is_shown_to_people_side_by_side(linked: Pair) -> None:
    v2_id = first_id(linked, Side.V2)
    out = linked.quietly("links", "show", v2_id).out
    assert v2_id in out
    assert "linked, created from v2, since " in out
    assert "History" in out


def test_what_nobody_knows_is_told_and_ends_with_2(linked: Pair) -> None:
    ran = linked.quietly("links", "show", "TS-none")
    assert (ran.code, ran.out) == (2, "")
    assert "No task is known as TS-none." in ran.err


def test_a_task_without_a_link_is_told_with_its_standing(pair: Pair) -> None:
    pair.seed(kore=1, v2=1)
    pair.quietly("sync")
    ran = pair.quietly("links", "show", first_id(pair, Side.V2))
    assert ran.code == 2
    assert "has no link. It stands as new: First contact" in ran.err


def test_looking_makes_no_database_and_no_request(pair: Pair) -> None:
    assert pair.result("links", "list") == []
    assert pair.quietly("links", "show", "TS1").code == 2
    assert not pair.database.exists()
    assert not pair.sandbox.kore.calls


def test_looking_changes_nothing_and_asks_nobody(linked: Pair) -> None:
    before, calls = linked.dump(), len(linked.sandbox.kore.calls)
    json.loads(linked.quietly("links", "list", "--format", "json").out)
    linked.quietly("links", "show", first_id(linked, Side.V2))
    assert linked.dump() == before
    assert len(linked.sandbox.kore.calls) == calls
