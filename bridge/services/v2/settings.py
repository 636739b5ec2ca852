"""What the v2 client needs to know; its repr shows no secret."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bridge.errors import ConfigError, Problem
from bridge.services.credentials import header_safe


@dataclass(frozen=True, slots=True, kw_only=True)
class V2Settings:
    """One v2 company.

    `base_url` ends with `/v2`. `timezone` is the IANA zone of dates that name none.
    `task_type_id` is the type of new tasks, the service's default where it is None.
    """

    base_url: str
    api_key: str = field(repr=False)
    page_size: int = 1000
    timeout_seconds: float = 30
    retry_seconds: float = 5.0
    timezone: str = "UTC"
    task_type_id: str | None = None

    def __post_init__(self) -> None:
        """Raises ConfigError for a key that no header can carry and for an unknown zone."""
        header_safe(self.api_key, "v2.api_key")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            what = f"{self.timezone!r} is no time zone."
            problem = Problem("v2.timezone", what, "Name one like Europe/Berlin.")
            raise ConfigError((problem,)) from None
