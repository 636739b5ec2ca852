"""The links: which two tasks are one, and what was last agreed for each of their fields."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import RowMapping, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bridge.domain.link import Link, LinkState
from bridge.domain.side import SIDES, LinkId, Side
from bridge.errors import StoreError
from bridge.store.codec import bases_json, bases_of, side_of, task_id_of
from bridge.store.scope import Scope, among, id_column
from bridge.store.tables import IS_APART, links, observations, waits
from bridge.store.tasks import JOINED

_DROPPABLE = (LinkState.CREATING, LinkState.REMOVED)


class LinkRows(Scope):
    """The part of a unit that holds links."""

    def links_of(self, side: Side, ids: Collection[str]) -> Mapping[str, Link]:
        wanted = select(links).where(self._mine(links), among(id_column(side), ids))
        found = [link_of(row) for row in self._connection.execute(wanted).mappings()]
        return {task_id: link for link in found if (task_id := link.task_id(side))}

    def count_in_step(self) -> int:
        waiting = exists().where(self._mine(waits), waits.c.link_id == links.c.id)
        wanted = (
            select(func.count())
            .select_from(links)
            .where(
                self._mine(links),
                links.c.state == str(LinkState.LINKED),
                ~links.c.is_due,
                ~waiting,
            )
        )
        return self._connection.execute(wanted).scalar_one()

    def count_links(self) -> Mapping[LinkState, int]:
        """How many links there are, by state."""
        state = links.c.state
        wanted = select(state, func.count()).where(self._mine(links)).group_by(state)
        return {LinkState(state): count for state, count in self._connection.execute(wanted)}

    def links_in(self, state: LinkState) -> Mapping[LinkId, Side | None]:
        of_state = [self._mine(links), links.c.state == str(state)]
        if state is not LinkState.LINKED:
            of_state.append(IS_APART)
        wanted = select(links.c.id, links.c.gone_side).where(*of_state).order_by(links.c.id)
        rows = self._connection.execute(wanted)
        return {LinkId(row.id): side_of(row.gone_side) for row in rows}

    def add_link(self, link: Link) -> LinkId:
        stored = insert(links).returning(links.c.id)
        try:
            number = self._connection.execute(stored, self._link_columns(link)).scalar_one()
        except IntegrityError:
            raise _already_linked(link) from None
        self._forget_facts(link)
        return LinkId(number)

    def save_link(self, link: Link) -> None:
        stored = update(links).where(self._mine(links), links.c.id == link.id)
        try:
            self._connection.execute(stored, self._link_columns(link))
        except IntegrityError:
            raise _already_linked(link) from None
        self._forget_facts(link)

    def drop_link(self, link_id: LinkId) -> None:
        states = [str(state) for state in _DROPPABLE]
        self._connection.execute(
            delete(links).where(self._mine(links), links.c.id == link_id, links.c.state.in_(states))
        )

    def _link_columns(self, link: Link) -> dict[str, Any]:
        return {
            "pair": self._pair,
            "kore_id": link.kore_id,
            "v2_id": link.v2_id,
            "state": str(link.state),
            "origin": str(link.origin) if link.origin else None,
            "marker": link.marker,
            "stand_in": link.stand_in,
            "bases": bases_json(link.bases),
            "created_at": link.created_at,
            "changed_at": link.changed_at,
            "gone_side": str(link.gone_side) if link.gone_side else None,
            "gone_at": link.gone_at,
        }

    def _forget_facts(self, link: Link) -> None:
        """Once a task has its counterpart, what only a create needs is kept no longer."""
        if link.state not in JOINED:
            return
        for side in SIDES:
            self._connection.execute(
                update(observations)
                .where(
                    self._mine(observations),
                    observations.c.side == str(side),
                    observations.c.id == link.task_id(side),
                    observations.c.facts.is_not(None),
                )
                .values(facts=None)
            )


def link_of(row: RowMapping) -> Link:
    """A link, from its row."""
    return Link(
        id=LinkId(row["id"]),
        state=LinkState(row["state"]),
        kore_id=task_id_of(row["kore_id"]),
        v2_id=task_id_of(row["v2_id"]),
        origin=side_of(row["origin"]),
        marker=row["marker"],
        stand_in=row["stand_in"],
        bases=bases_of(row["bases"]),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        gone_side=side_of(row["gone_side"]),
        gone_at=row["gone_at"],
    )


def _already_linked(link: Link) -> StoreError:
    return StoreError(
        f"Kore {link.kore_id or '-'} and v2 {link.v2_id or '-'} cannot be linked: "
        "one of them has a link already. See `task-bridge links list`."
    )
