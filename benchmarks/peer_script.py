"""A script of the kind people write themselves: search for each task, create what is not found.

Reads Kore's list, asks v2 for each title, posts what is not there, and posts again what failed.
"""

import time
from dataclasses import dataclass
from typing import Any

import httpx

from benchmarks.floor import TIMEOUT_SECONDS, kore_body, kore_headers, kore_url, v2_headers

TRIES = 3


@dataclass(slots=True)
class Done:
    """What it did."""

    calls: int = 0
    seconds: float = 0.0


def run_script(config: dict[str, Any]) -> Done:
    """All of it, once, in one thread."""
    done, began = Done(), time.perf_counter()
    with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
        for task in _tasks(client, config["kore"], done):
            if not _is_there(client, config["v2"], task["name"], done):
                _create(client, config["v2"], task, done)
    done.seconds = time.perf_counter() - began
    return done


def _tasks(client: httpx.Client, kore: dict[str, Any], done: Done) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    url, headers = kore_url(kore, "getTasks"), kore_headers(kore)
    while True:
        body = kore_body(len(found), "createdAt", "asc")
        page = client.post(url, json=body, headers=headers).raise_for_status().json()
        done.calls += 1
        found += page["results"]
        if not page["hasMore"]:
            return [task for task in found if task["status"]["name"] != "Resolved"]


def _is_there(client: httpx.Client, v2: dict[str, Any], title: str, done: Done) -> bool:
    asked = {"taskByTitleIdentifier": title, "limit": "50"}
    answer = client.get(f"{v2['base_url']}/tasks/", params=asked, headers=v2_headers(v2))
    done.calls += 1
    return any(row["title"] == title for row in answer.raise_for_status().json())


def _create(client: httpx.Client, v2: dict[str, Any], task: dict[str, Any], done: Done) -> None:
    body = {
        "title": task["name"],
        "description": task.get("desc", ""),
        "priority": task["priority"]["name"].lower(),
    }
    for left in reversed(range(TRIES)):
        done.calls += 1
        try:
            answer = client.post(f"{v2['base_url']}/tasks/", json=body, headers=v2_headers(v2))
            answer.raise_for_status()
        except httpx.HTTPError:
            if not left:
                raise
        else:
            return
