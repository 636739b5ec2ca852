"""Worlds as a report sees them: what a test does not say is in step."""

from dataclasses import replace
from typing import Any

from bridge.domain.link import FieldBase
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import Joined, Lone, Row, World
from bridge.domain.side import Field, Side
from bridge.domain.task import Known, Standing
from tests.domain.making import KORE, V2, a_known, a_link, an_agreement, at

AGREEMENT = an_agreement(twins={"a-1": "u-1"})
BOTH = {KORE: frozenset({"ti-1"}), V2: frozenset({"65f0"})}


def a_world(**given: Any) -> World:
    usual: dict[str, Any] = {
        "at": at(3600),
        "agreement": AGREEMENT,
        "shown": BOTH,
        "is_whole": {KORE: True, V2: True},
    }
    return World(**{**usual, **given})


def bases(kore: Known, v2: Known) -> dict[Field, FieldBase]:
    """The bases of a pair that was in step when it looked like this."""
    return {
        name: FieldBase(
            kore=kore.task.shown(name), v2=v2.task.shown(name), table=AGREEMENT.of(name).table
        )
        for name in AGREEMENT.fields
    }


def a_pair(
    kore: dict[str, Any] | None = None, v2: dict[str, Any] | None = None, **given: Any
) -> Joined:
    """A pair that was in step, with what changed since."""
    was = bases(a_known(KORE), a_known(V2))
    link = given.pop("link", a_link(bases=was))
    return Joined(link=link, kore=a_known(KORE, **kore or {}), v2=a_known(V2, **v2 or {}), **given)


def a_wait(kind: WaitKind = WaitKind.FAILED, **given: Any) -> Wait:
    usual: dict[str, Any] = {"reason": "It was refused.", "side": V2, "since": at(60)}
    return Wait(**{**usual, "kind": kind, **given})


def row_of(pair: Joined | Lone, **given: Any) -> Row:
    """The only row of a world of one pair or task."""
    what = {"joined": (pair,)} if isinstance(pair, Joined) else {"lone": (pair,)}
    report = reconcile(a_world(**what, **given))
    assert len(report.rows) == 1
    return report.rows[0]


def a_lone(side: Side = KORE, standing: Standing = Standing.NEW, **given: Any) -> Lone:
    known = a_known(side, standing=standing)
    why = given.pop("why", "")
    return Lone(side=side, task_id=known.task.id, known=replace(known, why=why), **given)
