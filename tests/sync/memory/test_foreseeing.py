"""What a dry run tells beside its plan: what only the sight of a Kore task can tell."""

import pytest

from bridge.domain.policy import ConflictRule, Direction, Scope, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Facts
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import add

HIDDEN = frozenset({Field.DESCRIPTION})
Planned = dict[tuple[str, str], tuple[list[str], list[str]]]


def planned(bench: Bench) -> Planned:
    """What a dry cycle plans: its fields, and those of them that only a sight can confirm."""
    summary = bench.sync(is_dry=True).summary
    found: Planned = {}
    for one in summary["operations"]:
        assert one["reason"]
        key = (one["side"], one["kind"])
        assert key not in found
        found[key] = (one["fields"], one["after_read"])
    return found


@pytest.fixture
def ids(bench: Bench) -> tuple[str, str]:
    """A pair in step whose description Kore's list hides."""
    bench.kore.hides = HIDDEN
    made = bench.pair(text="words")
    bench.settle()
    return made


def test_a_change_that_hides_something_is_probed_and_what_is_hidden_may_go_to_v2(
    bench: Bench, ids: tuple[str, str]
) -> None:
    bench.kore.edit(ids[0], title="New")
    assert planned(bench) == {
        ("kore", "probe"): (["description"], ["description"]),
        ("v2", "update"): (["title", "description"], ["description"]),
    }


def test_a_change_of_v2_in_what_is_hidden_may_go_either_way(
    bench: Bench, ids: tuple[str, str]
) -> None:
    bench.v2.edit(ids[1], text="agreed on")
    bench.settle()
    bench.kore.edit(ids[0], priority="High")
    bench.v2.edit(ids[1], text="of the field")
    assert planned(bench) == {
        ("kore", "probe"): (["description"], ["description"]),
        ("kore", "update"): (["description"], ["description"]),
        ("v2", "update"): (["description", "priority"], ["description"]),
    }


@pytest.mark.parametrize("unobserved", [Unobserved.HOLD, Unobserved.WRITE])
def test_the_answer_to_an_update_of_kore_shows_what_is_hidden_as_well(
    bench: Bench, ids: tuple[str, str], unobserved: Unobserved
) -> None:
    bench.set_policy(unobserved=unobserved)
    bench.kore.edit(ids[0], facts=Facts(tags=("x",)))
    bench.v2.edit(ids[1], title="New")
    assert planned(bench) == {
        ("kore", "update"): (["title"], []),
        ("v2", "update"): (["description"], ["description"]),
    }
    of_v2 = bench.desk.tally.reports[-1].operation
    (view,) = bench.links()
    assert (of_v2.kore_id, of_v2.v2_id, of_v2.link_id) == (*ids, view.link.id)
    assert "hides" in of_v2.reason


def test_what_is_on_hold_may_go_to_kore_once_an_answer_shows_it(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(text="words")
    bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.kore.edit(kore_id, facts=Facts(tags=("x",)))
    bench.v2.edit(v2_id, title="New", text="of the field")
    assert planned(bench) == {
        ("kore", "update"): (["title", "description"], ["description"]),
        ("v2", "update"): (["description"], ["description"]),
    }


def test_a_failure_that_waits_for_a_word_is_foreseen_and_no_other(
    bench: Bench,
) -> None:
    bench.kore.words, bench.kore.hides = [], HIDDEN
    ids = bench.pair(text="words")
    bench.kore.refuses = lambda request: request.call == "update"
    bench.v2.edit(ids[1], title="New", status="in_progress")
    bench.sync()
    assert {(one.field, bool(one.waits_for)) for one in bench.waits()} == {
        (Field.TITLE, False),
        (Field.STATUS, True),
    }
    bench.v2.edit(ids[1], due="2027-01-01T00:00:00.000Z")
    assert planned(bench)["kore", "update"] == (["status", "due"], ["status"])


def test_where_nothing_is_sent_to_kore_nothing_is_seen(bench: Bench, ids: tuple[str, str]) -> None:
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.kore.edit(ids[0], title="New")
    assert planned(bench) == {("v2", "update"): (["title"], [])}


@pytest.mark.parametrize("direction", Direction)
def test_nothing_is_foreseen_where_the_direction_writes_nothing(
    bench: Bench, ids: tuple[str, str], direction: Direction
) -> None:
    bench.set_policy(direction=direction)
    bench.kore.edit(ids[0], priority="High")
    bench.v2.edit(ids[1], text="of the field")
    sides = {side for side, kind in planned(bench) if kind == "update"}
    assert sides == {str(side) for side in Side if direction.may_write(side)}


def test_a_field_that_waits_for_a_word_may_be_written_once_a_record_tells_it(
    bench: Bench, ids: tuple[str, str]
) -> None:
    bench.v2.edit(ids[1], assignee="Robin")
    assert planned(bench) == {
        ("kore", "update"): (["assignee"], ["assignee"]),
        ("v2", "update"): (["assignee"], ["assignee"]),
    }


@pytest.mark.parametrize("unobserved", [Unobserved.HOLD, Unobserved.WRITE])
def test_where_no_record_is_seen_no_word_is_learnt(
    bench: Bench, ids: tuple[str, str], unobserved: Unobserved
) -> None:
    bench.set_policy(unobserved=unobserved)
    bench.v2.edit(ids[1], assignee="Robin")
    assert planned(bench) == {}


def test_where_kore_hides_nothing_no_word_is_learnt(bench: Bench) -> None:
    _, v2_id = bench.pair()
    bench.v2.hides = HIDDEN
    bench.v2.edit(v2_id, assignee="Robin")
    assert planned(bench) == {}


def test_what_waits_for_a_person_is_not_foreseen(bench: Bench, ids: tuple[str, str]) -> None:
    bench.set_policy(conflict=ConflictRule.MANUAL)
    bench.kore.edit(ids[0], title="Of Kore")
    bench.v2.edit(ids[1], title="Of v2")
    bench.sync()
    assert bench.waits()
    bench.kore.edit(ids[0], priority="High")
    assert planned(bench) == {
        ("kore", "probe"): (["description"], ["description"]),
        ("v2", "update"): (["description", "priority"], ["description"]),
    }


def test_where_no_base_is_known_what_is_hidden_may_go_to_kore_too(
    bench: Bench,
) -> None:
    bench.kore.hides = HIDDEN
    mine, theirs = bench.kore.add("Boiler", "words"), bench.v2.add("Boiler", "of the field")
    bench.sync()
    add(bench, mine, theirs)
    assert planned(bench) == {
        ("kore", "probe"): (["description"], ["description"]),
        ("kore", "update"): (["description"], ["description"]),
        ("v2", "update"): (["description"], ["description"]),
    }


# --- creates -------------------------------------------------------------------------------------


def created(bench: Bench, side: Side) -> tuple[list[str], list[str]]:
    return planned(bench)[str(side), "create"]


def test_what_a_new_task_hides_may_be_added_to_its_counterpart(
    bench: Bench, ids: tuple[str, str]
) -> None:
    bench.kore.add("Ladder", "rungs", assignee="Robin")
    fields = ["title", "description", "status", "priority", "assignee"]
    assert created(bench, Side.V2) == (fields, ["description", "assignee"])


def test_a_new_task_that_hides_nothing_is_sure(bench: Bench, ids: tuple[str, str]) -> None:
    bench.v2.add("Ladder", "rungs")
    assert created(bench, Side.KORE) == (["title", "description", "status"], [])


def test_where_hidden_fields_are_on_hold_a_new_task_is_created_as_it_is_shown(
    bench: Bench, ids: tuple[str, str]
) -> None:
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.kore.add("Ladder", "rungs", assignee="Robin")
    assert created(bench, Side.V2) == (["title", "status", "priority"], [])


def test_a_word_that_no_record_may_tell_is_not_foreseen(bench: Bench) -> None:
    bench.pair()
    bench.kore.add("Ladder", "rungs", assignee="Robin")
    fields = ["title", "description", "status", "priority"]
    assert created(bench, Side.V2) == (fields, [])


def test_where_a_row_hides_whether_it_is_in_scope_its_create_is_open(
    bench: Bench, ids: tuple[str, str]
) -> None:
    bench.kore.hides_facts = True
    bench.set_rules(scope=Scope(kore_queues=("Heating",)))
    bench.kore.add("Ladder")
    fields = ["title", "description", "status", "priority"]
    assert created(bench, Side.V2) == (fields, fields)
