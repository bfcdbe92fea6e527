"""What one computation of the fabric leaves for the next."""

from dataclasses import dataclass, field

from avdlab.twin.fabric.below import Below
from avdlab.twin.fabric.inputs import FabricInputs
from avdlab.twin.fabric.layers import IgpQuestion, Remembered
from avdlab.twin.protocols.bgp.memory import Memory as BgpMemory
from avdlab.twin.protocols.link_state import Igp


@dataclass(slots=True)
class Memory:
    """Caches of the layers. An empty memory gives the same states."""

    below: Remembered[FabricInputs, Below] = field(default_factory=Remembered)
    igp: Remembered[IgpQuestion, Igp] = field(default_factory=Remembered)
    bgp: BgpMemory = field(default_factory=BgpMemory)
