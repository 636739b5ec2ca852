"""What the bridge made before and cannot know again: Kore hides its marker, and is not probed."""

from datetime import timedelta

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.policy import Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.domain.vocabulary import Word, WordKind
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import add, tell
from tests.sync.memory.test_backlinks import tags
from tests.sync.memory.test_creating import end_first_contact


@pytest.fixture(params=[Unobserved.HOLD, Unobserved.WRITE])
def veiled(bench: Bench, request: pytest.FixtureRequest) -> Bench:
    """Kore hides its descriptions, and is not probed."""
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.set_policy(unobserved=request.param)
    return bench


def counts(bench: Bench) -> tuple[int, int]:
    return len(bench.kore.records), len(bench.v2.records)


def lose_the_database(bench: Bench, *, is_contact_over: bool = False) -> None:
    """A new database, or an old one that never heard of these tasks."""
    kore, v2 = dict(bench.kore.records), dict(bench.v2.records)
    bench.begin_anew()
    if is_contact_over:
        bench.kore.records.clear()
        bench.v2.records.clear()
        end_first_contact(bench)
        bench.kore.records.update(kore)
        bench.v2.records.update(v2)


def test_after_a_lost_database_a_backfill_makes_none_of_a_title_again(veiled: Bench) -> None:
    kore_id, v2_id = veiled.pair("Boiler", Side.V2)
    lose_the_database(veiled)
    veiled.backfill()
    assert counts(veiled) == (1, 1)
    assert {one.task_id: one.candidates for one in veiled.waits()} == {
        kore_id: (v2_id,),
        v2_id: (kore_id,),
    }
    add(veiled, kore_id, v2_id)
    veiled.settle()
    assert counts(veiled) == (1, 1)
    assert veiled.waits() == []


@pytest.mark.parametrize("title", ["Boiler", None])
def test_where_an_old_database_was_put_back_a_cycle_makes_none_again(
    veiled: Bench, title: str | None
) -> None:
    end_first_contact(veiled)
    veiled.v2.add(title)
    veiled.sync()
    assert counts(veiled) == (1, 1)
    lose_the_database(veiled, is_contact_over=True)
    veiled.sync(is_full=True)
    veiled.sync()
    assert counts(veiled) == (1, 1)


def test_a_person_may_say_that_it_is_another_task(veiled: Bench) -> None:
    _, v2_id = veiled.pair("Boiler", Side.V2)
    lose_the_database(veiled)
    veiled.backfill()
    (wait,) = (one for one in veiled.waits() if one.task_id == v2_id)
    tell(veiled, InstructionKind.RETRY, failures=[{"id": wait.id}])
    veiled.sync()
    assert veiled.across(Side.V2, v2_id) == "k0002"


def test_what_is_older_than_the_task_of_v2_was_not_made_from_it(veiled: Bench) -> None:
    end_first_contact(veiled)
    veiled.kore.add("Boiler")
    veiled.clock.pass_time(timedelta(hours=1).total_seconds())
    veiled.v2.add("Boiler")
    veiled.sync()
    assert counts(veiled) == (2, 2)


def test_what_somebody_else_made_in_kore_was_not_made_by_the_bridge(veiled: Bench) -> None:
    end_first_contact(veiled)
    veiled.kore.words = [Word(Side.KORE, WordKind.SELF, "bridge", "bridge")]
    veiled.v2.add("Boiler")
    veiled.kore.add("Boiler", author="person")
    veiled.sync(is_full=True)
    assert counts(veiled) == (2, 2)


def test_a_finished_task_of_its_title_holds_nothing_up(veiled: Bench) -> None:
    end_first_contact(veiled)
    kore_id = veiled.kore.add("Boiler", status="Resolved")
    v2_id = veiled.v2.add("Boiler")
    veiled.sync()
    assert veiled.across(Side.V2, v2_id) not in (None, kore_id)
    assert len(veiled.v2.records) == 1


def test_what_a_tag_names_is_linked_by_any_cycle(veiled: Bench) -> None:
    end_first_contact(veiled)
    veiled.kore.add("Boiler")
    veiled.v2.add("Boiler", facts=tags("k0001"))
    veiled.sync()
    assert veiled.across(Side.V2, "v0001") == "k0001"
    assert counts(veiled) == (1, 1)


def test_as_long_as_first_contact_lasts_no_cycle_links_by_a_tag(veiled: Bench) -> None:
    veiled.kore.add("Boiler")
    veiled.v2.add("Boiler", facts=tags("k0001"))
    veiled.sync()
    assert veiled.known(Side.V2, "v0001").standing is Standing.NEW
    assert veiled.links() == []


@pytest.mark.parametrize(("earlier_by", "made"), [(4.0, 0), (6.0, 1)])
def test_clocks_that_may_be_apart_by_the_tolerance_make_nothing_older(
    veiled: Bench, earlier_by: float, made: int
) -> None:
    end_first_contact(veiled)
    now = veiled.clock.now()
    veiled.kore.add("Boiler", created_at=now - timedelta(seconds=earlier_by))
    veiled.v2.add("Boiler", created_at=now)
    veiled.sync()
    assert counts(veiled) == (1 + made, 1 + made)


@pytest.mark.parametrize("side", Side)
def test_what_does_not_say_when_it_was_made_may_have_been_made_by_the_bridge(
    veiled: Bench, side: Side
) -> None:
    end_first_contact(veiled)
    kore_id = veiled.kore.add("Boiler")
    veiled.clock.pass_time(timedelta(hours=1).total_seconds())
    v2_id = veiled.v2.add("Boiler")
    veiled.service(side).undated = {kore_id, v2_id}
    veiled.sync()
    assert counts(veiled) == (1, 1)


@pytest.mark.parametrize(("author", "made"), [("bridge", 0), ("person", 1), (None, 0)])
def test_it_is_the_author_in_kore_who_counts_where_one_is_shown(
    veiled: Bench, author: str | None, made: int
) -> None:
    end_first_contact(veiled)
    veiled.kore.words = [Word(Side.KORE, WordKind.SELF, "bridge", "bridge")]
    veiled.kore.shows_author = author is not None
    veiled.v2.add("Boiler")
    veiled.kore.add("Boiler", author=author or "person")
    veiled.sync(is_full=True)
    assert counts(veiled) == (1 + made, 1 + made)


def test_a_task_that_kore_shows_whole_is_no_copy_without_a_marker(bench: Bench) -> None:
    bench.set_policy(unobserved=Unobserved.HOLD)
    end_first_contact(bench)
    bench.kore.add("Boiler")
    bench.v2.add("Boiler")
    bench.sync()
    assert counts(bench) == (2, 2)


def test_the_person_who_decides_is_told_which_tasks_have_one_name(veiled: Bench) -> None:
    end_first_contact(veiled)
    v2_id = veiled.v2.add("Boiler")
    first, second = veiled.kore.add("Boiler"), veiled.kore.add("Boiler")
    veiled.sync()
    names = [veiled.known(Side.KORE, one).task.name for one in (first, second)]
    (wait,) = (one for one in veiled.waits() if one.task_id == v2_id)
    assert f"{names[0]}, {names[1]} of Kore has its name" in wait.reason
    assert {one.reason.partition(" has")[0] for one in veiled.waits() if one.task_id == first} == {
        f"{veiled.known(Side.V2, v2_id).task.name} of v2"
    }


def test_a_copy_without_any_title_is_like_nothing(veiled: Bench) -> None:
    end_first_contact(veiled)
    veiled.kore.add(None)
    veiled.v2.add("Boiler")
    veiled.sync()
    assert len(veiled.kore.records) == 2


def test_a_task_of_kore_called_like_the_reference_of_one_that_has_a_title_is_no_copy(
    veiled: Bench,
) -> None:
    end_first_contact(veiled)
    v2_id = veiled.v2.add("Boiler")
    veiled.kore.add(veiled.v2.records[v2_id].ref)
    veiled.sync()
    assert counts(veiled) == (2, 2)


def test_a_finished_copy_without_a_counterpart_makes_nobody_decide(veiled: Bench) -> None:
    end_first_contact(veiled)
    kore_id = veiled.kore.add("Boiler", status="Resolved")
    veiled.v2.add("Boiler")
    veiled.sync()
    assert [one.task_id for one in veiled.waits() if one.task_id == kore_id] == []
    assert veiled.known(Side.KORE, kore_id).standing is Standing.FINISHED
