"""Puts changed code into a running process: into the functions that live, or by a fresh import.

The body of a function is swapped in place, wherever the function hides: behind a property, a
cache, in a class. What takes effect at the import (tables, members, defaults, decorators) needs
the import again, of the changed module and of all that knows it.
"""

import ast
import gc
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.proof.mutation.mutant import Edit
from tests.proof.mutation.survey import Source

_Key = tuple[str, int]
_OWN = "tests.proof"


class Living:
    """The functions of some modules as they live in this process, by file and place."""

    def __init__(self, sources: Sequence[Source]) -> None:
        for one in sources:
            import_module(one.name)
        self._functions: dict[str, dict[_Key, list[FunctionType]]] = {
            one.name: {} for one in sources
        }
        gc.unfreeze()  # what is frozen is not among the objects
        for found in gc.get_objects():
            if isinstance(found, FunctionType) and found.__module__ in self._functions:
                table = self._functions[found.__module__]
                table.setdefault(_key(found.__code__), []).append(found)

    def swap(self, source: Source, edit: Edit) -> bool:
        """Let the functions run the changed code; false if that takes a fresh import."""
        with edit.applied():
            changed = compiled(_stripped(edit.ancestors), source)
        return self.put(source, changed)

    def set_defaults(self, source: Source, edit: Edit) -> bool:
        """Let a function have the defaults of the changed code; false if it is not found."""
        names = dict(vars(sys.modules[source.name]))
        with edit.applied():
            tree = _stripped(edit.ancestors)
            exec(compiled(tree, source), names)
        made: Any = names[tree.body[0].name]  # type: ignore[attr-defined]
        inner = [one for one in vars(made).values() if isinstance(one, FunctionType)]
        function = made if isinstance(made, FunctionType) else inner[0]
        found = self._functions[source.name].get(_key(function.__code__), [])
        for one in found:
            one.__defaults__ = function.__defaults__
            one.__kwdefaults__ = function.__kwdefaults__
        return bool(found)

    def put(self, source: Source, code: CodeType) -> bool:
        """Let every living function run its part of this code."""
        table, is_taken = self._functions[source.name], False
        for part in _parts(code):
            for function in table.get(_key(part), ()):
                if part.co_freevars != function.__code__.co_freevars:
                    return False
                function.__code__ = part
                is_taken = True
        return is_taken


def import_anew(source: Source, edit: Edit, rooms: Sequence[str]) -> None:
    """Forget every module of these packages; the changed one is then imported as changed."""
    with edit.applied():
        code = compiled(source.tree, source)
    for name in [*sys.modules]:
        if f"{name}.".startswith(tuple(rooms)) and not name.startswith(_OWN):
            del sys.modules[name]
    sys.meta_path.insert(0, _Changed(source, code))


def compiled(tree: ast.Module, source: Source) -> CodeType:
    code: CodeType = compile(tree, source.path, "exec", dont_inherit=True)
    return code


def _stripped(ancestors: Sequence[ast.AST]) -> ast.Module:
    """The outermost function alone, in its class, as nothing else has to be compiled."""
    node: ast.stmt | None = None
    for one in reversed(ancestors):
        if isinstance(one, ast.FunctionDef):
            node = one
        elif isinstance(one, ast.ClassDef) and node is not None:
            shell = ast.ClassDef(one.name, [], [], [node], [])
            node = ast.copy_location(shell, one)
    assert node is not None
    return ast.Module([node], [])


def _parts(code: CodeType) -> Iterable[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _parts(one)


def _key(code: CodeType) -> _Key:
    return code.co_qualname, code.co_firstlineno


class _Changed(MetaPathFinder):
    """Finds one module, and gives it changed code."""

    def __init__(self, source: Source, code: CodeType) -> None:
        self._source, self._code = source, code

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._source.name:
            return None
        return spec_from_file_location(
            name, self._source.path, loader=_Loader(name, self._source.path, self._code)
        )


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return self._code
