"""What two tasks tell of their link: which was created from which, and by which marker.

For a link that was not made with a create: added or imported by people, or found by a tag. Pure;
a link that has its marker is left as it is.
"""

from dataclasses import replace

from bridge.domain.create import marker_of, stand_in_of
from bridge.domain.link import Link
from bridge.domain.side import Field, Side
from bridge.domain.task import Task


def with_names(link: Link, kore: Task, v2: Task) -> Link:
    """The link with its origin, marker and stand-in, as far as both tasks tell them."""
    if link.marker:
        return link
    if not link.stand_in and v2.fields.get(Field.TITLE, link) is None:
        stand_in = stand_in_of(v2)
        link = replace(link, stand_in=stand_in if kore.title == stand_in else "")
    for bearer, origin in ((kore, v2), (v2, kore)):
        marker = bearer.marker
        if marker and (marker.side, marker.task_id) == (origin.side, origin.id):
            return replace(link, origin=origin.side, marker=marker.line)
    if link.origin is Side.V2 and Field.DESCRIPTION not in kore.fields:
        # Its list hides the marker, which is the same on every try.
        return replace(link, marker=marker_of(v2, None).line)
    return link
