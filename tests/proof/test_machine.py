"""A sample of the machine, and what its oracle itself is held to."""

import pytest

from tests.proof.machine.shard import Shard, run_shard


@pytest.mark.slow
@pytest.mark.parametrize(("ground", "examples"), [("memory", 12), ("http", 2)])
def test_whatever_happens_in_a_sample_of_worlds_the_promises_hold(
    ground: str, examples: int
) -> None:
    result = run_shard(Shard(ground=ground, seed=20, examples=examples))
    assert not result.failure, result.failure
    assert result.figures["examples"] >= examples
