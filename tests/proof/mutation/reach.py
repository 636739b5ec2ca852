"""Which test reaches which statement, and which way each condition went in it.

Recorded once, by code that tells where it is. A test in which a condition was never false cannot
see that it is forced to be true: so few tests have to be run on each mutant.
"""

import ast
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import TypeAlias, TypeVar

from tests.proof.mutation.mutant import Edit, Mutant
from tests.proof.mutation.survey import Source
from tests.proof.mutation.swap import Living, compiled

Spot: TypeAlias = tuple[str, int, int, int, int, str]
T = TypeVar("T")
_HIT, _SAW = "__reached__", "__saw__"


def reached(path: str, line: int) -> Spot:
    """The spot of a statement."""
    return (path, line, 0, 0, 0, "")


def went(path: str, node: ast.expr, *, truth: bool) -> Spot:
    """The spot of an expression that was true, or false."""
    end = (node.end_lineno or 0, node.end_col_offset or 0)
    return (path, node.lineno, node.col_offset, *end, str(truth))


def needed(mutant: Mutant) -> tuple[frozenset[Spot], ...]:
    """What a test must have come by to see the mutant: of each set one spot."""
    there = frozenset({reached(mutant.path, mutant.line)})
    return (there, *([way] if (way := _way(mutant.path, mutant.edit)) else []))


def _way(path: str, edit: Edit) -> frozenset[Spot]:
    """Which way the condition must have gone, if that tells anything."""
    old, new = edit.old, edit.new
    if any(isinstance(one, ast.JoinedStr) for one in edit.ancestors):
        return frozenset()  # where pieces of a text stand is not known exactly
    if isinstance(new, ast.Constant) and isinstance(old, ast.expr) and _is_truth(new, old):
        return frozenset({went(path, old, truth=not new.value)})
    if isinstance(old, ast.BoolOp) and isinstance(new, ast.expr):
        return _way_of_operand(path, edit, old, new)
    return frozenset()


def _is_truth(new: ast.Constant, old: ast.expr) -> bool:
    return isinstance(new.value, bool) and not isinstance(old, ast.Constant)


def _way_of_operand(path: str, edit: Edit, old: ast.BoolOp, new: ast.expr) -> frozenset[Spot]:
    kept = new.values if isinstance(new, ast.BoolOp) and new.op is old.op else [new]
    lost = next((one for one in old.values if all(one is not other for other in kept)), None)
    if lost is None:
        return frozenset()
    is_value = not edit.is_condition and lost is old.values[-1]
    stops = isinstance(old.op, ast.Or)
    ways = (True, False) if is_value else (stops,)
    return frozenset(went(path, lost, truth=way) for way in ways)


class Recorder:
    """Makes every function of the sources tell what of it is run."""

    def __init__(self, sources: Iterable[Source], living: Living) -> None:
        self.spots: list[Spot] = []
        self._hits: set[int] = set()
        for source in sources:
            telling = _Telling(source.path, self.spots)
            tree = ast.fix_missing_locations(telling.visit(deepcopy(source.tree)))
            vars(sys.modules[source.name])[_HIT] = self._hits.add
            vars(sys.modules[source.name])[_SAW] = self._saw
            living.put(source, compiled(tree, source))

    def taken(self) -> Sequence[int]:
        """What was reached since this was last asked: places in `spots`."""
        found = array("I", self._hits)
        self._hits.clear()
        return found

    def _saw(self, number: int, value: T) -> T:
        self._hits.add(number if value else number + 1)
        return value


class _Telling(ast.NodeTransformer):
    """Puts before every statement of a function a call that says that it is reached."""

    def __init__(self, path: str, spots: list[Spot]) -> None:
        self._path, self._spots, self._depth = path, spots, 0
        self._is_predicate = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        before = self._is_predicate
        self._is_predicate = node.returns is not None and ast.unparse(node.returns) == "bool"
        self._depth += 1
        node.body = [*self._told(node.body)]
        self._depth -= 1
        self._is_predicate = before
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if not self._depth:
            return super().generic_visit(node)
        self._watch(node)
        bodies = {}
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if isinstance(body, list):
                bodies[field] = [*self._told(body)]
                setattr(node, field, [])
        super().generic_visit(node)
        for field, body in bodies.items():
            setattr(node, field, body)
        return node

    def _told(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        for one in body:
            self._spots.append(reached(self._path, one.lineno))
            call = ast.Call(ast.Name(_HIT, ast.Load()), [ast.Constant(len(self._spots) - 1)], [])
            yield ast.copy_location(ast.Expr(call), one)
            yield self.visit(one)

    def _watch(self, node: ast.AST) -> None:
        """Let the conditions of a node, and the operands of `and` and `or`, tell their way."""
        match node:
            case ast.If() | ast.While() | ast.IfExp():
                node.test = self._seen(node.test)
            case ast.comprehension():
                node.ifs = [self._seen(one) for one in node.ifs]
            case ast.BoolOp():
                node.values = [self._seen(one) for one in node.values]
            case ast.Return(value=ast.expr() as value) if self._is_predicate:
                node.value = self._seen(value)

    def _seen(self, node: ast.expr) -> ast.expr:
        self._spots.append(went(self._path, node, truth=True))
        self._spots.append(went(self._path, node, truth=False))
        number = ast.Constant(len(self._spots) - 2)
        call = ast.Call(ast.Name(_SAW, ast.Load()), [number, node], [])
        return ast.copy_location(call, node)
