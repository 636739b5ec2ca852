"""Every error that the bridge raises on purpose, in one tree.

    BridgeError
    ├── ConfigError            the configuration is wrong; exit code 2
    ├── UsageError             the command line asks for what cannot be; exit code 2
    ├── LeaseTaken             another process works on this pair; exit code 5
    │   └── DatabaseInUse      … and the layout of the database is to be changed under it
    ├── OtherAccount           a side shows the tasks of another account; exit code 4
    ├── StoreError             the database cannot be used as it is; exit code 2
    ├── Stopped                a signal asked to end
    ├── UnreadableRecord       one record of a service cannot be understood
    └── ServiceError           a side did not do what was asked
        ├── Unreachable        no answer, or a fault of the service itself (5xx)
        ├── BadAnswer          an answer that is not what the contract says (HTML with 200)
        ├── NotYet             the side asks to wait
        │   └── OverBudget     our own limit asks to wait
        ├── KeyRefused         401 or 403: the side refuses the key
        ├── TaskRefused        401 or 403 for one task, while the side still answers to the key
        ├── TaskFault          a fault at one request, while the side still answers
        ├── NotFound           404: this record is not there
        └── Refused            any other 4xx: this request is refused

A message says what happened, where, and what to do next; it never holds a secret.
"""

from dataclasses import dataclass

from bridge.domain.owner import label_of


class BridgeError(Exception):
    """The root of the tree; its text is meant for people."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a configuration.

    `place` is a dotted key or a file, `what` says what is wrong there, `next_step` what to do.
    """

    place: str
    what: str
    next_step: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.next_step}".rstrip()


class ConfigError(BridgeError):
    """All problems of a configuration at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UsageError(BridgeError):
    """A command was asked for something that it cannot do."""


class LeaseTaken(BridgeError):
    """Another process holds the lease of this pair.

    `owner` names it, `age_seconds` tells for how long it has held the lease.
    """

    def __init__(self, owner: str, age_seconds: float) -> None:
        self.owner = owner
        self.age_seconds = age_seconds
        super().__init__(
            f"Another process works on this pair: {label_of(owner)}, since {age_seconds:.0f} s. "
            "Wait for it, or give it longer with --wait SECONDS."
        )


class DatabaseInUse(LeaseTaken):
    """A living process works on the database whose layout is to be changed."""

    def __init__(self, owner: str, age_seconds: float) -> None:
        super().__init__(owner, age_seconds)
        self.args = (
            f"Another process works on this database: {label_of(owner)}, since "
            f"{age_seconds:.0f} s. Stop it first; nothing was changed.",
        )


class OtherAccount(BridgeError):
    """A side shows the tasks of another account than the links were made with."""


class StoreError(BridgeError):
    """The database cannot be used as it is."""


class Stopped(BridgeError):
    """A stop was asked for; nothing new is begun."""

    def __init__(self) -> None:
        super().__init__("Stopped on request.")


class UnreadableRecord(BridgeError):
    """A record that cannot be understood; `task_id` is None where not even that is readable."""

    def __init__(self, task_id: str | None, reason: str) -> None:
        self.task_id = task_id
        self.reason = reason
        super().__init__(reason)


class ServiceError(BridgeError):
    """A side did not do what was asked.

    `side` is "kore" or "v2". `is_outcome_unknown` is true if a write may have been applied
    although no answer says so; a read never has an unknown outcome.
    """

    def __init__(self, side: str, message: str, *, is_outcome_unknown: bool = False) -> None:
        self.side = side
        self.is_outcome_unknown = is_outcome_unknown
        super().__init__(message)


class Unreachable(ServiceError):
    """No answer, or a fault of the service itself (5xx)."""


class BadAnswer(ServiceError):
    """An answer that is not what the contract says: HTML, or an error object, with 200."""


class NotYet(ServiceError):
    """The side (429) asks to wait for `seconds`; nothing was applied."""

    def __init__(self, side: str, message: str, *, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(side, message)


class OverBudget(NotYet):
    """Our own limit asks to wait, not the side; polls keep their share all the same."""


class KeyRefused(ServiceError):
    """401 or 403; `status` tells which."""

    def __init__(self, side: str, message: str, *, status: int) -> None:
        self.status = status
        super().__init__(side, message)


class TaskRefused(ServiceError):
    """401 or 403 for one task, while the side still answers to the key."""


class TaskFault(ServiceError):
    """A fault at one request (5xx, an odd answer, none at all), while the side still answers."""


class NotFound(ServiceError):
    """404: what was asked for is not there."""


class Refused(ServiceError):
    """Any other 4xx: the request is refused and sending it again changes nothing."""

    def __init__(self, side: str, message: str, *, status: int) -> None:
        self.status = status
        super().__init__(side, message)
