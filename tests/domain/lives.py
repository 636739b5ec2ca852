"""Lives of tasks of every kind, each under a name: what `explain` and a report have to tell of."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from bridge.domain.life import Advice, HeldUp, Life, Sight
from bridge.domain.link import FieldBase, Link, LinkState
from bridge.domain.operation import (
    Journalled,
    Operation,
    OperationKind,
    OperationState,
    Outcome,
    WaitKind,
    WriteRequest,
)
from bridge.domain.reading import Sweep
from bridge.domain.reconciled import Joined, Lone
from bridge.domain.records import Happening
from bridge.domain.side import SIDES, Field, LinkId, OperationId, Side, TaskId
from bridge.domain.task import Case, Standing
from bridge.domain.values import person_value, queue_value, status_value
from tests.domain.making import KORE, V2, a_link, at, text
from tests.domain.worlds import a_lone, a_pair, a_wait, a_world

PLACES: dict[str, Any] = {"kore_id": TaskId("ti-1"), "v2_id": TaskId("65f0")}
NUMBER = OperationId(3)


def lives() -> Iterator[tuple[str, Life]]:
    yield from _of_standings()
    yield from _of_links()
    yield from _of_waits()
    yield from _of_operations()
    yield from _of_history()
    yield from _of_conflicts()
    yield from _of_sights()


def _life(about: Joined | Lone, **given: Any) -> Life:
    world = a_world(is_whole={KORE: False, V2: False}, **given.pop("world", {}))
    return Life(world=world, about=about, **given)


def _of_standings() -> Iterator[tuple[str, Life]]:
    for side, standing in product(SIDES, Standing):
        lone = a_lone(side, standing, why="This is why.")
        yield f"{standing} in {side}", _life(lone, is_due=standing is Standing.NEW)
    waits = (a_wait(operation=OperationKind.CREATE, side=V2, task_id=TaskId("ti-1"), id=4),)
    yield "a refused create", _life(a_lone(KORE, Standing.FAILED, waits=waits))
    yield "never read", _life(Lone(side=V2, task_id=TaskId("65f1")))
    yield "without an id", _life(Lone(side=V2, task_id=None))
    removed = a_link(state=LinkState.REMOVED)
    yield "removed by a person", _life(a_lone(KORE, Standing.LEFT), removed=removed)


def _of_links() -> Iterator[tuple[str, Life]]:
    usual = a_pair()
    for state, origin in product(LinkState, (None, *SIDES)):
        link = replace(usual.link, state=state, origin=origin)
        yield f"a {state} link from {origin}", _life(replace(usual, link=link))
    for side in SIDES:
        gone = replace(usual.link, state=LinkState.MISSING, gone_side=side, gone_at=at(9))
        yield f"lost in {side}", _life(replace(usual, link=gone))
        one = {"kore_id": None} if side is KORE else {"v2_id": None}
        half = a_link(state=LinkState.CREATING, origin=side.other, **one)
        known = {str(side.other): usual.known(side.other)}
        yield f"half made in {side}", _life(Joined(link=half, **known))  # type: ignore[arg-type]
    yield "changed in Kore", _life(a_pair({"title": text("New")}), is_due=True)
    yield (
        "drifted beside a daemon",
        _life(a_pair({"title": text("New")}), world={"is_carried_soon": True}),
    )
    yield "in first contact", _life(usual, world={"is_first_contact": True})
    look = Advice("Look.", ("task-bridge guard show",))
    held = HeldUp(text="A guard stands.", since=at(1), until=at(2), advice=look)
    yield "held up", _life(usual, held_up=(held,), kept_since=at(-9))


def _of_waits() -> Iterator[tuple[str, Life]]:
    for kind, name in product(WaitKind, (Field.STATUS, Field.ASSIGNEE, Field.TITLE)):
        values = {"kore": status_value("Odd", "odd"), "v2": None, "value": text("sent")}
        wait = a_wait(kind, field=name, link_id=LinkId(7), id=4, **values)
        yield f"{kind} of {name}", _life(a_pair(waits=(wait,)))
    for kind in (WaitKind.CONFLICT, WaitKind.RESTORE):
        decided = a_wait(kind, field=Field.TITLE, id=4, waits_for="9", decided=KORE)
        yield f"a decided {kind}", _life(a_pair(waits=(decided,)))
        open_one = replace(decided, decided=None)
        yield f"an open {kind}", _life(a_pair(waits=(open_one,)))
    queue = a_wait(WaitKind.HELD, field=Field.ASSIGNEE, kore=queue_value("Desk"))
    yield "a queue", _life(a_pair(waits=(queue,)))
    soon = a_wait(WaitKind.HELD, field=Field.TITLE, waits_for="next cycle")
    yield "the next cycle", _life(a_pair(waits=(soon,)))
    odd = a_wait(operation=OperationKind.READ, reason="its title is a number")
    yield "an odd record", _life(a_pair(waits=(odd,)))
    parked = a_wait(operation=OperationKind.CREATE, link_id=LinkId(7), id=4)
    creating = Joined(link=a_link(state=LinkState.CREATING, v2_id=None), kore=a_pair().kore)
    yield "a parked create", _life(replace(creating, waits=(parked,)))


def _of_operations() -> Iterator[tuple[str, Life]]:
    for kind, state in product(OperationKind, OperationState):
        for outcome, note in ((None, ""), *((one, "as it was said.") for one in Outcome)):
            if (outcome is None) == (state is OperationState.SETTLED):
                continue
            done = _journalled(kind, state=state, outcome=outcome, note=note)
            yield f"{kind} {state} {outcome}", _life(a_pair(), operations=(done,))
    waiting = _journalled(OperationKind.CREATE, state=OperationState.SENT, settles_at=at(99))
    yield "a create until it settles", _life(a_pair(), operations=(waiting,))
    rest = _journalled(OperationKind.UPDATE, parent_id=OperationId(1))
    yield "the rest of a create", _life(a_pair(), operations=(rest,))
    tag = replace(rest.operation, values={}, fields=())
    yield (
        "a tag",
        _life(a_pair(), operations=(replace(rest, operation=tag, note="", sent_at=None),)),
    )


def _of_history() -> Iterator[tuple[str, Life]]:
    told = (
        "linked",
        "create begun",
        "created",
        "seen whole",
        "refused",
        "case closed",
        "forgotten",
    )
    for what, side in product(told, (None, *SIDES)):
        line = Happening(what=what, why="a reason.", side=side, at=at(5))
        yield f"{what} in {side}", _life(a_pair(), history=(line,))
    became = ("written", "altered", "ignored", "not seen yet", "arrived", "refused", "case closed")
    for what, operation in product(became, (None, NUMBER)):
        details = {"from": "old", "to": "new", "shown": None, "operation": operation}
        line = Happening(what=what, why="so", side=V2, at=at(5), field=Field.TITLE, details=details)
        writes = (_journalled(OperationKind.UPDATE),) if operation else ()
        yield f"{what} by {operation}", _life(a_pair(), history=(line,), operations=writes)
    same = Happening(what="created", link_id=LinkId(7), at=at(2), side=V2)
    other = Happening(what="noted", why="said before", at=at(1))
    done_one = _journalled(OperationKind.CREATE, note="said before")
    yield "told once", _life(a_pair(), history=(same, other), operations=(done_one,))


def _of_conflicts() -> Iterator[tuple[str, Life]]:
    for winner, rule, settled in product((None, *SIDES), ("newest", "manual", ""), (None, at(9))):
        row = {
            "id": 3, "field": Field.TITLE, "kore": text("A"), "v2": text("B"), "rule": rule,
            "winner": winner, "since": at(1), "settled_at": settled,
        }  # fmt: skip
        yield f"{winner} {rule} {settled is None}", _life(a_pair(), conflicts=(row,))


def _of_sights() -> Iterator[tuple[str, Life]]:
    case = Case(id="ci-1", ref="CS-1", name="Cold house")
    first = a_pair({"container": case}, {"created_at": at(500)})
    gone = replace(first, kore=replace(_kore(first), gone_at=at(7), written_at=at(8)))
    for started, completed, was_in in ((None, None, False), (9, None, True), (9, 20, False)):
        sweep = None if started is None else _sweep(started, completed)
        sights = {side: Sight(sweep=sweep, was_in_it=was_in) for side in SIDES}
        yield f"seen {started} {completed}", _life(first, sights=sights)
    sight = {KORE: Sight(sweep=_sweep(9, 20), was_in_it=True, list_hides=(Field.DUE,))}
    yield "found to be gone", _life(gone, sights=sight)
    hidden = a_pair({"due": ..., "container": Case(id="ci-1", name="X")}, {"title": None})
    base = FieldBase(carry=V2, absorbed=KORE, kore=text("A"))
    link: Link = replace(hidden.link, stand_in="REC-1", bases={Field.TITLE: base})
    yield "with notes", _life(replace(hidden, link=link), sights=sight)
    yield "assigned", _life(a_pair({"assignee": person_value("a-1", "Ann")}))


def _kore(pair: Joined) -> Any:
    return pair.kore


def _sweep(started: float, completed: float | None) -> Sweep:
    done = None if completed is None else at(completed)
    return Sweep(side=KORE, started_at=at(started), completed_at=done)


def _journalled(kind: OperationKind, **given: Any) -> Journalled:
    values = {Field.TITLE: text("Cold house"), Field.DUE: None}
    operation = Operation(
        side=V2, kind=kind, reason="Kore changed", link_id=LinkId(7), fields=tuple(values),
        values=values, **PLACES,
    )  # fmt: skip
    usual: dict[str, Any] = {
        "id": NUMBER, "state": OperationState.SETTLED, "outcome": Outcome.DONE, "run_id": 1,
        "token": 1, "committed_at": at(60), "sent_at": at(61),
    }  # fmt: skip
    request = WriteRequest(side=Side.V2, call="update", body={})
    return Journalled(operation=operation, request=request, **{**usual, **given})
