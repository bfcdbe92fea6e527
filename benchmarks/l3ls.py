"""A generated leaf-spine EVPN fabric as configuration texts: what AVD renders, without pyavd.

pyavd takes minutes for a thousand devices; benchmarks of the twin's engine start from the texts.
Leaves come in MLAG pairs with one AS per pair; every pair serves all tenants. The shape of a text
follows what pyavd 6.4 renders for an l3ls-evpn fabric with eBGP in underlay and overlay.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from avdlab.net.addresses import format_ipv4
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Cable, Plug

_LOOPBACKS = 10 << 24 | 0 << 16  # 10.0.0.0: router ids
_VTEPS = 10 << 24 | 1 << 16  # 10.1.0.0: one a pair
_UPLINKS = 10 << 24 | 64 << 16  # 10.64.0.0: /31 a link
_PAIRS = 10 << 24 | 250 << 16  # 10.250.0.0: /31 a pair


@dataclass(frozen=True)
class Plan:
    """Sizes of a fabric. `leaves` is rounded up to pairs."""

    spines: int = 4
    leaves: int = 4
    vrfs: int = 1
    vlans: int = 2  # of each VRF

    @property
    def devices(self) -> int:
        return self.spines + len(self.leaf_names)

    @property
    def leaf_names(self) -> list[str]:
        pairs = (self.leaves + 1) // 2
        return [f"leaf{pair}{side}" for pair in range(1, pairs + 1) for side in "ab"]

    @property
    def spine_names(self) -> list[str]:
        return [f"spine{number}" for number in range(1, self.spines + 1)]


def texts(plan: Plan) -> dict[str, str]:
    """Return device -> configuration text."""
    found = {name: "\n".join(_spine(plan, n)) for n, name in enumerate(plan.spine_names)}
    found.update({name: "\n".join(_leaf(plan, n)) for n, name in enumerate(plan.leaf_names)})
    return found


def cables(plan: Plan) -> list[Cable]:
    """Return the cables: every leaf to every spine, two between the leaves of a pair."""
    found = []
    for leaf, name in enumerate(plan.leaf_names):
        for spine, other in enumerate(plan.spine_names):
            ends = Plug(name, f"Ethernet{spine + 1}"), Plug(other, f"Ethernet{leaf + 1}")
            found.append(Cable.between(*ends))
    for pair in range(0, len(plan.leaf_names), 2):
        a, b = plan.leaf_names[pair : pair + 2]
        for port in (plan.spines + 1, plan.spines + 2):
            found.append(Cable.between(Plug(a, f"Ethernet{port}"), Plug(b, f"Ethernet{port}")))
    return found


def boot(plan: Plan) -> Fabric:
    """Return the fabric with its configurations in, nothing computed yet."""
    found = texts(plan)
    names = {name: identity("bench", name) for name in found}
    fabric = Fabric("bench", names, lambda: 0.0)
    fabric.set_wiring(cables(plan), {})
    for name, text in found.items():
        fabric.configure(name, parse_indented(text))
    return fabric


# ---------------------------------------------------------------------------------- addresses
def _loopback(plan: Plan, leaf: int | None = None, spine: int | None = None) -> str:
    number = spine if spine is not None else plan.spines + (leaf or 0)
    return format_ipv4(_LOOPBACKS + number + 1)


def _uplink(plan: Plan, leaf: int, spine: int) -> tuple[str, str]:
    """Return the addresses of the spine's and of the leaf's end."""
    first = _UPLINKS + 2 * (leaf * plan.spines + spine)
    return format_ipv4(first), format_ipv4(first + 1)


def _peers(leaf: int) -> tuple[str, str]:
    first = _PAIRS + 2 * (leaf // 2) + leaf % 2
    return format_ipv4(first), format_ipv4(first ^ 1)


# ---------------------------------------------------------------------------------- texts
def _head(name: str) -> Iterator[str]:
    yield f"hostname {name}"
    yield "service routing protocols model multi-agent"
    yield "ip routing"
    yield "ip prefix-list PL-LOOPBACKS-EVPN-OVERLAY"
    yield "   seq 10 permit 10.0.0.0/16 eq 32"
    yield "   seq 20 permit 10.1.0.0/16 eq 32"
    yield "route-map RM-CONN-2-BGP permit 10"
    yield "   match ip address prefix-list PL-LOOPBACKS-EVPN-OVERLAY"
    yield "router bfd"
    yield "   multihop interval 300 min-rx 300 multiplier 3"


def _routed(port: int, description: str, address: str) -> Iterator[str]:
    yield f"interface Ethernet{port}"
    yield f"   description {description}"
    yield "   mtu 1500"
    yield "   no switchport"
    yield f"   ip address {address}/31"


def _groups(*, spine: bool) -> Iterator[str]:
    yield "   no bgp default ipv4-unicast"
    yield "   maximum-paths 4"
    yield "   neighbor EVPN-OVERLAY-PEERS peer group"
    if spine:
        yield "   neighbor EVPN-OVERLAY-PEERS next-hop-unchanged"
    yield "   neighbor EVPN-OVERLAY-PEERS update-source Loopback0"
    yield "   neighbor EVPN-OVERLAY-PEERS bfd"
    yield "   neighbor EVPN-OVERLAY-PEERS ebgp-multihop 3"
    yield "   neighbor EVPN-OVERLAY-PEERS send-community"
    yield "   neighbor EVPN-OVERLAY-PEERS maximum-routes 0"
    yield "   neighbor IPv4-UNDERLAY-PEERS peer group"
    yield "   neighbor IPv4-UNDERLAY-PEERS send-community"
    yield "   neighbor IPv4-UNDERLAY-PEERS maximum-routes 256000"


def _families(*, mlag: bool) -> Iterator[str]:
    yield "   redistribute connected route-map RM-CONN-2-BGP"
    yield "   address-family evpn"
    yield "      neighbor EVPN-OVERLAY-PEERS activate"
    yield "   address-family ipv4"
    yield "      no neighbor EVPN-OVERLAY-PEERS activate"
    yield "      neighbor IPv4-UNDERLAY-PEERS activate"
    if mlag:
        yield "      neighbor MLAG-IPv4-UNDERLAY-PEER activate"


def _spine(plan: Plan, number: int) -> Iterator[str]:
    yield from _head(plan.spine_names[number])
    yield "spanning-tree mode none"
    own = _loopback(plan, spine=number)
    yield from ("interface Loopback0", f"   ip address {own}/32")
    for leaf, name in enumerate(plan.leaf_names):
        yield from _routed(leaf + 1, f"P2P_{name}", _uplink(plan, leaf, number)[0])
    yield "router bgp 65000"
    yield f"   router-id {own}"
    yield from _groups(spine=True)
    for leaf in range(len(plan.leaf_names)):
        asn = 65101 + leaf // 2
        for peer, group in (
            (_loopback(plan, leaf), "EVPN-OVERLAY-PEERS"),
            (_uplink(plan, leaf, number)[1], "IPv4-UNDERLAY-PEERS"),
        ):
            yield f"   neighbor {peer} peer group {group}"
            yield f"   neighbor {peer} remote-as {asn}"
    yield from _families(mlag=False)


def _leaf(plan: Plan, number: int) -> Iterator[str]:
    yield from _head(plan.leaf_names[number])
    yield from ("spanning-tree mode mstp", "no spanning-tree vlan-id 4093-4094")
    yield from _leaf_vlans(plan)
    yield from _leaf_interfaces(plan, number)
    own, other = _peers(number)
    yield from ("mlag configuration", f"   domain-id PAIR{number // 2}")
    yield from ("   local-interface Vlan4094", f"   peer-address {_mlag(other)}")
    yield "   peer-link Port-Channel1"
    yield "ip virtual-router mac-address 00:1c:73:00:00:99"
    yield "route-map RM-CONN-2-BGP-VRFS permit 20"
    yield from ("route-map RM-MLAG-PEER-IN permit 10", "   set origin incomplete")
    yield from _leaf_bgp(plan, number, other)


def _mlag(address: str) -> str:
    return address.replace("10.250.", "10.251.")


def _tenants(plan: Plan) -> Iterator[tuple[str, int, list[int]]]:
    for vrf in range(plan.vrfs):
        first = 10 + vrf * plan.vlans
        yield f"VRF{vrf + 1}", vrf + 1, list(range(first, first + plan.vlans))


def _leaf_vlans(plan: Plan) -> Iterator[str]:
    for name, index, vlans in _tenants(plan):
        yield from (f"vrf instance {name}", f"ip routing vrf {name}")
        for vlan in vlans:
            yield from (f"vlan {vlan}", f"   name {name}_{vlan}")
        yield from (f"vlan {3000 + index}", f"   name MLAG_L3_{name}", "   trunk group MLAG")
    for vlan, name in ((4093, "MLAG_L3"), (4094, "MLAG")):
        yield from (f"vlan {vlan}", f"   name {name}", "   trunk group MLAG")


def _leaf_interfaces(plan: Plan, number: int) -> Iterator[str]:
    own, _ = _peers(number)
    yield from ("interface Port-Channel1", "   switchport mode trunk")
    yield "   switchport trunk group MLAG"
    for spine, name in enumerate(plan.spine_names):
        yield from _routed(spine + 1, f"P2P_{name}", _uplink(plan, number, spine)[1])
    for port in (plan.spines + 1, plan.spines + 2):
        yield from (f"interface Ethernet{port}", "   channel-group 1 mode active")
    yield from ("interface Loopback0", f"   ip address {_loopback(plan, number)}/32")
    yield "interface Loopback1"
    yield f"   ip address {format_ipv4(_VTEPS + number // 2 + 1)}/32"
    for name, index, vlans in _tenants(plan):
        yield from (f"interface Loopback{10 + index}", f"   vrf {name}")
        yield f"   ip address 10.{100 + index}.{number >> 8}.{number & 255}/32"
        for vlan in vlans:
            yield from (f"interface Vlan{vlan}", f"   vrf {name}")
            yield f"   ip address virtual 172.{16 + vlan // 256}.{vlan % 256}.1/24"
        yield from (f"interface Vlan{3000 + index}", f"   vrf {name}", f"   ip address {own}/31")
    yield from ("interface Vlan4093", f"   ip address {own}/31")
    yield from ("interface Vlan4094", "   no autostate", f"   ip address {_mlag(own)}/31")
    yield from ("interface Vxlan1", "   vxlan source-interface Loopback1")
    yield "   vxlan virtual-router encapsulation mac-address mlag-system-id"
    for name, index, vlans in _tenants(plan):
        for vlan in vlans:
            yield f"   vxlan vlan {vlan} vni {10000 + vlan}"
        yield f"   vxlan vrf {name} vni {index}"


def _leaf_bgp(plan: Plan, number: int, other: str) -> Iterator[str]:
    own, asn = _loopback(plan, number), 65101 + number // 2
    group = "MLAG-IPv4-UNDERLAY-PEER"
    yield from (f"router bgp {asn}", f"   router-id {own}")
    yield from _groups(spine=False)
    yield f"   neighbor {group} peer group"
    yield f"   neighbor {group} remote-as {asn}"
    yield f"   neighbor {group} next-hop-self"
    yield f"   neighbor {group} route-map RM-MLAG-PEER-IN in"
    yield f"   neighbor {group} send-community"
    for spine in range(plan.spines):
        for peer, of in (
            (_loopback(plan, spine=spine), "EVPN-OVERLAY-PEERS"),
            (_uplink(plan, number, spine)[0], "IPv4-UNDERLAY-PEERS"),
        ):
            yield f"   neighbor {peer} peer group {of}"
            yield f"   neighbor {peer} remote-as 65000"
    yield f"   neighbor {other} peer group {group}"
    for name, index, vlans in _tenants(plan):
        for vlan in vlans:
            yield from (f"   vlan {vlan}", f"      rd {own}:{10000 + vlan}")
            yield from (f"      route-target both {10000 + vlan}:{10000 + vlan}",)
            yield "      redistribute learned"
        yield from (f"   vrf {name}", f"      rd {own}:{index}")
        yield f"      route-target import evpn {index}:{index}"
        yield f"      route-target export evpn {index}:{index}"
        yield f"      neighbor {other} peer group {group}"
        yield "      redistribute connected route-map RM-CONN-2-BGP-VRFS"
    yield from _families(mlag=True)
