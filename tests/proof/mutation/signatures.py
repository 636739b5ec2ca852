"""What the bridge's own names take: members of enumerations, parameters and their defaults.

Read from the source alone. It keeps the mutators to changes that a type checker would let
through: a required argument is never left out, and only two of one type change places.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_ENUMS = frozenset({"Enum", "StrEnum", "IntEnum", "Flag"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, its annotation as text, whether it may be left out."""

    name: str
    annotation: str
    has_default: bool
    is_positional: bool = True


Signature = tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Enumerations with their members in order; signatures by the name that is called.

    Several functions of one name are all listed: what holds for a call must hold for each.
    """

    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signatures: dict[str, list[Signature]] = field(default_factory=dict)

    def next_member(self, enum: str, member: str) -> str | None:
        """The member after this one, the first after the last; None if it is no enumeration."""
        members = self.enums.get(enum, ())
        if member not in members or len(members) < 2:
            return None
        return members[(members.index(member) + 1) % len(members)]

    def may_leave_out(self, called: str, keyword: str) -> bool:
        """Whether a call is still one without that keyword; strangers are taken at their word."""
        known = self.signatures.get(called, [])
        return all(_has_default(signature, keyword) for signature in known)

    def are_alike(self, called: str, first: int) -> bool:
        """Whether the positional parameters `first` and the next one have the same type."""
        known = self.signatures.get(called, [])
        return bool(known) and all(_are_alike(_positional(one), first) for one in known)

    def has_default(self, called: str, index: int) -> bool:
        """Whether the positional parameter at `index` may be left out."""
        known = [_positional(one) for one in self.signatures.get(called, [])]
        return bool(known) and all(index < len(one) and one[index].has_default for one in known)


def read_names(trees: Iterable[ast.Module]) -> Names:
    """What the modules define."""
    names = Names()
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                _add_class(names, node)
            elif isinstance(node, ast.FunctionDef):
                names.signatures.setdefault(node.name, []).append(_of_function(node))
    return names


def _add_class(names: Names, node: ast.ClassDef) -> None:
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    if bases & _ENUMS:
        names.enums[node.name] = tuple(_members(node.body))
        return
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
    made = next((_of_function(one)[1:] for one in methods if one.name == "__init__"), None)
    names.signatures.setdefault(node.name, []).append(made or tuple(_of_fields(node)))
    for method in methods:
        is_static = any(isinstance(one, ast.Name) for one in method.decorator_list)
        signature = _of_function(method)
        names.signatures.setdefault(f".{method.name}", []).append(
            signature if is_static else signature[1:]
        )


def _members(body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id


def _of_fields(node: ast.ClassDef) -> Iterator[Parameter]:
    is_keyword_only = "kw_only=True" in "".join(map(ast.unparse, node.decorator_list))
    for one in node.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            annotation = ast.unparse(one.annotation)
            yield Parameter(one.target.id, annotation, one.value is not None, not is_keyword_only)


def _of_function(node: ast.FunctionDef) -> Signature:
    given = node.args
    positional = [*given.posonlyargs, *given.args]
    optional = len(positional) - len(given.defaults)
    found = [
        Parameter(one.arg, _annotation(one), index >= optional)
        for index, one in enumerate(positional)
    ]
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        found.append(Parameter(one.arg, _annotation(one), default is not None, False))
    return tuple(found)


def _annotation(node: ast.arg) -> str:
    return ast.unparse(node.annotation) if node.annotation else ""


def _positional(signature: Signature) -> list[Parameter]:
    return [one for one in signature if one.is_positional]


def _has_default(signature: Signature, name: str) -> bool:
    return next((one.has_default for one in signature if one.name == name), True)


def _are_alike(positional: list[Parameter], first: int) -> bool:
    if first + 1 >= len(positional):
        return False
    one, other = positional[first].annotation, positional[first + 1].annotation
    return bool(one) and one == other
