"""The routing tables without BGP: connected and static routes, OSPF and IS-IS."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from avdlab.twin.fabric.below import Below
from avdlab.twin.fabric.devices import FAMILIES, Tables
from avdlab.twin.fabric.layers import (
    IgpQuestion,
    IgpRouter,
    Remembered,
    answer_igp,
    igp_question,
)
from avdlab.twin.protocols import routing
from avdlab.twin.protocols.igp import Segments
from avdlab.twin.protocols.link_state import Igp
from avdlab.twin.tables.rib import Rib, Route

# node -> VRF -> static routes in the table and what leaks into it, of both families
Statics = dict[str, dict[str, tuple[Route, ...]]]


@dataclass(slots=True)
class BaseTables:
    """The tables, round by round: while nothing that they are made of changes, the same ones."""

    below: Below
    igp: Remembered[IgpQuestion, Igp]
    _made_of: tuple[Statics, Igp] | None = None
    _made: dict[int, Tables] = field(default_factory=dict)

    def without_igp(self, statics: Statics) -> dict[int, Tables]:
        """Return connected and static routes; `statics` are those that resolved a round before."""
        nodes = sorted(self.below.plant.switches)
        return {bits: {n: self._of(n, statics, bits) for n in nodes} for bits in FAMILIES}

    def solve(
        self, statics: Statics, ribs: Mapping[int, Tables], segments: Segments
    ) -> tuple[Igp, dict[int, Tables]]:
        """Return what the IGPs compute, and all tables. `ribs`: those of the round before, of which
        the IGPs redistribute."""
        base = None if all(ribs.values()) else self.without_igp(statics)
        routers = self._routers(ribs if base is None else base)
        pending = self.below.plant.inputs.pending
        igp = self.igp.ask(igp_question(routers, segments, pending), answer_igp)
        if self._made_of is None or self._made_of[1] is not igp or self._made_of[0] != statics:
            self._made = base or self.without_igp(statics)
            for bits in FAMILIES:
                self._with_igp(self._made[bits], igp, bits)
            self._made_of = (statics, igp)
        return igp, self._made

    def _of(self, node: str, statics: Statics, bits: int) -> dict[str, Rib]:
        below, switch = self.below, self.below.plant.switches[node]
        routes = routing.connected(switch, below.ports[node], bits)
        ribs = {vrf: Rib.of(found, bits) for vrf, found in routes.items()}
        for vrf, known in statics.get(node, {}).items():
            for route in known:
                if route.prefix.bits == bits:
                    ribs[vrf].offer(route)
        routing.with_static(switch, ribs, below.ports[node], bits)
        return ribs

    def _routers(self, ribs: Mapping[int, Tables]) -> list[IgpRouter]:
        return [
            IgpRouter.of(
                node,
                switch.settings,
                self.below.ports[node],
                *(ribs[bits][node] for bits in FAMILIES),
            )
            for node, switch in sorted(self.below.plant.switches.items())
            if switch.settings.ospf or switch.settings.isis or switch.settings.isis_vrfs
        ]

    def _with_igp(self, tables: Tables, igp: Igp, bits: int) -> None:
        """Add what the IGPs found, and the static routes that resolve over it."""
        below = self.below
        for node, ribs in tables.items():
            found = igp.routes.get(node, {})
            for vrf, routes in found.items():
                for route in routes if vrf in ribs else ():
                    if route.prefix.bits == bits:
                        ribs[vrf].offer(route)
            if found:
                routing.with_static(below.plant.switches[node], ribs, below.ports[node], bits)
