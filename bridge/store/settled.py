"""The linked pairs whose verdict stands, found and counted without reading what they say."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, exists, func, select, type_coerce

from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, Field, LinkId, Side, TaskId
from bridge.domain.values import UNSEEN, ShownText, shown_as_text
from bridge.store.codec import value_of
from bridge.store.scope import Scope, id_column, of_pair, these
from bridge.store.tables import links, observations, waits
from bridge.store.tasks import IS_THERE

_FIELDS = type_coerce(observations.c.fields, Text)
_BASES = type_coerce(links.c.bases, Text)
_IS_READ = and_(IS_THERE, observations.c.digest != "", _FIELDS != "{}")


def _waits_on(side: Side) -> ColumnElement[bool]:
    is_its_own = waits.c.task_id == id_column(side)
    return exists().where(of_pair(waits), waits.c.task_side == str(side), is_its_own)


def _is_as_agreed(side: Side, names: Collection[Field]) -> ColumnElement[bool]:
    """Whether the link's task of that side was read, and shows what its bases hold.

    Where a field is hidden, that counts as empty.
    """
    is_its_own = (observations.c.side == str(side), observations.c.id == id_column(side))
    # As JSON text, which one path alone does not give.
    several = [*names] if len(names) > 1 else [*names, *names]
    shown = func.json_extract(_FIELDS, *(f"$.{name}" for name in several))
    agreed = func.json_extract(_BASES, *(f"$.{name}.{side}" for name in several))
    is_same = (shown.is_not_distinct_from(agreed),) if names else ()
    return exists().where(of_pair(observations), *is_its_own, _IS_READ, *is_same)


def _text(name: Field) -> ColumnElement[str | None]:
    """The field as JSON text, NULL where it was not observed."""
    path = f"$.{name}"
    is_seen = func.json_type(_FIELDS, path).is_not(None)
    # Two paths give a list as JSON text; one alone gives a text that ends at its first NUL.
    return case((is_seen, func.json_extract(_FIELDS, path, path)))


def _texts(side: Side, names: Sequence[Field]) -> Select[*tuple[Any, ...]]:
    """The fields, and how many tasks show them so."""
    shown = [_text(name) for name in names]
    # The tasks' ids as a list of their own: of a join SQLite would try every link with every task.
    ids = select(id_column(side)).where(of_pair(links), links.c.id.in_(these()))
    named = (of_pair(observations), observations.c.side == str(side), observations.c.id.in_(ids))
    return select(*shown, func.count()).where(*named).group_by(*shown)


_QUIET = select(links.c.id, links.c.kore_id, links.c.v2_id).where(
    of_pair(links),
    links.c.state == str(LinkState.LINKED),
    ~links.c.is_due,
    ~exists().where(of_pair(waits), waits.c.link_id == links.c.id),
    *(~_waits_on(side) for side in SIDES),
)


class SettledLinks(Scope):
    """The part of a unit that finds and counts them."""

    def settled_links(self, names: Collection[Field]) -> Mapping[LinkId, Mapping[Side, TaskId]]:
        wanted = _QUIET.where(
            *(func.json_extract(_BASES, f"$.{name}.carry").is_(None) for name in names),
            *(_is_as_agreed(side, names) for side in SIDES),
        )
        return {
            LinkId(number): {Side.KORE: TaskId(kore_id), Side.V2: TaskId(v2_id)}
            for number, kore_id, v2_id in self._run(wanted).all()
        }

    def count_texts(
        self, side: Side, names: Sequence[Field], link_ids: Collection[LinkId]
    ) -> Mapping[Field, Mapping[ShownText, int]]:
        found: dict[Field, Counter[ShownText]] = {name: Counter() for name in names}
        for *texts, count in self._run(_texts(side, names), these=[*link_ids]):
            for name, shown in zip(names, texts, strict=True):
                value = UNSEEN if shown is None else value_of(json.loads(shown)[0])
                found[name][shown_as_text(value)] += count
        return found
