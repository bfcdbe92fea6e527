"""What EVPN and VPN tell again of routes that VRFs imported: recorded, and dropped by everyone.

On an MLAG pair, one peer imports a route and tells it to the other in the VRF; the other exports
what it heard (recorded: EOS exports everything that it did not import itself). Every neighbor finds
its own AS in the path. Such routes stand in the table of the device that tells them, nowhere else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import Prefix
from avdlab.twin.config.settings import Afi
from avdlab.twin.protocols.bgp.decision import Ranked, rank
from avdlab.twin.protocols.bgp.evpn import EvpnNlri
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.overlay import local_tables, originated, rows
from avdlab.twin.protocols.bgp.state import State
from avdlab.twin.protocols.bgp.unicast import whole


@dataclass(slots=True)
class Retold:
    """The routes that devices tell again, found when somebody looks."""

    state: State
    _found: dict[tuple[Afi, str], dict[EvpnNlri, tuple[Ranked, ...]]] = field(default_factory=dict)
    _counts: dict[tuple[Afi, str], int] = field(default_factory=dict)

    def of(self, afi: Afi, node: str) -> Mapping[EvpnNlri, tuple[Ranked, ...]]:
        """Return the routes of a device that only itself has."""
        key = (afi, node)
        if key not in self._found:
            self._found[key] = self._find(afi, node)
        return self._found[key]

    def _lazy(self, node: str) -> Iterator[tuple[int, str]]:
        """Yield the VRFs, with their family, whose imports were left out and that have a peer."""
        for bits, unicast in self.state.unicast.items():
            for instance, graph in unicast.graph_of.items():
                if instance[0] == node and graph in unicast.lazy and len(graph.routers) > 1:
                    yield bits, instance[1]

    def _find(self, afi: Afi, node: str) -> dict[EvpnNlri, tuple[Ranked, ...]]:
        state = self.state
        lazy = set(self._lazy(node))
        if not lazy:
            return {}
        before = local_tables(state, node)
        full = {
            name: {
                bits: self._rows(bits, (node, name)) if (bits, name) in lazy else table
                for bits, table in tables.items()
            }
            for name, tables in before.items()
        }
        known = {path.nlri for path in originated(state, afi, node, before)}
        told: dict[EvpnNlri, list[Candidate]] = {}
        for path in originated(state, afi, node, full):
            if path.nlri not in known:
                told.setdefault(path.nlri, []).append(path.path)
        router = state.routers[node, "default"]
        return {nlri: rank(paths, router) for nlri, paths in told.items()}

    def _rows(self, bits: int, instance: tuple[str, str]) -> Mapping[Prefix, tuple[Ranked, ...]]:
        unicast = self.state.unicast[bits]
        _, table = whole(self.state, unicast, unicast.graph_of[instance])
        return rows(self.state, bits, instance, table)

    # -------------------------------------------------------------------------- numbers
    def count(self, afi: Afi, node: str) -> int:
        """Return how many routes a device tells again. Where no policy stands between the MLAG
        peers this is what the peer imports and neither originates; else they are looked at."""
        key = (afi, node)
        if key not in self._counts:
            self._counts[key] = sum(self._in_vrf(afi, node, *vrf) for vrf in self._lazy(node))
        return self._counts[key]

    def _in_vrf(self, afi: Afi, node: str, bits: int, vrf: str) -> int:
        state, unicast = self.state, self.state.unicast[bits]
        bgp = state.speakers[node].settings.bgp
        settings = bgp.vrfs[vrf] if bgp is not None else None
        if settings is None or settings.rd is None or not settings.export_rts.get(afi.value):
            return 0
        graph = unicast.graph_of[node, vrf]
        into = graph.edges_in[node, vrf]
        if any(edge.filters for edge in into):
            prefixes = (
                nlri.key.prefix for nlri in self.of(afi, node) if nlri.key.rd == settings.rd
            )
            return sum(1 for prefix in prefixes if prefix is not None and prefix.bits == bits)
        own = {prefix for solved in unicast.classes[graph] for prefix in solved.members}
        heard: set[Prefix] = set()
        for edge in into:
            other = edge.source.instance
            imported = state.importers[other[0]].retold(vrf, state.indices(), state.metrics())
            heard.update(p for p in imported if p.bits == bits and p not in own)
        return len(heard)
