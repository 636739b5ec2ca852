"""The settings of the two services: `kore.*` and `v2.*`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr

from bridge.config.rows import LimitWindow, Requester, Route
from bridge.config.values import (
    Address,
    Amount,
    BlankIsNone,
    Id,
    Number,
    Origin,
    PageSize,
    Secret,
    Section,
    Template,
    Text,
    Wrong,
    Zone,
)

Algorithm = Literal[
    "HS256", "HS384", "HS512",
    "RS256", "RS384", "RS512",
    "ES256", "ES384", "ES512",
    "PS256", "PS384", "PS512",
]  # fmt: skip
Jti = Literal["request", "token", "off"]
Unobserved = Literal["probe", "write", "hold"]
Backlink = Literal["off", "tag"]

OptionalPath = Annotated[Path | None, BlankIsNone]
OptionalTemplate = Annotated[Template | None, BlankIsNone]
TokenSeconds = Annotated[Number, Field(ge=10, le=86_400)]
TimeoutSeconds = Annotated[Amount, Field(gt=0, le=600, allow_inf_nan=False)]

# What the public cloud grants for calls of the stricter of its two classes.
KORE_LIMITS = (LimitWindow(calls=60, seconds=60), LimitWindow(calls=1800, seconds=3600))


def _reachable(routes: tuple[Route, ...]) -> tuple[Route, ...]:
    if any(route.is_default for route in routes[:-1]):
        raise Wrong(
            "has rows after one that fits every task; they can never be used.",
            "Move the row without task_type, tag and customer to the end.",
        )
    return routes


class KoreSettings(Section):
    """`kore.*`: how to reach Kore, and how tasks are created there."""

    base_url: Origin
    stream_id: Id
    account_id: Id
    client_id: Text
    client_secret: Annotated[Secret | None, BlankIsNone] = None
    client_secret_file: OptionalPath = None
    subject: Text = "task-bridge"
    algorithm: Algorithm = "HS256"
    jti: Jti = "request"
    token_seconds: TokenSeconds = 300
    private_key_file: OptionalPath = None
    jwe_key_file: OptionalPath = None
    page_size: PageSize = 50
    limits: tuple[LimitWindow, ...] = KORE_LIMITS
    timeout_seconds: TimeoutSeconds = 30
    task_url: OptionalTemplate = None
    routes: Annotated[tuple[Route, ...], AfterValidator(_reachable)] = ()
    status_ids: Mapping[str, Id] = {}
    priority_ids: Mapping[str, Id] = {}
    unobserved: Annotated[Unobserved | None, BlankIsNone] = None
    requester: Requester | None = None

    def signing_key(self) -> SecretStr:
        """The key that signs tokens: the secret for HS*, else the text of the key file.

        Raises OSError if the file went away since the configuration was loaded.
        """
        if self.private_key_file is not None and not self.algorithm.startswith("HS"):
            return SecretStr(self.private_key_file.expanduser().read_text(encoding="utf-8"))
        return self.client_secret or SecretStr("")

    def wrapping_key(self) -> SecretStr | None:
        """The key that wraps signed tokens, or None where they are sent as they are.

        Raises OSError if the file went away since the configuration was loaded.
        """
        if self.jwe_key_file is None:
            return None
        return SecretStr(self.jwe_key_file.expanduser().read_text(encoding="utf-8"))


class V2Settings(Section):
    """`v2.*`: how to reach v2, and how tasks are created there."""

    base_url: Address
    api_key: Secret
    api_key_file: OptionalPath = None
    page_size: PageSize = 1000
    limits: tuple[LimitWindow, ...] = ()
    timeout_seconds: TimeoutSeconds = 30
    task_type_id: Annotated[Id | None, BlankIsNone] = None
    task_url: OptionalTemplate = None
    backlink: Backlink = "off"
    timezone: Zone = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        """The zone of v2 dates that carry none."""
        return ZoneInfo(self.timezone)
