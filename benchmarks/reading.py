"""One whole reading of both sides: `python -m benchmarks.reading CONFIG [first]`.

`first`: of tasks that are not known yet, which are stored and left for a cycle to decide. Prints
its seconds (without the start of the program), the tasks that it read and the most memory that the
process held, so that it stands beside benchmarks/floor.py.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.setup import opened
from bridge.daemon.slice import Part, Slice, run_slice
from bridge.sync.cycle import Wish, run_cycle

FOREVER = 1e9


def peak_kib() -> int:
    """The most memory that this program held; rusage would count what its parent held, too."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(words: Sequence[str]) -> int:
    """Sweep once, to the end."""
    with opened(Path(words[0])) as bridge:
        began = time.perf_counter()
        if "first" in words:
            outcome = run_slice(bridge.desk(), Slice(part=Part.SWEEP, seconds=FOREVER))
        else:
            outcome = run_cycle(bridge.desk(), Wish(sweep_seconds=None, forces_sweep=True))
        seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    found = {
        "seconds": round(seconds, 3),
        "processor": round(used.ru_utime + used.ru_stime, 3),
        "peak_mib": round(peak_kib() / 1024, 1),
        "read": outcome.summary["read"],
        "requests": outcome.summary["requests"],
    }
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
