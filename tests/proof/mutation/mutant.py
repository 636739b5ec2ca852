"""A mutant: one small change of one file, with a name that stays when lines move."""

import ast
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

_MOST_CONTEXT = 72
_BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.FunctionDef, ast.ClassDef, ast.Module)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edit:
    """What stands at `holder.field` (at `index` of it, if it is a list) gives way to `new`.

    `ancestors` lead from the outermost node down to the holder. `is_condition`: it decides, and
    only its truth counts.
    """

    holder: ast.AST
    field: str
    index: int | None
    new: ast.AST
    ancestors: tuple[ast.AST, ...]
    is_condition: bool = False

    @property
    def old(self) -> ast.AST:
        """What stands there now."""
        found = getattr(self.holder, self.field)
        old: ast.AST = found if self.index is None else found[self.index]
        return old

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The tree is changed for as long as this lasts."""
        old = self.old
        self._put(self.new)
        try:
            yield
        finally:
            self._put(old)

    def _put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.holder, self.field, node)
        else:
            getattr(self.holder, self.field)[self.index] = node

    def texts(self) -> tuple[str, str]:
        """What it was and what it becomes, with as much around it as fits on a line."""
        old = self.old
        lost = _left_out(old, self.new)
        if lost is not None:
            return f"{_head(old)}{_text(lost)}", "(left out)"
        for text in self._contexts():
            before = text()
            if before and len(before) <= _MOST_CONTEXT:
                with self.applied():
                    return before, text()
        return _text(old), _text(self.new)

    def _contexts(self) -> Iterator[Callable[[], str]]:
        """The texts of what is around it, from its statement down; of a table its row."""
        for node in self._near():
            if not isinstance(node, _BLOCKS):
                yield partial(_text, node)
        if isinstance(self.holder, ast.Dict) and self.index is not None:
            yield partial(_row_text, self.holder, self.index)

    def _near(self) -> tuple[ast.AST, ...]:
        """What is around it, from its statement down."""
        for index in range(len(self.ancestors) - 1, -1, -1):
            if isinstance(self.ancestors[index], ast.stmt):
                return self.ancestors[index:]
        return self.ancestors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mutant:
    """One change. `owner` is the function, class or table that it is in.

    `line` is where the statement stands that must be reached. `words` are the names under which
    others use it, where it is not in the body of a function and so takes effect at the import.
    `nth` tells changes of one owner that read alike apart.
    """

    path: str
    owner: str
    line: int
    edit: Edit
    words: frozenset[str] = field(default_factory=frozenset)
    before: str = ""
    after: str = ""
    nth: int = 1

    @property
    def is_inside(self) -> bool:
        """Whether it is in the body of a function."""
        return not self.words

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return f"{self.path}:{getattr(self.edit.old, 'lineno', self.line)}"

    @property
    def key(self) -> str:
        """What it is called; the same as long as the code around it stays as it is."""
        number = f" #{self.nth}" if self.nth > 1 else ""
        return f"{self.path} {self.owner}: {self.before} → {self.after}{number}"

    @property
    def id(self) -> str:
        """A short form of its name."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:8]


def named(mutants: Iterator[Mutant]) -> Iterator[Mutant]:
    """The mutants of one file, with their names."""
    counts: dict[tuple[str, str, str], int] = {}
    for one in mutants:
        before, after = one.edit.texts()
        place = (one.owner, before, after)
        counts[place] = counts.get(place, 0) + 1
        yield replace(one, before=before, after=after, nth=counts[place])


def _left_out(old: ast.AST, new: ast.AST) -> ast.AST | None:
    """The part that is missing in the new one, if that is the whole difference."""
    if isinstance(old, ast.Set) and isinstance(new, ast.Call):
        return old.elts[0]
    return _part_left_out(old, new)


def _part_left_out(old: ast.AST, new: ast.AST) -> ast.AST | None:
    match old, new:
        case ast.Call(), ast.Call() if old.func is new.func and len(old.args) == len(new.args):
            return _missing(old.keywords, new.keywords)
        case ast.BoolOp(), ast.BoolOp() if old.op is new.op:
            return _missing(old.values, new.values)
        case ast.BoolOp(), _:
            return _missing(old.values, [new])
        case ast.Dict(), ast.Dict():
            pairs = [ast.Dict([key], [value]) for key, value in _rows(old)]
            return next((one for one in pairs if one.values[0] not in new.values), None)
        case ((ast.List() | ast.Set() | ast.Tuple()), (ast.List() | ast.Set() | ast.Tuple())):
            return _missing(old.elts, new.elts)
    return None


def _missing(old: Sequence[ast.AST], new: Sequence[ast.AST]) -> ast.AST | None:
    lost = [one for one in old if one not in new]
    return lost[0] if len(lost) == 1 else None


def _rows(node: ast.Dict) -> Iterator[tuple[ast.expr | None, ast.expr]]:
    return zip(node.keys, node.values, strict=True)


def _row_text(node: ast.Dict, index: int) -> str:
    return _text(ast.Dict([node.keys[index]], [node.values[index]]))


def _head(node: ast.AST) -> str:
    """Where the part that is left out was."""
    match node:
        case ast.Call():
            return f"{ast.unparse(node.func)}: "
        case ast.BoolOp():
            return "and " if isinstance(node.op, ast.And) else "or "
    return ""


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.ExceptHandler):
        return ast.unparse(node).replace("\n    ", " ")
    if isinstance(node, ast.FormattedValue):
        node = ast.JoinedStr([node])
    return ast.unparse(ast.fix_missing_locations(node)).strip()
