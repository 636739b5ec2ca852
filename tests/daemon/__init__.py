"""The daemon: driven tick by tick with a clock that tests move, and as processes."""
