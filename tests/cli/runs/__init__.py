"""Tests of the commands that work on a pair: against simulated services and a real database."""
