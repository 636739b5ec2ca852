"""Simulated services to try, teach and test with: real HTTP servers on loopback.

They behave as the facts about Kore case management and the v2 /tasks service say; what nobody
knows is a switch. They know nothing of the bridge.
"""

from bridge.sandbox.calls import Call
from bridge.sandbox.connection import describe_connection
from bridge.sandbox.faults import MEANINGS, Fault
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.people import Edit, People
from bridge.sandbox.sandbox import Sandbox
from bridge.sandbox.v2.switches import V2Switches

__all__ = [
    "MEANINGS",
    "Call",
    "Edit",
    "Fault",
    "KoreSwitches",
    "People",
    "Sandbox",
    "V2Switches",
    "describe_connection",
]
