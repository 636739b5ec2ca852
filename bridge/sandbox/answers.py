"""What a simulated operation is asked and what it answers, free of any web framework.

`Asked` is a request that was read whole, `Answer` a status with JSON or no body, `Refusal`
an answer of 4xx raised from anywhere below; its wording is made where errors are rendered.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]


class NoBody:
    """Marks an answer whose body has no bytes at all."""


NO_BODY = NoBody()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A success. `payload` is any JSON value, or NO_BODY."""

    status: int = 200
    payload: Any = NO_BODY


class Refusal(Exception):
    """A 4xx. `detail` may be shown apart from the general message; `wait` is for a 429."""

    def __init__(self, status: int, message: str, detail: str = "", wait: float = 0.0) -> None:
        super().__init__(status, message)
        self.status, self.message, self.detail, self.wait = status, message, detail, wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as an operation sees it; header names are in lower case."""

    operation: str
    method: str
    path: str
    body: bytes = b""
    ids: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def object(self) -> JsonObject:
        """The body as a JSON object; anything else is a 400."""
        try:
            value = json.loads(self.body)
        except ValueError:
            raise Refusal(400, "The body is not JSON") from None
        if not isinstance(value, dict):
            raise Refusal(400, "The body is not a JSON object")
        return value

    def values(self, name: str) -> list[str]:
        """Every value of a query parameter, in order."""
        return [value for key, value in self.query if key == name]

    def value(self, name: str) -> str | None:
        """The last value of a query parameter; None if it was not sent."""
        found = self.values(name)
        return found[-1] if found else None
