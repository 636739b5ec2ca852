"""Conflicts: both values are kept, open ones until they are decided, decided ones for ever."""

from collections.abc import Mapping
from typing import Any

from bridge.domain.link import FieldBase
from bridge.domain.operation import WaitKind
from bridge.domain.side import Field, LinkId, Side
from bridge.domain.values import UNSEEN, Value, text_value
from bridge.ports import Unit
from tests.store.both import AnyStore
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, add_pair, wait

BASE = FieldBase(kore=text_value("old"), v2=None)
VALUES = {"kore": Value("a", "A", "open"), "v2": None, "base": BASE, "note": "by hand"}


def save(
    unit: Unit,
    link_id: LinkId,
    *,
    seconds: float = 0,
    winner: Side | None = None,
    values: Mapping[str, Any] = VALUES,
) -> None:
    unit.save_conflict(
        link_id, Field.TITLE, values, rule="manual", winner=winner, at=after(seconds)
    )


def test_an_open_conflict_is_listed_with_both_values_and_its_base(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        save(unit, link_id)
        (found,) = unit.conflicts(is_settled=False)
        assert unit.conflicts(is_settled=True) == []
    assert {**found, "id": 0} == {
        "id": 0,
        "link_id": link_id,
        "kore_id": "k1",
        "v2_id": "v1",
        "field": Field.TITLE,
        "kore": Value("a", "A"),
        "v2": None,
        "base": {"kore": text_value("old"), "v2": None},
        "note": "by hand",
        "rule": "manual",
        "winner": None,
        "since": START,
        "settled_at": None,
    }
    assert (found["kore"].text, found["kore"].kind) == ("A", "open")


def test_a_value_that_was_not_observed_is_left_out(store: AnyStore) -> None:
    with store.begin() as unit:
        save(unit, add_pair(unit, 1), values={"kore": UNSEEN, "v2": None})
        (found,) = unit.conflicts(is_settled=False)
        assert "kore" not in found
        assert found["v2"] is None


def test_an_open_conflict_that_is_met_again_stays_one(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        save(unit, link_id)
        save(unit, link_id, seconds=60, values={"kore": None})
        (found,) = unit.conflicts(is_settled=False)
        assert (found["since"], found["kore"]) == (START, None)


def test_a_decision_settles_the_open_conflict(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        save(unit, link_id)
        save(unit, link_id, seconds=60, winner=KORE)
        (found,) = unit.conflicts(is_settled=True)
        assert (found["winner"], found["settled_at"]) == (KORE, after(60))
        assert unit.conflicts(is_settled=False) == []


def test_each_conflict_that_a_rule_decides_is_kept(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        save(unit, link_id, winner=KORE)
        save(unit, link_id, seconds=60, winner=V2)
        assert [one["winner"] for one in unit.conflicts(is_settled=True)] == [KORE, V2]


def test_a_conflict_that_people_settle_in_the_services_leaves_the_list(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        save(unit, link_id)
        unit.replace_waits([wait(WaitKind.CONFLICT)], link_id=link_id, at=START)
        assert len(unit.conflicts(is_settled=False)) == 1
        unit.replace_waits([], link_id=link_id, at=after(60))
        assert unit.conflicts(is_settled=False) == []
        (found,) = unit.conflicts(is_settled=True)
        assert (found["winner"], found["settled_at"]) == (None, after(60))


def test_a_decision_is_one_conflict_whatever_is_stored_first(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        save(unit, link_id)
        unit.replace_waits([wait(WaitKind.CONFLICT)], link_id=link_id, at=START)
        unit.replace_waits([], link_id=link_id, at=after(60))
        save(unit, link_id, seconds=60, winner=V2)
        (found,) = unit.conflicts(is_settled=True)
        assert found["winner"] is V2


def test_a_conflict_is_found_by_its_id_open_or_settled(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        save(unit, link_id)
        (listed,) = unit.conflicts(is_settled=False)
        assert unit.conflict(listed["id"]) == listed
        save(unit, link_id, seconds=60, winner=KORE)
        found = unit.conflict(listed["id"])
        assert found is not None
        assert found["winner"] is KORE
        assert unit.conflict(listed["id"] + 1) is None


def test_a_value_that_is_taken_back_gives_the_conflict_another_winner(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        unit.save_conflict(link_id, Field.TITLE, VALUES, rule="newest", winner=KORE, at=START)
        save(unit, link_id, seconds=60, winner=KORE)
        first, second = unit.conflicts(is_settled=True)
        unit.turn_conflict(first["id"], "manual", V2, after(90))
        turned, other = unit.conflicts(is_settled=True)
    assert (turned["winner"], turned["rule"], turned["settled_at"]) == (V2, "manual", after(90))
    assert (turned["kore"], turned["v2"]) == (first["kore"], first["v2"])
    assert other == second


def test_another_pairs_conflict_is_neither_found_nor_turned(store: AnyStore) -> None:
    with store.begin() as unit:
        save(unit, add_pair(unit, 1), winner=KORE)
        (mine,) = unit.conflicts(is_settled=True)
    other = store.of_pair("another")
    with other.begin() as unit:
        assert unit.conflict(mine["id"]) is None
        unit.turn_conflict(mine["id"], "manual", V2, START)
    with store.begin() as unit:
        assert unit.conflict(mine["id"]) == mine
