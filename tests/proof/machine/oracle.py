"""What must hold, told from the services and the story alone; the bridge is asked only what it
says to people: its links, what waits, the conflicts that it kept.

| promise | how it is checked |
| --- | --- |
| never two | one create of a task, but for those that took effect after the settle time |
| never lost | the last edit of a field stands on both sides, is kept, waits, or fell in the gap |
| never blanked | the bridge empties a field only where it was shown the counterpart's as empty |
| never gone | what people did not remove is there |

The gap are the moments between the last look and the write, which no call of these services can
close: an edit that came after the bridge's last chance to see it, and before its write. And a
service that applies an update after the settle time and shows no author makes it look a person's.
The other way round, who sets just the value that an update without an answer had sent, before the
bridge could look, is taken for that update; and who sets just what the other side had shown, after
that moved on and before the bridge could look, has agreed with it.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Known, Standing
from bridge.ports import LinkView
from tests.proof.machine.ground import Ground, Setup
from tests.proof.machine.story import Created, Edit, Story, Write
from tests.proof.machine.words import FINISHED, Plain, agree, is_empty, plain

# A plan is good for ten seconds after the poll of the side; some more for calls that take long.
GAP = timedelta(seconds=15)
NEVER_EMPTY = frozenset({Field.STATUS, Field.PRIORITY})


class Broken(AssertionError):
    """A promise was broken."""


class Oracle:
    """Holds a ground and its story against the promises."""

    def __init__(self, ground: Ground, story: Story, setup: Setup) -> None:
        self._ground = ground
        self._story = story
        self._setup = setup

    def check_always(self) -> None:
        """What holds after every cycle, whatever went wrong in it."""
        problems = [*self._doubles(), *self._gone(), *self._blanked()]
        if problems:
            raise Broken("\n".join(problems))

    def check_end(self) -> None:
        """What holds once people and faults have stopped and the bridge came to rest."""
        problems = [*self._unlinked(), *self._strangers(), *self._fields()]
        if problems:
            raise Broken("\n".join(problems))

    # ---- never two, never gone, never blanked ------------------------------------------------

    def _doubles(self) -> Iterator[str]:
        made: dict[tuple[Side, str], list[str]] = {}
        for one in self._story.created:
            if not (one.is_surplus or self._was_never_met(one) or self._is_disguised(one)):
                made.setdefault((one.side, one.origin_id), []).append(one.task_id)
            if (one.side.other, one.origin_id) not in self._originals():
                yield f"{one.task_id} was created from {one.origin_id!r}, which no person added"
        for (side, origin), ids in made.items():
            if len(ids) > 1:
                yield f"{origin} has several counterparts in {side.label}: {ids}"
        for side in SIDES:
            ids = [task_id for view in self._links() if (task_id := view.link.task_id(side))]
            if len(ids) != len(set(ids)):
                yield f"a task of {side.label} has two links: {ids}"

    def _originals(self) -> set[tuple[Side, str]]:
        """What a task may be created from: what people added, and what counts as theirs."""
        disguised = {
            (one.side, one.task_id) for one in self._story.created if self._is_disguised(one)
        }
        return self._story.persons | disguised

    def _is_disguised(self, one: Created) -> bool:
        """Whether nothing tells any more what the bridge made: its marker and its title are
        people's, and nobody is told who made it; or it came so late that nothing waited for it.
        """
        me = (one.side, one.task_id)
        is_renamed = any(
            (edit.side, edit.task_id, edit.name) == (*me, Field.TITLE) for edit in self._story.edits
        )
        is_told = one.side is Side.V2 and self._setup.shows_author
        return me in self._story.unmarked and (one.is_surplus or (is_renamed and not is_told))

    def _was_never_met(self, one: Created) -> bool:
        """Whether a person removed it before any answer named it: then nobody can know of it."""
        me = (one.side, one.task_id)
        return me in self._story.removed and me not in self._story.met

    def _gone(self) -> Iterator[str]:
        everything = {*self._story.persons, *((o.side, o.task_id) for o in self._story.created)}
        there = {(side, task_id) for side in SIDES for task_id in self._ground.ids(side)}
        for side, task_id in sorted(everything - there - self._story.removed):
            yield f"{task_id} of {side.label} is gone, and no person removed it"

    def _blanked(self) -> Iterator[str]:
        for one in self._story.writes:
            is_emptied = one.new is None and one.old is not None and not one.is_late
            if is_emptied and not any(map(is_empty, one.across)):
                yield f"{one.name} of {one.task_id} was emptied: {one}"

    # ---- every task has its counterpart ------------------------------------------------------

    def _unlinked(self) -> Iterator[str]:
        linked = self._linked()
        for side, task_id in sorted(self._story.persons - self._story.removed - linked):
            known = self._known(side, task_id)
            if known is None:
                yield f"{task_id} of {side.label} was never read"
            elif not self._may_be_alone(side, task_id, known):
                yield (
                    f"{task_id} of {side.label} has no counterpart: {known.standing} {known.why!r}"
                )

    def _linked(self) -> set[tuple[Side, str]]:
        found = set()
        for view in self._links():
            if view.link.state in (LinkState.LINKED, LinkState.MISSING):
                found |= {(side, str(view.link.task_id(side))) for side in SIDES}
        return found

    def _may_be_alone(self, side: Side, task_id: str, known: Known) -> bool:
        values = self._ground.values(side, task_id)
        if not self._setup.direction.may_write(side.other):
            return True
        if known.standing is Standing.FINISHED:
            return values[Field.STATUS] in FINISHED
        if known.standing is Standing.FAILED:
            return any(one.task_id == task_id for one in self._waits(WaitKind.FAILED))
        return self._may_be_asked_about(side, task_id, known)

    def _may_be_asked_about(self, side: Side, task_id: str, known: Known) -> bool:
        """Whether a person has to say which task is its counterpart."""
        if known.standing is Standing.AMBIGUOUS:
            title = self._ground.values(side, task_id)[Field.TITLE]
            return self._may_be_a_removed_one(side, title) or self._may_be_one(side, task_id)
        if known.standing is Standing.HELD:
            return self._is_candidate(side, task_id)
        return known.standing is Standing.UNCERTAIN and self._may_be_parked(side, task_id)

    def _may_be_a_removed_one(self, side: Side, title: Plain) -> bool:
        """Whether one of that title was removed: it may have come back under another id."""
        gone = [self._story.shown.get(one, {}) for one in self._story.removed if one[0] is side]
        return any(one.get(Field.TITLE) == title for one in gone)

    def _may_be_one(self, side: Side, task_id: str) -> bool:
        """Whether a task across of its name may be its counterpart: people rewrote a text whole,
        or nobody is told who made either.
        """
        waits = [one for one in self._waits(WaitKind.FAILED) if one.task_id == task_id]
        across = {one for wait in waits for one in wait.candidates} & {
            *self._ground.ids(side.other)
        }
        is_rewritten = any((side.other, one) in self._story.unmarked for one in across)
        return bool(across) and (
            is_rewritten or (side, task_id) in self._story.unmarked or not self._setup.shows_author
        )

    def _is_candidate(self, side: Side, task_id: str) -> bool:
        """Whether it may be what a create made that waits for a person."""
        parked = [wait for view in self._links() for wait in view.waits if wait.side is side]
        return any(
            task_id in one.candidates for one in parked if one.operation is OperationKind.CREATE
        )

    def _may_be_parked(self, side: Side, task_id: str) -> bool:
        """Whether the create is listed for a person, and nobody but a person can decide it.

        Either what it made was removed before it was found, or a task of its name could not be
        seen whole when it was looked for.
        """
        made = {
            (one.side, one.task_id)
            for one in self._story.created
            if (one.side, one.origin_id) == (side.other, task_id)
        }
        parked = [
            wait
            for view in self._links()
            for wait in view.waits
            if view.link.task_id(side) == task_id and wait.operation is OperationKind.CREATE
        ]
        is_removed = bool(made) and made <= self._story.removed
        unmarked = {task_id for _, task_id in made & self._story.unmarked}
        return any(
            is_removed or (wait.candidates and not made) or unmarked & {*wait.candidates}
            for wait in parked
        )

    def _strangers(self) -> Iterator[str]:
        """What the bridge created is linked to its origin, or stands apart for a known reason."""
        linked = self._linked()
        for one in self._story.created:
            me, origin = (one.side, one.task_id), (one.side.other, one.origin_id)
            if me in linked or me in self._story.removed or origin in self._story.removed:
                continue
            known = self._known(*me)
            is_duplicate = known is not None and known.standing is Standing.DUPLICATE
            is_parked = me in self._story.unmarked and self._is_candidate(*me)
            if not ((one.is_surplus and is_duplicate) or is_parked or self._is_disguised(one)):
                yield f"{one.task_id} was created from {one.origin_id} and stands alone: {known}"

    # ---- no lost edit ------------------------------------------------------------------------

    def _fields(self) -> Iterator[str]:
        for view in self._links():
            ids = {side: str(view.link.task_id(side)) for side in SIDES}
            there = all(task_id in self._ground.ids(side) for side, task_id in ids.items())
            if view.link.state is LinkState.LINKED and there:
                for name in Field:
                    yield from self._field(view, ids, name)

    def _field(self, view: LinkView, ids: dict[Side, str], name: Field) -> Iterator[str]:
        values = {side: self._ground.values(side, ids[side])[name] for side in SIDES}
        kore, v2 = values[Side.KORE], values[Side.V2]
        if any(one.field in (name, None) for one in view.waits):
            return
        where = f"{name} of {ids[Side.KORE]} and {ids[Side.V2]}"
        if not agree(name, kore, v2, self._ground.stand_in(ids[Side.V2])):
            yield f"{where}: {kore!r} and {v2!r} do not agree, and nobody is told"
            return
        last = self._last_edit(ids, name)
        if last is None or any(
            self._stands(one, values, ids) for one in (last, *self._back(ids, last))
        ):
            return
        is_told = self._is_kept(view, last) or self._fell_into_the_gap(last)
        is_mistaken = (
            self._looked_like_a_person(ids, last)
            or self._looked_like_a_write(last)
            or self._looked_agreed(ids, last)
        )
        if not (is_told or is_mistaken):
            yield f"{where}: {last} is lost; now {kore!r} and {v2!r}"

    def _last_edit(self, ids: dict[Side, str], name: Field) -> Edit | None:
        edits = [self._story.last_edit(side, ids[side], name) for side in SIDES]
        return max((one for one in edits if one), key=lambda one: one.number, default=None)

    def _back(self, ids: dict[Side, str], last: Edit) -> list[Edit]:
        """A later edit that only went back: it counts if the bridge saw what was in between."""
        return [
            one
            for one in self._story.edits
            if one.is_return and one.number > last.number
            if (one.task_id, one.name) == (ids[one.side], last.name)
        ]

    def _stands(self, last: Edit, values: dict[Side, Plain], ids: dict[Side, str]) -> bool:
        """Whether it is still there, and what is across means the same."""
        told = {**values, last.side: last.value}
        is_agreed = agree(
            last.name, told[Side.KORE], told[Side.V2], self._ground.stand_in(ids[Side.V2])
        )
        return is_agreed and values[last.side] == last.value

    def _is_kept(self, view: LinkView, last: Edit) -> bool:
        return any(
            plain(last.name, row[str(last.side)]) == last.value
            for row in self._conflicts()
            if (row["link_id"], row["field"]) == (view.link.id, last.name)
        )

    def _fell_into_the_gap(self, last: Edit) -> bool:
        return any(self._is_blind(last, one) for one in self._story.writes)

    def _looked_like_a_person(self, ids: dict[Side, str], last: Edit) -> bool:
        """Whether the bridge's own write took effect after the settle time, where nothing tells
        who was at a task last.
        """
        is_shown = {Side.KORE: not self._setup.is_sparse, Side.V2: self._setup.shows_author}
        return any(
            one.is_too_late and one.number > last.number and not is_shown[one.side]
            for one in self._story.writes
            if (one.task_id, one.name) == (ids[one.side], last.name)
        )

    def _looked_agreed(self, ids: dict[Side, str], last: Edit) -> bool:
        """Whether a person set what the other side had shown when it was looked at last, and that
        had moved on already: to the bridge the two agreed, and then the other side changed.
        """
        other = last.side.other
        mine = (other, ids[other], last.name)
        edits = [
            (o.number, o.value) for o in self._story.edits if (o.side, o.task_id, o.name) == mine
        ]
        writes = [
            (o.number, o.new) for o in self._story.writes if (o.side, o.task_id, o.name) == mine
        ]
        moves = sorted(move for move in (*edits, *writes) if move[0] < last.number)
        if not moves:
            return False
        before = moves[-2][1] if len(moves) > 1 else None
        is_shown = any(
            moves[-1][0] < one.number < last.number and one.is_true
            for one in self._story.looks
            if one.side is other and one.task_id in (ids[other], None)
        )
        stand_in = self._ground.stand_in(ids[Side.V2])
        return not is_shown and _is_alike(last, other, before, stand_in)

    def _looked_like_a_write(self, last: Edit) -> bool:
        """Whether a person set what an update that was not taken had sent, with no look between."""
        return any(
            one.new == one.old and self._is_same(last, one) and not self._was_shown(last, one)
            for one in self._story.writes
            if (one.side, one.task_id, one.name) == (last.side, last.task_id, last.name)
            if one.number < last.number
        )

    def _is_same(self, last: Edit, write: Write) -> bool:
        """Whether a person set what the write carried from across, in whatever words."""
        side = last.side
        v2_id = last.task_id if side is Side.V2 else next(iter(self._across(last)), "")
        stand_in = self._ground.stand_in(v2_id) if v2_id else ""
        return any(_is_alike(last, side.other, there, stand_in) for there in write.across)

    def _across(self, edit: Edit) -> list[str]:
        there = self._ground.ids(edit.side.other)
        return [one for one in self._story.across(edit.side, edit.task_id) if one in there]

    def _was_shown(self, last: Edit, write: Write) -> bool:
        """Whether the bridge was shown the task between the write and the edit."""
        return any(
            write.number < one.number < last.number and one.is_true
            for one in self._story.looks
            if one.side is last.side and one.task_id in (last.task_id, None)
        )

    def _is_blind(self, edit: Edit, write: Write) -> bool:
        """Whether the write went over the edit, and no look could have shown it before."""
        same = (edit.side, edit.task_id, edit.name) == (write.side, write.task_id, write.name)
        if not same or write.number < edit.number or write.old != edit.value:
            return False
        is_slow = self._setup.late_seconds[edit.side] > 0
        # A list without an order may leave a task out, however whole it is read.
        is_whole = self._setup.is_sorted[edit.side] and not is_slow
        looks = [
            one
            for one in self._story.looks
            if one.side is edit.side and one.number < write.number
            if one.task_id == edit.task_id or (one.task_id is None and is_whole)
        ]
        if any(one.number > edit.number and one.is_true for one in looks):
            return False
        is_recent = bool(looks) and write.at - looks[-1].at <= GAP
        return write.is_late or is_slow or is_recent or not self._setup.is_sorted[edit.side]

    # ---- what the bridge says ------------------------------------------------------------------

    def _links(self) -> list[LinkView]:
        with self._ground.store().begin() as unit:
            return list(unit.all_links())

    def _waits(self, *kinds: WaitKind) -> list[Wait]:
        with self._ground.store().begin() as unit:
            return list(unit.waits(kinds))

    def _conflicts(self) -> list[Any]:
        with self._ground.store().begin() as unit:
            return [*unit.conflicts(is_settled=True), *unit.conflicts(is_settled=False)]

    def _known(self, side: Side, task_id: str) -> Known | None:
        with self._ground.store().begin() as unit:
            return unit.known(side, [task_id]).get(task_id)


def _is_alike(last: Edit, other: Side, there: Plain, stand_in: str) -> bool:
    """Whether what the person set means what stood across; nothing is known of what is None."""
    if there is None and last.name in NEVER_EMPTY:
        return False
    told = {last.side: last.value, other: there}
    return agree(last.name, told[Side.KORE], told[Side.V2], stand_in)
