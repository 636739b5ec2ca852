"""Whether a page may be taken in: whose tasks it shows, and whether a side is suddenly empty.

Takes a page before anything of it is stored. A page of another account than the links were made
with is refused, and its side is left alone; while there are no links, the account may change, and
what was read of the one before is forgotten.
"""

from collections.abc import Sequence
from dataclasses import replace

from bridge.domain.exchange import Page
from bridge.domain.guard import Guard, GuardKind, Item
from bridge.domain.identity import Identity
from bridge.domain.link import LinkState
from bridge.domain.reading import SideState
from bridge.domain.side import SIDES, Side
from bridge.domain.text import counted_tasks
from bridge.errors import OtherAccount
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.standing import Cause, agree, guard_of, note_holds, stand

UNLINKED = "unlinked tasks"
_EMPTY = (
    "{side}'s list is suddenly empty, and it had {tasks}. Nothing is written until it shows "
    "tasks again, or a person has confirmed that they are gone."
)
_OTHER = (
    "{side} shows the tasks of {now}, and the links were made with {kept}. Nothing is read from "
    "it or written until the configuration names that one again, or a person has confirmed the "
    "change."
)


def doubt_places(desk: Desk, unit: Unit) -> None:
    """A side that is asked at another place than before is not written to before it was polled.

    Nor is one whose account was found to be another.
    """
    desk.barred = {one.side for one in desk.guards if one.kind is GuardKind.IDENTITY and one.side}
    for side in SIDES:
        kept, place = unit.side_state(side).identity, desk.rules.identities.get(side)
        if kept and place and Identity.of(kept).place != place:
            desk.barred.add(side)


def admit(desk: Desk, page: Page) -> None:
    """Look at a page before it is taken in. Raises OtherAccount if it must not be."""
    with desk.store.begin() as unit:
        refusal = refusal_of(desk, unit, page, unit.side_state(page.side))
    if refusal is not None:
        raise refusal


def refusal_of(desk: Desk, unit: Unit, page: Page, state: SideState) -> OtherAccount | None:
    """The look at a page in the transaction that takes it in, if it may be, by the side's state.

    What comes of it is kept whether or not, so that whoever raises it does so after the end.
    """
    guards = unit.guards()
    refusal = _refusal(desk, unit, page, state, guards)
    if refusal is not None:
        note_holds(desk, unit)
        desk.barred.add(page.side)
        return OtherAccount(refusal)
    if page.offset == 0:
        _look_whether_empty(desk, unit, page, guards)
    desk.barred.discard(page.side)
    is_news = page.offset == 0 and page.length == 0
    if is_news or any(one.side is page.side for one in desk.guards):
        note_holds(desk, unit)
    return None


# --- whose tasks ---------------------------------------------------------------------------------


def _refusal(
    desk: Desk, unit: Unit, page: Page, state: SideState, guards: Sequence[Guard]
) -> str | None:
    """Why the page must not be taken in, if it is of another account."""
    kept = Identity.of(state.identity)
    now = Identity(desk.rules.identities.get(page.side, ""), page.account)
    if state.identity and now.place and now.is_other_than(kept):
        if _has_links(unit):
            return _raise(desk, unit, page.side, kept, now)
        take_account(desk, unit, page.side, str(now))
        return None
    if now.place and str(now.joined(kept)) != state.identity:
        unit.save_side_state(replace(state, identity=str(now.joined(kept))))
    stand(desk, unit, Cause(kind=GuardKind.IDENTITY, side=page.side), guards)
    return None


def _raise(desk: Desk, unit: Unit, side: Side, kept: Identity, now: Identity) -> str | None:
    """The guard; None if the person who started this run confirms what stands."""
    reason = _OTHER.format(side=side.label, now=now, kept=kept)
    kind = GuardKind.IDENTITY
    cause = Cause(kind=kind, side=side, items=[str(now)], reason=lambda items: reason)
    stand(desk, unit, cause, unit.guards())
    guard = guard_of(unit.guards(), kind, side)
    if guard is None or not desk.confirms_guards:
        return reason
    desk.confirmed.append(guard)
    agree(desk, unit, guard, guard.items)
    take_account(desk, unit, side, str(now))
    return None


def take_account(desk: Desk, unit: Unit, side: Side, identity: str) -> None:
    """From now on the side is that account: what was read of the one before is forgotten.

    Links stay, and their tasks are looked for in the new one. First contact begins again: where
    both sides show tasks without a counterpart, nothing is created before a backfill.
    """
    old = [known.task.id for known in unit.unlinked(side)]
    unit.set_gone(side, old, desk.clock.now())
    unit.forget_reading(side)
    unit.save_side_state(SideState(side=side, identity=identity))
    unit.drop_guard(GuardKind.IDENTITY, side)
    pair = unit.pair_state()
    if pair.first_contact_ended_at is not None:
        unit.save_pair_state(replace(pair, first_contact_ended_at=None))
        desk.tell("first_contact_again")


def _has_links(unit: Unit) -> bool:
    counts = unit.count_links()
    return any(count for state, count in counts.items() if state is not LinkState.REMOVED)


# --- empty ---------------------------------------------------------------------------------------


def _look_whether_empty(desk: Desk, unit: Unit, page: Page, guards: Sequence[Guard]) -> None:
    """A guard as long as a side shows nothing although it had tasks that count."""
    kind, side = GuardKind.EMPTY, page.side
    if page.length:
        stand(desk, unit, Cause(kind=kind, side=side), guards)
        return
    count = unit.count_tasks(side)
    tasks = counted_tasks(count)
    reason = _EMPTY.format(side=side.label, tasks=tasks)
    lost: list[Item] = [*unit.links_in(LinkState.LINKED)] if count else []
    is_first_contact = unit.pair_state().first_contact_ended_at is None
    items = [*lost, *([UNLINKED] if count and is_first_contact else [])]
    cause = Cause(kind=kind, side=side, items=items, reason=lambda items: reason)
    stand(desk, unit, cause, guards)
