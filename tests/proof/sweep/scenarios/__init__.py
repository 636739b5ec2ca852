"""The stories, as data; each file holds those of one kind."""

from tests.proof.sweep.scenario import Scenario
from tests.proof.sweep.scenarios import (
    absences,
    backfills,
    conflicts,
    creates,
    directions,
    first_starts,
    guards,
    recoveries,
    refusals,
    updates,
    words,
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
    *guards.ALL,
    *absences.ALL,
    *words.ALL,
)
BY_NAME = {scenario.name: scenario for scenario in ALL}
