"""Who holds a lease: a process, named so that another one on the same machine can look for it.

`host:pid:boot.namespace.start:random`. Boot, namespace of process ids and start time tell a
process from another one that got its number later; they are empty where the machine does not say.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process by name. `place` is where its number counts: the boot and the namespace."""

    host: str
    pid: int
    place: str = ""
    started: str = ""
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}:{self.place}.{self.started}:{self.mark}"

    @property
    def label(self) -> str:
        """As people read it."""
        return f"process {self.pid} on {self.host}"


def owner_of(name: str) -> Owner | None:
    """The process of that name; None if it is no such name."""
    parts = name.rsplit(":", 3)
    if len(parts) != 4 or not parts[1].isdigit():
        return None
    host, pid, at, mark = parts
    place, _, started = at.rpartition(".")
    return Owner(host=host, pid=int(pid), place=place, started=started, mark=mark)


def label_of(name: str) -> str:
    """An owner as people read it, whatever its name looks like."""
    owner = owner_of(name)
    return owner.label if owner else name
