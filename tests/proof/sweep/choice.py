"""Which runs a sweep makes of a scenario: every step with every fate, and samples beside them.

The samples are drawn with a seed and the scenario's name, so that the same seed draws the same.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.proof.sweep.points import WRITE_FATES, Attempt, Fate, Point, Step

SECOND_KILLS, MANY_WORKERS, LIVED_ON = 0.03, 0.025, 0.1
LATE_UPDATES = 0.5  # of these: each takes as long as two others
WORKERS = 4


@dataclass(frozen=True, slots=True)
class Chooser:
    """Draws for one scenario; `most` limits how many of its runs are made (None: all)."""

    seed: int
    scenario: str
    most: int | None = None

    def first_kills(self, points: Sequence[Point]) -> list[Attempt]:
        """Every step with every fate; some of the writes also with a bridge that lives on."""
        rng = self._drawn("lived on")
        attempts = [one for point in points for one in self._at(point, rng)]
        if self.most is not None and len(attempts) > self.most:
            return self._drawn("first").sample(attempts, self.most)
        return attempts

    def repeats(self, attempt: Attempt, steps: int) -> Iterator[Attempt]:
        """Now and then the same again with a second kill, or with four workers a side."""
        if attempt.is_alive or attempt.fate is Fate.TOO_LATE:
            return
        rng = self._drawn(attempt.key)
        if steps and rng.random() < SECOND_KILLS:
            yield attempt.again(rng.randint(1, steps), rng.choice(WRITE_FATES))
        if rng.random() < MANY_WORKERS:
            yield replace(attempt, workers=WORKERS)

    def _at(self, point: Point, rng: random.Random) -> Iterator[Attempt]:
        if point.step is Step.COMMIT:
            yield Attempt(scenario=self.scenario, point=point, fate=Fate.KILLED)
            return
        for fate in WRITE_FATES:
            killed = Attempt(scenario=self.scenario, point=point, fate=fate)
            yield killed
            if rng.random() < LIVED_ON:
                yield replace(killed, is_alive=True)
        if point.is_create or rng.random() < LATE_UPDATES:
            yield Attempt(scenario=self.scenario, point=point, fate=Fate.TOO_LATE)

    def _drawn(self, what: str) -> random.Random:
        return random.Random(f"{self.seed}:{self.scenario}:{what}")
