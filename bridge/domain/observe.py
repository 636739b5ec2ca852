"""What an observation adds to what is known of a task.

An older picture does not replace a newer one; a value that a sparse row hides is still known as
long as the change time stands; the time of a change is a person's unless an own write or probe
showed it, or it is by the bridge's own user.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.domain.side import Field
from bridge.domain.task import Case, Facts, Known, Standing, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How a task was seen.

    `sent_at`: our clock when the request left. `sweep_started_at`: set if a sweep saw it.
    `settle_seconds`: how long a write may take to show. `own_ids`: under which the bridge's own
    writes appear; one whose answer never came is known by them.
    """

    sent_at: datetime
    settle_seconds: float = 60.0
    sweep_started_at: datetime | None = None
    own_ids: frozenset[str] = frozenset()


def observe(known: Known | None, task: Task, sight: Sight) -> Known | None:
    """What is known after seeing the task in a list; None if the sight tells nothing.

    An older picture than the one known is set aside; it is believed only if a sweep begun after
    the settle time shows it again. Whatever it shows, a task that is seen is there.
    """
    after = _observe(known, task, sight)
    if known is None or known.gone_at is None:
        return after
    return replace(after or known, gone_at=None)


def _observe(known: Known | None, task: Task, sight: Sight) -> Known | None:
    if known is None:
        return Known(task=task, person_changed_at=task.changed_at)
    if known.written_at is not None and sight.sent_at <= known.written_at:
        return None
    if _is_older(task, known.task) and not _is_believed(known, task, sight):
        is_aside = known.aside == task.digest
        return None if is_aside else replace(known, aside=task.digest, aside_at=sight.sent_at)
    return replace(
        known,
        task=filled(task, known.task),
        person_changed_at=_last_by_a_person(known, task, sight),
        aside=None,
        aside_at=None,
    )


def observe_own(known: Known | None, task: Task, answered_at: datetime) -> Known:
    """What is known after an own write or probe was answered with the task."""
    before = known or Known(task=task)
    return replace(
        before,
        task=filled(task, before.task),
        own_changed_at=task.changed_at,
        written_at=answered_at,
        aside=None,
        aside_at=None,
        gone_at=None,
    )


def filled(newer: Task, older: Task) -> Task:
    """The newer picture with what it does not show and the older one still tells.

    What names the task never changes; values and facts hold as long as the change time stands.
    """
    is_same = newer.changed_at is not None and newer.changed_at == older.changed_at
    fields = {**older.fields, **newer.fields} if is_same else newer.fields
    return replace(
        newer,
        fields=fields,
        ref=newer.ref or older.ref,
        container=_filled_case(newer.container, older.container),
        created_at=newer.created_at or older.created_at,
        first_author=newer.first_author or older.first_author,
        last_author=newer.last_author or (older.last_author if is_same else None),
        marker=newer.marker if Field.DESCRIPTION in newer.fields else older.marker,
        facts=_filled_facts(newer.facts, older.facts) if is_same else newer.facts,
    )


def has_news(known: Known | None, after: Known) -> bool:
    """Whether the sight changed anything that a decision depends on."""
    if known is None or known.gone_at is not None:
        return True
    old, new = known.task, after.task
    if dict(old.fields) != dict(new.fields) or old.marker != new.marker:
        return True
    if new.changed_at not in (old.changed_at, after.own_changed_at):
        return True
    return known.standing is not Standing.LINKED and old.facts != new.facts


def _last_by_a_person(known: Known, task: Task, sight: Sight) -> datetime | None:
    """When a person changed it last, as far as it can be told from one sight to the next."""
    if task.last_author in sight.own_ids:
        return known.person_changed_at
    is_own = task.changed_at is not None and task.changed_at == known.own_changed_at
    return known.person_changed_at if is_own else task.changed_at


def is_hidden_anew(known: Known) -> bool:
    """Whether the task hides fields that no own write or probe has shown since it changed.

    Where the change time is not known, one own write or probe is all that is asked for.
    """
    task = known.task
    if task.changed_at is None:
        return bool(task.hidden) and known.written_at is None
    return bool(task.hidden) and task.changed_at != known.own_changed_at


def _is_older(task: Task, known: Task) -> bool:
    if task.changed_at is None or known.changed_at is None:
        return False
    return task.changed_at < known.changed_at


def _is_believed(known: Known, task: Task, sight: Sight) -> bool:
    if known.aside != task.digest or known.aside_at is None or sight.sweep_started_at is None:
        return False
    return sight.sweep_started_at >= known.aside_at + timedelta(seconds=sight.settle_seconds)


def _filled_case(newer: Case | None, older: Case | None) -> Case | None:
    if newer is None or older is None:
        return newer or older
    return replace(newer, ref=newer.ref or older.ref, name=newer.name or older.name)


def _filled_facts(newer: Facts, older: Facts) -> Facts:
    return Facts(
        queues=older.queues if newer.queues is None else newer.queues,
        task_type_id=newer.task_type_id or older.task_type_id,
        tags=older.tags if newer.tags is None else newer.tags,
        customers=newer.customers or older.customers,
        contact=newer.contact or older.contact,
    )
