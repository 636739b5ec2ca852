"""A file that is whole at any time: the old one, or the new one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """What is written takes the file's place at the end of the block. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    try:
        with new.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
