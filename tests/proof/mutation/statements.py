"""What may be wrong with a statement: left out, broken off, or an error let through."""

import ast
from collections.abc import Iterator


def mutations(node: ast.stmt, *, is_alone: bool, gives_none: bool) -> Iterator[ast.stmt]:
    """Everything that may stand in the place of this statement.

    `is_alone`: it is all that an `if` does, so leaving it out is the condition forced to false.
    `gives_none`: its function may give None as well.
    """
    match node:
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.AugAssign(op=ast.Add()):
            yield ast.AugAssign(node.target, ast.Sub(), node.value)
        case ast.Return(value=ast.expr() as value) if gives_none and not _is_none(value):
            yield ast.Return(ast.Constant(None))
    if not is_alone and _can_be_left_out(node):
        yield ast.Pass()


def handler_mutations(node: ast.ExceptHandler) -> Iterator[ast.ExceptHandler]:
    """The error is not handled."""
    if not isinstance(node.body[0], ast.Raise):
        yield ast.ExceptHandler(node.type, node.name, [ast.Raise()])


def _can_be_left_out(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return False
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            return True
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
            return True
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
