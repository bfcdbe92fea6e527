"""Cisco IOS neighbors of a recorded fabric, in EOS's words."""

import pytest

from avdlab.backends.twin.ios import as_eos, port
from avdlab.twin.config.loader import load

IOS = """Building configuration...
!
version 15.7
hostname far
no ip domain lookup
interface Loopback0
 ip address 10.0.0.9 255.255.255.255
!
interface Loopback1
 ip address 10.0.1.9 255.255.255.255
!
interface GigabitEthernet0/1
 ip router isis
 isis circuit-type level-2-only
 ip address 10.1.0.1 255.255.255.252
 ip ospf 10 area 0
 duplex auto
!
interface GigabitEthernet0/2.100
 encapsulation dot1Q 100
 ip address 10.2.0.1 255.255.255.0
!
interface Ethernet1/0
 no ip address
 shutdown
!
router ospf 10
 router-id 10.0.0.9
 passive-interface default
 no passive-interface GigabitEthernet0/1
 redistribute bgp 65009 subnets route-map OUT
 network 10.1.0.0 0.0.0.3 area 0
!
router isis
 net 49.0001.0000.0000.0009.00
 is-type level-2-only
 metric-style wide
 passive-interface Loopback1
!
router bgp 65009
 bgp log-neighbor-changes
 neighbor 10.2.0.2 remote-as 65001
 neighbor 10.2.0.2 send-community both
 network 10.9.0.0 mask 255.255.0.0
 aggregate-address 10.8.0.0 255.248.0.0 summary-only
 no auto-summary
!
ip route 10.9.0.0 255.255.0.0 Null0
ip prefix-list P seq 5 permit 10.9.0.0/16
route-map OUT permit 10
 match ip address prefix-list P
!
line con 0
"""


def test_ports_count_from_one():
    names = ("GigabitEthernet0/1", "Gi0/2", "gi0/2", "Et1/0", "Loopback0")
    assert [port(IOS, name) for name in names] == [
        *("Ethernet1", "Ethernet2", "Ethernet2", "Ethernet3", "Loopback0")
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "interface Ethernet1\n   no switchport\n   ip ospf cost 1\n   isis enable ISIS\n"
        "   isis circuit-type level-2\n   ip address 10.1.0.1/30\n   ip ospf area 0\n",
        "interface Loopback1\n   ip ospf cost 1\n   ip address 10.0.1.9/32\n"
        "   isis enable ISIS\n   isis passive\n",
        "router isis ISIS\n   net 49.0001.0000.0000.0009.00\n   is-type level-2\n"
        "   address-family ipv4 unicast\n",
        "interface Ethernet2.100\n   ip ospf cost 1\n   encapsulation dot1q vlan 100\n",
        "interface Ethernet3\n   no switchport\n   ip ospf cost 10\n   shutdown\n",
        "router ospf 10\n   default-metric 20\n   router-id 10.0.0.9\n",
        "   no passive-interface Ethernet1\n   redistribute bgp route-map OUT\n",
        "router bgp 65009\n   distance bgp 20 200 200\n   neighbor 10.2.0.2 remote-as 65001\n"
        "   neighbor 10.2.0.2 send-community\n   network 10.9.0.0/16\n"
        "   aggregate-address 10.8.0.0/13 summary-only\n",
        "ip route 10.9.0.0/16 Null0\n",
    ],
)
def test_what_ios_means_is_said_as_eos_says_it(lines):
    assert lines in as_eos(IOS)


def test_all_of_it_reads_as_eos():
    assert load(as_eos(IOS)).rejected == ()
    assert "line con" not in as_eos(IOS)
