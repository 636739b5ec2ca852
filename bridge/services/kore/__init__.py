"""Kore case management over HTTP."""

from bridge.services.kore.client import KoreService
from bridge.services.kore.settings import KoreSettings

__all__ = ["KoreService", "KoreSettings"]
