"""The story of a task: what happened has its sentence, with its reason and its values."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.life import Life
from bridge.domain.link import LinkState
from bridge.domain.operation import Journalled, OperationKind, OperationState, Outcome
from bridge.domain.recall import NOT_SHOWN
from bridge.domain.records import Happening
from bridge.domain.side import Field, LinkId, OperationId
from bridge.domain.story import names_of, quoted, tell_story
from bridge.domain.values import UNSEEN
from tests.domain.lives import a_happening, an_operation, in_words, only_step, told
from tests.domain.making import KORE, V2, a_link, at, kore_status, text
from tests.domain.worlds import a_lone, a_pair, a_world

CREATE, UPDATE, PROBE = OperationKind.CREATE, OperationKind.UPDATE, OperationKind.PROBE

# --- what happened -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "bare", "with_reason"),
    [
        ("linked", "Linked.", "Linked, because the titles agree."),
        ("removed", "Removed.", "Removed: the titles agree."),
        ("found_again", "Found again.", "Found again: the titles agree."),
        ("gone", "Gone.", "Gone: the titles agree."),
        ("create begun", "A create of its counterpart was begun.", None),
        ("created", "Created in v2.", "Created in v2 (the titles agree)."),
        ("not created", "Not created.", "Not created: the titles agree."),
        (
            "seen whole",
            "A probe of v2 showed it whole.",
            "A probe of v2 showed it whole (the titles agree).",
        ),
        ("refused", "Not written to v2.", "Not written to v2: the titles agree."),
        (
            "case closed",
            "Not written to v2, it waits.",
            "Not written to v2, it waits: the titles agree.",
        ),
        ("restored", "Restored.", "Restored: the titles agree."),
        ("restore dropped", "Restore dropped.", "Restore dropped: the titles agree."),
        ("retried", "Retried.", "Retried: the titles agree."),
    ],
)
def test_what_happened_is_a_sentence_with_its_reason_and_without(
    what: str, bare: str, with_reason: str | None
) -> None:
    assert only_step(history=(a_happening(what),)).text == bare
    told_why = only_step(history=(a_happening(what, why=" the titles agree. "),)).text
    assert told_why == (with_reason or bare)


def test_what_happened_on_no_side_happened_in_the_services() -> None:
    step = only_step(history=(a_happening("created", side=None),))
    assert (step.text, step.side) == ("Created in the services.", None)


@pytest.mark.parametrize("side", [KORE, V2])
def test_what_happened_tells_when_where_and_to_which_field(side: Any) -> None:
    line = a_happening("decided", side=side, field=Field.DUE, details={"conflict": "4"})
    step = only_step(history=(line,))
    assert (step.at, step.side, step.fields, step.values) == (at(62), side, (Field.DUE,), ())
    assert step.text == "Decided."
    whole = only_step(history=(a_happening("gone", side=side),))
    assert (whole.fields, whole.values, whole.operation, whole.outcome) == ((), (), None, "")


def test_a_decision_whose_details_were_forgotten_is_told_as_what_it_was() -> None:
    assert only_step(history=(a_happening("decided", field=Field.DUE),)).text == "Decided."


def test_of_what_is_no_value_none_is_told() -> None:
    line = a_happening("seen whole", details={"to": "Cold house"})
    step = only_step(history=(line,))
    assert (step.text, step.values) == ("A probe of v2 showed it whole.", ())


@pytest.mark.parametrize(
    ("what", "sentence", "value"),
    [
        ("written", "Written to v2 (so).", "title: “Old” became “New”"),
        (
            "altered",
            "Written to v2 (so).",
            "title: v2 shows “Ne” where “New” was sent; it counts as in step and is never carried "
            "back",
        ),
        ("ignored", "Written to v2 (so).", "title: v2 kept “Ne” where “New” was sent"),
        (
            "arrived",
            "Written to v2 (so).",
            "title: “New” arrived, although its answer never came",
        ),
        (
            "not seen yet",
            "Written to v2 (so).",
            "title: “New” was taken; the look after it failed, the next one tells",
        ),
        ("refused", "Not written to v2: so.", "title: “New” waits"),
        ("case closed", "Not written to v2, it waits: so.", "title: “New” waits"),
    ],
)
def test_what_became_of_a_value_is_told_with_what_was_sent_and_shown(
    what: str, sentence: str, value: str
) -> None:
    details = {"from": "Old", "to": "New", "shown": "Ne"}
    line = a_happening(what, why="so", field=Field.TITLE, details=details)
    step = only_step(history=(line,))
    assert step.text == sentence
    assert step.fields == (Field.TITLE,)
    (only,) = step.values
    assert only.text == value
    assert (only.name, only.before, only.sent, only.shown) == (
        Field.TITLE,
        text("Old"),
        text("New"),
        text("Ne"),
    )


def test_what_became_of_a_value_on_no_side_is_told_of_the_service() -> None:
    details = {"to": "New", "shown": None}
    line = a_happening("ignored", side=None, field=Field.TITLE, details=details)
    (only,) = only_step(history=(line,)).values
    assert only.text == "title: the service kept nothing where “New” was sent"
    assert (only.before, only.shown) == (UNSEEN, None)


def test_a_value_that_nobody_saw_is_not_told_as_empty() -> None:
    details = {"to": UNSEEN}
    (only,) = only_step(
        history=(a_happening("written", field=Field.TITLE, details=details),)
    ).values
    assert only.text == "title: what was not seen became nothing"
    assert (only.before, only.sent, only.shown) == (UNSEEN, None, UNSEEN)


def test_a_line_of_the_history_without_its_time_or_field_is_no_line() -> None:
    with pytest.raises(ValueError, match="has its time"):
        only_step(history=(a_happening("linked", at=None),))
    line = a_happening("written", details={"to": "New", "operation": 3})
    with pytest.raises(ValueError, match="names its field"):
        only_step(operations=(an_operation(),), history=(line,))


# --- values and names in a sentence --------------------------------------------------------------


def test_a_value_is_quoted_in_one_line_of_eighty_characters_at_most() -> None:
    assert quoted(text("Broken\n  boiler")) == "“Broken boiler”"
    assert quoted(text("x" * 80)) == f"“{'x' * 80}”"
    assert quoted(text("x" * 81)) == f"“{'x' * 79}…”"
    assert quoted(None) == "nothing"
    assert quoted(UNSEEN) == "what was not seen"


def test_fields_are_named_with_commas_and_one_and() -> None:
    assert names_of([]) == "nothing"
    assert names_of([Field.TITLE]) == "title"
    assert names_of([Field.TITLE, Field.DUE]) == "title and due"
    assert names_of([Field.TITLE, Field.STATUS, Field.DUE]) == "title, status and due"


# --- the journal ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "side", "words"),
    [
        (CREATE, V2, "Create in v2 (Kore changed): done."),
        (CREATE, KORE, "Create in Kore (Kore changed): done."),
        (PROBE, KORE, "Probe of Kore, an update of nothing (Kore changed): done."),
        (UPDATE, KORE, "Update of title in Kore (Kore changed): done."),
    ],
)
def test_each_write_tells_its_kind_and_its_side(kind: OperationKind, side: Any, words: str) -> None:
    step = only_step(operations=(an_operation(kind, side=side),))
    assert step.text == words
    assert (step.kind, step.side, step.fields) == (kind, side, (Field.TITLE,))


def test_an_update_names_the_fields_that_it_wrote() -> None:
    wrote = an_operation()
    planned = replace(wrote.operation, fields=(Field.TITLE, Field.STATUS))
    step = only_step(operations=(replace(wrote, operation=planned),))
    assert step.text == "Update of title in v2 (Kore changed): done."


def test_the_update_that_completes_a_create_says_so_and_not_why_again() -> None:
    step = only_step(operations=(an_operation(parent_id=OperationId(2)),))
    assert step.text == "Update of title in v2, completing the create: done."


def test_a_write_that_was_never_sent_stands_where_it_was_written_down() -> None:
    void = an_operation(sent_at=None, outcome=Outcome.DROPPED, note="its plan was too old.")
    step = only_step(operations=(void,))
    assert step.at == at(60)
    assert step.text.endswith(": void, nothing was written (its plan was too old).")


def test_a_probe_is_never_told_as_forgotten() -> None:
    probe = an_operation(PROBE, side=KORE, values={})
    assert only_step(operations=(probe,)).text == (
        "Probe of Kore, an update of nothing (Kore changed): done."
    )


@pytest.mark.parametrize("kind", [CREATE, UPDATE, PROBE])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"note": "it asked twice."}, "done (it asked twice)."),
        (
            {"state": OperationState.COMMITTED, "outcome": None},
            "written down and not sent; if its process has ended it is void, and planned anew.",
        ),
        ({"outcome": Outcome.DROPPED, "note": "too old."}, "void, nothing was written (too old)."),
        (
            {"outcome": Outcome.DROPPED, "note": NOT_SHOWN},
            "void, the task does not show it: planned anew.",
        ),
        ({"outcome": Outcome.FAILED, "note": "too long."}, "refused (too long)."),
        ({"outcome": Outcome.FAILED}, "not taken."),
    ],
)
def test_what_came_of_a_write_is_told_with_its_note(
    kind: OperationKind, given: dict[str, Any], words: str
) -> None:
    assert only_step(operations=(an_operation(kind, **given),)).text.endswith(f": {words}")


@pytest.mark.parametrize(
    ("kind", "place"),
    [(CREATE, "by its marker"), (UPDATE, "at the task itself"), (PROBE, "at the task itself")],
)
def test_an_open_write_tells_where_is_looked_and_until_when(
    kind: OperationKind, place: str
) -> None:
    sent: dict[str, Any] = {"state": OperationState.SENT, "outcome": None}
    known = "no answer is recorded, so what became of it is uncertain"
    (step,) = told(a_pair(), operations=(an_operation(kind, **sent),)).steps
    assert step.text.endswith(f": sent, and {known}; every cycle looks {place}.")
    lost = an_operation(kind, note="cut off", settles_at=at(90), **sent)
    assert only_step(operations=(lost,)).text.endswith(
        f": sent, and what became of it is uncertain (cut off); every cycle looks {place} "
        "until 12:01:30 at least."
    )


def lost(kind: OperationKind, **given: Any) -> Journalled:
    return an_operation(kind, outcome=Outcome.UNCERTAIN, note="no answer", **given)


UNKNOWN = "uncertain, nobody can tell whether it took effect (no answer)"


@pytest.mark.parametrize("kind", [UPDATE, PROBE])
def test_an_update_that_nobody_can_tell_of_was_looked_for_by_the_next_poll(
    kind: OperationKind,
) -> None:
    assert only_step(operations=(lost(kind),)).text.endswith(
        f": {UNKNOWN}; the next poll was the look, and what was missing then was planned anew."
    )


def test_a_create_that_nobody_can_tell_of_was_found_only_by_the_link_that_it_made() -> None:
    here, elsewhere = lost(CREATE), lost(CREATE, link_id=LinkId(8))
    found = f": {UNKNOWN}; its counterpart was found later."
    assert only_step(operations=(here,)).text.endswith(found)
    assert only_step(operations=(elsewhere,)).text.endswith(f": {UNKNOWN}.")
    (alone,) = told(a_lone(), operations=(here,)).steps
    assert alone.text.endswith(f": {UNKNOWN}.")
    (removed,) = told(a_lone(), operations=(here,), removed=a_link(state=LinkState.REMOVED)).steps
    assert removed.text.endswith(found)
    creating = a_link(state=LinkState.CREATING, v2_id=None, origin=KORE)
    (open_still,) = told(a_pair(link=creating), operations=(here,)).steps
    assert open_still.text.endswith(f": {UNKNOWN}.")


def test_the_values_of_a_write_of_which_no_more_is_known_are_told() -> None:
    values = {Field.TITLE: text("Cold house"), Field.DUE: None}
    step = only_step(operations=(an_operation(values=values),))
    assert [one.text for one in step.values] == ["title: “Cold house”", "due: nothing"]
    assert [(one.name, one.sent) for one in step.values] == list(values.items())


def test_of_a_create_the_values_are_told_that_it_sends_itself() -> None:
    values = {Field.TITLE: text("Cold house"), Field.STATUS: kore_status("open"), Field.DUE: None}
    (title,) = only_step(operations=(an_operation(CREATE, side=KORE, values=values),)).values
    assert title.text == "title: “Cold house”"


# --- journal and history as one story ------------------------------------------------------------


def steps_of(*history: Happening, operations: tuple[Journalled, ...]) -> list[str]:
    life = Life(world=a_world(), about=a_pair(), history=history, operations=operations)
    return [step.text for step in tell_story(life, in_words)]


def test_an_update_is_not_the_create_that_the_history_tells() -> None:
    begun = a_happening("create begun", at=at(10))
    assert steps_of(begun, operations=(an_operation(),)) == [
        "A create of its counterpart was begun.",
        "Update of title in v2 (Kore changed): done.",
    ]


def test_a_create_of_another_link_does_not_silence_this_one() -> None:
    made = a_happening("created", at=at(10), link_id=LinkId(8))
    assert len(steps_of(made, operations=(an_operation(CREATE),))) == 2


def test_a_write_whose_values_are_kept_leaves_every_other_line_to_be_told() -> None:
    bare = a_happening("written", field=Field.TITLE, at=at(10))
    assert steps_of(bare, operations=(an_operation(),)) == [
        "Written: title, what it was is forgotten.",
        "Update of title in v2 (Kore changed): done.",
    ]


def test_a_later_write_is_told_beside_one_that_was_forgotten() -> None:
    wrote = an_operation()
    forgotten = replace(wrote, operation=replace(wrote.operation, values={}, reason=""))
    line = a_happening("written", field=Field.TITLE, why="so", details={"to": "New"}, at=at(70))
    assert steps_of(line, operations=(forgotten,)) == [
        "Update of title in v2, its values forgotten: done.",
        "Written to v2 (so).",
    ]


def test_the_story_is_told_oldest_first_whoever_tells_it() -> None:
    late = an_operation(id=OperationId(4), committed_at=at(80), sent_at=at(81), reason="later")
    line = a_happening("gone", at=at(70))
    assert steps_of(line, operations=(late, an_operation())) == [
        "Update of title in v2 (Kore changed): done.",
        "Gone.",
        "Update of title in v2 (later): done.",
    ]
