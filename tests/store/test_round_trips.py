"""Whatever is stored is read back the same, in every part."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from bridge.domain.link import Link
from bridge.domain.operation import Operation, Wait, WriteRequest
from bridge.domain.reading import SideState, Sweep
from bridge.domain.side import LinkId, TaskId
from bridge.domain.task import Known
from bridge.domain.vocabulary import Word
from bridge.ports import Unit
from tests.store import making
from tests.store.both import AnyStore
from tests.store.clocks import START
from tests.store.making import whole
from tests.store.samples import link

# The store stays while the examples come and go: each of them is undone.
trips = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)


class Undone(Exception):
    """Ends a unit without a trace."""


@contextmanager
def undone(store: AnyStore) -> Iterator[Unit]:
    with suppress(Undone), store.begin() as unit:
        yield unit
        raise Undone


@trips
@given(known=making.knowns)
def test_a_task(store: AnyStore, known: Known) -> None:
    with undone(store) as unit:
        unit.save_known([known])
        found = unit.known(known.task.side, [known.task.id])
        assert whole(found[known.task.id]) == whole(known)
        assert unit.digests(known.task.side, [known.task.id]) == {known.task.id: known.task.digest}


@trips
@given(one=making.links, other=making.links)
def test_a_link(store: AnyStore, one: Link, other: Link) -> None:
    with undone(store) as unit:
        number = unit.add_link(one)
        view = unit.link(number)
        assert view is not None
        assert whole(view.link) == whole(replace(one, id=number))
        changed = replace(other, id=number)
        unit.save_link(changed)
        assert [whole(view.link) for view in unit.all_links()] == [whole(changed)]


@trips
@given(wait=making.waits)
def test_a_wait_on_a_link_and_on_a_task(store: AnyStore, wait: Wait) -> None:
    with undone(store) as unit:
        link_id = unit.add_link(link("k1", "v1"))
        unit.replace_waits([wait], link_id=link_id, at=START)
        (found,) = unit.waits()
        assert whole(found) == whole(replace(wait, id=found.id, link_id=link_id))
        unit.replace_waits([], link_id=link_id, at=START)
        task_id = TaskId("k2")
        unit.replace_waits([wait], task=(wait.side, task_id), at=START)
        (found,) = unit.waits([wait.kind])
        assert whole(found) == whole(replace(wait, id=found.id, task_id=task_id))


@trips
@given(operation=making.operations, request=making.requests)
def test_an_operation(store: AnyStore, operation: Operation, request: WriteRequest) -> None:
    operation = replace(operation, link_id=LinkId(7))
    with undone(store) as unit:
        unit.commit_operation(operation, request, run_id=3, token=5, at=START)
        (found,) = unit.open_operations()
        assert whole(found.operation) == whole(operation)
        assert whole(found.request) == whole(request)
        assert (found.run_id, found.token, found.committed_at) == (3, 5, START)


@trips
@given(one=making.side_states, other=making.side_states)
def test_the_state_of_a_side(store: AnyStore, one: SideState, other: SideState) -> None:
    with undone(store) as unit:
        unit.save_side_state(one)
        unit.save_side_state(other)
        assert unit.side_state(other.side) == other
        if one.side is not other.side:
            assert unit.side_state(one.side) == one


@trips
@given(sweep=making.sweeps)
def test_a_sweep(store: AnyStore, sweep: Sweep) -> None:
    with undone(store) as unit:
        saved = unit.save_sweep(sweep)
        assert saved == replace(sweep, id=saved.id)
        newest = unit.open_sweep(sweep.side) or unit.last_sweep(sweep.side)
        assert newest == saved


@trips
@given(word=making.words)
def test_a_word(store: AnyStore, word: Word) -> None:
    with undone(store) as unit:
        unit.learn([word], START)
        assert [*unit.vocabulary()] == [word]
