"""What a probe shows counts for everything it tells of; where it fails, nothing else is lost."""

import pytest

from bridge.domain.operation import WaitKind, WriteRequest
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Facts, Standing
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench

LOST = Unreachable("kore", "500", is_outcome_unknown=True)


@pytest.fixture
def sparse(bench: Bench) -> Bench:
    """Kore's list hides descriptions; that it takes probes is known."""
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.pair("Known", text="words")
    bench.settle()
    bench.forget_calls()
    return bench


def while_it_is_asked(bench: Bench, task_id: TaskId) -> None:
    """The task is removed in the moment in which its probe leaves."""

    def remove(request: WriteRequest) -> None:
        if request.call == "probe" and request.task_id == task_id:
            bench.kore.on_send = None
            bench.kore.remove(task_id)

    bench.kore.on_send = remove


def story(bench: Bench, task_id: TaskId) -> list[str]:
    """What the history tells of a task of Kore."""
    with bench.store.begin() as unit:
        return [one.what for one in unit.story([(Side.KORE, task_id)], None)]


def test_a_person_whom_a_probe_shows_is_known_to_whatever_waits_for_him(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.ASSIGNEE})
    ids = bench.pair()
    bench.settle()
    bench.v2.edit(ids[1], assignee="Ada")
    bench.sync()
    assert [one.kind for one in bench.waits()] == [WaitKind.UNMAPPED]
    bench.kore.add("Another", assignee="Ada")
    bench.settle()
    assert bench.values(Field.ASSIGNEE, *ids) == ("Ada", "Ada")
    assert bench.waits() == []


def test_once_the_account_has_refused_a_probe_no_other_is_sent(bench: Bench) -> None:
    bench.kore.hides, bench.kore.probes_taken = frozenset({Field.DESCRIPTION}), frozenset()
    bench.set_rules(workers=1)
    ids = [bench.kore.add(f"Task {number}", "text") for number in range(4)]
    bench.settle()
    assert bench.kore.calls.count("probe") == len(ProbeForm) - 2  # each form once
    assert all(bench.is_linked(Side.KORE, one) for one in ids)


def test_whose_marker_a_probe_finds_is_linked_although_it_was_asked_for_another(
    sparse: Bench,
) -> None:
    origin = sparse.v2.add("Roof", status="completed")
    sparse.sync()
    marker = f"[task-bridge v2:REC-2 {origin}]"
    bearer = sparse.kore.add("Ladder", marker, status="Closed", author="app")
    sparse.sync()
    assert not sparse.is_linked(Side.KORE, bearer)
    mine = sparse.v2.add("Ladder")
    sparse.settle()
    assert sparse.across(Side.V2, origin) == bearer
    assert sparse.across(Side.V2, mine) != bearer


def test_a_task_that_its_probe_does_not_find_is_told_as_gone_and_waits_for_nothing(
    sparse: Bench,
) -> None:
    kore_id = sparse.kore.add("Boiler", "text")
    sparse.kore.fail("probe", LOST)
    sparse.sync()
    assert [one.kind for one in sparse.waits()] == [WaitKind.HELD]
    while_it_is_asked(sparse, kore_id)
    sparse.sync(sweeps=False)
    assert sparse.waits() == []
    assert story(sparse, kore_id) == ["gone"]
    assert sparse.known(Side.KORE, kore_id).gone_at is not None


def test_of_a_pair_one_answer_does_not_say_that_its_task_is_gone(sparse: Bench) -> None:
    sparse.kore.edit("k0001", title="New")
    while_it_is_asked(sparse, TaskId("k0001"))
    sparse.sync(sweeps=False)
    assert sparse.known(Side.KORE, "k0001").gone_at is None
    (view,) = sparse.links()
    assert view.link.gone_at is None
    with sparse.store.begin() as unit:
        assert "gone" not in [one.what for one in unit.history(view.link.id)]


def test_what_failed_before_is_the_same_failure_after_a_probe_that_is_refused(
    sparse: Bench,
) -> None:
    sparse.v2.refuses = lambda request: "title" in request.body.get("values", {})
    sparse.kore.edit("k0001", title="Bad")
    sparse.settle()
    (before,) = sparse.waits(WaitKind.FAILED)
    sparse.kore.refuses = lambda request: request.call == "probe"
    sparse.kore.edit("k0001", facts=Facts(tags=("x",)))
    sparse.forget_calls()
    sparse.settle()
    assert [(one.id, one.attempts) for one in sparse.waits(WaitKind.FAILED)] == [(before.id, 1)]
    assert "update" not in sparse.v2.calls


def test_a_new_task_whose_probe_is_refused_is_not_asked_for_in_every_cycle(sparse: Bench) -> None:
    kore_id = sparse.kore.add("Boiler", "text")
    sparse.kore.refuses = lambda request: request.call == "probe"
    sparse.sync()
    assert sparse.known(Side.KORE, kore_id).standing is Standing.HELD
    sparse.forget_calls()
    sparse.sync(sweeps=False)
    sparse.v2.add("Another")
    sparse.sync(sweeps=False)
    assert "probe" not in sparse.kore.calls
    assert sparse.waits() == []
