"""Rows of the configuration for what has no counterpart, for a person to look at and paste; pure.

Where the records tell what a value comes nearest to, the row is whole. Where they do not, it is the
likeliest one, and says so; what only a person can know is left open.
"""

from collections.abc import Iterator, Sequence

from bridge.domain.agreement import Agreement
from bridge.domain.finding import Proposal, RoundTrip, Suggestion
from bridge.domain.priority import FOUR, V2_PRIORITIES
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.status import CATEGORIES, DEFAULT_STATUS_ROWS, V2_STATUSES, statuses_of
from bridge.domain.values import Value
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from bridge.domain.wordtable import Default, WordRow, WordTable

USUAL_STATUS, USUAL_PRIORITY = "open", "medium"
IN_BRACKETS = "if the file has people.table as a list in brackets, put these rows there instead"
LOOK = "look at it: nothing tells what it is nearest to"
_KNOWN = {Field.STATUS: tuple(V2_STATUSES.values()), Field.PRIORITY: V2_PRIORITIES}


def suggest(
    trips: Sequence[RoundTrip], agreement: Agreement, proposals: Sequence[Proposal]
) -> Iterator[Suggestion]:
    """A row for each value without a counterpart, and for each two people of one name."""
    gaps = [one for one in trips if one.gap is not None]
    yield from _statuses([one for one in gaps if one.name is Field.STATUS], agreement)
    yield from _priorities([one for one in gaps if one.name is Field.PRIORITY], agreement)
    remark = IN_BRACKETS if agreement.mapping.twins else ""
    for number, one in enumerate(proposals):
        values = {"kore": one.kore, "v2": one.v2, "name": one.name}
        yield Suggestion(table="people.table", values=values, remark="" if number else remark)
    proposed = {one.kore for one in proposals} | {one.v2 for one in proposals}
    people = [one for one in gaps if one.name is Field.ASSIGNEE]
    for side in SIDES:
        yield from (_person(side, one) for one in _of(side, people) if one.key not in proposed)


# --- statuses ------------------------------------------------------------------------------------


def _statuses(gaps: Sequence[RoundTrip], agreement: Agreement) -> Iterator[Suggestion]:
    for value in _of(Side.KORE, gaps):
        # The rules name every category: it is one of which no record has told the category.
        yield _row("status", value.text, USUAL_STATUS, Default.TO_V2, LOOK)
    of_v2 = [value.key for value in _of(Side.V2, gaps)]
    yield from (_unknown(Field.STATUS, key) for key in of_v2 if key not in V2_STATUSES)
    table = agreement.mapping.status
    targets = {key: str(table.translation(key, Side.KORE)) for key in of_v2 if key in V2_STATUSES}
    for category in dict.fromkeys(targets.values()):
        keys = [key for key, target in targets.items() if target == category]
        yield from _instead_of(category, keys, agreement)


def _instead_of(category: str, keys: Sequence[str], agreement: Agreement) -> Iterator[Suggestion]:
    """One status takes the place of Kore's own of that category, which is switched off."""
    table = agreement.mapping.status
    candidates = _free(category, table, agreement.vocabulary)
    name = CATEGORIES[category]
    contradicts = any(
        row.word(Side.V2) in keys and row.default.reaches(Side.KORE) for row in _configured(table)
    )
    if not candidates or contradicts:
        why = f"Kore's own status of the category {name!r} is off: name another one for it"
        values = {"kore": "…", "v2": V2_STATUSES[keys[0]]}
        yield Suggestion(table="status", values=values, remark=why, is_open=True)
        return
    others = ", ".join(word.label for word in candidates[1:])
    remark = f"or {others}: Kore's own of that category is switched off" if others else ""
    for kore, v2 in sorted(table.pairs):
        if kore == category:
            default = _default(v2 in keys, table.translation(category, Side.V2) == v2)
            yield _row("status", candidates[0].label, V2_STATUSES[v2], default, remark)


def _free(category: str, table: WordTable, vocabulary: Vocabulary) -> list[Word]:
    """The statuses of the category that are on, and that no rule names yet."""
    named = {row.word(Side.KORE) for row in _configured(table)}
    return [
        word
        for word in statuses_of(vocabulary, category)
        if word.details.get("is_enabled") is not False and word.key not in named
    ]


def _configured(table: WordTable) -> Sequence[WordRow]:
    """The rows that are not the built-in ones."""
    count = len(DEFAULT_STATUS_ROWS)
    return table.rows[count:] if table.rows[:count] == DEFAULT_STATUS_ROWS else table.rows


def _default(to_kore: bool, to_v2: bool) -> Default:
    if to_kore:
        return Default.BOTH if to_v2 else Default.TO_KORE
    return Default.TO_V2 if to_v2 else Default.NONE


# --- priorities and people -----------------------------------------------------------------------


def _priorities(gaps: Sequence[RoundTrip], agreement: Agreement) -> Iterator[Suggestion]:
    for value in _of(Side.KORE, gaps):
        v2, remark = _nearest(value, agreement)
        yield _row("priority", value.text, v2, Default.TO_V2, remark)
    yield from (_unknown(Field.PRIORITY, value.key) for value in _of(Side.V2, gaps))


def _nearest(value: Value, agreement: Agreement) -> tuple[str, str]:
    """The v2 word of the nearest of the four whose score is known, and what to look at."""
    vocabulary, table = agreement.vocabulary, agreement.mapping.priority
    own = float(value.kind) if value.kind else _score(vocabulary, value.key)
    scores = {name: score for name in FOUR if (score := _score(vocabulary, name)) is not None}
    if own is None or not scores:
        return USUAL_PRIORITY, LOOK
    # Of two as near the more urgent one, as where all four scores are known.
    near = min(reversed(scores), key=lambda name: abs(scores[name] - own))
    told = ", ".join(f"{name} {score:g}" for name, score in scores.items())
    return str(table.translation(near, Side.V2)), f"its score is {own:g}; {told}"


def _score(vocabulary: Vocabulary, name: str) -> float | None:
    word = vocabulary.find(Side.KORE, WordKind.PRIORITY, name)
    score = word.details.get("score") if word else None
    return None if score is None else float(score)


def _person(side: Side, value: Value) -> Suggestion:
    ids = {str(side): value.key, str(side.other): "…"}
    return Suggestion(
        table="people.table",
        values={"kore": ids["kore"], "v2": ids["v2"], "name": value.text},
        remark=f"nobody of that name alone is known in {side.other.label}: give the id there",
        is_open=True,
    )


# --- rows ----------------------------------------------------------------------------------------


def _of(side: Side, gaps: Sequence[RoundTrip]) -> list[Value]:
    """The values of that side."""
    return [one.value for one in gaps if one.side is side and one.value]


def _row(table: str, kore: str, v2: str, default: Default, remark: str) -> Suggestion:
    way = {"default": str(default)} if default else {}
    return Suggestion(table=table, values={"kore": kore, "v2": v2, **way}, remark=remark)


def _unknown(name: Field, key: str) -> Suggestion:
    """A word of v2 that no rule may name."""
    return Suggestion(
        table=str(name),
        remark=f"v2's {name} {key!r} can be named by no rule: known are {', '.join(_KNOWN[name])}",
        is_open=True,
    )
