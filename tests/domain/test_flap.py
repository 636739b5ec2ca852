"""What counts as going back and forth."""

from collections.abc import Sequence

import pytest

from bridge.domain.flap import is_reversal, reversals
from bridge.domain.operation import Operation, OperationKind
from bridge.domain.side import Field, Side
from tests.domain.making import KORE, V2, text


def an_update(side: Side, value: str, field: Field = Field.TITLE) -> Operation:
    """An update whose value is spelt in capitals in Kore and small in v2."""
    in_kore, in_v2 = text(value.upper()), text(value.lower())
    values, origin = (in_kore, in_v2) if side is KORE else (in_v2, in_kore)
    return Operation(
        side=side,
        kind=OperationKind.UPDATE,
        reason="",
        fields=(field,),
        values={field: values},
        origin={field: origin},
    )


def updates(story: str) -> Sequence[Operation]:
    """`v2:a kore:b`: the value that was written, to which side, in turn."""
    return [an_update(Side(one.split(":")[0]), one.split(":")[1]) for one in story.split()]


@pytest.mark.parametrize(
    ("story", "count"),
    [
        ("", 0),
        ("v2:a", 0),
        ("v2:a v2:b", 0),
        ("v2:a v2:a", 0),
        ("v2:a v2:a v2:a", 0),
        ("v2:a v2:b v2:a", 1),
        ("v2:a v2:b v2:a v2:b", 2),
        ("v2:a kore:b v2:a kore:b v2:a", 3),
        ("kore:a kore:b v2:a", 1),
        ("v2:a v2:b v2:c v2:a v2:b v2:c", 0),
        ("v2:a v2:b v2:c v2:b v2:c", 2),
        ("v2:a v2:b v2:c v2:d v2:e", 0),
        ("v2:a v2:b v2:b v2:a", 1),
    ],
)
def test_a_reversal_undoes_the_last_change(story: str, count: int) -> None:
    assert reversals(updates(story), Field.TITLE) == count


def test_other_fields_do_not_count() -> None:
    story = [an_update(V2, "a"), an_update(V2, "b", Field.DUE), an_update(V2, "a")]
    assert reversals(story, Field.TITLE) == 0
    assert reversals([*updates("v2:a v2:b"), an_update(V2, "c", Field.DUE), *updates("v2:a")],
                     Field.TITLE) == 1  # fmt: skip


def test_a_planned_update_is_judged_by_those_that_were_done() -> None:
    done = updates("v2:a v2:b")
    assert is_reversal(done, an_update(V2, "a"), Field.TITLE)
    assert is_reversal(done, an_update(KORE, "a"), Field.TITLE)
    assert not is_reversal(done, an_update(V2, "b"), Field.TITLE)
    assert not is_reversal(done, an_update(V2, "c"), Field.TITLE)
    assert not is_reversal([], an_update(V2, "a"), Field.TITLE)


def test_what_the_journal_did_not_keep_is_no_reversal() -> None:
    first = Operation(side=V2, kind=OperationKind.UPDATE, reason="", values={Field.TITLE: None})
    assert not is_reversal([first, *updates("v2:a")], an_update(KORE, "x"), Field.TITLE)
