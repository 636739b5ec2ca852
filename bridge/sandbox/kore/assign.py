"""Who is in charge after an update: agents by their ids, and the ways to take one off.

Which id is needed and what takes an agent off is unknown; the switches choose.
"""

from typing import Any

from bridge.sandbox.answers import JsonObject, Refusal
from bridge.sandbox.kore.record import Record
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.kore.vocabulary import Agent
from bridge.sandbox.kore.world import KoreWorld


def with_assignee(
    record: Record, body: JsonObject, world: KoreWorld, switches: KoreSwitches, at: int
) -> Record:
    """The record after currAssignee and assigneeType of a body; other keys are not looked at."""
    given = body.get("currAssignee")
    if given is not None and not isinstance(given, dict):
        raise Refusal(400, "currAssignee is not an object")
    if given:
        agent = _agent(given, world, switches)
        return world.assigned(record, agent.agent_id, at)
    if _takes_off(body, switches):
        return world.assigned(record, None, at)
    return record


def _takes_off(body: JsonObject, switches: KoreSwitches) -> bool:
    """Whether the body holds the one form that takes an agent off."""
    if switches.unassign == "assignee_type":
        return body.get("assigneeType") == "unassigned"
    if "currAssignee" not in body:
        return False
    form: Any = {} if switches.unassign == "empty_object" else None
    return bool(body["currAssignee"] == form)


def _agent(given: JsonObject, world: KoreWorld, switches: KoreSwitches) -> Agent:
    """The agent whom the ids name; a 400 if a needed id is missing or nobody has it."""
    found = [agent for agent in world.agents.values() if _fits(agent, given, switches)]
    if not found:
        raise Refusal(400, "currAssignee is not known")
    return found[0]


def _fits(agent: Agent, given: JsonObject, switches: KoreSwitches) -> bool:
    by_agent = given.get("agentId") == agent.agent_id
    by_account = given.get("aId") == agent.account_agent_id
    return {
        "both": by_agent and by_account,
        "either": by_agent or by_account,
        "agentId": by_agent,
        "aId": by_account,
    }[switches.assignee_id]
