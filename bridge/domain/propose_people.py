"""Who may be who: people of the same full name, each the only one of it on its side; pure."""

from collections.abc import Iterable, Iterator, Sequence

from bridge.domain.agreement import Agreement
from bridge.domain.finding import Finding, Proposal, ok, warn
from bridge.domain.people import Twin
from bridge.domain.side import SIDES, Side
from bridge.domain.text import fold_name
from bridge.domain.vocabulary import Vocabulary, Word, WordKind


def propose_people(vocabulary: Vocabulary, twins: Sequence[Twin]) -> tuple[Proposal, ...]:
    """Rows for people.table that are not in it yet, by name."""
    listed = {twin.kore for twin in twins} | {twin.v2 for twin in twins}
    kore = _by_name(vocabulary.all(Side.KORE, WordKind.PERSON))
    v2 = _by_name(
        word
        for word in vocabulary.all(Side.V2, WordKind.PERSON)
        if word.details.get("is_active") is not False
    )
    rows = [
        Proposal(kore=person_id_of(kore[name]), v2=v2[name].key, name=v2[name].label)
        for name in sorted(kore.keys() & v2.keys())
        if not listed & {*_kore_ids(kore[name]), v2[name].key}
    ]
    return tuple(rows)


def judge_people(agreement: Agreement, proposals: Sequence[Proposal]) -> Iterator[Finding]:
    """Whether assignees are carried at all, and how many rows could be added."""
    mapping = agreement.mapping
    more = "Paste the suggested rows into the configuration." if proposals else ""
    found = _of_same_name(agreement.vocabulary, len(proposals))
    if not mapping.twins and not mapping.matches_names:
        next_ = more or "List who is who in people.table, or set people.match_name."
        yield warn("people", f"assignees are not carried: there is no people.table; {found}", next_)
    elif mapping.twins and proposals:
        yield warn("people", f"{len(mapping.twins)} in people.table; {found}, not in it yet", more)
    else:
        how = f"{len(mapping.twins)} in people.table"
        yield ok("people", f"{how}, and by equal full names" if mapping.matches_names else how)


def _of_same_name(vocabulary: Vocabulary, count: int) -> str:
    known = (len(vocabulary.all(side, WordKind.PERSON)) for side in SIDES)
    people = "1 person has" if count == 1 else f"{count or 'no'} people have"
    seen = " and ".join(f"{many} in {side.label}" for many, side in zip(known, SIDES, strict=True))
    return f"of those seen so far ({seen}) {people} the same full name on both sides"


def _by_name(words: Iterable[Word]) -> dict[str, Word]:
    """Those whose name nobody else of that side has."""
    found: dict[str, list[Word]] = {}
    for word in words:
        if word.label != word.key:
            found.setdefault(fold_name(word.label), []).append(word)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def person_id_of(word: Word) -> str:
    """The id by which the people table names somebody: of Kore `agentId`, else `aId`."""
    return str(word.details.get("agent_id") or word.details.get("a_id") or word.key)


def _kore_ids(word: Word) -> set[str]:
    details = (word.details.get("agent_id"), word.details.get("a_id"))
    return {word.key, *(str(one) for one in details if one)}
