"""The two contract files as validators of real answers.

Takes an operation, a status and a body; an answer that the contract does not describe is an
AssertionError. Also lists every mark (`x-unknown`, `x-observed`) of a contract by its path.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parent.parent / "contracts"
METHODS = ("get", "post", "patch", "delete")
KORE_PATHS = "/paths//caseManagement/api/public/analytics/{streamId}"
MARKS = ("x-unknown", "x-observed")


@cache
def contract(name: str) -> dict[str, Any]:
    """A contract file, parsed: `kore` or `v2`."""
    text = (FOLDER / f"{name}.openapi.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def marks_of(name: str) -> list[str]:
    """The place of every mark of a contract: JSON pointer, shortened, and the mark's name."""
    return [f"{_shortened(place)}#{mark}" for place, mark in _marks(contract(name), "")]


def check_answer(name: str, operation: str, response: httpx.Response) -> None:
    """Assert that a response is one that the contract describes for the operation."""
    described = _operation(name, operation)["responses"]
    answer = described.get(str(response.status_code)) or described["default"]
    content = _resolved(name, answer).get("content", {})
    if not response.content:
        assert not content or "body may be missing" in answer["description"]
        return
    media = response.headers["content-type"].partition(";")[0]
    assert media in content, f"{operation} answered {media}"
    if media == "application/json":
        errors = list(_validator(name, content[media]["schema"]).iter_errors(response.json()))
        assert not errors, f"{operation}: {errors[0].message} at {errors[0].json_path}"


def is_valid_request(name: str, operation: str, body: Any) -> bool:
    """Whether the contract allows the body in a request of the operation."""
    schema = _operation(name, operation)["requestBody"]["content"]["application/json"]["schema"]
    return bool(_validator(name, schema).is_valid(body))


def _operation(name: str, operation: str) -> dict[str, Any]:
    for path in contract(name)["paths"].values():
        for method in METHODS:
            if path.get(method, {}).get("operationId") == operation:
                found: dict[str, Any] = path[method]
                return found
    raise KeyError(operation)


def _resolved(name: str, node: dict[str, Any]) -> dict[str, Any]:
    """The node itself, or what its $ref leads to within the contract."""
    while "$ref" in node:
        found: Any = contract(name)
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


@cache
def _registry(name: str) -> Registry[Any]:
    resource = Resource.from_contents(contract(name), default_specification=DRAFT202012)
    found: Registry[Any] = Registry().with_resource("urn:contract", resource)
    return found


def _validator(name: str, schema: dict[str, Any]) -> Draft202012Validator:
    """A validator that takes references within the contract file."""
    whole = {"$id": "urn:contract:part", **_absolute(schema)}
    return Draft202012Validator(
        whole, registry=_registry(name), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def _absolute(node: Any) -> Any:
    """The node with its references led to the contract file."""
    if isinstance(node, dict):
        return {
            key: f"urn:contract{value}" if key == "$ref" else _absolute(value)
            for key, value in node.items()
        }
    return [_absolute(entry) for entry in node] if isinstance(node, list) else node


def _shortened(place: str) -> str:
    """The pointer without what many of them begin with."""
    for beginning in (KORE_PATHS, "/paths/", "/components/schemas/"):
        place = place.removeprefix(beginning)
    return place


def _marks(node: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in MARKS:
                yield place, key
            yield from _marks(value, f"{place}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _marks(value, f"{place}/{number}")
