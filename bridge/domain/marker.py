"""The marker: one last line in a created task's description that names its origin.

`[task-bridge kore:TS000102 ti-c7c61c9-1392 case CS000108: Broken boiler]`

Side, reference and id identify the origin; what follows the id is for people. Wherever the
marker stands it is taken out before a text is compared or carried.
"""

import re
from dataclasses import dataclass

from bridge.domain.side import Side, TaskId
from bridge.domain.text import shortened

NOTE_LENGTH = 80
TEXT_LENGTH = 2000
NO_REFERENCE = "-"

_MARKER = re.compile(
    r"\[task-bridge (?P<side>kore|v2):(?P<reference>[^\s\]]+) "
    r"(?P<id>[A-Za-z0-9_-]{1,128})(?: (?P<note>[^\]\r\n]*))?\]"
)
# What is left of a marker where a service cut the text.
_CUT_MARKER = re.compile(r"(?:^|(?<=[\r\n]))\[task-bridge (?:kore|v2):[^\]\r\n]*\Z")
_MARKER_PLACE = re.compile(
    rf"[ \t]*(?:{_MARKER.pattern}(?P<gap>[ \t]*))+(?P<end>\r\n|\n|\r)?",
)
_BRACKETS = str.maketrans({"[": "(", "]": ")"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """The name of the task that another one was created from."""

    side: Side
    reference: str
    task_id: TaskId
    note: str = ""

    @property
    def line(self) -> str:
        """The marker as it stands in a description; the same at every call."""
        start = f"[task-bridge {self.side}:{self.reference} {self.task_id}"
        return f"{start} {self.note}]" if self.note else f"{start}]"


def kore_marker(
    task_id: TaskId, reference: str | None, case_ref: str | None, case_name: str | None
) -> Marker:
    """The marker of a Kore task; the case's reference stands for a hidden one of the task."""
    case = " ".join(part for part in ("case", case_ref) if part) if case_ref else ""
    note = f"{case}: {case_name}" if case and case_name else case
    return Marker(
        side=Side.KORE,
        reference=_one_word(reference or case_ref),
        task_id=task_id,
        note=shortened(note.translate(_BRACKETS), NOTE_LENGTH),
    )


def v2_marker(task_id: TaskId, reference: str | None) -> Marker:
    """The marker of a v2 task."""
    return Marker(side=Side.V2, reference=_one_word(reference), task_id=task_id)


def find_marker(text: str | None) -> Marker | None:
    """The last marker in a text, or None."""
    bearers = list(_MARKER.finditer(text or ""))
    if not bearers:
        return None
    found = bearers[-1]
    return Marker(
        side=Side(found["side"]),
        reference=found["reference"],
        task_id=TaskId(found["id"]),
        note=found["note"] or "",
    )


def without_marker(text: str | None) -> str:
    """The text with every marker, its line and the empty lines before it taken out."""
    if not text:
        return ""
    if not _MARKER.search(text) and not _CUT_MARKER.search(text):
        return text
    return _CUT_MARKER.sub("", _MARKER_PLACE.sub(_remains, text)).rstrip()


def with_marker(text: str, marker_line: str) -> str:
    """The text with the marker as its last line, after an empty one; once, however often called."""
    plain = without_marker(text).rstrip()
    if not marker_line:
        return plain
    return f"{plain}\n\n{marker_line}" if plain else marker_line


def first_part(text: str) -> str:
    """What a create carries of a text: 2,000 characters before the marker."""
    return text[:TEXT_LENGTH]


def _remains(found: re.Match[str]) -> str:
    """What stays where a marker stood: nothing of a line it begins, else the gap behind it."""
    start = found.start()
    if start == 0 or found.string[start - 1] in "\r\n":
        return ""
    return found["gap"] + (found["end"] or "")


def _one_word(reference: str | None) -> str:
    word = re.sub(r"[\s\[\]]+", "_", (reference or "").strip())
    return word or NO_REFERENCE
