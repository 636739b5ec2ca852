"""This process by name, and whether another one of this machine still lives.

What Linux says in /proc; elsewhere nothing is known, and nobody is taken for dead.
"""

import os
import secrets
import socket
from pathlib import Path

from bridge.domain.owner import Owner, owner_of

_PROC = Path("/proc")
# Of /proc/PID/stat, counted behind the name, which may hold anything: state, ..., start time.
_STATE, _STARTED = 0, 19


def this_process() -> Owner:
    """The name of this process, another one at each call."""
    pid = os.getpid()
    return Owner(
        host=socket.gethostname(),
        pid=pid,
        place=_place(),
        started=_started(pid) or "",
        mark=secrets.token_hex(3),
    )


def is_dead(name: str) -> bool:
    """Whether the owner of that name ran on this machine, as counted here, and is gone."""
    owner = owner_of(name)
    if owner is None or not owner.place or not owner.started or owner.place != _place():
        return False
    return _started(owner.pid) != owner.started


def _place() -> str:
    """This boot and this namespace of process ids; empty if they cannot be told."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespace = (_PROC / "self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        return ""
    return f"{boot}.{namespace}"


def _started(pid: int) -> str | None:
    """When a process began, in ticks since the boot; None if it is not there, or only its husk."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    parts = text.rpartition(")")[2].split()
    return None if parts[_STATE] in "ZX" else parts[_STARTED]
