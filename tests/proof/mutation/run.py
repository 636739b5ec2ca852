"""Runs mutants, each in a process of its own that is forked from this one, tests and all."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from tests.proof.mutation.bed import Bed, NothingCollected, with_tests
from tests.proof.mutation.choose import Choice, Reached
from tests.proof.mutation.fate import End, Fate
from tests.proof.mutation.forks import Answer, Done, is_late, limit_time, side_by_side
from tests.proof.mutation.killers import NOBODY, NONE_KNOWN, Killers
from tests.proof.mutation.mutant import Mutant
from tests.proof.mutation.patch import Patches
from tests.proof.mutation.reach import Recorder, Spot
from tests.proof.mutation.room import Room
from tests.proof.mutation.survey import Source
from tests.proof.mutation.swap import Living, import_anew

_LEAST_SECONDS = 0.5
_TIMES_AS_LONG = 8
_WALL_SECONDS = 2.5  # beyond that: a test that waits for what does not come
_HURRY = 0.4  # what of these times the test gets that killed the mutant before
_COLLECTING_SECONDS = 10.0
_LIKELIEST = 8
_QUICK = 12  # are tried in the hope of a quicker one
_FEW = 3  # on what nobody killed when all were looked at


@dataclass(frozen=True, slots=True)
class Verdict:
    """The test that failed, if one did, those that were run, and how many could have been.

    `able` is not counted where the test that killed the mutant before does so again.
    """

    killer: str
    tried: tuple[str, ...] = ()
    able: int = 0


# Tries tests, each with so much of the time that it may take.
Tried: TypeAlias = Callable[[Sequence[str], float], Verdict]


def try_room(
    room: Room,
    mutants: Sequence[Mutant],
    jobs: int,
    killers: Killers = NONE_KNOWN,
    *,
    learns: bool = False,
) -> list[Fate]:
    """The fates of these mutants of a room; who killed them before says what is tried first.

    One that `learns` looks for the test that kills in the least time.
    """

    def run(bed: Bed) -> list[Fate]:
        return [*Lab(room, bed, jobs, killers, learns=learns).run(mutants)]

    return with_tests(room.tests, run, room.most_examples)


class Lab:
    """A room, its tests as they are collected here, and the processes that try them."""

    def __init__(
        self, room: Room, bed: Bed, jobs: int, killers: Killers, *, learns: bool = False
    ) -> None:
        self._room, self._bed, self._jobs, self._killers = room, bed, jobs, killers
        self._learns = learns
        self._living = Living(room.sources)
        self._patches = Patches(self._living, [*room.sources, *room.test_sources()])
        self._seconds: dict[str, float] = {}

    def run(self, mutants: Sequence[Mutant]) -> Iterator[Fate]:
        """Each mutant's fate."""
        _freeze()
        choice = self.record()
        _freeze()
        yield from self.try_all(mutants, choice)

    def record(self) -> Choice:
        """Run every test once, on code that tells what is run; raises RuntimeError if one fails."""
        names = [*self._bed.names]
        shares = [names[start :: self._jobs] for start in range(self._jobs)]
        works = [("recording", self._recording(names)) for names in shares]
        spots: Sequence[Spot] = ()
        reached: dict[str, Reached] = {}
        for done in side_by_side(works, self._jobs):
            if isinstance(done.answer, str):
                raise RuntimeError(f"a test that is fine without a mutant fails: {done.answer}")
            spots, found = done.answer  # the spots are the same each time
            reached |= found
        self._seconds = {name: one.seconds for name, one in reached.items()}
        return Choice(spots, reached, self._room.sources)

    def try_all(self, mutants: Iterable[Mutant], choice: Choice) -> Iterator[Fate]:
        """Each mutant's fate."""
        reached = []
        for one in mutants:
            if choice.can_see(one, self._killers.of(one)):
                reached.append(one)
            else:
                yield Fate(one, End.UNREACHED)
        works = ((one, self._trying(one, choice)) for one in reached)
        for done in side_by_side(works, self._jobs):
            yield _fate(done)
            if not done.signal:
                choice.learn(done.task, done.answer.tried, done.answer.killer)

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
            answer((recorder.spots, found))

        return record

    def _trying(self, mutant: Mutant, choice: Choice) -> Callable[[Answer], object]:
        source = self._room.source(mutant.path)

        def attempt(answer: Answer) -> None:
            try:
                if self._is_changed_here(source, mutant):
                    tried = partial(self._tried, answer, self._bed)
                    answer(self._judged(mutant, choice, tried))
            except Exception:
                answer(Verdict("the import"))
            import_anew(source, mutant.edit, self._room.forgotten)
            answer(self._judged(mutant, choice, partial(self._tried_anew, answer)))

        return attempt

    def _is_changed_here(self, source: Source, mutant: Mutant) -> bool:
        if mutant.is_inside:
            return self._living.swap(source, mutant.edit)
        return self._patches.apply(source, mutant.edit)

    def _judged(self, mutant: Mutant, choice: Choice, tried: Tried) -> Verdict:
        """First the test that killed it before; what else there is costs time to find out."""
        killer = self._killers.of(mutant)
        first = [killer] if choice.may_kill(mutant, killer) else []
        verdict = tried(first, _HURRY) if first else Verdict("")
        if verdict.killer and not self._learns:
            return verdict
        names = choice.of(mutant)
        if not verdict.killer:
            most = _FEW if killer == NOBODY else self._room.most_tests
            rest = [name for name in names if name not in first][:most]
            verdict = _in_turn(tried, (rest[:_LIKELIEST], rest[_LIKELIEST:]))
        if self._learns and (quicker := self._quicker(names, verdict.killer)):
            quick = tried(quicker, 1.0)
            verdict = quick if quick.killer else verdict
        return replace(verdict, able=len(names))

    def _quicker(self, names: Sequence[str], killer: str) -> Sequence[str]:
        """The likeliest of those that take less than half as long."""
        most = self._seconds.get(killer, 0.0) / 2
        return [name for name in names if self._seconds[name] < most][:_QUICK]

    def _tried_anew(self, answer: Answer, names: Sequence[str], share: float) -> Verdict:
        """Collect these tests anew and try them."""
        limit_time(_COLLECTING_SECONDS, _COLLECTING_SECONDS * _TIMES_AS_LONG)
        places = [*dict.fromkeys(name.partition("::")[0] for name in names)]
        try:
            tried = partial(self._tried, answer, names=names, share=share)
            return with_tests(places, tried, self._room.most_examples)
        except NothingCollected:
            return Verdict("the import")

    def _tried(self, answer: Answer, bed: Bed, names: Sequence[str], share: float) -> Verdict:
        there = [name for name in names if name in bed.names]  # parameters may be others now
        for tried, name in enumerate(there, start=1):
            most = _TIMES_AS_LONG * self._seconds[name]
            limit_time(share * (_LEAST_SECONDS + most), share * (_WALL_SECONDS + most))
            answer.at(name)
            if not bed.passes(name):
                return Verdict(name, (*there[:tried],))
        return Verdict("", (*there,))


def _in_turn(tried: Tried, batches: Iterable[Sequence[str]]) -> Verdict:
    """Batch after batch, until one kills."""
    done: tuple[str, ...] = ()
    for batch in filter(None, batches):
        verdict = tried(batch, 1.0)
        done += verdict.tried
        if verdict.killer:
            return Verdict(verdict.killer, done)
    return Verdict("", done)


def _freeze() -> None:
    """What is there now is not looked through again in every process."""
    gc.collect()
    gc.freeze()


def _fate(done: Done[Mutant]) -> Fate:
    if done.signal:
        end = End.TIMED_OUT if is_late(done.signal) else End.CRASHED
        return Fate(done.task, end, done.place, seconds=done.seconds)
    verdict: Verdict = done.answer
    end = End.KILLED if verdict.killer else End.SURVIVED
    tried = len(verdict.tried)
    return Fate(done.task, end, verdict.killer, tried, verdict.able, done.seconds)
