"""What a link that people make or take apart leaves behind: history, what is due, what goes."""

from dataclasses import replace

from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.link import LinkState
from bridge.domain.policy import Scope
from bridge.domain.side import Field, Side
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import told
from tests.sync.memory.test_adding_links import add, link_of, remove
from tests.sync.memory.test_gone import lose, pair_of
from tests.sync.memory.test_importing_links import take_in

DONE, REFUSED = InstructionOutcome.DONE, InstructionOutcome.REFUSED


def call(bench: Bench, side: Side, task_id: str, ref: str) -> None:
    """The task has that reference from now on."""
    service = bench.service(side)
    service.records[task_id] = replace(service.records[task_id], ref=ref)
    service.edit(task_id)


def unlinked(bench: Bench) -> None:
    """Nothing is created: tasks are only read."""
    bench.set_rules(scope=Scope(created_since=bench.clock.at.replace(year=2030)))


def history(bench: Bench, task_id: str) -> list[str]:
    link = link_of(bench, Side.KORE, task_id)
    with bench.store.begin() as unit:
        return [one.what for one in unit.history(link.id)]


def due(bench: Bench) -> tuple[int, set[str]]:
    """How many links are due, and which tasks."""
    with bench.store.begin() as unit:
        links = [view.link for view in unit.all_links() if unit.is_link_due(view.link.id)]
        tasks = {str(one.task.id) for side in Side for one in unit.due_tasks(side, 99)}
    return len(links), tasks


# --- who is meant --------------------------------------------------------------------------------


def test_a_reference_that_both_sides_have_means_kores_task_first_and_v2s_second(
    bench: Bench,
) -> None:
    unlinked(bench)
    call(bench, Side.KORE, bench.kore.add("Boiler"), "X-1")
    call(bench, Side.V2, bench.v2.add("Boiler"), "X-1")
    bench.sync()
    assert add(bench, "X-1", "X-1").outcome is DONE
    assert bench.across(Side.KORE, "k0001") == "v0001"


def test_an_id_counts_before_a_reference_that_reads_like_it(bench: Bench) -> None:
    unlinked(bench)
    for title in ("Boiler", "Other", "Third"):
        bench.kore.add(title)
    bench.v2.add("Boiler")
    call(bench, Side.KORE, "k0002", "k0003")
    bench.sync()
    assert add(bench, "k0003", "REC-1").outcome is DONE
    assert bench.across(Side.KORE, "k0003") == "v0001"


def test_a_task_that_is_gone_is_linked_with_nobody(bench: Bench) -> None:
    unlinked(bench)
    for service in (bench.kore, bench.v2):
        service.add("Boiler")
        service.add("Other")
    bench.sync()
    bench.v2.remove("v0001")
    bench.sync(is_full=True)
    refused = add(bench, "k0001", "v0001")
    assert refused.outcome is REFUSED
    assert "REC-1 is gone from v2" in (refused.note or "")


def test_a_missing_pair_is_linked_already_and_stays_missing(bench: Bench) -> None:
    ids = pair_of(bench)
    lose(bench, Side.V2, ids)
    done = add(bench, ids[Side.KORE], ids[Side.V2])
    assert "linked already. It is kept in step as soon as both tasks are seen" in (done.note or "")
    assert link_of(bench, Side.KORE, ids[Side.KORE]).state is LinkState.MISSING


# --- what is left behind -------------------------------------------------------------------------


def test_a_pair_that_is_taken_apart_and_linked_again_keeps_its_origin_and_its_history(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair(text="words")
    before = link_of(bench, Side.KORE, kore_id)
    remove(bench, kore_id)
    assert history(bench, kore_id)[-1] == "removed"
    add(bench, kore_id, v2_id)
    after = link_of(bench, Side.KORE, kore_id)
    assert (after.id, after.origin, after.marker) == (before.id, Side.KORE, before.marker)
    assert (after.created_at, after.bases) == (before.created_at, {})
    assert (after.changed_at or bench.clock.at) > (before.changed_at or bench.clock.at)
    assert history(bench, kore_id)[-1] == "linked"
    bench.settle()
    bench.v2.edit(v2_id, text="of the field")
    bench.settle()
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("of the field",) * 2


def test_a_missing_pair_that_is_taken_apart_is_removed_and_no_longer_lost(bench: Bench) -> None:
    ids = pair_of(bench)
    lose(bench, Side.V2, ids)
    remove(bench, ids[Side.KORE])
    link = link_of(bench, Side.KORE, ids[Side.KORE])
    assert (link.state, link.gone_side, link.gone_at) == (LinkState.REMOVED, None, None)


def test_a_due_pair_that_is_taken_apart_leaves_nothing_due(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.kore.edit(kore_id, title="New")
    bench.v2.fail("*", Unreachable("v2", "gone"), times=9)
    bench.sync()
    assert due(bench)[0] == 1
    remove(bench, kore_id)
    assert due(bench) == (0, set())


def test_tasks_that_were_to_be_decided_are_so_no_more_once_they_are_linked(bench: Bench) -> None:
    bench.set_rules(routes=())
    v2_id = bench.v2.add("Boiler")
    bench.sync()
    bench.v2.is_down = True
    kore_id = bench.kore.add("Boiler")
    bench.sync()
    assert due(bench) == (0, {kore_id})
    add(bench, kore_id, v2_id)
    assert due(bench) == (1, set())


def test_what_waited_on_either_task_goes_when_they_are_linked_or_kept_apart(bench: Bench) -> None:
    bench.sync()
    for service in (bench.kore, bench.v2):
        service.refuses = lambda request: request.call == "create"
        service.add("Boiler")
        service.add("Other")
    bench.sync()
    assert len(bench.waits()) == 4
    add(bench, "k0001", "v0001")
    assert {one.task_id for one in bench.waits()} == {"k0002", "v0002"}
    take_in(bench, "k0002,,removed", ",v0002,removed")
    assert bench.waits() == []
    assert due(bench)[1] == set()


def test_a_link_that_is_added_in_a_run_counts_as_linked_by_it(bench: Bench) -> None:
    unlinked(bench)
    bench.kore.add("Boiler")
    bench.v2.add("Boiler")
    bench.sync()
    told(bench, InstructionKind.ADD_LINK, {"first": "TS1", "second": "REC-1"})
    assert bench.sync().summary["linked"] == 1


def test_another_open_create_is_left_open(bench: Bench) -> None:
    bench.sync()
    bench.v2.fail("create", Unreachable("v2", "gone", is_outcome_unknown=True), times=2)
    bench.v2.search_finds = False
    ids = [bench.kore.add("Boiler"), bench.kore.add("Other")]
    bench.sync()
    with bench.store.begin() as unit:
        before = {str(one.operation.kore_id) for one in unit.open_operations()}
    assert before == {*ids}
    remove(bench, ids[0])
    with bench.store.begin() as unit:
        assert [one.operation.kore_id for one in unit.open_operations()] == [ids[1]]


def test_a_half_read_pair_is_not_due_and_says_that_the_rest_is_read_first(bench: Bench) -> None:
    unlinked(bench)
    bench.kore.add("Boiler")
    bench.v2.add("Other")
    bench.sync()
    take_in(bench, "k0001,v0009")
    assert due(bench)[0] == 0
    remove(bench, "k0001")
    assert (add(bench, "k0001", "v0009").note or "").endswith("reads everything.")
    assert due(bench)[0] == 0


def test_a_pair_that_was_forgotten_keeps_who_was_created_from_whom(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(origin=Side.V2)
    remove(bench, kore_id, forget=True)
    add(bench, kore_id, v2_id)
    assert link_of(bench, Side.KORE, kore_id).origin is Side.V2


def test_when_a_link_was_made_is_kept_by_the_half_that_is_let_go(bench: Bench) -> None:
    (kore_id, v2_id), (other, other_v2) = bench.pair(), bench.pair("Other")
    made = {one: link_of(bench, Side.V2, one).created_at for one in (v2_id, other_v2)}
    remove(bench, kore_id)
    remove(bench, other)
    add(bench, kore_id, other_v2)
    assert bench.across(Side.KORE, kore_id) == other_v2
    left = link_of(bench, Side.KORE, other)
    assert (left.state, left.v2_id, left.created_at) == (LinkState.REMOVED, None, made[other_v2])


def test_a_file_tells_when_a_removed_link_was_made_too(bench: Bench) -> None:
    take_in(bench, "k1,v1,removed,v2,2026-01-02T03:04:05Z")
    made = link_of(bench, Side.KORE, "k1").created_at
    assert made is not None
    assert made.isoformat() == "2026-01-02T03:04:05+00:00"
    assert take_in(bench, "k1,v1,removed").note == "0 links imported, 1 there already."


def test_two_halves_that_were_kept_apart_become_one_row(bench: Bench) -> None:
    unlinked(bench)
    bench.kore.add("Boiler")
    bench.v2.add("Boiler")
    bench.sync()
    take_in(bench, "k0001,,removed", ",v0001,removed")
    add(bench, "k0001", "v0001")
    assert [(one.link.state, one.link.kore_id, one.link.v2_id) for one in bench.links()] == [
        (LinkState.LINKED, "k0001", "v0001")
    ]
