"""Which live values have no counterpart, and what becomes of the others there and back; pure.

Live are the values that tasks show, the statuses and priorities that any record of the account
ever showed, and the words that v2 is known to use.
"""

from collections.abc import Iterator, Sequence

from bridge.domain.agreement import Agreement
from bridge.domain.finding import Finding, RoundTrip, fail, ok, warn
from bridge.domain.priority import V2_PRIORITIES
from bridge.domain.relation import Relation, Unmapped
from bridge.domain.sample import Sample
from bridge.domain.side import Field, Side
from bridge.domain.status import V2_STATUSES
from bridge.domain.text import counted_tasks
from bridge.domain.values import Observed, priority_value, status_value
from bridge.domain.vocabulary import Vocabulary, WordKind

WORDS = (Field.STATUS, Field.PRIORITY, Field.ASSIGNEE)
PASTE = "Paste the suggested row into the configuration."
NO_RULE = "No rule may name it: the field waits until v2 shows another value."
_TABLES = {
    Field.STATUS: f"Add a [[status]] row for it. {PASTE}",
    Field.PRIORITY: f"Add a [[priority]] row for it. {PASTE}",
    Field.ASSIGNEE: "Add a row to people.table.",
}


def round_trips(sample: Sample, agreement: Agreement) -> Iterator[RoundTrip]:
    """What becomes of every live value of a side: status, priority, person."""
    for name in WORDS:
        if name in agreement.fields:
            relation = agreement.of(name)
            for value, tasks in _live(sample, name, agreement.vocabulary).items():
                yield _round_trip(sample.side, name, value, tasks, relation)


def find_gaps(
    sample: Sample, agreement: Agreement, trips: Sequence[RoundTrip]
) -> Iterator[Finding]:
    """What the mapping makes of the values of a side. `trips` are those of that side."""
    for name in WORDS:
        if name in agreement.fields:
            of_field = [one for one in trips if one.name is name]
            yield from _of_field(f"{sample.side.label} {name} values", sample, name, of_field)


def _of_field(
    what: str, sample: Sample, name: Field, trips: Sequence[RoundTrip]
) -> Iterator[Finding]:
    if not sample.values(name):
        yield warn(what, "no task that was looked at shows one")
    mapped = [one for one in trips if one.gap is None]
    for one in trips:
        if one.gap is not None and one.tasks:
            yield fail(what, f"{one.gap.reason} ({counted_tasks(one.tasks)})", _next(one))
        elif one.gap is not None:
            yield warn(what, f"{one.gap.reason} (no task that was looked at)", _next(one))
    if mapped:
        yield ok(what, f"{len(mapped)} of {len(trips)} have a counterpart{_finer(mapped)}")


def _next(trip: RoundTrip) -> str:
    is_word_of_v2 = trip.side is Side.V2 and trip.name is not Field.ASSIGNEE
    is_strange = is_word_of_v2 and trip.value not in _known(trip.side, trip.name, Vocabulary())
    return NO_RULE if is_strange else _TABLES[trip.name]


def _finer(mapped: Sequence[RoundTrip]) -> str:
    """How many come back as another one: only if somebody changes them across."""
    count = sum(not one.stays for one in mapped)
    comes = "1 comes" if count == 1 else f"{count} come"
    return f"; {comes} back as another if changed there and back" if count else ""


def _live(sample: Sample, name: Field, vocabulary: Vocabulary) -> dict[Observed, int]:
    found: dict[Observed, int] = dict(sample.values(name))
    for value in _known(sample.side, name, vocabulary):
        found.setdefault(value, 0)
    return found


def _known(side: Side, name: Field, vocabulary: Vocabulary) -> Iterator[Observed]:
    """The values that are known to exist, whether a task shows them or not; of people none."""
    if side is Side.V2:
        words = {Field.STATUS: V2_STATUSES.values(), Field.PRIORITY: V2_PRIORITIES}.get(name, ())
        yield from (_word_of_v2(name, word) for word in words)
    elif name is Field.STATUS:
        yield from (status_value(one.label) for one in vocabulary.all(side, WordKind.STATUS))
    elif name is Field.PRIORITY:
        yield from (priority_value(one.label) for one in vocabulary.all(side, WordKind.PRIORITY))


def _word_of_v2(name: Field, word: str) -> Observed:
    return status_value(word) if name is Field.STATUS else priority_value(word)


def _round_trip(
    side: Side, name: Field, value: Observed, tasks: int, relation: Relation
) -> RoundTrip:
    there = relation.translate(value, side.other)
    back = there if isinstance(there, Unmapped) else relation.translate(there, side)
    return RoundTrip(side=side, name=name, value=value, tasks=tasks, there=there, back=back)
