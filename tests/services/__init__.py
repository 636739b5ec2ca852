"""Tests of the clients of both services, over real HTTP."""
