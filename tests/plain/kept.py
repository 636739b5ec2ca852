"""What a store on disk keeps of a value: moments in UTC, JSON as JSON, nothing that is shared.

Values are frozen, so what would come back equal is kept as it is.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bridge.domain.link import Link
from bridge.domain.operation import Operation, WriteRequest
from bridge.domain.task import Case, Facts, Known, Task
from bridge.store.codec import loose_json, loose_of

_NO_FACTS = Facts()


def moment(at: datetime | None) -> datetime | None:
    """The moment in UTC; a naive one is refused."""
    return at if at is None else instant(at)


def instant(at: datetime) -> datetime:
    """The same of a moment that is there."""
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise ValueError(f"A moment without a time zone: {at!r}")
    return at.astimezone(UTC)


def milliseconds(at: datetime) -> datetime:
    """The moment as texts of the domain tell it."""
    at = instant(at)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def as_json(found: Any) -> Any:
    """What JSON makes of it; refused with TypeError if it cannot say it."""
    return json.loads(json.dumps(found))


def loose(details: Mapping[str, Any]) -> Any:
    """Details with values and bases in them, as they come back."""
    return loose_of(as_json(loose_json(details))) if details else {}


def known(found: Known, *, keeps_facts: bool) -> Known:
    """An observation without the words it showed, which are learnt; facts only if asked for."""
    return Known(
        task=_task(found.task, keeps_facts=keeps_facts),
        own_changed_at=moment(found.own_changed_at),
        person_changed_at=moment(found.person_changed_at),
        written_at=moment(found.written_at),
        aside=found.aside,
        aside_at=moment(found.aside_at),
        gone_at=moment(found.gone_at),
        standing=found.standing,
        why=found.why,
    )


def without_facts(found: Known) -> Known:
    """The same without what only a create needs."""
    task = found.task
    if task.facts == _NO_FACTS and (task.container is None or task.container.contact is None):
        return found
    bare = replace(task, facts=_NO_FACTS, container=_case(task.container, keeps_facts=False))
    return replace(found, task=bare)


def _task(task: Task, *, keeps_facts: bool) -> Task:
    return Task(
        side=task.side,
        id=task.id,
        fields={**task.fields},
        digest=task.digest,
        ref=task.ref,
        container=_case(task.container, keeps_facts=keeps_facts),
        created_at=moment(task.created_at),
        changed_at=moment(task.changed_at),
        first_author=task.first_author,
        last_author=task.last_author,
        marker=task.marker,
        facts=task.facts if keeps_facts else _NO_FACTS,
    )


def _case(case: Case | None, *, keeps_facts: bool) -> Case | None:
    if keeps_facts or case is None or case.contact is None:
        return case
    return replace(case, contact=None)


def link(found: Link) -> Link:
    """A link; its bases are its own."""
    return replace(
        found,
        bases={**found.bases},
        created_at=moment(found.created_at),
        changed_at=moment(found.changed_at),
        gone_at=moment(found.gone_at),
    )


def operation(found: Operation) -> Operation:
    """An operation; its values are its own."""
    return replace(found, values={**found.values}, origin={**found.origin})


def request(found: WriteRequest) -> WriteRequest:
    """A request, its body as JSON gives it back."""
    return replace(found, body=as_json(dict(found.body)))
