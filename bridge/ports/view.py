"""A link as the steps and the reports look at it."""

from dataclasses import dataclass

from bridge.domain.link import Link
from bridge.domain.operation import Wait
from bridge.domain.task import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A link with the last observation of both its tasks and what waits on it."""

    link: Link
    kore: Known | None
    v2: Known | None
    waits: tuple[Wait, ...] = ()
