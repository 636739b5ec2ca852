"""The tests of the task bridge."""
