"""What a check says of the calls that are left."""

from datetime import UTC, datetime

from bridge.domain.finding import Mark
from bridge.domain.judge_calls import judge_calls
from bridge.domain.pace import Learnt
from bridge.domain.side import Side

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_what_is_left_of_each_window_is_told() -> None:
    found = judge_calls(Side.KORE, {"60/60s": 57, "1800/3600s": 1790}, None)
    assert (found.what, found.mark, found.next) == ("Kore calls", Mark.OK, "")
    assert found.found == "57 of 60 in 60s left, 1790 of 1800 in 3600s left"


def test_a_side_without_limits_says_so() -> None:
    assert judge_calls(Side.V2, {}, None).found == "no limit is set"


def test_a_pace_that_was_learnt_is_to_be_known_and_names_the_setting() -> None:
    found = judge_calls(Side.V2, {"30/60s": 12}, Learnt(30, NOON))
    assert (found.what, found.mark) == ("v2 calls", Mark.WARN)
    assert found.found == "v2 refused more (429), 30 a minute are assumed: 12 of 30 in 60s left"
    assert found.next == "It recovers by itself; set v2.limits where the limits are known."
