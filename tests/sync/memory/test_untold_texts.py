"""No text of a task is told to whoever watches, for that ends in the log: ids and numbers are."""

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import WaitKind
from bridge.domain.policy import ConflictRule
from bridge.domain.side import Side
from bridge.errors import Refused
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import a_conflict, about_failures, resolve, take_back

TEXTS = ("Of Kore", "Of v2", "Secret plan")
both_sides = pytest.mark.parametrize("side", list(Side))


def assert_no_text_was_told(bench: Bench) -> None:
    told = "\n".join(f"{one.what} {dict(one.details)}" for one in bench.heard.events)
    assert not [text for text in TEXTS if text in told]


@both_sides
def test_a_decision_is_told_by_its_numbers(bench: Bench, side: Side) -> None:
    a_conflict(bench)
    done = resolve(bench, side)
    bench.sync()
    assert "Of Kore" in done.note  # whoever decided is told; the log is not
    (told,) = bench.heard.of("instruction")
    assert (told["number"], told["kind"], told["outcome"]) == (done.id, done.kind, done.outcome)
    assert_no_text_was_told(bench)


def test_a_value_taken_back_is_told_by_the_number_of_its_conflict(bench: Bench) -> None:
    a_conflict(bench)
    bench.set_policy(conflict=ConflictRule.KORE)
    bench.sync()
    take_back(bench, Side.V2)
    bench.sync()
    assert [one["conflict"] for one in bench.heard.of("restored")] == [bench.conflicts()[-1]["id"]]
    assert_no_text_was_told(bench)


@pytest.mark.parametrize(
    ("kind", "what"),
    [(InstructionKind.RETRY, "retried"), (InstructionKind.DISCARD, "discarded")],
)
def test_a_failure_is_told_by_its_number_and_not_by_what_the_service_said_of_it(
    bench: Bench, kind: InstructionKind, what: str
) -> None:
    kore_id, _ = bench.pair()
    bench.v2.fail("update", Refused("v2", "no “Secret plan” here", status=400))
    bench.kore.edit(kore_id, title="Secret plan")
    bench.sync()
    (failure,) = bench.waits(WaitKind.FAILED)
    about_failures(bench, kind)
    assert [one["failure"] for one in bench.heard.of(what)] == [failure.id]
    assert_no_text_was_told(bench)
