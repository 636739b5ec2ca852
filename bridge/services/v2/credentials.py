"""The headers of a v2 request: `x-API-Key: <id>:<secret>` (documented)."""

from collections.abc import Mapping

from bridge.services.exchange import Reply
from bridge.services.v2.settings import V2Settings


class V2Credentials:
    """The credentials of one key."""

    def __init__(self, settings: V2Settings) -> None:
        self._headers = {"x-API-Key": settings.api_key, "Content-Type": "application/json"}

    def headers(self) -> Mapping[str, str]:
        """The key."""
        return self._headers

    def renew(self) -> bool:
        """There is nothing to renew: a key that was refused stays refused."""
        return False

    def advice(self, reply: Reply) -> str:
        """What to look at."""
        if reply.status == 403:
            return "The key may not do this; give its user the right, or use another key."
        return "Check v2.api_key: <id>:<secret>, of the service that v2.base_url names."


def secrets_of(settings: V2Settings) -> tuple[str, ...]:
    """The key and its secret half, neither of which may appear in a message."""
    return (settings.api_key, settings.api_key.partition(":")[2])
