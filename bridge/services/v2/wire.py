"""v2's records as they come: every form that the facts allow, nothing refused for being new.

A user's record carries private and secret fields (observed): no more than id, name and state
of it leaves these models.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _object(value: object) -> object:
    """An object, or an empty one for null, "" and []."""
    return value or {}


def _named(value: object) -> object:
    """A bare id as the object that it is short for; nobody may be null or {} (unknown)."""
    return {"entityId": value} if value and isinstance(value, str) else value or {}


def _texts(value: object) -> object:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _text(value: object) -> object:
    return value if isinstance(value, str) and value else None


def _whole(value: object) -> object:
    """A whole number, also as digits in a text (observed)."""
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


OptionalText = Annotated[str | None, BeforeValidator(_text)]
OptionalWhole = Annotated[int | None, BeforeValidator(_whole)]


class Wire(BaseModel):
    """What all records have in common: unknown keys pass, and no error shows a value."""

    model_config = ConfigDict(
        extra="ignore", hide_input_in_errors=True, coerce_numbers_to_str=True, frozen=True
    )


class WireState(Wire):
    """The entity's own state and its time stamps; not the status of the work."""

    state: OptionalWhole = Field(None, alias="status")
    created_at: Any = Field(None, alias="createdAt")
    created_by: OptionalText = Field(None, alias="createdBy")
    changed_at: Any = Field(None, alias="lastModifiedAt")
    changed_by: OptionalText = Field(None, alias="lastModifiedBy")


class WireEntity(Wire):
    """A related record: a person, a customer."""

    id: OptionalText = Field(None, alias="entityId")
    name: OptionalText = None


class WireTask(Wire):
    """A task."""

    id: str = Field(alias="_id")
    number: OptionalWhole = Field(None, alias="identifierNumber")
    state: Annotated[WireState, BeforeValidator(_object)] = Field(
        default_factory=lambda: WireState.model_validate({}), alias="status"
    )
    title: str | None = None
    description: str | None = None
    status: str | None = Field(None, alias="taskStatus")
    priority: str | None = None
    assignee: Annotated[WireEntity, BeforeValidator(_named)] = Field(
        default_factory=lambda: WireEntity.model_validate({})
    )
    due: Any = Field(None, alias="dueDate")
    type_id: OptionalText = Field(None, alias="taskTypeId")
    contact_person: OptionalText = Field(None, alias="contactPerson")
    email: OptionalText = None
    telephone: OptionalText = None
    tags: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    related: Any = None


class WireName(Wire):
    """The two halves of a user's name; whatever else stands beside them is dropped."""

    first: OptionalText = Field(None, alias="firstName")
    last: OptionalText = Field(None, alias="lastName")


class WireUser(Wire):
    """A person who can be an assignee."""

    id: str = Field(alias="_id")
    state: Annotated[WireState, BeforeValidator(_object)] = Field(
        default_factory=lambda: WireState.model_validate({}), alias="status"
    )
    name: Annotated[WireName, BeforeValidator(_object)] = Field(
        default_factory=lambda: WireName.model_validate({}), alias="general"
    )

    @property
    def full_name(self) -> str:
        """First and last name, or an empty text."""
        return " ".join(part for part in (self.name.first, self.name.last) if part)


class WireTaskType(Wire):
    """A task type; `prefix` is the part of a reference before the number."""

    id: str = Field(alias="_id")
    name: OptionalText = None
    prefix: OptionalText = None
