"""That a side paused, said once when it begins and once when it is over.

Takes the faults of each cycle: a side without one has answered.
"""

from collections.abc import Mapping

from bridge.daemon.said import Said
from bridge.domain.side import SIDES, Side
from bridge.errors import BadAnswer, KeyRefused, NotFound, NotYet, Refused, ServiceError
from bridge.logs import logger


class Outages:
    """Watches both sides from cycle to cycle."""

    def __init__(self, said: Said) -> None:
        self._said = said
        self._log = logger("bridge.daemon")

    def after_cycle(self, faults: Mapping[Side, ServiceError]) -> None:
        """Tell which side paused in this cycle, and which one answers again."""
        for side in SIDES:
            if side in faults:
                self._tell_pause(side, faults[side])
                continue
            self._said.ends(("key", side))
            seconds = self._said.ends(("pause", side))
            if seconds is not None:
                self._log.info("side answers again", side=side, after_seconds=round(seconds, 1))

    def after_sweep(self, sides: tuple[Side, ...], faults: Mapping[Side, ServiceError]) -> None:
        """Tell of a sweep that cannot go on although polls can; an outage is told by the cycle."""
        for side in sides:
            error = faults.get(side)
            if isinstance(error, Refused | NotFound | BadAnswer):
                if self._said.begins(("sweep", side)):
                    self._log.warning("sweep cannot go on", side=side, reason=str(error))
            elif error is None:
                self._said.ends(("sweep", side))

    def _tell_pause(self, side: Side, error: ServiceError) -> None:
        """A refused key is told anew within an outage: a person has to do something."""
        is_news = self._said.begins(("pause", side))
        if isinstance(error, KeyRefused):
            is_news = self._said.begins(("key", side)) or is_news
        if not is_news:
            return
        tell = self._log.info if isinstance(error, NotYet) else self._log.warning
        tell("side paused", side=side, reason=str(error))
