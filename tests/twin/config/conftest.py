"""Configuration texts for the tests of this folder."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

# Recordings in the public data that are not of EOS.
FOREIGN = {"dlh15"}


@pytest.fixture(scope="session")
def recorded(data: Callable[[str], Path]) -> dict[str, str]:
    """Running-configs that EOS printed: `lab/device` -> text."""
    files = data("oracle").glob("*/configs/*/show_running-config.txt")
    return {
        f"{path.parts[-4]}/{path.parts[-2]}": path.read_text("utf-8")
        for path in files
        if path.parts[-2] not in FOREIGN
    }


@pytest.fixture(scope="session")
def table_maker(repository: Path) -> ModuleType:
    """The script that makes the table of commands."""
    return load_table_maker(repository)


def load_table_maker(repository: Path) -> ModuleType:
    """Load the script as a module of its own."""
    spec = importlib.util.spec_from_file_location("table_maker", repository / "tools/grammar.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["table_maker"] = module
    spec.loader.exec_module(module)
    return module


LEAF = """\
! Command: show running-config
!
no aaa root
!
hostname leaf1
!
vlan 10
   name Blue
   trunk group MLAG
!
vrf instance RED
!
banner motd
Welcome  to leaf1
   interface Ethernet9
EOF
!
management api http-commands
   no shutdown
   !
   vrf MGMT
      no shutdown
!
interface Port-Channel3
   description peer link
   switchport mode trunk
   switchport trunk group MLAG
!
interface Ethernet1
   description to spine1
   no switchport
   ip address 10.0.0.1/31
!
interface Vlan10
   vrf RED
   ip address virtual 10.10.0.1/24
!
interface Vxlan1
   vxlan source-interface Loopback1
   vxlan vlan 10 vni 10010
   vxlan vrf RED vni 50001
!
ip routing
no ip routing vrf MGMT
ip routing vrf RED
!
ip prefix-list PL-LOOPBACKS
   seq 10 permit 10.255.0.0/24 eq 32
   seq 20 permit 10.255.1.0/24 eq 32
!
route-map RM-OUT permit 10
   match ip address prefix-list PL-LOOPBACKS
!
router bgp 65101
   router-id 10.255.0.1
   no bgp default ipv4-unicast
   maximum-paths 4 ecmp 4
   neighbor UNDERLAY peer group
   neighbor UNDERLAY send-community
   neighbor 10.0.0.0 peer group UNDERLAY
   neighbor 10.0.0.0 remote-as 65001
   redistribute connected route-map RM-OUT
   !
   vlan 10
      rd 10.255.0.1:10010
      route-target both 10010:10010
      redistribute learned
   !
   address-family evpn
      neighbor UNDERLAY activate
   !
   address-family ipv4
      no neighbor UNDERLAY activate
   !
   vrf RED
      rd 10.255.0.1:1
      route-target import evpn 1:1
      route-target export evpn 1:1
!
end
"""


@pytest.fixture(scope="session")
def leaf() -> str:
    """The running-config of a small leaf."""
    return LEAF
