"""The stories, as data; each file holds those of one kind."""

from tests.proof.sweep.scenario import Scenario
from tests.proof.sweep.scenarios import (
    backfills,
    conflicts,
    creates,
    directions,
    first_starts,
    recoveries,
    refusals,
    updates,
)

ALL: tuple[Scenario, ...] = (
    *first_starts.ALL,
    *backfills.ALL,
    *creates.ALL,
    *updates.ALL,
    *conflicts.ALL,
    *refusals.ALL,
    *directions.ALL,
    *recoveries.ALL,
)
BY_NAME = {scenario.name: scenario for scenario in ALL}
