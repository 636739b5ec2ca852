"""The tests of the pure decisions."""
