"""Which words agree, and which is written for which (the mapping laws)."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.domain.agreement import Agreement, build_mapping
from bridge.domain.relation import Relation, TitleRelation, Unmapped
from bridge.domain.side import Field, Side
from bridge.domain.status import CATEGORIES, V2_STATUSES
from bridge.domain.values import Observed, Value, priority_value, status_value
from bridge.domain.vocabulary import Vocabulary, WordKind
from bridge.domain.wordtable import Default, WordRow
from tests.domain.making import (
    KORE,
    V2,
    a_word,
    an_agreement,
    kore_status,
    scores,
    text,
    v2_status,
)

# The default table, row by row: the category, what agrees with it, what is written for it.
KORE_STATUSES = [
    ("open", {"new", "open"}, "open"),
    ("in progress", {"in_progress", "in_review"}, "in_progress"),
    ("on hold", {"open", "in_progress"}, "open"),
    ("resolved", {"in_review", "completed"}, "completed"),
    ("closed", {"completed", "cancelled"}, "completed"),
]
V2_TO_KORE = [
    ("new", "open"),
    ("open", "open"),
    ("in_progress", "in progress"),
    ("in_review", "in progress"),
    ("completed", "resolved"),
    ("cancelled", "closed"),
]
FOUR = scores(low=1, medium=10, high=20, critical=30)


def of_status(agreement: Agreement | None = None) -> Relation:
    return (agreement or an_agreement()).of(Field.STATUS)


def of_priority(agreement: Agreement | None = None) -> Relation:
    return (agreement or an_agreement()).of(Field.PRIORITY)


def written(value: Observed | Unmapped) -> str:
    assert isinstance(value, Value)
    return value.text


def reason_of(value: Observed | Unmapped) -> Unmapped:
    assert isinstance(value, Unmapped)
    return value


# ---- statuses: the default table ------------------------------------------------------------


@pytest.mark.parametrize(("category", "agreeing", "default"), KORE_STATUSES)
def test_a_kore_category_agrees_with_these_and_is_written_as_that(
    category: str, agreeing: set[str], default: str
) -> None:
    relation, kore = of_status(), kore_status(category)
    assert {
        word for word in V2_STATUSES.values() if relation.agrees(kore, v2_status(word))
    } == agreeing
    assert relation.translate(kore, V2) == v2_status(default)
    assert written(relation.translate(kore, V2)) == default
    assert relation.gap(KORE, kore) is None


@pytest.mark.parametrize(("word", "category"), V2_TO_KORE)
def test_a_v2_status_is_written_to_kore_as_that(word: str, category: str) -> None:
    relation = of_status()
    assert relation.translate(v2_status(word), KORE) == kore_status(category)
    assert (
        written(relation.translate(v2_status(word), KORE)) == CATEGORIES[category.replace(" ", "")]
    )
    assert relation.gap(V2, v2_status(word)) is None


def test_a_custom_name_goes_by_its_category() -> None:
    pending = kore_status("on hold", "Pending customer")
    assert of_status().agrees(pending, v2_status("open"))
    assert of_status().translate(pending, V2) == v2_status("open")


def test_a_name_seen_without_category_goes_by_the_category_learnt_before() -> None:
    known = a_word(KORE, WordKind.STATUS, "Pending customer", category="On Hold")
    bare = status_value("Pending customer")
    assert of_status(an_agreement(known)).translate(bare, V2) == v2_status("open")
    gap = of_status().gap(KORE, bare)
    assert gap is not None
    assert gap.waits_for == "kore:status:pendingcustomer"


@pytest.mark.parametrize("value", [None, status_value("archived", "archived")])
def test_a_status_that_no_rule_knows_is_unmapped_and_never_guessed(value: Observed) -> None:
    for side in Side:
        assert of_status().gap(side, value) is not None
        assert isinstance(of_status().translate(value, side.other), Unmapped)


def test_an_empty_status_agrees_with_nothing_else() -> None:
    assert of_status().agrees(None, None)
    assert not of_status().agrees(None, v2_status("open"))
    assert not of_status().agrees(kore_status("open"), None)


# ---- statuses: rules ------------------------------------------------------------------------


def test_a_name_that_a_rule_names_goes_by_its_own_rows_alone() -> None:
    waiting = kore_status("on hold", "Waiting for parts")
    relation = of_status(
        an_agreement(status=(WordRow("Waiting for parts", "in_review", Default.TO_V2),))
    )
    assert relation.translate(waiting, V2) == v2_status("in_review")
    assert not relation.agrees(waiting, v2_status("open"))
    assert relation.translate(v2_status("in_review"), KORE) == kore_status("in progress")


def test_a_rule_can_name_the_status_that_is_written() -> None:
    row = WordRow("Solved on site", "completed", Default.BOTH)
    relation = of_status(an_agreement(status=(row,)))
    assert written(relation.translate(v2_status("completed"), KORE)) == "Solved on site"
    learnt = a_word(KORE, WordKind.STATUS, "Solved ON site", category="Resolved")
    relation = of_status(an_agreement(learnt, status=(row,)))
    solved = relation.translate(v2_status("completed"), KORE)
    assert written(solved) == "Solved ON site"
    assert isinstance(solved, Value)
    assert solved.kind == "resolved"


def test_configured_rows_are_added_to_the_default_ones_and_beat_them() -> None:
    relation = of_status(an_agreement(status=(WordRow("open", "new", Default.BOTH),)))
    assert relation.translate(kore_status("open"), V2) == v2_status("new")
    assert relation.agrees(kore_status("open"), v2_status("open"))


def test_a_row_without_default_agrees_and_changes_no_translation() -> None:
    relation = of_status(an_agreement(status=(WordRow("open", "in_review"),)))
    assert relation.agrees(kore_status("open"), v2_status("in_review"))
    assert relation.translate(kore_status("open"), V2) == v2_status("open")
    assert relation.translate(v2_status("in_review"), KORE) == kore_status("in progress")


def test_a_word_with_one_row_only_is_written_as_that_rows_word() -> None:
    relation = of_status(an_agreement(status=(WordRow("Parked", "open"),)))
    assert relation.translate(kore_status("on hold", "Parked"), V2) == v2_status("open")


OFF = a_word(
    KORE, WordKind.STATUS, "Resolved", category="Resolved", is_system=True, is_enabled=False
)
SOLVED = a_word(KORE, WordKind.STATUS, "Solved", category="Resolved")
FIXED = a_word(KORE, WordKind.STATUS, "Fixed", category="Resolved")
RENAMED = a_word(KORE, WordKind.STATUS, "Done", category="Resolved", is_system=True)


def test_of_several_statuses_of_a_category_the_enabled_system_one_is_written() -> None:
    relation = of_status(an_agreement(SOLVED, RENAMED, FIXED))
    assert written(relation.translate(v2_status("completed"), KORE)) == "Done"


def test_before_the_system_status_was_seen_it_is_taken_to_bear_its_categorys_name() -> None:
    relation = of_status(an_agreement(SOLVED, FIXED))
    assert written(relation.translate(v2_status("completed"), KORE)) == "Resolved"


def test_with_the_system_status_switched_off_the_only_other_one_is_written() -> None:
    relation = of_status(an_agreement(OFF, SOLVED))
    assert written(relation.translate(v2_status("completed"), KORE)) == "Solved"


@pytest.mark.parametrize("words", [(OFF,), (OFF, SOLVED, FIXED)], ids=["none", "several"])
def test_with_the_system_status_switched_off_and_no_single_other_one_nothing_is_guessed(
    words: tuple[object, ...],
) -> None:
    agreement = Agreement(an_agreement().mapping, Vocabulary(words))  # type: ignore[arg-type]
    relation = of_status(agreement)
    assert isinstance(relation.translate(v2_status("completed"), KORE), Unmapped)
    gap = relation.gap(V2, v2_status("completed"))
    assert gap is not None
    assert gap.waits_for == "kore:status:resolved"


# ---- laws -----------------------------------------------------------------------------------

rows = st.builds(
    WordRow,
    kore=st.sampled_from([*CATEGORIES.values(), "Parked", "Waiting for parts"]),
    v2=st.sampled_from([*V2_STATUSES.values()]),
    default=st.sampled_from(Default),
)


def all_values(agreement: Agreement) -> list[tuple[Side, Value]]:
    names = agreement.mapping.status.words(KORE) - set(CATEGORIES)
    return [
        *((KORE, status_value(name, key)) for key, name in CATEGORIES.items()),
        *((KORE, status_value(name, "onhold")) for name in names),
        *((V2, status_value(word)) for word in V2_STATUSES.values()),
    ]


@settings(max_examples=80)
@given(st.lists(rows, max_size=7), st.booleans())
def test_every_value_of_a_lawful_table_has_a_translation_that_agrees_with_it(
    configured: list[WordRow], is_replaced: bool
) -> None:
    mapping, problems = build_mapping(status=configured, replaced=["status"] if is_replaced else [])
    if problems:
        return
    agreement = Agreement(mapping, Vocabulary())
    relation = of_status(agreement)
    for side, value in all_values(agreement):
        assert relation.gap(side, value) is None
        other = relation.translate(value, side.other)
        assert isinstance(other, Value)
        assert relation.agrees(*((value, other) if side is KORE else (other, value)))
        assert relation.gap(side.other, other) is None


@pytest.mark.parametrize(
    ("configured", "replaced", "said"),
    [
        (
            [WordRow("open", "new", Default.BOTH), WordRow("open", "open", Default.TO_V2)],
            [],
            "status: two rows say what 'open' is written as in v2.",
        ),
        (
            [WordRow("Parked", "new", Default.BOTH), WordRow("open", "new", Default.TO_KORE)],
            [],
            "status: two rows say what 'new' is written as in Kore.",
        ),
        (
            [WordRow("Parked", "new"), WordRow("Parked", "open")],
            [],
            "status: no row says what 'Parked' is written as in v2.",
        ),
        (
            [WordRow("open", "open", Default.BOTH)],
            ["status"],
            "status: no row says what 'cancelled' is written as in Kore.",
        ),
        (
            [WordRow("open", "archived", Default.BOTH)],
            [],
            "status: v2 has no 'archived'; it knows cancelled, completed, in_progress, "
            "in_review, new, open.",
        ),
    ],
    ids=["contradiction to v2", "contradiction to Kore", "gap", "gap after replace", "stranger"],
)
def test_a_broken_law_is_told_as_a_sentence(
    configured: list[WordRow], replaced: list[str], said: str
) -> None:
    _, problems = build_mapping(status=configured, replaced=replaced)
    assert said in problems


def test_two_rows_that_say_the_same_contradict_nothing() -> None:
    row = WordRow("open", "new", Default.BOTH)
    assert build_mapping(status=[row, row])[1] == ()


def test_the_fingerprint_changes_with_the_rows_and_not_with_their_order() -> None:
    one, two = WordRow("Parked", "open"), WordRow("Gone", "cancelled")
    plain, first, second = (
        of_status(an_agreement(status=rows_)).table for rows_ in ((), (one, two), (two, one))
    )
    assert plain != first == second


# ---- priorities -----------------------------------------------------------------------------

PRIORITIES = [("Low", "low"), ("Medium", "medium"), ("High", "high"), ("Critical", "urgent")]


@pytest.mark.parametrize(("kore", "v2"), PRIORITIES)
def test_each_of_the_four_priorities_has_its_twin(kore: str, v2: str) -> None:
    relation = of_priority()
    assert relation.translate(priority_value(kore), V2) == priority_value(v2)
    assert written(relation.translate(priority_value(v2), KORE)) == kore
    agreeing = [
        word for _, word in PRIORITIES if relation.agrees(*map(priority_value, (kore, word)))
    ]
    assert agreeing == [v2]


def test_an_empty_v2_priority_agrees_with_every_kore_priority_but_a_change_is_written() -> None:
    relation, high = of_priority(), priority_value("High")
    assert relation.agrees(high, None)
    assert relation.agrees(None, None)
    assert not relation.agrees(None, priority_value("low"))
    assert not relation.absorbs(KORE, high, None)
    assert relation.absorbs(V2, high, None)
    assert relation.absorbs(KORE, high, priority_value("high"))
    assert relation.translate(None, V2) is None
    assert relation.gap(V2, None) is None


@pytest.mark.parametrize(
    ("score", "v2"),
    [(2, "low"), (14, "medium"), (15, "high"), (99, "urgent"), (-3, "low"), (25, "urgent")],
)
def test_a_custom_priority_goes_to_the_nearest_score_and_of_two_to_the_more_urgent(
    score: float, v2: str
) -> None:
    relation, custom = of_priority(an_agreement(*FOUR)), priority_value("Emergency", score)
    assert relation.translate(custom, V2) == priority_value(v2)
    assert relation.agrees(custom, priority_value(v2))
    assert relation.gap(KORE, custom) is None


def test_a_custom_priority_seen_without_score_goes_by_the_score_learnt_before() -> None:
    words = (*FOUR, *scores(emergency=29))
    translated = of_priority(an_agreement(*words)).translate(priority_value("Emergency"), V2)
    assert translated == priority_value("urgent")


@pytest.mark.parametrize(
    ("words", "value", "word"),
    [
        (FOUR, priority_value("Emergency"), "kore:priority:emergency"),
        (FOUR[:3], priority_value("Emergency", 5), "kore:priority:critical"),
    ],
    ids=["its own score", "one of the four"],
)
def test_while_a_score_is_not_known_the_priority_is_unmapped_and_waits_for_it(
    words: tuple[object, ...], value: Observed, word: str
) -> None:
    relation = of_priority(Agreement(an_agreement().mapping, Vocabulary(words)))  # type: ignore[arg-type]
    gap = relation.gap(KORE, value)
    assert gap is not None
    assert gap.waits_for == word
    assert reason_of(relation.translate(value, V2)).waits_for == word
    assert not relation.agrees(value, priority_value("urgent"))


def test_a_rule_names_a_custom_priority_without_any_score() -> None:
    relation = of_priority(an_agreement(priority=(WordRow("Emergency", "urgent", Default.TO_V2),)))
    assert relation.translate(priority_value("Emergency"), V2) == priority_value("urgent")
    assert relation.translate(priority_value("urgent"), KORE) == priority_value("Critical")


def test_a_v2_priority_that_no_rule_knows_is_unmapped() -> None:
    strange = priority_value("asap")
    gap = of_priority().gap(V2, strange)
    assert gap is not None
    assert gap.waits_for == "v2:priority:asap"
    assert isinstance(of_priority().translate(strange, KORE), Unmapped)


def test_a_priority_is_spelled_as_the_account_spells_it() -> None:
    shouting = a_word(KORE, WordKind.PRIORITY, "CRITICAL")
    relation = of_priority(an_agreement(shouting))
    assert written(relation.translate(priority_value("urgent"), KORE)) == "CRITICAL"


def test_a_nearest_priority_that_a_replaced_table_leaves_out_is_unmapped() -> None:
    mapping, problems = build_mapping(
        priority=[WordRow("Low", "low", Default.BOTH)], replaced=["priority"]
    )
    relation = of_priority(Agreement(mapping, Vocabulary(FOUR)))
    assert problems
    custom = priority_value("Emergency", 30)
    assert relation.gap(KORE, custom) is not None
    assert isinstance(relation.translate(custom, V2), Unmapped)


# ---- titles and what means the same ---------------------------------------------------------


def test_a_v2_task_without_title_is_called_by_its_stand_in_and_that_is_never_carried_back() -> None:
    relation = TitleRelation(stand_in="REC-1234")
    assert relation.translate(None, KORE) == text("REC-1234")
    assert relation.agrees(text("REC-1234"), None)
    assert relation.translate(text("REC-1234"), V2) is None
    assert relation.translate(text("Boiler"), V2) == text("Boiler")
    assert not relation.agrees(text("Boiler"), None)


def test_without_a_stand_in_kore_is_given_no_empty_title() -> None:
    assert isinstance(TitleRelation().translate(None, KORE), Unmapped)
    assert TitleRelation().translate(None, V2) is None


@pytest.mark.parametrize(
    ("name", "one", "other"),
    list(itertools.product([Field.DESCRIPTION, Field.DUE], [text("a"), None], [text("a"), None])),
)
def test_descriptions_and_due_dates_mean_the_same_on_both_sides(
    name: Field, one: Observed, other: Observed
) -> None:
    relation = an_agreement().of(name)
    assert relation.agrees(one, other) is (one == other)
    assert relation.translate(one, V2) == one
    assert relation.gap(KORE, one) is None
    assert relation.hold(KORE, one) == ""
    assert relation.absorbs(KORE, one, other)


def test_every_field_has_a_fingerprint_of_its_rules() -> None:
    assert set(an_agreement().tables()) == {str(name) for name in Field}
