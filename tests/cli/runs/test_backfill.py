"""`backfill` takes up what is there already; it asks before it does what cannot be taken back."""

import pytest

from bridge.domain.side import Side
from bridge.sandbox import Fault
from tests.cli.runs.conftest import Hurried, Lend, Pair, first_id


def test_every_task_gets_one_counterpart_and_first_contact_ends(pair: Pair) -> None:
    pair.seed(kore=3, v2=2)
    done = pair.result("backfill")
    assert (done["kind"], done["created"]) == ("backfill", {"kore": 2, "v2": 3})
    assert pair.counts() == (5, 5)
    assert pair.quietly("sync").code == 0
    assert pair.quietly("backfill").code == 0
    assert pair.counts() == (5, 5)


def test_a_dry_run_with_no_database_makes_none_and_writes_nothing(pair: Pair) -> None:
    pair.seed(kore=3, v2=2)
    ran = pair.quietly("backfill", "--dry-run")
    assert ran.code == 0
    assert "to create" in ran.out
    assert "? only a probe can tell" in ran.out
    assert "First contact lasts" not in ran.err
    assert not pair.database.exists()
    assert (pair.writes(), pair.counts()) == ([], (3, 2))


def test_a_dry_run_plans_what_the_backfill_then_does(pair: Pair) -> None:
    pair.seed(kore=3, v2=2)
    planned, done = pair.result("backfill", "--dry-run"), pair.result("backfill")

    def creates(run: dict[str, list[dict[str, str]]]) -> list[tuple[str, str, str]]:
        of = [one for one in run["operations"] if one["kind"] == "create"]
        return sorted((one["side"], one["kore_id"] or "", one["v2_id"] or "") for one in of)

    assert creates(planned) == creates(done)
    assert planned["created"] == done["created"]


def test_a_dry_run_changes_nothing_but_the_record_of_calls(linked: Pair) -> None:
    linked.seed(kore=1, v2=1)
    before, writes = linked.dump(), linked.writes()
    assert linked.quietly("backfill", "--dry-run").code == 0
    assert linked.dump() == before
    assert linked.writes() == writes


def test_a_dry_run_waits_for_the_budget_rather_than_show_an_empty_plan(
    pair: Pair, hurried: type[Hurried]
) -> None:
    for _ in range(30):
        hurried().sleep(1)  # tasks of one moment would prove no sort
        pair.seed(kore=1, v2=0)
    limits = ['unobserved = "probe"', "page_size = 2", "limits = [{calls = 20, seconds = 60}]"]
    pair.configure(kore=limits)
    planned = pair.result("backfill", "--dry-run")
    assert planned["created"]["v2"] == 30
    assert sum(hurried.slept) > 30 + 30


def test_from_one_side_creates_on_the_other_alone(pair: Pair) -> None:
    pair.seed(kore=3, v2=2)
    done = pair.result("backfill", "--from", "kore")
    assert done["created"] == {"kore": 0, "v2": 3}
    ran = pair.quietly("sync")
    assert ran.code == 0 or "First contact" in ran.err


def test_a_limit_is_kept_and_leaves_first_contact(pair: Pair) -> None:
    pair.seed(kore=3, v2=2)
    ran = pair.quietly("backfill", "--limit", "2")
    assert ran.code == 0
    assert sum(pair.counts()) == 5 + 2
    assert "First contact lasts" in ran.err
    assert pair.quietly("sync").code == 4
    assert pair.quietly("backfill").code == 0
    assert pair.counts() == (5, 5)


def test_while_both_sides_have_tasks_left_it_is_said_how_first_contact_ends(pair: Pair) -> None:
    pair.seed(kore=3, v2=3)
    said = pair.quietly("backfill", "--limit", "2").err
    assert "a backfill of everything, or --skip, ends it" in said
    assert "also ends by itself once complete sweeps find unlinked tasks on at most one" in said
    screen = pair.quietly("status").out
    assert "lasts until a backfill, or until complete sweeps find unlinked tasks on at" in screen
    assert pair.result("status")["first_contact"]["ends_with_next_cycle"] is False


def test_where_one_side_alone_has_tasks_left_it_is_said_that_the_next_cycle_creates_them(
    pair: Pair,
) -> None:
    pair.seed(kore=3, v2=2)
    said = pair.quietly("backfill", "--from", "v2").err
    assert "the next sync or run ends it and creates the rest" in said
    screen = pair.quietly("status").out
    assert "the next sync or run ends it and creates the rest" in screen
    assert pair.result("status")["first_contact"]["ends_with_next_cycle"] is True
    assert pair.quietly("sync").code == 0
    assert pair.counts() == (5, 5)
    assert pair.result("status")["first_contact"]["ends_with_next_cycle"] is False


def test_since_leaves_older_tasks_out_and_leaves_first_contact(
    pair: Pair, hurried: type[Hurried]
) -> None:
    pair.seed(kore=1, v2=0)
    hurried().sleep(7200)
    pair.seed(kore=0, v2=1)
    done = pair.result("backfill", "--since", "1h")
    assert done["created"] == {"kore": 1, "v2": 0}
    assert pair.counts() == (2, 1)


def test_finished_tasks_are_created_only_if_asked(pair: Pair) -> None:
    pair.sandbox.v2.add_task(title="Done", task_status="completed")
    assert pair.result("backfill")["created"]["kore"] == 0
    assert pair.result("backfill", "--include-finished")["created"]["kore"] == 1


def test_a_task_that_cannot_be_seen_ends_with_1_since_later_cycles_do_not_know_the_options(
    pair: Pair, hurried: type[Hurried]
) -> None:
    pair.seed(kore=1, v2=0)
    pair.sandbox.kore.faults.add("updateTask", Fault.FAIL_AFTER, times=20)
    ran = pair.quietly("backfill")
    assert ran.code == 1
    assert "1 of the tasks could not be seen whole" in ran.err
    pair.sandbox.kore.faults.clear()
    assert pair.quietly("backfill").code == 0
    assert pair.counts() == (1, 1)


def test_skip_leaves_what_is_there_and_carries_what_comes(pair: Pair) -> None:
    pair.seed(kore=3, v2=2)
    planned = pair.quietly("backfill", "--skip", "--dry-run")
    assert "5 tasks would be left" in planned.err
    ran = pair.quietly("backfill", "--skip")
    assert (ran.code, pair.counts()) == (0, (3, 2))
    assert "5 tasks are left" in ran.err
    pair.sandbox.v2.add_task(title="A new one")
    assert pair.quietly("sync").code == 0
    assert pair.counts() == (4, 3)
    assert pair.quietly("backfill").code == 0
    assert pair.counts() == (6, 6)


def test_more_than_a_hundred_probes_are_asked_about_first(pair: Pair) -> None:
    pair.configure(kore=["limits = [{calls = 60, seconds = 60}, {calls = 100000, seconds = 120}]"])
    pair.seed(kore=121, v2=1)
    ran = pair.quietly("backfill")
    assert (ran.code, ran.out, pair.writes()) == (4, "", [])
    assert "121 Kore tasks hide fields" in ran.err
    assert "about 2 minutes" in ran.err
    assert "not tried" in ran.err
    for value in ("probe", "write", "hold"):
        assert f'kore.unobserved = "{value}"' in ran.err
    planned = pair.quietly("backfill", "--dry-run")
    assert planned.code == 4
    assert "The real run would stop and ask before so many probes" in planned.out
    assert "Nothing waits for a person" not in planned.out


def test_a_failure_ends_with_1_and_the_others_are_created(pair: Pair) -> None:
    pair.seed(kore=0, v2=3)
    pair.sandbox.kore.faults.add("createTask", Fault.BAD_REQUEST)
    ran = pair.quietly("backfill")
    assert ran.code == 1
    assert pair.counts() == (2, 3)


def test_a_service_that_is_down_ends_with_6_after_patience(
    pair: Pair, hurried: type[Hurried]
) -> None:
    pair.seed()
    pair.configure({pair.sandbox.kore_url: "http://127.0.0.1:9"}, sync=["give_up_seconds = 15"])
    ran = pair.quietly("backfill")
    assert ran.code == 6
    assert "Kore cannot be reached" in ran.err
    assert sum(hurried.slept) >= 15
    assert pair.writes() == []


def test_a_wrong_key_ends_with_6_and_creates_nothing(pair: Pair) -> None:
    pair.seed()
    pair.configure({pair.sandbox.v2.api_key: "someone:else"})
    ran = pair.quietly("backfill")
    assert ran.code == 6
    assert "Check v2.api_key" in ran.err
    assert pair.counts() == (3, 2)


def test_a_lease_that_stays_taken_ends_with_5(pair: Pair, lend: Lend) -> None:
    pair.seed()
    lend("elsewhere:1")
    ran = pair.quietly("backfill", "--wait", "3")
    assert ran.code == 5
    assert pair.writes() == []


def test_what_was_done_by_hand_beforehand_is_not_done_again(linked: Pair) -> None:
    linked.sandbox.kore.edit_task(first_id(linked, Side.KORE), name="Changed at the desk")
    done = linked.result("backfill")
    assert done["created"] == {"kore": 0, "v2": 0}
    assert done["updated"] == {"kore": 0, "v2": 1}


@pytest.mark.parametrize(
    "arguments",
    [
        ["TS1"],
        ["--only", ","],
        ["--match", "alike"],
        ["--match-window", "1d"],
        ["--match", "exact", "--match-window", "soon"],
        ["--from", "neither"],
        ["--since", "yesterday"],
        ["--limit", "0"],
        ["--skip", "--limit", "3"],
        ["--skip", "--from", "v2"],
        ["--skip", "--since", "1d"],
        ["--skip", "--include-finished"],
        ["--skip", "--only", "TS1"],
        ["--skip", "--match", "exact"],
    ],
)
def test_wrong_usage_ends_with_2_before_any_request(pair: Pair, arguments: list[str]) -> None:
    ran = pair.quietly("backfill", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert not pair.sandbox.kore.calls
    assert not pair.database.exists()


# --- what is there twice -------------------------------------------------------------------------


def add_twice(pair: Pair, title: str, times: int = 1) -> None:
    """A task in v2, and so many of the same title in Kore."""
    case = next(iter(pair.sandbox.kore.cases))
    pair.sandbox.v2.add_task(title=title, description="van")
    for _ in range(times):
        pair.sandbox.kore.add_task(case_id=case, name=title, desc="desk")


def test_a_match_links_what_is_there_twice(pair: Pair) -> None:
    add_twice(pair, "Boiler")
    planned = pair.result("backfill", "--match", "exact", "--dry-run")
    done = pair.result("backfill", "--match", "exact")
    assert planned["linked"] == done["linked"] == 1
    assert planned["created"] == done["created"] == {"kore": 0, "v2": 0}
    assert pair.counts() == (1, 1)
    assert pair.quietly("sync").code == 0


@pytest.mark.parametrize(("window", "linked"), [("2d", 1), ("36h", 0)])
def test_a_match_window_says_how_far_apart_they_may_be(
    pair: Pair, hurried: type[Hurried], window: str, linked: int
) -> None:
    case = next(iter(pair.sandbox.kore.cases))
    pair.sandbox.kore.add_task(case_id=case, name="Boiler")
    hurried().sleep(47 * 3600)
    pair.sandbox.v2.add_task(title="Boiler")
    done = pair.result("backfill", "--match", "exact", "--match-window", window)
    assert done["linked"] == linked
    assert pair.counts() == ((1, 1) if linked else (2, 2))


def test_what_fits_several_is_listed_with_its_candidates_and_ends_with_1(pair: Pair) -> None:
    add_twice(pair, "Boiler", times=2)
    ran = pair.quietly("backfill", "--match", "exact")
    assert ran.code == 1
    assert pair.counts() == (2, 1)
    kore, v2 = sorted(pair.sandbox.kore.tasks), first_id(pair, Side.V2)
    rows = pair.result("failures", "list")
    assert {row["v2_id"] or row["kore_id"]: row["candidates"] for row in rows} == {
        v2: kore, kore[0]: [v2], kore[1]: [v2],
    }  # fmt: skip
    assert {row["kind"] for row in rows} == {"create"}
    assert pair.quietly("sync").code == 1
    assert pair.counts() == (2, 1)


def test_a_dry_run_lists_what_fits_several_itself_since_no_list_has_it(pair: Pair) -> None:
    add_twice(pair, "Boiler", times=2)
    add_twice(pair, "Stove")
    ran = pair.quietly("backfill", "--match", "exact", "--dry-run")
    assert ran.code == 1
    assert "To link, since both were there: 1." in ran.out
    assert "Would wait for a person: 3 failures.\n" in ran.out
    assert "failures list" not in ran.out
    lines = ran.out.splitlines()
    first, *_ = pair.sandbox.v2.tasks
    (mine,) = [number for number, line in enumerate(lines) if f"v2 GEN-1  {first}" in line]
    assert "“Boiler”: " in lines[mine]
    kore = [
        task_id for task_id, task in pair.sandbox.kore.tasks.items() if task["name"] == "Boiler"
    ]
    for line, task_id in zip(sorted(lines[mine + 1 : mine + 3]), sorted(kore), strict=True):
        assert line.startswith("    it may be ")
        assert task_id in line
        assert line.endswith("“Boiler”")
    told = pair.quietly("backfill", "--match", "exact", "--dry-run", "--format", "json")
    assert first not in told.out
    assert first in told.err
    assert pair.result("failures", "list") == []


def test_what_fits_several_is_shown_with_each_of_them_and_the_command_that_links_it(
    pair: Pair,
) -> None:
    add_twice(pair, "Boiler", times=2)
    pair.quietly("backfill", "--match", "exact")
    v2_id = first_id(pair, Side.V2)
    rows = pair.result("failures", "list")
    (number,) = [str(row["id"]) for row in rows if row["v2_id"] == v2_id]
    lines = [line.strip() for line in pair.quietly("failures", "show", number).out.splitlines()]
    kore = {task_id: task["refId"] for task_id, task in pair.sandbox.kore.tasks.items()}
    links = [f"task-bridge links add {task_id} {v2_id}" for task_id in kore]
    for task_id, ref in kore.items():
        assert f"{ref}  {task_id}  “Boiler”" in lines
    places = sorted(lines.index(one) for one in links)
    (retry,) = [at for at, line in enumerate(lines) if "failures retry" in line]
    assert places[-1] < retry
    assert pair.run(*links[0].split()[1:]).code == 0
    assert pair.quietly("sync").code in (0, 1)
    assert [row["v2_id"] for row in pair.result("links", "list")] == [v2_id]


# --- some tasks alone ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["again", "comma", "blank"])
def test_only_takes_up_the_named_tasks(pair: Pair, form: str) -> None:
    pair.seed(kore=3, v2=2)
    names = sorted(pair.sandbox.kore.tasks)[:2]
    arguments = {
        "again": ["--only", names[0], "--only", names[1]],
        "comma": ["--only", ",".join(names)],
        "blank": ["--only", *names],
    }[form]
    done = pair.result("backfill", *arguments)
    assert done["created"] == {"kore": 0, "v2": 2}
    assert {one["kore_id"] for one in done["operations"]} == set(names)
    assert pair.counts() == (3, 4)
    assert pair.quietly("sync").code == 4
    assert pair.quietly("backfill").code == 0
    assert pair.counts() == (5, 5)


def test_only_with_an_unknown_name_ends_with_2_and_says_what_to_do(pair: Pair) -> None:
    pair.seed(kore=1, v2=1)
    for command in ("backfill", "sync"):
        ran = pair.quietly(command, "--only", "TS999999")
        assert (ran.code, ran.out) == (2, "")
        assert "TS999999" in ran.err
        assert "sync --full" in ran.err
    assert pair.writes() == []
