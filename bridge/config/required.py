"""The settings that have no default, and where in each system a person finds them."""

from collections.abc import Mapping
from typing import Any

from bridge.config.places import Places
from bridge.config.schema import Path, variable
from bridge.errors import Problem

_FOUND: dict[Path, str] = {
    ("kore", "base_url"): (
        "It is scheme and host of the address at which you open Kore, "
        "for example https://platform.kore.ai."
    ),
    ("kore", "stream_id"): "Kore shows it on the app's General Settings page (Bot ID, st-…).",
    ("kore", "account_id"): (
        "It is the AccountId header that the browser sends with Kore's own requests "
        "(24 characters; see the network tab of its developer tools)."
    ),
    ("kore", "client_id"): "Kore shows it under API Extensions > Manage Apps (cs-…).",
    ("kore", "client_secret"): (
        "Kore shows it beside the Client ID under API Extensions > Manage Apps; "
        "the app needs the scope Case Management Configuration."
    ),
    ("v2", "base_url"): "It is the address of the v2 service up to and with /v2.",
    ("v2", "api_key"): "It is an API key of the v2 company, in the form id:secret.",
}
_SECRETS = (("kore", "client_secret"), ("v2", "api_key"))


def required(path: Path, places: Places) -> Problem:
    """A key that is needed is not there, or empty."""
    found = _FOUND.get(path, "")
    if path in _SECRETS:
        step = f"Set it, {path[-1]}_file or {variable(path)}."
    elif path in _FOUND:
        step = f"Set it or {variable(path)}."
    else:
        step = "Fill it in."
    return Problem(places.of(path), "is needed.", f"{found} {step}".strip())


def add_missing_sections(raw: dict[str, Any]) -> None:
    """Sections without which a key is missing, so that each missing key is told by name."""
    for section, _ in _FOUND:
        raw.setdefault(str(section), {})


def is_complete(environ: Mapping[str, str]) -> bool:
    """Whether the environment alone gives everything that is needed."""
    names = {name.upper() for name, value in environ.items() if value.strip()}
    return all(
        variable(path) in names
        or (path in _SECRETS and f"{variable(path)}_FILE" in names)
        or (path[-1] == "client_secret" and "TASK_BRIDGE_KORE__PRIVATE_KEY_FILE" in names)
        for path in _FOUND
    )
