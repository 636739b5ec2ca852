"""Every measurement by name, in the order in which they run.

Sweeps come first: what follows changes tasks of the same world, and a sweep is measured of tasks
that have not changed.
"""

from collections.abc import Mapping

from benchmarks import creates, cycles, large, limited, peers, polls, start, sweeps, ways
from benchmarks.figures import Measurement

MEASUREMENTS: Mapping[str, Measurement] = {
    "sweeps": sweeps.measure,
    "cycles": cycles.measure,
    "polls": polls.measure,
    "start": start.measure,
    "ways": ways.measure,
    "large": large.measure,
    "creates": creates.measure,
    "script": peers.measure_script,
    "dlt": peers.measure_dlt,
    "limited-backfill": limited.measure_backfill,
    "limited-sweep": limited.measure_sweep,
}
# Those of them that are over in a minute, and that fail on an order of magnitude.
QUICK = ("sweeps", "cycles", "polls", "large", "creates", "script", "limited-sweep")
