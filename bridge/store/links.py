"""The links: which two tasks are one, and what was last agreed for each of their fields."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    RowMapping,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bridge.domain.link import Link, LinkState
from bridge.domain.side import SIDES, LinkId, Side
from bridge.errors import StoreError
from bridge.store.codec import bases_json, bases_of, side_of, task_id_of
from bridge.store.scope import ID, Scope, id_column, is_in_state, of_pair, these
from bridge.store.tables import IS_APART, links, observations, waits
from bridge.store.tasks import JOINED

_DROPPABLE = (LinkState.CREATING, LinkState.REMOVED)

_OF_TASKS = {
    side: select(links).where(of_pair(links), id_column(side).in_(these())) for side in SIDES
}
_waiting = exists().where(of_pair(waits), waits.c.link_id == links.c.id)
_COUNT_IN_STEP = (
    select(func.count())
    .select_from(links)
    .where(of_pair(links), links.c.state == str(LinkState.LINKED), ~links.c.is_due, ~_waiting)
)
_COUNTS = select(links.c.state, func.count()).where(of_pair(links)).group_by(links.c.state)
_IN_STATE = (
    select(links.c.id, links.c.gone_side)
    .where(of_pair(links), links.c.state == bindparam("in_state"))
    .order_by(links.c.id)
)
_APART = _IN_STATE.where(IS_APART)
_ADD = insert(links).returning(links.c.id)
_NAMED = (of_pair(links), links.c.id == ID)
_SAVE = update(links).where(*_NAMED)
_DROP = delete(links).where(*_NAMED, is_in_state(_DROPPABLE))
_FORGET_FACTS = (
    update(observations)
    .where(
        of_pair(observations),
        or_(
            and_(observations.c.side == str(Side.KORE), observations.c.id == bindparam("of_kore")),
            and_(observations.c.side == str(Side.V2), observations.c.id == bindparam("of_v2")),
        ),
        observations.c.facts.is_not(None),
    )
    .values(facts=None)
)


class LinkRows(Scope):
    """The part of a unit that holds links."""

    def links_of(self, side: Side, ids: Collection[str]) -> Mapping[str, Link]:
        if not ids:
            return {}
        found = [link_of(row) for row in self._run(_OF_TASKS[side], these=[*ids]).mappings()]
        return {task_id: link for link in found if (task_id := link.task_id(side))}

    def count_in_step(self) -> int:
        return int(self._run(_COUNT_IN_STEP).scalar_one())

    def count_links(self) -> Mapping[LinkState, int]:
        """How many links there are, by state."""
        return {LinkState(state): count for state, count in self._run(_COUNTS)}

    def links_in(self, state: LinkState) -> Mapping[LinkId, Side | None]:
        wanted = _IN_STATE if state is LinkState.LINKED else _APART
        rows = self._run(wanted, in_state=str(state))
        return {LinkId(row.id): side_of(row.gone_side) for row in rows}

    def add_link(self, link: Link) -> LinkId:
        try:
            number = self._connection.execute(_ADD, self._link_columns(link)).scalar_one()
        except IntegrityError:
            raise _already_linked(link) from None
        self._forget_facts(link)
        return LinkId(number)

    def save_link(self, link: Link) -> None:
        try:
            self._run(_SAVE, this_id=link.id, **self._link_columns(link))
        except IntegrityError:
            raise _already_linked(link) from None
        self._forget_facts(link)

    def drop_link(self, link_id: LinkId) -> None:
        self._run(_DROP, this_id=link_id)

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
        self._run(_FORGET_FACTS, of_kore=link.kore_id, of_v2=link.v2_id)


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
