"""`conflicts`: listed by the contract, shown, decided, and lost values taken back."""

import csv
import io
import json
from typing import Any

import pytest

from bridge.domain.records import Heartbeat
from bridge.domain.side import Side
from tests.cli.runs.conftest import Hurried, Lend, Pair, first_id

KEYS = ["id", "kore_id", "v2_id", "title", "field", "kore", "v2", "base", "since", "rule"]


def ids_of(pair: Pair) -> tuple[str, str]:
    """The two tasks of the first link of v2's oldest task."""
    v2_id = first_id(pair, Side.V2)
    links = {link["v2_id"]: link["kore_id"] for link in pair.result("links", "list")}
    return links[v2_id], v2_id


def titles(pair: Pair) -> tuple[Any, Any]:
    kore_id, v2_id = ids_of(pair)
    return pair.sandbox.kore.tasks[kore_id]["name"], pair.sandbox.v2.tasks[v2_id]["title"]


def disagree(pair: Pair, rule: str) -> None:
    """Both sides change one title, and a cycle runs under that rule."""
    pair.configure(sync=["give_up_seconds = 0", "lease_seconds = 2", f'conflict = "{rule}"'])
    kore_id, v2_id = ids_of(pair)
    pair.sandbox.kore.edit_task(kore_id, name="Of Kore")
    pair.sandbox.v2.edit_task(v2_id, title="Of v2")
    pair.quietly("sync")


@pytest.fixture
def waiting(linked: Pair) -> Pair:
    """A pair with one conflict that waits for a person."""
    disagree(linked, "manual")
    return linked


def test_a_conflict_that_waits_is_listed_with_both_values_and_what_was_agreed(
    waiting: Pair,
) -> None:
    (row,) = waiting.result("conflicts", "list")
    assert list(row) == KEYS
    assert (row["kore_id"], row["v2_id"]) == ids_of(waiting)
    assert (row["kore"], row["v2"]) == ("Of Kore", "Of v2")
    assert row["base"] == {"kore": "Field 0", "v2": "Field 0"}
    assert (row["field"], row["rule"], row["title"]) == ("title", "manual", "Of Kore")
    assert row["since"].endswith("Z")
    assert waiting.result("conflicts", "list", "--settled") == []


def test_explain_tells_both_values_and_that_a_person_decides(waiting: Pair) -> None:
    told = waiting.quietly("explain", ids_of(waiting)[0]).out
    assert "Kore Of Kore, v2 Of v2" in told
    assert "conflicts resolve 1 --take kore" in told
    assert "to be written" not in told


def test_a_value_neither_steers_the_terminal_nor_turns_what_stands_beside_it(
    waiting: Pair,
) -> None:
    v2_id, title = ids_of(waiting)[1], "Pay \u202e\x9b2J\x1b[2Jnow"
    waiting.sandbox.v2.edit_task(v2_id, title=title)
    waiting.quietly("sync")
    for words in (
        ("conflicts", "list"),
        ("conflicts", "list", "--format", "csv"),
        ("conflicts", "show", "1"),
        ("links", "list"),
        ("links", "show", v2_id),
        ("explain", v2_id),
    ):
        out = waiting.quietly(*words).out
        assert not {*out} & {"\u202e", "\x9b", "\x1b"}, words
    assert "Pay ��2J�[2Jnow" in waiting.quietly("conflicts", "show", "1").out
    text = waiting.quietly("conflicts", "list", "--format", "json").out
    assert json.loads(text)[0]["v2"] == title
    assert not {*text} & {"\u202e", "\x9b"}
    done = waiting.quietly("conflicts", "resolve", "1", "--take", "v2")
    assert "Pay ��2J�[2Jnow" in done.out


def test_csv_and_a_table_show_the_same(waiting: Pair) -> None:
    text = waiting.quietly("conflicts", "list", "--format", "csv").out
    (row,) = csv.DictReader(io.StringIO(text))
    assert list(row) == KEYS
    assert (row["kore"], row["v2"]) == ("Of Kore", "Of v2")
    told = waiting.quietly("conflicts", "list").out
    assert "Of Kore" in told
    assert "task-bridge conflicts resolve ID --take kore|v2" in told


def test_a_sync_ends_with_1_and_names_the_list_while_a_conflict_waits(waiting: Pair) -> None:
    ran = waiting.quietly("sync")
    assert ran.code == 1
    assert "1 conflict. See: task-bridge conflicts list" in ran.out
    assert titles(waiting) == ("Of Kore", "Of v2")


@pytest.mark.parametrize("number", ["7", "-1", "0", "9" * 23, "-" + "9" * 23])
def test_a_number_that_no_conflict_has_is_told_however_large_it_is(
    waiting: Pair, number: str
) -> None:
    before = waiting.dump()
    for arguments in (("show",), ("resolve", "--take", "kore")):
        ran = waiting.quietly("conflicts", *arguments, "--", number)
        assert (ran.code, ran.out) == (2, "")
        assert f"There is no conflict {number}; task-bridge conflicts list" in ran.err
    for command in ("show", "retry", "discard"):
        ran = waiting.quietly("failures", command, "--", number)
        assert ran.code == 2
        assert f"There is no failure {number};" in ran.err
    assert waiting.dump() == before


def test_one_is_shown_whole_with_the_two_ways_out(waiting: Pair) -> None:
    (row,) = waiting.result("conflicts", "list")
    page = waiting.result("conflicts", "show", str(row["id"]))
    assert {name: page[name] for name in KEYS} == row
    assert (page["winner"], page["settled_at"], page["decided"]) == (None, None, None)
    assert page["reason"] == "Both sides changed it."
    told = waiting.quietly("conflicts", "show", str(row["id"])).out
    for part in ("Of Kore", "Of v2", "agreed before: Field 0", "--take kore", "--take v2"):
        assert part in told


@pytest.mark.parametrize("take", ["kore", "v2"])
def test_what_is_taken_is_written_by_the_next_sync(waiting: Pair, take: str) -> None:
    (row,) = waiting.result("conflicts", "list")
    ran = waiting.quietly("conflicts", "resolve", str(row["id"]), "--take", take)
    label = {"kore": "Kore", "v2": "v2"}[take]
    assert ran.code == 0
    assert f"Title: {label}'s value “Of {label}” is taken" in ran.out
    assert waiting.result("conflicts", "show", str(row["id"]))["decided"] == take
    assert waiting.quietly("sync").code == 0
    assert titles(waiting) == (f"Of {label}", f"Of {label}")
    assert waiting.quietly("conflicts", "list").out == "No conflicts.\n"
    (settled,) = waiting.result("conflicts", "list", "--settled")
    assert (settled["id"], settled["rule"]) == (row["id"], "manual")
    page = waiting.result("conflicts", "show", str(row["id"]))
    assert (page["winner"], page["decided"]) == (take, None)


def test_a_decision_about_a_value_that_has_changed_is_void_and_the_conflict_says_so(
    waiting: Pair,
) -> None:
    (row,) = waiting.result("conflicts", "list")
    number = str(row["id"])
    assert waiting.quietly("conflicts", "resolve", number, "--take", "kore").code == 0
    waiting.sandbox.v2.edit_task(ids_of(waiting)[1], title="Moved")
    assert waiting.quietly("sync").code == 1
    assert titles(waiting) == ("Of Kore", "Moved")
    page = waiting.result("conflicts", "show", number)
    assert (page["v2"], page["decided"]) == ("Moved", None)
    assert "v2 shows another value" in page["reason"]


def test_beside_another_process_a_decision_is_noted_and_void_if_it_comes_too_late(
    waiting: Pair, lend: Lend
) -> None:
    (row,) = waiting.result("conflicts", "list")
    resolve = ("conflicts", "resolve", str(row["id"]), "--take", "kore")
    lend("host:1:a.1:x")
    ran = waiting.quietly(*resolve)
    assert ran.code == 0
    assert ran.out.startswith("Noted.")
    assert waiting.quietly(*resolve, "--wait", "2").code == 5
    with waiting.unit() as unit:
        unit.release_lease("host:1:a.1:x")
        assert len(unit.open_instructions()) == 2
    assert waiting.quietly("sync").code == 0
    assert titles(waiting) == ("Of Kore", "Of Kore")


def test_a_value_that_lost_is_taken_back_and_only_while_nothing_was_changed(linked: Pair) -> None:
    disagree(linked, "kore")
    assert titles(linked) == ("Of Kore", "Of Kore")
    (row,) = linked.result("conflicts", "list", "--settled")
    assert list(row) == KEYS
    assert (row["kore"], row["v2"], row["rule"]) == ("Of Kore", "Of v2", "kore")
    number = str(row["id"])
    assert "--take v2" in linked.quietly("conflicts", "show", number).out
    assert "Kore" in linked.quietly("conflicts", "list", "--settled").out
    won = linked.quietly("conflicts", "resolve", number, "--take", "kore")
    assert (won.code, "taken already" in won.err) == (2, True)
    assert linked.quietly("conflicts", "resolve", number, "--take", "v2").code == 0
    assert linked.quietly("sync").code == 0
    assert titles(linked) == ("Of v2", "Of v2")
    linked.sandbox.kore.edit_task(ids_of(linked)[0], name="Later")
    assert linked.quietly("sync").code == 0
    late = linked.quietly("conflicts", "resolve", number, "--take", "kore")
    assert (late.code, "was changed since" in late.err) == (1, True)


def test_what_was_taken_back_and_dropped_says_so_and_offers_no_command(linked: Pair) -> None:
    disagree(linked, "kore")
    ran = linked.quietly("conflicts", "resolve", "1", "--take", "v2")
    assert ran.out.endswith(
        "to both sides, if neither side changes it before. What came of it: "
        "task-bridge conflicts show 1\n"
    )
    linked.sandbox.kore.edit_task(ids_of(linked)[0], name="Later")
    linked.quietly("sync")
    shown = linked.quietly("conflicts", "show", "1").out
    assert "v2's value was to be written back, but the field was changed before" in shown
    assert "--take" not in shown
    page = linked.result("conflicts", "show", "1")
    assert (page["decided"], page["reason"] in shown) == (None, True)


def test_what_cannot_be_taken_back_any_more_is_not_offered(linked: Pair) -> None:
    disagree(linked, "kore")
    linked.sandbox.kore.edit_task(ids_of(linked)[0], name="Later")
    linked.quietly("sync")
    shown = linked.quietly("conflicts", "show", "1").out
    assert "The title was changed since. Nothing is written back any more" in shown
    assert "--take" not in shown


def test_a_conflict_that_people_settled_is_told_so(waiting: Pair) -> None:
    (row,) = waiting.result("conflicts", "list")
    waiting.sandbox.v2.edit_task(ids_of(waiting)[1], title="Of Kore")
    assert waiting.quietly("sync").code == 0
    told = waiting.quietly("conflicts", "show", str(row["id"])).out
    assert "Settled in the services" in told


@pytest.mark.parametrize("arguments", [("show", "77"), ("resolve", "77", "--take", "kore")])
def test_a_number_that_is_none_is_told(linked: Pair, arguments: tuple[str, ...]) -> None:
    ran = linked.quietly("conflicts", *arguments)
    assert ran.code == 2
    assert "There is no conflict 77; task-bridge conflicts list" in ran.err


def test_looking_makes_no_database(pair: Pair) -> None:
    assert pair.quietly("conflicts", "list").out == "No conflicts.\n"
    assert pair.quietly("conflicts", "list", "--settled").out == "No settled conflicts.\n"
    assert pair.quietly("conflicts", "show", "1").code == 2
    assert not pair.database.exists()


# --- what is said and not done yet ----------------------------------------------------------------


def test_the_list_shows_what_was_decided_and_when_it_is_carried_out(waiting: Pair) -> None:
    before = waiting.quietly("conflicts", "list").out
    assert "noted" not in before
    waiting.quietly("conflicts", "resolve", "1", "--take", "v2")
    told = waiting.quietly("conflicts", "list").out
    for text in ("noted", "v2's value is taken", "No daemon runs: task-bridge run, or"):
        assert text in told
    (row,) = waiting.result("conflicts", "list")
    assert list(row) == KEYS
    header = waiting.quietly("conflicts", "list", "--format", "csv").out.splitlines()[0]
    assert header.split(",") == KEYS
    waiting.quietly("sync")
    assert waiting.quietly("conflicts", "list").out == "No conflicts.\n"


def test_a_lost_value_that_is_to_be_written_back_is_noted_among_the_settled(linked: Pair) -> None:
    disagree(linked, "kore")
    linked.quietly("conflicts", "resolve", "1", "--take", "v2")
    told = linked.quietly("conflicts", "list", "--settled").out
    assert "v2's value is taken" in told
    assert "taken" in told.splitlines()[0]


def test_what_is_left_to_a_daemon_is_noted_in_the_list_too(
    waiting: Pair, lend: Lend, hurried: type[Hurried]
) -> None:
    lend("host:7")
    now = hurried().now()
    with waiting.unit() as unit:
        unit.beat(Heartbeat(owner="host:7", beat_at=now, started_at=now, interval_seconds=10.0))
    waiting.quietly("conflicts", "resolve", "1", "--take", "kore")
    told = waiting.quietly("conflicts", "list").out
    assert "Kore's value is taken" in told
    assert "the daemon carries out with its next cycle" in told
