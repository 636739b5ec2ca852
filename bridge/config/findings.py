"""The findings of the models, put into words: each with its place and the next step.

Findings never carry what was given; it may be a secret.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from bridge.config.places import Places
from bridge.config.required import required
from bridge.config.schema import Path, dotted, keys_at, nearest
from bridge.config.values import Missing, Wrong
from bridge.errors import Problem

_PLAIN = {
    "int_parsing": "is no whole number.",
    "int_parsing_size": "is far too large a number.",
    "int_type": "is no whole number.",
    "int_from_float": "is no whole number.",
    "float_parsing": "is no number.",
    "float_type": "is no number.",
    "finite_number": "is no number.",
    "bool_parsing": "is neither true nor false.",
    "bool_type": "is neither true nor false.",
    "string_type": "is no text; put it in quotes.",
    "path_type": "is no name of a file; put it in quotes.",
    "tuple_type": "is no list.",
    "mapping_type": "is no table.",
    "model_type": "is no table.",
    "model_attributes_type": "is no table.",
    "greater_than": "must be more than {gt:.10g}.",
    "greater_than_equal": "must be at least {ge:.10g}.",
    "less_than_equal": "must be at most {le:.10g}.",
    "string_too_long": "must have at most {max_length} characters.",
}


def problems_of(error: ValidationError, places: Places) -> Iterator[Problem]:
    """Each finding as a problem, in the order of the models."""
    for finding in error.errors(include_input=False, include_url=False):
        path = tuple(part for part in finding["loc"] if part != "[key]")
        fault = finding.get("ctx", {}).get("error")
        if finding["type"] == "missing" or isinstance(fault, Missing):
            yield required(path, places)
        elif finding["type"] == "extra_forbidden":
            yield _unknown(path, places)
        elif isinstance(fault, Wrong):
            yield Problem(places.of(path), fault.what, fault.next_step)
        else:
            yield Problem(places.of(path), _in_words(finding), "")


def _unknown(path: Path, places: Places) -> Problem:
    near = nearest(path)
    known = ", ".join(keys_at(path[:-1]))
    hint = f"Did you mean {dotted(near)}?" if near else f"Known here: {known}."
    return Problem(places.of(path), "is no setting of the bridge.", hint)


def _in_words(finding: Any) -> str:
    kind, context = finding["type"], finding.get("ctx", {})
    if kind in _PLAIN:
        return _PLAIN[kind].format(**context)
    if kind in ("literal_error", "enum"):
        return f"must be one of {context['expected'].replace(chr(39), chr(34))}."
    return f"{finding['msg'].replace('Input should be', 'must be')}."
