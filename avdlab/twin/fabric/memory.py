"""What one computation of the fabric leaves for the next."""

from dataclasses import dataclass, field

from avdlab.twin.protocols.bgp.memory import Memory as BgpMemory


@dataclass(slots=True)
class Memory:
    """Caches of the layers. An empty memory gives the same states."""

    bgp: BgpMemory = field(default_factory=BgpMemory)
