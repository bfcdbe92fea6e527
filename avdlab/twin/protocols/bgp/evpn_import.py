"""What a device takes from EVPN and VPN routes: flood lists, remote MACs, paths into its VRFs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import ALL_ONES, IPV4_BITS, IPV6_BITS, Prefix, host_prefix
from avdlab.twin.config.settings import Afi, BgpVrfSettings, MacVrfSettings
from avdlab.twin.protocols.bgp.classes import SolvedClass
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import (
    EvpnNlri,
    Relearned,
    carried,
    domains_of,
    mac_vrf_targets,
)
from avdlab.twin.protocols.bgp.evpn_macs import SEGMENT_TYPES, Heard, Shared
from avdlab.twin.protocols.bgp.evpn_segments import LocalSegment, local_segments, state_of
from avdlab.twin.protocols.bgp.exchange import Candidate, learned_as
from avdlab.twin.protocols.bgp.model import LocalMac, Speaker
from avdlab.twin.protocols.bgp.originate import Interner, restored
from avdlab.twin.protocols.bgp.policy import apply_route_map
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute
from avdlab.twin.protocols.bgp.propagate import Solved
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.tables.bgp import EvpnType
from avdlab.twin.tables.communities import find_router_mac, route_target
from avdlab.twin.tables.l2 import ArpEntry, MacEntry, Segment

Imports = dict[Prefix, tuple[Candidate, ...]]
Gathered = dict[str, dict[Prefix, list[Candidate]]]  # VRF -> prefix -> paths
Grouped = list[tuple[Solved, list[list[EvpnNlri]]]]


def grouped(classes: Iterable[SolvedClass[EvpnNlri]]) -> Grouped:
    """Group the members of classes that are imported alike: same RD, communities and labels."""
    found: Grouped = []
    for solved in classes:
        groups: dict[tuple[object, ...], list[EvpnNlri]] = {}
        for nlri in solved.members:
            kind = (nlri.key.type, nlri.key.rd, nlri.key.eti, nlri.communities, nlri.esi)
            groups.setdefault((*kind, nlri.vni, nlri.l3_vni), []).append(nlri)
        found.append((solved.solved, list(groups.values())))
    return found


def _ip_prefix(nlri: EvpnNlri) -> Prefix:
    """Return what a VRF gets: the prefix of a type 5, the host of a type 2."""
    address = nlri.key.address or 0
    bits = IPV4_BITS if address <= ALL_ONES else IPV6_BITS
    return nlri.key.prefix or host_prefix(address, bits)


@dataclass(slots=True)
class Imported:
    """Everything one device takes from EVPN and VPN routes."""

    vrfs: dict[str, Imports] = field(default_factory=dict)
    flood: dict[int, set[int]] = field(default_factory=dict)
    macs: dict[tuple[int, str], MacEntry] = field(default_factory=dict)
    arp: dict[tuple[str, int], ArpEntry] = field(default_factory=dict)
    vteps: set[int] = field(default_factory=set)
    relearned: tuple[Relearned, ...] = ()  # by a gateway
    segments: tuple[Segment, ...] = ()


@dataclass(slots=True)
class Importer:
    """Imports by route target: an index of who wants which target, per device."""

    speaker: Speaker
    interner: Interner
    segments: tuple[LocalSegment, ...] = ()
    gateway: tuple[str, str] | None = None  # identifiers of its two domains
    # (domain, target) -> who wants it; the domain is "" on devices that are no gateways
    _mac_vrfs: dict[tuple[str, str], list[MacVrfSettings]] = field(default_factory=dict)
    _vrfs: dict[Afi, dict[str, list[BgpVrfSettings]]] = field(default_factory=dict)
    _paths: dict[tuple[object, ...], tuple[tuple[Ranked, ...], tuple[Candidate, ...]]] = field(
        default_factory=dict
    )

    @classmethod
    def of(cls, speaker: Speaker, interner: Interner) -> "Importer":
        found = cls(speaker, interner)
        bgp, vxlan = speaker.settings.bgp, speaker.vxlan
        if bgp is None:
            return found
        for vrf in bgp.vrfs.values():
            for afi in (Afi.VPN_IPV4, Afi.VPN_IPV6):
                found._want(afi, vrf)
        if vxlan is None or not vxlan.up:
            return found
        found.segments = local_segments(speaker)
        family = bgp.vrfs["default"].families.get(Afi.EVPN)
        if family is not None and any(mac_vrf.rd_remote for mac_vrf in bgp.mac_vrfs):
            local, remote = family.domain_identifier, family.domain_identifier_remote
            found.gateway = (local or "", remote or "")
        for mac_vrf in bgp.mac_vrfs:
            for domain in domains_of(mac_vrf):
                wanted = mac_vrf.import_rts_remote if domain == "remote" else mac_vrf.import_rts
                for target in mac_vrf_targets(wanted, mac_vrf, bgp.asn):
                    found._mac_vrfs.setdefault((domain, target), []).append(mac_vrf)
        for vrf in bgp.vrfs.values():
            if vrf.name in vxlan.vrfs:
                found._want(Afi.EVPN, vrf)
        return found

    def _want(self, afi: Afi, vrf: BgpVrfSettings) -> None:
        for target in vrf.import_rts.get(afi.value, ()):
            self._vrfs.setdefault(afi, {}).setdefault(route_target(target), []).append(vrf)

    def take(self, families: Mapping[Afi, Grouped]) -> Imported:
        """Import what the best paths of every class bring."""
        found = Imported()
        gathered: Gathered = {}
        here: Instance = (self.speaker.node, "default")
        shared_segments = Shared(self.segments)
        behind: list[Heard] = []
        for afi, classes in families.items():
            if not self._vrfs.get(afi) and not (afi is Afi.EVPN and self._mac_vrfs):
                continue
            for solved, groups in classes:
                ranked = solved.ranked.get(here)
                if not ranked or not ranked[0].best or ranked[0].candidate.local:
                    continue
                shared = tuple(r for r in ranked if r.best or r.ecmp)
                for members in groups:
                    if members[0].key.type in SEGMENT_TYPES:
                        self._meet(shared_segments, members, shared[0].candidate)
                    else:
                        self._take(found, gathered, members, shared, afi, behind)
        for vrf, table in gathered.items():
            found.vrfs[vrf] = {prefix: tuple(paths) for prefix, paths in table.items()}
        self._learn_all(found, behind, shared_segments)
        return found

    def _meet(self, shared: Shared, members: list[EvpnNlri], path: Candidate) -> None:
        """Note what types 1 and 4 tell of Ethernet segments."""
        for nlri in members:
            communities = carried(path.attributes, nlri)
            vlans = list(self._vlans(nlri, communities, self._domain(path)))
            shared.meet(nlri.key, communities, path.attributes.next_hop, vlans)

    def _domain(self, path: Candidate) -> str:
        if self.gateway is None:
            return ""
        return "remote" if path.edge is not None and path.edge.into.domain_remote else "local"

    def _take(
        self,
        found: Imported,
        gathered: Gathered,
        members: list[EvpnNlri],
        shared: tuple[Ranked, ...],
        afi: Afi,
        behind: list[Heard],
    ) -> None:
        """Import members that differ in nothing but MAC, address or prefix."""
        first = members[0]
        best = shared[0].candidate
        communities = carried(best.attributes, first)
        if first.key.type is EvpnType.IP_PREFIX:
            wanted = self._wanted(afi, communities)
            self._into_vrfs(found, gathered, members, shared, wanted)
            return
        vtep = best.attributes.next_hop
        domain = self._domain(best)
        for vlan in self._vlans(first, communities, domain):
            found.vteps.add(vtep)
            if first.key.type is EvpnType.IMET:
                found.flood.setdefault(vlan, set()).add(vtep)
                continue
            behind += [Heard(nlri, vlan, vtep, domain, best.attributes.d_path) for nlri in members]
        if first.l3_vni is not None:
            wanted = self._wanted(afi, communities)
            self._into_vrfs(found, gathered, members, shared, wanted)

    def _wanted(self, afi: Afi, communities: frozenset[str]) -> dict[str, BgpVrfSettings]:
        table = self._vrfs.get(afi, {})
        found = {vrf.name: vrf for rt in communities for vrf in table.get(rt, ())}
        return {name: found[name] for name in sorted(found)}

    def _vlans(self, nlri: EvpnNlri, communities: frozenset[str], domain: str) -> Iterator[int]:
        """Yield the VLANs that a type 2 or 3 belongs to: by target, in a bundle also by tag."""
        vxlan = self.speaker.vxlan
        if vxlan is None:
            return
        seen: set[int] = set()
        for target in communities:
            for mac_vrf in self._mac_vrfs.get((domain, target), ()):
                for vlan in mac_vrf.vlans:
                    vni = vxlan.vlans.get(vlan)
                    matches = not mac_vrf.bundle or nlri.key.eti in {0, vni}
                    if vni is not None and matches and vlan not in seen:
                        seen.add(vlan)
                        yield vlan

    def _learn_all(self, found: Imported, behind: list[Heard], shared: Shared) -> None:
        """Learn MAC addresses: of several that tell one, the shortest way between domains wins,
        then the lowest VTEP. Behind a segment of our own, a station is on our own port."""
        own = {segment.esi: segment for segment in self.segments}
        gateways = {segment.esi for segment in self.segments if not segment.interface}
        best: dict[tuple[int, str, int | None], Heard] = {}
        for heard in sorted(behind, key=lambda item: item.rank):
            if heard.nlri.esi not in gateways:
                best.setdefault(heard.key, heard)
        for (vlan, mac, address), heard in sorted(best.items(), key=lambda item: item[1].order):
            vteps = shared.aliases(heard.nlri.esi, vlan) or (heard.vtep,)
            segment = own.get(heard.nlri.esi or "")
            if segment is not None:
                entry = MacEntry(vlan, mac, segment.interface)
            else:
                entry = MacEntry(vlan, mac, "Vxlan1", vtep=vteps[0], vteps=vteps)
            found.macs.setdefault((vlan, mac), entry)
            interface = self.speaker.settings.interfaces.get(f"Vlan{vlan}")
            if address is not None and interface is not None:
                arp = ArpEntry(interface.vrf, address, mac, interface.name, entry.interface)
                found.arp[interface.vrf, address] = arp
        if self.gateway is not None:
            found.relearned = tuple(self._relearned(best.values()))
        found.segments = tuple(
            state_of(segment, self._vtep(), shared.candidates(segment.esi))
            for segment in self.segments
        )

    def _vtep(self) -> int:
        vxlan = self.speaker.vxlan
        return vxlan.source or 0 if vxlan is not None else 0

    def _relearned(self, best: Iterable[Heard]) -> Iterator[Relearned]:
        local, remote = self.gateway or ("", "")
        for heard in sorted(best, key=lambda item: item.order):
            left = remote if heard.domain == "remote" else local
            path = (left, *heard.d_path) if left else heard.d_path
            mac = LocalMac(heard.vlan, heard.nlri.key.mac or "", heard.nlri.key.address)
            yield Relearned(mac, heard.domain, path)

    # -------------------------------------------------------------------------- into VRFs
    def _into_vrfs(
        self,
        found: Imported,
        gathered: Gathered,
        members: list[EvpnNlri],
        shared: tuple[Ranked, ...],
        wanted: Mapping[str, BgpVrfSettings],
    ) -> None:
        for name, vrf in wanted.items():
            table = gathered.setdefault(name, {})
            for nlri in members:
                prefix = _ip_prefix(nlri)
                paths = self._imported(vrf, nlri, prefix, shared)
                if paths:
                    table.setdefault(prefix, []).extend(paths)
            if not members[0].labelled:
                found.vteps.update(ranked.candidate.attributes.next_hop for ranked in shared)

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
        key = (id(shared[0]), len(shared), nlri.key.rd, nlri.communities, vni)
        if key not in self._paths:  # the value holds what the id belongs to
            paths = tuple(self._path(r.candidate, nlri, vni, n) for n, r in enumerate(shared))
            self._paths[key] = (shared, paths)
        return self._paths[key][1]

    def _path(self, candidate: Candidate, nlri: EvpnNlri, vni: int | None, order: int) -> Candidate:
        attributes = self.interner.restored(candidate.attributes, nlri.communities)
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
                vni=None if nlri.labelled else vni,
                label=vni if nlri.labelled else None,
                router_mac=find_router_mac(attributes.ext_communities),
                order=order,
                tag=candidate.tag,
            )
        )

    def _mapped(
        self, name: str, nlri: EvpnNlri, prefix: Prefix, shared: tuple[Ranked, ...]
    ) -> Iterator[Candidate]:
        """Apply `route-target import evpn route-map`."""
        vni = nlri.vni if nlri.key.type is EvpnType.IP_PREFIX else nlri.l3_vni
        for order, ranked in enumerate(shared):
            attributes = restored(ranked.candidate.attributes, nlri.communities)
            asked = PolicyRoute(
                prefix,
                attributes,
                ranked.candidate.weight,
                tag=ranked.candidate.tag,
                learned=learned_as(ranked.candidate),
            )
            found = apply_route_map(self.speaker.settings.policy, name, asked)
            if found is not None:
                path = Candidate(
                    found.attributes,
                    ebgp=ranked.candidate.ebgp,
                    weight=found.weight,
                    peer_address=ranked.candidate.peer_address,
                    peer_id=ranked.candidate.peer_id,
                    metric=ranked.candidate.metric,
                    tag=found.tag,
                )
                yield self._path(path, nlri, vni, order)


def merge_imports(imported: Mapping[str, Imported], bits: int) -> dict[Instance, Imports]:
    """Return the imported paths of one family, of all devices by instance."""
    return {
        (node, vrf): {prefix: paths for prefix, paths in table.items() if prefix.bits == bits}
        for node, found in imported.items()
        for vrf, table in found.vrfs.items()
    }
