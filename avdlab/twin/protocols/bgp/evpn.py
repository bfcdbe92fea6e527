"""EVPN routes (RFC 7432, RFC 9136): what a device originates, and what it makes of the others'.

Types 2 (MAC/IP), 3 (inclusive multicast) and 5 (IP prefix), and those of `evpn_segments`. Route
targets do not decide how a route travels unless a policy looks at them, so during propagation
`AS_ORIGINATED` stands for the extended communities of each NLRI, and routes of one device share a
class.

A gateway's MAC-VRFs are in two EVPN domains, each with its RD and targets: MAC addresses heard in
one are told in the other, with the gateway as next hop.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from avdlab.net.addresses import IPV4_BITS, Prefix, default_prefix, format_ipv4
from avdlab.twin.config.settings import Afi, BgpSettings, BgpVrfSettings, MacVrfSettings
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn_segments import (
    LocalSegment,
    local_segments,
    segment_of,
    told_of,
)
from avdlab.twin.protocols.bgp.exchange import Candidate, learned_as
from avdlab.twin.protocols.bgp.model import LocalMac, Speaker
from avdlab.twin.protocols.bgp.originate import (
    AS_ORIGINATED,
    PLACEHOLDER,
    Interner,
    Table,
    filled,
)
from avdlab.twin.protocols.bgp.policy import apply_route_map
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute
from avdlab.twin.tables.bgp import Attributes, EvpnKey, EvpnType
from avdlab.twin.tables.communities import (
    VXLAN_ENCAPSULATION,
    route_target,
    router_mac,
)


@dataclass(frozen=True, slots=True)
class EvpnNlri:
    """An EVPN NLRI with what its originator says of it."""

    key: EvpnKey
    communities: frozenset[str]  # extended
    vni: int | None  # label: L2 VNI of types 2 and 3, L3 VNI of type 5, or an MPLS label
    l3_vni: int | None = None  # second label of a type 2 with an address
    labelled: bool = False  # reached by MPLS labels, not over VXLAN
    esi: str | None = None  # the Ethernet segment that a MAC address is behind


@dataclass(frozen=True, slots=True)
class Relearned:
    """A MAC address that a gateway heard in one EVPN domain."""

    mac: LocalMac
    domain: str  # local or remote
    d_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvpnPath:
    """An NLRI and the path that a device originates for it."""

    nlri: EvpnNlri
    path: Candidate


@dataclass(frozen=True, slots=True)
class _Origin:
    """A device as an originator: its VTEP and identity."""

    speaker: Speaker
    bgp: BgpSettings
    vtep: int
    router_ids: Mapping[str, int]
    interner: Interner
    segments: tuple[LocalSegment, ...] = ()
    relearned: tuple[Relearned, ...] = ()

    def path(self, domain: str = "", d_path: tuple[str, ...] = ()) -> Candidate:
        """Return the plain path: one object, so that all plain routes are one class."""
        attributes = Attributes(0, ext_communities=PLACEHOLDER, d_path=d_path)
        return self.interner.candidate(
            Candidate(
                attributes,
                local=True,
                peer_id=self.router_ids["default"],
                originated_next_hop=self.vtep,
                domain=domain,
            )
        )


def originated(
    speaker: Speaker,
    router_ids: Mapping[str, int],
    tables: Mapping[str, Mapping[int, Table]],
    interner: Interner,
    relearned: tuple[Relearned, ...] = (),
) -> Iterator[EvpnPath]:
    """Yield the EVPN routes of a device. `tables`: VRF -> bits of the family -> BGP table;
    `relearned`: MAC addresses that a gateway heard in one domain, for the other.
    Without a VTEP that is up there are none."""
    bgp, vxlan = speaker.settings.bgp, speaker.vxlan
    if bgp is None or vxlan is None or not vxlan.up or vxlan.source is None:
        return
    segments = local_segments(speaker)
    origin = _Origin(speaker, bgp, vxlan.source, router_ids, interner, segments, relearned)
    for mac_vrf in bgp.mac_vrfs:
        yield from _of_mac_vrf(origin, mac_vrf)
    yield from _of_segments(origin)
    for vrf in bgp.vrfs.values():
        for bits, table in tables.get(vrf.name, {}).items():
            yield from _of_vrf(origin, vrf, table, bits)


# ------------------------------------------------------------------------------ types 2 and 3
def mac_vrf_rd(mac_vrf: MacVrfSettings, router_id: int) -> str | None:
    """Return the RD; `rd auto` is router-id:VLAN."""
    if mac_vrf.rd != "auto":
        return mac_vrf.rd
    return f"{format_ipv4(router_id)}:{min(mac_vrf.vlans)}" if mac_vrf.vlans else None


def mac_vrf_targets(targets: frozenset[str], mac_vrf: MacVrfSettings, asn: int) -> frozenset[str]:
    """Return route targets as communities; `auto` is AS:VLAN."""
    first = min(mac_vrf.vlans) if mac_vrf.vlans else 0
    return frozenset(
        route_target(f"{asn & 0xFFFF}:{first}" if target == "auto" else target)
        for target in targets
    )


def is_gateway(bgp: BgpSettings) -> bool:
    """Tell whether a device has two EVPN domains: neighbors or MAC-VRFs in the remote one."""
    family = bgp.vrfs["default"].families.get(Afi.EVPN)
    neighbors = family.neighbors.values() if family is not None else ()
    return any(mac_vrf.rd_remote is not None for mac_vrf in bgp.mac_vrfs) or any(
        neighbor.domain_remote for neighbor in neighbors
    )


def domains_of(bgp: BgpSettings, mac_vrf: MacVrfSettings) -> tuple[str, ...]:
    """Return the EVPN domains that a MAC-VRF is in: a gateway's may be in two, or local alone."""
    if mac_vrf.rd_remote is not None:
        return ("local", "remote")
    return ("local",) if is_gateway(bgp) else ("",)


def _of_mac_vrf(origin: _Origin, mac_vrf: MacVrfSettings) -> Iterator[EvpnPath]:
    for domain in domains_of(origin.bgp, mac_vrf):
        yield from _in_domain(origin, mac_vrf, domain)


def _in_domain(origin: _Origin, mac_vrf: MacVrfSettings, domain: str) -> Iterator[EvpnPath]:
    remote = domain == "remote"
    rd = mac_vrf.rd_remote if remote else mac_vrf_rd(mac_vrf, origin.router_ids["default"])
    vxlan = origin.speaker.vxlan
    if rd is None or vxlan is None:
        return
    exported_rts = mac_vrf.export_rts_remote if remote else mac_vrf.export_rts
    targets = mac_vrf_targets(exported_rts, mac_vrf, origin.bgp.asn)
    communities = targets | {VXLAN_ENCAPSULATION}
    told_in = "remote" if remote else "local"
    for vlan in sorted(mac_vrf.vlans & vxlan.vlans.keys()):
        vni = vxlan.vlans[vlan]
        eti = vni if mac_vrf.bundle else 0  # EOS: the tag of a bundle is the VNI
        key = EvpnKey(EvpnType.IMET, rd, eti=eti, address=origin.vtep, domain=told_in)
        yield EvpnPath(EvpnNlri(key, communities, vni), origin.path(domain))
        stem = EvpnKey(EvpnType.MAC_IP, rd, eti=eti, domain=told_in)
        if "learned" in mac_vrf.redistribute:
            for learned in origin.speaker.local_macs:
                if learned.vlan == vlan:
                    esi = segment_of(origin.segments, learned.interface)
                    path = origin.path(domain)
                    yield from _of_mac(origin, learned, stem, vni, communities, path, esi)
        for heard in origin.relearned:
            if heard.mac.vlan == vlan and heard.domain != told_in:
                path = origin.path(domain, heard.d_path)
                esi = _gateway_segment(origin)
                yield from _of_mac(origin, heard.mac, stem, vni, communities, path, esi)


def _gateway_segment(origin: _Origin) -> str | None:
    return next((s.esi for s in origin.segments if not s.interface), None)


def _of_mac(
    origin: _Origin,
    learned: LocalMac,
    stem: EvpnKey,
    vni: int,
    communities: frozenset[str],
    path: Candidate,
    esi: str | None,
) -> Iterator[EvpnPath]:
    """Yield the MAC alone, and with its address once that is known."""
    key = stem._replace(mac=learned.mac)
    yield EvpnPath(EvpnNlri(key, communities, vni, esi=esi), path)
    if learned.address is None:
        return
    key = key._replace(address=learned.address)
    vrf = origin.speaker.settings.interfaces.get(f"Vlan{learned.vlan}")
    l3 = _l3_communities(origin, vrf.vrf) if vrf is not None else None
    extra, l3_vni = l3 if l3 is not None else (frozenset[str](), None)
    yield EvpnPath(EvpnNlri(key, communities | extra, vni, l3_vni, esi=esi), path)


def _of_segments(origin: _Origin) -> Iterator[EvpnPath]:
    """Yield types 1 and 4 of the segments that are up."""
    if not origin.segments or origin.speaker.vxlan is None:
        return
    mac_vrfs = []
    for mac_vrf in origin.bgp.mac_vrfs:
        rd = mac_vrf_rd(mac_vrf, origin.router_ids["default"])
        if rd is not None:
            targets = mac_vrf_targets(mac_vrf.export_rts, mac_vrf, origin.bgp.asn)
            mac_vrfs.append((mac_vrf, rd, targets))
    for segment in origin.segments:
        for told in told_of(segment, origin.vtep, mac_vrfs, origin.speaker.vxlan.vlans):
            nlri = EvpnNlri(told.key, told.communities | {VXLAN_ENCAPSULATION}, told.vni)
            yield EvpnPath(nlri, origin.path())


def _l3_communities(origin: _Origin, name: str) -> tuple[frozenset[str], int] | None:
    """RFC 9135 5.1: with an IP-VRF that routes over VXLAN, its targets and router MAC go along."""
    vrf = origin.bgp.vrfs.get(name)
    vxlan = origin.speaker.vxlan
    if vrf is None or vxlan is None or name not in vxlan.vrfs:
        return None
    targets = frozenset(route_target(target) for target in vrf.export_rts.get("evpn", ()))
    return targets | {router_mac(origin.speaker.router_mac)}, vxlan.vrfs[name][1]


# ------------------------------------------------------------------------------ type 5
def _of_vrf(origin: _Origin, vrf: BgpVrfSettings, table: Table, bits: int) -> Iterator[EvpnPath]:
    vxlan = origin.speaker.vxlan
    targets = vrf.export_rts.get("evpn")
    if vrf.rd is None or not targets or vxlan is None or vrf.name not in vxlan.vrfs:
        return
    vni = vxlan.vrfs[vrf.name][1]
    communities = frozenset(
        {router_mac(origin.speaker.router_mac), VXLAN_ENCAPSULATION, *map(route_target, targets)}
    )
    told: dict[int, Candidate] = {}
    default = _default_export(origin.speaker, vrf, table) if bits == IPV4_BITS else None
    if default is not None:
        key = EvpnKey(EvpnType.IP_PREFIX, vrf.rd, prefix=default_prefix(IPV4_BITS))
        path = as_overlay(origin.interner, default, origin.router_ids["default"], origin.vtep)
        yield EvpnPath(EvpnNlri(key, communities, vni), path)
    for prefix, ranked in table.items():
        key = EvpnKey(EvpnType.IP_PREFIX, vrf.rd, prefix=prefix)
        nlri = EvpnNlri(key, communities, vni)
        for order, path in enumerate(exported(ranked)):
            own, hop = origin.router_ids["default"], origin.vtep
            if vrf.export_route_map is not None:
                for out, changed in mapped(
                    origin.speaker, vrf.export_route_map, prefix, path, nlri
                ):
                    yield EvpnPath(out, as_overlay(origin.interner, changed, own, hop, order))
                continue
            if id(path) not in told:
                told[id(path)] = as_overlay(origin.interner, path, own, hop, order)
            yield EvpnPath(with_own(nlri, path), told[id(path)])


def _default_export(speaker: Speaker, vrf: BgpVrfSettings, table: Table) -> Candidate | None:
    """Return the default route of `default-route export evpn`: told while the VRF has one, or
    always; one that BGP has is told anyway."""
    prefix = default_prefix(IPV4_BITS)
    if vrf.default_export is None:
        return None
    name, always = vrf.default_export
    rib = speaker.ribs.get(vrf.name)
    if prefix in table or not (always or (rib is not None and prefix in rib)):
        return None
    found = apply_route_map(speaker.settings.policy, name, PolicyRoute(prefix, Attributes(0)))
    return None if found is None else Candidate(found.attributes, local=True)


def with_own(nlri: EvpnNlri, path: Candidate) -> EvpnNlri:
    """Return the NLRI with the extended communities that the VRF's path has itself, e.g. SoO."""
    own = path.attributes.ext_communities
    return replace(nlri, communities=nlri.communities | own) if own else nlri


def exported(ranked: tuple[Ranked, ...]) -> Iterator[Candidate]:
    """Yield the paths that a VRF tells EVPN: all but those that came from it (recorded: EOS shows a
    local and an iBGP path of the same prefix, the local one best)."""
    for found in ranked:
        if found.candidate.imported_rd is None and found.candidate.valid:
            yield found.candidate


def as_overlay(
    interner: Interner, path: Candidate, router_id: int, next_hop: int, order: int = 0
) -> Candidate:
    """Return the EVPN or VPN path of a VRF path. `order` keeps the VRF's ranking among several."""
    attributes = replace(
        path.attributes,
        next_hop=0,
        ext_communities=PLACEHOLDER,
        originator_id=None,
        cluster_list=(),
    )
    learned = ("ebgp" if path.ebgp else "ibgp") if not path.local else ""
    return interner.candidate(
        Candidate(
            attributes,
            local=True,
            ebgp=path.ebgp,
            weight=path.weight,
            peer_id=router_id,
            tag=path.tag,
            order=order,
            source=learned,
            originated_next_hop=next_hop,
            learned=not path.local,
        )
    )


def mapped(
    speaker: Speaker, name: str, prefix: Prefix, path: Candidate, nlri: EvpnNlri
) -> Iterator[tuple[EvpnNlri, Candidate]]:
    """Apply `route-target export ... route-map`: it sees and may change the route targets."""
    attributes = replace(
        path.attributes, ext_communities=path.attributes.ext_communities | nlri.communities
    )
    asked = PolicyRoute(
        prefix,
        attributes,
        path.weight,
        path.source,
        tag=path.tag,
        learned=learned_as(path),
        route_type="ip-prefix",
    )
    found = apply_route_map(speaker.settings.policy, name, asked)
    if found is not None:
        out = replace(nlri, communities=found.attributes.ext_communities)
        yield out, replace(path, attributes=found.attributes)


def carried(attributes: Attributes, nlri: EvpnNlri) -> frozenset[str]:
    """Return the extended communities that a path has for one NLRI of its class."""
    present = attributes.ext_communities
    if AS_ORIGINATED not in present:
        return present
    return nlri.communities if len(present) == 1 else filled(present, nlri.communities)
