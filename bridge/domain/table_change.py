"""Which pairs lose a base to a changed mapping table; pure.

A field that nobody changed, and that no longer agrees under the table as it is now, has no base
any more: the conflict rule decides it. A value without a counterpart only waits.
"""

from bridge.domain.agreement import Agreement
from bridge.domain.plan import Pair
from bridge.domain.relation import Relation
from bridge.domain.side import SIDES, Field
from bridge.domain.values import Unseen


def loses_base(pair: Pair, agreement: Agreement) -> bool:
    """Whether any field of the pair does."""
    stand_in = pair.link.stand_in
    return any(_loses(pair, name, agreement.of(name, stand_in)) for name in agreement.fields)


def _loses(pair: Pair, name: Field, relation: Relation) -> bool:
    base = pair.link.base(name)
    kore, v2 = pair.kore.task.shown(name), pair.v2.task.shown(name)
    if isinstance(kore, Unseen) or isinstance(v2, Unseen):
        return False
    if not base.is_known or base.carry is not None or base.table == relation.table:
        return False
    if (base.kore, base.v2) != (kore, v2):
        return False
    values = dict(zip(SIDES, (kore, v2), strict=True))
    if any(relation.gap(side, value) for side, value in values.items()):
        return False
    return not relation.agrees(kore, v2)
