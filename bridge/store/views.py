"""A link as the merge and the reports want it: with both tasks and what waits on it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Executable, bindparam, select

from bridge.domain.link import Link, LinkState
from bridge.domain.side import LinkId, Side
from bridge.ports import LinkView
from bridge.store.links import LinkRows, link_of
from bridge.store.scope import AFTER, ID, LIMIT, of_pair, these
from bridge.store.tables import IS_DUE, links
from bridge.store.tasks import BATCH, TaskRows
from bridge.store.waits import WaitRows

_LINK = select(links).where(of_pair(links), links.c.id == ID)
_BATCH = select(links).where(of_pair(links), links.c.id > AFTER).order_by(links.c.id).limit(LIMIT)
_BATCH_BUT = _BATCH.where(links.c.id.not_in(these()))
_DUE = _BATCH.where(IS_DUE, links.c.state == bindparam("in_state"))
_DUE_ONLY = _DUE.where(links.c.id.in_(these()))


class LinkViews(TaskRows, LinkRows, WaitRows):
    """The part of a unit that gives links with all that belongs to them."""

    def link(self, link_id: LinkId) -> LinkView | None:
        found = self._views(_LINK, this_id=link_id)
        return found[0] if found else None

    def due_links(
        self,
        limit: int,
        after: LinkId,
        state: LinkState = LinkState.LINKED,
        *,
        only: Collection[LinkId] | None = None,
    ) -> Sequence[LinkView]:
        place = {"in_state": str(state), "after": after, "at_most": limit}
        if only is None:
            return self._views(_DUE, **place)
        return self._views(_DUE_ONLY, **place, these=[*only])

    def all_links(self, but: Collection[LinkId] = ()) -> Iterator[LinkView]:
        after, wanted = LinkId(0), _BATCH_BUT if but else _BATCH
        left_out = {"these": [*but]} if but else {}
        while batch := self._views(wanted, after=after, at_most=BATCH, **left_out):
            yield from batch
            after = batch[-1].link.id

    def _views(self, wanted: Executable, **values: Any) -> list[LinkView]:
        found = [link_of(row) for row in self._run(wanted, **values).mappings()]
        if not found:
            return []
        kore = self.known(Side.KORE, [link.kore_id for link in found if link.kore_id])
        v2 = self.known(Side.V2, [link.v2_id for link in found if link.v2_id])
        waiting = self.waits_of([link.id for link in found])

        def view(link: Link) -> LinkView:
            return LinkView(
                link=link,
                kore=kore.get(link.kore_id or ""),
                v2=v2.get(link.v2_id or ""),
                waits=tuple(waiting.get(link.id, ())),
            )

        return [view(link) for link in found]
