"""State of PIM: the interfaces that it runs on, and the neighbors there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PimNeighbor:
    """A router whose hellos arrive. `hold`: for how many seconds one of them is good."""

    address: int
    priority: int
    hello: int
    hold: float
    node: str
    far: str  # its interface
    timing: str = ""  # late or held (protocols/pending.py)
    late: bool = False  # no hello has come yet


@dataclass(frozen=True, slots=True)
class PimPort:
    """An interface with `pim ipv4 sparse-mode` that is up."""

    interface: str
    vrf: str
    address: int
    hello: int
    priority: int
    designated: int  # address of the designated router
    neighbors: tuple[PimNeighbor, ...] = ()

    @property
    def heard(self) -> tuple[PimNeighbor, ...]:
        """The neighbors whose first hello has come."""
        return tuple(neighbor for neighbor in self.neighbors if not neighbor.late)
