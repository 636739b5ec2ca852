"""The v2 /tasks service over HTTP."""

from bridge.services.v2.client import V2Service
from bridge.services.v2.settings import V2Settings

__all__ = ["V2Service", "V2Settings"]
