"""Two data centres, each with a leaf and a gateway: EVPN domains, as pyavd 6.4 renders them."""

from collections.abc import Callable

from avdlab.net.addresses import format_ipv4, parse_ipv4
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Endpoint, EndpointAddress
from avdlab.twin.tables.bgp import Bgp, EvpnType

Lab = Callable[..., Fabric]

# 1: leaf of DC 1, 2: its gateway, 3: gateway of DC 2, 4: its leaf
ROUTER = """
ip routing
vlan 10
interface Loopback0
   ip address 10.255.0.{n}/32
interface Loopback1
   ip address 10.255.1.{n}/32
interface Ethernet1
   no switchport
   ip address 10.0.0.{n}/24
interface Ethernet5
   switchport access vlan 10
interface Vxlan1
   vxlan source-interface Loopback1
   vxlan vlan 10 vni 10010
{routes}
router bgp 6500{n}
   router-id 10.255.0.{n}
   no bgp default ipv4-unicast
   neighbor LOCAL peer group
   neighbor LOCAL update-source Loopback0
   neighbor LOCAL ebgp-multihop 3
   neighbor LOCAL send-community
   neighbor CORE peer group
   neighbor CORE update-source Loopback0
   neighbor CORE ebgp-multihop 3
   neighbor CORE send-community
   vlan 10
      rd 10.255.0.{n}:10
{gateway}
      route-target both 10:10
      redistribute learned
   address-family evpn
      neighbor LOCAL activate
      neighbor CORE activate
{core}
{peers}
"""
ROUTES = "\n".join(
    f"ip route 10.255.{kind}.{n}/32 10.0.0.{n}" for n in (1, 2, 3, 4) for kind in (0, 1)
)
GATEWAY = """      rd evpn domain remote 10.255.0.{n}:10
      route-target import export evpn domain remote 99:99"""
CORE = "      neighbor CORE domain remote"
PEERS = {1: {2: "LOCAL"}, 2: {1: "LOCAL", 3: "CORE"}, 3: {2: "CORE", 4: "LOCAL"}, 4: {3: "LOCAL"}}
NAMES = {1: "leaf1", 2: "gateway1", 3: "gateway2", 4: "leaf2"}


def router(n: int, identifiers: str = "") -> str:
    gateway = n in {2, 3}
    lines = [
        f"   neighbor 10.255.0.{m} {words}"
        for m, group in PEERS[n].items()
        for words in (f"peer group {group}", f"remote-as 6500{m}")
    ]
    return ROUTER.format(
        n=n,
        routes=ROUTES,
        gateway=GATEWAY.format(n=n) if gateway else "",
        core=(CORE + "\n" + identifiers) if gateway else "",
        peers="\n".join(lines),
    )


def host(number: int) -> Endpoint:
    mac = f"02:00:00:00:00:0{number}"
    address = EndpointAddress("e0", mac, None, parse_ipv4(f"10.10.10.{number}"))
    return Endpoint(f"host{number}", ("e0",), addresses=(address,))


def two_sites(lab: Lab, **identifiers: str) -> Fabric:
    texts = {name: router(n, identifiers.get(name, "")) for n, name in NAMES.items()}
    cables = [f"{name}:Ethernet1 switch:Ethernet{n}" for n, name in NAMES.items()]
    cables += ["leaf1:Ethernet5 host1:e0", "leaf2:Ethernet5 host4:e0"]
    return lab({**texts, "switch": ""}, cables, [host(1), host(4)])


def bgp(fabric: Fabric, node: str) -> Bgp:
    found = fabric.state.devices[node].bgp
    assert found is not None
    return found


def heard(fabric: Fabric, node: str, kind: EvpnType) -> dict[str, str]:
    """Return RD -> next hop of what a device learned."""
    return {
        key.rd: format_ipv4(entry.paths[0].attributes.next_hop)
        for key, entry in bgp(fabric, node).evpn.items()
        if key.type is kind and not entry.paths[0].local
    }


def test_a_leaf_floods_to_its_own_gateway_alone(lab: Lab) -> None:
    fabric = two_sites(lab)
    vxlan = fabric.state.devices["leaf1"].vxlan
    assert vxlan is not None
    assert [format_ipv4(vtep) for vtep in vxlan.flood[10]] == ["10.255.1.2"]
    gateway = fabric.state.devices["gateway1"].vxlan
    assert gateway is not None
    assert [format_ipv4(vtep) for vtep in gateway.flood[10]] == ["10.255.1.1", "10.255.1.3"]


def test_mac_addresses_are_told_again_by_the_gateways(lab: Lab) -> None:
    """Far stations are behind the own gateway, under its RD."""
    fabric = two_sites(lab)
    far = [e for e in fabric.state.devices["leaf1"].macs if e.mac == "02:00:00:00:00:04"]
    assert [(entry.interface, format_ipv4(entry.vtep or 0)) for entry in far] == [
        ("Vxlan1", "10.255.1.2")
    ]
    assert heard(fabric, "leaf1", EvpnType.MAC_IP) == {"10.255.0.2:10": "10.255.1.2"}


def test_each_domain_has_its_own_targets(lab: Lab) -> None:
    fabric = two_sites(lab)
    for node in ("leaf1", "gateway1"):
        for key, entry in bgp(fabric, node).evpn.items():
            wanted = "Route-Target-AS:99:99" if key.domain == "remote" else "Route-Target-AS:10:10"
            assert wanted in entry.paths[0].attributes.ext_communities
    assert all(key.domain == "local" for key in bgp(fabric, "leaf1").evpn)


def test_what_leaves_the_fabric_stays_reachable(lab: Lab) -> None:
    """The hosts are in one subnet, bridged over three VXLAN tunnels."""
    fabric = two_sites(lab)
    segments = fabric.state.segments
    assert segments["host1", "e0.0"] == segments["host4", "e0.0"]


def test_domains_that_a_route_went_through_are_written_down(lab: Lab) -> None:
    """draft-ietf-bess-evpn-ipvpn-interworking: each gateway puts the domain that is left in front,
    and drops what has been in a domain of its own."""
    one = "      domain identifier 65001:1\n      domain identifier 65009:9 remote"
    two = "      domain identifier 65002:2\n      domain identifier 65009:9 remote"
    fabric = two_sites(lab, gateway1=one, gateway2=two)
    found = {
        key.mac: entry.paths[0].attributes.d_path
        for key, entry in bgp(fabric, "leaf1").evpn.items()
        if key.type is EvpnType.MAC_IP and key.address is None
    }
    assert found == {
        "02:00:00:00:00:01": (),
        "02:00:00:00:00:04": ("65009:9", "65002:2"),
    }
    same = two_sites(lab, gateway1=one, gateway2=two.replace("65002:2", "65001:1"))
    assert heard(same, "leaf1", EvpnType.MAC_IP) == {}


def test_without_a_target_of_the_remote_domain_nothing_crosses(lab: Lab) -> None:
    texts = {name: router(n) for n, name in NAMES.items()}
    texts["gateway2"] = texts["gateway2"].replace("99:99", "98:98")
    cables = [f"{name}:Ethernet1 switch:Ethernet{n}" for n, name in NAMES.items()]
    cables += ["leaf1:Ethernet5 host1:e0", "leaf2:Ethernet5 host4:e0"]
    fabric = lab({**texts, "switch": ""}, cables, [host(1), host(4)])
    assert heard(fabric, "leaf1", EvpnType.MAC_IP) == {}
