"""Runs mutants, each in a process of its own that is forked from this one, tests and all."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tests.proof.mutation.bed import Bed, NothingCollected, with_tests
from tests.proof.mutation.choose import Choice, Reached
from tests.proof.mutation.fate import End, Fate
from tests.proof.mutation.forks import Answer, Done, is_late, limit_time, side_by_side
from tests.proof.mutation.killers import NOBODY, NONE_KNOWN, Killers
from tests.proof.mutation.mutant import Mutant
from tests.proof.mutation.patch import Patches
from tests.proof.mutation.reach import Recorder
from tests.proof.mutation.room import Room
from tests.proof.mutation.survey import Source
from tests.proof.mutation.swap import Living, import_anew

_LEAST_SECONDS = 2.0
_TIMES_AS_LONG = 10
_WALL_SECONDS = 90.0
_COLLECTING_SECONDS = 10.0
_LIKELIEST = 8
_FEW = 10  # on what nobody killed when all were looked at


@dataclass(frozen=True, slots=True)
class Verdict:
    """The test that failed, if one did, and how many were run."""

    killer: str
    tried: int


@dataclass(frozen=True, slots=True)
class _Trial:
    """A mutant with the tests that are tried on it, and how many could be."""

    mutant: Mutant
    names: Sequence[str]
    able: int


def try_room(
    room: Room, mutants: Sequence[Mutant], jobs: int, killers: Killers = NONE_KNOWN
) -> list[Fate]:
    """The fates of these mutants of a room; who killed them before says what is tried first."""
    return with_tests(
        room.tests, lambda bed: [*Lab(room, bed, jobs, killers).run(mutants)], room.most_examples
    )


class Lab:
    """A room, its tests as they are collected here, and the processes that try them."""

    def __init__(self, room: Room, bed: Bed, jobs: int, killers: Killers) -> None:
        self._room, self._bed, self._jobs, self._killers = room, bed, jobs, killers
        self._living = Living(room.sources)
        self._patches = Patches(self._living, [*room.sources, *room.test_sources()])
        self._reached: dict[str, Reached] = {}

    def run(self, mutants: Sequence[Mutant]) -> Iterator[Fate]:
        """Each mutant's fate."""
        gc.collect()
        gc.freeze()  # what is there now is not looked through again in every process
        yield from self.try_all(mutants, self.record())

    def record(self) -> Choice:
        """Run every test once, on code that tells what is run; raises RuntimeError if one fails."""
        names = [*self._bed.names]
        shares = [names[start :: self._jobs] for start in range(self._jobs)]
        works = [("recording", self._recording(names)) for names in shares]
        for done in side_by_side(works, self._jobs):
            if not isinstance(done.answer, dict):
                raise RuntimeError(f"a test that is fine without a mutant fails: {done.answer}")
            self._reached |= done.answer
        return Choice(self._reached, self._room.sources)

    def try_all(self, mutants: Iterable[Mutant], choice: Choice) -> Iterator[Fate]:
        """Each mutant's fate."""
        reached = []
        for one in mutants:
            if choice.can_see(one):
                reached.append(one)
            else:
                yield Fate(one, End.UNREACHED)
        for done in side_by_side(self._works(reached, choice), self._jobs):
            fate = _fate(done)
            choice.learn(fate.mutant, done.task.names[: fate.tried], fate.killer)
            yield fate

    def _works(
        self, mutants: Iterable[Mutant], choice: Choice
    ) -> Iterator[tuple[_Trial, Callable[[Answer], object]]]:
        """Each mutant's trial; which tests it takes is decided when its turn has come."""
        for mutant in mutants:
            killer = self._killers.of(mutant)
            able = choice.of(mutant, killer)
            most = _FEW if killer == NOBODY else self._room.most_tests
            trial = _Trial(mutant, able[:most], len(able))
            yield trial, self._trying(trial)

    # ---- in processes of their own ----------------------------------------------------------

    def _recording(self, names: Sequence[str]) -> Callable[[Answer], object]:
        def record(answer: Answer) -> None:
            recorder = Recorder(self._room.sources, self._living)
            found = {}
            for name in names:
                passed, seconds = self._bed.timed(name)
                if not passed:
                    answer(name)
                found[name] = Reached(recorder.taken(), seconds)
            answer(found)

        return record

    def _trying(self, trial: _Trial) -> Callable[[Answer], object]:
        mutant, names = trial.mutant, trial.names
        source = self._room.source(mutant.path)

        def attempt(answer: Answer) -> None:
            try:
                if self._is_changed_here(source, mutant):
                    answer(self._tried(self._bed, names))
            except Exception:
                answer(Verdict("the import", 0))
            import_anew(source, mutant.edit, self._room.forgotten)
            answer(self._tried_anew(names))

        return attempt

    def _is_changed_here(self, source: Source, mutant: Mutant) -> bool:
        if mutant.is_inside:
            return self._living.swap(source, mutant.edit)
        return self._patches.apply(source, mutant.edit)

    def _tried_anew(self, names: Sequence[str]) -> Verdict:
        """Collect the tests anew, the likeliest first; most mutants need no more of them."""
        tried = 0
        for some in filter(None, (names[:_LIKELIEST], names[_LIKELIEST:])):
            limit_time(_COLLECTING_SECONDS, _WALL_SECONDS)
            places = [*dict.fromkeys(name.partition("::")[0] for name in some)]
            try:
                verdict = with_tests(
                    places, partial(self._tried, names=some), self._room.most_examples
                )
            except NothingCollected:
                return Verdict("the import", tried)
            tried += verdict.tried
            if verdict.killer:
                return Verdict(verdict.killer, tried)
        return Verdict("", tried)

    def _tried(self, bed: Bed, names: Sequence[str]) -> Verdict:
        there = [name for name in names if name in bed.names]  # parameters may be others now
        for tried, name in enumerate(there, start=1):
            usual = self._reached[name].seconds
            limit_time(_LEAST_SECONDS + _TIMES_AS_LONG * usual, _WALL_SECONDS)
            if not bed.passes(name):
                return Verdict(name, tried)
        return Verdict("", len(there))


def _fate(done: Done[_Trial]) -> Fate:
    mutant, able = done.task.mutant, done.task.able
    if done.signal:
        end = End.TIMED_OUT if is_late(done.signal) else End.CRASHED
        return Fate(mutant, end, able=able, seconds=done.seconds)
    verdict: Verdict = done.answer
    end = End.KILLED if verdict.killer else End.SURVIVED
    return Fate(mutant, end, verdict.killer, verdict.tried, able, done.seconds)
