"""What proves to a service who asks: the headers of each request, and what to say if refused."""

from collections.abc import Mapping
from typing import Protocol

from bridge.errors import ConfigError, Problem
from bridge.services.exchange import Reply


class Credentials(Protocol):
    """The key of one side."""

    def headers(self) -> Mapping[str, str]:
        """The headers of the next request; made anew for each."""

    def renew(self) -> bool:
        """Forget what is cached; whether a request that got a 401 is worth sending again."""

    def advice(self, reply: Reply) -> str:
        """What a person can do about a 401 or 403, as a sentence."""


def header_safe(text: str, place: str) -> str:
    """The text itself; raises ConfigError if it cannot stand in a header."""
    if text and text.isascii() and text.isprintable() and text == text.strip():
        return text
    what = "is empty or holds characters that no HTTP header can carry."
    raise ConfigError((Problem(place, what, "Copy it again, without blanks or line ends."),))
