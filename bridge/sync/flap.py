"""The flap breaker: a field that went back and forth too often is written no more.

Takes the plan of a pair and what the journal tells of its last updates; gives a failure for each
field that flaps. A retry lifts it: only what happened since then counts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bridge.domain.flap import is_reversal, reversals
from bridge.domain.operation import Operation, Wait, WaitKind
from bridge.domain.plan import PairPlan
from bridge.domain.records import Happening
from bridge.domain.side import Field
from bridge.ports import LinkView, Unit
from bridge.sync.desk import Desk
from bridge.sync.failing import RETRIED

_REASON = (
    "It went back and forth {times} times within {seconds:g} seconds: something keeps changing it "
    "back. {side} is not given that value again until a person retries it."
)


def flapping(desk: Desk, view: LinkView, plan: PairPlan) -> list[Wait]:
    """A failure for every field that the plan would write once more, although it only flaps."""
    if not plan.operations:
        return []
    since = desk.clock.now() - timedelta(seconds=desk.rules.flap_seconds)
    with desk.store.begin() as unit:
        done = unit.done_updates(view.link.id, since)
        return [
            _failure(desk, view, update, name)
            for update in plan.operations
            for name in update.values
            if _is_flap(desk, done, update, name)
            and _is_flap(desk, _since_retry(unit, view, name, since), update, name)
        ]


def _is_flap(desk: Desk, done: Sequence[Operation], update: Operation, name: Field) -> bool:
    if not is_reversal(done, update, name):
        return False
    return reversals(done, name) >= desk.rules.flap_reversals


def _since_retry(unit: Unit, view: LinkView, name: Field, since: datetime) -> Sequence[Operation]:
    """The updates since a person last said to go on."""
    said = [one.at for one in unit.history(view.link.id) if _is_retry(one, name) and one.at]
    return unit.done_updates(view.link.id, max([since, *said]))


def _is_retry(one: Happening, name: Field) -> bool:
    return one.what == RETRIED and one.field is name


def _failure(desk: Desk, view: LinkView, update: Operation, name: Field) -> Wait:
    """The failure of a field that flaps; what both sides show is put in as of every failure."""
    rules = desk.rules
    before = [w for w in view.waits if w.kind is WaitKind.FAILED and w.field is name]
    reason = _REASON.format(
        times=rules.flap_reversals, seconds=rules.flap_seconds, side=update.side.label
    )
    desk.tell("flap_parked", link=view.link.id, field=name, reason=reason)
    return Wait(
        kind=WaitKind.FAILED,
        reason=reason,
        side=update.side,
        link_id=view.link.id,
        field=name,
        value=update.values[name],
        attempts=before[0].attempts + 1 if before else 1,
    )
