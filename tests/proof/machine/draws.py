"""What hypothesis may draw: how the services are, what people do, what goes wrong and when."""

from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bridge.domain.policy import ConflictRule, Direction
from bridge.domain.side import SIDES, Field, Side
from tests.proof.machine.deeds import (
    Adds,
    Dies,
    Down,
    EditBoth,
    Edits,
    Fails,
    Fate,
    Happening,
    Odd,
    Removes,
    RunsDry,
    SetsCase,
    Stops,
    Waits,
)
from tests.proof.machine.ground import Setup
from tests.proof.machine.words import DUES, PEOPLE, PRIORITIES, QUEUE, STATUSES, TOO_LONG, Plain

T = TypeVar("T")
READS = ("page", "read", "search", "find_case", "learn")
WRITES = ("create", "update", "probe")

SIDE = st.sampled_from(SIDES)
PICK = st.integers(0, 7)


def often(*weighted: tuple[int, SearchStrategy[Any]]) -> SearchStrategy[Any]:
    """One of the strategies, each as often as its weight says."""
    return st.one_of([one for weight, one in weighted for _ in range(weight)])


def by_side(values: Sequence[T]) -> SearchStrategy[dict[Side, T]]:
    return st.fixed_dictionaries({side: st.sampled_from(values) for side in SIDES})


SETUPS = st.builds(
    Setup,
    page_size=by_side([50, 3, 2, 50, 1]),
    is_sparse=st.booleans(),
    is_sorted=by_side([True, True, True, True, False]),
    late_seconds=by_side([0.0, 0.0, 0.0, 20.0]),
    whole_seconds=st.booleans(),
    skew_seconds=st.sampled_from([0.0, 0.0, 40.0, -40.0]),
    probe_moves=st.booleans(),
    create_answer=by_side(["task", "id", "nothing"]),
    update_answer=st.sampled_from(["nothing", "task"]),
    shows_author=st.booleans(),
    completes_by_patch=st.booleans(),
    search_finds=st.booleans(),
    seconds_a_call=st.sampled_from([0.0, 0.0, 1.5]),
    direction=st.sampled_from([Direction.BOTH] * 6 + [Direction.KORE_TO_V2, Direction.V2_TO_KORE]),
    conflict=st.sampled_from(ConflictRule),
    tie=SIDE,
)


# ---- people ------------------------------------------------------------------------------------


def field_of(side: Side, name: Field) -> SearchStrategy[Plain]:
    """What a person of that side may set a field to."""
    titles = ["Door", "Roof", "Boiler", "Gate", "Wall", TOO_LONG]
    return {
        Field.TITLE: st.sampled_from(titles if side is Side.KORE else [*titles, None]),
        Field.DESCRIPTION: st.sampled_from(
            ["It leaks.", None, "New hinge.", "Third floor.\nRing twice."]
        ),
        Field.STATUS: st.sampled_from(STATUSES[side]),
        Field.PRIORITY: st.sampled_from(PRIORITIES[side]),
        Field.ASSIGNEE: st.sampled_from(
            [*PEOPLE, None, QUEUE] if side is Side.KORE else [*PEOPLE, None]
        ),
        Field.DUE: st.sampled_from(DUES),
    }[name]


def edits(side: Side) -> SearchStrategy[Edits]:
    """One field, or two."""
    names = st.lists(st.sampled_from(Field), min_size=1, max_size=2, unique=True)
    values = names.flatmap(
        lambda names: st.fixed_dictionaries({name: field_of(side, name) for name in names})
    )
    return st.builds(Edits, st.just(side), PICK, values, st.sampled_from([True, True, False]))


def adds(side: Side) -> SearchStrategy[Adds]:
    rest = {name: field_of(side, name) for name in Field if name is not Field.TITLE}
    titles = st.sampled_from([*["Boiler"] * 5, *["Ladder"] * 5, TOO_LONG])
    values = st.fixed_dictionaries({Field.TITLE: titles}, optional=rest)
    return st.builds(Adds, st.just(side), values, st.integers(0, 1))


def edit_both(name: Field) -> SearchStrategy[EditBoth]:
    return st.builds(
        EditBoth,
        PICK,
        st.just(name),
        field_of(Side.KORE, name),
        field_of(Side.V2, name),
        st.booleans(),
        st.sampled_from([0.0, 3.0, 20.0]),
    )


EDITS = st.one_of([edits(side) for side in SIDES])
ADDS = st.one_of([adds(side) for side in SIDES])
BOTH = st.sampled_from(Field).flatmap(edit_both)
DEEDS = often(
    (5, EDITS),
    (3, BOTH),
    (3, ADDS),
    (1, st.builds(Removes, SIDE, PICK)),
    (1, st.builds(SetsCase, st.integers(0, 1), st.booleans())),
    (1, st.builds(Waits, st.sampled_from([1.0, 20.0, 90.0]))),
)
FIRST_TASKS = st.lists(ADDS, min_size=1, max_size=3)

# ---- troubles ----------------------------------------------------------------------------------

BAD_READS = st.sampled_from([Fate.BROKEN, Fate.BUSY, Fate.REFUSED_KEY])
TROUBLES = often(
    (4, st.builds(Fails, SIDE, st.sampled_from(WRITES), st.sampled_from(Fate))),
    (2, st.builds(Fails, SIDE, st.sampled_from(READS), BAD_READS)),
    (1, st.builds(Down, SIDE, st.integers(1, 3))),
    (1, st.builds(Odd, SIDE, PICK, st.integers(1, 3))),
)

# ---- in the middle of a cycle ------------------------------------------------------------------

IN_BETWEEN = often(
    (4, EDITS),
    (2, BOTH),
    (2, st.just(Dies())),
    (1, st.just(Stops())),
    (2, st.builds(Waits, st.sampled_from([2.0, 12.0, 40.0]))),
    (1, st.builds(RunsDry, SIDE, st.sampled_from([3.0, 40.0]))),
)
HAPPENINGS = st.one_of(
    st.builds(Happening, st.integers(0, 16), st.just(False), IN_BETWEEN),
    st.builds(Happening, st.integers(0, 16), st.just(False), IN_BETWEEN),
    st.builds(Happening, st.integers(0, 99), st.just(True), st.just(Dies())),
)
PAUSES = st.sampled_from([30.0, 1.0, 5.0, 70.0, 200.0])
KINDS = st.sampled_from(["cycle", "cycle", "cycle", "cycle", "sweep", "backfill"])
