"""A backfill sees every hidden task of Kore whole before it decides: those, once, and no others."""

import pytest

from bridge.domain.side import Field, Side
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import remove


@pytest.fixture
def veiled(bench: Bench) -> Bench:
    """Of four tasks whose description Kore's list hides, two are still to be seen.

    One was seen whole before, and the link of another was removed by a person.
    """
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    mine, _ = bench.pair("Boiler", text="words")
    remove(bench, mine)
    bench.kore.add("Pump", status="Closed")
    bench.backfill()
    bench.kore.edit(mine, title="Boiler, mended")
    bench.kore.add("Ladder", "rungs")
    bench.kore.add("Stove", "embers")
    bench.forget_calls()
    return bench


def probed(bench: Bench) -> list[str]:
    return sorted(write.task_id for write in bench.kore.writes if write.call == "probe")


def announced(bench: Bench) -> list[int]:
    """How many tasks the last backfill said it would see whole."""
    return [one["total"] for one in bench.heard.of("progress") if one["step"] == "probe"]


def test_what_is_still_hidden_is_seen_and_counted_before_and_nothing_else(veiled: Bench) -> None:
    veiled.backfill()
    assert probed(veiled) == ["k0003", "k0004"]
    assert announced(veiled)[-1] == 2


def test_what_is_refused_is_asked_for_once(veiled: Bench) -> None:
    veiled.kore.refuses = lambda request: request.task_id == "k0003"
    veiled.backfill()
    assert veiled.kore.calls.count("probe") == 2
    assert veiled.is_linked(Side.KORE, "k0004")
    assert not veiled.is_linked(Side.KORE, "k0003")
