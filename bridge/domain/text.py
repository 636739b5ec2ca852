"""How texts and names are compared.

Texts compare in Unicode NFC, with one kind of line end and without trailing blanks; names fold
case and blanks; words of the services fold case, blanks, `-` and `_` as well.
"""

import re
import unicodedata
from functools import lru_cache

_TRAILING_BLANKS = re.compile(r"[^\S\n]+(?=\n|$)")
_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s_-]+")


def with_plain_line_ends(text: str) -> str:
    """The text with every line end (CRLF, CR) written as a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def comparable(text: str) -> str:
    """The form in which two texts are compared; equal forms mean equal texts to people."""
    plain = unicodedata.normalize("NFC", with_plain_line_ends(text))
    return _TRAILING_BLANKS.sub("", plain).rstrip()


def fold_name(name: str) -> str:
    """A person's or customer's name with case and runs of blanks folded."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", name)).strip().casefold()


@lru_cache(maxsize=1024)  # the same few words come with every task
def fold_word(word: str) -> str:
    """A status, category or priority with case, blanks, `-` and `_` folded away."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFC", word)).casefold()


def shortened(text: str, most: int) -> str:
    """The text in one line, cut to `most` characters with an ellipsis where it was cut."""
    line = _BLANKS.sub(" ", text).strip()
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def counted_tasks(count: int) -> str:
    """So many tasks, as a sentence has them."""
    return "1 task" if count == 1 else f"{count} tasks"
