"""A v2 task without a title bears its reference in Kore, and that name is never carried back."""

from bridge.domain.side import Field, Side
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_importing_links import lose_database, take_in


def nameless_pair(bench: Bench) -> tuple[str, str]:
    """A v2 task without a title, and what was created for it."""
    kore_id, v2_id = bench.pair(title=None, origin=Side.V2)  # type: ignore[arg-type]
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("REC-1", None)
    return str(kore_id), str(v2_id)


def test_a_title_that_is_taken_off_in_v2_leaves_the_reference_in_kore(bench: Bench) -> None:
    ids = nameless_pair(bench)
    bench.v2.edit(ids[1], title="Boiler")
    bench.settle()
    assert bench.values(Field.TITLE, *ids) == ("Boiler", "Boiler")
    bench.v2.edit(ids[1], title=None)
    bench.settle()
    assert bench.values(Field.TITLE, *ids) == ("REC-1", None)
    assert bench.waits() == []


def test_the_reference_is_not_carried_back_once_the_database_is_lost(bench: Bench) -> None:
    ids = nameless_pair(bench)
    lines = lose_database(bench)
    take_in(bench, *(line.rsplit(",", 1)[0] + "," for line in lines))
    bench.forget_calls()
    bench.sync(is_full=True)
    bench.settle()
    assert bench.values(Field.TITLE, *ids) == ("REC-1", None)
    assert bench.kore.writes == bench.v2.writes == []
    link = bench.links()[0].link
    assert (link.stand_in, link.origin) == ("REC-1", Side.V2)
    assert link.marker == "[task-bridge v2:REC-1 v0001]"
