"""How a service stores the texts it is sent: altered, cut or refused, by its switches."""

from bridge.sandbox.answers import Refusal
from bridge.sandbox.switches import CommonSwitches


def stored_title(text: str, switches: CommonSwitches) -> str:
    """The title as kept; too long and refused is a 400."""
    return _fitting(text, switches.title_longest, switches, "title")


def stored_text(text: str, switches: CommonSwitches) -> str:
    """The description as kept; too long and refused is a 400."""
    return _fitting(_altered(text, switches), switches.text_longest, switches, "description")


def _altered(text: str, switches: CommonSwitches) -> str:
    if switches.text_stored in ("line_feeds", "both"):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if switches.text_stored in ("trailing_blanks_cut", "both"):
        text = "\n".join(line.rstrip(" \t") for line in text.split("\n")).rstrip()
    return text


def _fitting(text: str, longest: int | None, switches: CommonSwitches, what: str) -> str:
    if longest is None or len(text) <= longest:
        return text
    if switches.too_long == "refused":
        raise Refusal(400, f"The {what} is too long")
    return text[:longest]
