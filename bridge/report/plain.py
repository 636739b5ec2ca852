"""Texts of the services made safe for a terminal.

A title is data: no sign of it moves the cursor, turns the direction of writing, or is markup.
"""

from datetime import datetime

from bridge.domain.signs import REPLACED, STEERING, readable
from bridge.domain.values import Shown, Unseen

_BLANK = dict.fromkeys((9, 10, 13), " ")
_PLAIN = {**dict.fromkeys(STEERING, REPLACED), **_BLANK}


def plain(text: str) -> str:
    """The text in one line, without signs that steer a terminal."""
    return text.translate(_PLAIN)


def without_steering(value: object) -> object:
    """What the template of a page shows, but for parts that are HTML already."""
    is_text = isinstance(value, str) and not hasattr(value, "__html__")
    return readable(str(value)) if is_text else value


FORGOTTEN = "(forgotten)"


def shown_text(value: Shown) -> str:
    """A value as people read it."""
    if isinstance(value, Unseen):
        return "(hidden)"
    return "(empty)" if value is None else plain(value.text)


def age(at: datetime, since: datetime) -> str:
    """How long it is since then, in the largest unit that fits."""
    seconds = max((at - since).total_seconds(), 0.0)
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return "just now"


def rough_age(moment: datetime, now: datetime) -> str:
    """How long ago that was, to the second as long as it matters."""
    seconds = max(0.0, (now - moment).total_seconds())
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def local_time(moment: datetime) -> str:
    """A moment in the zone of this machine."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
