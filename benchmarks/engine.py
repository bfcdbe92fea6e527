"""The twin's engine: from texts to a converged fabric, and after a cut, against the naive engine.

    python -m benchmarks.engine [DEVICES ...]      8 50 200 1000 unless said

Every size runs in a process of its own, so that its memory is its own. Four spines (two in the
smallest), leaves in MLAG pairs, two VRFs with four VLANs each (benchmarks/l3ls.py). Seconds are of
the processor, not of the clock: a busy machine changes them little. The baseline is
tests/twin/naive.py up to `NAIVE` devices: BGP alone, route by route, told what the rest computed.
Memory is what the process holds at most, of which an empty one holds `python`.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from avdlab.twin.fabric.inputs import Cable, Faults, Plug
from benchmarks.l3ls import Plan, boot

SIZES = (8, 50, 200, 1000)
NAIVE = 50
Found = TypeVar("Found")


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    print(f"{'devices':>8} {'parse':>8} {'cold':>8} {'cut':>8} {'heal':>8} {'naive':>8} {'MB':>6}")
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.engine", "--one", str(size)],
            stdout=subprocess.PIPE,
            check=True,
        )
        row = json.loads(done.stdout)
        seconds = (row[key] for key in ("parse", "cold", "cut", "heal", "naive"))
        cells = [f"{value:8.2f}" if value is not None else f"{'-':>8}" for value in seconds]
        print(f"{size:>8} {' '.join(cells)} {row['memory']:>6}", flush=True)


def measure(devices: int) -> dict[str, float | int | None]:
    """Measure one size."""
    spines = 2 if devices < 10 else 4
    empty = _memory()
    parse, fabric = _timed(lambda: boot(Plan(spines, devices - spines, vrfs=2, vlans=4)))
    cold, state = _timed(lambda: fabric.state)
    assert state.converged
    wire = Cable.between(Plug("leaf1a", "Ethernet1"), Plug("spine1", "Ethernet1"))
    fabric.set_faults(Faults(cut=frozenset({wire})))
    cut, _ = _timed(lambda: fabric.state)
    fabric.set_faults(Faults())
    heal, _ = _timed(lambda: fabric.state)
    memory = _memory()
    naive = None
    if devices <= NAIVE:
        from tests.twin.naive import reference

        waiting = reference(fabric)
        naive, _ = _timed(waiting.run)
    return {
        **{"parse": parse, "cold": cold, "cut": cut, "heal": heal, "naive": naive},
        **{"memory": memory, "python": empty},
    }


def _timed(work: Callable[[], Found]) -> tuple[float, Found]:
    begin = time.process_time()
    found = work()
    return time.process_time() - begin, found


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
