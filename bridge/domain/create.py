"""What a create carries, and the base that it leaves.

A create sends what the service takes with it (Kore: title and description; v2: all but the
status); the rest follows by an update while the created side still shows its first value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bridge.domain.agreement import Agreement
from bridge.domain.link import NO_BASE, FieldBase, Link
from bridge.domain.marker import Marker, first_part, kore_marker, v2_marker, with_marker
from bridge.domain.merge import base_after_create
from bridge.domain.relation import Relation, Unmapped
from bridge.domain.side import Field, Side
from bridge.domain.task import Case, Known, Task
from bridge.domain.values import UNSEEN, Observed, Shown, Unseen, text_value

SENT_WITH_CREATE = {
    Side.KORE: frozenset({Field.TITLE, Field.DESCRIPTION}),
    Side.V2: frozenset(set(Field) - {Field.STATUS}),
}
# The reason of that update: nobody changed anything, it was never sent.
COMPLETING = "completing the created task"
TEXTS = frozenset({Field.TITLE, Field.DESCRIPTION, Field.DUE})
# What a later first sight shows in any case, and people may have set before. Kore's list may hide
# the rest for good.
_SHOWN_LATER = {Side.KORE: frozenset({Field.TITLE}), Side.V2: frozenset(Field)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSight:
    """A created task as it was seen first; people may have set its `edited` fields before."""

    task: Task
    edited: frozenset[Field] = frozenset()


def first_sight(task: Task, own_ids: frozenset[str]) -> FirstSight:
    """A created task as a read shows it, and not the answer to its create.

    `own_ids`: under which the bridge's own writes appear. Where its own user was the last at it
    and it changed since the create, a probe of the bridge may hide that others had been too.
    """
    if task.last_author is not None and own_ids:
        if task.last_author not in own_ids:
            return FirstSight(task=task, edited=frozenset(Field))
        return FirstSight(task=task, edited=frozenset() if is_untouched(task) else TEXTS)
    return FirstSight(task=task, edited=frozenset() if is_as_created(task) else frozenset(Field))


def is_untouched(task: Task) -> bool:
    """Whether its last change is its creation, as far as its times can tell."""
    return task.created_at is not None and task.changed_at == task.created_at


def is_touched(known: Known) -> bool:
    """Whether people changed it since it was created, as far as its times can tell.

    What a probe moved, people did not change.
    """
    task = known.task
    is_own = task.changed_at is not None and task.changed_at == known.own_changed_at
    at = known.person_changed_at if is_own else task.changed_at
    return task.created_at is None or at != task.created_at


def is_as_created(task: Task) -> bool:
    """Whether its times say that nobody changed it since it was created.

    Times of whole seconds do not tell an edit in the second of the create.
    """
    is_exact = task.changed_at is not None and bool(task.changed_at.microsecond)
    return is_exact and is_untouched(task)


def stand_in_of(task: Task) -> str:
    """What Kore calls a v2 task without a title: its reference, else its id."""
    return "" if task.title or task.side is Side.KORE else task.name


def marker_of(task: Task, case: Case | None) -> Marker:
    """The marker of what is created from the task; `case` is the Kore task's, as looked up."""
    if task.side is Side.V2:
        return v2_marker(task.id, task.ref)
    place = case or task.container
    return kore_marker(
        task.id, task.ref, place.ref if place else None, place.name if place else None
    )


def tells(side: Side, name: Field, shown: Shown) -> bool:
    """Whether a created task that people may have been at shows in that field what they did.

    An empty field that no create fills is nobody's edit.
    """
    if isinstance(shown, Unseen):
        return False
    return shown is not None or name in SENT_WITH_CREATE[side]


def values_for_create(task: Task, agreement: Agreement) -> dict[Field, Observed]:
    """The values of the counterpart, as far as they are observed and have a counterpart."""
    to, found = task.side.other, {}
    for name in agreement.fields:
        value = task.shown(name)
        if isinstance(value, Unseen):
            continue
        translated = agreement.of(name, stand_in_of(task)).translate(value, to)
        if not isinstance(translated, Unmapped):
            found[name] = translated
    return found


def sent_values(values: Mapping[Field, Observed], to: Side) -> dict[Field, Observed]:
    """Those of the values that the create itself carries, the description cut to its first part."""
    sent = {name: value for name, value in values.items() if name in SENT_WITH_CREATE[to]}
    description = sent.get(Field.DESCRIPTION)
    if description is not None:
        sent[Field.DESCRIPTION] = text_value(first_part(description.text))
    return {name: value for name, value in sent.items() if value is not None}


def text_for_create(values: Mapping[Field, Observed], marker: str) -> str:
    """The whole description of the created task: its first part, then the marker."""
    description = values.get(Field.DESCRIPTION)
    return with_marker(first_part(description.text) if description else "", marker)


def bases_after_create(
    origin: Task,
    created: FirstSight | None,
    link: Link,
    agreement: Agreement,
    *,
    is_known_sent: bool = True,
    written: Mapping[Field, Observed] = MappingProxyType({}),
) -> dict[Field, FieldBase]:
    """The base of every field right after the create; None where the new task was not seen.

    `is_known_sent`: the origin is as it was when its values were sent. `written` are the values
    of the create, as far as the journal has them.
    """
    values = values_for_create(origin, agreement)
    sent = sent_values(values, origin.side.other)
    found = {}
    for name in agreement.fields:
        relation = agreement.of(name, link.stand_in)
        value = origin.shown(name)
        shown: Shown = created.task.shown(name) if created is not None else UNSEEN
        is_edited = created is not None and name in created.edited
        is_shown_later = created is None and name in _SHOWN_LATER[origin.side.other]
        was_whole = name in TEXTS and name in sent and sent[name] == values[name]
        was_sent = was_whole and is_known_sent and not (is_edited or is_shown_later)
        if value is UNSEEN and name in TEXTS:
            told = UNSEEN if is_edited else shown
            value = _as_sent(relation, written.get(name, told), origin.side)
        base = base_after_create(origin.side, value, shown, relation, was_sent=was_sent)
        if base.carry is origin.side.other and name in TEXTS and not (is_known_sent or is_edited):
            # Only the create can have put a text there: the origin was emptied since.
            base = replace(base, carry=origin.side)
        if base != NO_BASE:
            is_told = name in sent or tells(origin.side.other, name, shown)
            is_edited = is_edited and is_told and base.carry is not None
            found[name] = replace(base, is_edited=is_edited)
    return found


def _as_sent(relation: Relation, shown: Shown, origin: Side) -> Shown:
    """What an origin that hides a text by now showed when the create took it along."""
    if shown is None or isinstance(shown, Unseen):
        return UNSEEN
    sent = relation.translate(shown, origin)
    return UNSEEN if isinstance(sent, Unmapped) else sent
