"""The ports: what the steps need from the world, as small doors.

`Clock` is time and waiting, `Service` one side over HTTP, `Store` the database, `Events` the
ear of whoever watches. Only `bridge/bootstrap.py` knows which classes stand behind them.
"""

from bridge.ports.clock import Clock, Event, Events
from bridge.ports.service import Service
from bridge.ports.store import Budget, Store
from bridge.ports.unit import Period, Unit
from bridge.ports.view import LinkView

__all__ = ["Budget", "Clock", "Event", "Events", "LinkView", "Period", "Service", "Store", "Unit"]
