"""Kore's records as they come: every form that the facts allow, nothing refused for being new.

What the bridge does not carry is read leniently: an odd participant or author is dropped, not
an error. Of people only ids and names are kept, of the customer how to reach him.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

# The keys of a record that a full one may leave out where they are empty (observed for `desc`).
# `status`, `priority` and `name` are required of every row (documented).
COLUMNS = (
    "desc", "tags", "userInfo", "dueDate", "ETA", "currAssignee", "assigneeType", "queues",
)  # fmt: skip
# What a list is asked to show: the columns, what makes a record full, and the documented eight.
SELECTED_COLUMNS = (
    "_id", "refId", "caseId", "caseRefId", "name", "priority", "status", "createdAt", "updatedAt",
    "fields", "participants", "createdBy", "updatedBy", *COLUMNS,
)  # fmt: skip


def is_full_row(row: Mapping[str, Any]) -> bool:
    """Whether a list row is a full record: `refId` and `fields` are there (design)."""
    return "refId" in row and "fields" in row


def _named(value: object) -> object:
    """A bare text as the object that it is short for."""
    return {"name": value} if isinstance(value, str) else value


def _object(value: object) -> object:
    """An object, or an empty one for null, "" and []."""
    return value or {}


def _objects(value: object) -> object:
    """The objects of a list, texts among them as named ones; anything else is no list."""
    items = map(_named, value) if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict)]


def _texts(value: object) -> object:
    """The texts of a list, and the names of its objects."""
    items = value if isinstance(value, list) else []
    names = (item.get("name") if isinstance(item, dict) else item for item in items)
    return [name for name in names if isinstance(name, str)]


def _author(value: object) -> object:
    """The id of whoever wrote."""
    found = value.get("_id") if isinstance(value, dict) else value
    return found if isinstance(found, str) and found else None


def _number(value: object) -> object:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: object) -> object:
    return value if isinstance(value, str) else None


def _flag(value: object) -> object:
    return value if isinstance(value, bool) else None


OptionalText = Annotated[str | None, BeforeValidator(_text)]


class Wire(BaseModel):
    """What all records have in common: unknown keys pass, and no error shows a value."""

    model_config = ConfigDict(
        extra="ignore", hide_input_in_errors=True, coerce_numbers_to_str=True, frozen=True
    )


class WireStatus(Wire):
    """A status; rows and create answers carry only some of its keys (observed)."""

    id: OptionalText = Field(None, alias="_id")
    name: str | None = None
    category: str | None = Field(None, alias="statusCategory")
    type: OptionalText = None
    is_enabled: Annotated[bool | None, BeforeValidator(_flag)] = Field(None, alias="isEnabled")


class WirePriority(Wire):
    """A priority; `score` is its rank."""

    id: OptionalText = Field(None, alias="_id")
    name: str | None = None
    score: Annotated[float | None, BeforeValidator(_number)] = None


class WireAgent(Wire):
    """An agent; which of the two ids an update needs is unknown."""

    agent_id: OptionalText = Field(None, alias="agentId")
    a_id: OptionalText = Field(None, alias="aId")
    name: OptionalText = None

    @property
    def id(self) -> str | None:
        """The id by which the bridge knows the agent."""
        return self.agent_id or self.a_id


class WireCustomer(Wire):
    """The customer; `emailId` can be gone from an answer (observed)."""

    name: OptionalText = None
    email: OptionalText = Field(None, alias="emailId")
    phone: OptionalText = Field(None, alias="phoneNumber")


class WireRecord(Wire):
    """What tasks and cases have in common, as far as the bridge reads it."""

    id: str = Field(alias="_id")
    ref: str | None = Field(None, alias="refId")
    name: str | None = None
    status: Annotated[WireStatus, BeforeValidator(lambda value: _object(_named(value)))] = Field(
        default_factory=lambda: WireStatus.model_validate({})
    )
    priority: Annotated[WirePriority, BeforeValidator(lambda value: _object(_named(value)))] = (
        Field(default_factory=lambda: WirePriority.model_validate({}))
    )
    customer: Annotated[WireCustomer, BeforeValidator(_object)] = Field(
        default_factory=lambda: WireCustomer.model_validate({}), alias="userInfo"
    )
    agent: Annotated[WireAgent, BeforeValidator(_object)] = Field(
        default_factory=lambda: WireAgent.model_validate({}), alias="currAssignee"
    )
    participants: Annotated[tuple[WireAgent, ...], BeforeValidator(_objects)] = ()


class WireTask(WireRecord):
    """A task; `model_fields_set` says which keys it carried."""

    case_id: OptionalText = Field(None, alias="caseId")
    case_ref: OptionalText = Field(None, alias="caseRefId")
    desc: str | None = None
    tags: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    assignee_type: OptionalText = Field(None, alias="assigneeType")
    queues: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    due_ms: Any = Field(None, alias="dueDate")
    eta: Any = Field(None, alias="ETA")
    created_at: Any = Field(None, alias="createdAt")
    changed_at: Any = Field(None, alias="updatedAt")
    first_author: Annotated[str | None, BeforeValidator(_author)] = Field(None, alias="createdBy")
    last_author: Annotated[str | None, BeforeValidator(_author)] = Field(None, alias="updatedBy")


class WireCase(WireRecord):
    """A case; every row of getCases is a full record (documented)."""
