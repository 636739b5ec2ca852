"""What keeps the daemon from writing, said once when it begins and once when it is over."""

from bridge.daemon.said import Said
from bridge.domain.guard import NEXT, GuardKind
from bridge.domain.side import SIDES, Side
from bridge.logs import logger
from bridge.sync.cycle import Outcome


class Holds:
    """Watches the guards and the paused sides from cycle to cycle."""

    def __init__(self, said: Said) -> None:
        self._said = said
        self._log = logger("bridge.daemon")

    def after_cycle(self, outcome: Outcome) -> None:
        """Tell which guard stands now, and which one does no longer."""
        standing = {(one.kind, one.side): one for one in outcome.guards}
        for kind in GuardKind:
            for side in (None, *SIDES):
                guard = standing.get((kind, side))
                if guard is None:
                    self._tell_over(kind, side)
                elif self._said.begins(("guard", kind, side)):
                    self._log.warning(
                        "a guard stands: nothing is written",
                        kind=kind,
                        side=side,
                        reason=guard.reason,
                        next=NEXT[kind],
                    )

    def _tell_over(self, kind: GuardKind, side: Side | None) -> None:
        seconds = self._said.ends(("guard", kind, side))
        if seconds is not None:
            facts = {"kind": kind, "side": side, "after_seconds": round(seconds, 1)}
            self._log.info("a guard is over", **facts)
