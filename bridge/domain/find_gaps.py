"""Which live values have no counterpart, and what becomes of the others there and back; pure."""

from collections.abc import Iterator

from bridge.domain.agreement import Agreement
from bridge.domain.finding import Finding, fail, ok, warn
from bridge.domain.relation import Relation, Unmapped
from bridge.domain.sample import Sample
from bridge.domain.side import Field, Side
from bridge.domain.values import Observed

WORDS = (Field.STATUS, Field.PRIORITY, Field.ASSIGNEE)
_TABLES = {
    Field.STATUS: "Add a [[status]] row for it.",
    Field.PRIORITY: "Add a [[priority]] row for it.",
    Field.ASSIGNEE: "Add a row to people.table.",
}


def find_gaps(sample: Sample, agreement: Agreement) -> Iterator[Finding]:
    """What the mapping makes of every status, priority and person that the sample shows."""
    for name in WORDS:
        if name in agreement.fields:
            yield from _of_field(sample, name, agreement.of(name))


def _of_field(sample: Sample, name: Field, relation: Relation) -> Iterator[Finding]:
    what = f"{sample.side.label} {name} values"
    values, mapped = sample.values(name), []
    if not values:
        yield warn(what, "no task that was looked at shows one")
        return
    for value, count in values.items():
        gap = relation.gap(sample.side, value)
        if gap is None:
            mapped.append(_round_trip(value, sample.side, relation))
        else:
            yield fail(what, f"{gap.reason} ({_tasks(count)})", _TABLES[name])
    if mapped:
        yield ok(what, "; ".join(mapped))


def _round_trip(value: Observed, side: Side, relation: Relation) -> str:
    """The value, what it is across, and what that would be back here."""
    there = relation.translate(value, side.other)
    if isinstance(there, Unmapped):
        return f"{_text(value)} → nothing"
    back = relation.translate(there, side)
    returned = "nothing" if isinstance(back, Unmapped) else _text(back)
    return f"{_text(value)} → {_text(there)} → {returned}"


def _text(value: Observed) -> str:
    return "(empty)" if value is None else value.text


def _tasks(count: int) -> str:
    return "1 task" if count == 1 else f"{count} tasks"
