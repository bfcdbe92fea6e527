"""Faults are named as people name ports, and found in the topology."""

from pathlib import Path

import pytest

from avdlab.ansible.faults import _asked
from avdlab.ansible.request import Request
from avdlab.errors import InputError
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology

TOPOLOGY = Topology(
    "L",
    {name: Node(name, NodeKind.DEVICE) for name in ("leaf1", "spine1")},
    (Link.between(LinkEnd("leaf1", "Ethernet1"), LinkEnd("spine1", "Ethernet3")),),
)


def _ask(**options: object) -> list[str]:
    request = Request("t", "leaf1", "fault", Path("i.yml"), frozenset({"leaf1"}), options)
    return [str(fault) for fault in _asked(request, TOPOLOGY)]


@pytest.mark.parametrize(
    "text", ["leaf1:Ethernet1", "leaf1:et1", "spine1:Et3 -- leaf1:Et1", "spine1:Ethernet3"]
)
def test_a_cable_has_one_name(text: str) -> None:
    assert _ask(links=[text]) == ["link leaf1:Ethernet1 -- spine1:Ethernet3 down"]


def test_a_node() -> None:
    assert _ask(nodes=["spine1"]) == ["node spine1 stop"]


def test_any_fault_of_the_command_line() -> None:
    assert _ask(faults=["link spine1:Et3 drop bgp,lldp", "config leaf1 wrong-vni"]) == [
        "link leaf1:Ethernet1 -- spine1:Ethernet3 drop bgp,lldp",
        "config leaf1 wrong-vni",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"nodes": ["spine9"]}, "'spine9' is no device"),
        ({"links": ["leaf1:Ethernet9"]}, "no cable of this lab has the end leaf1:Ethernet9"),
        ({"links": ["leaf1"]}, "'leaf1' is no end of a cable"),
        ({"links": ["leaf1:Ethernet1 -- spine1:Ethernet1"]}, "no cable"),
    ],
)
def test_what_is_not_there_is_refused(options: dict[str, list[str]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        _ask(**options)
