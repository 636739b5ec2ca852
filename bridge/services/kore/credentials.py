"""The headers of a Kore request and what to do when it is refused.

`auth` is the bare token, without `Bearer` (documented). The samples also send `client-app`,
`Iid`, `state` and two languages; whether the service looks at them is unknown, so they are sent.
`X-Timezone-Offset` is always 0: whether it shifts dates is unknown.
"""

from collections.abc import Mapping

from bridge.services.exchange import Reply
from bridge.services.kore.settings import KoreSettings
from bridge.services.kore.tokens import Tokens

# `Date` counts whole seconds, and an answer is under way for a moment.
GRAIN_SECONDS = 2.0
MOST_SECONDS = 5.0
SCOPE = "The app needs the API scope 'Case Management Configuration', added and published."
KEYS = (
    "Check kore.client_id, kore.client_secret, kore.algorithm and kore.jti, and that the "
    "app's API scope 'Case Management Configuration' is published."
)


class KoreCredentials:
    """The credentials of one app."""

    def __init__(self, settings: KoreSettings, tokens: Tokens) -> None:
        self._tokens = tokens
        self._token_seconds = settings.token_seconds
        self._fixed = {
            "AccountId": settings.account_id,
            "Content-Type": "application/json;charset=UTF-8",
            "X-Timezone-Offset": "0",
            "Iid": settings.stream_id,
            "client-app": "unified",
            "state": "configured",
            "bot-language": "en",
            "app-language": "en",
        }

    def headers(self) -> Mapping[str, str]:
        """The fixed headers and a token that is good now."""
        return {**self._fixed, "auth": self._tokens.current()}

    def renew(self) -> bool:
        """A request that got a 401 is worth a second try with a fresh token."""
        self._tokens.renew()
        return True

    def advice(self, reply: Reply) -> str:
        """The likely cause: the clock, the key, or the scope that was not published."""
        skew = reply.skew.total_seconds() if reply.skew is not None else 0.0
        way = "behind" if skew < 0 else "ahead of"
        apart = f"Kore's clock is {abs(skew):.0f} s {way} ours"
        if skew < -GRAIN_SECONDS or skew > self._token_seconds - GRAIN_SECONDS:
            return f"{apart}, more than the token bears: set this machine's clock."
        usual = SCOPE if reply.status == 403 else KEYS
        # A service may want its tokens fresher than we know of.
        return f"{usual} {apart}: set this machine's clock." if skew > MOST_SECONDS else usual
