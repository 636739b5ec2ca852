"""Whether an unlinked task gets a counterpart, and in which case a v2 task is created in Kore.

Scope decides only what is created: lists are never narrowed by it, and a linked pair is kept in
step whatever its queue, type or age.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.domain.policy import Direction, Route, Scope
from bridge.domain.side import Field, Side
from bridge.domain.task import Contact, Standing, Task
from bridge.domain.text import fold_name
from bridge.domain.vocabulary import Vocabulary, WordKind

# Why a create that Kore refused is not tried again before its case may be open.
ITS_CASE_CLOSED = "the case that its route names is closed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why a task gets no counterpart."""

    standing: Standing
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a v2 task gets into Kore: by which route, and for whom."""

    route: Route
    contact: Contact


def outside(
    task: Task, scope: Scope, direction: Direction, vocabulary: Vocabulary
) -> Verdict | None:
    """Why the task is not to get a counterpart, or None if it is.

    A scope field that the row hides makes the task wait (HELD).
    """
    if not direction.may_write(task.side.other):
        return _out(f"the direction is {direction}")
    by_place = _queue(task, scope) if task.side is Side.KORE else _type(task, scope, vocabulary)
    return _age(task, scope) or by_place or _state(task, scope)


def route_of(task: Task, routes: Sequence[Route], vocabulary: Vocabulary) -> Route | Verdict:
    """The first route that fits a v2 task, or why there is none."""
    for route in routes:
        if _fits(task, route, vocabulary):
            return route
    return _unroutable(
        "no row of kore.routes fits it; add one, or a default route without conditions."
    )


def way_into_kore(
    task: Task, routes: Sequence[Route], requester: Contact | None, vocabulary: Vocabulary
) -> Way | Verdict:
    """The route of a v2 task's counterpart and whom Kore shows there, or why it has neither.

    Whether the route's case is there and open is not known here.
    """
    route = route_of(task, routes, vocabulary)
    if isinstance(route, Verdict):
        return route
    contact = task.facts.contact
    if contact is None or not contact.is_reachable:
        contact = requester
    if contact is None:
        return _unroutable("it has no contact, and kore.requester is not set.")
    return Way(route=route, contact=contact)


def no_such_case(route: Route) -> Verdict:
    """Kore does not show the route's case."""
    return _unroutable(f"Kore shows no case {route.case}, which its route names.")


def case_closed(route: Route) -> Verdict:
    """Kore takes no task into the route's case."""
    return _unroutable(f"the case {route.case}, which its route names, is closed.")


def type_names(type_id: str | None, vocabulary: Vocabulary) -> frozenset[str]:
    """Every folded name of a v2 task type: its id, its name, its prefix."""
    if not type_id:
        return frozenset()
    word = vocabulary.find(Side.V2, WordKind.TASK_TYPE, type_id)
    names = (
        type_id,
        word.label if word else "",
        str(word.details.get("prefix") or "") if word else "",
    )
    return frozenset(fold_name(name) for name in names if name)


def _fits(task: Task, route: Route, vocabulary: Vocabulary) -> bool:
    facts = task.facts
    conditions = (
        (route.task_type, type_names(facts.task_type_id, vocabulary)),
        (route.tag, {fold_name(tag) for tag in facts.tags or ()}),
        (route.customer, {fold_name(name) for name in facts.customers}),
    )
    return all(not wanted or fold_name(wanted) in shown for wanted, shown in conditions)


def _age(task: Task, scope: Scope) -> Verdict | None:
    since = scope.created_since
    if since is None:
        return None
    if task.created_at is None:
        return _held(task, "creation time")
    if task.created_at < since:
        return _out(f"it was created before {since:%Y-%m-%d %H:%M} UTC")
    return None


def _state(task: Task, scope: Scope) -> Verdict | None:
    if scope.has_finished:
        return None
    if Field.STATUS not in task.fields:
        return _held(task, "status")
    if task.is_finished:
        return Verdict(standing=Standing.FINISHED, why="it was finished before it was linked")
    return None


def _queue(task: Task, scope: Scope) -> Verdict | None:
    if not scope.kore_queues:
        return None
    if task.facts.queues is None:
        return _held(task, "queue")
    wanted = {fold_name(name) for name in scope.kore_queues}
    if wanted & {fold_name(name) for name in task.facts.queues}:
        return None
    return _out("it is in none of scope.kore_queues")


def _type(task: Task, scope: Scope, vocabulary: Vocabulary) -> Verdict | None:
    if not scope.v2_task_types:
        return None
    wanted = {fold_name(name) for name in scope.v2_task_types}
    if wanted & type_names(task.facts.task_type_id, vocabulary):
        return None
    return _out("its type is none of scope.v2_task_types")


def _unroutable(why: str) -> Verdict:
    return Verdict(standing=Standing.UNROUTABLE, why=why)


def _held(task: Task, what: str) -> Verdict:
    return Verdict(standing=Standing.HELD, why=f"{task.side.label}'s list hides its {what}")


def _out(why: str) -> Verdict:
    return Verdict(standing=Standing.OUT_OF_SCOPE, why=why)
