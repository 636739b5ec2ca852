"""`failures`: what waits for a person is listed, one row a failure; gone on with, or left so."""

import csv
import io

import pytest

from bridge.domain.side import Side
from bridge.sandbox import Fault
from tests.cli.runs.conftest import Lend, Pair, first_id

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


def test_a_create_without_an_answer_is_no_failure_and_told_beside_them(linked: Pair) -> None:
    linked.sandbox.kore.faults.add("createTask", Fault.FAIL_BEFORE)
    linked.sandbox.v2.add_task(title="Nobody knows")
    linked.quietly("sync")
    told = linked.quietly("failures", "list").out
    assert told.startswith("No failures.\n\n1 create under way or without an answer yet;")
    assert "task-bridge links list --state creating" in told
    assert linked.result("failures", "list") == []


def test_looking_makes_no_database(pair: Pair) -> None:
    assert pair.quietly("failures", "list").code == 0
    assert not pair.database.exists()


def refuse_title(pair: Pair) -> str:
    """Kore refuses a title three times; gives the number of the failure."""
    pair.sandbox.kore.faults.add("updateTask", Fault.BAD_REQUEST, times=3)
    pair.sandbox.v2.edit_task(first_id(pair, Side.V2), title="Refused by Kore")
    assert pair.quietly("sync").code == 1
    pair.sandbox.kore.faults.clear()
    (row,) = pair.result("failures", "list")
    return str(row["id"])


def test_one_is_shown_whole_with_the_two_ways_out(linked: Pair) -> None:
    number = refuse_title(linked)
    page = linked.result("failures", "show", number)
    assert list(page) == [*KEYS, "title", "kore", "v2", "wanted"]
    assert (page["kore"], page["v2"], page["wanted"]) == (
        "Field 0", "Refused by Kore", "Refused by Kore",
    )  # fmt: skip
    told = linked.quietly("failures", "show", number).out
    for part in ("400", "Field 0", "Refused by Kore", f"retry {number}", f"discard {number}"):
        assert part in told


@pytest.mark.parametrize("way", ["one", "all"])
def test_a_retried_update_is_carried_by_the_next_sync(linked: Pair, way: str) -> None:
    number = refuse_title(linked)
    assert linked.quietly("sync").code == 1
    ran = linked.quietly("failures", "retry", number if way == "one" else "--all")
    assert (ran.code, ran.out) == (0, "Title: the next cycle tries it again.\n")
    assert linked.quietly("sync").code == 0
    assert linked.result("failures", "list") == []
    names = [task["name"] for task in linked.sandbox.kore.tasks.values()]
    assert "Refused by Kore" in names


def test_a_discarded_update_leaves_both_values_and_waits_no_longer(linked: Pair) -> None:
    number = refuse_title(linked)
    ran = linked.quietly("failures", "discard", number)
    assert (ran.code, ran.out) == (0, "Title: left as it is; later changes count again.\n")
    before = len(linked.writes())
    assert linked.quietly("sync").code == 0
    assert len(linked.writes()) == before
    names = [task["name"] for task in linked.sandbox.kore.tasks.values()]
    assert "Field 0" in names


def test_a_refused_create_is_made_by_a_retry_or_left_by_a_discard(linked: Pair) -> None:
    linked.sandbox.kore.faults.add("createTask", Fault.BAD_REQUEST, times=2)
    for title in ("First", "Second"):
        linked.sandbox.v2.add_task(title=title)
    assert linked.quietly("sync").code == 1
    first, second = (str(row["id"]) for row in linked.result("failures", "list"))
    assert linked.quietly("failures", "retry", first).code == 0
    left = linked.quietly("failures", "discard", second)
    assert (left.code, left.out) == (0, "It is left as it is: nothing is created from it.\n")
    assert linked.quietly("sync").code == 0
    assert linked.counts() == (6, 7)
    assert linked.result("failures", "list") == []


def test_what_is_wrong_in_a_command_is_told_before_anything_is_noted(linked: Pair) -> None:
    for arguments in (("retry",), ("retry", "1", "--all"), ("discard",), ("retry", "77"),
                      ("discard", "77"), ("show", "77")):  # fmt: skip
        assert linked.quietly("failures", *arguments).code == 2
    assert "There is no failure 77" in linked.quietly("failures", "retry", "77").err
    ran = linked.quietly("failures", "retry", "--all")
    assert (ran.code, ran.out) == (0, "No failures.\n")
    with linked.unit() as unit:
        assert unit.open_instructions() == []


def test_beside_another_process_it_is_noted_and_left_to_it(linked: Pair, lend: Lend) -> None:
    number = refuse_title(linked)
    lend("host:1:a.1:x")
    assert linked.quietly("failures", "retry", number).out.startswith("Noted.")
    assert linked.quietly("failures", "discard", number, "--wait", "2").code == 5
    with linked.unit() as unit:
        assert len(unit.open_instructions()) == 2


def test_what_may_be_a_lost_task_under_another_id_is_linked_with_that_ones_counterpart(
    linked: Pair,
) -> None:
    v2_id = first_id(linked, Side.V2)
    (kore_id,) = [row["kore_id"] for row in linked.result("links", "list") if row["v2_id"] == v2_id]
    title = linked.sandbox.v2.tasks[v2_id]["title"]
    linked.sandbox.v2.remove_task(v2_id)
    new_id = linked.sandbox.v2.add_task(title=title)
    linked.quietly("sync", "--full")
    (row,) = linked.result("failures", "list")
    assert row["candidates"] == [v2_id]
    show = ("failures", "show", str(row["id"]))
    command = f"task-bridge links add {kore_id} {new_id}"
    assert command not in linked.quietly(*show).out
    linked.quietly("sync", "--full")
    assert f"  {command}\n" in linked.quietly(*show).out
    assert linked.run(*command.split()[1:]).code == 0


def test_the_list_shows_what_is_to_be_tried_again_and_when(linked: Pair, lend: Lend) -> None:
    number = refuse_title(linked)
    assert "noted" not in linked.quietly("failures", "list").out
    linked.quietly("failures", "retry", number)
    told = linked.quietly("failures", "list").out
    assert "to be tried again" in told
    assert "No daemon runs: task-bridge run, or" in told
    assert list(linked.result("failures", "list")[0]) == KEYS
    lend("host:7")
    linked.quietly("failures", "discard", number)
    assert "to be discarded" in linked.quietly("failures", "list").out


def test_a_create_that_is_to_be_made_again_is_noted(linked: Pair) -> None:
    linked.sandbox.kore.faults.add("createTask", Fault.BAD_REQUEST)
    linked.sandbox.v2.add_task(title="Refused by Kore")
    linked.quietly("sync")
    linked.quietly("failures", "retry", "--all")
    assert "to be created" in linked.quietly("failures", "list").out
    linked.quietly("sync")
    assert linked.quietly("failures", "list").out == "No failures.\n"


def test_the_page_of_a_failure_says_what_is_noted_of_it_as_the_list_does(
    linked: Pair, lend: Lend
) -> None:
    number = refuse_title(linked)
    show = ("failures", "show", number)
    assert "oted" not in linked.quietly(*show).out
    linked.quietly("failures", "retry", number)
    told = linked.quietly(*show).out
    assert "Noted: to be tried again." in told
    assert "No daemon runs: task-bridge run, or" in told
    assert "noted" not in linked.result(*show)
    lend("host:7")
    linked.quietly("failures", "discard", number)
    assert "Noted: to be discarded." in linked.quietly(*show).out
