"""What the Kore client needs to know; its repr shows no secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bridge.domain.side import is_id
from bridge.domain.task import Contact
from bridge.errors import ConfigError, Problem
from bridge.services.credentials import header_safe

Jti = Literal["request", "token", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KoreSettings:
    """One Kore account.

    `jti`: a new one for each request, one for each token, or none. `private_key` and `jwe_key`
    are PEM texts. `status_ids` and `priority_ids` map names to ids where no record seen tells
    them. `requester` stands in `userInfo` of a new task whose origin has no contact.
    """

    base_url: str
    stream_id: str
    account_id: str
    client_id: str
    client_secret: str = field(repr=False)
    subject: str = "task-bridge"
    algorithm: str = "HS256"
    jti: Jti = "request"
    token_seconds: float = 300
    private_key: str | None = field(default=None, repr=False)
    jwe_key: str | None = field(default=None, repr=False)
    page_size: int = 50
    timeout_seconds: float = 30
    retry_seconds: float = 5.0
    requester: Contact | None = None
    status_ids: Mapping[str, str] = field(default_factory=dict)
    priority_ids: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ConfigError for what cannot stand in a path or a header."""
        header_safe(self.account_id, "kore.account_id")
        if not is_id(self.stream_id):
            what = "is not a stream id: letters, digits, - and _."
            step = "Copy it from the General Settings page of the bot."
            raise ConfigError((Problem("kore.stream_id", what, step),))
