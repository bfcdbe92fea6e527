"""Paths between WAN routers: a pathfinder, two edges, an MPLS provider between them.

Configurations as pyavd 6.4 renders them for its WAN design, cut down to what counts.
"""

from collections.abc import Callable

from pyavd_utils.passwords import simple_7_encrypt

from avdlab.net.addresses import parse_address
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.bgp import SessionState
from avdlab.twin.tables.wan import DpsPath

Lab = Callable[..., Fabric]

PROVIDER = "ip routing\n" + "\n".join(
    f"interface Ethernet{n}\n   no switchport\n   ip address 172.18.{n}.1/24" for n in (1, 2, 3)
)
ROUTER = """
ip routing
interface Dps1
   ip address 192.168.42.{n}/32
interface Ethernet1
   no switchport
   ip address 172.18.{n}.2/24
   ip access-group WAN in
ip access-list WAN
   10 permit udp any any eq isakmp non500-isakmp 3478
   deny ip any any
ip route 172.18.0.0/16 172.18.{n}.1
ip security
   ike policy IKE
      local-id 192.168.42.{n}
   sa policy SA
      esp encryption aes256gcm128
   profile CP
      ike-policy IKE
      sa-policy SA
      shared-key 7 045A190F1C354D
      mode transport
"""
FINDER = (
    ROUTER.format(n=1)
    + """
router path-selection
   peer dynamic source stun
   path-group MPLS id 101
      ipsec profile CP
      local interface Ethernet1
stun
   server
      local-interface Ethernet1
router adaptive-virtual-topology
   topology role pathfinder
router bgp 65000
   router-id 192.168.42.1
   bgp listen range 192.168.42.0/24 peer-group WAN remote-as 65000
   neighbor WAN peer group
   neighbor WAN remote-as 65000
   neighbor WAN update-source Dps1
   neighbor WAN route-reflector-client
"""
)
EDGE = (
    ROUTER
    + """
router path-selection
   path-group MPLS id 101
      ipsec profile CP
      local interface Ethernet1
         stun server-profile PF
      peer dynamic
      peer static router-ip 192.168.42.1
         name pf
         ipv4 address 172.18.1.2
stun
   client
      server-profile PF
         ip address 172.18.1.2
router bgp 65000
   router-id 192.168.42.{n}
   neighbor 192.168.42.1 remote-as 65000
   neighbor 192.168.42.1 update-source Dps1
"""
)
CABLES = [f"{node}:Ethernet1 provider:Ethernet{n}" for n, node in enumerate(("pf", "e2", "e3"), 1)]


def wan(lab: Lab, **texts: str) -> Fabric:
    known = {"pf": FINDER, "e2": EDGE.format(n=2), "e3": EDGE.format(n=3), "provider": PROVIDER}
    return lab({**known, **texts}, CABLES)


def paths(fabric: Fabric, node: str) -> dict[str, DpsPath]:
    return {path.node: path for path in fabric.state.devices[node].dps}


def test_edges_reach_the_pathfinder_and_learn_of_one_another(lab: Lab) -> None:
    fabric = wan(lab)
    found = paths(fabric, "e2")
    assert {node: (path.state, path.dynamic) for node, path in found.items()} == {
        "pf": ("ipsecEstablished", False),
        "e3": ("ipsecEstablished", True),
    }
    assert {node: path.dynamic for node, path in paths(fabric, "pf").items()} == {
        "e2": True,
        "e3": True,
    }


def test_bgp_and_pings_go_over_the_paths(lab: Lab) -> None:
    fabric = wan(lab)
    bgp = fabric.state.devices["e2"].bgp
    assert bgp is not None
    assert [session.state for session in bgp.sessions] == [SessionState.ESTABLISHED]
    source = parse_address("192.168.42.2")
    assert fabric.ping("e2", "default", parse_address("192.168.42.3"), source).received == 5
    # outside of a path, the access list of the interface holds
    lost = fabric.ping("e2", "default", parse_address("172.18.3.2"))
    assert lost.reason == "e3: WAN on Ethernet1 in drops the packet: deny ip any any"


def test_keys_must_agree(lab: Lab) -> None:
    """Type 7 hides one key in many spellings: the two of them here are both `arista`."""
    again = EDGE.format(n=3).replace("045A190F1C354D", "141600021F102B")
    assert paths(wan(lab, e3=again), "e3")["pf"].up
    other = EDGE.format(n=3).replace("045A190F1C354D", simple_7_encrypt("other", 3))
    fabric = wan(lab, e3=other)
    assert "keys differ" in paths(fabric, "e3")["pf"].reason
    assert "e3" not in paths(fabric, "e2")


def test_the_underlay_must_carry_both_ways(lab: Lab) -> None:
    other = EDGE.format(n=3).replace("ip route 172.18.0.0/16 172.18.3.1\n", "")
    assert "no way from e3" in paths(wan(lab, e3=other), "e3")["pf"].reason


def test_an_access_list_may_shut_ipsec_out(lab: Lab) -> None:
    closed = FINDER.replace(" isakmp non500-isakmp 3478", " 3478")
    assert "drops UDP 4500" in paths(wan(lab, pf=closed), "e2")["pf"].reason


def test_peers_are_learned_by_stun(lab: Lab) -> None:
    other = EDGE.format(n=3).replace(
        "server-profile PF\n         ip", "server-profile X\n         ip"
    )
    fabric = wan(lab, e3=other)
    assert "e3" not in paths(fabric, "e2")
    assert "e3" not in paths(fabric, "pf")
    closed = FINDER.replace(" 3478", "")
    assert "e3" not in paths(wan(lab, pf=closed), "e2")


def test_one_end_without_ipsec(lab: Lab) -> None:
    bare = EDGE.format(n=3).replace("      ipsec profile CP\n", "")
    assert paths(wan(lab, e3=bare), "e3")["pf"].reason == "IPsec at one end only"


def test_groups_go_by_number(lab: Lab) -> None:
    other = EDGE.format(n=3).replace("MPLS id 101", "MPLS id 102")
    assert "path group 102" in paths(wan(lab, e3=other), "e3")["pf"].reason


TRANSIT = (
    EDGE.format(n=3).replace(
        "router bgp",
        "router adaptive-virtual-topology\n   topology role transit region\nrouter bgp",
    )
    + """
interface Ethernet2
   no switchport
   ip address 10.0.0.3/31
router path-selection
   path-group HA id 65535
      local interface Ethernet2
      peer static router-ip 192.168.42.4
         ipv4 address 10.0.0.2
"""
)
BEHIND = """
ip routing
interface Dps1
   ip address 192.168.42.4/32
interface Ethernet1
   no switchport
   ip address 10.0.0.2/31
router path-selection
   path-group HA id 65535
      local interface Ethernet1
      peer static router-ip 192.168.42.3
         ipv4 address 10.0.0.3
"""


def test_a_transit_router_makes_paths_of_several_hops(lab: Lab) -> None:
    def behind(transit: str) -> bool:
        texts = {"pf": FINDER, "e2": EDGE.format(n=2), "e3": transit, "e4": BEHIND}
        fabric = lab({**texts, "provider": PROVIDER}, [*CABLES, "e3:Ethernet2 e4:Ethernet1"])
        assert paths(fabric, "e3")["e4"].up
        assert "e4" not in paths(fabric, "e2")
        return parse_address("192.168.42.4") in fabric.state.devices["e2"].tunnels

    assert behind(TRANSIT)
    assert not behind(TRANSIT.replace("transit region", "edge"))
