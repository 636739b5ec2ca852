"""Where and for whom a counterpart is created, and what a refused create leaves behind."""

import dataclasses
from typing import Any

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.marker import find_marker
from bridge.domain.operation import Outcome as Result
from bridge.domain.operation import WaitKind, WriteRequest
from bridge.domain.policy import Route
from bridge.domain.side import Side
from bridge.domain.task import Contact, Facts, Standing
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import about_failures

both_sides = pytest.mark.parametrize("side", list(Side))
BEN = Contact(name="Ben Summer", phone="123")
NOWHERE = Contact(name="No way to reach")


def drafts(bench: Bench, side: Side) -> list[dict[str, Any]]:
    """The creates that were sent to a side, from now on."""
    found: list[dict[str, Any]] = []

    def note(request: WriteRequest) -> None:
        if request.call == "create":
            found.append(dict(request.body))

    bench.service(side).on_send = note
    return found


def test_a_task_of_kore_is_made_where_its_route_says_for_whom_it_is(bench: Bench) -> None:
    bench.kore.add_case("ci-2")
    bench.kore.add_case("ci-1")
    bench.set_rules(
        routes=(
            Route(case="ci-2", task_template="tt-2", tag="two"),
            Route(case="ci-1", task_template="tt-1"),
        ),
        requester=Contact(name="Field service", email="field@example.com"),
    )
    sent = drafts(bench, Side.KORE)
    bench.v2.add("A", facts=Facts(tags=("two",), contact=BEN))
    bench.v2.add("B", facts=Facts(tags=(), contact=NOWHERE))
    bench.v2.add("C", facts=Facts(tags=(), contact=None))
    bench.sync()
    told = {one["values"]["title"][0]: one for one in sent}
    places = {title: (one["case"], one["template"], one["contact"]) for title, one in told.items()}
    assert places == {
        "A": ("ci-2", "tt-2", "Ben Summer"),
        "B": ("ci-1", "tt-1", "Field service"),
        "C": ("ci-1", "tt-1", "Field service"),
    }


def test_a_task_of_v2_is_made_for_whom_the_task_or_its_case_names(bench: Bench) -> None:
    bench.kore.add_case()
    bench.kore.cases["ci-1"] = dataclasses.replace(bench.kore.cases["ci-1"], contact=BEN)
    sent = drafts(bench, Side.V2)
    bench.kore.add("Of the case", facts=Facts(tags=(), contact=None))
    bench.sync()
    (one,) = sent
    assert (one["contact"], one["case"], one["template"]) == ("Ben Summer", None, "")


def test_the_marker_names_the_case_as_kore_calls_it_now(bench: Bench) -> None:
    bench.kore.add_case()
    mine = bench.kore.add("Boiler")
    bench.kore.cases["ci-1"] = dataclasses.replace(bench.kore.cases["ci-1"], name="Warm house")
    bench.sync()
    text = bench.v2.records[bench.across(Side.KORE, mine)].text
    assert find_marker(text) is not None
    assert "CS-ci-1: Warm house" in text


@both_sides
def test_each_refusal_of_a_create_is_counted_and_told_with_its_words(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    target = bench.service(side.other)
    target.refuses = lambda request: request.call == "create"
    mine, other = bench.service(side).add("Ladder"), bench.service(side).add("Roof")
    bench.sync()
    assert {one.task_id: one.attempts for one in bench.waits()} == {mine: 1, other: 1}
    assert [(one.outcome, one.note) for one in bench.reports] == [
        (Result.FAILED, "That is refused.")
    ] * 2
    about_failures(bench, InstructionKind.RETRY)
    bench.sync()
    assert {one.task_id: one.attempts for one in bench.waits(WaitKind.FAILED)} == {
        mine: 2,
        other: 2,
    }
    assert not bench.links()[1:]
    target.refuses = lambda request: False
    about_failures(bench, InstructionKind.RETRY)
    bench.sync()
    assert bench.waits() == []
    assert bench.is_linked(side, mine)


@both_sides
def test_a_create_that_cannot_be_drafted_leaves_no_link_and_is_told(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    mine = bench.service(side).add("undraftable")
    outcome = bench.sync()
    (row,) = outcome.summary["operations"]
    assert row["outcome"] == "failed"
    (report,) = bench.reports
    assert report.note == "The title cannot be written."
    assert not bench.is_linked(side, mine)
    assert bench.known(side, mine).standing is Standing.FAILED


def test_a_closed_case_that_was_met_at_the_create_is_told_and_keeps_nothing_due(
    bench: Bench,
) -> None:
    bench.kore.add_case()
    bench.pair("Boiler")
    mine = bench.v2.add("Ladder")

    def close(request: WriteRequest) -> None:
        bench.kore.add_case(is_closed=True)

    bench.kore.on_send = close
    bench.sync()
    assert bench.known(Side.V2, mine).standing is Standing.UNROUTABLE
    assert "is closed" in bench.known(Side.V2, mine).why
    assert bench.waits() == []
    before = bench.dump()
    bench.kore.on_send = None
    bench.sync()
    assert bench.dump() == before


def test_a_side_that_is_paused_or_has_failed_gets_no_create_and_it_stays_due(bench: Bench) -> None:
    bench.pair("Boiler")
    bench.set_rules(workers=1)
    for title in ("A", "B", "C"):
        bench.kore.add(title)

    def die(request: WriteRequest) -> None:
        bench.v2.is_down = True

    bench.v2.on_send = die
    bench.sync()
    assert bench.v2.calls.count("create") == 2  # the pair's, and the one that met the outage
    bench.v2.on_send, bench.v2.is_down = None, False
    for _ in range(6):
        bench.sync()
    assert len(bench.v2.records) == 4
    assert len(bench.links()) == 4
