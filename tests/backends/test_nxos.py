"""Cisco NX-OS neighbors of a recorded fabric, in EOS's words."""

import pytest

from avdlab.backends.twin.nxos import as_eos, port
from avdlab.twin.config.loader import load

NXOS = """!Command: show running-config
version 9.3(8)
hostname far
feature ospf
feature bgp
vrf context management
  ip route 0.0.0.0/0 192.168.0.1
vrf context RED
  ip route 10.7.0.0/16 null0
ip prefix-list P seq 5 permit 10.9.0.0/16
route-map OUT permit 10
  match ip address prefix-list P
  set local-preference 200
interface mgmt0
  vrf member management
  ip address 192.168.0.9/24
interface Ethernet1/1
  no switchport
  ip address 10.1.0.1/30
  ip ospf network point-to-point
  ip router ospf 10 area 0.0.0.0
  no shutdown
interface Ethernet1/2
  no switchport
  vrf member RED
  ip address 10.2.0.1/30
interface loopback0
  ip address 10.0.0.9/32
router ospf 10
  router-id 10.0.0.9
  redistribute direct route-map OUT
  redistribute bgp 65009 route-map OUT
router bgp 65009
  router-id 10.0.0.9
  address-family ipv4 unicast
    network 10.9.0.0/16
    redistribute direct route-map OUT
    maximum-paths 4
  template peer T
    update-source loopback0
    address-family ipv4 unicast
      send-community both
  neighbor 10.0.0.2
    inherit peer T
    remote-as 65009
    address-family ipv4 unicast
      next-hop-self
  neighbor 10.1.0.2 remote-as 65001
    address-family ipv4 unicast
      route-map OUT out
      as-override
  vrf RED
    neighbor 10.2.0.2
      remote-as 65002
      address-family ipv4 unicast
        allowas-in 2
line vty
"""


def test_names_of_ports():
    assert [port(NXOS, name) for name in ("Ethernet1/1", "Eth1/2", "loopback0")] == [
        *("Ethernet1/1", "Ethernet1/2", "Loopback0")
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "vrf instance RED\nip routing vrf RED\nip route vrf RED 10.7.0.0/16 Null0\n",
        "interface Ethernet1/1\n   ip ospf cost 40\n   no switchport\n   ip address 10.1.0.1/30\n"
        "   ip ospf network point-to-point\n   ip ospf area 0.0.0.0\n",
        "interface Ethernet1/2\n   ip ospf cost 40\n   no switchport\n   vrf RED\n",
        "interface Loopback0\n   ip ospf cost 1\n   ip address 10.0.0.9/32\n",
        "router ospf 10\n   default-metric 20\n   router-id 10.0.0.9\n"
        "   redistribute connected route-map OUT\n   redistribute bgp route-map OUT\n",
        "router bgp 65009\n   distance bgp 20 200 200\n   router-id 10.0.0.9\n"
        "   network 10.9.0.0/16\n   maximum-paths 4\n"
        "   redistribute connected route-map INCOMPLETE-OUT\n",
        "route-map INCOMPLETE-OUT permit 10\n   sub-route-map OUT\n   set origin incomplete\n",
        "   neighbor 10.0.0.2 update-source Loopback0\n   neighbor 10.0.0.2 send-community\n"
        "   neighbor 10.0.0.2 remote-as 65009\n   neighbor 10.0.0.2 next-hop-self\n",
        "   neighbor 10.1.0.2 remote-as 65001\n   neighbor 10.1.0.2 route-map OUT out\n"
        "   neighbor 10.1.0.2 as-path remote-as replace out\n",
        "   vrf RED\n      neighbor 10.2.0.2 remote-as 65002\n"
        "      neighbor 10.2.0.2 allowas-in 2\n",
    ],
)
def test_what_nxos_means_is_said_as_eos_says_it(lines):
    assert lines in as_eos(NXOS)


def test_all_of_it_reads_as_eos():
    assert load(as_eos(NXOS)).rejected == ()
    assert "192.168.0" not in as_eos(NXOS)
