"""The people of a ground: they do a deed, and the story is told of it."""

from bridge.domain.side import Field, Side, TaskId
from bridge.domain.values import UNSEEN, Unseen
from tests.proof.machine.deeds import Adds, Deed, EditBoth, Edits, Removes, SetsCase, Waits
from tests.proof.machine.ground import Ground
from tests.proof.machine.story import Story
from tests.proof.machine.words import Values, agree, plain

MOST_TASKS = 5


class People:
    """Whoever works in the two services."""

    def __init__(self, ground: Ground, story: Story) -> None:
        self._ground = ground
        self._story = story

    def do(self, deed: Deed) -> None:
        """Do it, as far as there is something to do it to."""
        if isinstance(deed, Waits):
            self._ground.pass_time(deed.seconds)
        elif isinstance(deed, Adds):
            self._add(deed)
        elif isinstance(deed, Edits):
            task_id = self._pick(deed.side, deed.pick)
            self._edit(deed.side, task_id, deed.values, keeps_marker=deed.keeps_marker)
        elif isinstance(deed, EditBoth):
            self._edit_both(deed)
        elif isinstance(deed, Removes):
            self._remove(deed)
        elif isinstance(deed, SetsCase):
            self._ground.set_case(deed.case, is_closed=deed.is_closed)
            self._story.note(self._ground.now(), f"person did {deed}")

    def _pick(self, side: Side, pick: int) -> str | None:
        ids = self._ground.ids(side)
        return ids[pick % len(ids)] if ids else None

    def _add(self, deed: Adds) -> None:
        if len(self._story.persons) >= MOST_TASKS:
            return
        task_id = self._ground.add(deed.side, deed.values, deed.case)
        self._story.persons.add((deed.side, task_id))
        self._story.edited(deed.side, task_id, deed.values, self._ground.now(), is_first=True)

    def _edit(
        self, side: Side, task_id: str | None, values: Values, *, keeps_marker: bool = True
    ) -> None:
        if task_id is None:
            return
        before = self._ground.values(side, task_id)
        changed = {name: value for name, value in values.items() if before[name] != value}
        if changed:
            returns = [name for name in changed if self._goes_back(side, task_id, name, changed)]
            self._ground.edit(side, task_id, changed, keeps_marker=keeps_marker)
            if Field.DESCRIPTION in changed and not keeps_marker:
                self._story.unmarked.add((side, task_id))
            self._story.edited(side, task_id, changed, self._ground.now(), returns=returns)

    def _goes_back(self, side: Side, task_id: str, name: Field, values: Values) -> bool:
        """Whether it is set to what was agreed or seen last, and nothing else got across."""
        with self._ground.store().begin() as unit:
            link = unit.links_of(side, [TaskId(task_id)]).get(task_id)
        base = link.base(name).of(side) if link else UNSEEN
        seen = self._story.seen.get((side, task_id), {})
        is_base = not isinstance(base, Unseen) and plain(name, base) == values[name]
        if not is_base and (name not in seen or seen[name] != values[name]):
            return False
        across = self._across(side, task_id)
        return not any(self._has_reached(side, task_id, name, one) for one in across)

    def _across(self, side: Side, task_id: str) -> list[str]:
        there = self._ground.ids(side.other)
        return [one for one in self._story.across(side, task_id) if one in there]

    def _has_reached(self, side: Side, task_id: str, name: Field, other_id: str) -> bool:
        """Whether the bridge has carried across what stands there now."""
        values = {
            side: self._ground.values(side, task_id)[name],
            side.other: self._ground.values(side.other, other_id)[name],
        }
        stand_in = self._ground.stand_in(task_id if side is Side.V2 else other_id)
        is_bridges = self._story.was_written_last(side.other, other_id, name)
        return is_bridges and agree(name, values[Side.KORE], values[Side.V2], stand_in)

    def _edit_both(self, deed: EditBoth) -> None:
        pairs = [
            {one.side: one.task_id, one.side.other: one.origin_id}
            for one in self._story.created
            if one.task_id in self._ground.ids(one.side)
            and one.origin_id in self._ground.ids(one.side.other)
        ]
        if not pairs:
            return
        pair, values = pairs[deed.pick % len(pairs)], {Side.KORE: deed.kore, Side.V2: deed.v2}
        first = Side.KORE if deed.is_kore_first else Side.V2
        for side in (first, first.other):
            self._edit(side, pair[side], {deed.name: values[side]})
            self._ground.pass_time(deed.seconds)

    def _remove(self, deed: Removes) -> None:
        task_id = self._pick(deed.side, deed.pick)
        if task_id is None or len(self._ground.ids(deed.side)) < 2:
            return
        self._ground.remove(deed.side, task_id)
        self._story.note(self._ground.now(), f"person removed {task_id}")
        self._story.removed.add((deed.side, task_id))
