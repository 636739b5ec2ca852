"""Configurations for tests: the smallest one that is whole, and ways to bend it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bridge.config import Settings, load
from bridge.errors import ConfigError, Problem

SECRET = "cs-secret-7f3a9"
API_KEY = "company:v2-secret-51b2"

WHOLE = f"""
[kore]
base_url = "https://platform.kore.ai"
stream_id = "st-1"
account_id = "6639f7bd58c97ffac03b0000"
client_id = "cs-1"
client_secret = "{SECRET}"

[v2]
base_url = "http://localhost:3000/v2"
api_key = "{API_KEY}"
"""

IN_ENVIRONMENT = {
    "TASK_BRIDGE_KORE__BASE_URL": "https://platform.kore.ai",
    "TASK_BRIDGE_KORE__STREAM_ID": "st-1",
    "TASK_BRIDGE_KORE__ACCOUNT_ID": "6639f7bd58c97ffac03b0000",
    "TASK_BRIDGE_KORE__CLIENT_ID": "cs-1",
    "TASK_BRIDGE_KORE__CLIENT_SECRET": SECRET,
    "TASK_BRIDGE_V2__BASE_URL": "http://localhost:3000/v2",
    "TASK_BRIDGE_V2__API_KEY": API_KEY,
}


def with_lines(section: str, *lines: str) -> str:
    """The whole configuration with lines added to, or put in place of those of, a section."""
    keys = {line.partition("=")[0].strip() for line in lines}
    kept, current = [], ""
    for line in WHOLE.splitlines():
        current = line.strip("[]") if line.startswith("[") else current
        if current != section or line.partition("=")[0].strip() not in keys:
            kept.append(line)
    text = "\n".join(kept)
    added = "\n".join(lines)
    if f"[{section}]" in text:
        return text.replace(f"[{section}]", f"[{section}]\n{added}")
    return f"{text}\n[{section}]\n{added}\n"


def loaded(folder: Path, text: str = WHOLE, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that a text and an environment give."""
    path = folder / "bridge.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ or {})


def problems(
    folder: Path, text: str = WHOLE, environ: Mapping[str, str] | None = None
) -> tuple[Problem, ...]:
    """What is wrong with them."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text, environ)
    return caught.value.problems


def problem(folder: Path, text: str = WHOLE, environ: Mapping[str, str] | None = None) -> str:
    """The one thing that is wrong, as people read it."""
    found = problems(folder, text, environ)
    assert len(found) == 1, [str(one) for one in found]
    return str(found[0])
