"""Whole days are told word by word: what is asked, written, noted down, and said to people.

`CHRONICLES=write` writes the chronicles anew; what has changed in them is then for a person to
read, as any other change of what the bridge does.
"""

import os
from pathlib import Path

import pytest

from tests.sync.memory.chronicle import Chronicle, OneByOne, at_dawn
from tests.sync.memory.days import DAYS

SHELF = Path(__file__).with_name("chronicles")
IS_WRITTEN_ANEW = os.environ.get("CHRONICLES") == "write"


@pytest.mark.parametrize("name", DAYS)
def test_a_day_goes_as_its_chronicle_tells(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    book = SHELF / f"{name}.txt"
    kept = [] if IS_WRITTEN_ANEW else book.read_text(encoding="utf-8").splitlines()

    def write(line: str) -> None:
        told.append(line)
        number = len(told)
        assert IS_WRITTEN_ANEW or kept[number - 1 : number] == [line], f"line {number}: {line}"

    monkeypatch.setattr("bridge.sync.apply.ThreadPoolExecutor", OneByOne)
    bench = at_dawn()
    chronicle = Chronicle(bench, write)
    DAYS[name](bench, chronicle.tell)
    chronicle.tell_lives()
    chronicle.tell_report()
    if IS_WRITTEN_ANEW:
        book.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
    assert len(told) == len(kept) or IS_WRITTEN_ANEW


def test_every_chronicle_is_of_a_day() -> None:
    assert {one.stem for one in SHELF.glob("*.txt")} == {*DAYS}
