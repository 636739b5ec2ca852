"""How everything stands after a sweep: each thing counted once, under the state of the report."""

from dataclasses import replace

from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.side import Field, LinkId, Side
from bridge.domain.task import Standing
from bridge.sync.totals import count_totals
from tests.sync.memory.bench import Bench


def totals(bench: Bench) -> dict[str, int]:
    with bench.store.begin() as unit:
        return count_totals(unit)


def waiting(link_id: LinkId, *kinds: WaitKind) -> list[Wait]:
    """A field for each of the kinds."""
    return [
        Wait(
            kind=kind,
            operation=OperationKind.UPDATE,
            side=Side.KORE,
            link_id=link_id,
            field=name,
            reason="It waits.",
        )
        for kind, name in zip(kinds, Field, strict=False)
    ]


def test_what_waits_is_counted_by_field_under_its_state(bench: Bench) -> None:
    for title in ("Boiler", "Pump", "Roof"):
        bench.pair(title)
    bench.settle()
    held_up, decided, _ = (view.link.id for view in bench.links())
    rest = [kind for kind in WaitKind if kind is not WaitKind.HELD]
    with bench.store.begin() as unit:
        now = bench.clock.now()
        unit.replace_waits(waiting(held_up, *rest), link_id=held_up, at=now)
        unit.replace_waits(waiting(decided, WaitKind.HELD), link_id=decided, at=now)
    found = totals(bench)
    assert (found["links"], found["in_step"]) == (3, 1)
    states = ("conflict", "failed", "unmapped", "waiting", "drifted")
    assert [found[name] for name in states] == [1, 1, 1, 3, 1]


def test_what_nothing_waits_for_is_not_listed(bench: Bench) -> None:
    bench.pair()
    bench.settle()
    assert totals(bench) == {
        "links": 1,
        "in_step": 1,
        "missing": 0,
        "duplicate": 0,
        "unroutable": 0,
        "out_of_scope": 0,
        "only_kore": 0,
        "only_v2": 0,
    }


def test_tasks_alone_are_counted_by_what_they_are_and_their_side(bench: Bench) -> None:
    of_kore = [*(Standing(one) for one in Standing if one is not Standing.LINKED), Standing.NEW]
    ids = [bench.kore.add(f"Task {number}") for number in range(len(of_kore))]
    mine = bench.v2.add("Ladder")
    bench.sync()
    with bench.store.begin() as unit:
        known = unit.known(Side.KORE, ids)
        stand = [known[one].standing_as(now, "so") for one, now in zip(ids, of_kore, strict=True)]
        unit.save_known(
            [*stand, unit.known(Side.V2, [mine])[mine].standing_as(Standing.HELD, "so")]
        )
    found = totals(bench)
    assert (found["only_kore"], found["only_v2"]) == (3, 1)  # two new ones and one held; one held
    assert (found["duplicate"], found["unroutable"], found["out_of_scope"]) == (1, 1, 3)


def test_links_that_were_removed_count_no_more_and_missing_ones_do(bench: Bench) -> None:
    for title in ("Boiler", "Pump", "Roof"):
        bench.pair(title)
    bench.settle()
    _, lost, removed = (view.link for view in bench.links())
    at = bench.clock.now()
    with bench.store.begin() as unit:
        missing = replace(lost, state=LinkState.MISSING, gone_side=Side.V2, gone_at=at)
        unit.save_link(replace(missing, changed_at=at))
        unit.save_link(replace(removed, state=LinkState.REMOVED, changed_at=at))
        apart = [
            one.standing_as(Standing.LEFT, "its link was removed")
            for side in Side
            for one in unit.known(side, [str(removed.task_id(side))]).values()
        ]
        unit.save_known(apart)
    found = totals(bench)
    assert (found["links"], found["missing"], found["in_step"]) == (2, 1, 1)
    assert found["out_of_scope"] == 2
