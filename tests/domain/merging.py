"""How the tests of the merge speak: tables of words in, one short sentence out."""

from dataclasses import replace

from bridge.domain.link import NO_BASE, FieldBase
from bridge.domain.merge import Act, Decision, FieldView, Times
from bridge.domain.policy import Direction, MergePolicy
from bridge.domain.relation import Relation, SameRelation
from bridge.domain.side import Field, Side
from bridge.domain.values import UNSEEN, Shown, Unseen
from tests.domain.making import KORE, V2, an_agreement, at, kore_status, text, v2_status

STATUS = an_agreement().of(Field.STATUS)
TEXT: Relation = SameRelation()
KORE_NEWER = Times(kore=at(100), v2=at(0))
V2_NEWER = Times(kore=at(0), v2=at(100))
BOTH, TO_V2, TO_KORE = Direction.BOTH, Direction.KORE_TO_V2, Direction.V2_TO_KORE
UNREADABLE = "?"
EMPTY = "-"


def statuses(kore: str, v2: str) -> tuple[Shown, Shown]:
    """Both sides' statuses by word; `?` is not observed."""
    return (
        UNSEEN if kore == UNREADABLE else kore_status(kore),
        UNSEEN if v2 == UNREADABLE else v2_status(v2),
    )


def texts(kore: str, v2: str) -> tuple[Shown, Shown]:
    """Both sides' texts; `?` is not observed, `-` is empty."""
    one, other = (
        UNSEEN if word == UNREADABLE else text(None if word == EMPTY else word)
        for word in (kore, v2)
    )
    return one, other


def a_base(
    values: tuple[Shown, Shown],
    relation: Relation = STATUS,
    *,
    absorbed: Side | None = None,
    carry: Side | None = None,
) -> FieldBase:
    kore, v2 = values
    return FieldBase(kore=kore, v2=v2, absorbed=absorbed, carry=carry, table=relation.table)


def a_view(
    base: FieldBase,
    values: tuple[Shown, Shown],
    relation: Relation = STATUS,
    policy: MergePolicy | None = None,
    times: Times = KORE_NEWER,
    name: Field = Field.STATUS,
    decided: Side | None = None,
) -> FieldView:
    kore, v2 = values
    return FieldView(
        name=name,
        base=base,
        kore=kore,
        v2=v2,
        relation=relation,
        policy=policy or MergePolicy(),
        times=times,
        decided=decided,
    )


def _word(value: Shown) -> str:
    if isinstance(value, Unseen):
        return UNREADABLE
    if value is None:
        return EMPTY
    return value.text.lower()


def told(decision: Decision) -> str:
    """The decision as the tables write it."""
    if decision.act is Act.WRITE:
        write = f"{decision.side} := {_word(decision.value)}"
        lost = decision.conflict
        return f"{write}, lost {_word(lost.lost)}" if lost else write
    if decision.act is Act.REBASE:
        base = decision.base
        marks = f", absorbed {base.absorbed}" if base.absorbed else ""
        marks += f", carry {base.carry}" if base.carry else ""
        return f"base {_word(base.kore)}|{_word(base.v2)}{marks}"
    return f"{decision.act} {decision.side}" if decision.side else str(decision.act)


def applied(view: FieldView, decision: Decision) -> FieldView:
    """The field after the decision was carried out and both services showed what they took."""
    base = view.base if decision.base == NO_BASE else decision.base
    view = replace(view, base=base)
    if decision.act is not Act.WRITE or decision.side is None:
        return view
    side, value = decision.side, decision.value
    moved = FieldBase(table=view.relation.table).moved(side.other, view.shown(side.other))
    view = replace(view, base=moved.moved(side, value))
    return replace(view, kore=value) if side is KORE else replace(view, v2=value)


def is_agreed(view: FieldView) -> bool:
    kore, v2 = view.kore, view.v2
    if isinstance(kore, Unseen) or isinstance(v2, Unseen):
        return False
    has_gap = view.relation.gap(KORE, kore) or view.relation.gap(V2, v2)
    return not has_gap and view.relation.agrees(kore, v2)
