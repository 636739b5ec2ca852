"""`pause` and `resume`: at once if nobody works, else by whoever does."""

from bridge.domain.side import Side
from tests.cli.runs.conftest import Lend, Pair


def paused(pair: Pair) -> set[Side]:
    with pair.unit() as unit:
        return {*unit.pair_state().paused}


def test_a_side_is_paused_and_goes_on(pair: Pair) -> None:
    ran = pair.quietly("pause", "kore")
    assert (ran.code, ran.out) == (0, "Kore is paused: read, and not written to.\n")
    assert paused(pair) == {Side.KORE}
    assert pair.quietly("pause").out == "Both sides are paused: read, and not written to.\n"
    assert paused(pair) == {Side.KORE, Side.V2}
    assert pair.quietly("resume", "v2").code == 0
    assert paused(pair) == {Side.KORE}
    assert pair.quietly("resume").out == "Both sides are written to again.\n"
    assert paused(pair) == set()


def test_a_run_says_that_a_side_is_paused_and_how_to_go_on(pair: Pair) -> None:
    pair.quietly("pause", "v2")
    assert "v2 is paused: nothing is written to it." in pair.quietly("sync").err
    pair.quietly("resume", "v2")
    assert "paused" not in pair.quietly("sync").err


def test_what_is_so_already_is_said_to_be_so(pair: Pair) -> None:
    ran = pair.quietly("resume", "v2")
    assert (ran.code, ran.out) == (0, "v2 was not paused. Nothing changed.\n")
    ran = pair.quietly("resume")
    assert (ran.code, ran.out) == (0, "No side was paused. Nothing changed.\n")
    pair.quietly("pause")
    with pair.unit() as unit:
        since = unit.pair_state().paused
    ran = pair.quietly("pause", "kore")
    already = "paused already: read, and not written to. Nothing changed.\n"
    assert (ran.code, ran.out) == (0, f"Kore is {already}")
    assert pair.quietly("pause").out == f"Both sides are {already}"
    with pair.unit() as unit:
        assert unit.pair_state().paused == since


def test_beside_another_process_it_is_noted_and_left_to_it(pair: Pair, lend: Lend) -> None:
    lend("host:1:a.1:x")
    ran = pair.quietly("pause")
    assert (ran.code, paused(pair)) == (0, set())
    assert ran.out == "Noted. Process 1 on host works on this pair and carries it out soon.\n"
    with pair.unit() as unit:
        assert len(unit.open_instructions()) == 1


def test_who_waits_for_it_in_vain_is_told_so(pair: Pair, lend: Lend) -> None:
    lend("host:1:a.1:x")
    ran = pair.quietly("pause", "--wait", "3")
    assert ran.code == 5
    assert "process 1 on host" in ran.err


def test_only_a_side_can_be_paused(pair: Pair) -> None:
    assert pair.quietly("pause", "everything").code == 2
