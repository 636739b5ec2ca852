"""Tags of v2 tasks that name the Kore task made from them, where Kore hides the marker."""

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.policy import Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Facts, Standing
from bridge.domain.vocabulary import Word, WordKind
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import CONTACT
from tests.sync.memory.test_adding_links import add, remove, tell
from tests.sync.memory.test_creating import end_first_contact

TAGGED = ((Side.KORE, "k0001"), (Side.V2, "v0001"), (Side.V2, "v0002"))


def tags(*ids: str) -> Facts:
    return Facts(tags=tuple(f"kore:{one}" for one in ids), contact=CONTACT)


@pytest.fixture
def veiled(bench: Bench) -> Bench:
    """Kore hides its descriptions, and is not probed."""
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.set_policy(unobserved=Unobserved.HOLD)
    return bench


def pairs(bench: Bench) -> set[tuple[str | None, str | None]]:
    return {(one.link.kore_id, one.link.v2_id) for one in bench.links()}


def test_a_tagged_task_that_is_linked_meanwhile_is_nobody_else_s(veiled: Bench) -> None:
    veiled.kore.add("Boiler")
    veiled.kore.add("Ladder")
    veiled.v2.add("Boiler", facts=tags("k0001", "k0002"))
    veiled.backfill()
    assert pairs(veiled) == {("k0001", "v0001"), ("k0002", "v0002")}
    assert veiled.waits() == []


def test_a_task_whose_link_a_person_removed_is_not_linked_by_a_copied_tag(veiled: Bench) -> None:
    mine, theirs = veiled.pair("Boiler")
    remove(veiled, mine)
    copy = veiled.v2.add("Boiler", facts=tags(mine))
    veiled.backfill()
    assert veiled.known(Side.KORE, mine).standing is Standing.LEFT
    assert veiled.across(Side.V2, copy) not in (mine, theirs)


@pytest.mark.parametrize("name", ["k0001", "v0001"])
def test_a_backfill_of_one_task_links_that_one_by_its_tag(veiled: Bench, name: str) -> None:
    for title, mine in (("Boiler", "k0001"), ("Ladder", "k0002")):
        veiled.kore.add(title)
        veiled.v2.add(title, facts=tags(mine))
    veiled.backfill(only=(name,))
    assert pairs(veiled) == {("k0001", "v0001")}


def test_of_another_title_it_counts_if_the_bridge_made_the_task_of_kore(veiled: Bench) -> None:
    veiled.kore.words = [Word(Side.KORE, WordKind.SELF, "bridge", "bridge")]
    veiled.kore.add("Boiler", author="bridge")
    veiled.v2.add("Boiler, mended", facts=tags("k0001"))
    veiled.kore.add("Ladder", author="person")
    veiled.v2.add("Roof", facts=tags("k0002"))
    veiled.backfill()
    assert pairs(veiled) == {("k0001", "v0001")}
    assert {one.task_id for one in veiled.waits()} == {"k0002", "v0002"}


def test_a_tag_that_several_bear_parks_all_of_them_until_a_person_decides(veiled: Bench) -> None:
    veiled.kore.add("Boiler")
    for _ in range(2):
        veiled.v2.add("Ladder", facts=tags("k0001"))
    veiled.backfill()
    assert {one.task_id: one.candidates for one in veiled.waits()} == {
        "k0001": ("v0001", "v0002"),
        "v0001": ("k0001",),
        "v0002": ("k0001",),
    }
    for one in veiled.waits():
        assert "REC-1, REC-2 name TS1" in one.reason
    with veiled.store.begin() as unit:
        assert [one for side in Side for one in unit.due_tasks(side, 9)] == []
    add(veiled, "k0001", "v0002")
    assert pairs(veiled) == {("k0001", "v0002")}


def test_the_history_says_whose_tag_named_whom(veiled: Bench) -> None:
    veiled.kore.add("Boiler")
    veiled.v2.add("Boiler", facts=tags("k0001"))
    veiled.backfill()
    with veiled.store.begin() as unit:
        (view,) = unit.all_links()
    assert "the tag of REC-1 names TS1" in str(veiled.rows()["history"])
    assert view.link.origin is Side.V2


@pytest.fixture
def unsure(veiled: Bench) -> Bench:
    """Two of v2 bear the tag of one of Kore: nobody can tell, so all are parked."""
    end_first_contact(veiled)
    veiled.kore.add("Boiler")
    for _ in range(2):
        veiled.v2.add("Ladder", facts=tags("k0001"))
    veiled.sync()
    assert {one.task_id for one in veiled.waits()} == {"k0001", "v0001", "v0002"}
    return veiled


def decide(bench: Bench, kind: InstructionKind, task_id: str) -> None:
    (wait,) = (one for one in bench.waits() if one.task_id == task_id)
    tell(bench, kind, failures=[{"id": wait.id}])


def test_what_a_person_left_is_not_asked_about_again(unsure: Bench) -> None:
    for task_id in ("k0001", "v0001", "v0002"):
        decide(unsure, InstructionKind.DISCARD, task_id)
    unsure.kore.add("Roof")
    unsure.settle()
    assert unsure.waits() == []
    assert {unsure.known(side, one).standing for side, one in TAGGED} == {Standing.LEFT}


def test_what_a_person_wants_created_is_created_whatever_its_tag_names(unsure: Bench) -> None:
    decide(unsure, InstructionKind.RETRY, "v0002")
    unsure.settle()
    assert unsure.across(Side.V2, "v0002") == "k0002"
    assert {one.task_id for one in unsure.waits()} == {"k0001", "v0001"}
