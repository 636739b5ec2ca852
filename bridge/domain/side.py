"""The two sides, the six fields, and the kinds of ids: the bridge's smallest words."""

from enum import StrEnum
from typing import NewType

TaskId = NewType("TaskId", str)
LinkId = NewType("LinkId", int)
OperationId = NewType("OperationId", int)


class Side(StrEnum):
    """One of the two services."""

    KORE = "kore"
    V2 = "v2"

    @property
    def other(self) -> "Side":
        """The side across."""
        return Side.V2 if self is Side.KORE else Side.KORE

    @property
    def label(self) -> str:
        """The side's name as people read it."""
        return "Kore" if self is Side.KORE else "v2"


class Field(StrEnum):
    """One of the six fields that the bridge carries, in the order in which people read them."""

    TITLE = "title"
    DESCRIPTION = "description"
    STATUS = "status"
    PRIORITY = "priority"
    ASSIGNEE = "assignee"
    DUE = "due"


SIDES = (Side.KORE, Side.V2)
