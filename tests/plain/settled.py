"""The linked pairs whose verdict stands."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from bridge.domain.link import Link, LinkState
from bridge.domain.side import SIDES, Field, LinkId, Side, TaskId
from bridge.domain.values import Shown, ShownText, Unseen, shown_as_text
from bridge.store.codec import value_json
from tests.plain.links import Links
from tests.plain.rows import Joined
from tests.plain.waits import Waits


class SettledLinks(Links, Waits):
    """The part of a unit that finds and counts them."""

    def settled_links(self, names: Collection[Field]) -> Mapping[LinkId, Mapping[Side, TaskId]]:
        return {
            row.link.id: {side: row.link.task_id(side) or TaskId("") for side in SIDES}
            for row in self._tables.links.these("state", LinkState.LINKED)
            if self._is_quiet(row)
            and all(row.link.base(name).carry is None for name in names)
            and all(self._is_as_agreed(row.link, side, names) for side in SIDES)
        }

    def count_texts(
        self, side: Side, names: Sequence[Field], link_ids: Collection[LinkId]
    ) -> Mapping[Field, Mapping[ShownText, int]]:
        rows = (self._tables.links.get(number) for number in {*link_ids})
        known = [self._task_of(row.link, side) for row in rows if row]
        tasks = [one.task for one in known if one]
        return {name: Counter(shown_as_text(one.shown(name)) for one in tasks) for name in names}

    def _is_quiet(self, row: Joined) -> bool:
        return not row.is_due and not self._tables.waits.count("link", row.link.id)

    def _is_as_agreed(self, link: Link, side: Side, names: Collection[Field]) -> bool:
        """Whether the task was read and is there, waits for nothing and shows what was agreed."""
        task_id = link.task_id(side) or TaskId("")
        row = self._tables.observations.get((side, task_id))
        if row is None or row.known.gone_at is not None or self.waits_on_task(side, task_id):
            return False
        task = row.known.task
        is_read = bool(task.fields and task.digest)
        return is_read and all(
            _stored(task.shown(name)) == _stored(link.base(name).of(side)) for name in names
        )


def _stored(shown: Shown) -> object:
    """A value with its text and kind, which are told too; hidden counts as empty."""
    return None if isinstance(shown, Unseen) else value_json(shown)
