"""An observation as a row of its table, and back.

The words that a record showed are not part of it: they are learnt. The facts come back only
where the row still holds them. Of a task that a person had forgotten no text is stored.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping

from bridge.domain.marker import Marker
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Known, Standing, Task
from bridge.store.codec import (
    case_contact_of,
    case_json,
    case_of,
    facts_json,
    facts_of,
    fields_json,
    fields_of,
)


def row_of(pair: str, known: Known, *, keeps_facts: bool) -> dict[str, Any]:
    """What is known of a task as the columns of its row."""
    return {
        "pair": pair,
        **_task_columns(known.task),
        **_marker_columns(known.task.marker),
        "facts": facts_json(known.task.facts, known.task.container) if keeps_facts else None,
        "own_changed_at": known.own_changed_at,
        "person_changed_at": known.person_changed_at,
        "written_at": known.written_at,
        "aside": known.aside,
        "aside_at": known.aside_at,
        "gone_at": known.gone_at,
        "standing": str(known.standing),
        "why": known.why,
    }


def without_texts(known: Known) -> Known:
    """What is stored of a forgotten task: its ids, times and digest, and how it stands."""
    task = known.task
    marker = replace(task.marker, note="") if task.marker else None
    bare = Task(
        side=task.side,
        id=task.id,
        fields={},
        digest=task.digest,
        ref=task.ref,
        created_at=task.created_at,
        changed_at=task.changed_at,
        marker=marker,
    )
    return replace(known, task=bare, why="")


def _task_columns(task: Task) -> dict[str, Any]:
    title = task.fields.get(Field.TITLE)
    return {
        "side": str(task.side),
        "id": task.id,
        "ref": task.ref,
        "title_key": title.key if title else None,
        "fields": fields_json(task.fields),
        "digest": task.digest,
        "changed_at": task.changed_at,
        "created_at": task.created_at,
        "first_author": task.first_author,
        "last_author": task.last_author,
        "container": case_json(task.container),
    }


def _marker_columns(marker: Marker | None) -> dict[str, str | None]:
    return {
        "marker_side": str(marker.side) if marker else None,
        "marker_id": marker.task_id if marker else None,
        "marker_reference": marker.reference if marker else None,
        "marker_note": marker.note if marker else None,
    }


def known_of(row: RowMapping) -> Known:
    """What is known of a task, from its row."""
    return Known(
        task=_task_of(row),
        own_changed_at=row["own_changed_at"],
        person_changed_at=row["person_changed_at"],
        written_at=row["written_at"],
        aside=row["aside"],
        aside_at=row["aside_at"],
        gone_at=row["gone_at"],
        standing=Standing(row["standing"]),
        why=row["why"],
    )


def _task_of(row: RowMapping) -> Task:
    return Task(
        side=Side(row["side"]),
        id=TaskId(row["id"]),
        fields=fields_of(row["fields"]),
        digest=row["digest"],
        ref=row["ref"],
        container=case_of(row["container"], case_contact_of(row["facts"])),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        first_author=row["first_author"],
        last_author=row["last_author"],
        marker=_marker_of(row),
        facts=facts_of(row["facts"]),
    )


def _marker_of(row: RowMapping) -> Marker | None:
    if row["marker_side"] is None:
        return None
    return Marker(
        side=Side(row["marker_side"]),
        reference=row["marker_reference"],
        task_id=TaskId(row["marker_id"]),
        note=row["marker_note"],
    )
