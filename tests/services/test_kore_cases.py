"""Cases are found by id or reference, closed or not, with the least of asking."""

from typing import Any

import pytest

from bridge.domain.task import Contact
from bridge.domain.vocabulary import WordKind
from tests.naming import stable_name
from tests.services.contracts import offences
from tests.services.sandboxes import CUSTOMER, World

CASES = 12


@pytest.fixture(scope="module")
def cases(running: World) -> list[str]:
    made = []
    for number in range(CASES):
        running.bench.clock.sleep(1)
        made.append(running.kore_side.add_case(name=f"Case {number}", customer=CUSTOMER))
    return made


def ref(world: World, case_id: str) -> str:
    return str(world.kore_side.cases[case_id]["refId"])


@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"sort": "string_form_only"},
        {"sort": "refused"},
        {"page_cap": 2},
        {"page_overlap": 2},
        {"has_more": "until_empty_page"},
        {"search_withholds_seconds": 10**9},
        {"filters": "ignored"},
        {"jti": "required"},
    ],
    ids=stable_name,
)
def test_a_case_is_found_by_id_and_by_reference(
    world: World, cases: list[str], switches: dict[str, Any]
) -> None:
    world.set_kore(**switches)
    service = world.kore(page_size=5)
    for is_fresh in (False, True):
        for case_id in (cases[0], cases[7]):
            by_id = service.find_case(case_id, is_fresh=is_fresh)
            by_ref = service.find_case(ref(world, case_id), is_fresh=is_fresh)
            assert by_id == by_ref
            assert by_id is not None
            assert by_id.id == case_id
            assert by_id.contact == Contact(name="Customer One", email=CUSTOMER["emailId"])
            assert by_id.is_closed is False
    calls = world.kore_side.calls
    assert [text for call in calls for text in offences("kore", call)] == []


def test_what_was_seen_is_not_asked_for_again(world: World, cases: list[str]) -> None:
    service = world.kore(page_size=5)
    service.find_case(cases[0])
    asked = len(world.kore_side.calls)
    assert service.find_case(cases[5]) is not None
    assert service.find_case(ref(world, cases[11])) is not None
    assert len(world.kore_side.calls) == asked


def test_a_case_that_is_not_there_is_looked_for_once_in_five_minutes(
    world: World, cases: list[str]
) -> None:
    service = world.kore(page_size=5)
    assert service.find_case("CS999999") is None
    asked = len(world.kore_side.calls)
    assert service.find_case("CS888888") is None
    assert len(world.kore_side.calls) == asked
    late = world.kore_side.add_case(name="Late")
    assert service.find_case(late) is None
    world.bench.clock.sleep(301)
    assert service.find_case(late) is not None


def test_a_fresh_look_sees_that_a_case_was_closed_and_costs_one_call(
    world: World, cases: list[str]
) -> None:
    service = world.kore(page_size=5)
    assert service.find_case(cases[3]) is not None
    world.kore_side.close_case(cases[3])
    asked = len(world.kore_side.calls)
    fresh = service.find_case(cases[3], is_fresh=True)
    assert fresh is not None
    assert fresh.is_closed is True
    assert len(world.kore_side.calls) == asked + 1
    world.kore_side.reopen_case(cases[3])
    again = service.find_case(ref(world, cases[3]), is_fresh=True)
    assert again is not None
    assert again.is_closed is False


@pytest.mark.parametrize("spelling", ["in-progress", "In Progress", "IN_PROGRESS", "inProgress"])
def test_cases_teach_statuses_and_priorities_however_they_are_spelled(
    world: World, cases: list[str], spelling: str
) -> None:
    world.set_kore(category_spelling=spelling)
    kinds = {(word.kind, word.key): word for word in world.kore().learn()}
    status = kinds[WordKind.STATUS, "open"]
    assert str(status.details["id"]).startswith("sts-")
    assert status.details["is_system"] is True
    assert status.details["is_enabled"] is True
    assert kinds[WordKind.PRIORITY, "medium"].details["score"] == 10.0
    assert len(world.kore_side.calls) == 1
