"""One mutant again: what it changes, and which test notices."""

import ast
import difflib
from collections.abc import Iterator, Sequence

from tests.proof.mutation.fate import End, Fate
from tests.proof.mutation.mutant import Mutant
from tests.proof.mutation.reasons import read_reasons
from tests.proof.mutation.report import why
from tests.proof.mutation.room import Room
from tests.proof.mutation.run import try_room


def replay(rooms: Sequence[Room], wanted: str, jobs: int) -> tuple[list[str], int]:
    """What becomes of the mutant of that id, and the exit code: 0 if it is killed."""
    for room in rooms:
        for mutant in room.mutants():
            if mutant.id == wanted:
                (fate,) = try_room(room, [mutant], jobs)
                return [*changes(mutant), _told(fate)], 0 if fate.is_dead else 1
    return [f"There is no mutant {wanted}; its code may have changed since."], 2


def changes(mutant: Mutant) -> Iterator[str]:
    """The function or statement before and after, as a difference."""
    yield f"{mutant.id}  {mutant.place}  {mutant.owner}"
    edit = mutant.edit
    functions = [one for one in edit.ancestors if isinstance(one, ast.FunctionDef)]
    node = next(iter([*functions, *edit.ancestors[1:], edit.old]))
    before = ast.unparse(node).splitlines()
    with edit.applied():
        after = ast.unparse(node).splitlines()
    yield from [*difflib.unified_diff(before, after, lineterm="", n=3)][2:]


def _told(fate: Fate) -> str:
    if fate.end is End.KILLED:
        return f"{fate.end} by {fate.killer}, the {fate.tried}. of {fate.able} that could"
    if fate.is_dead:
        return f"{fate.end} in {fate.killer or 'no test'}"
    return f"{fate.end}: {why(fate, read_reasons())}"
