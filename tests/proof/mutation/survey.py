"""All mutants of a file: what may be wrong with each of its expressions, statements and tables.

Nothing is left out but what has no behaviour: annotations, docstrings and names of types.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.proof.mutation import expressions, statements
from tests.proof.mutation.expressions import Role
from tests.proof.mutation.mutant import Edit, Mutant, named
from tests.proof.mutation.signatures import Names

_WITHOUT_BEHAVIOUR = frozenset({"annotation", "returns", "ctx", "type_comment", "format_spec"})
_CONDITIONS = frozenset({"test", "ifs"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk is: whose code, below which nodes, and what its return values are for."""

    owner: str
    ancestors: tuple[ast.AST, ...] = ()
    words: frozenset[str] = frozenset()
    line: int = 0
    is_predicate: bool = False
    gives_none: bool = False

    def below(self, node: ast.AST) -> "_Place":
        return replace(self, ancestors=(*self.ancestors, node))


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a room as it is parsed; `name` is the module's."""

    path: str
    name: str
    tree: ast.Module

    @classmethod
    def read(cls, root: Path, path: Path) -> "Source":
        inside = path.relative_to(root)
        name = ".".join(inside.with_suffix("").parts).removesuffix(".__init__")
        return cls(str(inside), name, ast.parse(path.read_text(encoding="utf-8"), str(path)))


def mutants_of(source: Source, names: Names) -> list[Mutant]:
    """Every mutant of a file, in the order in which they stand in it."""
    return list(named(_Walk(source, names).module()))


@dataclass(frozen=True, slots=True)
class _Walk:
    source: Source
    names: Names

    def module(self) -> Iterator[Mutant]:
        place = _Place("", (self.source.tree,))
        yield from self._body(self.source.tree.body, self.source.tree, place)

    # ---- outside of functions: taking effect at the import ------------------------------------

    def _body(self, body: list[ast.stmt], holder: ast.AST, place: _Place) -> Iterator[Mutant]:
        for index, node in enumerate(body):
            match node:
                case ast.FunctionDef():
                    yield from self._function(node, place)
                case ast.ClassDef():
                    yield from self._class(node, place)
                case ast.Assign() | ast.AnnAssign() if not _is_of_types(node):
                    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                    words = frozenset({ast.unparse(target), *place.words})
                    here = replace(
                        place, owner=_within(place.owner, ast.unparse(target)), words=words
                    )
                    yield from self._parts(node, replace(here, line=node.lineno))
                case ast.Expr(value=ast.Call()):
                    here = replace(place, owner=place.owner or "module", line=node.lineno)
                    words = frozenset({*place.words, "import"})
                    yield from self._slot(holder, "body", index, node, replace(here, words=words))

    def _class(self, node: ast.ClassDef, place: _Place) -> Iterator[Mutant]:
        here = replace(
            place.below(node),
            owner=_within(place.owner, node.name),
            words=frozenset({node.name}),
            line=node.lineno,
        )
        # What `dataclass` is told (frozen, slots, kw_only) a type checker sees, and one test of
        # the domain for all classes.
        yield from self._body(node.body, node, here)

    def _function(self, node: ast.FunctionDef, place: _Place) -> Iterator[Mutant]:
        head = replace(
            place.below(node),
            owner=_within(place.owner, node.name),
            words=frozenset({node.name, *place.words}),
            line=node.lineno,
        )
        for index, decorator in enumerate(node.decorator_list):
            yield from self._slot(node, "decorator_list", index, decorator, head)
        yield from self._parts(node.args, head.below(node.args))
        yield from self._inside(node, replace(head, words=frozenset()))

    def _inside(self, node: ast.FunctionDef, place: _Place) -> Iterator[Mutant]:
        returns = ast.unparse(node.returns) if node.returns else ""
        here = replace(place, is_predicate=returns == "bool", gives_none=returns.endswith("| None"))
        for index, one in enumerate(node.body):
            yield from self._slot(node, "body", index, one, here)

    # ---- any node ---------------------------------------------------------------------------

    def _slot(
        self, holder: ast.AST, field: str, index: int | None, node: ast.AST, place: _Place
    ) -> Iterator[Mutant]:
        """The mutants of what stands in one place, then those of its parts."""
        if isinstance(node, ast.stmt | ast.ExceptHandler) and not place.words:
            line = node.body[0].lineno if isinstance(node, ast.ExceptHandler) else node.lineno
            place = replace(place, line=line)
        for new in self._replacements(holder, field, node, place):
            edit = Edit(
                holder=holder,
                field=field,
                index=index,
                new=_placed(new, node),
                ancestors=place.ancestors,
                is_condition=_role(holder, field, place) in (Role.CONDITION, Role.OPERAND),
            )
            yield Mutant(
                path=self.source.path,
                owner=place.owner,
                line=place.line,
                edit=edit,
                words=place.words,
            )
        if isinstance(node, ast.FunctionDef):
            yield from self._inside(node, place.below(node))
        else:
            yield from self._parts(node, place)

    def _parts(self, node: ast.AST, place: _Place) -> Iterator[Mutant]:
        for field, value in ast.iter_fields(node):
            if field in _WITHOUT_BEHAVIOUR:
                continue
            parts = value if isinstance(value, list) else [value]
            for index, part in enumerate(parts):
                if isinstance(part, ast.AST):
                    at = index if isinstance(value, list) else None
                    yield from self._slot(node, field, at, part, place.below(node))

    def _replacements(
        self, holder: ast.AST, field: str, node: ast.AST, place: _Place
    ) -> Iterator[ast.AST]:
        if isinstance(node, ast.expr) and not _is_fixed(holder, node):
            role = _role(holder, field, place)
            yield from expressions.mutations(node, role, self.names)
        elif isinstance(node, ast.stmt):
            is_alone = isinstance(holder, ast.If) and _is_all_of(holder)
            yield from statements.mutations(
                node, is_alone=is_alone, gives_none=place.gives_none and not place.is_predicate
            )
        elif isinstance(node, ast.ExceptHandler):
            yield from statements.handler_mutations(node)


def _role(holder: ast.AST, field: str, place: _Place) -> Role:
    if field in _CONDITIONS or (isinstance(holder, ast.Return) and place.is_predicate):
        return Role.CONDITION
    if isinstance(holder, ast.BoolOp) or (
        isinstance(holder, ast.UnaryOp) and isinstance(holder.op, ast.Not)
    ):
        above = place.ancestors[-2]
        return Role.OPERAND if _decides(above, holder, place) else Role.VALUE
    return _role_of_part(holder, field, place)


def _role_of_part(holder: ast.AST, field: str, place: _Place) -> Role:
    if isinstance(holder, ast.Set | ast.List | ast.Tuple) or field == "keys":
        return Role.ELEMENT
    is_compared = isinstance(holder, ast.Compare) and isinstance(
        holder.ops[0], ast.Is | ast.IsNot | ast.Eq | ast.NotEq
    )
    return (
        Role.COMPARED
        if is_compared and _decides(place.ancestors[-2], holder, place)
        else (Role.VALUE)
    )


def _decides(above: ast.AST, node: ast.AST, place: _Place) -> bool:
    """Whether an expression is a condition, or a part of one."""
    if getattr(above, "test", None) is node or node in getattr(above, "ifs", ()):
        return True
    if isinstance(above, ast.Return):
        return place.is_predicate
    if isinstance(above, ast.BoolOp | ast.UnaryOp):
        index = place.ancestors.index(above)
        return _decides(place.ancestors[index - 1], above, place)
    return False


def _is_all_of(holder: ast.If) -> bool:
    return len(holder.body) == 1 and not holder.orelse


def _is_fixed(holder: ast.AST, node: ast.expr) -> bool:
    """What cannot be otherwise: targets, docstrings, several results at once.

    The pieces of an f-string are left out by the mutants of the whole.
    """
    if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        return True
    match holder:
        case ast.JoinedStr():
            return isinstance(node, ast.Constant | ast.FormattedValue)
        case ast.Expr():
            return isinstance(node, ast.Constant)
        case ast.Return() | ast.Assign(targets=[ast.Tuple()]) if isinstance(node, ast.Tuple):
            return not any(isinstance(one, ast.Starred) for one in node.elts)
    return False


def _is_of_types(node: ast.Assign | ast.AnnAssign) -> bool:
    """Names of types, which are nothing at run time."""
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.annotation) == "TypeAlias"
    called = node.value.func if isinstance(node.value, ast.Call) else None
    return isinstance(called, ast.Name) and called.id in ("NewType", "TypeVar")


def _placed(new: ast.AST, old: ast.AST) -> ast.AST:
    return ast.fix_missing_locations(ast.copy_location(new, old))


def _within(owner: str, name: str) -> str:
    return f"{owner}.{name}" if owner else name
