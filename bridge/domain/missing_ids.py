"""Which of Kore's words the bridge may have to write and knows no id of; pure.

No call of Kore lists statuses or priorities: an id is learnt from a record that shows the word, or
named in the configuration.
"""

from collections.abc import Iterator, Mapping, Sequence

from bridge.domain.agreement import Agreement
from bridge.domain.finding import Finding, RoundTrip, Suggestion, warn
from bridge.domain.side import Field, Side
from bridge.domain.values import Value
from bridge.domain.vocabulary import WordKind

KINDS = {Field.STATUS: WordKind.STATUS, Field.PRIORITY: WordKind.PRIORITY}
SETTINGS = {Field.STATUS: "kore.status_ids", Field.PRIORITY: "kore.priority_ids"}


def missing_ids(
    trips: Sequence[RoundTrip],
    agreement: Agreement,
    named: Mapping[Field, frozenset[str]],
) -> dict[Field, tuple[str, ...]]:
    """The words of Kore that values of v2 become, and whose id nobody has told, by field.

    `named` are the folded words whose id the configuration tells.
    """
    found = {name: tuple(_without(name, trips, agreement, named)) for name in KINDS}
    return {name: words for name, words in found.items() if words}


def judge_ids(missing: Mapping[Field, Sequence[str]]) -> Iterator[Finding]:
    """What follows from it."""
    for name, words in missing.items():
        yield warn(
            f"Kore {name} ids",
            f"no record seen so far tells the id of {', '.join(words)}; where Kore takes no name "
            "alone, a change to it waits as a failure until a task shows it",
            f"Name it in {SETTINGS[name]}, if you know it.",
        )


def suggest_ids(missing: Mapping[Field, Sequence[str]]) -> Iterator[Suggestion]:
    """Rows in which ids are still to be filled in."""
    for name, words in missing.items():
        yield Suggestion(table=SETTINGS[name], values=dict.fromkeys(words, "…"), is_open=True)


def _without(
    name: Field,
    trips: Sequence[RoundTrip],
    agreement: Agreement,
    named: Mapping[Field, frozenset[str]],
) -> Iterator[str]:
    written = {
        one.there.key: one.there.text
        for one in trips
        if one.side is Side.V2 and one.name is name and isinstance(one.there, Value)
    }
    for key, text in written.items():
        is_told = agreement.vocabulary.has_id(f"{Side.KORE}:{KINDS[name]}:{key}")
        if not is_told and key not in named.get(name, frozenset()):
            yield text
