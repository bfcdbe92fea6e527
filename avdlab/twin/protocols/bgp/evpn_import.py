"""What a device takes from EVPN: flood lists, remote MACs, and paths into its VRFs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import Prefix
from avdlab.twin.config.settings import BgpVrfSettings, MacVrfSettings
from avdlab.twin.protocols.bgp.classes import SolvedClass
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import EvpnNlri, carried, mac_vrf_targets, restored
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.originate import Interner
from avdlab.twin.protocols.bgp.policy import apply_route_map
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.tables.bgp import EvpnType
from avdlab.twin.tables.communities import find_router_mac, route_target
from avdlab.twin.tables.l2 import ArpEntry, MacEntry

Classes = list[SolvedClass[EvpnNlri]]
Imports = dict[Prefix, tuple[Candidate, ...]]


@dataclass(slots=True)
class Imported:
    """Everything one device takes from EVPN."""

    vrfs: dict[str, Imports] = field(default_factory=dict)
    flood: dict[int, set[int]] = field(default_factory=dict)
    macs: dict[tuple[int, str], MacEntry] = field(default_factory=dict)
    arp: dict[tuple[str, int], ArpEntry] = field(default_factory=dict)
    vteps: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Importer:
    """Imports by route target: an index of who wants which target, per device."""

    speaker: Speaker
    interner: Interner
    _mac_vrfs: dict[str, list[MacVrfSettings]] = field(default_factory=dict)
    _vrfs: dict[str, list[BgpVrfSettings]] = field(default_factory=dict)
    _paths: dict[tuple[object, ...], tuple[Candidate, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, speaker: Speaker, interner: Interner) -> "Importer":
        found = cls(speaker, interner)
        bgp, vxlan = speaker.settings.bgp, speaker.vxlan
        if bgp is None or vxlan is None or not vxlan.up:
            return found
        for mac_vrf in bgp.mac_vrfs:
            for target in mac_vrf_targets(mac_vrf.import_rts, mac_vrf, bgp.asn):
                found._mac_vrfs.setdefault(target, []).append(mac_vrf)
        for vrf in bgp.vrfs.values():
            if vrf.name in vxlan.vrfs:
                for target in vrf.import_rts.get("evpn", ()):
                    found._vrfs.setdefault(route_target(target), []).append(vrf)
        return found

    def take(self, classes: Classes) -> Imported:
        """Import what the best paths of every class bring."""
        found = Imported()
        if not self._mac_vrfs and not self._vrfs:
            return found
        gathered: dict[str, dict[Prefix, list[Candidate]]] = {}
        here: Instance = (self.speaker.node, "default")
        for solved in classes:
            ranked = solved.solved.ranked.get(here)
            if not ranked or not ranked[0].best or ranked[0].candidate.local:
                continue
            shared = tuple(r for r in ranked if r.best or r.ecmp)
            for nlri in solved.members:
                self._take(found, gathered, nlri, shared)
        for vrf, table in gathered.items():
            found.vrfs[vrf] = {prefix: tuple(paths) for prefix, paths in table.items()}
        return found

    def _take(
        self,
        found: Imported,
        gathered: dict[str, dict[Prefix, list[Candidate]]],
        nlri: EvpnNlri,
        shared: tuple[Ranked, ...],
    ) -> None:
        best = shared[0].candidate
        communities = carried(best.attributes, nlri)
        vtep = best.attributes.next_hop
        if nlri.key.type is EvpnType.IP_PREFIX and nlri.key.prefix is not None:
            self._into_vrfs(found, gathered, nlri, nlri.key.prefix, shared, communities)
            return
        for vlan in self._vlans(nlri, communities):
            if nlri.key.type is EvpnType.IMET:
                found.flood.setdefault(vlan, set()).add(vtep)
            elif nlri.key.mac is not None:
                self._learn(found, nlri, vlan, vtep)
            found.vteps.add(vtep)
        if nlri.key.address is not None and nlri.l3_vni is not None:
            host = Prefix(nlri.key.address, 32)
            self._into_vrfs(found, gathered, nlri, host, shared, communities)

    def _vlans(self, nlri: EvpnNlri, communities: frozenset[str]) -> Iterator[int]:
        """Yield the VLANs that a type 2 or 3 belongs to: by target, in a bundle also by tag."""
        vxlan = self.speaker.vxlan
        if vxlan is None:
            return
        seen: set[int] = set()
        for target in communities:
            for mac_vrf in self._mac_vrfs.get(target, ()):
                for vlan in mac_vrf.vlans:
                    vni = vxlan.vlans.get(vlan)
                    matches = not mac_vrf.bundle or nlri.key.eti in {0, vni}
                    if vni is not None and matches and vlan not in seen:
                        seen.add(vlan)
                        yield vlan

    def _learn(self, found: Imported, nlri: EvpnNlri, vlan: int, vtep: int) -> None:
        mac = nlri.key.mac or ""
        found.macs[vlan, mac] = MacEntry(vlan, mac, "Vxlan1", dynamic=True, vtep=vtep)
        interface = self.speaker.settings.interfaces.get(f"Vlan{vlan}")
        if nlri.key.address is not None and interface is not None:
            entry = ArpEntry(interface.vrf, nlri.key.address, mac, interface.name, "Vxlan1")
            found.arp[interface.vrf, nlri.key.address] = entry

    # -------------------------------------------------------------------------- into VRFs
    def _into_vrfs(
        self,
        found: Imported,
        gathered: dict[str, dict[Prefix, list[Candidate]]],
        nlri: EvpnNlri,
        prefix: Prefix,
        shared: tuple[Ranked, ...],
        communities: frozenset[str],
    ) -> None:
        wanted: dict[str, BgpVrfSettings] = {}
        for target in communities:
            for vrf in self._vrfs.get(target, ()):
                wanted[vrf.name] = vrf
        for name in sorted(wanted):
            paths = self._imported(wanted[name], nlri, prefix, shared)
            if paths:
                gathered.setdefault(name, {}).setdefault(prefix, []).extend(paths)
                found.vteps.update(path.attributes.next_hop for path in paths)

    def _imported(
        self,
        vrf: BgpVrfSettings,
        nlri: EvpnNlri,
        prefix: Prefix,
        shared: tuple[Ranked, ...],
    ) -> tuple[Candidate, ...]:
        """EOS: one VRF path for each RD and session in the ECMP set of the EVPN route."""
        if vrf.import_route_map is not None:
            return tuple(self._mapped(vrf.import_route_map, nlri, prefix, shared))
        vni = nlri.vni if nlri.key.type is EvpnType.IP_PREFIX else nlri.l3_vni
        key = (shared, nlri.key.rd, nlri.communities, vni)
        if key not in self._paths:
            self._paths[key] = tuple(
                self._path(ranked.candidate, nlri, vni, order)
                for order, ranked in enumerate(shared)
            )
        return self._paths[key]

    def _path(self, candidate: Candidate, nlri: EvpnNlri, vni: int | None, order: int) -> Candidate:
        attributes = restored(candidate.attributes, nlri)
        return self.interner.candidate(
            Candidate(
                attributes,
                ebgp=candidate.ebgp,
                weight=candidate.weight,
                peer_address=candidate.peer_address,
                peer_id=candidate.peer_id,
                metric=candidate.metric,
                source="evpn",
                imported_rd=nlri.key.rd,
                vni=vni,
                router_mac=find_router_mac(attributes.ext_communities),
                order=order,
            )
        )

    def _mapped(
        self, name: str, nlri: EvpnNlri, prefix: Prefix, shared: tuple[Ranked, ...]
    ) -> Iterator[Candidate]:
        """Apply `route-target import evpn route-map`."""
        vni = nlri.vni if nlri.key.type is EvpnType.IP_PREFIX else nlri.l3_vni
        for order, ranked in enumerate(shared):
            attributes = restored(ranked.candidate.attributes, nlri)
            asked = PolicyRoute(prefix, attributes, ranked.candidate.weight)
            found = apply_route_map(self.speaker.settings.policy, name, asked)
            if found is not None:
                path = Candidate(
                    found.attributes,
                    ebgp=ranked.candidate.ebgp,
                    weight=found.weight,
                    peer_address=ranked.candidate.peer_address,
                    peer_id=ranked.candidate.peer_id,
                    metric=ranked.candidate.metric,
                )
                yield self._path(path, nlri, vni, order)


def merge_imports(imported: Mapping[str, Imported]) -> dict[Instance, Imports]:
    """Return the imported paths of all devices by instance."""
    return {
        (node, vrf): table for node, found in imported.items() for vrf, table in found.vrfs.items()
    }
