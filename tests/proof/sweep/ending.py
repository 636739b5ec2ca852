"""How a run ended, in a form that two runs share: tasks, links, bases and what waits.

Tasks go by the names that the scenario gives them, counterparts by their origin's with a `'`,
surplus ones with `''` and so on. Ids, references, times and authors are left out.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.domain.guard import Guard, Item
from bridge.domain.link import FieldBase
from bridge.domain.operation import OperationKind, Wait
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Known
from bridge.domain.values import UNSEEN, Shown
from bridge.ports import LinkView
from bridge.store.sql_store import SqlStore
from tests.proof.sweep.services import Look

_MARKER = re.compile(r"\[task-bridge (?:kore|v2):\S+ ([\w-]+)")
_V2_REFERENCE = re.compile(r"task-bridge v2:\S+")
# Ids, times and authors, and what turns by itself with time.
_LEFT_OUT = frozenset({
    "_id", "refId", "createdAt", "updatedAt", "timestampValue", "createdBy", "updatedBy",
    "isBreached", "assignedAt", "number", "identifierNumber",
    "lastModifiedAt", "lastModifiedBy", "firstStartedAt", "firstTerminatedAt", "lname",
})  # fmt: skip
ABSENT = "absent"
MOST_TEXT = 160
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """A task too many. `names_all` tells whether its line names it and its origin by their ids."""

    side: Side
    task_id: str
    standing: str
    names_all: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """Facts by name; two runs ended alike if these are equal.

    `surplus` are the tasks whose marker names an origin that has a counterpart already: how each
    stands, why, and where it is.
    """

    facts: Mapping[str, Any]
    surplus: Mapping[str, "Surplus"] = field(default_factory=dict)

    def differences(self, other: "Ending") -> list[str]:
        """What is otherwise in the other one, a line each."""
        return list(_differences("", self.facts, other.facts))


def _differences(path: str, one: Any, other: Any) -> Iterator[str]:
    if one == other:
        return
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}):
            yield from _differences(f"{path}/{key}", one.get(key, ABSENT), other.get(key, ABSENT))
    else:
        yield f"{path[1:]}: {_brief(one)} | {_brief(other)}"


def _brief(value: Any) -> str:
    text = value if value is ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"


def ending_of(store: SqlStore, look: Look) -> Ending:
    """The ending as the database and both services show it now."""
    with store.look() as unit:
        views = list(unit.all_links())
        waits = list(unit.waits())
        unlinked = [known for side in SIDES for known in unit.unlinked(side)]
        guards, pair = list(unit.guards()), unit.pair_state()
        open_operations = [one.operation for one in unit.open_operations()]
    names, surplus_ids = _names_of(look, views)
    spell = _Speller(names, look)
    tasks = dict(_task_facts(look, names, spell))
    facts = {
        "task": {name: task for name, task in tasks.items() if name not in surplus_ids},
        "link": _link_facts(views, names, spell),
        "wait": _wait_facts(waits, views, names, spell),
        "unlinked": {
            names.get(known.task.id, "?"): str(known.standing)
            for known in unlinked
            if names.get(known.task.id) not in surplus_ids
        },
        "guard": _guard_facts(guards, views, names),
        "open": sorted(f"{one.kind} in {one.side}" for one in open_operations),
        "paused": sorted(map(str, pair.paused)),
        "first contact": pair.first_contact_ended_at is None,
    }
    return Ending(facts, _surplus(look, surplus_ids, unlinked, names))


def _names_of(look: Look, views: Iterable[LinkView]) -> tuple[dict[str, str], set[str]]:
    """Every task's name, and the names of those that are surplus."""
    names = {task_id: name for name, (_, task_id) in look.names.items()}
    linked = _linked(views)
    bearers: dict[str, list[str]] = {}
    for side in SIDES:
        for task_id, record in look.tasks[side].items():
            if task_id not in names:
                origin = _marked(record) or linked.get(task_id, "")
                bearers.setdefault(names.get(origin, "?"), []).append(task_id)
    surplus = set()
    for origin, ids in bearers.items():
        ids.sort(key=lambda task_id: task_id not in linked)
        is_seen = f"{origin}'" in names.values()  # it bore its marker when people saw it first
        for place, task_id in enumerate(ids, 2 if is_seen else 1):
            names[task_id] = origin + "'" * place
            if place > 1:
                surplus.add(names[task_id])
    return names, surplus


def _linked(views: Iterable[LinkView]) -> dict[str, str]:
    """Each linked task, and what it is linked to."""
    ends = [(view.link.kore_id, view.link.v2_id) for view in views]
    pairs = [(str(one), str(other)) for one, other in ends if one and other]
    return {**dict(pairs), **{other: one for one, other in pairs}}


def _marked(record: Mapping[str, Any]) -> str:
    """The id of the task that a record's marker names; people may have taken it out."""
    found = _MARKER.search(record.get("desc") or record.get("description") or "")
    return found[1] if found else ""


class _Speller:
    """Writes values in which tasks go by their names."""

    def __init__(self, names: Names, look: Look) -> None:
        known = dict(names)
        for side in SIDES:
            for task_id, record in look.tasks[side].items():
                if record.get("refId"):
                    known[record["refId"]] = f"{names[task_id]} ref"
        self._known = [(word, f"<{name}>") for word, name in known.items()]

    def plain(self, value: Any) -> Any:
        """The same value with names in place of ids and references."""
        text = json.dumps(value, ensure_ascii=False, default=str)
        # A v2 reference stands in markers only; its number counts what was made before it.
        text = _V2_REFERENCE.sub("task-bridge v2", text)
        for word, name in self._known:
            text = text.replace(word, name)
        return json.loads(text)


def _task_facts(look: Look, names: Names, spell: _Speller) -> Iterator[tuple[str, Any]]:
    for side in SIDES:
        for task_id, record in look.tasks[side].items():
            yield names[task_id], {"side": str(side), **spell.plain(_stripped(record))}


def _stripped(value: Any) -> Any:
    """A record without what is left out, however deep."""
    if isinstance(value, Mapping):
        return {key: _stripped(one) for key, one in value.items() if key not in _LEFT_OUT}
    if isinstance(value, list | tuple):
        return [_stripped(one) for one in value]
    return value


def _link_facts(views: Iterable[LinkView], names: Names, spell: _Speller) -> dict[str, Any]:
    facts = {}
    for view in views:
        link = view.link
        facts[_link_name(view, names)] = spell.plain(
            {
                "state": link.state,
                "origin": link.origin,
                "marker": link.marker,
                "stand_in": link.stand_in,
                "bases": {str(name): _base(base) for name, base in link.bases.items()},
            }
        )
    return facts


def _link_name(view: LinkView, names: Names) -> str:
    ends = (names.get(view.link.task_id(side) or "", "nothing") for side in SIDES)
    return "{}={}".format(*ends)


def _base(base: FieldBase) -> list[Any]:
    return [_shown(base.kore), _shown(base.v2), base.absorbed, base.carry]


def _shown(value: Shown) -> Any:
    if value is UNSEEN:
        return "unseen"
    # What kind of word it is may be known a sight earlier or later; it decides nothing in a base.
    return None if value is None else [value.key, value.text]


def _wait_facts(
    waits: Iterable[Wait], views: Iterable[LinkView], names: Names, spell: _Speller
) -> dict[str, Any]:
    links = {view.link.id: _link_name(view, names) for view in views}
    facts: dict[str, Any] = {}
    for wait in waits:
        where = links.get(wait.link_id) if wait.link_id else names.get(wait.task_id or "", "?")
        name = f"{wait.kind} {wait.operation} {wait.field or 'task'} of {where} in {wait.side}"
        values = [_shown(wait.kore), _shown(wait.v2)]
        if wait.operation is not OperationKind.PROBE:  # there it names a moment
            values.append(_shown(wait.value))
        facts.setdefault(name, []).append(spell.plain(values))
    return facts


def _guard_facts(
    guards: Iterable[Guard], views: Iterable[LinkView], names: Names
) -> dict[str, Any]:
    """Each guard that stands, or remembers what was confirmed, and what it is about."""
    known: dict[Item, str] = {view.link.id: _link_name(view, names) for view in views}
    known.update(names)
    facts = {}
    for guard in guards:
        name = f"{guard.kind} of {guard.side or 'both'}"
        facts[name if guard.holds else f"{name}, confirmed"] = [
            sorted(known.get(one, str(one)) for one in items)
            for items in (guard.items, guard.confirmed_items)
        ]
    return facts


def _surplus(
    look: Look, surplus: set[str], unlinked: Iterable[Known], names: Names
) -> dict[str, Surplus]:
    known = {one.task.id: one for one in unlinked}
    ids = {name: task_id for task_id, name in names.items()}
    found = {}
    for name in sorted(surplus):
        task_id, origin_id = ids[name], ids.get(name.rstrip("'"), "?")
        one = known.get(TaskId(task_id))
        found[name] = Surplus(
            side=Side.KORE if task_id in look.tasks[Side.KORE] else Side.V2,
            task_id=task_id,
            standing=str(one.standing) if one else "linked",
            names_all=one is not None and task_id in one.why and origin_id in one.why,
        )
    return found


__all__ = ["Ending", "ending_of"]
