"""`console.*`: where the daemon shows itself in a browser, and the token that opens it."""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, model_validator

from bridge.config.values import BlankIsNone, Secret, Section, Wrong, stripped

LEAST_CHARACTERS = 16
_HOW = "Write host and port: 127.0.0.1:8321, or [::1]:8321."


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < LEAST_CHARACTERS:
        raise Wrong(
            f"is shorter than {LEAST_CHARACTERS} characters, so it could be guessed.",
            "Make a long one, for example with: openssl rand -hex 24",
        )
    return secret


def _host_and_port(text: str) -> str:
    if text:
        address_of(text)
    return text


def address_of(text: str) -> tuple[str, int]:
    """Host and port of `host:port`; raises Wrong if it is none."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Wrong("is no host and port.", _HOW) from error
    is_bare = parts.netloc == text and "@" not in text
    if not host or port is None or not is_bare or any(sign.isspace() for sign in text):
        raise Wrong("is no host and port.", _HOW)
    return host, port


class ConsoleSettings(Section):
    """Off while `listen` is empty; whoever has the token sees every task and may decide."""

    listen: Annotated[str, BeforeValidator(stripped), AfterValidator(_host_and_port)] = ""
    token: Annotated[Annotated[Secret, AfterValidator(_long_enough)] | None, BlankIsNone] = None

    @model_validator(mode="after")
    def _is_locked(self) -> Self:
        if self.listen and self.token is None:
            raise Wrong(
                "has listen but no token: nobody may open the console without one.",
                "Set console.token (TASK_BRIDGE_CONSOLE__TOKEN), for example to what "
                "openssl rand -hex 24 prints.",
            )
        return self
