"""The backlink: a v2 task is tagged with the Kore task that was made from it, once, or later."""

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import Journalled, OperationKind
from bridge.domain.policy import Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Facts
from bridge.errors import KeyRefused, Refused, Unreachable
from bridge.sync.backlink import link_new_by_tags
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


def test_what_a_person_changed_while_it_was_tagged_later_is_carried(tagged: Bench) -> None:
    say(tagged, InstructionKind.PAUSE, {"side": "v2"})
    tagged.sync()
    say(tagged, InstructionKind.RESUME, {"side": "v2"})

    def meanwhile(request: object) -> None:
        tagged.v2.on_send = None
        tagged.v2.edit("v0001", title="By a person")

    tagged.v2.on_send = meanwhile
    tagged.sync()
    assert tags(tagged) == ("kore:k0001",)
    tagged.settle()
    assert tagged.values(Field.TITLE, "k0001", "v0001") == ("By a person", "By a person")


def before_the_tag(bench: Bench, *failing: str, error: Exception) -> None:
    """The calls of v2 fail from the moment on at which the counterpart is made."""

    def fail(request: object) -> None:
        bench.kore.on_send = None
        for call in failing:
            bench.v2.fail(call, error)  # type: ignore[arg-type] # it is one of a service

    bench.kore.on_send = fail


def test_a_key_that_is_refused_before_the_tag_leaves_it_to_a_later_cycle(tagged: Bench) -> None:
    before_the_tag(tagged, "read", "page", error=KeyRefused("v2", "Who are you?", status=401))
    tagged.sync()
    assert {*tagged.desk.faults} == {Side.V2}
    assert (tags(tagged), len(tagged.kore.records)) == ((), 1)
    tagged.clock.pass_time(600)
    tagged.settle()
    assert tags(tagged) == ("kore:k0001",)
    assert len(tagged.kore.records) == 1


def test_a_tag_whose_look_fails_is_there_all_the_same(tagged: Bench) -> None:
    def fail(request: object) -> None:
        tagged.v2.on_send = None
        tagged.v2.unreadable.add("v0001")

    tagged.v2.on_send = fail
    tagged.sync()
    assert tags(tagged) == ("kore:k0001",)
    assert tagged.desk.faults == {}
    tagged.v2.unreadable.clear()
    tagged.forget_calls()
    tagged.settle()
    assert tagged.v2.writes == []
    assert "uncertain" not in tagged.sync().summary


@pytest.mark.parametrize("is_applied", [True, False])
def test_a_tag_whose_answer_never_came_is_looked_for_before_it_is_sent_again(
    tagged: Bench, is_applied: bool
) -> None:
    lost = Unreachable("v2", "It hung up.", is_outcome_unknown=True)
    tagged.v2.fail("update", lost, applied=is_applied)
    tagged.sync()
    tagged.forget_calls()
    tagged.sync()
    assert tags(tagged) == ("kore:k0001",)
    assert ("update" in tagged.v2.calls) is not is_applied
    with tagged.store.begin() as unit:
        assert unit.open_operations() == []


def test_a_tag_is_no_change_of_a_person_although_nobody_is_shown_to_have_made_it(
    tagged: Bench,
) -> None:
    tagged.v2.shows_author, tagged.v2.seconds_a_call = False, 1.1
    say(tagged, InstructionKind.PAUSE, {"side": "v2"})
    tagged.sync()
    tagged.v2.edit("v0001", title="Of v2")
    tagged.clock.pass_time(60)
    tagged.kore.edit("k0001", title="Of Kore, later")
    say(tagged, InstructionKind.RESUME, {"side": "v2"})
    tagged.sync()
    assert tags(tagged) == ("kore:k0001",)
    assert tagged.values(Field.TITLE, "k0001", "v0001") == ("Of Kore, later",) * 2


def test_where_kore_may_be_probed_a_cycle_asks_the_database_nothing_of_tags(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.set_policy(unobserved=Unobserved.PROBE)
    desk = bench.new_desk()
    monkeypatch.setattr(bench.store, "begin", lambda **_: pytest.fail("asked"))
    link_new_by_tags(desk)
