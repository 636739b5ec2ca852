"""What a running daemon answers over HTTP: two words of health, and its figures for the token."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.policy import ConflictRule
from bridge.domain.side import SIDES, Side
from bridge.errors import ConfigError
from tests.daemon.bench import Bench
from tests.daemon.web.opened import BEARER, Opened
from tests.house.checkout import text_of


@pytest.fixture
def web(bench: Bench) -> Iterator[httpx.Client]:
    """The console of a daemon that has ticked once."""
    with Opened(bench) as client:
        yield client


def figures(web: httpx.Client) -> dict[tuple[str, ...], float]:
    """Every sample, by its name and its labels in alphabetical order, without the pair's name."""
    answer = web.get("/metrics", headers=BEARER)
    assert answer.status_code == 200, answer.text
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for one in family.samples:
            labels = {name: text for name, text in one.labels.items() if name != "pair"}
            assert one.labels["pair"] == "default"
            found[(one.name, *sorted(labels.values()))] = one.value
    return found


def test_a_process_that_lives_says_so_to_anybody(web: httpx.Client) -> None:
    assert (web.get("/healthz").status_code, web.get("/healthz").text) == (200, "ok")


def test_a_bridge_that_reads_both_sides_is_ready(bench: Bench, web: httpx.Client) -> None:
    bench.tick()
    assert (web.get("/readyz").status_code, web.get("/readyz").text) == (200, "ready")


def test_a_bridge_that_read_neither_side_lately_is_not(bench: Bench, web: httpx.Client) -> None:
    bench.tick()
    bench.clock.pass_time(4 * bench.interval)
    assert (web.get("/readyz").status_code, web.get("/readyz").text) == (503, "stale")


def test_a_bridge_without_a_daemon_is_not_ready(bench: Bench, web: httpx.Client) -> None:
    bench.heart.end()
    assert web.get("/readyz").text == "stopped"


def test_a_guard_is_the_word_though_a_side_was_not_read_lately(
    bench: Bench, web: httpx.Client
) -> None:
    guard = Guard(
        kind=GuardKind.IDENTITY, side=Side.V2, reason="Another account.", shown={"items": ["x"]}
    )
    bench.tick()
    with bench.bridge.store.begin() as unit:
        unit.save_guard(guard)
        unit.save_side_state(replace(unit.side_state(Side.V2), polled_at=None))
    answer = web.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "guarded")


def test_a_paused_side_is_not_ready(fresh: Bench) -> None:
    with fresh.bridge.store.begin() as unit:
        paused = {Side.V2: fresh.clock.now()}
        unit.save_pair_state(replace(unit.pair_state(), paused=paused))
    fresh.tick()
    with Opened(fresh) as web:
        assert (web.get("/readyz").status_code, web.get("/readyz").text) == (503, "paused")


def test_a_clock_that_spoils_tokens_is_not_ready(fresh: Bench) -> None:
    fresh.tick()
    with fresh.bridge.store.begin() as unit:
        unit.save_side_state(replace(unit.side_state(Side.KORE), skew_seconds=-90.0))
    with Opened(fresh) as web:
        assert (web.get("/readyz").status_code, web.get("/readyz").text) == (503, "skewed")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer another-token-than-ours"}])
def test_figures_are_for_the_token_alone(web: httpx.Client, headers: dict[str, str]) -> None:
    answer = web.get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert "task_bridge" not in answer.text


def test_figures_count_requests_and_what_was_carried(bench: Bench, web: httpx.Client) -> None:
    bench.sandbox.kore.edit_task(bench.kore_id, name="Mend the door")
    before = figures(web)
    bench.tick(2)
    found = figures(web)
    polls = found["task_bridge_requests_total", "2xx", "kore", "poll"]
    assert polls - before.get(("task_bridge_requests_total", "2xx", "kore", "poll"), 0) >= 2
    assert found["task_bridge_carried_total", "updated", "v2"] == 1
    assert found["task_bridge_cycle_seconds_count", "sync"] == 2
    assert found["task_bridge_links", "linked"] == 1
    assert found[("task_bridge_links_in_step",)] == 1
    assert all(0 <= found["task_bridge_lag_seconds", str(side)] < 60 for side in SIDES)


def test_figures_tell_how_long_the_oldest_conflict_waits(bench: Bench, web: httpx.Client) -> None:
    bench.bridge.rules = replace(
        bench.bridge.rules, policy=replace(bench.bridge.rules.policy, conflict=ConflictRule.MANUAL)
    )
    bench.sandbox.kore.edit_task(bench.kore_id, name="Mend the door")
    bench.sandbox.v2.edit_task(bench.v2_id, title="Mend the fence")
    bench.tick(2)
    bench.clock.pass_time(100)
    found = figures(web)
    assert found["task_bridge_waiting", "conflict"] == 1
    assert found["task_bridge_oldest_wait_seconds", "conflict"] >= 100


def test_requests_that_are_refused_a_connection_are_counted(
    bench: Bench, web: httpx.Client
) -> None:
    with bench.without_kore():
        bench.tick(2)
    assert figures(web)["task_bridge_requests_total", "kore", "poll", "unreached"] >= 1


def test_an_address_that_is_taken_ends_it_with_a_sentence(bench: Bench, web: httpx.Client) -> None:
    with (
        pytest.raises(ConfigError, match=r"console\.listen.*cannot listen"),
        Opened(bench, web.base_url.port or 0),
    ):
        pass


def test_every_page_is_closed_but_the_two_words(web: httpx.Client) -> None:
    for path in ("/", "/conflicts", "/failures", "/links", "/nothing"):
        assert web.get(path).status_code in (303, 401, 404), path


def metric_names(text: str) -> set[str]:
    """The names of figures in a text, the parts of a histogram under its own name."""
    found = re.findall(r"\btask_bridge_[a-z0-9_]+", text)
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in found}


def test_alerts_dashboard_and_documentation_name_the_figures_that_there_are(
    web: httpx.Client,
) -> None:
    lines = web.get("/metrics", headers=BEARER).text.splitlines()
    told = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    told = {name for name in told if not name.endswith("_created")}
    assert metric_names(text_of("docs/console.md")) == told
    for name in ("docs/alerts.yml", "docs/dashboard.json"):
        used = metric_names(text_of(name))
        assert len(used) >= 8, name
        assert used <= told, name
    yaml.safe_load(text_of("docs/alerts.yml"))
    json.loads(text_of("docs/dashboard.json"))


def test_alerts_and_dashboard_ask_for_labels_and_values_that_there_are(
    bench: Bench, web: httpx.Client
) -> None:
    bench.tick()
    with bench.without_kore():
        bench.tick()
    told = labels_of(web.get("/metrics", headers=BEARER).text)
    for place in ("docs/alerts.yml", "docs/dashboard.json"):
        asked = {*matchers(text_of(place).replace('\\"', '"'))}
        assert asked, place
        for name, label, sign, wanted in asked:
            if name == "task_bridge_budget_left":
                continue  # this bench has no limits
            there = told[name].get(label, set())
            assert there, f"{place}: {name} has no label {label}"
            if not wanted.startswith("$"):
                fits = {one for one in there if re.fullmatch(wanted, one)}
                assert fits, f"{place}: {name} is never {label}{sign}{wanted}, but {there}"
    outcomes = told["task_bridge_requests_total"]["outcome"]
    assert {"2xx", "unreached"} <= outcomes
    assert all(f"`{one}`" in text_of("docs/console.md") for one in outcomes)


def matchers(text: str) -> Iterator[tuple[str, str, str, str]]:
    """What samples ask for: a figure, a label, how it is compared and with what."""
    for name, braced in re.findall(r"\b(task_bridge_[a-z0-9_]+)\{([^}]*)\}", text):
        for label, sign, wanted in re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', braced):
            yield name, label, sign, wanted


def labels_of(text: str) -> dict[str, dict[str, set[str]]]:
    """The labels of each figure with their values."""
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            of_it = found.setdefault(one.name, {})
            for label, value in one.labels.items():
                of_it.setdefault(label, set()).add(value)
    return found
