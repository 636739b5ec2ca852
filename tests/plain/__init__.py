"""The port of the store in plain Python: what tests of the steps stand on, many times quicker.

It behaves as the store on SQL does, seen through the port; tests/store runs on both.
"""
