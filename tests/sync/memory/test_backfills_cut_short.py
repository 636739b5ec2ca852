"""Backfills that could not see, wait for or write to all they were asked for."""

from collections.abc import Sequence

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import OperationKind, WriteRequest
from bridge.domain.side import Field, Side
from bridge.domain.task import Case, Standing
from bridge.errors import KeyRefused, LeaseTaken, NotYet, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import remove
from tests.sync.memory.test_first_contact import lasts, met
from tests.sync.memory.test_pausing import instruct
from tests.sync.memory.test_rebuilding import rebuild

__all__ = ["met"]  # fixture

KORE, V2 = Side.KORE, Side.V2
HIDDEN = frozenset({Field.DESCRIPTION})
LOST = Unreachable("kore", "500", is_outcome_unknown=True)
both_sides = pytest.mark.parametrize("side", list(Side))


def no_answer_to_probes_of(bench: Bench, ids: Sequence[str]) -> None:
    """Kore hides descriptions, and a probe of one of these tasks gets no answer."""

    def fail(request: WriteRequest) -> None:
        if request.call == "probe" and request.task_id in ids:
            raise LOST

    bench.kore.hides, bench.kore.on_send = HIDDEN, fail


def waited(bench: Bench) -> list[float]:
    return [seconds for seconds in bench.clock.slept if seconds]


# --- what could not be seen whole ----------------------------------------------------------------


def test_a_rebuild_tells_how_many_tasks_it_could_not_see_whole(bench: Bench) -> None:
    removed, _ = bench.pair("Removed")
    remove(bench, removed)
    seen = [bench.kore.add(f"Task {number}", "text") for number in range(2)]
    refused = bench.kore.add("Refused", "text", case=bench.kore.add_case("ci-2", is_closed=True))
    no_answer_to_probes_of(bench, [seen[0], removed])
    assert rebuild(bench).put_off == 1
    assert bench.known(KORE, refused).task.hidden
    bench.kore.on_send = None
    assert rebuild(bench).put_off == 0


def test_what_a_rebuild_saw_at_last_is_not_counted(bench: Bench) -> None:
    bench.kore.add("Boiler", "text")
    bench.kore.hides = HIDDEN
    bench.kore.fail("probe", LOST)
    assert rebuild(bench).put_off == 0
    assert bench.kore.calls.count("probe") == 2


def test_what_it_was_not_asked_about_is_not_counted_by_a_backfill(bench: Bench) -> None:
    bench.pair()
    bad, mine = bench.kore.add("Pump", "text"), bench.v2.add("Ladder")
    no_answer_to_probes_of(bench, [bad])
    outcome = bench.backfill(only=(mine,))
    assert (outcome.put_off, outcome.is_first_contact) == (0, False)
    assert bench.is_linked(V2, mine)


def test_what_waits_for_the_next_cycle_is_counted_after_first_contact_too(bench: Bench) -> None:
    bench.pair()
    bad, mine = bench.kore.add("Pump", "text"), bench.v2.add("Ladder")
    no_answer_to_probes_of(bench, [bad])
    outcome = bench.backfill()
    assert (outcome.put_off, outcome.is_first_contact) == (1, False)
    assert bench.is_linked(V2, mine)


@pytest.mark.parametrize("only", [("v0001",), ("k0002", "v0001"), ()])
def test_beside_what_a_lost_database_may_have_known_nothing_is_created_in_kore(
    met: Bench, only: tuple[str, ...]
) -> None:
    no_answer_to_probes_of(met, ["k0001"])
    outcome = met.backfill(only=only)
    assert (outcome.put_off, outcome.is_first_contact) == (1, True)
    assert len(met.kore.records) == 3
    assert "Run the backfill again" in met.known(V2, "v0001").why
    met.kore.on_send = None
    met.backfill(only=only)
    assert met.is_linked(V2, "v0001")


def test_for_tasks_of_kore_alone_the_others_need_not_be_seen(met: Bench) -> None:
    no_answer_to_probes_of(met, ["k0001"])
    outcome = met.backfill(only=("k0002",))
    assert outcome.put_off == 0
    assert met.is_linked(KORE, "k0002")


def test_what_cannot_be_seen_is_skipped_with_the_rest(met: Bench) -> None:
    no_answer_to_probes_of(met, ["k0001"])
    outcome = met.backfill(skips=True)
    assert (outcome.put_off, outcome.is_first_contact) == (0, False)
    assert met.known(KORE, "k0001").standing is Standing.LEFT


def test_a_task_asked_for_by_name_is_tried_again_by_the_same_backfill(bench: Bench) -> None:
    bench.pair()
    mine = bench.kore.add("Pump", "text", status="Closed")
    bench.kore.hides = HIDDEN
    bench.kore.fail("probe", LOST)
    bench.backfill(only=(mine,), includes_finished=True)
    assert waited(bench) == [2.0]
    assert bench.v2.value(bench.across(KORE, mine), Field.DESCRIPTION) == "text"


def test_where_kore_goes_away_while_its_tasks_are_seen_whole_nothing_is_begun(
    met: Bench,
) -> None:
    tries: list[str] = []

    def fail(request: WriteRequest) -> None:
        tries.append(request.call)
        met.kore.is_down = len(tries) > 8
        raise LOST

    met.kore.hides, met.kore.on_send = HIDDEN, fail
    outcome = met.backfill(gives_up_seconds=4.0)
    assert outcome.faults.keys() == {KORE}
    assert {one["step"] for one in met.heard.of("progress")} == {"read", "probe"}
    assert lasts(met)


def test_a_change_that_is_put_off_is_no_task_that_could_not_be_seen(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="New")
    bench.v2.fail("update", Unreachable("v2", "500", is_outcome_unknown=True))
    outcome = bench.backfill()
    assert (outcome.put_off, outcome.faults) == (0, {})
    assert bench.heard.of("waiting") == []
    bench.sync()
    assert bench.v2.value(v2_id, Field.TITLE) == "New"


def test_a_dry_one_tells_of_the_probes_that_a_person_will_be_asked_about(
    met: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.backfill.MOST_UNASKED_PROBES", 2)
    met.set_rules(asks_before_probing=True)
    met.kore.hides = HIDDEN
    met.backfill(is_dry=True)
    probes = [one for one in met.reports if one.operation.kind is OperationKind.PROBE]
    assert {one.operation.kore_id for one in probes} == {"k0001", "k0002", "k0003"}


# --- what was waited for -------------------------------------------------------------------------


def test_a_dry_one_does_not_plan_once_more_what_it_has_planned(
    met: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_case, asked = met.kore.find_case, list[str]()

    def find(reference: str, *, is_fresh: bool = False) -> Case | None:
        asked.append(reference)
        if len(asked) == 3:
            raise NotYet("kore", "Too many requests.", seconds=9)
        return find_case(reference, is_fresh=is_fresh)

    monkeypatch.setattr(met.kore, "find_case", find)
    met.backfill(is_dry=True)
    assert waited(met) == []
    assert [one.operation.kore_id for one in met.reports] == ["k0001", "k0002"]


@both_sides
def test_one_that_cannot_read_for_a_refused_key_leaves_no_task_behind(
    met: Bench, side: Side
) -> None:
    met.sync()
    met.service(side).fail("page", KeyRefused(str(side), "The key is refused.", status=401), 9)
    met.backfill(skips=True)
    assert met.known(KORE, "k0001").standing is Standing.NEW
    assert met.known(V2, "v0001").standing is Standing.NEW
    assert lasts(met)


def test_where_another_process_works_when_it_has_waited_it_asks_for_nothing_more(
    met: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep(seconds: float) -> None:
        with met.store.begin() as unit:
            unit.take_lease("another", met.clock.now(), 9999.0)
        met.clock.pass_time(seconds)
        met.forget_calls()

    monkeypatch.setattr(met.clock, "sleep", sleep)
    met.kore.fail("page", NotYet("kore", "Too many requests.", seconds=5))
    with pytest.raises(LeaseTaken):
        met.backfill()
    assert (met.kore.calls, met.v2.calls) == ([], [])


# --- what is left to do --------------------------------------------------------------------------


@both_sides
def test_first_contact_lasts_while_a_paused_side_was_given_nothing(met: Bench, side: Side) -> None:
    instruct(met, InstructionKind.PAUSE, side)
    outcome = met.backfill()
    assert outcome.is_first_contact
    assert len(met.service(side).records) == 3
    assert len(met.service(side.other).records) == 6
    instruct(met, InstructionKind.RESUME, side)
    assert not met.backfill().is_first_contact
    assert len(met.service(side).records) == 6


@pytest.mark.parametrize("is_met", [True, False])
def test_nothing_is_left_to_decide_of_what_was_skipped(bench: Bench, is_met: bool) -> None:
    if is_met:
        bench.pair()
    bench.kore.add("New")
    bench.v2.add("Newer")
    bench.forget_calls()
    assert not bench.backfill(skips=True).is_first_contact
    with bench.store.begin() as unit:
        assert [*unit.due_tasks(KORE, 9), *unit.due_tasks(V2, 9)] == []
    assert bench.kore.writes == bench.v2.writes == []
