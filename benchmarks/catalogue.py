"""Every measurement by name, in the order in which they run."""

from collections.abc import Mapping

from benchmarks import creates, cycles, large, limited, peers, polls, start, sweeps, ways
from benchmarks.figures import Measurement

MEASUREMENTS: Mapping[str, Measurement] = {
    "polls": polls.measure,
    "cycles": cycles.measure,
    "sweeps": sweeps.measure,
    "creates": creates.measure,
    "start": start.measure,
    "ways": ways.measure,
    "large": large.measure,
    "script": peers.measure_script,
    "dlt": peers.measure_dlt,
    "limited-backfill": limited.measure_backfill,
    "limited-sweep": limited.measure_sweep,
}
