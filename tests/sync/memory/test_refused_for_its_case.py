"""A write that Kore refused: whether its case is closed is asked for, and told."""

import pytest

from bridge.domain.operation import WaitKind
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case
from bridge.errors import KeyRefused, Unreachable
from tests.sync.memory.bench import Bench

KORE, V2 = Side.KORE, Side.V2
HIDDEN = frozenset({Field.DESCRIPTION})


@pytest.fixture
def pair(bench: Bench) -> tuple[TaskId, TaskId]:
    """A pair whose title Kore refuses to change."""
    found = bench.pair()
    bench.settle()
    bench.kore.refuses = lambda request: True
    bench.v2.edit(found[1], title="New")
    bench.forget_calls()
    return found


def told(bench: Bench) -> tuple[WaitKind, str, list[str]]:
    """How the title waits, why, and what the run says of its write."""
    (wait,) = bench.waits()
    assert wait.field is Field.TITLE
    return wait.kind, wait.reason, [one.note for one in bench.reports]


def test_in_a_closed_case_it_waits_for_its_case(bench: Bench, pair: tuple[TaskId, TaskId]) -> None:
    bench.kore.add_case(is_closed=True)
    bench.sync(sweeps=False)
    why = "Its case is closed in Kore."
    assert told(bench) == (WaitKind.CASE_CLOSED, why, ["the case is closed"])


def test_in_an_open_case_it_is_refused(bench: Bench, pair: tuple[TaskId, TaskId]) -> None:
    bench.sync(sweeps=False)
    assert told(bench) == (WaitKind.FAILED, "That is refused.", ["That is refused."])


def test_in_a_case_that_is_not_there_it_is_refused(
    bench: Bench, pair: tuple[TaskId, TaskId]
) -> None:
    bench.kore.cases.clear()
    bench.sync(sweeps=False)
    assert told(bench) == (WaitKind.FAILED, "That is refused.", ["That is refused."])


def test_while_nobody_can_tell_it_waits_and_says_so(
    bench: Bench, pair: tuple[TaskId, TaskId]
) -> None:
    bench.kore.fail("find_case", Unreachable("kore", "gone"), times=2)
    bench.sync(sweeps=False)
    kind, why, notes = told(bench)
    assert (kind, notes) == (WaitKind.CASE_CLOSED, ["That is refused."])
    assert "could not say whether its case is closed" in why
    assert why.endswith("Kore said: That is refused.")


def test_where_no_cases_are_shown_to_us_kore_alone_is_asked_whether_it_answers(
    bench: Bench, pair: tuple[TaskId, TaskId]
) -> None:
    bench.kore.fail("find_case", KeyRefused("kore", "Not yours.", status=403))
    bench.sync(sweeps=False)
    assert told(bench)[0] is WaitKind.FAILED
    assert "page:ask" in bench.kore.calls
    assert "page:ask" not in bench.v2.calls


def test_its_case_is_asked_for_anew_whatever_was_known_of_it(
    bench: Bench, pair: tuple[TaskId, TaskId], monkeypatch: pytest.MonkeyPatch
) -> None:
    find_case, known = bench.kore.find_case, dict(bench.kore.cases)

    def remembered(reference: str, *, is_fresh: bool = False) -> Case | None:
        return find_case(reference, is_fresh=is_fresh) if is_fresh else known[reference]

    monkeypatch.setattr(bench.kore, "find_case", remembered)
    bench.kore.add_case(is_closed=True)
    bench.sync(sweeps=False)
    assert told(bench)[0] is WaitKind.CASE_CLOSED


def test_an_account_that_refuses_every_probe_refuses_none_of_a_single_task(bench: Bench) -> None:
    kore_id, v2_id = bench.pair(text="old")
    bench.settle()
    bench.kore.hides, bench.kore.probes_taken = HIDDEN, frozenset()
    bench.kore.edit(kore_id, title="New")
    bench.forget_calls()
    bench.sync(sweeps=False)
    with bench.store.begin() as unit:
        assert unit.side_state(KORE).probe_form is ProbeForm.REFUSED
    assert bench.v2.value(v2_id, Field.TITLE) == "New"
    assert bench.kore.calls.count("find_case") == 1
    assert [one for one in bench.waits() if "refuses the probe" in one.reason] == []
