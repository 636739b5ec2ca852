"""Why a task without a counterpart is on hold, and what becomes of it; pure.

| it is on hold, since | it goes on |
| --- | --- |
| a probe of it, or of the one of its name, failed | by itself, in the next cycle |
| a create whose outcome is open may have made it | once that is known |
| Kore refuses that probe | when a person opens its case, or links it |
| its list hides what decides | when it can be seen |
"""

from bridge.domain.task import Known
from bridge.domain.values import Value, as_text

PROBE_FAILED = "The probe failed, and is tried again in the next cycle"
PROBE_REFUSED = "Kore refuses the probe"
MAY_BE_RESULT = "It may be what a create whose outcome is open made; Kore's list hides its marker."
MAY_BE_UNMARKED = (
    "It may be what a create whose outcome is open made; it bears no marker (any more)."
)
_OF_CREATE = frozenset({MAY_BE_RESULT, MAY_BE_UNMARKED})
_NEXT_REFUSED = (
    "Every reading of everything tries it again. Open its case in Kore if that is closed, link it "
    "by hand with task-bridge links add, or leave it as it is."
)
_NEXT_FAILED = "The next cycle tries it again."
_NEXT_OF_CREATE = (
    "It is decided with that create; where a person is asked about it, task-bridge failures list "
    "says so."
)
_NEXT_UNSEEN = "It is decided as soon as that can be seen."


def is_on_its_way(why: str) -> bool:
    """Whether the bridge takes it off hold by itself."""
    return PROBE_FAILED in why or is_of_create(why)


def is_of_create(why: str) -> bool:
    """Whether it waits for what becomes of a create."""
    return why in _OF_CREATE


def is_refused(why: str) -> bool:
    """Whether Kore does not let it be seen whole."""
    return PROBE_REFUSED in why


def next_of_held(why: str) -> str:
    """What becomes of it, and what a person can do."""
    if PROBE_FAILED in why:
        return _NEXT_FAILED
    if is_of_create(why):
        return _NEXT_OF_CREATE
    return _NEXT_REFUSED if is_refused(why) else _NEXT_UNSEEN


def picture_of(known: Known) -> Value:
    """What tells one picture of a task from the next: a probe is refused for one of them."""
    changed_at = known.task.changed_at
    text = as_text(changed_at) if changed_at else "unknown"
    return Value(text, text)
