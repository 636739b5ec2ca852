"""What people tell a bridge by its commands, as the commands do it: looked up, given, carried out.

A command that a kill ended is given once more: people look again, and say again what is still to
be said. What is done already says so, and is done.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bridge.domain.guard import ITEMS
from bridge.domain.instruction import InstructionKind
from bridge.domain.link import LinkState
from bridge.domain.links_csv import FiledLink
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.values import UNSEEN
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.import_links import details_of
from tests.proof.sweep.services import Services

Told = tuple[InstructionKind, Mapping[str, Any]]
Options = Mapping[str, Any]
Ids = Callable[[str], tuple[Side, TaskId]]


def give(desk: Desk, services: Services, what: str, options: Options) -> None:
    """Write the instruction down, if there is anything to be said."""

    def ids(name: str) -> tuple[Side, TaskId]:
        side, task_id = services.order("find", name)
        return Side(side), TaskId(task_id)

    with desk.store.begin() as unit:
        told = WORDS[what](unit, ids, options)
        if told is not None:
            kind, details = told
            unit.give_instruction(kind, details, by=desk.rules.owner, at=desk.clock.now())


def _pause(_: Unit, __: Ids, options: Options) -> Told:
    return InstructionKind.PAUSE, {"side": options.get("side")}


def _resume(_: Unit, __: Ids, options: Options) -> Told:
    return InstructionKind.RESUME, {"side": options.get("side")}


def _confirm(unit: Unit, _: Ids, __: Options) -> Told | None:
    """Every guard that stands now."""
    guards = [
        {"kind": str(one.kind), "side": one.side and str(one.side), ITEMS: list(one.items)}
        for one in unit.guards()
        if one.holds
    ]
    return (InstructionKind.CONFIRM, {"guards": guards}) if guards else None


def _retry(unit: Unit, _: Ids, __: Options) -> Told | None:
    """All failures."""
    failures = [{"id": wait.id} for wait in unit.waits([WaitKind.FAILED])]
    return (InstructionKind.RETRY, {"failures": failures}) if failures else None


def _discard(unit: Unit, _: Ids, __: Options) -> Told | None:
    """All failures."""
    failures = [_shown(wait) for wait in unit.waits([WaitKind.FAILED])]
    return (InstructionKind.DISCARD, {"failures": failures}) if failures else None


def _shown(wait: Wait) -> dict[str, Any]:
    values = {str(side): wait.shown(side) for side in SIDES if wait.shown(side) is not UNSEEN}
    return {"id": wait.id, **values}


def _resolve(unit: Unit, _: Ids, options: Options) -> Told | None:
    """The oldest conflict that waits."""
    return _decided(list(unit.conflicts(is_settled=False)), options["take"])


def _take_back(unit: Unit, _: Ids, options: Options) -> Told | None:
    """The value that lost the newest conflict that is settled."""
    return _decided(list(unit.conflicts(is_settled=True))[-1:], options["take"])


def _decided(conflicts: Sequence[Mapping[str, Any]], take: Side) -> Told | None:
    if not conflicts:
        return None
    conflict = conflicts[0]
    shown = {str(side): conflict[str(side)] for side in SIDES if str(side) in conflict}
    details = {"conflict": conflict["id"], "take": str(take), **shown}
    return InstructionKind.RESOLVE, details


def _add_link(_: Unit, ids: Ids, options: Options) -> Told:
    return InstructionKind.ADD_LINK, {name: ids(options[name])[1] for name in ("first", "second")}


def _remove_link(unit: Unit, ids: Ids, options: Options) -> Told | None:
    side, task_id = ids(options["task"])
    link = unit.links_of(side, [task_id]).get(task_id)
    if link is None:
        return None
    details = {
        "link_id": link.id,
        "kore_id": link.kore_id,
        "v2_id": link.v2_id,
        "forget": options.get("forget", False),
    }
    return InstructionKind.REMOVE_LINK, details


def _import_links(_: Unit, ids: Ids, options: Options) -> Told:
    """A file of the pairs that `options["pairs"]` name, Kore's task first."""
    state = LinkState(options.get("state", LinkState.LINKED))
    rows = [
        FiledLink(line=line, kore_id=ids(one)[1], v2_id=ids(other)[1], state=state)
        for line, (one, other) in enumerate(options["pairs"], 2)
    ]
    return InstructionKind.IMPORT_LINKS, details_of(rows)


WORDS: Mapping[str, Callable[[Unit, Ids, Options], Told | None]] = {
    "pause": _pause,
    "resume": _resume,
    "confirm": _confirm,
    "retry": _retry,
    "discard": _discard,
    "resolve": _resolve,
    "take_back": _take_back,
    "add_link": _add_link,
    "remove_link": _remove_link,
    "import_links": _import_links,
}
