"""What may be wrong with an expression: every mutator takes one and gives what stands in its place.

Mutants that die whenever another one dies are left out: they cost time and flatter the figure.
So a condition is forced both ways and its own comparison is not turned round as well; an operand
of `and` left out stands for the whole forced to be true; a row left out for a row put elsewhere.
"""

import ast
from collections.abc import Iterator
from copy import copy
from enum import StrEnum

from tests.proof.mutation.signatures import Names


class Role(StrEnum):
    """What an expression is for where it stands."""

    CONDITION = "condition"  # it decides: forced both ways
    OPERAND = "operand"  # a part of a condition: left out, not turned round
    COMPARED = "compared"  # what an operand or condition compares with
    ELEMENT = "element"  # an element of a collection, or a key: left out with its row
    VALUE = "value"


_BOUNDARIES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_SETS = (ast.BitOr, ast.BitAnd, ast.Sub)
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
_METHODS = {"startswith": "endswith", "endswith": "startswith", "update": "clear"}
# Calls that give back their argument, changed; without them it stays as it is.
_WRAPPERS = frozenset({"reversed", "abs", "set"})
_CLEANERS = frozenset({"strip", "rstrip", "lstrip", "lower", "upper", "casefold", "capitalize"})


def mutations(node: ast.expr, role: Role, names: Names) -> Iterator[ast.expr]:
    """Everything that may stand in the place of this expression itself (not of its parts)."""
    if role is Role.CONDITION:
        yield from _forced(node)
    match node:
        case ast.Compare():
            yield from _compare(node, role)
        case ast.UnaryOp():
            yield from _unary_op(node, role)
        case ast.Attribute(value=ast.Name()):
            if role is Role.VALUE:
                yield from _member(node, names)
        case ast.Call():
            yield from _call(node, names)
        case _:
            yield from _plain(node)


def _plain(node: ast.expr) -> Iterator[ast.expr]:
    """Mutations for which it does not matter what stands around."""
    match node:
        case ast.BoolOp():
            yield from _bool_op(node)
        case ast.BinOp():
            yield from _bin_op(node)
        case ast.Constant():
            yield from _constant(node)
        case ast.JoinedStr():
            yield from _text(node)
        case ast.Subscript(slice=ast.Slice()):
            yield node.value
        case ast.List() | ast.Set() | ast.Dict() | ast.Tuple():
            yield from _collection(node)


def _forced(node: ast.expr) -> Iterator[ast.expr]:
    operator = node.op if isinstance(node, ast.BoolOp) else None
    if not isinstance(node, ast.Constant | ast.NamedExpr) and not isinstance(operator, ast.And):
        yield ast.Constant(True)
    if not isinstance(node, ast.Constant | ast.NamedExpr) and not isinstance(operator, ast.Or):
        yield ast.Constant(False)


def _compare(node: ast.Compare, role: Role) -> Iterator[ast.expr]:
    table = _BOUNDARIES | (_OPPOSITES if role is Role.VALUE else {})
    for index, operator in enumerate(node.ops):
        if type(operator) in table:
            changed = [*node.ops]
            changed[index] = table[type(operator)]()
            yield ast.Compare(node.left, changed, node.comparators)


def _bool_op(node: ast.BoolOp) -> Iterator[ast.expr]:
    for index in range(len(node.values)):
        rest = [*node.values[:index], *node.values[index + 1 :]]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _unary_op(node: ast.UnaryOp, role: Role) -> Iterator[ast.expr]:
    if isinstance(node.op, ast.USub) or (isinstance(node.op, ast.Not) and role is Role.VALUE):
        yield node.operand


def _bin_op(node: ast.BinOp) -> Iterator[ast.expr]:
    is_text = any(_is_text(one) for one in (node.left, node.right))
    if isinstance(node.op, _SETS) or is_text:
        yield node.left
    if isinstance(node.op, ast.BitOr | ast.BitAnd) or is_text:
        yield node.right
    elif type(node.op) in _ARITHMETIC:
        yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _constant(node: ast.Constant) -> Iterator[ast.expr]:
    match node.value:
        case bool(value):
            yield ast.Constant(not value)
        case int(number) | float(number):
            yield ast.Constant(number + 1)
        case str(text):
            yield ast.Constant("" if text else "XX")


def _text(node: ast.JoinedStr) -> Iterator[ast.expr]:
    """Each of the values that a sentence tells lost; the sentence, where it tells none."""
    if not any(isinstance(part, ast.FormattedValue) for part in node.values):
        yield ast.Constant("")
    for index, part in enumerate(node.values):
        if not isinstance(part, ast.FormattedValue):
            continue
        rest = [*node.values[:index], *node.values[index + 1 :]]
        yield ast.JoinedStr(rest) if rest else ast.Constant("")
        if part.format_spec is not None or part.conversion >= 0:
            plain = ast.FormattedValue(part.value, -1, None)
            yield ast.JoinedStr([*node.values[:index], plain, *node.values[index + 1 :]])


def _member(node: ast.Attribute, names: Names) -> Iterator[ast.expr]:
    assert isinstance(node.value, ast.Name)
    other = names.next_member(node.value.id, node.attr)
    if other is not None:
        yield ast.Attribute(node.value, other, ast.Load())


def _call(node: ast.Call, names: Names) -> Iterator[ast.expr]:
    called, function = _called(node), node.func
    if isinstance(function, ast.Name) and called in _NAMES:
        given = [] if called == "sorted" else node.keywords
        yield ast.Call(ast.Name(_NAMES[called], ast.Load()), node.args, given)
    if isinstance(function, ast.Name) and called in _WRAPPERS and len(node.args) == 1:
        yield node.args[0]
    if isinstance(function, ast.Attribute):
        yield from _method_call(node, function)
    yield from _arguments(node, called, names)


def _method_call(node: ast.Call, function: ast.Attribute) -> Iterator[ast.expr]:
    if function.attr in _METHODS:
        other = ast.Attribute(function.value, _METHODS[function.attr], ast.Load())
        yield ast.Call(other, node.args, node.keywords)
    if function.attr in _CLEANERS and not node.args:
        yield function.value
    if function.attr == "get" and len(node.args) == 2:
        yield ast.Call(function, node.args[:1], [])


def _arguments(node: ast.Call, called: str, names: Names) -> Iterator[ast.expr]:
    for index, keyword in enumerate(node.keywords):
        is_switch = isinstance(keyword.value, ast.Constant) and isinstance(
            keyword.value.value, bool
        )
        # A switch that is left out is a switch turned round, which is a mutant of its own.
        if keyword.arg and not is_switch and names.may_leave_out(called, keyword.arg):
            rest = [*node.keywords[:index], *node.keywords[index + 1 :]]
            yield ast.Call(node.func, node.args, rest)
    count = len(node.args)
    if any(isinstance(one, ast.Starred) for one in node.args):
        return
    for first in range(count - 1):
        if names.are_alike(called, first):
            swapped = [*node.args]
            swapped[first], swapped[first + 1] = swapped[first + 1], swapped[first]
            yield ast.Call(node.func, swapped, node.keywords)
    if count and names.has_default(called, count - 1):
        yield ast.Call(node.func, node.args[:-1], node.keywords)


def _called(node: ast.Call) -> str:
    """The name under which the signature of what is called is known."""
    if isinstance(node.func, ast.Attribute):
        return f".{node.func.attr}"
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _collection(node: ast.List | ast.Set | ast.Dict | ast.Tuple) -> Iterator[ast.expr]:
    """Each row left out; of tuples only of those whose elements are of one kind."""
    if isinstance(node, ast.Dict):
        for index in range(len(node.keys)):
            keys = [*node.keys[:index], *node.keys[index + 1 :]]
            yield ast.Dict(keys, [*node.values[:index], *node.values[index + 1 :]])
        return
    if isinstance(node, ast.Tuple) and not _is_open(node):
        return
    for index in range(len(node.elts)):
        shorter = copy(node)
        shorter.elts = [*node.elts[:index], *node.elts[index + 1 :]]
        # An empty set has no display.
        is_empty_set = isinstance(shorter, ast.Set) and not shorter.elts
        yield ast.Call(ast.Name("set", ast.Load()), [], []) if is_empty_set else shorter


def _is_open(node: ast.Tuple) -> bool:
    """Whether the tuple may as well have another length."""
    if any(isinstance(one, ast.Starred) for one in node.elts):
        return True
    kinds = {_kind(one) for one in node.elts}
    return len(kinds) == 1 and isinstance(node.ctx, ast.Load)


def _kind(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"member of {node.value.id}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return f"call of {node.func.id}"
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    # Names tell nothing of what they hold: two of them are two kinds.
    return f"{type(node).__name__} {id(node) if isinstance(node, ast.Name) else ''}"
