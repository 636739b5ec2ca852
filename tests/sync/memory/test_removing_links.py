"""Links that people remove: both tasks stay as they are, apart, until somebody links them again."""

import pytest

from bridge.domain.create import marker_of
from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.link import LinkState
from bridge.domain.marker import with_marker
from bridge.domain.operation import OperationState, WaitKind
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import add, link_of, remove, tell

both_sides = pytest.mark.parametrize("side", list(Side))
IDS = {Side.KORE: "k0001", Side.V2: "v0001"}


@pytest.fixture
def apart(bench: Bench) -> Bench:
    """A pair that was in step, and whose link a person removed."""
    bench.pair("Boiler", text="words")
    bench.settle()
    assert remove(bench, "k0001").note.startswith("The link of TS1 and REC-1 is removed.")
    bench.forget_calls()
    return bench


def test_the_row_stays_and_nothing_is_written(apart: Bench) -> None:
    link = link_of(apart, Side.KORE, "k0001")
    assert (link.state, link.kore_id, link.v2_id) == (LinkState.REMOVED, "k0001", "v0001")
    assert apart.kore.calls == apart.v2.calls == []


@both_sides
def test_a_change_is_carried_no_more_and_does_not_stay_due(apart: Bench, side: Side) -> None:
    apart.service(side).edit(IDS[side], title="New")
    apart.sync()
    assert apart.service(side.other).value(IDS[side.other], Field.TITLE) == "Boiler"
    assert apart.kore.writes == apart.v2.writes == []
    with apart.store.begin() as unit:
        assert [*unit.due_tasks(side, 9)] == []
    before = apart.dump()
    apart.sync()
    assert apart.dump() == before


def test_neither_is_created_from_or_linked_by_its_marker_in_a_backfill(apart: Bench) -> None:
    apart.kore.edit("k0001", title="New")
    apart.v2.edit("v0001", title="Another")
    apart.backfill()
    apart.sync(is_full=True)
    assert len(apart.kore.records) == len(apart.v2.records) == 1
    assert apart.known(Side.KORE, "k0001").standing is Standing.LEFT
    assert apart.known(Side.V2, "v0001").standing is Standing.LEFT


def test_a_due_link_that_is_removed_is_due_no_more(bench: Bench) -> None:
    bench.pair()
    bench.kore.edit("k0001", title="New")
    bench.v2.fail("update", Unreachable("v2", "gone"))
    bench.v2.fail("read", Unreachable("v2", "gone"))
    bench.sync()
    assert bench.v2.value("v0001", Field.TITLE) == "Boiler"
    remove(bench, "k0001")
    bench.v2.faults.clear()
    bench.settle()
    assert bench.v2.value("v0001", Field.TITLE) == "Boiler"
    assert not bench.desk.faults


def test_what_waited_on_it_goes(bench: Bench) -> None:
    bench.pair()
    bench.v2.ignores = {Field.TITLE}
    bench.kore.edit("k0001", title="New")
    bench.sync()
    assert bench.waits(WaitKind.FAILED)
    remove(bench, "k0001")
    assert bench.waits() == []
    assert bench.sync().summary["failures"] == 0


def test_a_link_whose_update_is_open_is_removed_and_breaks_no_cycle(bench: Bench) -> None:
    bench.pair()
    bench.kore.edit("k0001", title="New")
    bench.v2.fail("update", Unreachable("v2", "gone", is_outcome_unknown=True), applied=True)
    bench.sync()
    remove(bench, "k0001")
    with bench.store.begin() as unit:
        assert [*unit.open_operations()] == []
    bench.settle()
    bench.sync(is_full=True)
    assert link_of(bench, Side.KORE, "k0001").state is LinkState.REMOVED


def test_an_open_create_is_dropped_and_its_bearer_left_alone(bench: Bench) -> None:
    bench.sync()
    bench.kore.add("Boiler")
    bench.v2.fail("create", Unreachable("v2", "gone", is_outcome_unknown=True), applied=True)
    bench.v2.search_finds = False
    bench.sync()
    link = link_of(bench, Side.KORE, "k0001")
    assert link.state is LinkState.CREATING
    remove(bench, "k0001")
    with bench.store.begin() as unit:
        assert all(one.state is not OperationState.SENT for one in unit.open_operations())
    for _ in range(3):
        bench.clock.pass_time(120)
        bench.sync()
    assert len(bench.v2.records) == len(bench.kore.records) == 1
    assert bench.known(Side.V2, "v0001").standing is Standing.LEFT


def test_a_link_that_has_changed_meanwhile_is_not_removed(bench: Bench) -> None:
    bench.pair()
    void = remove(bench, "k0001", v2_id="v0009")
    assert void.outcome is InstructionOutcome.VOID
    assert link_of(bench, Side.KORE, "k0001").state is LinkState.LINKED
    gone = tell(bench, InstructionKind.REMOVE_LINK, link_id=99, kore_id="k0001", v2_id="v0001")
    assert gone.outcome is InstructionOutcome.VOID


def test_removing_it_twice_says_so(apart: Bench) -> None:
    assert "was removed already" in remove(apart, "k0001").note
    (view,) = apart.links()
    with apart.store.begin() as unit:
        assert [one.what for one in unit.history(view.link.id)].count("removed") == 1


def test_a_task_of_the_same_name_waits_for_no_probe_of_a_removed_one(bench: Bench) -> None:
    bench.pair("Boiler", text="words")
    remove(bench, "k0001")
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.kore.edit("k0001", title="Boiler", text="new")
    bench.v2.add("Boiler")
    bench.settle()
    assert "probe" not in [write.call for write in bench.kore.writes]
    assert bench.is_linked(Side.V2, "v0002")


def test_another_bearer_of_the_marker_is_left_alone_as_well(apart: Bench) -> None:
    line = marker_of(apart.known(Side.KORE, "k0001").task, None).line
    copy = apart.v2.add("Boiler", with_marker("", line), author="app")
    apart.sync()
    assert apart.known(Side.V2, copy).standing is Standing.LEFT
    assert len(apart.kore.records) == 1


# --- forgetting ----------------------------------------------------------------------------------


def texts(bench: Bench) -> str:
    return "".join(row for rows in bench.rows().values() for row in rows)


@pytest.fixture
def forgotten(bench: Bench) -> Bench:
    """A pair with a rich life, whose texts were forgotten when its link was removed."""
    bench.pair("Leaking boiler", text="in the cellar")
    bench.v2.edit("v0001", title="Leaking boiler, wet")
    bench.settle()
    bench.kore.edit("k0001", title="Quiet radiator")
    bench.v2.edit("v0001", title="Cold radiator")
    bench.v2.ignores = {Field.DESCRIPTION}
    bench.kore.edit("k0001", text="in the attic")
    bench.sync()
    bench.v2.ignores = set()
    found = texts(bench)
    assert all(word in found for word in ("boiler", "radiator", "cellar", "attic"))
    done = remove(bench, "k0001", forget=True)
    assert done.note == "The link of TS1 and REC-1 is removed, their texts forgotten."
    return bench


def no_text(bench: Bench) -> None:
    found = texts(bench)
    for word in ("boiler", "radiator", "cellar", "attic", "Cold house", "shed"):
        assert word not in found


def test_no_text_of_a_forgotten_pair_is_left_or_comes_back(forgotten: Bench) -> None:
    no_text(forgotten)
    forgotten.kore.edit("k0001", title="In the shed", text="shed")
    forgotten.v2.edit("v0001", title="In the shed", text="shed")
    forgotten.sync()
    forgotten.sync(is_full=True)
    forgotten.backfill()
    no_text(forgotten)
    assert len(forgotten.kore.records) == len(forgotten.v2.records) == 1


def test_a_forgotten_task_costs_nothing_while_it_does_not_change(forgotten: Bench) -> None:
    forgotten.settle()
    forgotten.sync(is_full=True)
    before = forgotten.dump()
    forgotten.sync()
    assert forgotten.dump() == before


def test_a_removed_link_can_be_forgotten_later(apart: Bench) -> None:
    assert "words" in texts(apart)
    assert "forgotten" in remove(apart, "k0001", forget=True).note
    found = texts(apart)
    assert "words" not in found
    assert "Boiler" not in found


def test_a_forgotten_pair_that_is_linked_again_is_read_again_and_kept_in_step(
    forgotten: Bench,
) -> None:
    forgotten.kore.edit("k0001", title="Same", text="same")
    forgotten.v2.edit("v0001", title="Same", text="same")
    forgotten.settle()
    done = add(forgotten, "TS1", "REC-1")
    assert done.note.endswith("What is not known of them is read first: task-bridge sync --full "
                              "reads everything.")  # fmt: skip
    forgotten.forget_calls()
    forgotten.sync(is_full=True)
    assert forgotten.kore.writes == forgotten.v2.writes == []
    assert forgotten.known(Side.KORE, "k0001").task.title == "Same"
    forgotten.kore.edit("k0001", title="New")
    forgotten.settle()
    assert forgotten.v2.value("v0001", Field.TITLE) == "New"
    assert link_of(forgotten, Side.KORE, "k0001").base(Field.TITLE).is_known


def test_no_probe_is_sent_for_what_was_only_forgotten(forgotten: Bench) -> None:
    add(forgotten, "TS1", "REC-1")
    forgotten.forget_calls()
    forgotten.set_policy(tolerance_seconds=9.0)  # a setting that makes everything due
    forgotten.sync(sweeps=False)
    forgotten.sync(is_full=True)
    assert "probe" not in forgotten.kore.calls
