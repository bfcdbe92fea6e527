"""Facts out of the texts of two generations of EOS, and out of the twin's."""

from avdlab.compare.texts import commands, facts

ROUTES = """VRF: default
Codes: C - connected, S - static, K - kernel,
       O - OSPF, IA - OSPF inter area

Gateway of last resort is not set

 S        10.10.1.0/24 [1/0] via 192.168.2.2, Ethernet2
 B E      10.0.0.0/8 [200/0] via 10.1.0.0, Ethernet1
                             via 10.2.0.0, Ethernet2
 A B      10.10.0.0/16 is directly connected, Null0
"""


def test_routes_with_their_order():
    found = facts("show ip route vrf all", ROUTES)
    assert found == {
        "default 10.10.1.0/24": {
            "code": "S",
            "cost": "1/0",
            "vias": ["via 192.168.2.2, Ethernet2"],
        },
        "default 10.0.0.0/8": {
            "code": "B E",
            "cost": "200/0",
            "vias": ["via 10.1.0.0, Ethernet1", "via 10.2.0.0, Ethernet2"],
        },
        "default 10.10.0.0/16": {"code": "A B", "cost": "", "vias": ["directly connected, Null0"]},
        "default (order)": {"prefixes": ["10.10.1.0/24", "10.0.0.0/8", "10.10.0.0/16"]},
    }


OLD_BGP = """BGP routing table information for VRF default
Router identifier 10.0.0.1, local AS number 65001
         Network                Next Hop              Metric  LocPref Weight  Path
 * >     172.16.12.2/32         10.12.11.2            0       100     32769   i
 *       172.16.12.2/32         -                     -       -       0       i
"""
NEW_BGP = """BGP routing table information for VRF default
Router identifier 10.0.0.1, local AS number 65001
          Network                Next Hop              Metric  AIGP       LocPref Weight  Path
 * >      172.16.12.2/32         10.12.11.2            0       -          100     32769   i
 *        172.16.12.2/32         -                     -       -          -       0       i
"""


def test_bgp_tables_with_and_without_the_aigp_column():
    old, new = facts("show ip bgp vrf all", OLD_BGP), facts("show ip bgp vrf all", NEW_BGP)
    assert old == new
    assert old is not None
    assert old["default 172.16.12.2/32"]["paths"] == ["* - - - 0 i", "* > 10.12.11.2 0 100 32769 i"]


VRFS = """Maximum number of vrfs allowed: 1024
   VRF           RD              Protocols       State            Interfaces
------------- --------------- --------------- ------------------- ---------------------
   default       <not set>       ipv4,ipv6       v4:routing,      Ethernet1, Et2,
                                                 v6:no routing    Management1
   RED           1:1             ipv4,ipv6       v4:no routing,
                                                 v6:no routing
"""


def test_vrfs_over_several_lines():
    found = facts("show vrf", VRFS)
    assert found == {
        "default": {
            "states": ["v4:routing", "v6:no routing"],
            "interfaces": ["Ethernet1", "Ethernet2", "Management1"],
        },
        "RED": {"states": ["v4:no routing", "v6:no routing"], "interfaces": []},
    }


OSPF = """Neighbor ID     Instance VRF      Pri State        Dead Time   Address         Interface
10.15.15.15     10       default  1   FULL         00:00:37    192.168.1.2     Ethernet2
"""


def test_ospf_neighbors():
    found = facts("show ip ospf neighbor", OSPF)
    entry = {"priority": "1", "state": "FULL", "address": "192.168.1.2"}
    assert found == {"default 10 10.15.15.15 Ethernet2": entry}


ISIS = """Instance  VRF      System Id  Type Interface   SNPA  State Hold time Circuit Id
CORE      default  r2         L2   Ethernet1   P2P   UP    24        0F
"""


def test_isis_neighbors():
    entry = {"type": "L2", "state": "UP"}
    assert facts("show isis neighbors", ISIS) == {"default CORE r2 Ethernet1": entry}


INTERFACE = """Ethernet1 is up, line protocol is up (connected)
  Hardware is Ethernet, address is 0c00.484d.59fc
  Internet address is 192.168.1.1/30
  IP MTU 1500 bytes (default)
  Up 14 minutes, 42 seconds
  67 packets input, 5946 bytes
Vlan10 is administratively down, line protocol is down (disabled)
"""


def test_interfaces_without_clocks_and_counters():
    assert facts("show interfaces", INTERFACE) == {
        "Ethernet1": {
            "state": ["up", "up", "connected"],
            "lines": ["Internet address is 192.168.1.1/30", "IP MTU 1500 bytes (default)"],
        },
        "Vlan10": {"state": ["administratively down", "down", "disabled"], "lines": []},
    }


NEIGHBOR = """BGP neighbor is 10.0.0.1, remote AS 65000, external link
 Description: spine1
  BGP version 4, remote router ID 1.1.1.1, VRF default
  Inherits configuration from and member of peer-group SPINES
  Last read 00:00:42, last write 00:00:42
  Hold time is 180, keepalive interval is 60 seconds
  BGP state is Established, up for 00:14:42
                         Sent      Rcvd     Best Paths     Best ECMP Paths
    IPv4 Unicast:           2         5              0                   0
  Inbound route map is IN
Local AS is 65001, local router ID 2.2.2.2
TTL is 1
"""


def test_bgp_neighbors():
    found = facts("show ip bgp neighbors vrf all", NEIGHBOR)
    assert found == {
        "10.0.0.1": {
            "asn": "65000",
            "link": "external",
            "vrf": "default",
            "description": "spine1",
            "router": "1.1.1.1",
            "group": "SPINES",
            "timers": "Hold time is 180, keepalive interval is 60 seconds",
            "state": "Established",
            "IPv4": "2 5",
            "routeMapIn": "IN",
            "local": "Local AS is 65001, local router ID 2.2.2.2",
            "ttl": "1",
        }
    }


EVPN = """Router identifier 10.0.0.1, local AS number 65001
          Network                Next Hop              Metric  LocPref Weight  Path
 * >Ec     RD: 1.1.1.1:10 imet 10.255.1.1
                                 10.255.1.1            -       100     0       65000 65101 i
 *  ec     RD: 1.1.1.1:10 imet 10.255.1.1
                                 10.255.1.1            -       100     0       65000 65101 i
"""


def test_evpn_routes():
    found = facts("show bgp evpn", EVPN)
    assert found is not None
    assert found["RD: 1.1.1.1:10 imet 10.255.1.1"]["paths"] == [
        "*  ec 10.255.1.1 - 100 0 65000 65101 i",
        "* >Ec 10.255.1.1 - 100 0 65000 65101 i",
    ]


def test_errors_and_unknown_commands():
    assert facts("show bgp evpn", "% Not supported") == {"error": {"errors": ["Not supported"]}}
    assert facts("show clock", "Tue") is None
    assert "show isis neighbors" in set(commands())
