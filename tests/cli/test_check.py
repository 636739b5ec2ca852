"""`check` tells whether the bridge could work, what stands in its way, and what to do about it."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.domain.advise import advise
from bridge.domain.exchange import Order, Purpose
from bridge.domain.guard import Guard, GuardKind
from bridge.domain.side import Side
from bridge.errors import Unreachable
from bridge.sandbox import KoreSwitches, V2Switches
from tests.cli.conftest import Run
from tests.report.living import Living, a_living
from tests.services.clients import Bench

Checks = dict[str, list[dict[str, str]]]


@pytest.fixture
def living(folder: Path) -> Iterator[Living]:
    with a_living(folder) as living:
        yield living


def checked(bridge: Run, living: Living, **environ: str) -> tuple[int, Checks, dict[str, Any]]:
    """The exit code, the checks by what was tried, and the whole object."""
    ran = bridge("check", "--format", "json", **{**living.environ, **environ})
    found = json.loads(ran.out)
    by: Checks = {}
    for one in found["checks"]:
        by.setdefault(one["what"], []).append(one)
    return ran.code, by, found


def failing(by: Checks) -> set[str]:
    return {what for what, several in by.items() if any(one["state"] == "fail" for one in several)}


def test_a_world_without_gaps_ends_with_0_and_writes_nothing_anywhere(
    bridge: Run, living: Living
) -> None:
    living.task("a")
    living.job("b")
    living.clear_calls()
    code, by, found = checked(bridge, living)
    assert (code, failing(by)) == (0, set())
    assert list(found["checks"][0]) == ["what", "state", "found", "next"]
    assert {one["state"] for one in found["checks"]} <= {"ok", "warn", "fail"}
    assert living.writes() == []
    assert not living.database.exists()
    for what in ("configuration", "database", "Kore connection", "v2 connection", "Kore sort"):
        assert by[what][0]["state"] == "ok"


def test_a_live_value_without_a_counterpart_is_a_gap_and_others_show_their_round_trip(
    bridge: Run, living: Living
) -> None:
    living.kore.add_priority("Emergency", 15)
    living.task("a", priority="Emergency")
    living.task("b", priority="High")
    code, by, found = checked(bridge, living)
    assert code == 3
    gap, rest = by["Kore priority values"]
    assert (gap["state"], rest["state"]) == ("fail", "ok")
    assert "'Emergency'" in gap["found"]
    assert "[[priority]]" in gap["next"]
    trips = {(one["side"], one["field"], one["value"]): one for one in found["round_trips"]}
    high, gap = trips["kore", "priority", "High"], trips["kore", "priority", "Emergency"]
    assert (high["tasks"], high["becomes"], high["comes_back_as"]) == (1, "high", "High")
    assert (gap["becomes"], "'Emergency'" in gap["gap"]) == (None, True)
    assert trips["v2", "status", "in_review"]["comes_back_as"] == "in_progress"
    out = bridge("check", **living.environ).out
    lines = [re.split(r"\s{2,}", line.strip()) for line in out.splitlines()]
    assert ["Kore", "priority", "High", "1", "high", "the same"] in lines
    assert ["Kore", "priority", "Emergency", "1", "nothing"] in lines


def test_what_is_suggested_is_put_at_the_end_of_the_file_and_closes_the_gaps(
    bridge: Run, living: Living
) -> None:
    """Also at the end of the file that `init` writes, whose sections are there already."""
    living.kore.add_priority("Emergency", 15)
    living.kore.add_agent("Mia Stone")
    user = living.v2.add_user("Mia  stone")
    agent = next(one for one in living.kore.agents if one["name"] == "Mia Stone")
    living.task("a", priority="Emergency", assignee=agent["agentId"])
    living.job("b", assignee=user)
    code, by, found = checked(bridge, living)
    assert (code, failing(by)) == (3, {"Kore priority values"})
    block = found["suggested_configuration"]
    out = bridge("check", **living.environ).out
    assert block in out
    begun = (Path(__file__).parents[2] / "config" / "bridge.example.toml").read_text("utf-8")
    rows = tomllib.loads(f"{begun}\n{block}")
    assert [row["kore"] for row in rows["priority"]] == ["Emergency"]
    assert [row["v2"] for row in rows["people"]["table"]] == [user]
    living.write(f"{living.file.read_text()}\n{block}\n")
    code, by, found = checked(bridge, living)
    assert (code, failing(by)) == (0, set())
    assert [one for one in found["round_trips"] if one["gap"]] == []
    assert tomllib.loads(found["suggested_configuration"]) == {}


def test_how_each_field_can_be_seen_is_told_with_the_calls_that_it_takes(
    bridge: Run, folder: Path
) -> None:
    def seen(**switches: Any) -> dict[str, tuple[str, int]]:
        with a_living(folder, KoreSwitches(limits=(), **switches)) as living:
            living.task("a")
            living.task("b")
            _, _, found = checked(bridge, living)
            assert living.writes() == []
        fields = [one for one in found["fields"] if one["side"] == "kore"]
        return {one["field"]: (one["seen"], one["calls"]) for one in fields}

    sparse = seen()
    assert sparse["title"] == ("listed", 0)
    assert sparse["description"] == ("by probe", 2)
    asked = seen(selected_columns="help")
    assert asked["title"] == ("listed", 0)
    assert asked["description"] == ("after asking", 0)
    assert seen(rows="full")["description"] == ("listed", 0)


def test_more_than_a_hundred_probes_are_told_as_a_question_of_the_backfill(
    bridge: Run, folder: Path
) -> None:
    with a_living(folder, KoreSwitches(limits=())) as living:
        for number in range(101):
            living.task(f"task {number}")
        environ = {**living.environ}
        del environ["TASK_BRIDGE_KORE__UNOBSERVED"]
        found = json.loads(bridge("check", "--format", "json", **environ).out)
        (cost,) = [one for one in found["checks"] if one["what"] == "Kore probes"]
        assert "more than 100, and kore.unobserved is not set" in cost["found"]
        _, by, _ = checked(bridge, living)
        assert "more than 100" not in by["Kore probes"][0]["found"]


def test_words_that_have_no_id_yet_are_named_and_those_of_the_configuration_are_not(
    bridge: Run, living: Living
) -> None:
    living.task("a", priority="High")
    _, by, _ = checked(bridge, living)
    assert "Low" in by["Kore priority ids"][0]["found"]
    assert "High" not in by["Kore priority ids"][0]["found"]
    ids = '{"Low": "p-1", "Medium": "p-2", "Critical": "p-3"}'
    _, by, _ = checked(bridge, living, TASK_BRIDGE_KORE__PRIORITY_IDS=ids)
    assert "Kore priority ids" not in by


def test_a_folder_that_is_not_there_is_told_with_the_command_that_makes_it(
    bridge: Run, living: Living, folder: Path
) -> None:
    url = f"sqlite:///{folder}/not/there/bridge.db"
    code, by, _ = checked(bridge, living, TASK_BRIDGE_DATABASE__URL=url)
    assert (code, by["database"][0]["state"]) == (2, "fail")
    assert f"mkdir -p {folder}/not/there" in by["database"][0]["found"]


def test_people_of_one_name_on_both_sides_are_proposed_ready_to_paste(
    bridge: Run, living: Living
) -> None:
    living.kore.add_agent("Mia Stone")
    living.kore.add_agent("Only Here")
    user = living.v2.add_user("Mia  stone")
    agent = next(one for one in living.kore.agents if one["name"] == "Mia Stone")
    living.task("a", assignee=agent["agentId"])
    code, by, found = checked(bridge, living)
    assert code == 0
    (row,) = found["people_table"]
    assert (row["kore"], row["v2"]) == (agent["agentId"], user)
    (people,) = by["people"]
    assert people["state"] == "warn"
    assert "not carried" in people["found"]
    out = bridge("check", **living.environ).out
    block = found["suggested_configuration"]
    assert block in out
    assert tomllib.loads(block)["people"]["table"] == [row]
    living.write(f"{living.file.read_text()}\n{block}\n")
    code, by, found = checked(bridge, living)
    assert (code, found["people_table"], by["people"][0]["state"]) == (0, [], "ok")


def test_a_route_to_a_closed_or_unknown_case_leads_nowhere(bridge: Run, living: Living) -> None:
    living.kore.close_case(living.case)
    code, by, _ = checked(bridge, living)
    (name,) = failing(by)
    assert (code, by[name][0]["found"]) == (3, "the case is closed")
    living.change(living.kore.cases[living.case]["refId"], "CS999999")
    code, by, _ = checked(bridge, living)
    assert (code, failing(by)) == (3, {"route to CS999999"})


def test_v2_tasks_that_fit_no_route_or_name_nobody_are_counted(bridge: Run, living: Living) -> None:
    living.job("a")
    living.change('task_template = "', 'tag = "field"\ntask_template = "')
    text = living.file.read_text()
    living.write("\n".join(one for one in text.splitlines() if not one.startswith("requester")))
    code, by, _ = checked(bridge, living)
    assert (code, failing(by)) == (3, {"kore.routes", "kore.requester"})
    assert "1 of 1" in by["kore.routes"][0]["found"]


def test_hidden_fields_are_told_with_the_way_to_see_them_and_what_it_costs(
    bridge: Run, folder: Path
) -> None:
    with a_living(folder, KoreSwitches(limits=())) as living:
        living.task("a")
        living.task("b")
        limits = '[{"calls": 60, "seconds": 60}]'
        code, by, _ = checked(bridge, living, TASK_BRIDGE_KORE__LIMITS=limits)
        assert code == 0
        assert by["Kore shows title"][0]["found"] == "listed"
        assert "by probe, not tried" in by["Kore shows description"][0]["found"]
        assert "2 calls, about 2 s by kore.limits" in by["Kore probes"][0]["found"]
        assert bridge("backfill", **living.environ).code == 0
        living.clear_calls()
        _, by, _ = checked(bridge, living)
        assert by["Kore shows description"][0]["found"].endswith("seen by probe")
        assert "0 calls (2 were seen whole before)" in by["Kore probes"][0]["found"]
        assert living.writes() == []


def test_where_no_marker_can_be_seen_the_tag_is_asked_for(bridge: Run, folder: Path) -> None:
    with a_living(folder, KoreSwitches(limits=())) as living:
        living.task("a")
        code, by, _ = checked(bridge, living, TASK_BRIDGE_KORE__UNOBSERVED="hold")
        assert (code, failing(by)) == (3, {"v2.backlink"})
        assert "never seen" in by["Kore shows description"][0]["found"]
        held = {"TASK_BRIDGE_KORE__UNOBSERVED": "hold", "TASK_BRIDGE_V2__BACKLINK": "tag"}
        code, by, _ = checked(bridge, living, **held)
        assert (code, by["v2.backlink"][0]["state"]) == (0, "ok")


def test_a_refused_key_ends_with_6_and_the_other_side_is_checked_all_the_same(
    bridge: Run, living: Living
) -> None:
    living.change(living.v2.api_key, "wrong:key")
    code, by, _ = checked(bridge, living)
    assert (code, failing(by)) == (6, {"v2 connection"})
    assert "v2.api_key" in by["v2 connection"][0]["found"]
    assert by["Kore connection"][0]["state"] == "ok"


def test_an_address_where_nothing_listens_is_told_with_what_to_do() -> None:
    bench = Bench()
    with pytest.raises(Unreachable) as caught:
        bench.v2("http://127.0.0.1:9/v2", api_key="a:b").page(
            Order.NEWEST_FIRST, 0, purpose=Purpose.ASK
        )
    bench.close()
    assert advise(caught.value).startswith("Nothing listens there")


def test_a_wrong_stream_is_told_as_such(bridge: Run, living: Living) -> None:
    living.change(living.kore.stream_id, "st-wrong")
    code, by, _ = checked(bridge, living)
    assert code == 6
    assert by["Kore connection"][0]["next"]


def test_a_clock_that_spoils_tokens_or_order_is_told(bridge: Run, folder: Path) -> None:
    kore = KoreSwitches(limits=(), rows="full", clock_skew_seconds=100)
    with a_living(folder, kore, V2Switches(clock_skew_seconds=-60)) as living:
        code, by, _ = checked(bridge, living)
        assert (code, by["Kore clock"][0]["state"], by["v2 clock"][0]["state"]) == (
            0,
            "warn",
            "warn",
        )
        assert "ahead of ours" in by["Kore clock"][0]["found"]


def test_what_keeps_it_from_writing_is_told_with_the_command_that_ends_it(
    bridge: Run, living: Living
) -> None:
    living.task("a")
    assert bridge("backfill", **living.environ).code == 0
    _, by, _ = checked(bridge, living)
    assert not {"guard", "Kore pause", "v2 pause"} & {*by}
    bridge("pause", "v2", **living.environ)
    with living.store() as store, store.begin() as unit:
        reason = "v2 is empty."
        shown = {"items": [1]}
        unit.save_guard(Guard(kind=GuardKind.EMPTY, side=Side.V2, reason=reason, shown=shown))
    code, by, _ = checked(bridge, living)
    assert (code, failing(by)) == (3, {"guard"})
    (guarded,), (paused,) = by["guard"], by["v2 pause"]
    assert (guarded["state"], paused["state"]) == ("fail", "warn")
    assert "v2 is empty." in guarded["found"]
    assert "a person is needed" in guarded["found"]
    assert "task-bridge guard confirm" in guarded["next"]
    assert paused["next"].endswith("task-bridge resume v2")
    assert not bridge("check", **living.environ).out.startswith("All ")


@pytest.mark.parametrize(
    ("skew", "words"), [(-100, r"10\d s behind ours"), (400, r"(400|39\d) s ahead of ours")]
)
def test_a_clock_for_which_tokens_are_refused_is_named_as_the_cause(
    bridge: Run, folder: Path, skew: float, words: str
) -> None:
    kore = KoreSwitches(limits=(), rows="full", clock_skew_seconds=skew)
    with a_living(folder, kore) as living:
        code, by, _ = checked(bridge, living)
        (found,) = by["Kore connection"]
        assert (code, found["state"]) == (6, "fail")
        assert re.search(f"Kore's clock is {words}", found["found"])
        assert "set this machine's clock" in found["found"]


def test_a_clock_that_bears_no_token_much_longer_fails(bridge: Run, folder: Path) -> None:
    kore = KoreSwitches(limits=(), rows="full", clock_skew_seconds=305, token_leeway_seconds=60)
    with a_living(folder, kore) as living:
        code, by, _ = checked(bridge, living)
        (found,) = by["Kore clock"]
        assert (code, found["state"]) == (3, "fail")
        assert "our tokens may be refused" in found["found"]


def test_a_list_that_cannot_be_sorted_is_told_with_what_follows(bridge: Run, folder: Path) -> None:
    with a_living(folder, KoreSwitches(limits=(), rows="full", sort="refused")) as living:
        living.task("a")
        code, by, _ = checked(bridge, living)
        assert (code, by["Kore sort"][0]["state"]) == (0, "warn")


def test_a_large_list_is_sampled_and_says_so(bridge: Run, folder: Path) -> None:
    with a_living(folder) as living:
        for number in range(12):
            living.task(f"task {number}")
        code, by, _ = checked(bridge, living, TASK_BRIDGE_KORE__PAGE_SIZE="1")
        assert code == 0
        assert "the newest 10 of 12 tasks looked at, on 10 pages" in by["Kore list"][0]["found"]


def test_a_database_of_something_else_ends_with_2(bridge: Run, living: Living) -> None:
    living.database.write_text("no database at all, but long enough to be taken for one " * 9)
    code, by, _ = checked(bridge, living)
    assert (code, failing(by)) == (2, {"database"})


def test_a_configuration_with_problems_ends_with_2(bridge: Run, living: Living) -> None:
    living.change("[v2]", "[v2]\nrubbish = 1")
    ran = bridge("check", **living.environ)
    assert (ran.code, ran.out) == (2, "")
    assert "rubbish" in ran.err


def test_no_secret_is_told(bridge: Run, living: Living) -> None:
    living.change(living.kore.client_secret, "c" * 64)
    for form in ("table", "json"):
        ran = bridge("check", "--format", form, **living.environ)
        assert ran.code == 6
        for secret in ("c" * 64, living.v2.api_key, living.v2.api_key.partition(":")[2]):
            assert secret not in ran.out + ran.err
