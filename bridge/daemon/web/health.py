"""The word of `/readyz`: whether the bridge carries changes now."""

from bridge.bootstrap import Bridge
from bridge.daemon.status import RUNNING, word_of
from bridge.daemon.web.looking import looking_at
from bridge.domain.judge_list import spoils_tokens
from bridge.domain.side import Side
from bridge.errors import StoreError

READY = "ready"
SKEWED, DATABASE = "skewed", "database"


def readiness(bridge: Bridge) -> str:
    """`ready`, or why not: `stopped`, `stale`, `guarded`, `paused`, `skewed` or `database`.

    `skewed`: this machine's clock is so far from Kore's that tokens may be refused. `database`:
    it does not answer.
    """
    try:
        with looking_at(bridge) as look:
            word, skew = word_of(look), look.unit.side_state(Side.KORE).skew_seconds
    except StoreError:
        return DATABASE
    if word != RUNNING:
        return word
    return SKEWED if spoils_tokens(skew or 0.0, bridge.settings.kore.token_seconds) else READY
