"""What one computation of the fabric leaves for the next."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from avdlab.twin.fabric.below import Below
from avdlab.twin.fabric.devices import Upper
from avdlab.twin.fabric.inputs import FabricInputs
from avdlab.twin.fabric.layers import IgpQuestion, Remembered
from avdlab.twin.protocols.bgp.memory import Memory as BgpMemory
from avdlab.twin.protocols.link_state import Igp


@dataclass(slots=True)
class Memory:
    """Caches of the layers. An empty memory gives the same states."""

    # with faults and without, before a change and after it
    below: Remembered[FabricInputs, Below] = field(default_factory=lambda: Remembered(4))
    igp: Remembered[IgpQuestion, Igp] = field(default_factory=lambda: Remembered(4))
    # before a change and after it: a fault that heals
    routing: Remembered[FabricInputs, Upper] = field(default_factory=lambda: Remembered(2))
    bgp: BgpMemory = field(default_factory=BgpMemory)


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep Python's cycle collector out of a computation: it would walk millions of objects again
    and again, for a quarter of the time, and finds no garbage among them."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
