"""What is asked for a task does not grow with all that has its title, or bears a tag."""

from typing import Any

import pytest

from bridge.domain.side import Side
from bridge.domain.task import Facts
from bridge.sync import namesake
from bridge.sync.alike import is_wanted
from tests.plain.tasks import Tasks
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import CONTACT

KORE, V2 = Side.KORE, Side.V2


@pytest.mark.parametrize("count", [20, 40])
def test_what_is_asked_for_a_created_task_does_not_grow_with_its_namesakes(
    bench: Bench, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.pair("Old", KORE)
    for _ in range(count):
        bench.v2.add("Inspection")
    bench.backfill(skips=True)
    asked: list[str] = []

    def counted(unit: Any, known: Any) -> bool:
        asked.append(known.task.id)
        return is_wanted(unit, known)

    monkeypatch.setattr(namesake, "is_wanted", counted)
    bench.kore.add("Inspection")
    bench.sync(sweeps=False)
    assert bench.done()
    assert len(asked) <= 5, len(asked)


def test_a_backfill_of_namesakes_is_not_quadratic(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 30
    for _ in range(count):
        bench.v2.add("Inspection")
        bench.kore.add("Inspection")
    asked: list[str] = []

    def counted(unit: Any, known: Any) -> bool:
        asked.append(known.task.id)
        return is_wanted(unit, known)

    monkeypatch.setattr(namesake, "is_wanted", counted)
    bench.backfill()
    assert len(asked) <= 6 * count, len(asked)


def test_tags_are_not_read_through_for_each_task(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:

    bench.pair("Old", KORE)
    bench.pair("Older", V2)
    many, bare = 50, 10
    for number in range(many):
        facts = Facts(tags=(f"kore:gone{number}",), contact=CONTACT)
        bench.v2.add(f"Garden {number}", facts=facts)
    bench.backfill(skips=True)
    rows: list[str] = []
    tagged = Tasks.tagged

    def counted(self: Any) -> Any:
        for one in tagged(self):
            rows.append(one.task.id)
            yield one

    monkeypatch.setattr(Tasks, "tagged", counted)
    for number in range(bare):
        made = bench.kore.add(f"Pump {number}", author="app")
        bench.clock.pass_time(1)
        bench.kore.edit(made, text="by the same user", author="app")
    bench.sync(sweeps=False)
    assert len(rows) <= 2 * many, len(rows)
