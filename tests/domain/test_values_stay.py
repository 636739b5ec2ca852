"""What holds for every value and every word of the domain, those to come included."""

import dataclasses
import enum
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import bridge.domain

# Small enough to be told without names; everything else is built by name, so that two arguments
# of one type cannot change places unseen.
BUILT_BY_PLACE = {
    "agreement.Agreement",
    "exchange.Row",
    "exchange.UnreadableRow",
    "identity.Identity",
    "instruction.Order",
    "life.Advice",
    "links_csv.Flaw",
    "people.PeopleRelation",
    "people.Twin",
    "priority.PriorityRelation",
    "recall._Sight",
    "relation.SameRelation",
    "relation.TitleRelation",
    "relation.Unmapped",
    "status.StatusRelation",
    "story._Told",
    "values.Value",
    "vocabulary.Word",
    "wordtable.WordRow",
    "wordtable.WordTable",
}

# These stand in databases, configurations and what commands print: whoever changes one has to
# bring the databases along.
KEPT_WORDS = {
    "ConflictRule": "newest kore v2 manual",
    "Direction": "both kore-to-v2 v2-to-kore",
    "Default": "both to-v2 to-kore",
    "Field": "title description status priority assignee due",
    "GuardKind": "missing empty identity probes table",
    "InstructionKind": (
        "resolve retry discard add_link remove_link import_links confirm pause resume"
    ),
    "InstructionOutcome": "done void refused",
    "LinkState": "creating linked missing removed",
    "Mark": "ok warn fail",
    "OperationKind": "create update probe read",
    "OperationState": "committed sent settled",
    "Outcome": "planned done failed uncertain dropped",
    "ProbeForm": "untried empty id_only refused",
    "Purpose": "poll follow sweep write ask",
    "Side": "kore v2",
    "Standing": (
        "new out_of_scope finished unroutable duplicate orphan left ambiguous unreadable held "
        "uncertain failed linked"
    ),
    "State": (
        "out_of_scope duplicate missing conflict failed unmapped waiting drifted unroutable "
        "only_kore only_v2 in_step"
    ),
    "Unobserved": "probe write hold",
    "WaitKind": "unmapped failed conflict restore held case_closed drift",
    "WordKind": "status priority person task_type self column",
}


def classes() -> Iterator[Any]:
    for found in pkgutil.iter_modules(bridge.domain.__path__):
        module = importlib.import_module(f"{bridge.domain.__name__}.{found.name}")
        for one in vars(module).values():
            if isinstance(one, type) and one.__module__ == module.__name__:
                yield one


def name_of(one: Any) -> str:
    return f"{one.__module__.rpartition('.')[2]}.{one.__name__}"


VALUES: dict[str, Any] = {name_of(one): one for one in classes() if dataclasses.is_dataclass(one)}
WORDS = {one.__name__: one for one in classes() if issubclass(one, enum.Enum)}


def test_a_value_is_never_changed_only_replaced() -> None:
    assert [name for name, one in VALUES.items() if not one.__dataclass_params__.frozen] == []


def test_a_value_takes_no_field_that_is_misspelt() -> None:
    assert [name for name, one in VALUES.items() if "__slots__" not in vars(one)] == []


def test_a_value_of_several_fields_is_built_by_name() -> None:
    fields = {name: dataclasses.fields(one) for name, one in VALUES.items()}
    by_place = {name for name, mine in fields.items() if not all(one.kw_only for one in mine)}
    assert by_place == BUILT_BY_PLACE


def test_the_words_that_are_stored_and_printed_stay_as_they_are() -> None:
    words = {name: " ".join(str(one.value) for one in WORDS[name]).strip() for name in KEPT_WORDS}
    assert words == KEPT_WORDS


def test_two_words_of_one_kind_are_told_apart() -> None:
    values = {name: [one.value for one in words] for name, words in WORDS.items()}
    assert [name for name, mine in values.items() if len({*mine}) < len(mine)] == []
    assert [name for name, mine in values.items() if "" in mine] == ["Default"]
