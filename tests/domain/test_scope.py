"""Which unlinked tasks get a counterpart, and in which case."""

from typing import Any

import pytest

from bridge.domain.policy import Direction, Route, Scope
from bridge.domain.scope import (
    Verdict,
    Way,
    case_closed,
    no_such_case,
    outside,
    route_of,
    type_names,
    way_into_kore,
)
from bridge.domain.side import Side
from bridge.domain.task import Contact, Facts, Standing
from bridge.domain.vocabulary import Vocabulary, WordKind
from tests.domain.making import KORE, NOON, V2, a_task, a_word, at, kore_status, v2_status

TYPES = Vocabulary([a_word(V2, WordKind.TASK_TYPE, "Repair", "t-1", prefix="REC")])
QUEUES = Scope(kore_queues=("Field Team",))
REPAIRS = Scope(v2_task_types=("repair",))


def standing(
    side: Side, scope: Scope | None = None, direction: Direction = Direction.BOTH, **given: Any
) -> Standing | None:
    verdict = outside(a_task(side, **given), scope or Scope(), direction, TYPES)
    assert verdict is None or verdict.why
    return verdict.standing if verdict else None


OUT, HELD, FINISHED = Standing.OUT_OF_SCOPE, Standing.HELD, Standing.FINISHED


@pytest.mark.parametrize(
    ("side", "scope", "given", "expected"),
    [
        (KORE, Scope(), {}, None),
        (V2, Scope(), {}, None),
        (KORE, Scope(created_since=NOON), {"created_at": at(-1)}, OUT),
        (KORE, Scope(created_since=NOON), {"created_at": at(0)}, None),
        (KORE, Scope(created_since=NOON), {"created_at": None}, HELD),
        (KORE, QUEUES, {"facts": Facts(queues=("field  team",))}, None),
        (KORE, QUEUES, {"facts": Facts(queues=("Desk",))}, OUT),
        (KORE, QUEUES, {"facts": Facts(queues=())}, OUT),
        (KORE, QUEUES, {}, HELD),
        (V2, QUEUES, {}, None),
        (V2, REPAIRS, {"facts": Facts(task_type_id="t-1")}, None),
        (V2, REPAIRS, {"facts": Facts(task_type_id="t-2")}, OUT),
        (V2, REPAIRS, {}, OUT),
        (KORE, REPAIRS, {}, None),
        (KORE, Scope(), {"status": kore_status("closed")}, FINISHED),
        (V2, Scope(), {"status": v2_status("completed")}, FINISHED),
        (V2, Scope(has_finished=True), {"status": v2_status("completed")}, None),
        (KORE, Scope(), {"status": ...}, HELD),
        (KORE, Scope(has_finished=True), {"status": ...}, None),
    ],
)
def test_a_task_gets_a_counterpart_if_it_is_in_scope_and_waits_if_that_is_hidden(
    side: Side, scope: Scope, given: dict[str, Any], expected: Standing | None
) -> None:
    assert standing(side, scope, **given) is expected


@pytest.mark.parametrize(
    ("direction", "kore", "v2"),
    [
        (Direction.BOTH, None, None),
        (Direction.KORE_TO_V2, None, OUT),
        (Direction.V2_TO_KORE, OUT, None),
    ],
)
def test_in_one_direction_the_targets_tasks_get_no_counterpart(
    direction: Direction, kore: Standing | None, v2: Standing | None
) -> None:
    assert standing(KORE, direction=direction) is kore
    assert standing(V2, direction=direction) is v2


def test_a_task_type_is_named_by_its_id_its_name_or_its_prefix() -> None:
    assert type_names("t-1", TYPES) == {"t-1", "repair", "rec"}
    assert type_names("t-9", TYPES) == {"t-9"}
    assert type_names(None, TYPES) == frozenset()


def a_route(case: str, **conditions: str) -> Route:
    return Route(case=case, task_template="tpl", **conditions)


ROUTES = (
    a_route("CS1", task_type="rec", tag="urgent"),
    a_route("CS2", task_type="Repair"),
    a_route("CS3", tag="Billing"),
    a_route("CS4", customer="ACME  Corp"),
)


@pytest.mark.parametrize(
    ("facts", "case"),
    [
        (Facts(task_type_id="t-1", tags=("Urgent",)), "CS1"),
        (Facts(task_type_id="t-1"), "CS2"),
        (Facts(tags=("x", "billing")), "CS3"),
        (Facts(task_type_id="t-1", tags=("billing",)), "CS2"),
        (Facts(customers=("acme corp", "c-1")), "CS4"),
    ],
)
def test_the_first_route_whose_conditions_all_fit_is_taken(facts: Facts, case: str) -> None:
    route = route_of(a_task(V2, facts=facts), ROUTES, TYPES)
    assert isinstance(route, Route)
    assert route.case == case


def test_without_a_route_a_task_is_told_as_unroutable_and_never_guessed() -> None:
    verdict = route_of(a_task(V2), ROUTES, TYPES)
    assert isinstance(verdict, Verdict)
    assert verdict.standing is Standing.UNROUTABLE
    assert "kore.routes" in verdict.why


def test_a_route_without_conditions_takes_every_task() -> None:
    default = a_route("CS9")
    assert route_of(a_task(V2), (*ROUTES, default), TYPES) == default


ADA = Contact(name="Ada Winter", email="ada@example.com")
DESK = Contact(name="Field Desk", email="desk@example.com")


@pytest.mark.parametrize(
    ("of_task", "requester", "expected"),
    [
        (ADA, DESK, ADA),
        (Contact(name="Ada Winter"), DESK, DESK),
        (None, DESK, DESK),
        (ADA, None, ADA),
    ],
)
def test_kore_is_told_whom_it_is_for_or_else_the_one_that_is_configured(
    of_task: Contact | None, requester: Contact | None, expected: Contact
) -> None:
    task = a_task(V2, facts=Facts(contact=of_task))
    default = a_route("CS9")
    assert way_into_kore(task, [default], requester, TYPES) == Way(route=default, contact=expected)


def test_a_task_that_is_for_nobody_is_unroutable_and_so_is_one_without_a_route() -> None:
    nobody = way_into_kore(a_task(V2), [a_route("CS9")], None, TYPES)
    assert isinstance(nobody, Verdict)
    assert (nobody.standing, "kore.requester" in nobody.why) == (Standing.UNROUTABLE, True)
    nowhere = way_into_kore(a_task(V2), ROUTES, DESK, TYPES)
    assert nowhere == route_of(a_task(V2), ROUTES, TYPES)


def test_a_case_that_is_not_there_or_closed_is_named() -> None:
    for verdict in (no_such_case(a_route("CS9")), case_closed(a_route("CS9"))):
        assert verdict.standing is Standing.UNROUTABLE
        assert "CS9" in verdict.why
