"""The rows of tables in the configuration: rules of the mapping, people, routes, limits."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from bridge.config.values import BlankIsNone, Count, Id, Seconds, Section, Text, Wrong

Default = Literal["both", "to-v2", "to-kore"]


def _case(text: str) -> str:
    if not re.fullmatch(r"(CS|ci-)[A-Za-z0-9_-]{1,125}", text):
        raise Wrong("is no case.", "Write its reference (CS000108) or its id (ci-…).")
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise Wrong("is no e-mail address.", "Write it as name@example.com.")
    return text


class WordRule(Section):
    """A Kore value and a v2 value that agree; `default` says whose translation it is.

    None: they agree, and neither is the other's translation.
    """

    kore: Text
    v2: Text
    default: Default | None = None


class PersonRule(Section):
    """One person: the Kore `agentId` or `aId`, and the v2 user id. `name` is for readers."""

    kore: Id
    v2: Id
    name: str = ""


class LimitWindow(Section):
    """At most so many calls in so many seconds."""

    calls: Count
    seconds: Seconds


class Route(Section):
    """Where a v2 task that fits goes in Kore: a case and the template of its task.

    A condition that is None fits every task.
    """

    task_type: Annotated[Text | None, BlankIsNone] = None
    tag: Annotated[Text | None, BlankIsNone] = None
    customer: Annotated[Text | None, BlankIsNone] = None
    case: Annotated[Text, AfterValidator(_case)]
    task_template: Id

    @property
    def is_default(self) -> bool:
        """Whether it fits every task."""
        return self.task_type is None and self.tag is None and self.customer is None


class Requester(Section):
    """The person whom Kore shows as requester of a task whose v2 task names nobody."""

    name: Text
    email: Annotated[Text, AfterValidator(_email)]
