"""What a create carries, and the base that it leaves."""

from dataclasses import replace

import pytest

from bridge.domain.agreement import Agreement
from bridge.domain.create import (
    FirstSight,
    bases_after_create,
    first_sight,
    marker_of,
    sent_values,
    stand_in_of,
    text_for_create,
    values_for_create,
)
from bridge.domain.link import NO_BASE, FieldBase
from bridge.domain.merge import Act, base_after_create, merge
from bridge.domain.relation import TitleRelation
from bridge.domain.side import Field, Side
from bridge.domain.task import Case, Task
from bridge.domain.values import (
    UNSEEN,
    Shown,
    due_value,
    person_value,
    priority_value,
    queue_value,
)
from tests.domain.making import (
    KORE,
    V2,
    a_link,
    a_marker,
    a_task,
    an_agreement,
    at,
    kore_status,
    scores,
    text,
    v2_status,
)
from tests.domain.merging import STATUS, TEXT, a_view, told

PEOPLE = an_agreement(twins={"A1": "u1"})
ANN, ANN_V2 = person_value("A1", "Ann"), person_value("u1", "Ann")


# ---- what is sent ---------------------------------------------------------------------------


def test_a_v2_task_is_created_with_all_but_its_status() -> None:
    origin = a_task(KORE, status=kore_status("in progress"), assignee=ANN)
    values = values_for_create(origin, PEOPLE)
    assert values == {
        Field.TITLE: text("Broken boiler"),
        Field.DESCRIPTION: text("No hot water"),
        Field.STATUS: v2_status("in_progress"),
        Field.PRIORITY: priority_value("high"),
        Field.ASSIGNEE: ANN_V2,
        Field.DUE: due_value(at(86_400)),
    }
    assert set(sent_values(values, V2)) == set(Field) - {Field.STATUS}


def test_a_kore_task_is_created_with_title_and_description_alone() -> None:
    values = values_for_create(a_task(V2, assignee=ANN_V2), PEOPLE)
    assert set(values) == set(Field)
    assert set(sent_values(values, KORE)) == {Field.TITLE, Field.DESCRIPTION}


def test_what_is_hidden_empty_or_without_a_counterpart_is_not_sent() -> None:
    origin = a_task(
        KORE,
        description=...,
        due=None,
        priority=priority_value("Emergency"),
        assignee=queue_value("Field"),
    )
    values = values_for_create(origin, PEOPLE)
    assert values == {
        Field.TITLE: text("Broken boiler"),
        Field.STATUS: v2_status("open"),
        Field.ASSIGNEE: None,
        Field.DUE: None,
    }
    assert set(sent_values(values, V2)) == {Field.TITLE}


def test_assignees_that_are_not_carried_are_not_sent() -> None:
    assert Field.ASSIGNEE not in values_for_create(a_task(KORE, assignee=ANN), an_agreement())


def test_a_v2_task_without_title_is_created_in_kore_under_its_reference_else_its_id() -> None:
    nameless = a_task(V2, title=None)
    assert stand_in_of(nameless) == "REC-1234"
    assert stand_in_of(a_task(V2, title=None, ref=None)) == "65f0"
    assert stand_in_of(a_task(V2)) == ""
    assert stand_in_of(a_task(KORE, title=None)) == ""
    assert values_for_create(nameless, PEOPLE)[Field.TITLE] == text("REC-1234")


def test_a_kore_task_without_a_title_sends_none() -> None:
    assert values_for_create(a_task(KORE, title=None), PEOPLE)[Field.TITLE] is None


def test_a_create_is_cut_at_2000_characters_before_the_marker() -> None:
    values = values_for_create(a_task(KORE, description=text("x" * 2500)), PEOPLE)
    line = a_marker(KORE).line
    assert sent_values(values, V2)[Field.DESCRIPTION] == text("x" * 2000)
    assert values[Field.DESCRIPTION] == text("x" * 2500)
    assert text_for_create(values, line) == "x" * 2000 + "\n\n" + line
    assert text_for_create({}, line) == line


def test_the_marker_names_the_task_and_the_case_that_was_looked_up_or_shown() -> None:
    shown = Case(id="ci-1", ref="CS1", name="Shown")
    looked_up = Case(id="ci-1", ref="CS1", name="Looked up")
    task = a_task(KORE, container=shown)
    assert marker_of(task, looked_up).line == "[task-bridge kore:TS000102 ti-1 case CS1: Looked up]"
    assert marker_of(task, None).note == "case CS1: Shown"
    assert marker_of(a_task(KORE), None).line == "[task-bridge kore:TS000102 ti-1]"
    assert marker_of(a_task(V2), None).line == "[task-bridge v2:REC-1234 65f0]"


# ---- the base of one field ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "created", "carry"),
    [
        (kore_status("open"), v2_status("new"), None),
        (kore_status("resolved"), v2_status("new"), KORE),
        (kore_status("resolved"), UNSEEN, KORE),
        (UNSEEN, v2_status("new"), None),
        (kore_status("odd", "Odd"), v2_status("new"), KORE),
    ],
    ids=["agrees", "to be carried", "created unseen", "origin hidden", "without a counterpart"],
)
def test_a_create_leaves_a_base_and_what_is_still_to_be_carried(
    value: Shown, created: Shown, carry: Side | None
) -> None:
    base = base_after_create(KORE, value, created, STATUS, was_sent=False)
    assert base == FieldBase(kore=value, v2=created, carry=carry, table=STATUS.table)


@pytest.mark.parametrize(
    ("value", "created", "was_sent", "carry"),
    [
        ("a", "a", True, None),
        ("a b", "a", True, None),
        ("a b", "a", False, V2),
        ("a", None, True, V2),
        ("a", UNSEEN, True, None),
        ("a", UNSEEN, False, V2),
        (None, "by itself", False, KORE),
        (None, None, False, None),
    ],
    ids=[
        "taken",
        "altered though sent whole: accepted",
        "cut: the rest follows",
        "dropped by the service: written again",
        "sent whole, not seen yet",
        "cut, not seen yet",
        "filled in by the service: flows to the origin",
        "empty on both sides",
    ],
)
def test_the_base_of_a_text_after_a_create_in_kore(
    value: str | None, created: Shown | str, was_sent: bool, carry: Side | None
) -> None:
    shown = text(created) if isinstance(created, str) else created
    base = base_after_create(V2, text(value), shown, TEXT, was_sent=was_sent)
    assert (base.v2, base.kore, base.carry) == (text(value), shown, carry)


def test_a_value_without_counterpart_at_the_create_is_carried_once_a_rule_knows_it() -> None:
    words = scores(low=1, medium=10, high=20, critical=30)
    before, after = (one.of(Field.PRIORITY) for one in (an_agreement(), an_agreement(*words)))
    values = priority_value("Emergency", 29), priority_value("low")
    base = base_after_create(KORE, *values, before, was_sent=False)
    assert told(merge(a_view(base, values, before))) == "unmapped v2"
    assert told(merge(a_view(base, values, after))) == "v2 := urgent"


def test_a_person_whom_a_template_fills_in_flows_to_the_origin_and_is_not_cleared() -> None:
    relation = PEOPLE.of(Field.ASSIGNEE)
    base = base_after_create(V2, None, ANN, relation, was_sent=False)
    assert base.carry is KORE
    decision = merge(a_view(base, (ANN, None), relation))
    assert (decision.act, decision.side, decision.value) == (Act.WRITE, V2, ANN_V2)
    stranger = person_value("A9", "Stranger")
    base = base_after_create(V2, None, stranger, relation, was_sent=False)
    assert told(merge(a_view(base, (stranger, None), relation))) == "unmapped v2"


def test_an_empty_v2_priority_agrees_with_the_one_that_kore_fills_in() -> None:
    relation = an_agreement().of(Field.PRIORITY)
    base = base_after_create(V2, None, priority_value("Medium"), relation, was_sent=False)
    assert base.carry is None
    assert told(merge(a_view(base, (priority_value("Medium"), None), relation))) == "nothing"


# ---- all bases ------------------------------------------------------------------------------


def carried(bases: dict[Field, FieldBase]) -> set[Field]:
    return {name for name, base in bases.items() if base.carry}


def bases(
    origin: Task, created: Task | None, agreement: Agreement = PEOPLE, stand_in: str = ""
) -> dict[Field, FieldBase]:
    link = a_link(origin=origin.side, stand_in=stand_in)
    seen = FirstSight(task=created) if created else None
    return bases_after_create(origin, seen, link, agreement)


def test_after_a_create_in_kore_what_it_did_not_take_is_still_to_be_carried() -> None:
    origin = a_task(V2, assignee=ANN_V2, status=v2_status("in_progress"))
    created = a_task(KORE, due=None, priority=priority_value("Medium"))
    assert carried(bases(origin, created)) == {
        Field.STATUS,
        Field.PRIORITY,
        Field.ASSIGNEE,
        Field.DUE,
    }


def test_after_a_create_in_v2_a_trimmed_title_is_accepted_and_a_changed_priority_is_not() -> None:
    origin = a_task(KORE)
    created = a_task(V2, title=text("Broken"), priority=priority_value("low"))
    found = bases(origin, created)
    assert carried(found) == {Field.PRIORITY}
    assert found[Field.TITLE].of(V2) == text("Broken")
    assert found[Field.TITLE].of(KORE) == text("Broken boiler")


def test_after_a_create_that_answered_nothing_what_was_not_sent_is_to_be_carried() -> None:
    found = bases(a_task(V2), None)
    assert carried(found) == set(Field) - {Field.DESCRIPTION}
    assert found[Field.TITLE].of(KORE) is UNSEEN


@pytest.mark.parametrize("origin", [KORE, V2])
def test_what_people_set_before_a_late_first_sight_gives_way_and_is_kept(origin: Side) -> None:
    title = bases(a_task(origin), None)[Field.TITLE]
    ours, theirs = a_task(origin).shown(Field.TITLE), text("Of a person")
    kore, v2 = (ours, theirs) if origin is KORE else (theirs, ours)
    view = a_view(title, (kore, v2), TEXT)
    assert told(merge(replace(view, touched=frozenset({origin.other})))).endswith(
        "lost of a person"
    )
    assert "lost" not in told(merge(view))


@pytest.mark.parametrize("created", [ANN, UNSEEN], ids=["in the answer", "in a later read"])
def test_whenever_a_filled_in_person_is_first_seen_the_origin_gets_it(created: Shown) -> None:
    relation = PEOPLE.of(Field.ASSIGNEE)
    base = base_after_create(V2, None, created, relation, was_sent=False)
    assert told(merge(a_view(base, (ANN, None), relation))) == "v2 := ann"
    queue = queue_value("Field")
    base = base_after_create(KORE, queue, UNSEEN, relation, was_sent=False)
    assert told(merge(a_view(base, (queue, ANN_V2), relation))) == "kore := ann"
    nobody = base_after_create(V2, None, UNSEEN, relation, was_sent=False)
    assert told(merge(a_view(nobody, (None, None), relation))) == "base -|-"


def test_a_priority_that_kore_fills_in_is_not_written_however_late_it_is_seen() -> None:
    relation = PEOPLE.of(Field.PRIORITY)
    base = base_after_create(V2, None, UNSEEN, relation, was_sent=False)
    medium = priority_value("Medium")
    assert told(merge(a_view(base, (medium, None), relation))) == "base medium|-"


def test_the_rest_of_a_cut_description_is_still_to_be_carried() -> None:
    origin = a_task(KORE, description=text("x" * 2500))
    created = a_task(V2, description=text("x" * 2000))
    assert carried(bases(origin, created)) == {Field.DESCRIPTION}


def test_what_neither_side_shows_has_no_base() -> None:
    found = bases(a_task(KORE, due=...), a_task(V2, due=...))
    assert Field.DUE not in found
    assert base_after_create(KORE, UNSEEN, UNSEEN, TEXT, was_sent=False) == NO_BASE


def test_a_stand_in_agrees_with_the_missing_title_right_after_the_create() -> None:
    origin = a_task(V2, title=None)
    found = bases(origin, a_task(KORE, title=text("REC-1234")), stand_in="REC-1234")
    title = found[Field.TITLE]
    values = text("REC-1234"), None
    assert title.carry is None
    assert told(merge(a_view(title, values, TitleRelation(stand_in="REC-1234")))) == "nothing"


# ---- the first sight of what was created -----------------------------------------------------

OWN = frozenset({"bridge"})
EVERY_FIELD = frozenset(Field)
TEXT_FIELDS = frozenset({Field.TITLE, Field.DESCRIPTION, Field.DUE})


@pytest.mark.parametrize(
    ("author", "own_ids", "is_changed", "is_whole_second", "edited"),
    [
        ("ann", OWN, True, False, EVERY_FIELD),
        ("ann", OWN, False, False, EVERY_FIELD),
        ("bridge", OWN, False, True, frozenset()),
        ("bridge", OWN, True, False, TEXT_FIELDS),
        ("ann", frozenset(), False, False, frozenset()),
        (None, OWN, False, False, frozenset()),
        (None, OWN, False, True, EVERY_FIELD),
        (None, OWN, True, False, EVERY_FIELD),
    ],
)
def test_what_people_may_have_set_before_the_first_sight_is_told_by_author_and_time(
    author: str | None,
    own_ids: frozenset[str],
    is_changed: bool,
    is_whole_second: bool,
    edited: frozenset[Field],
) -> None:
    created_at = at(0) if is_whole_second else at(0).replace(microsecond=1000)
    changed_at = at(60) if is_changed else created_at
    task = a_task(KORE, created_at=created_at, changed_at=changed_at, last_author=author)
    assert first_sight(task, own_ids).edited == edited


def test_a_text_that_people_may_have_set_is_no_form_of_what_was_sent() -> None:
    created = FirstSight(task=a_task(V2, title=text("Other")), edited=frozenset(Field))
    found = bases_after_create(a_task(KORE), created, a_link(origin=KORE), PEOPLE)
    title = found[Field.TITLE]
    assert (title.carry, title.is_edited) == (KORE, True)
    view = a_view(title, (text("Broken boiler"), text("Other")), TEXT)
    assert told(merge(view)) == "v2 := broken boiler, lost other"


def test_what_was_sent_and_is_empty_may_have_been_emptied_and_what_was_not_sent_was_not() -> None:
    everything = frozenset(Field)
    created = FirstSight(task=a_task(V2, description=None), edited=everything)
    found = bases_after_create(a_task(KORE), created, a_link(origin=KORE), PEOPLE)
    assert found[Field.DESCRIPTION].is_edited
    view = a_view(found[Field.DESCRIPTION], (a_task(KORE).shown(Field.DESCRIPTION), None), TEXT)
    assert told(merge(view)).endswith(", lost -")
    created = FirstSight(task=a_task(KORE, due=None), edited=everything)
    found = bases_after_create(a_task(V2), created, a_link(origin=V2), PEOPLE)
    assert (found[Field.DUE].carry, found[Field.DUE].is_edited) == (V2, False)


def test_an_origin_that_was_emptied_after_the_create_left_empties_the_created_one() -> None:
    origin = a_task(KORE, description=None)
    link = a_link(origin=KORE)
    for edited, carry in ((frozenset[Field](), KORE), (frozenset(Field), V2)):
        created = FirstSight(task=a_task(V2), edited=edited)
        found = bases_after_create(origin, created, link, PEOPLE, is_known_sent=False)
        assert found[Field.DESCRIPTION].carry is carry
    known = bases_after_create(origin, FirstSight(task=a_task(V2)), link, PEOPLE)
    assert known[Field.DESCRIPTION].carry is V2


def test_of_a_text_that_the_origin_hides_by_now_the_created_task_tells_what_it_was() -> None:
    origin, created = a_task(KORE, description=...), FirstSight(task=a_task(V2))
    found = bases_after_create(origin, created, a_link(origin=KORE), PEOPLE, is_known_sent=False)
    base = found[Field.DESCRIPTION]
    assert base.of(KORE) == base.of(V2) == a_task(V2).shown(Field.DESCRIPTION)
    emptied = a_view(base, (None, base.of(V2)), TEXT)
    assert told(merge(emptied)) == "v2 := -"


def test_what_was_written_down_of_a_create_tells_what_its_origin_hides_whoever_was_at_it() -> None:
    created = FirstSight(task=a_task(V2, description=text("a person's")), edited=frozenset(Field))
    found = bases_after_create(
        a_task(KORE, description=...),
        created,
        a_link(origin=KORE),
        PEOPLE,
        is_known_sent=False,
        written={Field.DESCRIPTION: text("sent")},
    )
    base = found[Field.DESCRIPTION]
    assert (base.of(KORE), base.is_edited) == (text("sent"), True)
    emptied = a_view(base, (None, text("a person's")), TEXT)
    assert told(merge(emptied)) == "v2 := -, lost a person's"


def test_what_agrees_at_the_first_sight_is_an_ordinary_base_whoever_was_at_it() -> None:
    created = FirstSight(task=a_task(V2), edited=frozenset(Field))
    found = bases_after_create(a_task(KORE), created, a_link(origin=KORE), PEOPLE)
    assert not found[Field.TITLE].is_edited
    later = merge(a_view(found[Field.TITLE], (text("New"), text("Broken boiler")), TEXT))
    assert (told(later), later.conflict) == ("v2 := new", None)
