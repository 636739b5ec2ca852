"""Small builders: what a test does not say is ordinary."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.domain.agreement import Agreement, build_mapping
from bridge.domain.link import Link, LinkState
from bridge.domain.marker import Marker
from bridge.domain.people import Twin
from bridge.domain.side import Field, LinkId, Side, TaskId
from bridge.domain.status import CATEGORIES, V2_STATUSES
from bridge.domain.task import Known, Task
from bridge.domain.text import fold_word
from bridge.domain.values import Observed, due_value, priority_value, status_value, text_value
from bridge.domain.vocabulary import Detail, Vocabulary, Word, WordKind
from bridge.domain.wordtable import WordRow

KORE, V2 = Side.KORE, Side.V2
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OWN = frozenset({"bridge"})


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def kore_status(category: str, name: str = "") -> Observed:
    """A Kore status of a category, by default the system one."""
    return status_value(name or CATEGORIES[fold_word(category)], category)


def v2_status(word: str) -> Observed:
    return status_value(V2_STATUSES[fold_word(word)])


def text(words: str | None) -> Observed:
    return text_value(words)


def a_task(side: Side, **given: Any) -> Task:
    """A task that shows all six fields; names of fields set or (`...`) hide them."""
    shown: dict[Field, Observed] = {
        Field.TITLE: text("Broken boiler"),
        Field.DESCRIPTION: text("No hot water"),
        Field.STATUS: kore_status("open") if side is KORE else v2_status("open"),
        Field.PRIORITY: priority_value("High"),
        Field.ASSIGNEE: None,
        Field.DUE: due_value(at(86_400)),
    }
    for name in Field:
        if name in given:
            value = given.pop(name)
            shown.pop(name)
            if value is not ...:
                shown[name] = value
    task_id = TaskId(given.pop("id", "ti-1" if side is KORE else "65f0"))
    ref = given.pop("ref", "TS000102" if side is KORE else "REC-1234")
    times = {"created_at": NOON, "changed_at": NOON, "digest": "first"}
    return Task(side=side, id=task_id, ref=ref, fields=shown, **{**times, **given})


def a_known(side: Side, **given: Any) -> Known:
    """A known task; `person_changed_at` and its like are told apart from the task's own."""
    names = ("own_changed_at", "person_changed_at", "written_at", "aside", "aside_at", "standing")
    remembered = {name: given.pop(name) for name in names if name in given}
    return Known(task=a_task(side, **given), **remembered)


def a_link(**given: Any) -> Link:
    usual = {
        "state": LinkState.LINKED,
        "kore_id": TaskId("ti-1"),
        "v2_id": TaskId("65f0"),
        "id": LinkId(7),
    }
    return Link(**{**usual, **given})


def a_marker(side: Side, task_id: str | None = None) -> Marker:
    reference, usual = ("TS000102", "ti-1") if side is KORE else ("REC-1234", "65f0")
    return Marker(side=side, reference=reference, task_id=TaskId(task_id or usual))


def a_word(side: Side, kind: WordKind, label: str, key: str = "", **details: Detail) -> Word:
    return Word(side, kind, key or fold_word(label), label, details)


def a_person(side: Side, person_id: str, name: str, **details: Detail) -> Word:
    return a_word(side, WordKind.PERSON, name, person_id, **details)


def scores(**points: float) -> tuple[Word, ...]:
    return tuple(
        a_word(KORE, WordKind.PRIORITY, name.title(), name, score=score)
        for name, score in points.items()
    )


def an_agreement(
    *words: Word,
    status: tuple[WordRow, ...] = (),
    priority: tuple[WordRow, ...] = (),
    replaced: tuple[str, ...] = (),
    twins: Mapping[str, str] | None = None,
    matches_names: bool = False,
    takes_from_queue: bool = True,
) -> Agreement:
    """The agreement of the default tables, with what is given on top."""
    mapping, problems = build_mapping(
        status=status,
        priority=priority,
        replaced=replaced,
        twins=tuple(Twin(kore, v2) for kore, v2 in (twins or {}).items()),
        matches_names=matches_names,
        takes_from_queue=takes_from_queue,
    )
    assert problems == ()
    return Agreement(mapping, Vocabulary(words))
