"""What a check finds names its thing, says how it is, and what to do where something is to do."""

import re
from collections.abc import Iterator

from bridge.domain.finding import Inspection, Mark
from bridge.domain.side import SIDES
from tests.sync.memory.laws.words import is_clause

_THINGS = re.compile(
    r"(Kore|v2) (connection|clock|list|sort|pause|probes|shows \w+|[a-z ]+ values)"
    r"|Kore (status|priority) ids"
    r"|guard|people|kore\.(routes|requester)|v2\.backlink|route to \S+"
)


def unlawful(found: Inspection) -> Iterator[str]:
    """What is not as promised in the findings of an inspection."""
    for one in found.findings:
        if not _THINGS.fullmatch(one.what):
            yield f"finding: nobody knows the thing {one.what!r}"
        if not is_clause(one.found):
            yield f"finding {one.what}: it is {one.found!r}"
        if one.next and not _is_step(one.next):
            yield f"finding {one.what}: what to do is {one.next!r}"
        if one.mark is Mark.FAIL and not one.next:
            yield f"finding {one.what}: nobody says what to do"
    answered = {one.what: one.mark is Mark.OK for one in found.findings}
    said = [answered.get(f"{side.label} connection") for side in SIDES]
    if None in said or found.is_refused is all(said):
        yield f"findings: the sides answer {said}, and refused is {found.is_refused}"


def _is_step(text: str) -> bool:
    """A sentence, or a command that can be typed."""
    is_command = re.search(r": task-bridge [a-z ]+\w$", text) is not None
    return text[0].isupper() and (text.endswith(".") or is_command)
