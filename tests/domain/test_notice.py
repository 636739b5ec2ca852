"""What the bridge says to people without being asked: each thing by its name, and no more."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.notice import Circumstances, Notice, notices_of
from bridge.domain.operation import WaitKind
from bridge.domain.reading import SideState, Sweep
from tests.domain.making import KORE, V2, at

AFTER = 3600.0


def told(**given: Any) -> Sequence[Notice]:
    usual: dict[str, Any] = {
        "guards": (),
        "paused": {},
        "states": (SideState(side=KORE), SideState(side=V2)),
        "sweeps": {KORE: None},
        "oldest_waits": (),
    }
    return [*notices_of(Circumstances(**{**usual, **given}), at(AFTER), AFTER)]


def test_where_nothing_needs_a_person_nothing_is_said() -> None:
    assert told() == []


def test_a_guard_is_told_while_it_holds() -> None:
    guard = Guard(kind=GuardKind.EMPTY, side=V2, reason="It is empty.", since=at(5))
    wide = Guard(kind=GuardKind.MISSING, side=None, reason="Gone.", since=at(6))
    assert told(guards=(guard, replace(guard, is_standing=False), wide)) == [
        Notice(name="guard:empty:v2", text="It is empty.", since=at(5)),
        Notice(name="guard:missing:pair", text="Gone.", since=at(6)),
    ]


def test_a_paused_side_is_told_with_how_it_goes_on() -> None:
    text = "Kore is paused; go on with: task-bridge resume kore"
    assert told(paused={KORE: at(1)}) == [Notice(name="paused:kore", text=text, since=at(1))]


def test_a_refused_key_is_told_and_another_fault_is_not() -> None:
    refused = SideState(side=V2, is_refused=True, fault="No such key.", failed_at=at(3))
    assert told(states=(refused, SideState(side=KORE, fault="It is down.", failed_at=at(3)))) == [
        Notice(name="refused:v2", text="No such key.", since=at(3))
    ]


def test_a_reading_that_ended_without_proof_is_told() -> None:
    ended = Sweep(side=V2, completed_at=at(4), is_ordered=False)
    text = "v2 cannot be read whole: what is gone there is not noticed."
    assert told(sweeps={V2: ended}) == [Notice(name="sweep:v2", text=text, since=at(4))]
    for fine in (Sweep(side=V2, is_ordered=False), Sweep(side=V2, completed_at=at(4))):
        assert told(sweeps={V2: fine}) == []


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        (WaitKind.CONFLICT, "conflicts", "conflicts wait for a person: task-bridge conflicts list"),
        (WaitKind.FAILED, "failures", "failures wait for a person: task-bridge failures list"),
        (
            WaitKind.UNMAPPED, "unmapped",
            "values have no counterpart in the mapping: task-bridge check",
        ),
        (WaitKind.HELD, "held", "changes are on hold: task-bridge report"),
        (
            WaitKind.CASE_CLOSED, "case_closed",
            "changes wait for a closed case: task-bridge report",
        ),
    ],
)  # fmt: skip
def test_what_has_waited_for_long_is_counted(kind: WaitKind, name: str, text: str) -> None:
    notice = Notice(name=f"waits:{name}", text=f"3 {text}", since=at(0))
    assert told(oldest_waits=[(kind, 3, at(0))]) == [notice]
    assert told(oldest_waits=[(kind, 3, at(1))]) == []


@pytest.mark.parametrize("kind", [WaitKind.DRIFT, WaitKind.RESTORE])
def test_what_nobody_has_to_do_anything_about_may_wait(kind: WaitKind) -> None:
    assert told(oldest_waits=[(kind, 3, at(0))]) == []
