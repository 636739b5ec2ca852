"""The crash sweep: a real bridge killed at every step, started again, and its end compared.

A scenario (`scenarios/`) says how the world begins, what people do and what is run. A step is a
database commit or an HTTP write. One harness (`stage.py`) plays a scenario once to count its
steps and to see its end; then, for every step and every fate of it, a fork of the harness is
that bridge, dies there by SIGKILL, and a second fork goes on. `python -m tests.proof.sweep`.
"""
