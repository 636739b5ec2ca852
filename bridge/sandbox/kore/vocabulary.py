"""Statuses, priorities and agents of a simulated account.

Takes a seeded generator, gives the objects that every account starts with; administrators add
their own. The wire form of each is made here.
"""

import random
from dataclasses import dataclass

from bridge.sandbox.answers import JsonObject
from bridge.sandbox.identity import short_id, whole_id
from bridge.sandbox.kore.switches import KoreSwitches

CATEGORIES = ("open", "in progress", "on hold", "resolved", "closed")
SYSTEM_PRIORITIES = ("Low", "Medium", "High", "Critical")
COLORS = {"Low": "#6B7280", "Medium": "#16A34A", "High": "#F59E0B", "Critical": "#DC2626"}
OWN_COLOR = "#7C3AED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A person who works in Kore, with both ids that records show."""

    agent_id: str
    account_agent_id: str
    name: str

    def wire(self) -> JsonObject:
        """The form of currAssignee."""
        return {"aId": self.account_agent_id, "name": self.name, "agentId": self.agent_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A named status; `category` is one of CATEGORIES."""

    id: str
    name: str
    category: str
    is_system: bool

    def wire(self, switches: KoreSwitches) -> JsonObject:
        """The whole status object."""
        return {
            "_id": self.id,
            "name": self.name,
            "lname": self.name.lower(),
            "statusCategory": spelled(self.category, switches.category_spelling),
            "type": "system" if self.is_system else "custom",
            "desc": f"Status {self.name}",
            "isEnabled": self.name not in switches.disabled_statuses,
            "isActive": True,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """A named priority; `score` of a system one comes from the switches."""

    id: str
    name: str
    score: int | None

    def wire(self, switches: KoreSwitches) -> JsonObject:
        """The whole priority object."""
        return {
            "_id": self.id,
            "name": self.name,
            "lname": self.name.lower(),
            "type": "custom" if self.score is not None else "system",
            "desc": f"Priority {self.name}",
            "color": COLORS.get(self.name, OWN_COLOR),
            "isEnabled": True,
            "isActive": True,
            "score": self.scored(switches),
        }

    def scored(self, switches: KoreSwitches) -> int:
        """The rank that the service shows."""
        if self.score is not None:
            return self.score
        return switches.priority_scores[SYSTEM_PRIORITIES.index(self.name)]


def spelled(category: str, spelling: str) -> str:
    """A category in the spelling of `in progress` that the switch shows."""
    words = category.split()
    if spelling == "in-progress":
        return "-".join(words)
    if spelling == "In Progress":
        return " ".join(word.capitalize() for word in words)
    if spelling == "IN_PROGRESS":
        return "_".join(words).upper()
    return words[0] + "".join(word.capitalize() for word in words[1:])


def system_statuses(rng: random.Random) -> dict[str, Status]:
    """One status a category, by id (documented)."""
    names = {category: category.title() for category in CATEGORIES}
    statuses = (
        Status(id=short_id("sts", rng), name=name, category=category, is_system=True)
        for category, name in names.items()
    )
    return {status.id: status for status in statuses}


def system_priorities(rng: random.Random) -> dict[str, Priority]:
    """Low, Medium, High and Critical, by id (documented)."""
    found = (Priority(id=short_id("pr", rng), name=name, score=None) for name in SYSTEM_PRIORITIES)
    return {priority.id: priority for priority in found}


def agent_named(name: str, rng: random.Random) -> Agent:
    """A new agent."""
    return Agent(agent_id=whole_id("u", rng), account_agent_id=whole_id("a", rng), name=name)
