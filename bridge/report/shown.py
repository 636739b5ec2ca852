"""Values as a page shows them: two beside each other with what differs marked, long ones folded."""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.report.marked import Piece, marked

LONGEST_SHOWN = 400


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value in pieces, none where it is empty; `brief` stands for one that is folded away."""

    pieces: Sequence[Piece]
    brief: str = ""


def shown_pair(
    kore: str | None, v2: str | None, *, is_marked: bool = True
) -> tuple[ShownValue | None, ShownValue | None]:
    """Both sides' values, what differs marked; None was not observed, an empty text is empty."""
    pieces = (
        marked(kore, v2)
        if kore and v2 and is_marked
        else ((Piece(kore or ""),), (Piece(v2 or ""),))
    )
    return (
        None if kore is None else shown_value(pieces[0]),
        None if v2 is None else shown_value(pieces[1]),
    )


def shown_base(texts: Sequence[str]) -> ShownValue | None:
    """What was last agreed, as both sides show it; None where nothing was."""
    if not texts:
        return None
    return shown_value([Piece(" / ".join(text or "(empty)" for text in dict.fromkeys(texts)))])


def shown_value(pieces: Sequence[Piece]) -> ShownValue:
    """A value, folded away where it is long."""
    text = "".join(one.text for one in pieces)
    if len(text) <= LONGEST_SHOWN:
        return ShownValue(pieces if text else ())
    return ShownValue(pieces, f"{text[: LONGEST_SHOWN // 4]}… ({len(text)} characters)")
