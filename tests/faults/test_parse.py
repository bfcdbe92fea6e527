"""Faults are written as people write them, and checked against the lab before anything happens."""

import pytest

from avdlab.errors import InputError
from avdlab.faults.model import Fault
from avdlab.faults.parse import parse
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology

TOPOLOGY = Topology(
    "L",
    {
        "leaf1": Node("leaf1", NodeKind.DEVICE),
        "spine1": Node("spine1", NodeKind.DEVICE),
        "web1": Node("web1", NodeKind.ENDPOINT),
    },
    (
        Link.between(LinkEnd("leaf1", "Ethernet1"), LinkEnd("spine1", "Ethernet3")),
        Link.between(LinkEnd("leaf1", "Ethernet5"), LinkEnd("web1", "eth0")),
    ),
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("link leaf1:et1 down", "link leaf1:Ethernet1 -- spine1:Ethernet3 down"),
        ("link web1:eth0 blackhole", "link leaf1:Ethernet5 -- web1:eth0 blackhole"),
        (
            "link spine1:Et3 -- leaf1:Et1 drop vxlan bgp",
            "link leaf1:Ethernet1 -- spine1:Ethernet3 drop bgp,vxlan",
        ),
        ("link leaf1:Et1 drop all", "link leaf1:Ethernet1 -- spine1:Ethernet3 blackhole"),
        ("node spine1 stop", "node spine1 stop"),
        ("node spine1", "node spine1 stop"),
        ("config leaf1 wrong-vni", "config leaf1 wrong-vni"),
    ],
)
def test_what_is_written_is_what_is_meant(text, said):
    fault = parse(text.split(), TOPOLOGY)
    assert str(fault) == said
    assert Fault.from_data(fault.as_data()) == fault


def test_the_place_of_a_configuration_fault_is_kept():
    assert parse(["config", "leaf1", "wrong-vni", "at", "vlan", "11"], TOPOLOGY).at == "vlan 11"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("link leaf1:Et1", "is no fault"),
        ("link leaf1:Et1 drop", "names no protocols"),
        ("link leaf1:Et1 down bgp", "only drop takes protocols"),
        ("link leaf1:Et1 drop ospf", "no link can drop ospf"),
        ("link leaf1:Et9 down", "no cable of this lab has the end leaf1:Et9"),
        ("node web1 stop", "'web1' is no device"),
        ("node leaf9 stop", "'leaf9' is no device"),
        ("node leaf1 explode", "is no fault"),
        ("config leaf1 no-such-fault", "there is no configuration fault"),
        ("cable leaf1:Et1 down", "is no fault"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        parse(text.split(), TOPOLOGY)
