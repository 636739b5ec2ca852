"""Forms of one request that a service may or may not take, tried once and remembered.

A 400 says nothing about which part was refused. So a part counts as refused only if the same
request without it is answered; if none is answered, the first refusal is the request's own.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bridge.errors import Refused

F = TypeVar("F")
T = TypeVar("T")
MALFORMED = frozenset({400, 422})


def first_answered(forms: Sequence[F], ask: Callable[[F], T]) -> tuple[F, T]:
    """The first of the forms that is answered, with its answer.

    Raises the Refused of the first form if every form is refused as malformed (400, 422), and
    any other error at once.
    """
    first: Refused | None = None
    for form in forms:
        try:
            return form, ask(form)
        except Refused as refusal:
            if refusal.status not in MALFORMED:
                raise
            first = first or refusal
    raise first or ValueError("no form to ask with")
