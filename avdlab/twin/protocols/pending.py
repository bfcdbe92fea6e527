"""What takes time: facts that can be and are not yet, and facts that are gone and not yet noticed.

A protocol computes what would be once everything is quiet, leaves out what comes late, and keeps
what still holds. Without either, its answer is the quiet one. Facts are named by tuples of text:

    ("reload", node, port)                  EOS: MLAG's reload delay keeps the port errdisabled
    ("stp", node, instance, port)           the port forwards
    ("mlag", node, node)                    the pair is connected
    ("ospf" or "isis", node, port, node, port[, level])   an adjacency, as the first node sees it
    ("pim", node, port, node, port)         a neighbor, as the first node sees it
    ("bgp", node, vrf, peer, node, vrf, peer)             a session
"""

from dataclasses import dataclass
from enum import StrEnum

Fact = tuple[str, ...]


class Timing(StrEnum):
    """How a fact stands in time."""

    QUIET = ""
    LATE = "it is on its way up"
    HELD = "it is gone, and nobody has noticed yet"


@dataclass(frozen=True, slots=True)
class Pending:
    """The facts that are not as they will be."""

    late: frozenset[Fact] = frozenset()
    held: frozenset[Fact] = frozenset()

    def of(self, *facts: Fact) -> Timing:
        """Return how things stand, where one late fact makes the whole late."""
        if any(fact in self.late for fact in facts):
            return Timing.LATE
        return Timing.HELD if any(fact in self.held for fact in facts) else Timing.QUIET

    def only(self, *kinds: str) -> "Pending":
        """Return what concerns these kinds of facts."""
        late, held = (
            frozenset(fact for fact in facts if fact[0] in kinds)
            for facts in (self.late, self.held)
        )
        return Pending(late, held)

    def held_of(self, kind: str) -> list[Fact]:
        """Return the facts of a kind that still hold, in order."""
        return sorted(fact for fact in self.held if fact[0] == kind)


NOTHING = Pending()
