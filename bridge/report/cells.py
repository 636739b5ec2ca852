"""Values of fields in results: as JSON, and as people read them; empty and not seen differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import UNSEEN, Shown, as_moment
from bridge.report.plain import local_time

LONGEST = 300
NOT_SEEN = "(not seen)"


def text_of(value: Shown) -> str | None:
    """A value as JSON has it; null is an empty one."""
    return None if value is None or value is UNSEEN else value.text


def shown_texts(shown: Mapping[Side, Shown]) -> dict[str, str | None]:
    """Both sides' values under the names of the sides; one that was not observed has no key."""
    return {
        str(side): text_of(shown[side]) for side in SIDES if shown.get(side, UNSEEN) is not UNSEEN
    }


def cell_of(name: str, values: Mapping[str, Any], side: str) -> str:
    """A value as people read it; empty and not observed are never the same."""
    if side not in values:
        return NOT_SEEN
    text = values[side]
    if text is None:
        return "(empty)"
    if name == Field.DUE:
        return local_time(as_moment(text))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
