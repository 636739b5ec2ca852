"""The form fields of a record: due date, description and title, as its template shows them."""

from bridge.sandbox.answers import JsonObject
from bridge.sandbox.kore.record import Record
from bridge.sandbox.kore.world import KoreWorld
from bridge.sandbox.moments import iso_of

FORM = (
    ("dueDate", "Due Date", "datetime"),
    ("description", "Description", "textarea"),
    ("title", "Title", "input"),
)


def form_fields(record: Record, world: KoreWorld, *, with_values: bool) -> list[JsonObject]:
    """The `fields` of a record; a create's answer has no selectedValue in them (observed)."""
    values = {"description": record.desc, "title": record.name}
    if record.due_ms is not None:
        values["dueDate"] = iso_of(record.due_ms)
    fields = []
    for name, label, kind in FORM:
        field = _field(world.fields[name], name, label, kind)
        if with_values and values.get(name):
            field["selectedValue"] = values[name]
        fields.append(field)
    return fields


def _field(field_id: str, name: str, label: str, kind: str) -> JsonObject:
    return {
        "_id": field_id,
        "show": True,
        "displayName": label,
        "lname": label.lower(),
        "isEnabled": True,
        "isActive": True,
        "metaData": {"type": kind, "displayName": label, "name": name, "readOnly": False},
        "type": "system",
        "required": True,
        "dataType": kind,
    }
