"""Changes what took effect at the import, in a process that has imported it already.

Defaults of functions and of dataclasses are set anew; a table is put in the place of the old one
wherever that is known by its name. Where a table made something else at the import, or a change
is of another kind, that cannot be done, and the module is imported anew instead.
"""

import ast
import dataclasses
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any

from tests.proof.mutation.mutant import Edit
from tests.proof.mutation.survey import Source
from tests.proof.mutation.swap import Living


class Patches:
    """Knows which names are used while modules are imported; those cannot be patched."""

    def __init__(self, living: Living, sources: Iterable[Source]) -> None:
        self._living = living
        self._used = {name for source in sources for name in _used_at_import(source.tree)}

    def apply(self, source: Source, edit: Edit) -> bool:
        """Make the change where it lives; false if that takes a fresh import.

        Raises whatever the changed code raises, as the import would.
        """
        outermost = edit.ancestors[1]
        function = next((one for one in edit.ancestors if isinstance(one, ast.FunctionDef)), None)
        if function is not None:
            return not function.decorator_list and self._living.set_defaults(source, edit)
        if isinstance(outermost, ast.ClassDef):
            return _set_field(source, edit, outermost)
        if isinstance(outermost, ast.Assign | ast.AnnAssign):
            return self._set_table(source, edit, outermost)
        return False

    def _set_table(self, source: Source, edit: Edit, node: ast.Assign | ast.AnnAssign) -> bool:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if not isinstance(target, ast.Name) or target.id in self._used:
            return False
        old = vars(sys.modules[source.name])[target.id]
        new = _value(source, edit, node)
        for module in _ours():
            if vars(module).get(target.id) is old:
                setattr(module, target.id, new)
        return True


def _set_field(source: Source, edit: Edit, node: ast.ClassDef) -> bool:
    """Another default of a field of a dataclass, also of those that inherit it."""
    field = next((one for one in edit.ancestors if isinstance(one, ast.AnnAssign)), None)
    owner = vars(sys.modules[source.name])[node.name]
    if field is None or not isinstance(field.target, ast.Name):
        return False
    if not dataclasses.is_dataclass(owner) or isinstance(field.value, ast.Call):
        return False
    new, name = _value(source, edit, field), field.target.id
    done = [_set_default(one.__init__, name, new) for one in _with_heirs(owner)]
    return all(done)


def _set_default(function: Any, name: str, new: object) -> bool:
    if name in (function.__kwdefaults__ or {}):
        function.__kwdefaults__ = {**function.__kwdefaults__, name: new}
        return True
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = [*(function.__defaults__ or ())]
    index = names.index(name) - (len(names) - len(defaults)) if name in names else -1
    if index < 0:
        return False
    function.__defaults__ = (*defaults[:index], new, *defaults[index + 1 :])
    return True


def _with_heirs(owner: Any) -> Iterator[Any]:
    yield owner
    for heir in owner.__subclasses__():
        yield from _with_heirs(heir)


def _value(source: Source, edit: Edit, node: ast.Assign | ast.AnnAssign) -> object:
    """What the changed statement assigns."""
    with edit.applied():
        assert node.value is not None
        code = compile(ast.Expression(node.value), source.path, "eval", dont_inherit=True)
    return eval(code, vars(sys.modules[source.name]))


def _ours() -> Sequence[ModuleType]:
    names = [name for name in sys.modules if name.startswith(("bridge.", "tests."))]
    return [sys.modules[name] for name in names if not name.startswith("tests.proof")]


def _used_at_import(tree: ast.Module) -> Iterator[str]:
    """Every name that is looked up while the module is imported, outside of functions."""
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef():
                waiting += [*node.decorator_list, node.args]
                continue
            case ast.Lambda():
                continue
            case ast.AnnAssign():
                waiting += [node.value] if node.value is not None else []
                continue
            case ast.arg():
                continue
            case ast.Name(ctx=ast.Load(), id=name) | ast.Attribute(attr=name):
                yield name
        waiting += ast.iter_child_nodes(node)
