"""Tests of the measurements: that their arithmetic is right, and that no order was lost."""
