"""What a value may look like: addresses, ids, numbers with bounds, templates, time zones.

No message repeats the value: it may be a secret that was pasted into the wrong line.
"""

import re
from difflib import get_close_matches
from string import Formatter
from typing import Annotated, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from bridge.config.since import Since, parse_since

SAFE_ID: Final = r"[A-Za-z0-9_-]{1,128}"
_PLACEHOLDERS = ("id", "reference", "case_id")


class Section(BaseModel):
    """A table of the configuration: frozen, closed, and silent about what it was given."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )


class Wrong(ValueError):
    """A value is wrong: `what` is said of it, `next_step` says what to do about it."""

    def __init__(self, what: str, next_step: str = "") -> None:
        self.what = what
        self.next_step = next_step
        super().__init__(what)


class Missing(ValueError):
    """A value that is needed is empty, which is as good as absent."""


# ---- texts --------------------------------------------------------------------------------------


def stripped(value: object) -> object:
    """A text without blanks around it; anything else as it is."""
    return value.strip() if isinstance(value, str) else value


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _needed(text: str) -> str:
    if not text:
        raise Missing
    return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise Wrong("holds a line end or another character that cannot be printed.", "Remove it.")
    return text


def _safe_id(text: str) -> str:
    if not re.fullmatch(SAFE_ID, text):
        raise Wrong(
            "is no id: an id holds letters, digits, - and _ only, 128 at most.",
            "Copy it again, without blanks, quotes or a part of an address.",
        )
    return text


def _header_word(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text:
        raise Missing
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise Wrong("holds a blank or a character that no key has.", "Copy it again.")
    return secret


def _secret_text(value: object) -> object:
    return SecretStr(value.strip()) if isinstance(value, str) else value


Text = Annotated[
    str, BeforeValidator(stripped), AfterValidator(_needed), AfterValidator(_printable)
]
Id = Annotated[Text, AfterValidator(_safe_id)]
Secret = Annotated[SecretStr, BeforeValidator(_secret_text), AfterValidator(_header_word)]
BlankIsNone = BeforeValidator(_blank_is_none)


# ---- numbers ------------------------------------------------------------------------------------


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise Wrong("must be a number, not true or false.")
    return value


# Bounds are added to these two once: of two maxima a message could name the wrong one.
Number = Annotated[int, BeforeValidator(_no_truth)]
Amount = Annotated[float, BeforeValidator(_no_truth)]
Count = Annotated[Number, Field(ge=1, le=1_000_000)]
CountOrNone = Annotated[Number, Field(ge=0, le=1_000_000)]
Percent = Annotated[Amount, Field(ge=0, le=100, allow_inf_nan=False)]
PageSize = Annotated[Number, Field(ge=1, le=1000)]
Seconds = Annotated[Amount, Field(gt=0, le=604_800, allow_inf_nan=False)]
SecondsOrNone = Annotated[Amount, Field(ge=0, le=604_800, allow_inf_nan=False)]


# ---- addresses ----------------------------------------------------------------------------------


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a broken IPv6 address
        is_web = False
    if not is_web or re.search(r"[\s\\]", text):
        raise Wrong("is no web address.", "Write it as https://host or https://host:port.")
    if "@" in parts.netloc or parts.query or parts.fragment or text.endswith(("?", "#")):
        raise Wrong("holds a user, a query or a fragment.", "Leave only the address itself.")
    return text.rstrip("/")


def _origin(text: str) -> str:
    if urlsplit(text).path:
        raise Wrong("holds a path.", "Leave only scheme, host and port: https://host.")
    return text


def _database(text: str) -> str:
    kind = re.split(r"[:+]", text)[0]
    step = "Name a file: sqlite:///task-bridge.db."
    if kind in ("postgresql", "postgres"):
        raise Wrong("PostgreSQL is not available in this release.", step)
    if kind != "sqlite" or "://" not in text:
        raise Wrong("is no address of an SQLite database.", step)
    return text


def _template(text: str) -> str:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise Wrong("has a brace that is not closed.", "Write a real brace twice: {{.") from None
    fields = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
    if any(name not in _PLACEHOLDERS or spec or conversion for name, spec, conversion in fields):
        known = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
        raise Wrong("has a placeholder that is not known.", f"Use only {known}.")
    if urlsplit(text.partition("{")[0]).scheme not in ("http", "https"):
        raise Wrong("is no web address.", "Begin with https://.")
    return text


Address = Annotated[Text, AfterValidator(_address)]
Origin = Annotated[Address, AfterValidator(_origin)]
DatabaseUrl = Annotated[Text, AfterValidator(_database)]
Template = Annotated[Text, AfterValidator(_template)]


# ---- time ---------------------------------------------------------------------------------------


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _no_such_zone(name) from None
    return name


def _no_such_zone(name: str) -> Wrong:
    zones = available_timezones()
    if not zones:
        return Wrong("cannot be looked up: no time zone files here.", "Run: pip install tzdata")
    near = get_close_matches(name, zones, n=1)
    hint = f"Did you mean {near[0]}?" if near else "Write it as Europe/Berlin or UTC."
    return Wrong("is no IANA time zone.", hint)


def _since(value: object) -> object:
    if isinstance(value, Since):
        return value
    try:
        return parse_since(value)  # type: ignore[arg-type] # what it cannot take, it refuses
    except ValueError as error:
        raise Wrong(str(error)) from None
    except AttributeError:
        raise Wrong("is no text and no date.", 'Write "30d" or "2026-01-31".') from None


Zone = Annotated[Text, AfterValidator(_zone)]
Moment = Annotated[Since, BeforeValidator(_since)]
