"""The two sides, the six fields, and the kinds of ids: the bridge's smallest words."""

import re
from enum import StrEnum
from typing import NewType, TypeGuard

TaskId = NewType("TaskId", str)
LinkId = NewType("LinkId", int)
OperationId = NewType("OperationId", int)

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


def is_id(value: object) -> TypeGuard[str]:
    """Whether the value has the shape of an id: a safe alphabet, no UUID (observed)."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


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
