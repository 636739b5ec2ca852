"""What is stored of one task is found, and nothing of any other."""

from bridge.domain.link import LinkState
from bridge.domain.operation import Outcome
from bridge.domain.reading import Sweep
from bridge.domain.records import Happening
from bridge.domain.side import Field, LinkId, TaskId
from bridge.store.marks import CHUNK
from tests.store.both import AnyStore
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, add_pair, journal, known, link, update, wait


def test_a_story_is_of_the_link_and_both_tasks_whatever_link_they_had(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id, other = add_pair(unit, 1), add_pair(unit, 2)
        lines = [
            Happening(what="begun", side=KORE, task_id=TaskId("k1"), link_id=LinkId(99)),
            Happening(what="created", side=V2, task_id=TaskId("v1"), link_id=link_id),
            Happening(what="linked", link_id=link_id),
            Happening(what="another", side=KORE, task_id=TaskId("k2"), link_id=other),
            Happening(what="of the other side", side=V2, task_id=TaskId("k1")),
        ]
        unit.remember(lines, 1, START)
        tasks = [(KORE, TaskId("k1")), (V2, TaskId("v1"))]
        assert [one.what for one in unit.story(tasks, link_id)] == ["begun", "created", "linked"]
        assert [one.what for one in unit.story(tasks[:1], None)] == ["begun"]


def test_the_writes_of_several_links_come_oldest_first_dropped_links_too(store: AnyStore) -> None:
    with store.begin() as unit:
        gone = unit.add_link(link("k1", None, LinkState.CREATING))
        first = journal(unit, update(gone, title="a"))
        unit.settle(first, Outcome.DROPPED, "never sent", after(1))
        unit.drop_link(gone)
        link_id = add_pair(unit, 1)
        second, _ = journal(unit, update(link_id, KORE)), journal(unit, update(LinkId(50)))
        third = journal(unit, update(link_id, V2))
        found = unit.operations_about([gone, link_id])
        assert [one.id for one in found] == [first, second, third]
        assert found[0].note == "never sent"


def test_what_waits_and_what_is_due_is_of_one_task_alone(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1"), known(V2, "k1"), known(KORE, "k2")])
        unit.replace_waits([wait(field=None)], task=(KORE, TaskId("k1")), at=START)
        unit.mark_due(KORE, ["k1"])
        places = [(KORE, TaskId("k1")), (V2, TaskId("k1")), (KORE, TaskId("k2"))]
        assert [len(unit.waits_on_task(*one)) for one in places] == [1, 0, 0]
        assert [unit.is_task_due(*one) for one in places] == [True, False, False]
        link_id, other = add_pair(unit, 3), add_pair(unit, 4)
        unit.set_due(link_id, True)
        assert [unit.is_link_due(one) for one in (link_id, other)] == [True, False]


def test_conflicts_of_a_link_come_decided_or_not(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id, other = add_pair(unit, 1), add_pair(unit, 2)
        for place, winner in ((link_id, KORE), (link_id, None), (other, V2)):
            name = Field.TITLE if winner else Field.STATUS
            unit.save_conflict(place, name, {}, rule="newest", winner=winner, at=START)
        assert [one["winner"] for one in unit.conflicts_of(link_id)] == [KORE, None]


def test_a_sweep_tells_whether_it_saw_one_task(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, f"k{number}") for number in range(30)])
        sweep = unit.save_sweep(Sweep(side=KORE, started_at=START))
        unit.mark_seen(sweep.id, KORE, ["k3", "k17"])
        seen = [n for n in range(30) if unit.was_seen(sweep.id, KORE, TaskId(f"k{n}"))]
        assert seen == [3, 17]
        assert not unit.was_seen(sweep.id, KORE, TaskId("nobody"))
        assert not unit.was_seen(sweep.id + 1, KORE, TaskId("k3"))
    assert CHUNK > 30
