"""A link as the merge and the reports want it: with both tasks and what waits on it."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Select, select

from bridge.domain.link import Link, LinkState
from bridge.domain.side import LinkId, Side
from bridge.ports import LinkView
from bridge.store.links import LinkRows, link_of
from bridge.store.scope import among
from bridge.store.tables import IS_DUE, links
from bridge.store.tasks import BATCH, TaskRows
from bridge.store.waits import WaitRows


class LinkViews(TaskRows, LinkRows, WaitRows):
    """The part of a unit that gives links with all that belongs to them."""

    def link(self, link_id: LinkId) -> LinkView | None:
        found = self._views(select(links).where(self._mine(links), links.c.id == link_id))
        return found[0] if found else None

    def due_links(
        self,
        limit: int,
        after: LinkId,
        state: LinkState = LinkState.LINKED,
        *,
        only: Collection[LinkId] | None = None,
    ) -> Sequence[LinkView]:
        wanted = (
            select(links)
            .where(
                self._mine(links),
                IS_DUE,
                links.c.state == str(state),
                links.c.id > after,
            )
            .order_by(links.c.id)
            .limit(limit)
        )
        return self._views(wanted if only is None else wanted.where(among(links.c.id, only)))

    def all_links(self) -> Iterator[LinkView]:
        after = LinkId(0)
        wanted = select(links).where(self._mine(links)).order_by(links.c.id).limit(BATCH)
        while batch := self._views(wanted.where(links.c.id > after)):
            yield from batch
            after = batch[-1].link.id

    def _views(self, wanted: Select[*tuple[object, ...]]) -> list[LinkView]:
        found = [link_of(row) for row in self._connection.execute(wanted).mappings()]
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
