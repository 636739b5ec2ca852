"""What a check suggests loads as a configuration and closes the gap that it is for."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bridge.domain.agreement import Agreement, build_mapping
from bridge.domain.find_gaps import round_trips
from bridge.domain.finding import Proposal, RoundTrip, Suggestion
from bridge.domain.missing_ids import judge_ids, missing_ids, suggest_ids
from bridge.domain.people import Twin
from bridge.domain.sample import Sample
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.status import CATEGORIES, DEFAULT_STATUS_ROWS
from bridge.domain.suggest import IN_BRACKETS, LOOK, suggest
from bridge.domain.values import person_value, priority_value, status_value
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from bridge.domain.wordtable import Default, WordRow
from tests.domain.making import KORE, V2, a_person, a_task, a_word, an_agreement

SCORED = [
    a_word(KORE, WordKind.PRIORITY, name, score=score)
    for name, score in (("Low", 5.0), ("Medium", 10.0), ("High", 12.0), ("Critical", 14.0))
]


def trips_of(agreement: Agreement, **given: Any) -> list[RoundTrip]:
    """What becomes of the values of one task on each side; `kore_…` and `v2_…` are its fields."""
    found: list[RoundTrip] = []
    for side in SIDES:
        fields = {
            name.removeprefix(f"{side}_"): value
            for name, value in given.items()
            if name.startswith(f"{side}_")
        }
        sample = Sample(side=side, tasks=(a_task(side, **fields),), pages=1, is_all=True)
        found += round_trips(sample, agreement)
    return found


def rows_of(found: Sequence[Suggestion], table: str) -> Iterator[WordRow]:
    for one in found:
        if one.table == table and not one.is_open:
            default = Default(one.values.get("default", ""))
            yield WordRow(one.values["kore"], one.values["v2"], default)


def with_rows(
    agreement: Agreement, found: Sequence[Suggestion], configured: Sequence[WordRow] = ()
) -> tuple[Agreement, Any]:
    """The agreement with all that was suggested and is whole, and the laws that it breaks."""
    twins = [
        Twin(one.values["kore"], one.values["v2"])
        for one in found
        if one.table == "people.table" and not one.is_open
    ]
    mapping, problems = build_mapping(
        status=[*configured, *rows_of(found, "status")],
        priority=[*rows_of(found, "priority")],
        twins=twins,
    )
    return Agreement(mapping, agreement.vocabulary), problems


def closed(agreement: Agreement, **given: Any) -> list[Suggestion]:
    """The suggestions, which close every gap that they are whole for."""
    found = [*suggest(trips_of(agreement, **given), agreement, ())]
    after, problems = with_rows(agreement, found)
    assert problems == ()
    assert [one.value for one in trips_of(after, **given) if one.gap] == []
    return found


# --- statuses ------------------------------------------------------------------------------------


def switched_off(category: str) -> Word:
    """Kore's own status of that category."""
    name, state = CATEGORIES[category], {"is_system": True, "is_enabled": False}
    return Word(KORE, WordKind.STATUS, category, name, {"category": category, **state})


def test_where_nothing_is_unmapped_nothing_is_suggested() -> None:
    assert closed(an_agreement()) == []


def test_a_status_whose_category_nobody_knows_is_suggested_to_be_looked_at() -> None:
    (one,) = closed(an_agreement(), kore_status=status_value("Parked"))
    assert one == Suggestion(
        table="status",
        values={"kore": "Parked", "v2": "open", "default": "to-v2"},
        remark=LOOK,
    )
    assert "look at it" in LOOK


def test_in_place_of_kore_s_own_status_that_is_off_one_that_is_on_is_suggested() -> None:
    agreement = an_agreement(
        switched_off("open"),
        a_word(KORE, WordKind.STATUS, "Triage", category="open", is_system=False),
        a_word(KORE, WordKind.STATUS, "Backlog", category="open", is_system=False),
    )
    found = closed(agreement, kore_status=status_value("In Progress", "inprogress"))
    assert {(one.values["kore"], one.values["v2"]): one.values["default"] for one in found} == {
        ("Triage", "new"): "to-kore",
        ("Triage", "open"): "both",
    }
    assert all("or Backlog" in one.remark for one in found)


def test_the_one_in_its_place_agrees_with_what_the_category_agrees_with() -> None:
    agreement = an_agreement(
        switched_off("closed"),
        *(
            a_word(KORE, WordKind.STATUS, name, category="closed", is_system=False)
            for name in ("Done", "Dropped", "Spent")
        ),
    )
    found = closed(agreement)
    rows = [(*one.values.values(),) for one in found]
    assert sorted(rows) == [("Done", "cancelled", "to-kore"), ("Done", "completed", "to-v2")]
    remark = "or Dropped, Spent: Kore's own of that category is switched off"
    assert [one.remark for one in found] == [remark, remark]


def test_a_row_that_only_agrees_says_so_by_leaving_its_default_out() -> None:
    agreement = an_agreement(
        switched_off("resolved"),
        *(
            a_word(KORE, WordKind.STATUS, name, category="resolved", is_system=False)
            for name in ("Fixed", "Solved")
        ),
    )
    rows = {one.values["v2"]: one.values.get("default") for one in closed(agreement)}
    assert rows == {"completed": "both", "in_review": None}


def test_each_category_that_is_off_gets_a_status_of_its_own() -> None:
    words = [
        a_word(KORE, WordKind.STATUS, f"{category} {number}", category=category, is_system=False)
        for category in ("open", "resolved")
        for number in (1, 2)
    ]
    agreement = an_agreement(switched_off("open"), switched_off("resolved"), *words)
    found = closed(agreement, kore_status=status_value("In Progress", "inprogress"))
    assert {(one.values["kore"], one.values["v2"]) for one in found} == {
        ("open 1", "new"), ("open 1", "open"),
        ("resolved 1", "in_review"), ("resolved 1", "completed"),
    }  # fmt: skip


def test_a_status_that_a_rule_names_already_takes_no_other_place() -> None:
    names = ("Triage", "Backlog", "Later")
    words = [a_word(KORE, WordKind.STATUS, one, category="open", is_system=False) for one in names]
    rule = WordRow("Triage", "in_progress", Default.TO_V2)
    mapping, _ = build_mapping(status=[rule])
    agreement = Agreement(mapping, Vocabulary([switched_off("open"), *words]))
    found = [*suggest(trips_of(agreement), agreement, ())]
    assert {one.values["kore"] for one in found} == {"Backlog"}
    assert with_rows(agreement, found, [rule])[1] == ()
    mapping, _ = build_mapping(status=[rule, WordRow("Later", "in_progress", Default.TO_V2)])
    agreement = Agreement(mapping, agreement.vocabulary)
    assert {one.remark for one in suggest(trips_of(agreement), agreement, ())} == {""}


@pytest.mark.parametrize(
    ("rules", "replaced", "is_open"),
    [
        ([WordRow("open", "open", Default.TO_KORE)], (), True),
        ([WordRow("Parked", "open", Default.TO_V2)], (), False),
        ([WordRow("resolved", "in_review", Default.TO_KORE)], (), False),
        (DEFAULT_STATUS_ROWS[::-1], ("status",), True),
    ],
)
def test_a_row_is_whole_unless_it_would_contradict_one_that_is_there(
    rules: Sequence[WordRow], replaced: Sequence[str], is_open: bool
) -> None:
    words = [
        a_word(KORE, WordKind.STATUS, one, category="open", is_system=False)
        for one in ("Triage", "Backlog")
    ]
    mapping, problems = build_mapping(status=rules, replaced=replaced)
    assert problems == ()
    agreement = Agreement(mapping, Vocabulary([switched_off("open"), *words]))
    found = [*suggest(trips_of(agreement), agreement, ())]
    assert {one.is_open for one in found} == {is_open}


def test_where_no_status_can_take_its_place_or_a_rule_stands_in_the_way_a_person_is_asked() -> None:
    word = switched_off("closed")
    agreement = an_agreement(word)
    found = [*suggest(trips_of(agreement), agreement, ())]
    assert [(one.table, one.is_open, one.values) for one in found] == [
        ("status", True, {"kore": "…", "v2": "cancelled"})
    ]
    assert "the category 'Closed' is off" in found[0].remark
    mapping, _ = build_mapping(status=[WordRow("closed", "cancelled", Default.TO_KORE)])
    others = [
        a_word(KORE, WordKind.STATUS, name, category="closed", is_system=False)
        for name in ("Done", "Dropped")
    ]
    ruled = Agreement(mapping, Vocabulary([word, *others]))
    assert [one.is_open for one in suggest(trips_of(ruled), ruled, ())] == [True]


def test_a_word_of_v2_that_no_rule_may_name_is_told_as_that() -> None:
    agreement = an_agreement()
    odd = {"v2_status": status_value("blocked"), "v2_priority": priority_value("asap")}
    status, priority = suggest(trips_of(agreement, **odd), agreement, ())
    assert (status.is_open, status.values) == (True, {})
    known = "new, open, in_progress, in_review, completed, cancelled"
    assert status.remark == f"v2's status 'blocked' can be named by no rule: known are {known}"
    assert "v2's priority 'asap'" in priority.remark


@st.composite
def statuses(draw: Any) -> list[Word]:
    """Statuses of an account: of any category or none, on or off, its own or not."""
    names = draw(st.sets(st.sampled_from(("Triage", "Parked", "Fixed", "On Site", "Dropped"))))
    own = [switched_off(key) for key in CATEGORIES if draw(st.booleans())]
    return own + [
        a_word(
            KORE,
            WordKind.STATUS,
            name,
            category=draw(st.sampled_from((*CATEGORIES, ""))),
            is_system=False,
            is_enabled=draw(st.sampled_from((True, True, False))),
        )
        for name in sorted(names)
    ]


RULES = st.builds(
    WordRow,
    st.sampled_from(("Triage", "Parked", "open", "resolved", "closed")),
    st.sampled_from(("new", "open", "in_review", "completed", "cancelled")),
    st.sampled_from(Default),
)


@settings(max_examples=150, deadline=None)
@given(words=statuses(), rules=st.lists(RULES, max_size=2, unique=True))
def test_for_any_account_what_is_whole_loads_and_closes_all_but_what_is_asked(
    words: list[Word], rules: list[WordRow]
) -> None:
    mapping, problems = build_mapping(status=rules)
    assume(not problems)
    agreement = Agreement(mapping, Vocabulary(words))
    found = [*suggest(trips_of(agreement), agreement, ())]
    after, problems = with_rows(agreement, found, rules)
    assert problems == ()
    is_asked = any(one.is_open for one in found)
    left = [one for one in trips_of(after) if one.gap]
    assert all(one.side is V2 for one in left)
    assert is_asked or not left


# --- priorities ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "words", "v2", "remark"),
    [
        (11.6, SCORED[:3], "high", "its score is 11.6; low 5, medium 10, high 12"),
        (11.0, SCORED[1:3], "high", "its score is 11; medium 10, high 12"),
        (1.0, SCORED[:1], "low", "its score is 1; low 5"),
        (6.0, SCORED[:3], "low", "its score is 6; low 5, medium 10, high 12"),
        (13.9, SCORED[1::2], "urgent", "its score is 13.9; medium 10, critical 14"),
        (13.5, SCORED, "urgent", None),
        (13.0, SCORED[:3], "high", "its score is 13; low 5, medium 10, high 12"),
        (99.0, [], "medium", LOOK),
        (None, SCORED, "medium", LOOK),
    ],
)
def test_a_priority_is_suggested_by_the_nearest_score_that_is_known(
    score: float | None, words: list[Word], v2: str, remark: str | None
) -> None:
    found = closed(an_agreement(*words), kore_priority=priority_value("Emergency", score))
    if remark is None:
        assert found == []  # all four scores are known: it goes by its own
        return
    (one,) = found
    assert one.values == {"kore": "Emergency", "v2": v2, "default": "to-v2"}
    assert one.remark == remark


# --- people --------------------------------------------------------------------------------------


def test_two_of_one_name_are_whole_rows_and_whoever_has_no_twin_is_left_open() -> None:
    people = (a_person(KORE, "a-1", "Ada"), a_person(V2, "u-1", "Ada"), a_person(V2, "u-9", "Bo"))
    agreement = an_agreement(*people, twins={"a-7": "u-7"})
    given_ = {"kore_assignee": person_value("a-1", "Ada"), "v2_assignee": person_value("u-9", "Bo")}
    trips = trips_of(agreement, **given_)
    ada, bo = suggest(trips, agreement, [Proposal(kore="a-1", v2="u-1", name="Ada")])
    assert (ada.values, ada.is_open) == ({"kore": "a-1", "v2": "u-1", "name": "Ada"}, False)
    assert ada.remark == IN_BRACKETS
    assert (bo.values, bo.is_open) == ({"kore": "…", "v2": "u-9", "name": "Bo"}, True)
    assert (ada.table, bo.table) == ("people.table", "people.table")
    assert bo.remark == "nobody of that name alone is known in Kore: give the id there"
    both = [Proposal(kore="a-1", v2="u-1", name="Ada"), Proposal(kore="a-9", v2="u-9", name="Bo")]
    assert [one.remark for one in suggest(trips, agreement, both)] == [IN_BRACKETS, ""]
    alone = an_agreement(*people)
    assert [one.remark for one in suggest(trips_of(alone), alone, both)] == ["", ""]
    assert "in brackets" in IN_BRACKETS


# --- ids -----------------------------------------------------------------------------------------


def test_words_of_kore_that_may_have_to_be_written_and_have_no_id_yet_are_named() -> None:
    known = an_agreement(
        *(a_word(KORE, WordKind.STATUS, name, id=f"s-{name}") for name in CATEGORIES.values()),
        a_word(KORE, WordKind.PRIORITY, "High", id="p-1"),
        a_word(KORE, WordKind.PRIORITY, "Low"),
    )
    named = {Field.PRIORITY: frozenset({"medium"})}
    missing = missing_ids(trips_of(known), known, named)
    assert missing == {Field.PRIORITY: ("Low", "Critical")}
    (finding,) = judge_ids(missing)
    assert "Low, Critical" in finding.found
    assert "kore.priority_ids" in finding.next
    (row,) = suggest_ids(missing)
    assert (row.table, row.values, row.is_open) == (
        "kore.priority_ids",
        {"Low": "…", "Critical": "…"},
        True,
    )


def test_statuses_without_an_id_are_named_under_their_own_setting() -> None:
    agreement = an_agreement(a_word(KORE, WordKind.STATUS, "Open", id="s-1"))
    missing = missing_ids(trips_of(agreement), agreement, {})
    assert missing[Field.STATUS] == ("In Progress", "Resolved", "Closed")
    status, priority = judge_ids(missing)
    assert (status.what, priority.what) == ("Kore status ids", "Kore priority ids")
    assert "kore.status_ids" in status.next
    assert [one.table for one in suggest_ids(missing)] == ["kore.status_ids", "kore.priority_ids"]


def test_of_a_word_that_has_no_counterpart_no_id_is_wanted() -> None:
    agreement = an_agreement()
    odd = trips_of(agreement, v2_priority=priority_value("asap"))
    assert "asap" not in missing_ids(odd, agreement, {})[Field.PRIORITY]


def test_an_id_is_wanted_of_no_word_that_is_never_written() -> None:
    agreement = an_agreement()
    only_kore = [one for one in trips_of(agreement) if one.side is Side.KORE]
    assert missing_ids(only_kore, agreement, {}) == {}
