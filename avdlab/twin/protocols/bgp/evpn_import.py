"""What a device takes from EVPN and VPN routes: flood lists, remote MACs, paths into its VRFs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.net.addresses import ALL_ONES, IPV4_BITS, IPV6_BITS, Prefix, host_prefix
from avdlab.twin.config.settings import Afi, BgpVrfSettings, MacVrfSettings
from avdlab.twin.protocols.bgp.classes import Metric
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import (
    EvpnNlri,
    Relearned,
    domains_of,
    is_gateway,
    mac_vrf_targets,
)
from avdlab.twin.protocols.bgp.evpn_index import Group, Index
from avdlab.twin.protocols.bgp.evpn_macs import Heard, Shared
from avdlab.twin.protocols.bgp.evpn_segments import LocalSegment, local_segments, state_of
from avdlab.twin.protocols.bgp.exchange import Candidate, Edge, learned_as
from avdlab.twin.protocols.bgp.model import LocalMac, Speaker
from avdlab.twin.protocols.bgp.originate import Interner, restored
from avdlab.twin.protocols.bgp.policy import apply_route_map
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.tables.bgp import EvpnType
from avdlab.twin.tables.communities import find_router_mac, route_target
from avdlab.twin.tables.l2 import ArpEntry, MacEntry, Segment

Imports = dict[Prefix, tuple[Candidate, ...]]
Indices = Mapping[Afi, Index]
Metrics = Mapping[Afi, Metric]


def _ip_prefix(nlri: EvpnNlri) -> Prefix:
    """Return what a VRF gets: the prefix of a type 5, the host of a type 2."""
    address = nlri.key.address or 0
    bits = IPV4_BITS if address <= ALL_ONES else IPV6_BITS
    return nlri.key.prefix or host_prefix(address, bits)


@dataclass(slots=True)
class Learned:
    """The stations and segments that a device heard of."""

    macs: dict[tuple[int, str], MacEntry] = field(default_factory=dict)
    arp: dict[tuple[str, int], ArpEntry] = field(default_factory=dict)
    relearned: tuple[Relearned, ...] = ()  # by a gateway
    segments: tuple[Segment, ...] = ()


@dataclass(slots=True)
class Importer:
    """Imports by route target: who wants which target, on one device."""

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
        if family is not None and is_gateway(bgp):
            local, remote = family.domain_identifier, family.domain_identifier_remote
            found.gateway = (local or "", remote or "")
        for mac_vrf in bgp.mac_vrfs:
            for domain in domains_of(bgp, mac_vrf):
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

    @property
    def _here(self) -> Instance:
        return (self.speaker.node, "default")

    def _vtep(self) -> int:
        vxlan = self.speaker.vxlan
        return vxlan.source or 0 if vxlan is not None else 0

    def _domain(self, path: Candidate) -> str:
        if self.gateway is None:
            return ""
        return "remote" if path.edge is not None and path.edge.into.domain_remote else "local"

    def _heard(self, groups: Iterable[Group], metric: Metric) -> Iterator[tuple[Group, Candidate]]:
        """Yield groups with their best path here; what this device originates is nothing heard."""
        for group in groups:
            best = group.solved.best(self._here, metric)
            if best is not None and best.edge is not None:
                yield group, best

    # -------------------------------------------------------------------------- VLANs
    def _of_vlans(self, index: Index) -> Iterator[Group]:
        return index.wanted({target for _, target in self._mac_vrfs})

    def flood(self, index: Index, metric: Metric) -> dict[int, set[int]]:
        """Return VLAN -> the VTEPs that asked for its broadcasts by type 3."""
        found: dict[int, set[int]] = {}
        if not self._mac_vrfs:
            return found
        imets = [g for g in self._of_vlans(index) if g.first.key.type is EvpnType.IMET]
        slow = []
        for group in imets:
            hop = group.hop(metric)
            if hop is None or self.gateway is not None:
                slow.append(group)
            elif isinstance(group.solved.winner(self._here, metric), Edge):
                for vlan in self._vlans(group.first, group.first.communities, ""):
                    found.setdefault(vlan, set()).add(hop)
        for group, best in self._heard(slow, metric):
            for vlan in self._vlans(group.first, group.communities(best), self._domain(best)):
                found.setdefault(vlan, set()).add(best.attributes.next_hop)
        return found

    def floods(self, index: Index, metric: Metric, vlan: int, vtep: int) -> bool | None:
        """Tell whether a VTEP asked for the broadcasts of a VLAN; None where the whole list must
        be looked at."""
        if self.gateway is not None or not index.imets_by_hop(metric).every:
            return None
        return any(
            vlan in self._vlans(group.first, group.first.communities, "")
            and isinstance(group.solved.winner(self._here, metric), Edge)
            for group in index.imets_by_hop(metric).at(vtep, (rt for _, rt in self._mac_vrfs))
        )

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

    def learn(self, index: Index, metric: Metric) -> Learned:
        """Return the MAC addresses of type 2, and what types 1 and 4 tell of segments."""
        shared = Shared(self.segments)
        for group, best in self._heard(index.segments if self._mac_vrfs else (), metric):
            communities = group.communities(best)
            for nlri in group.members:
                vlans = list(self._vlans(nlri, communities, self._domain(best)))
                shared.meet(nlri.key, communities, best.attributes.next_hop, vlans)
        behind: list[Heard] = []
        hosts = (g for g in self._of_vlans(index) if g.first.key.type is EvpnType.MAC_IP)
        for group, best in self._heard(hosts, metric):
            domain, hop, path = self._domain(best), best.attributes.next_hop, best.attributes.d_path
            for vlan in self._vlans(group.first, group.communities(best), domain):
                behind += [Heard(nlri, vlan, hop, domain, path) for nlri in group.members]
        return self._learned(behind, shared)

    def _learned(self, behind: list[Heard], shared: Shared) -> Learned:
        """Of several that tell one MAC address, the shortest way between domains wins, then the
        lowest VTEP. Behind a segment of our own, a station is on our own port."""
        found = Learned()
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
        return found

    def _relearned(self, best: Iterable[Heard]) -> Iterator[Relearned]:
        local, remote = self.gateway or ("", "")
        for heard in sorted(best, key=lambda item: item.order):
            left = remote if heard.domain == "remote" else local
            path = (left, *heard.d_path) if left else heard.d_path
            mac = LocalMac(heard.vlan, heard.nlri.key.mac or "", heard.nlri.key.address)
            yield Relearned(mac, heard.domain, path)

    def vteps(self, indices: Indices, metrics: Metrics) -> set[int]:
        """Return every VTEP that something was imported from."""
        found: set[int] = set()
        index, metric = indices[Afi.EVPN], metrics[Afi.EVPN]
        for group, best in self._heard(self._of_vlans(index), metric):
            if any(self._vlans(group.first, group.communities(best), self._domain(best))):
                found.add(best.attributes.next_hop)
        for group, _, shared in self._routes(Afi.EVPN, indices, metrics, None):
            if not group.first.labelled:
                found.update(ranked.candidate.attributes.next_hop for ranked in shared)
        return found

    # -------------------------------------------------------------------------- VRFs
    def wants(self, vrf: str) -> bool:
        """Tell whether a VRF imports anything."""
        return any(
            found.name == vrf
            for table in self._vrfs.values()
            for v in table.values()
            for found in v
        )

    def imports(self, vrf: str, indices: Indices, metrics: Metrics) -> Imports:
        """Return the paths that a VRF imports, of both families."""
        table: dict[Prefix, list[Candidate]] = {}
        for afi in indices:
            for group, wanted, shared in self._routes(afi, indices, metrics, vrf):
                for nlri in group.members:
                    if self._attached(nlri):
                        continue
                    prefix = _ip_prefix(nlri)
                    paths = self._imported(wanted, nlri, prefix, shared)
                    if paths:
                        table.setdefault(prefix, []).extend(paths)
        return {prefix: tuple(paths) for prefix, paths in table.items()}

    def retold(self, vrf: str, indices: Indices, metrics: Metrics) -> set[Prefix]:
        """Return the prefixes that a VRF imports and tells its iBGP peers: those heard by eBGP.
        Their paths are not looked at."""
        found: set[Prefix] = set()
        for afi, index in indices.items():
            table = self._vrfs.get(afi, {})
            wanted = {t for t, wanting in table.items() if any(v.name == vrf for v in wanting)}
            for group in index.wanted(wanted):
                first = group.first
                if first.key.type is not EvpnType.IP_PREFIX and first.l3_vni is None:
                    continue
                winner = group.solved.winner(self._here, metrics[afi])
                if isinstance(winner, Edge) and winner.ebgp:
                    found.update(_ip_prefix(n) for n in group.members if not self._attached(n))
        return found

    def _attached(self, nlri: EvpnNlri) -> bool:
        """Tell whether a host is behind a segment that this device forwards for itself: another
        device of the segment has no better way (RFC 7432 17.3)."""
        return nlri.key.mac is not None and any(
            segment.esi == nlri.esi and not segment.settings.single_active and segment.interface
            for segment in self.segments
        )

    def _routes(
        self, afi: Afi, indices: Indices, metrics: Metrics, vrf: str | None
    ) -> Iterator[tuple[Group, BgpVrfSettings, tuple[Ranked, ...]]]:
        """Yield the groups that VRFs import: who wants them, and the paths that share the load."""
        table = self._vrfs.get(afi, {})
        targets = {
            target
            for target, wanting in table.items()
            if vrf is None or any(found.name == vrf for found in wanting)
        }
        for group in indices[afi].wanted(targets):
            first = group.first
            if first.key.type is not EvpnType.IP_PREFIX and first.l3_vni is None:
                continue
            best = group.solved.best(self._here, metrics[afi])
            if best is None or best.edge is None:
                continue
            communities = group.communities(best)
            wanting = {v.name: v for rt in communities for v in table.get(rt, ())}
            for name in sorted(wanting):
                if vrf in (None, name):
                    ranked = group.solved.ranked(self._here, metrics[afi])
                    yield group, wanting[name], tuple(r for r in ranked if r.best or r.ecmp)

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
