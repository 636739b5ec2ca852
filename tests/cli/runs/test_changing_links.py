"""`links add|remove|export|import|rebuild`: what people change of the links, and see of it."""

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bridge.domain.side import Side
from bridge.sandbox import Fault
from tests.cli.runs.conftest import WRITES, Hurried, Lend, Pair, first_id


def pairs(pair: Pair) -> list[tuple[str, str]]:
    return [(row["kore_id"], row["v2_id"]) for row in pair.result("links", "list")]


@pytest.fixture
def met(pair: Pair) -> Pair:
    """Two tasks on each side that were read and not linked."""
    pair.seed(kore=2, v2=2)
    pair.quietly("sync")
    return pair


# --- adding and removing -------------------------------------------------------------------------


def test_two_tasks_are_linked_and_the_next_cycle_brings_them_in_step(met: Pair) -> None:
    kore_id, v2_id = first_id(met, Side.KORE), first_id(met, Side.V2)
    ran = met.quietly("links", "add", kore_id, v2_id)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("are linked.\n")
    assert pairs(met) == [(kore_id, v2_id)]
    met.quietly("sync")
    assert met.sandbox.kore.tasks[kore_id]["name"] == met.sandbox.v2.tasks[v2_id]["title"]
    assert met.counts() == (2, 2)


def test_what_cannot_be_linked_is_told_and_ends_with_2(met: Pair) -> None:
    first, second = list(met.sandbox.kore.tasks)
    ran = met.quietly("links", "add", first, second)
    assert (ran.code, ran.out) == (2, "")
    assert "are both tasks of Kore" in ran.err
    assert "task-bridge sync --full" in met.quietly("links", "add", "TS0", second).err
    assert pairs(met) == []


def test_with_no_database_yet_nothing_can_be_changed_and_none_is_made(pair: Pair) -> None:
    for arguments in (("add", "TS1", "REC-1"), ("remove", "TS1")):
        ran = pair.quietly("links", *arguments)
        assert ran.code == 2
        assert "There is no database yet." in ran.err
    assert not pair.database.exists()


def test_beside_another_process_it_is_left_to_it_but_refused_at_once_if_it_cannot_be(
    met: Pair, lend: Lend
) -> None:
    kore_id, v2_id = first_id(met, Side.KORE), first_id(met, Side.V2)
    lend("host:1:a.1:x")
    assert met.quietly("links", "add", kore_id, "REC-0").code == 2
    ran = met.quietly("links", "add", kore_id, v2_id)
    assert (ran.code, ran.out.startswith("Noted. Process 1 on host")) == (0, True)
    assert met.quietly("links", "add", kore_id, v2_id, "--wait", "2").code == 5
    assert pairs(met) == []


def test_a_link_is_removed_and_stays_so(linked: Pair) -> None:
    v2_id = first_id(linked, Side.V2)
    ran = linked.quietly("links", "remove", v2_id)
    assert ran.code == 0
    assert ran.out.endswith("task-bridge links add links them again.\n")
    linked.sandbox.v2.edit_task(v2_id, title="Changed in the field")
    linked.quietly("backfill")
    (row,) = linked.result("links", "list", "--state", "removed")
    assert row["v2_id"] == v2_id
    assert linked.counts() == (5, 5)
    assert linked.sandbox.kore.tasks[row["kore_id"]]["name"] != "Changed in the field"
    assert linked.result("report")["totals"]["out_of_scope"] == 2


def test_forgotten_texts_are_not_in_the_file_any_more(linked: Pair) -> None:
    v2_id = first_id(linked, Side.V2)
    title = str(linked.sandbox.v2.tasks[v2_id]["title"])
    assert title.encode() in linked.database.read_bytes()
    ran = linked.quietly("links", "remove", v2_id, "--forget")
    assert (ran.code, "texts forgotten" in ran.out) == (0, True)
    linked.quietly("sync", "--full")
    for path in linked.database.parent.glob(f"{linked.database.name}*"):
        assert title.encode() not in path.read_bytes()


def test_forgotten_texts_are_in_no_file_though_another_process_has_them_open(
    linked: Pair,
) -> None:
    v2_id = first_id(linked, Side.V2)
    title = str(linked.sandbox.v2.tasks[v2_id]["title"]).encode()

    def is_there() -> bool:
        files = linked.database.parent.glob(f"{linked.database.name}*")
        return any(title in path.read_bytes() for path in files)

    with closing(sqlite3.connect(linked.database, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT name FROM pairs").fetchall()
        linked.quietly("links", "remove", v2_id, "--forget")
        assert is_there()
        other.execute("COMMIT")
        linked.quietly("sync")
        assert not is_there()
        another = first_id(linked, Side.KORE)
        title = str(linked.sandbox.kore.tasks[another]["name"]).encode()
        linked.quietly("links", "remove", another, "--forget")
        assert not is_there()


def test_of_what_was_forgotten_every_page_says_so_in_one_word(linked: Pair) -> None:
    v2_id = first_id(linked, Side.V2)
    linked.sandbox.v2.edit_task(v2_id, title="Changed in the field")
    linked.quietly("sync")
    linked.quietly("links", "remove", v2_id, "--forget")
    for command in (("links", "show"), ("explain",)):
        out = linked.quietly(*command, v2_id).out
        assert "(forgotten)" in out
        for word in ("not seen", "hidden", "Not known", "no title", "Tag of"):
            assert word not in out


def test_a_removed_link_is_removed_since_it_was_removed(
    linked: Pair, hurried: type[Hurried]
) -> None:
    v2_id = first_id(linked, Side.V2)
    made = linked.quietly("links", "show", v2_id).out.splitlines()[2].split("since ")[1]
    hurried().sleep(600)
    linked.quietly("links", "remove", v2_id)
    for command in (("links", "show"), ("explain",)):
        lines = linked.quietly(*command, v2_id).out.splitlines()
        (line,) = [one for one in lines if "removed" in one and "since " in one.lower()]
        assert made not in line


# --- out and in ----------------------------------------------------------------------------------


def test_the_file_has_the_columns_and_rows_of_the_list(linked: Pair, folder: Path) -> None:
    ran = linked.quietly("links", "export", "links.csv")
    assert (ran.code, ran.out) == (0, "5 links written to links.csv.\n")
    text = (folder / "links.csv").read_text(encoding="utf-8")
    assert text == linked.quietly("links", "list", "--format", "csv").out
    assert linked.quietly("links", "export", "-").out == text
    assert [row["state"] for row in csv.DictReader(io.StringIO(text))] == ["linked"] * 5


def test_an_older_file_is_replaced_whole(linked: Pair, folder: Path) -> None:
    (folder / "links.csv").write_text("old", encoding="utf-8")
    linked.quietly("links", "export", "links.csv")
    assert "old" not in (folder / "links.csv").read_text(encoding="utf-8")
    assert [path.name for path in folder.glob("links.csv*")] == ["links.csv"]


def test_a_folder_that_is_not_there_is_told(linked: Pair) -> None:
    ran = linked.quietly("links", "export", "nowhere/links.csv")
    assert ran.code == 2
    assert "nowhere" in ran.err


def test_after_a_lost_database_the_file_makes_all_good(linked: Pair) -> None:
    before = pairs(linked)
    linked.quietly("links", "export", "links.csv")
    linked.database.unlink()
    ran = linked.quietly("links", "import", "links.csv")
    assert (ran.code, ran.out.startswith("5 links imported. 10 of their tasks")) == (0, True)
    linked.sandbox.kore.clear_calls()
    linked.sandbox.v2.clear_calls()
    assert linked.quietly("sync", "--full").code == 0
    assert pairs(linked) == before
    assert {one for one in linked.writes() if one == "createTask"} == set()
    assert linked.counts() == (5, 5)
    assert linked.quietly("report").code == 0


def test_a_file_from_a_spreadsheet_is_read(met: Pair, folder: Path) -> None:
    kore_id, v2_id = first_id(met, Side.KORE), first_id(met, Side.V2)
    text = f"\ufeffkore_id;v2_id;state\r\n{kore_id};{v2_id};\r\n;;\r\n"
    for encoding in ("utf-8", "utf-16"):
        (folder / "sheet.csv").write_bytes(text.encode(encoding))
        assert met.quietly("links", "import", "sheet.csv").code == 0
    assert pairs(met) == [(kore_id, v2_id)]


def test_everything_that_is_wrong_with_a_file_is_told_and_nothing_is_imported(
    linked: Pair, folder: Path
) -> None:
    before = linked.dump()
    kore_id, v2_id = first_id(linked, Side.KORE), first_id(linked, Side.V2)
    (folder / "links.csv").write_text(
        f"kore_id,v2_id,state\n{kore_id},{'0' * 24},\nti-new,65f0,odd\nti-x,v!,\nti-y,{v2_id},\n",
        encoding="utf-8",
    )
    ran = linked.quietly("links", "import", "links.csv")
    assert (ran.code, ran.out) == (2, "")
    assert "Nothing was imported. links.csv cannot be taken in as it is:" in ran.err
    told = [line.strip()[:7] for line in ran.err.splitlines() if line.startswith("  line")]
    assert told == ["line 2:", "line 3:", "line 4:", "line 5:"]
    assert linked.dump() == before


@pytest.mark.parametrize(
    "content",
    [
        b"SQLite format 3\0\x10\0\x01\x01\0@  \0",
        b"kore_id,v2_id\nti-1,\xfc\xe4\n",
        b"\xff\xfek\0o",
        b"\x89PNG\r\n\x1a\n\0\0",
    ],
)
def test_a_file_that_is_no_text_is_told_in_one_sentence(
    linked: Pair, folder: Path, content: bytes
) -> None:
    (folder / "links.csv").write_bytes(content)
    ran = linked.quietly("links", "import", "links.csv")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Error: links.csv is no text in UTF-8. Save the table as CSV in UTF-8.\n"


def test_a_file_without_rows_and_one_that_is_not_there(pair: Pair, folder: Path) -> None:
    (folder / "links.csv").write_text("kore_id,v2_id\n", encoding="utf-8")
    ran = pair.quietly("links", "import", "links.csv")
    assert (ran.code, ran.out) == (0, "links.csv holds no links.\n")
    assert pair.quietly("links", "import", "nothing.csv").code == 2


# --- rebuilding ----------------------------------------------------------------------------------


def test_the_links_are_rebuilt_from_markers_with_nothing_but_probes(linked: Pair) -> None:
    before = sorted(pairs(linked))
    linked.database.unlink()
    linked.sandbox.kore.clear_calls()
    linked.sandbox.v2.clear_calls()
    ran = linked.quietly("links", "rebuild")
    assert ran.code == 0
    assert "Linked, since both were there: 5." in ran.out
    assert "Of the tasks in scope 0 of Kore and 0 of v2 are not linked." in ran.out
    assert sorted(pairs(linked)) == before
    calls = [*linked.sandbox.kore.calls, *linked.sandbox.v2.calls]
    assert [one.body for one in calls if one.operation in WRITES] == [{}] * 5
    assert linked.quietly("sync").code == 0
    assert linked.quietly("report").code == 0


def test_a_rebuild_says_that_it_counts_what_is_in_scope(linked: Pair) -> None:
    linked.database.unlink()
    linked.sandbox.v2.add_task(title="Done long ago", task_status="completed")
    linked.sandbox.v2.add_task(title="Only in the field")
    out = linked.quietly("links", "rebuild").out
    assert "Of the tasks in scope 0 of Kore and 1 of v2 are not linked." in out


def test_what_a_rebuild_leaves_to_people_is_listed(linked: Pair) -> None:
    linked.database.unlink()
    v2 = linked.sandbox.v2
    first = next(one for one in v2.tasks.values() if "[task-bridge" in str(one["description"]))
    copy = v2.add_task(title=str(first["title"]), description=str(first["description"]))
    v2.add_task(title="Only in the field")
    found = linked.result("links", "rebuild")
    assert (found["kind"], found["linked"], found["orphans"]) == ("rebuild", 5, [])
    (one,) = found["duplicates"]
    assert (one["origin_side"], one["linked_id"], one["surplus_ids"]) == (
        "kore",
        first["_id"],
        [copy],
    )
    assert found["unlinked"] == {"kore": 0, "v2": 1}
    out = linked.quietly("links", "rebuild").out
    assert one["origin_id"] in out
    assert "The surplus ones are kept out of the sync" in out


def test_a_rebuild_ends_with_1_and_lists_those_of_one_name_that_nothing_tells_apart(
    pair: Pair,
) -> None:
    pair.configure(kore=['unobserved = "hold"'])
    pair.sandbox.v2.add_task(title="Ladder")
    assert pair.quietly("backfill").code == 0
    pair.database.unlink()
    ran = pair.quietly("links", "rebuild")
    assert ran.code == 1
    assert "Tasks whose counterpart cannot be told" in ran.out
    assert "Ladder" in ran.out
    assert "Nothing waits for a person" not in ran.out
    found = pair.result("links", "rebuild")
    assert {one["side"] for one in found["ambiguous"]} == {"kore", "v2"}


def test_a_rebuild_without_a_service_ends_with_6_and_beside_another_process_with_5(
    linked: Pair, lend: Lend
) -> None:
    linked.database.unlink()
    linked.sandbox.v2.faults.add("listTasks", Fault.UNAUTHORIZED, times=9)
    ran = linked.quietly("links", "rebuild")
    assert ran.code == 6
    assert "are not linked. Nothing was created" not in ran.out
    lend("host:1:a.1:x")
    assert linked.quietly("links", "rebuild", "--wait", "1").code == 5


def test_a_rebuild_that_could_not_see_some_tasks_says_so_and_sends_nobody_on_to_a_backfill(
    linked: Pair,
) -> None:
    linked.database.unlink()
    linked.sandbox.kore.faults.add("updateTask", Fault.FAIL_AFTER, times=200)
    ran = linked.quietly("links", "rebuild")
    assert ran.code == 1
    assert "2 tasks of Kore could not be seen whole" in ran.err
    assert "task-bridge links rebuild" in ran.out
    assert "task-bridge backfill" not in ran.out
    found = linked.result("links", "rebuild")
    assert found["unseen"] == 2
    linked.sandbox.kore.faults.clear()
    ran = linked.quietly("links", "rebuild")
    assert (ran.code, ran.err) == (0, "")
    assert len(pairs(linked)) == 5
    assert linked.result("links", "rebuild")["unseen"] == 0


@pytest.mark.parametrize("what", ["orphan", "surplus"])
def test_a_rebuild_that_leaves_tasks_to_people_ends_with_1_and_does_not_say_that_nothing_waits(
    linked: Pair, what: str
) -> None:
    linked.database.unlink()
    v2 = linked.sandbox.v2
    first = next(one for one in v2.tasks.values() if "[task-bridge" in str(one["description"]))
    if what == "surplus":
        v2.add_task(title=str(first["title"]), description=str(first["description"]))
    else:
        tasks = linked.sandbox.kore.tasks
        linked.sandbox.kore.remove_task(
            next(one for one, task in tasks.items() if task["name"] == first["title"])
        )
    ran = linked.quietly("links", "rebuild")
    assert ran.code == 1
    assert "Nothing waits for a person" not in ran.out
    assert "1 task whose counterpart cannot be told" in ran.out
