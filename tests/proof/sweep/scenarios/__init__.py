"""The stories, as data; each file holds those of one kind."""

from tests.proof.sweep.scenario import Scenario
from tests.proof.sweep.scenarios import creates

ALL: tuple[Scenario, ...] = (*creates.ALL,)
BY_NAME = {scenario.name: scenario for scenario in ALL}
