"""Fabrics for the tests: leaves in MLAG pairs under spines, with names that AVD people use."""

from pathlib import Path
from typing import Any

from avdlab.backends.base import LabSpec
from avdlab.backends.gns3.ceos import Naming
from avdlab.backends.gns3.options import Options
from avdlab.backends.gns3.record import Record
from avdlab.overlay.model import LabUser
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology

PROJECT = "11111111-2222-5333-8444-555555555555"
USER = LabUser("lab", "secret")


def device(name, role, number, ports, **more: Any):
    return Node(
        name,
        NodeKind.DEVICE,
        role=role,
        management_interface="Management1",
        management_address=f"172.16.1.{number}/24",
        management_vrf="MGMT",
        interfaces=("Management1", *ports),
        **more,
    )


def fabric(leaves=4, spines=2, *, peer_port="Ethernet47", pods=1):
    """Return leaves under spines: LEAF_1 and LEAF_2 are a pair, LEAF_3 and LEAF_4 the next."""
    nodes, links = {}, []
    for number in range(1, spines + 1):
        name = f"SPINE_{number}"
        ports = tuple(f"Ethernet{leaf}" for leaf in range(1, leaves + 1))
        nodes[name] = device(name, "spine", 10 + number, ports)
    for number in range(1, leaves + 1):
        name = f"LEAF_{number}"
        uplinks = tuple(f"Ethernet{spine}" for spine in range(1, spines + 1))
        nodes[name] = device(
            name,
            "l3leaf",
            20 + number,
            (*uplinks, peer_port),
            group=f"PAIR{(number - 1) // 2}",
            pod=f"POD{(number - 1) % pods}" if pods > 1 else "",
        )
        links += [
            Link.between(LinkEnd(name, port), LinkEnd(f"SPINE_{spine}", f"Ethernet{number}"))
            for spine, port in enumerate(uplinks, start=1)
        ]
    links += [
        Link.between(LinkEnd(f"LEAF_{first}", peer_port), LinkEnd(f"LEAF_{first + 1}", peer_port))
        for first in range(1, leaves, 2)
    ]
    return Topology("test", nodes, tuple(sorted(links)))


def lab(topology, folder=Path("lab")):
    """Return the spec of a lab: every device boots with its hostname."""
    gateway = "ip route vrf MGMT 0.0.0.0/0 172.16.1.1"
    seeds = {node.name: f"hostname {node.name}\n{gateway}\nend\n" for node in topology.devices}
    return LabSpec(folder.name, folder, topology, seeds, USER)


def chosen(**more: Any):
    """Return the options of a lab, some of them replaced."""
    usual = {
        "server": "http://127.0.0.1:3080",
        "user": "",
        "password": "",
        "verify": True,
        "project": "",
        "image": "ceos:4.34.2F",
        "naming": Naming.ETH,
        "bridge": "avdlab0",
        "bridge_address": "",
        "jump": "",
        "endpoints": "none",
        "placement": "",
        "spare_ports": 2,
        "memory": 1500,
    }
    return Options(**usual | more)


def nothing_yet(name="lab"):
    """Return the record of a lab of which nothing was made."""
    return Record(name, "token", PROJECT, name)
