"""How long the fuzz tests look: 300 examples, or 10 000 examples each with AVDLAB_FUZZ=slow.

Seeds are kept in seeds.txt: every one was run with 10 000 examples, and the slow run takes all of
them again. What it finds becomes an `@example` of its test.
"""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

SLOW = os.environ.get("AVDLAB_FUZZ") == "slow"
EXAMPLES = int(os.environ.get("AVDLAB_FUZZ_EXAMPLES", "10000" if SLOW else "300"))
SEEDS = tuple(
    int(line)
    for line in (Path(__file__).parent / "seeds.txt").read_text().splitlines()
    if line and not line.startswith("#")
)
CHOSEN = SEEDS if SLOW else SEEDS[:1]
PROFILE = settings(
    max_examples=EXAMPLES,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
