"""`failures list` shows what waits for a person, one row a failure."""

import csv
import io

from bridge.domain.side import Side
from bridge.sandbox import Fault
from tests.cli.runs.conftest import Pair, first_id

KEYS = [
    "id", "kore_id", "v2_id", "side", "kind", "fields", "reason", "candidates", "attempts", "since",
]  # fmt: skip


def test_a_refused_create_is_listed_under_the_task_that_it_was_made_from(linked: Pair) -> None:
    linked.sandbox.kore.faults.add("createTask", Fault.BAD_REQUEST)
    v2_id = linked.sandbox.v2.add_task(title="Refused by Kore")
    assert linked.quietly("sync").code == 1
    (row,) = linked.result("failures", "list")
    assert list(row) == KEYS
    assert (row["kore_id"], row["v2_id"]) == (None, v2_id)
    assert (row["side"], row["kind"], row["fields"]) == ("kore", "create", [])
    assert "400" in row["reason"]
    assert row["since"].endswith("Z")


def test_a_refused_update_is_listed_with_its_field_and_both_ids(linked: Pair) -> None:
    v2_id = first_id(linked, Side.V2)
    linked.sandbox.kore.faults.add("updateTask", Fault.BAD_REQUEST, times=3)
    linked.sandbox.v2.edit_task(v2_id, title="Refused by Kore")
    assert linked.quietly("sync").code == 1
    (row,) = linked.result("failures", "list")
    links = {link["v2_id"]: link["kore_id"] for link in linked.result("links", "list")}
    assert (row["v2_id"], row["kore_id"]) == (v2_id, links[v2_id])
    assert (row["kind"], row["fields"]) == ("update", ["title"])


def test_csv_and_a_table_have_the_same_columns(linked: Pair) -> None:
    linked.sandbox.kore.faults.add("createTask", Fault.BAD_REQUEST)
    v2_id = linked.sandbox.v2.add_task(title="Refused by Kore")
    linked.quietly("sync")
    (row,) = csv.DictReader(io.StringIO(linked.quietly("failures", "list", "--format", "csv").out))
    assert list(row) == KEYS
    assert v2_id in linked.quietly("failures", "list").out


def test_no_failure_is_told_and_ends_with_0(linked: Pair) -> None:
    ran = linked.quietly("failures", "list")
    assert (ran.code, ran.out) == (0, "No failures.\n")
    assert linked.result("failures", "list") == []


def test_looking_makes_no_database(pair: Pair) -> None:
    assert pair.quietly("failures", "list").code == 0
    assert not pair.database.exists()
