"""The daemon: slices of work on a schedule, its sign of life, and what it says of itself."""
