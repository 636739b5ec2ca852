"""A changed mapping takes the base of a pair only where nobody changed it and it agrees no more."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.link import FieldBase
from bridge.domain.plan import Pair
from bridge.domain.probe_question import probe_question
from bridge.domain.side import Field
from bridge.domain.table_change import loses_base
from tests.domain.making import KORE, V2, a_known, a_link, kore_status, v2_status
from tests.domain.worlds import AGREEMENT, bases

OPEN, DONE = kore_status("open"), v2_status("completed")


def a_pair(base: FieldBase, **given: Any) -> Pair:
    kore = given.pop("kore", a_known(KORE, status=OPEN))
    v2 = given.pop("v2", a_known(V2, status=DONE))
    was = {**bases(kore, v2), Field.STATUS: base}
    return Pair(link=a_link(bases=was), kore=kore, v2=v2)


OLD = FieldBase(kore=OPEN, v2=DONE, table="old")


def test_what_agreed_under_the_old_table_and_does_not_now_has_no_base() -> None:
    assert loses_base(a_pair(OLD), AGREEMENT)


@pytest.mark.parametrize(
    "pair",
    [
        a_pair(replace(OLD, table=AGREEMENT.of(Field.STATUS).table)),
        a_pair(replace(OLD, carry=KORE)),
        a_pair(FieldBase(kore=OPEN, table="old")),
        a_pair(FieldBase(v2=DONE, table="old")),
        a_pair(OLD, kore=a_known(KORE, status=kore_status("on hold"))),
        a_pair(OLD, v2=a_known(V2, status=v2_status("cancelled"))),
        a_pair(OLD, kore=a_known(KORE, status=...)),
        a_pair(OLD, v2=a_known(V2, status=...)),
        a_pair(
            FieldBase(kore=kore_status("closed"), v2=DONE, table="old"),
            kore=a_known(KORE, status=kore_status("closed")),
        ),
        a_pair(
            FieldBase(kore=kore_status("odd", "Odd"), v2=DONE, table="old"),
            kore=a_known(KORE, status=kore_status("odd", "Odd")),
        ),
    ],
    ids=[
        "the table is the same", "a create is not over", "v2 was not seen", "Kore was not seen",
        "Kore changed it", "v2 changed it", "Kore hides it", "v2 hides it", "it still agrees",
        "it has no counterpart",
    ],
)  # fmt: skip
def test_otherwise_the_base_stays(pair: Pair) -> None:
    assert not loses_base(pair, AGREEMENT)


@pytest.mark.parametrize(
    ("count", "limits", "words"),
    [
        (120, ((1, 1.0),), "less than two minutes"),
        (121, ((1, 1.0),), "about 2 minutes"),
        (7200, ((1, 1.0),), "about 120 minutes"),
        (7201, ((1, 1.0),), "about 2 hours"),
        (601, ((10, 60.0), (1000, 3600.0)), "about 60 minutes"),
        (50_001, ((60, 60.0), (1800, 3600.0)), "about 27 hours"),
        (9, (), "less than two minutes"),
    ],
)
def test_the_question_about_probes_tells_how_long_the_tightest_limit_makes_them_take(
    count: int, limits: tuple[tuple[int, float], ...], words: str
) -> None:
    told = probe_question(count, None, limits)
    assert told.startswith(f"{count} Kore tasks hide fields that only a probe")
    assert f"that takes {words}." in told


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        (True, "that was tried moved the change time or the author of its task."),
        (False, "that was tried moved neither the change time nor the author of its task."),
        (None, "Whether a probe moves the change time or the author is not known: not tried."),
    ],
)
def test_it_tells_what_a_probe_moved(moves: bool | None, words: str) -> None:
    assert probe_question(101, moves, ()).endswith(words)
