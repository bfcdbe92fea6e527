"""The community's templates for EOS (ntc-templates) read the twin's text into the right rows."""

import re

import pytest
from ntc_templates.parse import parse_output

from tests.twin.cli.show.fabric import features

# (device, command, a row, how many rows)
ROWS = [
    ("leaf1", "show clock", {"year": "2026", "timezone": "UTC"}, 1),
    ("leaf1", "show hostname", {"fqdn": "leaf1.example.com"}, 1),
    ("leaf1", "show version", {"model": "cEOSLab", "uptime": "2 hours and 0 minutes"}, 1),
    ("leaf1", "show inventory", {"descr": "Management", "port": "1"}, 2),
    (
        "leaf1",
        "show interfaces",
        {
            "interface": "Vlan10",
            "link_status": "up",
            "mtu": "1500",
            "protocol_status": "up (connected)",
        },
        18,
    ),
    (
        "leaf1",
        "show interfaces description",
        {"port": "Et5", "status": "up", "protocol": "up", "description": "server"},
        18,
    ),
    (
        "leaf1",
        "show interfaces status",
        {"port": "Et6", "status": "disabled", "vlan_id": "20", "duplex": "full"},
        9,
    ),
    (
        "leaf1",
        "show ip interface brief",
        {"interface": "Vlan3001", "ip_address": "10.255.252.0/31", "status": "up"},
        10,
    ),
    (
        "leaf1",
        "show ip access-lists",
        {"name": "SNMP-IN", "sn": "10", "action": "permit", "source": "10.22.10.0/24"},
        2,
    ),
    ("leaf1", "show ip arp", {"ip_address": "10.0.1.0", "interface": "Ethernet1"}, 4),
    (
        "leaf1",
        "show ip bgp",
        {"network": "10.255.0.13/32", "next_hop": "10.0.1.0", "route_source": ">"},
        10,
    ),
    (
        "leaf1",
        "show ip bgp summary",
        {"bgp_neigh": "10.0.1.0", "neigh_as": "65000", "state": "Estab", "state_pfxrcd": "3"},
        2,
    ),
    (
        "leaf1",
        "show ip route",
        {
            "network": "10.255.0.1",
            "prefix_length": "32",
            "next_hop": ["10.0.1.0"],
            "protocol": "B E",
        },
        10,
    ),
    (
        "leaf1",
        "show ip ospf neighbor",
        {"neighbor_id": "10.255.9.1", "state": "FULL", "interface": "Ethernet7"},
        1,
    ),
    (
        "leaf1",
        "show ip ospf interface brief",
        {"interface": "Et7", "state": "P2P", "cost": "10", "neighbors": "1"},
        1,
    ),
    (
        "leaf1",
        "show ip ospf database",
        {"router_id": "10.255.0.11", "vrf": "default", "link_id": "10.255.9.1", "link_count": "2"},
        2,
    ),
    ("core1", "show isis neighbors", {"system_id": "core2", "state": "UP", "type": "L2"}, 1),
    (
        "leaf1",
        "show lldp neighbors",
        {"local_interface": "Et1", "neighbor_name": "spine", "neighbor_interface": "Ethernet1"},
        4,
    ),
    (
        "leaf1",
        "show lldp neighbors detail",
        {"local_interface": "Ethernet1", "neighbor_name": "spine", "mgmt_address": "172.16.1.1"},
        4,
    ),
    (
        "leaf1",
        "show mac address-table",
        {
            "mac_address": "0050.5600.0010",
            "vlan_id": "10",
            "destination_port": ["Po5"],
            "moves": "1",
        },
        2,
    ),
    ("leaf1", "show mlag", {"domain": "PAIR", "state": "Active", "peer_link": "Port-Channel3"}, 1),
    (
        "leaf1",
        "show port-channel summary",
        {"bundle_name": "Po3", "bundle_status": "U", "member_interface": ["Et3", "Et4"]},
        2,
    ),
    ("leaf1", "show snmp community", {"name": "public", "access": "read-only"}, 1),
    (
        "leaf1",
        "show vlan",
        {"vlan_id": "10", "vlan_name": "WEB", "interfaces": ["Cpu", "Po3", "Po5", "Vx1"]},
        9,
    ),
    ("leaf1", "show vrf", {"vrf": "RED", "rd": "10.255.0.11:50001"}, 3),
    ("leaf1", "bash timeout 10 df -h", {"mounted_on": "/", "use_percent": "25%"}, 5),
]
# where a template knows only the layout of an older EOS: its line -> what it expects
OLDER = (
    (r"^Source Codes:$", "Codes:"),  # before 4.29
    (r"^\* indicates a Dynamic VLAN\n", ""),
    (r"^(\d+)\*(?= )", r"\1 "),  # a dynamic VLAN's number
    (r"^  Internet address is virtual ", "  Internet address is "),
    (r"^  Dynamic VLAN to VNI mapping .*\n", ""),
    (r"^(   \[RED, 50001\]|    10 10\.255\.1\.13|  Shared Router MAC is .*)\n", ""),
    (r"^( \S[\w ]{6,7} [\d./]+) (\[.*\])\n +via", r"\1 \2 via"),  # one line a route, before 4.30
    (r"^( \S[\w ]{6,7} [\d./]+)\n +directly", r"\1 is directly"),
)


@pytest.mark.parametrize(("device", "command", "row", "count"), ROWS)
def test_rows(device, command, row, count):
    text = features().text(device, command)
    for pattern, older in OLDER:
        text = re.sub(pattern, older, text, flags=re.M)
    name = command.replace("timeout 10 ", "")
    found = parse_output(platform="arista_eos", command=name, data=text)
    assert len(found) == count, found
    assert any(row.items() <= entry.items() for entry in found), found
