"""Figures that are measured, each beside a floor in the same run."""
