"""The source of a package as the import law sees it: modules, and what each imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

DYNAMIC_IMPORTS = {"import_module", "__import__"}


@dataclass(frozen=True)
class Import:
    """One import: the full name as written, and the line it stands on."""

    name: str
    line: int

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Module:
    """One Python file of the package."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @property
    def room(self) -> str:
        """What stands right below the package; empty for the package itself."""
        return f"{self.name}..".split(".")[1]

    def is_below(self, name: str) -> bool:
        return f"{self.name}.".startswith(f"{name}.")


@dataclass(frozen=True)
class Package:
    """All modules of a package, by name."""

    name: str
    modules: dict[str, Module]

    @classmethod
    def read(cls, folder: Path) -> "Package":
        modules = {}
        for path in sorted(folder.rglob("*.py")):
            parts = [folder.name, *path.relative_to(folder).with_suffix("").parts]
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules[name] = Module(name, path, path.read_text(encoding="utf-8"))
        return cls(folder.name, modules)

    def imports(self, module: Module) -> Iterator[Import]:
        """Every import, wherever it stands: at the top, in a function, for types only, by name."""
        for node in ast.walk(module.tree):
            match node:
                case ast.Import():
                    yield from (Import(alias.name, node.lineno) for alias in node.names)
                case ast.ImportFrom():
                    yield from self._imports_from(module, node)
                case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _is_dynamic(node):
                    yield Import(name, node.lineno)

    def _imports_from(self, module: Module, node: ast.ImportFrom) -> Iterator[Import]:
        base = node.module or ""
        if node.level:
            parts = module.name.split(".")
            here = len(parts) - node.level + (module.path.name == "__init__.py")
            base = ".".join([*parts[:here], *([base] if base else [])])
        for alias in node.names:
            submodule = f"{base}.{alias.name}"
            yield Import(submodule if submodule in self.modules else base, node.lineno)

    def inner(self, module: Module) -> Iterator[Import]:
        return (found for found in self.imports(module) if found.top == self.name)

    def outer(self, module: Module) -> Iterator[Import]:
        return (found for found in self.imports(module) if found.top != self.name)


def _is_dynamic(call: ast.Call) -> bool:
    called = call.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in DYNAMIC_IMPORTS
