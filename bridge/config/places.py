"""Where a value came from: a line of the file, or a variable of the environment.

Lines are found by a reading of tables and keys alone, which is enough to point at one; where
it finds none, the nearest table above is pointed at.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.config.schema import Path, dotted

_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\s\"'-]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")


@dataclass(frozen=True)
class Places:
    """Where each key was given; `file` is empty where none was read."""

    file: str = ""
    lines: Mapping[Path, int] = field(default_factory=dict)
    variables: Mapping[Path, str] = field(default_factory=dict)

    def of(self, path: Path) -> str:
        """The key and where it stands."""
        for length in range(len(path), 0, -1):
            above = path[:length]
            if above in self.variables:
                return f"{dotted(path)} ({self.variables[above]})"
            if above in self.lines:
                return f"{dotted(path)} ({self.file}, line {self.lines[above]})"
        return f"{dotted(path)} ({self.file})" if self.file else dotted(path)


def lines_of(text: str) -> dict[Path, int]:
    """The line, counted from one, of every table and key of a TOML text."""
    lines: dict[Path, int] = {}
    rows: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE.match(line):
            table = _split(match[2])
            if match[1] == "[[":
                rows[table] = rows.get(table, -1) + 1
                table = (*table, rows[table])
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            lines.setdefault((*table, *_split(match[1])), number)
    return lines


def _split(key: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in key.split("."))
