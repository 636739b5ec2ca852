"""Which test killed each mutant when all were last looked at; kept in `killers.txt`.

It only says what to try first, and on which mutants little is to be won: a mutant counts as killed
if a test fails on it in this very run. `--learn` writes it anew for the files that were tried.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import wrap

from tests.proof.mutation.fate import Fate
from tests.proof.mutation.mutant import Mutant

FILE = Path(__file__).with_name("killers.txt")
NOBODY = "(nobody)"
_UNNAMED = "(it did not end)"
_HEAD = "# Which test to try first on which mutant: made by `make proof-mutation LEARN=1`."
_WIDTH = 99


class Killers:
    """Of each file the killer of each mutant, by the mutant's id; NOBODY for one that lived."""

    def __init__(self, by_path: Mapping[str, Mapping[str, str]]) -> None:
        self._by_path = {path: dict(found) for path, found in by_path.items()}

    def of(self, mutant: Mutant) -> str:
        """Who killed it, NOBODY, or nothing if it was never looked at."""
        return self._by_path.get(mutant.path, {}).get(mutant.id, "")

    def after(self, fates: Iterable[Fate]) -> "Killers":
        """With what became of these; of the files that they are of, the others are forgotten."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for fate in fates:
            killer = fate.killer or _UNNAMED if fate.is_dead else NOBODY
            found[fate.mutant.path][fate.mutant.id] = killer
        return Killers(self._by_path | found)

    def alone(self) -> "Killers":
        """Without those that lived, as if they had never been looked at."""
        return Killers(
            {
                path: {one: killer for one, killer in found.items() if killer != NOBODY}
                for path, found in self._by_path.items()
            }
        )

    def lines(self) -> Iterator[str]:
        """As it is kept."""
        yield _HEAD
        for path, found in sorted(self._by_path.items()):
            yield f"[{path}]"
            by_killer = defaultdict(list)
            for mutant, killer in found.items():
                by_killer[killer].append(mutant)
            for killer, mutants in sorted(by_killer.items()):
                yield killer
                yield from (f"  {line}" for line in wrap(" ".join(sorted(mutants)), _WIDTH - 2))


NONE_KNOWN = Killers({})


def read_killers(file: Path = FILE) -> Killers:
    """What is kept; nothing if nothing is."""
    found: dict[str, dict[str, str]] = {}
    here: dict[str, str] = {}
    killer = ""
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        if line.startswith("["):
            here = found.setdefault(line.strip("[]"), {})
        elif line.startswith("  "):
            here |= dict.fromkeys(line.split(), killer)
        elif not line.startswith("#"):
            killer = line
    return Killers(found)


def write_killers(killers: Killers, file: Path = FILE) -> None:
    """Keep it."""
    file.write_text("\n".join([*killers.lines(), ""]), encoding="utf-8")
