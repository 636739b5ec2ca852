"""What a create needs to know, what it leaves behind, and what of its name must wait."""

import threading
from datetime import timedelta

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.marker import find_marker
from bridge.domain.operation import OperationKind, WaitKind, WriteRequest
from bridge.domain.policy import ConflictRule, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.domain.vocabulary import WordKind
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import about_failures
from tests.sync.memory.services import APP

HIDDEN = frozenset({Field.DESCRIPTION})
both_sides = pytest.mark.parametrize("side", list(Side))


def lost(side: Side) -> Unreachable:
    return Unreachable(str(side), "It hung up.", is_outcome_unknown=True)


def requests(bench: Bench, side: Side) -> list[WriteRequest]:
    """Every request that leaves for that side from now on."""
    found: list[WriteRequest] = []
    bench.service(side).on_send = found.append
    return found


# --- what may be its result ----------------------------------------------------------------------


@pytest.mark.parametrize("title", ["Ladder", None])
def test_what_an_unanswered_create_may_have_made_is_not_created_from_in_the_same_cycle(
    bench: Bench, title: str | None
) -> None:
    bench.sync()
    bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.sync(sweeps=False)
    bench.kore.fail("create", lost(Side.KORE), applied=True)
    bench.kore.on_send = lambda request: bench.clock.pass_time(11)
    bench.v2.add(title)
    bench.sync(sweeps=False)
    (created,) = bench.kore.records
    assert bench.known(Side.KORE, created).standing is Standing.HELD
    assert len(bench.v2.records) == 1


def test_a_task_of_the_name_of_an_open_create_in_v2_is_nobodys_result(bench: Bench) -> None:
    bench.sync()
    bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.sync(sweeps=False)

    def meanwhile(request: WriteRequest) -> None:
        bench.v2.on_send = None
        bench.kore.add("Boiler")
        bench.clock.pass_time(11)

    bench.v2.on_send = meanwhile
    bench.v2.fail("create", lost(Side.V2))
    bench.kore.add("Boiler")
    bench.sync(sweeps=False)
    assert bench.known(Side.KORE, "k0001").standing is Standing.UNCERTAIN
    assert bench.across(Side.KORE, "k0002") in bench.v2.records


def test_a_task_of_its_name_that_shows_its_text_is_not_its_result(bench: Bench) -> None:
    bench.sync()
    bench.kore.fail("create", lost(Side.KORE))
    bench.v2.add("Ladder")
    bench.sync(sweeps=False)
    bench.clock.pass_time(0.5)  # whole seconds would not tell that nobody changed it
    other = bench.kore.add("Ladder")
    bench.sync(sweeps=False)
    assert bench.is_linked(Side.KORE, other)


def test_a_namesake_of_what_is_parked_is_seen_whole_before_it_is_created_from(
    bench: Bench,
) -> None:
    bench.sync()
    bench.kore.hides = HIDDEN
    bench.kore.create_answer = "nothing"
    bench.v2.add("Ladder")
    bench.kore.search_finds = False
    bench.kore.left_out = {"k0001"}
    for _ in range(4):
        bench.sync(sweeps=False)
    assert [one.kind for one in bench.waits()] == [WaitKind.FAILED]
    other = bench.kore.add("Ladder")
    run = bench.sync(sweeps=False).summary["run_id"]
    with bench.store.begin() as unit:
        probes = [
            one.operation
            for one in unit.operations_of(run)
            if one.operation.kind is OperationKind.PROBE
        ]
    assert [(one.kore_id, "unanswered create" in one.reason) for one in probes] == [(other, True)]
    bench.settle()
    assert bench.is_linked(Side.KORE, other)


# --- what it says and learns ---------------------------------------------------------------------


def test_a_create_in_v2_names_neither_a_case_nor_a_template(bench: Bench) -> None:
    sent = requests(bench, Side.V2)
    bench.kore.add("Boiler")
    bench.sync()
    (create,) = sent
    assert (create.body["case"], create.body["template"]) == (None, "")


@both_sides
def test_its_reason_names_the_task_and_whose_it_is(bench: Bench, side: Side) -> None:
    mine = bench.service(side).add("Boiler")
    bench.sync()
    (report,) = bench.reports
    ref = bench.service(side).records[mine].ref
    assert f"{ref} of {side.label}" in report.operation.reason


def test_one_whose_answer_is_lost_is_told_with_the_words_of_the_service(bench: Bench) -> None:
    bench.sync()
    bench.v2.fail("create", lost(Side.V2))
    bench.kore.add("Boiler")
    bench.sync()
    assert [one.note for one in bench.reports] == ["It hung up."]


def test_what_the_answer_shows_of_words_and_of_us_is_known_from_then_on(bench: Bench) -> None:
    bench.kore.words = []
    bench.v2.add("Ladder")
    bench.sync()
    word = bench.desk.vocabulary.find(Side.KORE, WordKind.STATUS, "open")
    assert word is not None
    assert word.details["id"] == "sts-open"
    assert bench.desk.vocabulary.self_ids(Side.KORE) == {APP}


def test_where_nothing_is_probed_what_a_create_does_not_show_is_linked_by_its_id(
    bench: Bench,
) -> None:
    bench.kore.hides, bench.kore.create_answer = HIDDEN, "id"
    bench.set_policy(unobserved=Unobserved.HOLD)
    v2_id = bench.v2.add("Ladder", due="2027-01-01T00:00:00.000Z")
    bench.settle()
    kore_id = bench.across(Side.V2, v2_id)
    assert "probe" not in bench.kore.calls
    bench.v2.edit(v2_id, title="Long ladder")
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Long ladder", "Long ladder")


def test_a_lost_create_in_v2_is_over_once_it_is_found_although_origins_are_tagged(
    bench: Bench,
) -> None:
    bench.set_rules(tags_origin=True)
    bench.sync()
    bench.v2.fail("create", lost(Side.V2), applied=True)
    mine = bench.kore.add("Boiler")
    bench.sync(sweeps=False)
    bench.sync(sweeps=False)
    assert bench.is_linked(Side.KORE, mine)
    with bench.store.begin() as unit:
        assert unit.open_operations() == []


@both_sides
def test_after_a_lost_database_a_marker_and_a_stand_in_are_what_they_were(
    bench: Bench, side: Side
) -> None:
    origin, target = bench.service(side.other), bench.service(side)
    mine = origin.add(None if side is Side.KORE else "Boiler", "words")
    bench.settle()
    (created,) = target.records
    line = find_marker(target.records[created].text)
    bench.begin_anew()
    bench.backfill()
    bench.settle()
    origin.edit(mine, text="other words")
    bench.settle()
    assert target.value(created, Field.DESCRIPTION) == "other words"
    assert find_marker(target.records[created].text) == line
    assert origin.value(mine, Field.TITLE) == (None if side is Side.KORE else "Boiler")


# --- why there is none ---------------------------------------------------------------------------


def test_a_refusal_after_a_person_decided_a_match_is_the_first(bench: Bench) -> None:
    bench.set_rules(routes=())
    bench.kore.add("Boiler")
    for _ in range(2):
        bench.v2.add("Boiler")
    bench.backfill(match_window=timedelta(days=1))
    about_failures(bench, InstructionKind.RETRY)
    bench.v2.refuses = lambda request: True
    bench.backfill()
    (wait,) = [one for one in bench.waits(WaitKind.FAILED) if one.task_id == "k0001"]
    assert (wait.reason, wait.attempts) == ("That is refused.", 1)


def test_what_v2_refuses_fails_although_its_case_in_kore_is_closed(bench: Bench) -> None:
    bench.sync()
    bench.kore.add("Boiler")
    bench.kore.add_case(is_closed=True)
    bench.v2.refuses = lambda request: True
    bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    assert wait.reason == "That is refused."
    assert bench.known(Side.KORE, "k0001").standing is Standing.FAILED


def test_while_first_contact_lasts_it_says_so_of_what_has_a_marker_and_of_what_has_none(
    bench: Bench,
) -> None:
    bearer = "[task-bridge kore:TS1 k0001]"
    bench.kore.add("Boiler", status="Closed")
    bench.v2.add("Boiler", bearer, status="completed", author=APP)
    bench.kore.add("Roof")
    bench.v2.add("Ladder")
    outcome = bench.sync()
    assert outcome.is_first_contact
    for side, task_id in ((Side.V2, "v0001"), (Side.KORE, "k0001"), (Side.KORE, "k0002")):
        known = bench.known(side, task_id)
        assert known.standing is Standing.NEW
        assert "only a backfill links and creates" in known.why


def test_what_is_held_for_a_namesake_says_which_and_why(bench: Bench) -> None:
    bench.sync()
    bench.kore.hides = HIDDEN
    bench.kore.add("Another, whose probe is taken")
    bench.settle()
    bench.kore.refuses = lambda request: request.call == "probe"
    kore_id = bench.kore.add("Ladder")
    v2_id = bench.v2.add("Ladder")
    run = bench.sync(sweeps=False).summary["run_id"]
    known = bench.known(Side.V2, v2_id)
    assert known.standing is Standing.HELD
    assert f"{bench.kore.records[kore_id].ref} of Kore may be its counterpart" in known.why
    assert "refused" in known.why
    with bench.store.begin() as unit:
        (probe,) = unit.operations_of(run)
    assert probe.operation.kore_id == kore_id


def test_the_probe_of_a_namesake_names_the_task_that_asks_for_it(bench: Bench) -> None:
    bench.sync()
    bench.kore.hides = HIDDEN
    bench.kore.add("Ladder", status="Closed")
    v2_id = bench.v2.add("Ladder")
    bench.sync(sweeps=False)
    reasons = [
        one.operation.reason for one in bench.reports if one.operation.kind is OperationKind.PROBE
    ]
    assert any(bench.v2.records[v2_id].ref in reason for reason in reasons)


# --- many at once --------------------------------------------------------------------------------


def test_as_many_writes_are_in_flight_as_the_rules_allow(bench: Bench) -> None:
    bench.sync()
    together = threading.Barrier(2, timeout=5)

    def meet(request: WriteRequest) -> None:
        together.wait()

    bench.v2.on_send = meet
    bench.set_rules(workers=2)
    for number in range(2):
        bench.kore.add(f"Task {number}")
    bench.sync(sweeps=False)
    bench.v2.on_send = None
    assert len(bench.v2.records) == 2


def test_both_sides_of_a_pair_are_written_in_one_batch(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.settle()
    bench.kore.edit(kore_id, title="New")
    bench.v2.edit(v2_id, priority="high")
    bench.heard.events.clear()
    bench.sync(sweeps=False)
    assert bench.heard.of("batch")[0]["sent"] == 2


def test_what_waits_for_one_case_asks_for_it_once(bench: Bench) -> None:
    pairs = [bench.pair(title) for title in ("Boiler", "Ladder", "Roof")]
    bench.kore.add_case(is_closed=True)
    for _, v2_id in pairs:
        bench.v2.edit(v2_id, title="New")
    bench.sync()
    assert {one.kind for one in bench.waits()} == {WaitKind.CASE_CLOSED}
    for kore_id, _ in pairs:
        bench.kore.edit(kore_id, priority="High")
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert bench.kore.calls.count("find_case") == 2  # before the writes to v2, and after them
    assert "update" not in bench.kore.calls


@both_sides
@pytest.mark.parametrize("minutes", [10, -10])
def test_whose_clock_is_wrong_does_not_decide_a_conflict(
    bench: Bench, side: Side, minutes: int
) -> None:
    bench.set_policy(conflict=ConflictRule.NEWEST)
    bench.service(side).skew = timedelta(minutes=minutes)
    kore_id, v2_id = bench.pair()
    ids = {Side.KORE: kore_id, Side.V2: v2_id}
    for winner in Side:
        bench.service(winner.other).edit(ids[winner.other], title=f"Older than {winner}'s")
        bench.clock.pass_time(60)
        bench.service(winner).edit(ids[winner], title=f"Newest, of {winner}")
        bench.sync()
        assert bench.values(Field.TITLE, kore_id, v2_id) == (f"Newest, of {winner}",) * 2


def test_clocks_that_are_not_told_count_as_right(bench: Bench) -> None:
    for service in (bench.kore, bench.v2):
        service.tells_date = False
    kore_id, v2_id = bench.pair()
    bench.v2.edit(v2_id, title="Older")
    bench.clock.pass_time(60)
    bench.kore.edit(kore_id, title="Newer")
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Newer", "Newer")


def test_what_a_person_left_stays_left_where_a_backfill_is_of_the_other_side(
    bench: Bench,
) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    bench.backfill(skips=True)
    why = bench.known(Side.V2, "v0001").why
    bench.backfill(sides=(Side.KORE,))
    known = bench.known(Side.V2, "v0001")
    assert (known.standing, known.why) == (Standing.LEFT, why)
    assert bench.is_linked(Side.KORE, "k0001")
