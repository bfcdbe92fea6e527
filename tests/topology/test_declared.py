"""Cables that are declared beside the design."""

from pathlib import Path
from typing import Any

import pytest

from avdlab.errors import InputError
from avdlab.inventory.model import Host, Inventory
from avdlab.overlay.model import LabConfigs, LabDevice
from avdlab.topology import build
from avdlab.topology.model import NodeKind, Topology


def port(name: str, peer: str = "", peer_port: str = "", kind: str = "spine") -> dict[str, Any]:
    metadata = {"peer": peer, "peer_interface": peer_port, "peer_type": kind}
    return {"name": name, "metadata": {k: v for k, v in metadata.items() if v}}


def topology(links: Any, undeployed: tuple[str, ...] = (), **ports: Any) -> Topology:
    """Build from the ports of each device; all hosts have the same `lab_links`."""
    devices = {n: LabDevice(n, "", {"ethernet_interfaces": p}) for n, p in ports.items()}
    variables = {"type": "spine", "lab_links": links}
    hosts = {n: Host(n, (), variables, "FAB", {}) for n in (*ports, *undeployed)}
    return build(
        LabConfigs(devices), Inventory(Path("i.yml"), Path(), hosts, frozenset(hosts)), "t"
    )


def cables(made: Topology) -> list[str]:
    return [f"{link.a} {link.b}" for link in made.links]


@pytest.mark.parametrize(
    "link",
    [["a:Et9", "b:Ethernet9"], {"a": "b:Et9", "b": "a:Et9"}, {"endpoints": ["a:Et9", "b:Et9"]}],
)
def test_a_declared_cable_joins_ports_that_the_design_leaves_open(link: Any):
    made = topology([link], a=[port("Ethernet9")], b=[])
    assert cables(made) == ["a:Ethernet9 b:Ethernet9"]
    assert made.nodes["b"].interfaces == ("Ethernet9",)
    assert made.nodes["a"].open_ports == ()


def test_a_declared_cable_may_say_what_the_design_says():
    made = topology([["b:Et1", "a:Et1"]], a=[port("Ethernet1", "b", "Ethernet1")], b=[])
    assert cables(made) == ["a:Ethernet1 b:Ethernet1"]


def test_a_declared_cable_names_the_port_of_half_named_ends():
    made = topology(
        [["a:Et5", "b:Et7"]],
        a=[port("Ethernet5", "b"), port("Ethernet6", "b")],
        b=[port("Ethernet6", "a"), port("Ethernet7", "a")],
    )
    assert cables(made) == ["a:Ethernet5 b:Ethernet7", "a:Ethernet6 b:Ethernet6"]


def test_declared_cables_bring_hosts_into_the_lab():
    made = topology([["a:Et9", "probe:eth0"], ["b:Et9", "probe:eth1"]], a=[], b=[])
    assert made.nodes["probe"].kind is NodeKind.ENDPOINT
    assert cables(made) == ["a:Ethernet9 probe:eth0", "b:Ethernet9 probe:eth1"]


def test_a_declared_cable_to_an_undeployed_device_is_left_out():
    made = topology([["a:Et9", "late:Et9"]], undeployed=("late",), a=[])
    assert made.links == ()
    assert made.notes == ("a:Ethernet9 to late:Et9: no cable, late is not deployed",)


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ({"a": 1}, "lab_links: must be a list of cables"),
        (["a:Et1"], "lab_links[0]: a cable is two ends, each written node:interface"),
        ([["a", "b:Et1"]], "lab_links[0]: 'a' is not written node:interface"),
        ([["a:Vlan1", "b:Et1"]], "lab_links[0]: 'Vlan1' is no port that a cable fits into"),
        ([["a:Et9", "a:Et9"]], "lab_links[0]: a:Ethernet9 is its own peer"),
        ([["x:1", "y:1"]], "lab_links[0]: neither x nor y is a device of this inventory"),
        ([["a:Et1", "c:Et1"]], "lab_links[0]: a:Ethernet1 has a cable to b:Ethernet1 already"),
        ([["a:Et2", "c:Et1"]], "lab_links[0]: a:Ethernet2 has a cable to srv:eth0 already"),
        ([["a:Et1", "x:eth0"]], "lab_links[0]: a:Ethernet1 has a cable to b:Ethernet1 already"),
    ],
)
def test_wrong_declarations_are_input_errors(links: Any, said: str):
    ports = [port("Ethernet1", "b", "Ethernet1"), port("Ethernet2", "srv", "eth0", "server")]
    with pytest.raises(InputError) as caught:
        topology(links, a=ports, b=[], c=[])
    assert str(caught.value) == said
