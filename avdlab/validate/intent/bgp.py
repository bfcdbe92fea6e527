"""`router_bgp` of a structured configuration: neighbors with their groups merged in, EVPN VRFs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from avdlab.topology.ports import expand_vlans
from avdlab.validate.intent import structured as sc
from avdlab.validate.intent.model import IpVrf, MacVrf, Peer
from avdlab.validate.intent.structured_bfd import Timers

Owners = Mapping[tuple[str, str], tuple[str, ...]]
_ALL_COMMUNITIES = frozenset({"standard", "extended", "large"})


def peers(bgp: sc.RouterBgp, owners: Owners, pair: str = "") -> tuple[Peer, ...]:
    """Return all neighbors that are not shut. `pair`: the other device of an MLAG pair."""
    groups = {group.name: group for group in bgp.peer_groups}
    families = {"ipv4": bgp.address_family_ipv4}
    if bgp.address_family_evpn is not None:
        families["evpn"] = bgp.address_family_evpn
    if bgp.address_family_vpn_ipv4 is not None:
        families["vpn-ipv4"] = bgp.address_family_vpn_ipv4
    found = list(_in_vrf(bgp, "default", bgp.neighbors, bgp.neighbor_interfaces, groups, families))
    for vrf in bgp.vrfs:
        own = {"ipv4": vrf.address_family_ipv4}
        found += _in_vrf(bgp, vrf.name, vrf.neighbors, vrf.neighbor_interfaces, groups, own)
    return tuple(_placed(peer, owners, pair) for peer in found)


def _in_vrf(
    bgp: sc.RouterBgp,
    vrf: str,
    neighbors: tuple[sc.Neighbor, ...],
    by_interface: tuple[sc.NeighborInterface, ...],
    groups: Mapping[str, sc.PeerGroup],
    families: Mapping[str, sc.AddressFamily],
) -> Iterator[Peer]:
    for entry in neighbors:
        peer = _peer(bgp, vrf, entry, groups, families, entry.ip_address)
        if peer is not None:
            yield peer
    for unnumbered in by_interface:
        peer = _peer(bgp, vrf, unnumbered, groups, families, "")
        if peer is not None:
            yield peer


def _peer(
    bgp: sc.RouterBgp,
    vrf: str,
    entry: sc.Neighbor | sc.NeighborInterface,
    groups: Mapping[str, sc.PeerGroup],
    families: Mapping[str, sc.AddressFamily],
    address: str,
) -> Peer | None:
    group = groups.get(entry.peer_group, sc.PeerGroup(name=""))
    own, shared = entry.model_fields_set, group.model_fields_set

    def said(field: str) -> object:
        value = getattr(entry, field) if field in own else None
        return value if value is not None or field not in shared else getattr(group, field)

    if said("shutdown"):
        return None
    active = frozenset(
        family
        for family, settings in families.items()
        if _activated(bgp, family, settings, entry.peer_group, address)
    )
    timers = said("bfd_timers")
    return Peer(
        vrf=vrf,
        address=address,
        interface=entry.name if isinstance(entry, sc.NeighborInterface) else "",
        asn=str(said("remote_as") or ""),
        group=entry.peer_group,
        families=active,
        communities=_communities(said("send_community")),
        source=str(said("update_source") or ""),
        multihop=entry.ebgp_multihop or group.ebgp_multihop,
        maximum_routes=(
            group.maximum_routes if entry.maximum_routes is None else entry.maximum_routes
        ),
        routes_warn_only=bool(said("maximum_routes_warning_only")),
        bfd=bool(said("bfd")),
        bfd_timers=timers.values if isinstance(timers, Timers) else None,
        next_hop_self=bool(said("next_hop_self")),
        next_hop_unchanged=bool(said("next_hop_unchanged")),
        route_reflector_client=bool(said("route_reflector_client")),
        route_map_in=str(said("route_map_in") or ""),
        route_map_out=str(said("route_map_out") or ""),
        validated=entry.metadata.validate_state and group.metadata.validate_state,
        device=entry.metadata.peer,
        encapsulation=_encapsulation(bgp, entry.peer_group, address),
        remote_domain=any(
            group.name == entry.peer_group and group.domain_remote
            for group in (bgp.address_family_evpn or sc.AddressFamily()).peer_groups
        ),
    )


def _encapsulation(bgp: sc.RouterBgp, group: str, address: str) -> str:
    settings = bgp.address_family_evpn or sc.AddressFamily()
    own = [entry.encapsulation for entry in settings.neighbors if entry.ip_address == address]
    shared = [entry.encapsulation for entry in settings.peer_groups if entry.name == group]
    return next((text for text in (*own, *shared) if text and text != "vxlan"), "")


def _activated(
    bgp: sc.RouterBgp, family: str, settings: sc.AddressFamily, group: str, address: str
) -> bool:
    """A neighbor's own word goes before its group's, and that before the default of the family."""
    own = next((n.activate for n in settings.neighbors if n.ip_address == address), None)
    if own is not None:
        return own
    shared = next((g.activate for g in settings.peer_groups if g.name == group), None)
    if shared is None and family == "ipv4" and group:
        # in a VRF the group's activation under router bgp itself counts (EOS)
        top = bgp.address_family_ipv4.peer_groups
        shared = next((g.activate for g in top if g.name == group), None)
    if shared is not None:
        return shared
    return family == "ipv4" and bgp.bgp.default.ipv4_unicast is not False


def _communities(text: object) -> frozenset[str]:
    words = str(text or "").split()
    return _ALL_COMMUNITIES if "all" in words else frozenset(words) & _ALL_COMMUNITIES


def _placed(peer: Peer, owners: Owners, pair: str) -> Peer:
    """Find which device of the design a neighbor is, where its metadata does not say so: MLAG
    pairs may all have the same addresses."""
    if peer.device or not peer.address:
        return peer
    found = owners.get((peer.vrf, peer.address), ())
    if len(found) > 1 and pair in found:
        found = (pair,)
    return replace(peer, device=found[0]) if len(found) == 1 else peer


# ---------------------------------------------------------------------------------- EVPN
def mac_vrfs(bgp: sc.RouterBgp) -> tuple[MacVrf, ...]:
    """Return VLANs and bundles with their route targets."""
    found = [_mac_vrf(entry, frozenset({entry.id}), str(entry.id), False) for entry in bgp.vlans]
    found += [
        _mac_vrf(entry, frozenset(expand_vlans(entry.vlan)), entry.name, True)
        for entry in bgp.vlan_aware_bundles
        if entry.vlan
    ]
    return tuple(found)


def _mac_vrf(entry: sc.MacVrf, vlans: frozenset[int], name: str, bundle: bool) -> MacVrf:
    targets = entry.route_targets
    both = targets.import_export_evpn_domains
    own = (
        (*targets.both, *targets.import_, *_in_domain((*both, *targets.import_evpn_domains))),
        (*targets.both, *targets.export, *_in_domain((*both, *targets.export_evpn_domains))),
    )
    domain, rd = entry.rd_evpn_domain.domain, entry.rd_evpn_domain.rd
    remote = rd if domain in {"remote", "all"} else ""
    return MacVrf(
        name,
        vlans,
        rd if domain == "all" else entry.rd,
        frozenset(own[0]),
        frozenset(own[1]),
        bundle,
        remote,
        frozenset(_in_domain((*both, *targets.import_evpn_domains), remote=True)),
        frozenset(_in_domain((*both, *targets.export_evpn_domains), remote=True)),
    )


def _in_domain(targets: tuple[sc.DomainTarget, ...], *, remote: bool = False) -> Iterator[str]:
    """Yield the targets of the gateway's local or remote domain; `all` is both."""
    for target in targets:
        if target.domain == "all" or (target.domain == "remote") == remote:
            yield target.route_target


def takes_prefixes(bgp: sc.RouterBgp) -> str:
    """Return which IP prefixes of EVPN are passed on with the device itself as next hop."""
    family = bgp.address_family_evpn or sc.AddressFamily()
    asked = family.neighbor_default.next_hop_self_received_evpn_routes
    if not asked.enable:
        return ""
    return "inter-domain" if asked.inter_domain else "all"


def ip_vrfs(bgp: sc.RouterBgp) -> dict[str, IpVrf]:
    """Return the VRFs with their route targets of EVPN."""
    return {
        vrf.name: IpVrf(
            vrf.name,
            vrf.rd,
            _targets(vrf.route_targets.import_),
            _targets(vrf.route_targets.export),
            vrf.redistribute.connected.enabled,
            vrf.redistribute.connected.route_map,
            vrf.tells_more,
            vrf.router_id,
            _targets(vrf.route_targets.import_, "vpn-ipv4"),
            _targets(vrf.route_targets.export, "vpn-ipv4"),
            statics=vrf.redistribute.static.enabled and not vrf.redistribute.static.route_map,
        )
        for vrf in bgp.vrfs
    }


def _targets(entries: tuple[sc.FamilyTargets, ...], family: str = "evpn") -> frozenset[str]:
    return frozenset(
        target
        for entry in entries
        if entry.address_family == family
        for target in entry.route_targets
    )


def redistribution(bgp: sc.RouterBgp) -> IpVrf:
    """Return what the default VRF redistributes."""
    connected = bgp.redistribute.connected
    return IpVrf(
        "default",
        "",
        redistributes=connected.enabled,
        route_map=connected.route_map,
        more=bgp.tells_more,
    )
