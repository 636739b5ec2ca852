"""Observations: what is known of every task, and which of them have no counterpart."""

from dataclasses import replace

from bridge.domain.link import LinkState
from bridge.domain.side import TaskId
from bridge.domain.task import Case, Contact, Facts, Standing
from bridge.store.sql_store import SqlStore
from tests.store.both import AnyStore
from tests.store.clocks import START
from tests.store.samples import FACTS, KORE, V2, add_pair, known, link, marker


def test_only_known_tasks_have_a_digest(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1"), known(V2, "k2")])
        assert unit.digests(KORE, ["k1", "k2", "k3"]) == {"k1": "digest of k1"}


def test_saving_a_task_again_replaces_it_and_counts_it_once(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        unit.save_known([known(KORE, "k1", title="Warm boiler")])
        assert unit.known(KORE, ["k1"])["k1"].task.title == "Warm boiler"
        assert unit.count_tasks(KORE) == 1
        assert unit.count_tasks(V2) == 0


def test_saving_a_task_again_keeps_its_mark(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        unit.mark_due(KORE, ["k1"])
        unit.save_known([known(KORE, "k2"), known(KORE, "k1", title="Warm boiler")])
        assert [one.task.id for one in unit.due_tasks(KORE, 9)] == ["k1"]


def test_saving_a_task_again_keeps_its_number(sql_store: SqlStore) -> None:
    with sql_store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        unit.save_known([known(KORE, "k2"), known(KORE, "k1", title="Warm boiler")])
    with sql_store.transaction() as connection:
        rows = connection.exec_driver_sql("SELECT id, n FROM observations ORDER BY n").all()
    assert [tuple(row) for row in rows] == [("k1", 1), ("k2", 2)]


def test_thousands_of_ids_travel_at_once(store: AnyStore) -> None:
    ids = [f"k{number}" for number in range(40_000)]
    with store.begin() as unit:
        unit.save_known([known(KORE, "k39999")])
        assert [*unit.digests(KORE, ids)] == ["k39999"]


def test_nothing_is_saved_from_nothing(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([])
        assert unit.digests(KORE, []) == {}
        assert unit.known(KORE, []) == {}


def test_facts_are_forgotten_once_the_task_has_a_counterpart(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1"), known(V2, "v1")])
        number = unit.add_link(link("k1", None, LinkState.CREATING))
        assert unit.known(KORE, ["k1"])["k1"].task.facts == FACTS
        unit.save_link(replace(link("k1", "v1"), id=number))
        assert unit.known(KORE, ["k1"])["k1"].task.facts == Facts()
        unit.save_known([known(V2, "v1")])
        assert unit.known(V2, ["v1"])["v1"].task.facts == Facts()


def test_the_contact_of_a_case_goes_with_the_facts(store: AnyStore) -> None:
    case = Case(id="ci-1", ref="CS1", name="Heating", contact=Contact(name="Ann", email="a@b.c"))
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1", container=case)])
        assert unit.known(KORE, ["k1"])["k1"].task.container == case
        unit.add_link(link("k1", "v1"))
        assert unit.known(KORE, ["k1"])["k1"].task.container == replace(case, contact=None)


def test_a_task_whose_create_was_refused_still_has_its_facts(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        number = unit.add_link(link("k1", None, LinkState.CREATING))
        unit.save_known([known(KORE, "k1", title="Warm boiler")])
        unit.drop_link(number)
        assert [one.task.facts for one in unit.unlinked(KORE)] == [FACTS]


def test_a_task_is_unlinked_unless_a_living_link_names_it(store: AnyStore) -> None:
    with store.begin() as unit:
        for number, state in enumerate(LinkState):
            add_pair(unit, number, state)
        unit.save_known([known(KORE, "k9")])
        removed = [*LinkState].index(LinkState.REMOVED)
        assert [one.task.id for one in unit.unlinked(KORE)] == [f"k{removed}", "k9"]
        assert [one.task.id for one in unit.unlinked(V2)] == [f"v{removed}"]


def test_unlinked_tasks_are_found_by_standing(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known(
            [
                known(KORE, "k1", standing=Standing.LEFT),
                known(KORE, "k2", standing=Standing.UNROUTABLE),
                known(KORE, "k3"),
            ]
        )
        found = unit.unlinked(KORE, [Standing.LEFT, Standing.NEW])
        assert [one.task.id for one in found] == ["k1", "k3"]


def test_all_unlinked_tasks_are_read_though_the_reader_links_them(store: AnyStore) -> None:
    ids = [f"k{number:04}" for number in range(1203)]
    with store.begin() as unit:
        unit.save_known([known(KORE, task_id) for task_id in ids])
        seen = []
        for one in unit.unlinked(KORE):
            seen.append(one.task.id)
            unit.add_link(link(one.task.id, f"v{one.task.id}"))
        assert seen == ids
        assert [*unit.unlinked(KORE)] == []


def test_of_the_unlinked_tasks_of_v2_those_are_found_that_bear_a_tag_of_kore(
    store: AnyStore,
) -> None:
    tagged = Facts(tags=("urgent", "kore:k1"))
    with store.begin() as unit:
        bearers = [known(side, f"{side}{n}", facts=tagged) for side in (V2, KORE) for n in (1, 2)]
        others = [Facts(tags=("kores:k1", "x kore:k1")), Facts(), FACTS]
        plain = [known(V2, f"plain{n}", facts=facts) for n, facts in enumerate(others)]
        unit.save_known([*bearers, *plain])
        unit.save_link(link("k9", "v21"))
        assert [one.task.id for one in unit.tagged()] == ["v22"]
        unit.set_gone(V2, ["v22"], START)
        assert [*unit.tagged()] == []


def test_unlinked_tasks_are_counted_by_standing(store: AnyStore) -> None:
    left = Standing.LEFT
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1", standing=left), known(V2, "v1", standing=left)])
        unit.save_known([known(V2, "v2", standing=left), known(V2, "v3")])
        unit.add_link(link("k9", "v2"))
        counts = [unit.count_standing(left, side) for side in (KORE, V2, None)]
        assert counts == [1, 1, 2]
        assert unit.count_standing(Standing.ORPHAN) == 0
        wanted = (left, Standing.NEW, Standing.ORPHAN)
        assert unit.count_standings(wanted) == {left: 2, Standing.NEW: 1, Standing.ORPHAN: 0}


def test_a_task_comes_once_though_the_reader_changes_its_standing(store: AnyStore) -> None:
    ids = [f"k{number:04}" for number in range(700)]
    both = [Standing.NEW, Standing.LEFT]
    with store.begin() as unit:
        unit.save_known([known(KORE, one, standing=both[n % 2]) for n, one in enumerate(ids)])
        seen = []
        for one in unit.unlinked(KORE, both):
            seen.append(one.task.id)
            unit.save_known([one.standing_as(both[one.standing is Standing.NEW])])
        assert seen == ids


def test_unlinked_tasks_are_found_by_the_key_of_their_title(store: AnyStore) -> None:
    with store.begin() as unit:
        add_pair(unit, 1)
        unit.save_known([known(KORE, "k2"), known(KORE, "k3", title="Lamp")])
        found = unit.unlinked_titled(KORE, ["Broken boiler", "Door"])
        assert [one.task.id for one in found] == ["k2"]


def test_bearers_are_found_linked_or_not_on_the_other_side_only(store: AnyStore) -> None:
    with store.begin() as unit:
        add_pair(unit, 1)
        unit.save_known(
            [
                known(V2, "v1", marker=marker(KORE, "k1")),
                known(V2, "v2", marker=marker(KORE, "k1")),
                known(V2, "v3", marker=marker(KORE, "k2")),
                known(KORE, "k4", marker=marker(V2, "k1")),
            ]
        )
        assert [one.task.id for one in unit.bearers(KORE, TaskId("k1"))] == ["v1", "v2"]


def test_a_task_is_found_by_id_and_by_reference(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1", ref="TS1"), known(V2, "v1", ref="REC-1")])
        assert [one.task.id for one in unit.find_task("REC-1")] == ["v1"]
        assert [one.task.id for one in unit.find_task("k1")] == ["k1"]
        assert unit.find_task("k2") == []


def test_a_name_is_found_whatever_its_case_and_blanks_but_as_it_is_written_first(
    store: AnyStore,
) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1", ref="TS1"), known(V2, "v1", ref="REC-1")])
        unit.save_known([known(KORE, "aB", ref="TS2"), known(KORE, "ab", ref="TS3")])
        assert [one.task.id for one in unit.find_task(" rec-1\n")] == ["v1"]
        assert [one.task.id for one in unit.find_task("Ts1")] == ["k1"]
        assert [one.task.id for one in unit.find_task("K1")] == ["k1"]
        assert [one.task.id for one in unit.find_task("aB")] == ["aB"]
        assert [one.task.id for one in unit.find_task("AB")] == ["ab"]
        assert [*unit.find_task(" ")] == []


def test_pairs_do_not_see_each_other(store: AnyStore) -> None:
    with store.begin() as unit:
        add_pair(unit, 1)
    with store.of_pair("other").begin() as unit:
        assert unit.count_tasks(KORE) == 0
        assert [*unit.all_links()] == []
        add_pair(unit, 1)
        assert unit.count_tasks(KORE) == 1
    with store.begin() as unit:
        assert unit.count_tasks(KORE) == 1
