"""Small fabrics from configuration text: the tests' way to say what is plugged where."""

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from avdlab.twin.config.tree import parse_indented
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Cable, Endpoint, Plug


def cable(text: str) -> Cable:
    """Read `a:Ethernet1 b:Ethernet2`."""
    ends = [Plug(*end.split(":")) for end in text.split()]
    return Cable.between(*ends)


def build(
    configs: dict[str, str],
    cables: Iterable[str] = (),
    endpoints: Iterable[Endpoint] = (),
    **options: Any,
) -> Fabric:
    """Boot a fabric whose clock counts the questions it is asked."""
    ticks = itertools.count(1.0)
    names = {name: identity("test", name) for name in configs}
    fabric = Fabric("test", names, lambda: next(ticks), **options)
    fabric.set_wiring([cable(text) for text in cables], {e.name: e for e in endpoints})
    for name, text in configs.items():
        fabric.configure(name, parse_indented(text))
    return fabric


@pytest.fixture(scope="session")
def lab() -> Callable[..., Fabric]:
    return build


@pytest.fixture(scope="session")
def wire() -> Callable[[str], Cable]:
    return cable


MLAG = """
hostname {name}
spanning-tree mode mstp
spanning-tree mst 0 priority 4096
no spanning-tree vlan-id 4094
vlan 10
   name TEN
vlan 4094
   name MLAG
   trunk group MLAG
interface Port-Channel1
   switchport mode trunk
   switchport trunk group MLAG
interface Port-Channel5
   switchport mode trunk
   switchport trunk allowed vlan 10
   mlag 5
interface Ethernet1
   channel-group 1 mode active
interface Ethernet2
   channel-group 1 mode active
interface Ethernet5
   channel-group 5 mode active
interface Vlan10
   ip address virtual 10.0.10.1/24
interface Vlan4094
   no autostate
   ip address 10.255.0.{host}/31
mlag configuration
   domain-id PAIR
   local-interface Vlan4094
   peer-address 10.255.0.{peer}
   peer-link Port-Channel1
ip virtual-router mac-address 00:1c:73:00:00:99
ip routing
"""


@pytest.fixture(scope="session")
def mlag_pair() -> dict[str, str]:
    """Two switches of an MLAG pair: `left` and `right`, peer-link Port-Channel1, MLAG 5."""
    return {
        "left": MLAG.format(name="left", host=0, peer=1),
        "right": MLAG.format(name="right", host=1, peer=0),
    }


@pytest.fixture(scope="session")
def pair_cables() -> tuple[str, ...]:
    return ("left:Ethernet1 right:Ethernet1", "left:Ethernet2 right:Ethernet2")
