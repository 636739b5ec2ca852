"""A backfill of creates without limits, services answering in 50 ms, beside threads that post.

The floor sends the same bodies, created by create and its updates one after the other, from as many
threads, and does nothing else. What is timed of the backfill is its creating; the reading of both
lists before it, whose pages take 50 ms each too, stands in the note.
"""

import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from benchmarks.daemon import Asked
from benchmarks.figures import Figure, times_at_least
from benchmarks.floor import TIMEOUT_SECONDS, kore_headers, kore_url, v2_headers
from benchmarks.pairs import UNLIMITED_V2
from benchmarks.setup import opened, write_configuration
from benchmarks.stage import Stage
from benchmarks.world import Spec, World, writes
from bridge.ports import Event
from bridge.sync.backfill import Backfill, run_backfill

DELAY_SECONDS = 0.05
WORKERS = (4, 16)
Bodies = Sequence[tuple[dict[str, Any], list[dict[str, Any]]]]
TELLING = replace(UNLIMITED_V2, create_answer="task", patch_answer="task")


@dataclass(slots=True)
class Beginning:
    """The ear that notes when creating begins."""

    at: float = 0.0

    def tell(self, event: Event) -> None:
        """Take one event."""
        if event.what == "progress" and event.details["step"] == "create":
            self.at = self.at or time.perf_counter()


def measure(stage: Stage) -> Iterator[Figure]:
    """Into Kore, into a v2 that answers with the task, into one that answers nothing."""
    count = stage.size(1_000, 60)
    lone_v2 = Spec(pairs=count, only="v2", delay_seconds=DELAY_SECONDS)
    lone_kore = Spec(pairs=count, only="kore", delay_seconds=DELAY_SECONDS)
    for workers in WORKERS[:1] if stage.is_quick else WORKERS:
        yield _figure(stage, "kore", "Kore", lone_v2, workers)
        if not stage.is_quick:
            telling = replace(lone_kore, v2=TELLING)
            yield _figure(stage, "v2", "v2 that answers with the task", telling, workers)
            silent = replace(lone_kore, pairs=max(1, count // 4))
            yield _figure(stage, "v2", "v2 that answers nothing", silent, workers)


def _figure(stage: Stage, into: str, label: str, spec: Spec, workers: int) -> Figure:
    with World(spec) as world:
        config = write_configuration(
            stage.at("creates"), world.block, {"sync.workers": str(workers)}
        )
        created, seconds, before, asked = _backfill(config)
        bodies = world.do(writes, into)
    with World(spec) as world:
        floor = post(_parsed(world.block), into, bodies, workers)
    sent = sum(1 + len(updates) for _, updates in bodies)
    look_ups, polls = asked.of("ask", into), asked.polls()
    return Figure(
        what=f"backfill of {created:,} creates into {label}, {workers} workers",
        floor=len(bodies) / floor,
        ours=created / seconds,
        unit="creates/s",
        target=times_at_least(0.9),
        note=f"{sent} writes, {look_ups} look-ups, {polls} polls; {before:.1f} s to read and match",
    )


def _backfill(config: Path) -> tuple[int, float, float, Asked]:
    """How many were created, in how many seconds, after how many of reading."""
    with opened(config) as bridge:
        asked, beginning = Asked(), Beginning()
        bridge.listeners.all += [asked, beginning]
        began = time.perf_counter()
        outcome = run_backfill(bridge.desk(), Backfill())
        ended = time.perf_counter()
    created = sum(outcome.summary["created"].values())
    return created, ended - beginning.at, beginning.at - began, asked


def _parsed(block: str) -> dict[str, Any]:
    return tomllib.loads(block)


def post(config: dict[str, Any], into: str, bodies: Bodies, workers: int) -> float:
    """The floor: send them all from so many threads; gives the seconds."""
    limits = httpx.Limits(max_connections=workers)
    with httpx.Client(timeout=TIMEOUT_SECONDS, limits=limits) as client:
        sender = _kore_sender if into == "kore" else _v2_sender
        send = sender(client, config[into])
        began = time.perf_counter()
        with ThreadPoolExecutor(workers) as threads:
            list(threads.map(send, bodies))
        return time.perf_counter() - began


def _kore_sender(client: httpx.Client, kore: dict[str, Any]) -> Any:
    headers = kore_headers(kore)

    def send(bodies: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
        create, updates = bodies
        answer = client.post(kore_url(kore, "createTask"), json=create, headers=headers)
        made = answer.raise_for_status().json()["_id"]
        for body in updates:
            answer = client.post(kore_url(kore, f"updateTask/{made}"), json=body, headers=headers)
            answer.raise_for_status().json()

    return send


def _v2_sender(client: httpx.Client, v2: dict[str, Any]) -> Any:
    """Where no answer tells the id, updates go to one task that is there."""
    root, headers = f"{v2['base_url']}/tasks/", v2_headers(v2)
    first = client.post(root, json={"title": "The first of all"}, headers=headers)
    first.raise_for_status()
    there = client.get(root, params={"limit": "1"}, headers=headers).json()[0]["_id"]

    def send(bodies: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
        create, updates = bodies
        answer = client.post(root, json=create, headers=headers).raise_for_status()
        made = answer.json()["_id"] if answer.content else there
        for body in updates:
            client.patch(f"{root}{made}", json=body, headers=headers).raise_for_status()

    return send
