"""What a person is asked before many Kore tasks are probed, in words; pure."""

from collections.abc import Sequence

QUESTION = """\
{count} Kore tasks hide fields that only a probe, an update of nothing, can show. Within \
kore.limits that takes {duration}. {moves}"""
_MOVES = {
    True: "The probe that was tried moved the change time or the author of its task.",
    False: "The probe that was tried moved neither the change time nor the author of its task.",
    None: "Whether a probe moves the change time or the author is not known: not tried.",
}


def probe_question(count: int, moves: bool | None, limits: Sequence[tuple[int, float]]) -> str:
    """How many tasks, how long the budget (calls, seconds) makes it take, what a probe moves."""
    seconds = max(((count - 1) // calls * window for calls, window in limits), default=0.0)
    return QUESTION.format(count=count, duration=_in_words(seconds), moves=_MOVES[moves])


def _in_words(seconds: float) -> str:
    if seconds < 120:
        return "less than two minutes"
    if seconds < 7200:
        return f"about {seconds / 60:.0f} minutes"
    return f"about {seconds / 3600:.0f} hours"
