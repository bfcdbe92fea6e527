"""IPv6 through the whole engine: connected, static and BGP routes, next hops of RFC 5549, pings."""

from collections.abc import Callable

from avdlab.net.addresses import format_address, parse_address, parse_any_prefix
from avdlab.twin.config.settings import Afi
from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.bgp import BgpSession, SessionState
from tests.twin.ipv6 import ROUTER

Lab = Callable[..., Fabric]

CABLE = ("r1:Ethernet1 r2:Ethernet1",)


def pair(lab: Lab, one: str = "", two: str = "") -> Fabric:
    texts = {"r1": ROUTER.format(n=1, lines=one), "r2": ROUTER.format(n=2, lines=two)}
    return lab(texts, CABLE)


def hops(device: DeviceState, prefix: str, vrf: str = "default") -> list[str] | None:
    target = parse_any_prefix(prefix)
    route = (device.ribs if target.bits == 32 else device.ribs6)[vrf].get(target)
    if route is None:
        return None
    return [
        f"{via.interface} {format_address(via.next_hop) if via.next_hop else '-'}"
        for via in route.vias
    ]


def ping(fabric: Fabric, address: str, source: str | None = None) -> str:
    found = None if source is None else parse_address(source)
    result = fabric.ping("r1", "default", parse_address(address), found)
    return result.reason or f"{result.received} of {result.sent}"


def session(fabric: Fabric, node: str = "r1") -> BgpSession:
    bgp = fabric.state.devices[node].bgp
    assert bgp is not None
    return bgp.sessions[0]


# ------------------------------------------------------------------------------ static routes
def test_connected_and_static_routes(lab: Lab) -> None:
    one = "ipv6 route 2001:db8::2/128 2001:db8:12::2\nipv6 route 2001:db8:dead::/48 Null0\n"
    fabric = pair(lab, one, "ipv6 route ::/0 2001:db8:12::1\n")
    r1 = fabric.state.devices["r1"]
    assert hops(r1, "2001:db8:12::/64") == ["Ethernet1 -"]
    assert hops(r1, "2001:db8::2/128") == ["Ethernet1 2001:db8:12::2"]
    assert hops(r1, "2001:db8:dead::/48") == []
    assert ping(fabric, "2001:db8::2", "2001:db8::1") == "5 of 5"
    assert "is discarded" in ping(fabric, "2001:db8:dead::1")


def test_a_link_local_next_hop_needs_its_interface(lab: Lab) -> None:
    """RFC 4291 2.5.6: the address alone does not say which link."""
    one = "ipv6 route 2001:db8::2/128 Ethernet1 fe80::2\nipv6 route 2001:db8:9::/48 fe80::2\n"
    two = (
        "interface Ethernet1\n   ipv6 address fe80::2/64 link-local\nipv6 route ::/0 2001:db8:12::1"
    )
    fabric = pair(lab, one, two)
    r1 = fabric.state.devices["r1"]
    assert hops(r1, "2001:db8::2/128") == ["Ethernet1 fe80::2"]
    assert hops(r1, "2001:db8:9::/48") is None


def test_without_unicast_routing_nothing_is_forwarded(lab: Lab) -> None:
    far = """
ipv6 unicast-routing
interface Ethernet1
   no switchport
   ipv6 address 2001:db8:23::3/64
ipv6 route ::/0 2001:db8:23::2
"""
    middle = ROUTER.format(
        n=2, lines="interface Ethernet2\n   no switchport\n   ipv6 address 2001:db8:23::2/64\n"
    )
    near = ROUTER.format(n=1, lines="ipv6 route ::/0 2001:db8:12::2\n")
    cables = (*CABLE, "r2:Ethernet2 r3:Ethernet1")
    fabric = lab({"r1": near, "r2": middle, "r3": far}, cables)
    assert ping(fabric, "2001:db8:23::3") == "5 of 5"
    closed = middle.replace("ipv6 unicast-routing\n", "")
    fabric = lab({"r1": near, "r2": closed, "r3": far}, cables)
    assert "routing is off" in ping(fabric, "2001:db8:23::3")


# ------------------------------------------------------------------------------ BGP
BGP = """
router bgp 6500{n}
   router-id 192.0.2.{n}
   no bgp default ipv4-unicast
   neighbor 2001:db8:12::{m} remote-as 6500{m}
   address-family ipv4
{v4}
      redistribute connected
   address-family ipv6
      neighbor 2001:db8:12::{m} activate
      redistribute connected
"""


def bgp_pair(lab: Lab, v4: str = "") -> Fabric:
    return pair(lab, *(BGP.format(n=n, m=3 - n, v4=v4.format(m=3 - n)) for n in (1, 2)))


def test_a_session_over_ipv6_carries_ipv6_routes(lab: Lab) -> None:
    fabric = bgp_pair(lab)
    found = session(fabric)
    assert (found.state, found.peer_address) == (SessionState.ESTABLISHED, "2001:db8:12::2")
    assert found.prefixes_received == {Afi.IPV6: 2}
    r1 = fabric.state.devices["r1"]
    assert hops(r1, "2001:db8::2/128") == ["Ethernet1 2001:db8:12::2"]
    assert hops(r1, "192.0.2.2/32") is None
    assert r1.bgp is not None
    (path,) = r1.bgp.tables6["default"][parse_any_prefix("2001:db8::2/128")]
    assert (path.attributes.as_path, path.best) == ((65002,), True)
    assert ping(fabric, "2001:db8::2", "2001:db8::1") == "5 of 5"


def test_ipv4_over_an_ipv6_next_hop(lab: Lab) -> None:
    """RFC 5549: `next-hop address-family ipv6 originate`, here on a numbered session."""
    v4 = (
        "      neighbor 2001:db8:12::{m} activate\n"
        "      neighbor 2001:db8:12::{m} next-hop address-family ipv6 originate"
    )
    fabric = bgp_pair(lab, v4)
    assert hops(fabric.state.devices["r1"], "192.0.2.2/32") == ["Ethernet1 2001:db8:12::2"]
    assert ping(fabric, "192.0.2.2", "192.0.2.1") == "5 of 5"


def test_the_session_names_why_it_is_down(lab: Lab) -> None:
    two = BGP.format(n=2, m=1, v4="").replace("remote-as 65001", "remote-as 65009")
    fabric = pair(lab, BGP.format(n=1, m=2, v4=""), two)
    assert session(fabric).state is SessionState.ACTIVE
    assert "expects AS 65009" in session(fabric).reason


UNNUMBERED = """
router bgp 6500{n}
   router-id 192.0.2.{n}
   no bgp default ipv4-unicast
   neighbor UNDERLAY peer group
   neighbor interface Ethernet1 peer-group UNDERLAY remote-as 6500{m}
   redistribute connected
   address-family ipv4
      neighbor UNDERLAY activate
      neighbor UNDERLAY next-hop address-family ipv6 originate
   address-family ipv6
      neighbor UNDERLAY activate
"""


def test_unnumbered_peers_exchange_both_families(lab: Lab) -> None:
    """As AVD renders it: peers are interfaces, next hops are link-local addresses."""
    one, two = (UNNUMBERED.format(n=n, m=3 - n) for n in (1, 2))
    fabric = pair(lab, one, two)
    found = session(fabric)
    assert found.peer_address.startswith("fe80::")
    r1 = fabric.state.devices["r1"]
    far = found.peer_address.partition("%")[0]
    assert hops(r1, "192.0.2.2/32") == [f"Ethernet1 {far}"]
    assert hops(r1, "2001:db8::2/128") == [f"Ethernet1 {far}"]
    assert ping(fabric, "192.0.2.2", "192.0.2.1") == "5 of 5"
    assert ping(fabric, "2001:db8::2", "2001:db8::1") == "5 of 5"


def test_policy_tells_the_families_apart(lab: Lab) -> None:
    """`match ip address` is for IPv4, `match ipv6 address` for IPv6, each with its own lists."""
    policy = """
ip prefix-list LO seq 10 permit 192.0.2.0/24 eq 32
ipv6 prefix-list LO
   seq 10 permit 2001:db8::/64 eq 128
route-map CONNECTED permit 10
   match ip address prefix-list LO
route-map CONNECTED permit 20
   match ipv6 address prefix-list LO
"""
    two = UNNUMBERED.format(n=2, m=1).replace(
        "redistribute connected", "redistribute connected route-map CONNECTED"
    )
    fabric = pair(lab, UNNUMBERED.format(n=1, m=2), two + policy)
    assert session(fabric).prefixes_received == {Afi.IPV4: 1, Afi.IPV6: 1}


# ------------------------------------------------------------------------------ EVPN
LEAF = """
ip routing
ip routing vrf RED
ipv6 unicast-routing vrf RED
vrf instance RED
vlan 11
interface Loopback0
   ip address 10.255.0.{n}/32
interface Loopback1
   ip address 10.255.1.{n}/32
interface Loopback5
   vrf RED
   ipv6 address 2001:db8:5::{n}/128
interface Ethernet1
   no switchport
   ip address 10.0.0.{n}/24
interface Vxlan1
   vxlan source-interface Loopback1
   vxlan vrf RED vni 50
ip route 10.255.0.0/16 10.0.0.{m}
router bgp 6500{n}
   router-id 10.255.0.{n}
   neighbor 10.255.0.{m} remote-as 6500{m}
   neighbor 10.255.0.{m} update-source Loopback0
   neighbor 10.255.0.{m} ebgp-multihop 3
   neighbor 10.255.0.{m} send-community extended
   address-family evpn
      neighbor 10.255.0.{m} activate
   vrf RED
      rd 10.255.0.{n}:50
      route-target import evpn 50:50
      route-target export evpn 50:50
      redistribute connected
"""


def test_ipv6_prefixes_of_a_vrf_travel_as_evpn_type_5(lab: Lab) -> None:
    texts = {f"r{n}": LEAF.format(n=n, m=3 - n) for n in (1, 2)}
    fabric = lab(texts, CABLE)
    r1 = fabric.state.devices["r1"]
    route = r1.ribs6["RED"].get(parse_any_prefix("2001:db8:5::2/128"))
    assert route is not None
    (via,) = route.vias
    assert (format_address(via.vtep or 0), via.vni) == ("10.255.1.2", 50)
    found = fabric.ping("r1", "RED", parse_address("2001:db8:5::2"), parse_address("2001:db8:5::1"))
    assert found.received == 5
