"""What differs between two values, word by word, so that a page can mark it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# Beyond so many words the comparison takes longer than a reader wants to wait.
MOST_WORDS = 1_000
_PIECES = re.compile(r"\s+|[^\s\w]|\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether the other text lacks it."""

    text: str
    is_other: bool = False


def marked(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces; joined they are the texts. Long ones are marked as a whole."""
    if one == other:
        return (Piece(one),), (Piece(other),)
    ours, theirs = _PIECES.findall(one), _PIECES.findall(other)
    if max(len(ours), len(theirs)) > MOST_WORDS:
        return (Piece(one, is_other=True),), (Piece(other, is_other=True),)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    steps = matcher.get_opcodes()
    left = [("".join(ours[a:b]), step != "equal") for step, a, b, _, _ in steps]
    right = [("".join(theirs[c:d]), step != "equal") for step, _, _, c, d in steps]
    return tuple(_pieces(left)), tuple(_pieces(right))


def _pieces(parts: list[tuple[str, bool]]) -> Iterator[Piece]:
    for text, is_other in parts:
        if text:
            yield Piece(text, is_other=is_other)
