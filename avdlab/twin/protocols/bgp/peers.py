"""What each configured peer asks for: the peer group speaks where the neighbor does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from avdlab.net.addresses import (
    IPV4_BITS,
    IPV6_BITS,
    Prefix,
    parse_address,
    parse_any_prefix,
)
from avdlab.net.interfaces import is_interface
from avdlab.twin.config.settings import (
    AddressFamilySettings,
    Afi,
    AfNeighborSettings,
    BgpSettings,
    BgpVrfSettings,
    MorePaths,
    NeighborSettings,
)
from avdlab.twin.protocols.bgp.model import Speaker

Settings = TypeVar("Settings", NeighborSettings, AfNeighborSettings)
_NO_NEIGHBOR = NeighborSettings(name="")
_NO_FAMILY = AfNeighborSettings()
DEFAULT_MAXIMUM_ROUTES = 256000  # EOS 4.36; older releases print their 12000 as configured


@dataclass(frozen=True, slots=True)
class PeerFamily:
    """Policy toward one peer in one address family."""

    route_map_in: str | None = None
    route_map_out: str | None = None
    prefix_list_in: str | None = None
    prefix_list_out: str | None = None
    next_hop_self: bool = False
    next_hop_unchanged: bool = False
    route_reflector_client: bool = False
    default_originate: tuple[str | None, bool] | None = None
    next_hop_ipv6_originate: bool = False
    domain_remote: bool = False
    weight: int | None = None
    more_sent: MorePaths | None = None  # additional paths (RFC 7911)
    more_received: bool | None = None
    deny_in: bool = False  # no policy where `missing-policy` asks for one
    deny_out: bool = False


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer as one device wants it. `address` None: unnumbered, on `interface`."""

    node: str
    vrf: str
    name: str
    address: int | None
    interface: str | None
    group: str | None
    remote_as: int | None
    own_as: int
    local_as: int
    outer_as: int  # what others outside see as ours: of the confederation, or our own
    member: bool  # the peer is in another member AS of our confederation
    local_as_no_prepend: bool
    local_as_replace: bool
    update_source: str | None
    multihop: int | None
    guard: int | None  # ttl maximum-hops (RFC 5082)
    password: tuple[str, str, str] | None  # type, value, name that the key is made of
    shutdown: bool
    passive: bool
    send_community: frozenset[str]
    maximum_routes: int  # 0: no limit
    allowas_in: int
    remove_private_as: str | None
    remove_private_as_in: str | None
    weight: int
    local_preference: int | None
    export_local_preference: int | None
    metric_out: int | None
    enforce_first_as: bool
    remote_as_replace: bool  # `as-path remote-as replace out`: the peer's AS becomes ours
    next_hop_peer: bool
    prepend_own: bool
    description: str
    bfd: bool
    families: Mapping[Afi, PeerFamily] = field(default_factory=dict)
    listens: Prefix | None = None  # a `bgp listen range`, not a peer yet
    peer_filter: str | None = None
    bits: int = IPV4_BITS  # of the address that the session runs over
    key: tuple[str, str, str] = field(init=False, compare=False)  # node, VRF, name

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", (self.node, self.vrf, self.name))

    @property
    def ebgp(self) -> bool:
        return not self.member and self.remote_as not in {self.own_as, self.local_as}

    @property
    def other_as(self) -> bool:
        """Another AS or member AS: the peer must be on a connected subnet, or be multihop."""
        return self.ebgp or self.member


def peers_of(speaker: Speaker) -> Iterator[Peer]:
    """Yield the configured peers of a device, and its listen ranges."""
    bgp = speaker.settings.bgp
    if bgp is None:
        return
    for vrf in bgp.vrfs.values():
        for name, neighbor in vrf.neighbors.items():
            if not neighbor.is_peer_group and _is_peer(name):
                yield _peer(speaker.node, bgp, vrf, neighbor)
        for listen in vrf.listen_ranges:
            asked = NeighborSettings(
                name=listen.prefix, peer_group=listen.peer_group, remote_as=listen.remote_as
            )
            yield _peer(speaker.node, bgp, vrf, asked, listen.peer_filter)


def _is_peer(name: str) -> bool:
    return is_interface(name) or is_address(name)


def is_address(name: str) -> bool:
    """Tell whether a neighbor's name is an address, not a peer group or an interface."""
    return name.count(".") == 3 or ":" in name


def _peer(
    node: str,
    bgp: BgpSettings,
    vrf: BgpVrfSettings,
    neighbor: NeighborSettings,
    peer_filter: str | None = None,
) -> Peer:
    group = _group(bgp, vrf, neighbor.peer_group)
    asked = _over(neighbor, group)
    own_as = vrf.local_as or bgp.asn
    outer_as = own_as if vrf.confederation is None else vrf.confederation
    member = outer_as != own_as and asked.remote_as in vrf.confederation_peers - {own_as}
    inside = member or asked.remote_as == own_as
    said = neighbor if neighbor.local_as is not None else group
    limit = DEFAULT_MAXIMUM_ROUTES if asked.maximum_routes is None else asked.maximum_routes
    numbered = is_address(neighbor.name)
    listens = parse_any_prefix(neighbor.name) if "/" in neighbor.name and numbered else None
    return Peer(
        node=node,
        vrf=vrf.name,
        name=neighbor.name,
        address=parse_address(neighbor.name) if numbered and listens is None else None,
        interface=None if numbered else neighbor.name,
        group=neighbor.peer_group,
        remote_as=asked.remote_as,
        own_as=own_as,
        local_as=said.local_as or (own_as if inside else outer_as),
        outer_as=outer_as,
        member=member,
        local_as_no_prepend=said.local_as_no_prepend,
        local_as_replace=said.local_as_replace,
        update_source=asked.update_source,
        multihop=asked.ebgp_multihop,
        guard=asked.maximum_hops,
        password=_password(neighbor, group),
        shutdown=vrf.shutdown or bool(asked.shutdown),
        passive=bool(asked.passive),
        send_community=asked.send_community or frozenset(),
        maximum_routes=0 if asked.maximum_routes_warn_only else limit,
        allowas_in=_first(asked.allowas_in, vrf.allowas_in, 0),
        remove_private_as=asked.remove_private_as,
        remove_private_as_in=asked.remove_private_as_in,
        weight=asked.weight or 0,
        local_preference=asked.local_preference,
        export_local_preference=asked.export_local_preference,
        metric_out=asked.metric_out,
        enforce_first_as=bool(_first(asked.enforce_first_as, vrf.enforce_first_as)),
        remote_as_replace=asked.as_path_remote_as_replace,
        next_hop_peer=bool(asked.next_hop_peer),
        prepend_own=not asked.as_path_prepend_own_disabled,
        description=asked.description,
        bfd=bool(asked.bfd),
        families=_families(bgp, vrf, neighbor, group),
        listens=listens,
        peer_filter=peer_filter,
        bits=IPV6_BITS if ":" in neighbor.name else IPV4_BITS,
    )


def _first(*said: int | None) -> int:
    """Return the most specific value that is said."""
    return next(value for value in said if value is not None)


def _over(specific: Settings, general: Settings) -> Settings:
    """Return the general settings with what the specific ones say laid over them."""
    said = {
        item.name: getattr(specific, item.name)
        for item in fields(specific)
        if getattr(specific, item.name) != item.default
    }
    return replace(general, **said)


def _group(bgp: BgpSettings, vrf: BgpVrfSettings, name: str | None) -> NeighborSettings:
    """Return the peer group: of the VRF, or of `router bgp`, where they usually stand."""
    if name is None:
        return _NO_NEIGHBOR
    found = vrf.neighbors.get(name) or bgp.vrfs["default"].neighbors.get(name)
    return found or _NO_NEIGHBOR


def _password(neighbor: NeighborSettings, group: NeighborSettings) -> tuple[str, str, str] | None:
    """Return the password and the name that the type-7 key is made of: who says it, owns it."""
    for said in (neighbor, group):
        if said.password is not None:
            return (*said.password, said.name)
    return None


# ------------------------------------------------------------------------------ families
def _families(
    bgp: BgpSettings, vrf: BgpVrfSettings, neighbor: NeighborSettings, group: NeighborSettings
) -> dict[Afi, PeerFamily]:
    found: dict[Afi, PeerFamily] = {}
    for afi in Afi:
        if afi is Afi.EVPN and vrf.name != "default":
            continue
        levels = _levels(bgp, vrf, neighbor, afi)
        if _activated(bgp, vrf, afi, neighbor.name, levels):
            found[afi] = _family(afi, vrf, neighbor, group, levels)
            found[afi] = _with_more(found[afi], vrf, vrf.families.get(afi))
            unchanged = vrf.next_hop_unchanged or _unchanged(bgp, vrf, afi)
            if unchanged and not found[afi].next_hop_self:
                found[afi] = replace(found[afi], next_hop_unchanged=True)
    return found


def _with_more(
    found: PeerFamily, vrf: BgpVrfSettings, family: AddressFamilySettings | None
) -> PeerFamily:
    """Let the family, or else the VRF, say what the neighbor and its group do not."""
    said = family or AddressFamilySettings()
    received = (found.more_received, said.more_received, vrf.more_received)
    return replace(
        found,
        more_sent=found.more_sent or said.more_sent or vrf.more_sent,
        more_received=next((value for value in received if value is not None), True),
    )


def _unchanged(bgp: BgpSettings, vrf: BgpVrfSettings, afi: Afi) -> bool:
    """Tell whether `bgp next-hop-unchanged` stands under the family."""
    family = vrf.families.get(afi) or bgp.vrfs["default"].families.get(afi)
    return family is not None and family.next_hop_unchanged


def _levels(
    bgp: BgpSettings, vrf: BgpVrfSettings, neighbor: NeighborSettings, afi: Afi
) -> tuple[AfNeighborSettings, AfNeighborSettings]:
    """Return what the address family says of the neighbor, and of its peer group."""
    here = vrf.families[afi].neighbors if afi in vrf.families else {}
    top = bgp.vrfs["default"].families
    there = top[afi].neighbors if afi in top else {}
    group = neighbor.peer_group or ""
    return (
        here.get(neighbor.name, _NO_FAMILY),
        here.get(group) or there.get(group) or _NO_FAMILY,
    )


def _activated(
    bgp: BgpSettings,
    vrf: BgpVrfSettings,
    afi: Afi,
    name: str,
    levels: tuple[AfNeighborSettings, AfNeighborSettings],
) -> bool:
    family = vrf.families.get(afi) or bgp.vrfs["default"].families.get(afi)
    # EOS: `bgp default ipv4-unicast` is for IPv4 transport; `... transport ipv6` is its own switch
    over_ipv6 = vrf.ipv4_over_ipv6 if ":" in name else True
    by_default = afi is Afi.IPV4 and vrf.default_ipv4_unicast and over_ipv6
    if family is not None and family.default_activate is not None:
        by_default = family.default_activate
    activate = _over(*levels).activate
    return by_default if activate is None else activate


def _family(
    afi: Afi,
    vrf: BgpVrfSettings,
    neighbor: NeighborSettings,
    group: NeighborSettings,
    levels: tuple[AfNeighborSettings, AfNeighborSettings],
) -> PeerFamily:
    """Return the policy of one family: the neighbor, here and above, beats the peer group."""
    own, of_group = levels
    general = _over(of_group, _outside(group, afi))
    asked = _over(own, _over(_outside(neighbor, afi), general))
    missing = {**vrf.missing_policy, **(_over(neighbor, group).missing_policy or {})}
    return PeerFamily(
        route_map_in=asked.route_map_in,
        route_map_out=asked.route_map_out,
        prefix_list_in=asked.prefix_list_in,
        prefix_list_out=asked.prefix_list_out,
        next_hop_self=bool(asked.next_hop_self),
        next_hop_unchanged=bool(asked.next_hop_unchanged),
        route_reflector_client=bool(asked.route_reflector_client),
        default_originate=asked.default_originate,
        next_hop_ipv6_originate=bool(asked.next_hop_ipv6_originate),
        domain_remote=bool(asked.domain_remote),
        weight=asked.weight,
        more_sent=asked.more_sent,
        more_received=asked.more_received,
        deny_in=_denies(missing.get("in"), asked.route_map_in, asked.prefix_list_in),
        deny_out=_denies(missing.get("out"), asked.route_map_out, asked.prefix_list_out),
    )


def _denies(action: str | None, *policies: str | None) -> bool:
    """EOS `bgp missing-policy direction in action deny`: nothing passes without a policy. (A
    policy that is named and not there permits: that is the default without this command.)"""
    return (action or "permit").startswith("deny") and not any(policies)


def _outside(neighbor: NeighborSettings, afi: Afi) -> AfNeighborSettings:
    """Return what `neighbor` lines outside any address family mean for one.

    Prefix lists and next-hop-self there are for unicast only, while next-hop-unchanged and
    reflection hold for EVPN too (recorded). So do route-maps: AVD's WAN design hangs its policy
    toward the HA peer there, over EVPN sessions.
    """
    if afi not in {Afi.IPV4, Afi.IPV6}:
        return AfNeighborSettings(
            route_map_in=neighbor.route_map_in,
            route_map_out=neighbor.route_map_out,
            next_hop_unchanged=neighbor.next_hop_unchanged,
            route_reflector_client=neighbor.route_reflector_client,
        )
    return AfNeighborSettings(
        route_map_in=neighbor.route_map_in,
        route_map_out=neighbor.route_map_out,
        prefix_list_in=neighbor.prefix_list_in,
        prefix_list_out=neighbor.prefix_list_out,
        next_hop_self=neighbor.next_hop_self,
        next_hop_unchanged=neighbor.next_hop_unchanged,
        route_reflector_client=neighbor.route_reflector_client,
        default_originate=neighbor.default_originate,
        more_sent=neighbor.more_sent,
        more_received=neighbor.more_received,
    )
