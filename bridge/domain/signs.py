"""Signs that are no letters: those that steer a terminal or turn text round, those nobody sees.

A title is data: shown anywhere, no sign of it moves the cursor or turns what stands beside it.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

REPLACED = "�"
# Controls of both sets, line and paragraph ends, and the signs that turn the direction of writing.
STEERING: Final = (
    *range(32), *range(127, 160), 0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
)  # fmt: skip
_READABLE: Mapping[int, str] = MappingProxyType(
    {number: REPLACED for number in STEERING if chr(number) not in "\n\t"}
)
_STEERING = re.compile(f"[{''.join(map(re.escape, map(chr, _READABLE)))}]")
# Letters and marks that show nothing, beside those that Unicode calls formats, blanks and controls.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def readable(text: str) -> str:
    """The text with its lines and tabs, and without signs that steer or turn."""
    return text.replace("\r\n", "\n").translate(_READABLE)


def escaped(json: str) -> str:
    r"""A JSON text whose strings bear those signs as \uXXXX: it reads back as the same values."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def seen_title(title: str | None) -> str:
    """The title, or an empty text where there is nothing in it that anybody could see."""
    return title if title and any(map(_is_seen, title)) else ""


def _is_seen(sign: str) -> bool:
    is_selector = "\ufe00" <= sign <= "\ufe0f"
    return not is_selector and sign not in _BLANK and unicodedata.category(sign) not in _UNSEEN
