"""The links, and each with all that belongs to it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from bridge.domain.link import Link, LinkState
from bridge.domain.operation import Wait
from bridge.domain.side import SIDES, LinkId, Side
from bridge.domain.task import Known
from bridge.errors import StoreError
from bridge.ports import LinkView
from tests.plain import kept
from tests.plain.rows import Joined
from tests.plain.scope import BATCH, JOINED, first
from tests.plain.tasks import Tasks

_DROPPABLE = (LinkState.CREATING, LinkState.REMOVED)


class Links(Tasks):
    """The part of a unit that holds links."""

    def link(self, link_id: LinkId) -> LinkView | None:
        row = self._tables.links.get(link_id)
        return None if row is None else self._view(row.link)

    def links_of(self, side: Side, ids: Collection[str]) -> Mapping[str, Link]:
        rows = ((task_id, self._link_on(side, task_id)) for task_id in sorted({*ids}))
        return {task_id: row.link for task_id, row in rows if row}

    def due_links(
        self,
        limit: int,
        after: LinkId,
        state: LinkState = LinkState.LINKED,
        *,
        only: Collection[LinkId] | None = None,
    ) -> Sequence[LinkView]:
        wanted = None if only is None else {*only}
        found = [
            row.link
            for row in self._tables.links.these("due", state)
            if row.link.id > after and (wanted is None or row.link.id in wanted)
        ]
        return [self._view(link) for link in found[: first(limit)]]

    def links_in(self, state: LinkState) -> Mapping[LinkId, Side | None]:
        rows = self._tables.links.these("state", state)
        return {row.link.id: row.link.gone_side for row in rows}

    def all_links(self, but: Collection[LinkId] = ()) -> Iterator[LinkView]:
        after, left_out = LinkId(0), frozenset(but)
        while batch := self._links_after(after, left_out):
            yield from batch
            after = batch[-1].link.id

    def count_links(self) -> Mapping[LinkState, int]:
        counts = ((state, self._tables.links.count("state", state)) for state in sorted(LinkState))
        return {state: count for state, count in counts if count}

    def count_in_step(self) -> int:
        return sum(
            not row.is_due and not self._tables.waits.count("link", row.link.id)
            for row in self._tables.links.these("state", LinkState.LINKED)
        )

    def add_link(self, link: Link) -> LinkId:
        self._check_free(link, None)
        number = LinkId(self._database.next_number("links"))
        self._tables.links.put(number, Joined(kept.link(replace(link, id=number))))
        self._forget_facts(link)
        return number

    def save_link(self, link: Link) -> None:
        row = self._tables.links.get(link.id)
        if row is not None:
            self._check_free(link, link.id)
            self._tables.links.put(link.id, row._replace(link=kept.link(link)))
        self._forget_facts(link)

    def drop_link(self, link_id: LinkId) -> None:
        row = self._tables.links.get(link_id)
        if row is None or row.link.state not in _DROPPABLE:
            return
        self._tables.links.drop(link_id)
        for table in (self._tables.waits, self._tables.conflicts):
            for number in table.keys("link", link_id):
                table.drop(number)

    def is_link_due(self, link_id: LinkId) -> bool:
        row = self._tables.links.get(link_id)
        return row is not None and row.is_due

    def _links_after(self, after: LinkId, but: frozenset[LinkId]) -> list[LinkView]:
        rows = self._tables.links.rows
        numbers = sorted(number for number in rows if number > after and number not in but)
        return [self._view(rows[number].link)
                for number in islice(numbers, BATCH)]  # fmt: skip

    def _view(self, link: Link) -> LinkView:
        waits = self._tables.waits.these("link", link.id)
        return LinkView(
            link=link,
            kore=self._task_of(link, Side.KORE),
            v2=self._task_of(link, Side.V2),
            waits=tuple(sorted(waits, key=age)),
        )

    def _task_of(self, link: Link, side: Side) -> Known | None:
        row = self._tables.observations.get((side, link.task_id(side) or ""))
        return row.known if row else None

    def _check_free(self, link: Link, own: LinkId | None) -> None:
        """Each task has one link at most, in whatever state."""
        for side in SIDES:
            found = self._link_on(side, link.task_id(side))
            if found is not None and found.link.id != own:
                raise StoreError(
                    f"Kore {link.kore_id or '-'} and v2 {link.v2_id or '-'} cannot be linked: "
                    "one of them has a link already."
                )

    def _forget_facts(self, link: Link) -> None:
        """Once a task has its counterpart, what only a create needs is kept no longer."""
        if link.state not in JOINED:
            return
        for side in SIDES:
            row = self._tables.observations.get((side, link.task_id(side) or ""))
            if row is not None:
                bare = kept.without_facts(row.known)
                if bare is not row.known:
                    self._put(row._replace(known=bare))


def age(wait: Wait) -> tuple[object, int]:
    """What waits is told oldest first."""
    return (wait.since, wait.id)
