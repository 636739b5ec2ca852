"""What a run says: figures by room and file, and every survivor with its reason."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.proof.mutation.fate import End, Fate
from tests.proof.mutation.reasons import Reason

LEAST_PERCENT = 90.0
_MOST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """How many mutants there were, how many were killed, and what they took of the processor."""

    mutants: int
    killed: int
    seconds: float

    @property
    def percent(self) -> float:
        """How many of a hundred were killed; those that no test can kill count as alive."""
        return 100.0 * self.killed / self.mutants if self.mutants else 100.0


def figures(fates: Sequence[Fate]) -> Figures:
    """The figures of these mutants."""
    seconds = sum(one.seconds for one in fates)
    return Figures(len(fates), sum(one.is_dead for one in fates), seconds)


def table(room: str, fates: Sequence[Fate]) -> Iterator[str]:
    """The room's figures, file by file and in all."""
    by_file: dict[str, list[Fate]] = {}
    for one in fates:
        by_file.setdefault(one.mutant.path, []).append(one)
    yield f"{room:<34}{'mutants':>8}{'killed':>8}{'%':>7}{'s':>7}"
    for path, mine in sorted(by_file.items()):
        yield _line(path, figures(mine))
    yield _line("in all", figures(fates))
    ends = Counter(one.end for one in fates)
    yield "  " + ", ".join(f"{ends[end]} {end}" for end in End if ends[end])


def survivors(fates: Iterable[Fate], reasons: Mapping[str, Reason]) -> Iterator[str]:
    """Each mutant that lives, where it is, what it is, and why it lives."""
    for one in sorted(fates, key=lambda fate: (fate.mutant.path, fate.mutant.line)):
        if not one.is_dead:
            yield f"  {one.mutant.id}  {one.mutant.place}  {one.mutant.owner}"
            yield f"            {_short(one.mutant.before)}"
            yield f"         →  {_short(one.mutant.after)}"
            yield f"            {why(one, reasons)}"


def killed_all_the_same(fates: Iterable[Fate], reasons: Mapping[str, Reason]) -> Iterator[str]:
    """The entries that are about a mutant which a test does kill."""
    for one in fates:
        if one.is_dead and one.mutant.key in reasons:
            killer = one.killer or f"that it {one.end}"
            yield f"a mutant is said to be equal, and {killer} tells it apart: {one.mutant.key}"


def why(fate: Fate, reasons: Mapping[str, Reason]) -> str:
    """Why it lives: no test can tell, none comes there, or none of those that do looks."""
    known = reasons.get(fate.mutant.key)
    if known is not None:
        return f"equal: {known.why}"
    if fate.end is End.UNREACHED:
        return "no test comes there with what would show it"
    tried = (
        f"the first {fate.tried} of {fate.able} tests"
        if fate.tried < fate.able
        else (f"{fate.able} tests")
    )
    return f"not noticed by {tried} that could see it"


def _line(name: str, one: Figures) -> str:
    return f"  {name:<32}{one.mutants:>8}{one.killed:>8}{one.percent:>7.1f}{one.seconds:>7.0f}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_TEXT else f"{line[: _MOST_TEXT - 1]}…"
