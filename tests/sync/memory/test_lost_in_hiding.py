"""An update whose answer is lost, of a field that Kore hides: what shows what became of it."""

import pytest

from bridge.domain.operation import Journalled, OperationKind, Outcome
from bridge.domain.policy import Unobserved
from bridge.domain.side import Field
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench


def lose_answer(bench: Bench, *, is_applied: bool) -> tuple[str, int]:
    """v2's new description is on its way to Kore, which hides it; gives Kore's id and the link."""
    kore_id, v2_id = bench.pair(text="words")
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.settle()
    bench.v2.edit(v2_id, text="new words")
    lost = Unreachable("kore", "No answer.", is_outcome_unknown=True)
    bench.kore.fail("update", lost, applied=is_applied)
    bench.sync()
    bench.clock.pass_time(400)
    return kore_id, bench.links()[0].link.id


def the_lost_one(bench: Bench, link_id: int) -> Journalled:
    """The update whose answer never came, as the journal has it now."""
    with bench.store.begin() as unit:
        found = [
            one
            for run in range(1, bench.desk.run_id + 1)
            for one in unit.operations_of(run)
            if one.operation.link_id == link_id and one.operation.kind is OperationKind.UPDATE
        ]
    return found[0]


@pytest.mark.parametrize("is_applied", [True, False])
def test_a_probe_shows_what_became_of_it(bench: Bench, is_applied: bool) -> None:
    bench.set_policy(unobserved=Unobserved.PROBE)
    kore_id, link = lose_answer(bench, is_applied=is_applied)
    bench.settle()
    found = the_lost_one(bench, link)
    assert found.outcome is (Outcome.DONE if is_applied else Outcome.DROPPED)
    assert bench.kore.value(kore_id, Field.DESCRIPTION) == "new words"
    assert bench.waits() == []
