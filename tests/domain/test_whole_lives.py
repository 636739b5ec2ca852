"""What is told of lives of every kind, word by word, as it is kept in `lives.txt`.

`CHRONICLES=write` writes it anew; what has changed in it is then for a person to read.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.domain.explain import explain
from bridge.domain.life import Life
from tests.domain.lives import lives

BOOK = Path(__file__).with_name("lives.txt")
IS_WRITTEN_ANEW = os.environ.get("CHRONICLES") == "write"
UNTOLD = frozenset({"at", "link", "fields"})
LIVES = dict(lives())


def read() -> Mapping[str, list[str]]:
    chapters = BOOK.read_text(encoding="utf-8").split("== ")[1:] if BOOK.exists() else []
    return {one.splitlines()[0]: one.splitlines()[1:] for one in chapters}


KEPT = read()


def told(life: Life) -> Iterator[str]:
    found = explain(life, lambda moment: f"{moment:%H:%M:%S}")
    for one in fields(found):
        value = getattr(found, one.name)
        if one.name in UNTOLD:
            continue
        rows: Iterable[Any] = value if isinstance(value, tuple) else [value]
        yield from (f"{one.name}: {plain(row)}" for row in rows if plain(row))
    for field in found.fields:
        if field.notes or field.name == "title":
            yield f"{field.name}: {plain(field)}"


def plain(value: Any) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        parts = ((one.name, plain(getattr(value, one.name))) for one in fields(value))
        return ", ".join(f"{name}={part}" for name, part in parts if part)
    if isinstance(value, tuple):
        return "; ".join(map(plain, value))
    if isinstance(value, datetime):
        return f"{value:%H:%M:%S}"
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", LIVES)
def test_a_life_is_told_word_by_word(name: str) -> None:
    assert IS_WRITTEN_ANEW or KEPT.get(name) == [*told(LIVES[name])]


def test_every_life_that_is_kept_is_lived() -> None:
    if IS_WRITTEN_ANEW:
        text = (f"== {name}\n" + "".join(f"{one}\n" for one in told(LIVES[name])) for name in LIVES)
        BOOK.write_text("".join(text), encoding="utf-8")
    assert {*read()} == {*LIVES}
