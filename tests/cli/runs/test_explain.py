"""`explain` tells the life of one task from the database alone, to people and to programs."""

import pytest

from bridge.domain.side import Side
from tests.cli.runs.conftest import Lend, Pair, first_id

KEYS = [
    "generated_at", "title", "state", "standing", "reason", "next", "do", "commands", "is_due",
    "due", "kept", "held_up", "link", "tasks", "fields", "waits", "conflicts", "steps",
]  # fmt: skip


@pytest.mark.parametrize("name", ["kore_id", "kore_ref", "v2_id", "v2_ref"])
def test_a_task_is_told_by_any_of_its_names_with_every_key(linked: Pair, name: str) -> None:
    row = linked.result("links", "list")[0]
    told = linked.result("explain", row[name])
    assert list(told) == KEYS
    assert (told["link"]["kore_id"], told["link"]["v2_id"]) == (row["kore_id"], row["v2_id"])
    assert told["state"] == "in_step"
    assert told["generated_at"].endswith("Z")


def test_a_reference_is_told_whatever_its_case_and_blanks(linked: Pair) -> None:
    row = linked.result("links", "list")[0]
    for name in (row["v2_ref"].lower(), f"  {row['v2_ref']} ", f" {row['kore_id']}"):
        assert linked.result("explain", name)["link"]["v2_id"] == row["v2_id"]


@pytest.mark.parametrize("name", ["", "  "])
def test_no_name_is_wrong_usage_and_told_as_such(linked: Pair, name: str) -> None:
    ran = linked.quietly("explain", name)
    assert (ran.code, ran.out) == (2, "")
    assert "Name a task: the id or the reference" in ran.err


def test_the_steps_of_a_change_are_told(linked: Pair) -> None:
    v2_id = first_id(linked, Side.V2)
    linked.sandbox.v2.edit_task(v2_id, title="Changed in the field")
    linked.quietly("sync")
    steps = linked.result("explain", v2_id)["steps"]
    assert [one["at"] for one in steps] == sorted(one["at"] for one in steps)
    assert steps[0]["kind"] == "create"
    last = steps[-1]
    assert (last["kind"], last["outcome"], last["fields"]) == ("update", "done", ["title"])
    (value,) = last["values"]
    assert (value["field"], value["from"], value["sent"]) == (
        "title",
        "Field 0",
        "Changed in the field",
    )


def test_people_read_it_with_local_times_and_nothing_that_steers_the_terminal(linked: Pair) -> None:
    v2_id = first_id(linked, Side.V2)
    linked.sandbox.v2.edit_task(v2_id, title="Red \x1b[31malert")
    linked.quietly("sync")
    ran = linked.quietly("explain", v2_id)
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert ran.out.startswith("Red �[31malert\n")
    assert v2_id in ran.out
    for heading in ("Fields", "What was done"):
        assert f"\n{heading}\n" in ran.out


def test_a_task_without_a_link_is_told_why_and_what_would_change_it(pair: Pair) -> None:
    pair.seed(kore=1, v2=1)
    pair.quietly("sync")
    told = pair.result("explain", first_id(pair, Side.V2))
    assert (told["link"], told["standing"]) == (None, "It has no counterpart.")
    assert "backfill" in told["next"]
    assert told["do"]


def test_what_nobody_knows_is_told_and_ends_with_2(linked: Pair) -> None:
    ran = linked.quietly("explain", "TS-none")
    assert (ran.code, ran.out) == (2, "")
    assert "No task is known as TS-none." in ran.err


def test_without_a_database_there_is_nothing_to_tell_and_none_is_made(pair: Pair) -> None:
    assert pair.quietly("explain", "TS1").code == 2
    assert not pair.database.exists()
    assert not pair.sandbox.kore.calls


def test_explaining_changes_nothing_asks_nobody_and_waits_for_no_lease(
    linked: Pair, lend: Lend
) -> None:
    lend("elsewhere")
    before, calls = linked.dump(), len(linked.sandbox.kore.calls)
    assert linked.quietly("explain", first_id(linked, Side.V2)).code == 0
    assert linked.dump() == before
    assert len(linked.sandbox.kore.calls) == calls
