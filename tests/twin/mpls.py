"""Configurations of routers that switch labels, and of PE routers with a customer's VRF.

As pyavd 6.4 renders them for its MPLS designs, cut down to what counts.
"""

HEAD = """
ip routing
mpls ip
interface Loopback0
   ip address 10.255.0.{n}/32
   node-segment ipv4 index {n}
   isis enable CORE
   isis passive
   mpls ldp interface
router isis CORE
   net 49.0001.0000.0000.000{n}.00
   is-type level-2
   address-family ipv4 unicast
      maximum-paths 4
"""
PORT = """
interface Ethernet{port}
   no switchport
   ip address {address}/31
   mpls ip
   mpls ldp interface
   isis enable CORE
   isis network point-to-point
"""
LDP = """
mpls ldp
   router-id interface Loopback0
   transport-address interface Loopback0
   interface disabled default
   no shutdown
"""
SEGMENTS = "   segment-routing mpls\n      no shutdown\n"
PE = """
vrf instance C1
ip routing vrf C1
interface Loopback100
   vrf C1
   ip address 192.0.2.{n}/32
router bgp 65001
   router-id 10.255.0.{n}
   no bgp default ipv4-unicast
   neighbor 10.255.0.{peer} remote-as 65001
   neighbor 10.255.0.{peer} update-source Loopback0
   neighbor 10.255.0.{peer} send-community
   address-family vpn-ipv4
      neighbor 10.255.0.{peer} activate
      neighbor default encapsulation mpls next-hop-self source-interface Loopback0
   vrf C1
      rd 10.255.0.{n}:10
      route-target import vpn-ipv4 10:10
      route-target export vpn-ipv4 10:10
      redistribute connected
"""


def router(n: int, addresses: list[str], more: str, kind: str) -> str:
    """Return the text of a router; `kind` "ldp" or "sr": what gives its labels."""
    ports = [PORT.format(port=i, address=a) for i, a in enumerate(addresses, start=1)]
    text = HEAD.format(n=n) + (SEGMENTS if kind == "sr" else "") + "".join(ports)
    return text + (LDP if kind == "ldp" else "") + more
