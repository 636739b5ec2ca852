"""The backlink: a v2 task is tagged with the Kore task that was made from it, once, or later."""

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import Journalled, OperationKind
from bridge.domain.side import Field, Side
from bridge.domain.task import Facts
from bridge.errors import Refused
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import say
from tests.sync.memory.services import CONTACT


@pytest.fixture
def tagged(bench: Bench) -> Bench:
    """A v2 task without a counterpart, in a pair whose origins are tagged."""
    bench.set_rules(tags_origin=True)
    bench.sync()
    bench.v2.add("Ladder")
    bench.forget_calls()
    return bench


def tags(bench: Bench) -> tuple[str, ...] | None:
    return bench.v2.records["v0001"].facts.tags


def journal(bench: Bench) -> list[Journalled]:
    with bench.store.begin() as unit:
        return list(unit.operations_of(bench.desk.run_id))


def test_the_tag_is_a_step_of_the_create_and_names_both_tasks(tagged: Bench) -> None:
    tagged.sync()
    create, tag = journal(tagged)
    assert (tag.parent_id, tag.operation.kind) == (create.id, OperationKind.UPDATE)
    assert (tag.operation.kore_id, tag.operation.v2_id) == ("k0001", "v0001")
    assert tag.operation.reason == create.operation.reason


def test_a_task_whose_tags_are_not_shown_is_tagged_all_the_same(tagged: Bench) -> None:
    tagged.v2.edit("v0001", facts=Facts(tags=None, contact=CONTACT))
    tagged.sync()
    assert tags(tagged) == ("kore:k0001",)


def test_while_v2_is_paused_the_tag_waits_and_is_written_when_it_goes_on(tagged: Bench) -> None:
    say(tagged, InstructionKind.PAUSE, {"side": "v2"})
    tagged.sync()
    assert tagged.is_linked(Side.V2, "v0001")
    assert (tags(tagged), tagged.v2.writes) == ((), [])
    say(tagged, InstructionKind.RESUME, {"side": "v2"})
    tagged.sync()
    assert tags(tagged) == ("kore:k0001",)
    assert "uncertain" not in tagged.sync().summary


def test_a_tag_that_is_refused_is_not_asked_for_again(tagged: Bench) -> None:
    tagged.v2.fail("update", Refused("v2", "No tags.", status=400))
    tagged.sync()
    assert journal(tagged)[-1].note == "No tags."
    with tagged.store.begin() as unit:
        assert unit.open_operations() == []
    tagged.forget_calls()
    tagged.sync()
    assert "update" not in tagged.v2.calls
    assert tags(tagged) == ()


def test_an_origin_that_is_gone_by_then_is_not_tagged(tagged: Bench) -> None:
    def vanish(request: object) -> None:
        tagged.kore.on_send = None
        tagged.v2.remove("v0001")

    tagged.kore.on_send = vanish
    tagged.sync()
    assert "update" not in tagged.v2.calls
    assert tagged.desk.faults == {}
    with tagged.store.begin() as unit:
        assert unit.open_operations() == []


def test_what_a_person_changed_while_it_was_tagged_is_carried(tagged: Bench) -> None:
    def meanwhile(request: object) -> None:
        tagged.v2.on_send = None
        tagged.v2.edit("v0001", title="By a person")

    tagged.v2.on_send = meanwhile
    tagged.settle()
    assert tagged.values(Field.TITLE, "k0001", "v0001") == ("By a person", "By a person")
    assert tags(tagged) == ("kore:k0001",)
