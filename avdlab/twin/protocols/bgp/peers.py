"""What each configured peer asks for, after the peer group has spoken where the neighbor did not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from avdlab.net.addresses import Prefix, parse_ipv4, parse_prefix
from avdlab.net.interfaces import is_interface
from avdlab.twin.config.settings import (
    Afi,
    AfNeighborSettings,
    BgpSettings,
    BgpVrfSettings,
    NeighborSettings,
)
from avdlab.twin.protocols.bgp.model import Speaker

_NO_NEIGHBOR = NeighborSettings(name="")
_NO_FAMILY = AfNeighborSettings()
DEFAULT_MAXIMUM_ROUTES = 12000  # EOS


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
    local_as_no_prepend: bool
    local_as_replace: bool
    update_source: str | None
    multihop: int | None
    password: tuple[str, str, str] | None  # type, value, name that the key is made of
    shutdown: bool
    passive: bool
    send_community: frozenset[str]
    maximum_routes: int  # 0: no limit
    allowas_in: int
    remove_private_as: str | None
    weight: int
    local_preference: int | None
    prepend_own: bool
    description: str
    bfd: bool
    families: Mapping[Afi, PeerFamily] = field(default_factory=dict)
    listens: Prefix | None = None  # a `bgp listen range`, not a peer yet
    peer_filter: str | None = None

    @property
    def ebgp(self) -> bool:
        return self.remote_as not in {self.own_as, self.local_as}

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.node, self.vrf, self.name)


def peers_of(speaker: Speaker) -> Iterator[Peer]:
    """Yield the configured IPv4 and unnumbered peers of a device, and its listen ranges."""
    bgp = speaker.settings.bgp
    if bgp is None:
        return
    for vrf in bgp.vrfs.values():
        for name, neighbor in vrf.neighbors.items():
            if not neighbor.is_peer_group and _is_peer(name):
                yield _peer(speaker.node, bgp, vrf, neighbor)
        for listen in vrf.listen_ranges:
            if ":" not in listen.prefix:
                asked = NeighborSettings(
                    name=listen.prefix, peer_group=listen.peer_group, remote_as=listen.remote_as
                )
                yield _peer(speaker.node, bgp, vrf, asked, listen.peer_filter)


def _is_peer(name: str) -> bool:
    return is_interface(name) or name.count(".") == 3


def _peer(
    node: str,
    bgp: BgpSettings,
    vrf: BgpVrfSettings,
    neighbor: NeighborSettings,
    peer_filter: str | None = None,
) -> Peer:
    group = _group(bgp, vrf, neighbor.peer_group)

    def ask(name: str, default: Any = None) -> Any:
        return _first(default, getattr(neighbor, name), getattr(group, name))

    own_as = vrf.local_as or bgp.asn
    said = neighbor if neighbor.local_as is not None else group
    limit = int(ask("maximum_routes", DEFAULT_MAXIMUM_ROUTES))
    warn_only = neighbor.maximum_routes_warn_only or group.maximum_routes_warn_only
    numbered = neighbor.name.count(".") == 3
    listens = parse_prefix(neighbor.name) if "/" in neighbor.name and numbered else None
    return Peer(
        node=node,
        vrf=vrf.name,
        name=neighbor.name,
        address=parse_ipv4(neighbor.name) if numbered and listens is None else None,
        interface=None if numbered else neighbor.name,
        group=neighbor.peer_group,
        remote_as=ask("remote_as"),
        own_as=own_as,
        local_as=said.local_as or own_as,
        local_as_no_prepend=said.local_as_no_prepend,
        local_as_replace=said.local_as_replace,
        update_source=ask("update_source"),
        multihop=ask("ebgp_multihop"),
        password=_password(neighbor, group),
        shutdown=vrf.shutdown or bool(ask("shutdown", False)),
        passive=bool(ask("passive", False)),
        send_community=ask("send_community", frozenset()),
        maximum_routes=0 if warn_only else limit,
        allowas_in=int(ask("allowas_in", 0)),
        remove_private_as=ask("remove_private_as"),
        weight=int(ask("weight", 0)),
        local_preference=ask("local_preference"),
        prepend_own=not (
            neighbor.as_path_prepend_own_disabled or group.as_path_prepend_own_disabled
        ),
        description=neighbor.description or group.description,
        bfd=bool(ask("bfd", False)),
        families=_families(bgp, vrf, neighbor, group),
        listens=listens,
        peer_filter=peer_filter,
    )


def _first(default: Any, *values: Any) -> Any:
    return next((value for value in values if value is not None), default)


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
        if _activated(bgp, vrf, afi, levels):
            found[afi] = _family(afi, neighbor, group, levels)
    return found


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
    levels: tuple[AfNeighborSettings, AfNeighborSettings],
) -> bool:
    family = vrf.families.get(afi) or bgp.vrfs["default"].families.get(afi)
    by_default = vrf.default_ipv4_unicast if afi is Afi.IPV4 else False
    if family is not None and family.default_activate is not None:
        by_default = family.default_activate
    return bool(_first(by_default, levels[0].activate, levels[1].activate))


def _family(
    afi: Afi,
    neighbor: NeighborSettings,
    group: NeighborSettings,
    levels: tuple[AfNeighborSettings, AfNeighborSettings],
) -> PeerFamily:
    own, of_group = levels

    def policy(name: str) -> Any:
        """Route policy of `router bgp` itself is for unicast only; the neighbor beats the group."""
        if afi is Afi.EVPN:
            return _first(None, getattr(own, name), getattr(of_group, name))
        return _first(
            None,
            getattr(own, name),
            getattr(neighbor, name),
            getattr(of_group, name),
            getattr(group, name),
        )

    def flag(name: str) -> bool:
        sources = (own, neighbor, of_group, group)
        return bool(_first(False, *(getattr(source, name) for source in sources)))

    return PeerFamily(
        route_map_in=policy("route_map_in"),
        route_map_out=policy("route_map_out"),
        prefix_list_in=policy("prefix_list_in"),
        prefix_list_out=policy("prefix_list_out"),
        next_hop_self=flag("next_hop_self") and afi is not Afi.EVPN,
        next_hop_unchanged=flag("next_hop_unchanged"),
        route_reflector_client=flag("route_reflector_client"),
        default_originate=policy("default_originate"),
        next_hop_ipv6_originate=bool(
            _first(False, own.next_hop_ipv6_originate, of_group.next_hop_ipv6_originate)
        ),
        domain_remote=bool(_first(False, own.domain_remote, of_group.domain_remote)),
    )
