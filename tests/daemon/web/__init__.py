"""Tests of what a running daemon serves over HTTP, through real HTTP."""
