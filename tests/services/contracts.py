"""The requests that reached a sandbox, checked against the contracts of both services."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from bridge.sandbox import Call

FOLDER = Path(__file__).parent.parent / "contracts"


@cache
def contract(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / f"{name}.openapi.yaml").read_text(encoding="utf-8")))


def offences(name: str, call: Call) -> list[str]:
    """What the contract has against this request; nothing if it is as described."""
    path, operation = _operation(name, call.operation)
    found = [f"{call.operation}: method {call.method}"] * (call.method.lower() not in path)
    found += _body_offences(name, operation, call.body)
    known = _parameters(name, path, operation)
    for key, text in call.query.items():
        if key not in known:
            found.append(f"{call.operation}: unknown query {key}")
        else:
            found += _value_offences(name, known[key], text)
    return found


def _operation(name: str, operation_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for path in contract(name)["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and operation.get("operationId") == operation_id:
                return path, operation
    raise AssertionError(f"the contract {name} has no {operation_id}")


def _body_offences(name: str, operation: dict[str, Any], body: Any) -> list[str]:
    if "requestBody" not in operation:
        return [f"a body that nobody asked for: {body}"] if body else []
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return _errors(name, schema, body)


def _parameters(
    name: str, path: dict[str, Any], operation: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    listed = [*path.get("parameters", ()), *operation.get("parameters", ())]
    whole = [_resolved(name, one) for one in listed]
    return {one["name"]: one for one in whole if one["in"] == "query"}


def _value_offences(name: str, parameter: dict[str, Any], text: str) -> list[str]:
    schema = parameter["schema"]
    is_number = schema.get("type") == "integer"
    return _errors(name, schema, int(text) if is_number else text)


def _resolved(name: str, part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = contract(name)
    for key in part["$ref"].removeprefix("#/").split("/"):
        found = found[key]
    return dict(found)


def _errors(name: str, schema: dict[str, Any], value: Any) -> list[str]:
    whole = {**schema, "components": contract(name)["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]
