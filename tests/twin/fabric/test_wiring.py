"""Cabling files and guessed cables."""

import pytest

from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.fabric.inputs import Cable, Plug
from avdlab.twin.fabric.wiring import WiringError, infer_cables, read_wiring

NODES = ["LEAF1", "spine1"]
EXPECTED = Cable.between(Plug("LEAF1", "Ethernet1"), Plug("spine1", "Ethernet2/1"))


@pytest.mark.parametrize(
    "data",
    [
        {"links": [{"endpoints": ["LEAF1:et1", "spine1:Ethernet2/1"]}]},
        {"links": [["leaf1:Ethernet1", "spine1:Ethernet2/1"]]},
        {"topology": {"links": [{"endpoints": ["LEAF1:eth1", "spine1:eth2_1"]}]}},
        {
            "edges": [
                {
                    "node1": {"hostname": "leaf1", "interfaceName": "Ethernet1"},
                    "node2": {"hostname": "spine1", "interfaceName": "Ethernet2/1"},
                }
            ]
        },
    ],
)
def test_formats(data: object) -> None:
    cables, endpoints = read_wiring(data, NODES)
    assert cables == {EXPECTED}
    assert endpoints == {}


def test_other_names_become_endpoints() -> None:
    data = {"links": [["LEAF1:Ethernet5", "srv:eth0"], ["LEAF1:Ethernet6", "srv:eth1"]]}
    cables, endpoints = read_wiring(data, NODES)
    assert len(cables) == 2
    assert endpoints["srv"].nics == ("eth0", "eth1")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"links": 5}, "links is no list"),
        ({"edges": "x"}, "edges is no list"),
        ([], "no mapping"),
        ({"nodes": {}}, "none of links"),
        ({"links": [["LEAF1:Ethernet1"]]}, "link 1 does not have two ends"),
        ({"links": [["LEAF1", "spine1:Ethernet1"]]}, "not NODE:INTERFACE"),
        ({"links": [["LEAF1:Etehrnet1", "spine1:Ethernet1"]]}, "not an interface name"),
        ({"edges": [{"node1": {"hostname": "a"}}]}, "lacks node1"),
    ],
)
def test_errors_name_the_link(data: object, words: str) -> None:
    with pytest.raises(WiringError, match=words):
        read_wiring(data, NODES)


def guess(**texts: str) -> set[str]:
    settings = {name: read_settings(parse_indented(text)) for name, text in texts.items()}
    return {f"{c.a.node} {c.b.node}" for c in infer_cables(settings)}


def port(address: str, vrf: str = "default", kind: str = "no switchport") -> str:
    return f"interface Ethernet1\n   {kind}\n   vrf {vrf}\n   ip address {address}\n"


def test_equal_subnets_are_joined() -> None:
    assert guess(a=port("10.0.0.0/31"), b=port("10.0.0.1/31"), c=port("10.0.0.2/31")) == {"a b"}
    shared = {name: port(f"10.0.0.{n}/24") for n, name in enumerate("abc", start=1)}
    assert guess(**shared) == {"a b", "a c", "b c"}


def test_two_ends_may_name_their_vrfs_differently() -> None:
    assert guess(a=port("10.0.0.0/31", "X"), b=port("10.0.0.1/31", "Y")) == {"a b"}
    many = {
        "a": port("10.0.0.1/24", "X"),
        "b": port("10.0.0.2/24", "X"),
        "c": port("10.0.0.1/24", "Y"),
        "d": port("10.0.0.2/24", "Y"),
    }
    assert guess(**many) == {"a b", "c d"}


def test_switchports_are_not_guessed() -> None:
    assert guess(a=port("10.0.0.0/31", kind="switchport"), b=port("10.0.0.1/31")) == set()


def plugged(**texts: str) -> set[str]:
    settings = {name: read_settings(parse_indented(text)) for name, text in texts.items()}
    return {
        f"{c.a.node}:{c.a.interface} {c.b.node}:{c.b.interface}" for c in infer_cables(settings)
    }


def test_subinterfaces_stand_for_their_port() -> None:
    def text(address: str) -> str:
        return (
            "interface Ethernet3\n   no switchport\ninterface Ethernet3.100\n"
            f"   encapsulation dot1q vlan 100\n   ip address {address}\n"
        )

    assert plugged(a=text("10.0.0.0/31"), b=text("10.0.0.1/31")) == {"a:Ethernet3 b:Ethernet3"}


def test_a_port_channel_stands_for_its_members() -> None:
    def text(address: str, *members: int) -> str:
        ports = "".join(f"interface Ethernet{n}\n   channel-group 1 mode active\n" for n in members)
        return f"{ports}interface Port-Channel1\n   no switchport\n   ip address {address}\n"

    found = plugged(a=text("10.0.0.0/31", 1, 2), b=text("10.0.0.1/31", 5, 4))
    assert found == {"a:Ethernet1 b:Ethernet4", "a:Ethernet2 b:Ethernet5"}


def test_ports_of_ipv6_alone_are_joined() -> None:
    def text(address: str) -> str:
        return f"interface Ethernet1\n   no switchport\n   ipv6 address {address}\n"

    found = plugged(a=text("2001:db8::1/64"), b=text("2001:db8::2/64"))
    assert found == {"a:Ethernet1 b:Ethernet1"}


def test_unnumbered_ports_of_two_devices_are_paired_in_order() -> None:
    def text(loopback: str, *ports: int) -> str:
        return f"interface Loopback0\n   ip address {loopback}/32\n" + "".join(
            f"interface Ethernet{n}\n   no switchport\n   ip address unnumbered Loopback0\n"
            for n in ports
        )

    one, two = text("192.0.2.1", 1, 2), text("192.0.2.2", 3, 4)
    assert plugged(a=one, b=two) == {"a:Ethernet1 b:Ethernet3", "a:Ethernet2 b:Ethernet4"}
    assert plugged(a=one, b=two, c=text("192.0.2.3", 1)) == set()


def test_an_svi_stands_for_the_only_port_that_carries_its_vlan() -> None:
    def text(address: str, *ports: str) -> str:
        return "vlan 10\n" + "".join(ports) + f"interface Vlan10\n   ip address {address}\n"

    access = "interface Ethernet1\n   switchport access vlan 10\n"
    trunk = "interface Ethernet2\n   switchport mode trunk\n"
    other = "interface Ethernet7\n   switchport access vlan 20\n"
    assert plugged(a=text("10.0.0.1/24", access, other), b=text("10.0.0.2/24", trunk)) == {
        "a:Ethernet1 b:Ethernet2"
    }
    both = text("10.0.0.1/24", access, trunk)
    assert plugged(a=both, b=text("10.0.0.2/24", trunk)) == set()
    mapped = "interface Vxlan1\n   vxlan vlan 10 vni 10010\n"
    assert plugged(a=text("10.0.0.1/24", access, mapped), b=text("10.0.0.2/24", trunk)) == set()
