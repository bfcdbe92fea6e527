"""A whole AVD fabric on wires: every node comes to what the engine computes in one process."""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from avdlab.design import Source, design, prepare
from avdlab.events import Reporter
from avdlab.net.interfaces import PortMap
from avdlab.overlay.model import LabUser
from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.exec import CliSession
from avdlab.twin.cli.node import Node
from avdlab.twin.cli.outcome import CommandError
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Cable, Endpoint, Plug
from avdlab.twin.wire.process import FABRIC
from tests.support.rack import Rack, rack, until

pytestmark = pytest.mark.xdist_group("wire-fabric")

DATA = Path(os.environ.get("AVDLAB_DATA") or Path(__file__).parents[2] / "../shared")
INVENTORY = DATA / "fabrics/single-dc-l3ls"
QUESTIONS = (
    "show lldp neighbors",
    "show interfaces status",
    "show port-channel dense",
    "show mlag",
    "show vlan",
    "show ip route vrf all",
    "show ip bgp summary vrf all",
    "show bgp evpn",
    "show vxlan vtep",
    "show spanning-tree root",
)
ADMIN = UserSettings("arista", 15)


@dataclass(frozen=True)
class FabricOnWires:
    """The fabric in a rack, and the same one in this process."""

    rack: Rack
    nodes: dict[str, Node]


@pytest.fixture(scope="module")
def fabric(tmp_path_factory):
    if not INVENTORY.exists():
        pytest.skip(f"no fabric in {DATA}")
    prepared = prepare(Source(INVENTORY), Reporter(), check=True)
    made = design(prepared, LabUser("arista", "arista"), Reporter(), enabled=True)
    maps = {
        n.name: PortMap.of((*n.interfaces, n.management_interface)) for n in made.topology.devices
    }
    configs = {name: made.configs.devices[name].config for name in maps}
    links = [x for x in made.topology.links if x.a.node in maps and x.b.node in maps]
    with rack(tmp_path_factory.mktemp("fabric"), "172.16.1.254/24") as stand:
        for node in made.topology.devices:
            nics = tuple(maps[node.name].linux(name) for name in maps[node.name].ethernet)
            mapping = {"EosIntfMapping.json": json.dumps(maps[node.name].eos_mapping())}
            address = node.management_address.partition("/")[0]
            stand.add(node.name, configs[node.name], address, nics, **mapping)
        stand.start()
        wired = set()
        for link in links:
            wired |= {link.a, link.b}
            stand.cable(*(f"{e.node}:{maps[e.node].linux(e.interface)}" for e in (link.a, link.b)))
        loose = [
            (name, port)
            for name, ports in maps.items()
            for port in ports.ethernet
            if (name, port) not in {(end.node, end.interface) for end in wired}
        ]
        for name, port in loose:
            stand.loose(name, maps[name].linux(port))
        yield FabricOnWires(stand, in_one_process(configs, links, loose))


def in_one_process(configs, links, loose) -> dict[str, Node]:
    """Give the engine what the wires ought to show."""
    made = Fabric(FABRIC, {name: identity(FABRIC, name) for name in configs}, time.time)
    cables = {
        Cable.between(Plug(x.a.node, x.a.interface), Plug(x.b.node, x.b.interface)) for x in links
    }
    ends = {f"loose {n} {p}": Plug(n, p) for n, p in loose}
    cables |= {Cable.between(plug, Plug(end, "nic")) for end, plug in ends.items()}
    made.set_wiring(cables, {end: Endpoint(end, ("nic",), talking=False) for end in ends})
    nodes = {name: Node(name, text, {}, made, time.time) for name, text in configs.items()}
    for node in nodes.values():
        node.sync()
    return nodes


def timeless(answer: Any) -> Any:
    """Leave out what depends on when it was asked."""
    if isinstance(answer, dict):
        return {k: timeless(v) for k, v in answer.items() if not _of_time(k, v)}
    return [timeless(item) for item in answer] if isinstance(answer, list) else answer


def _of_time(key: str, value: object) -> bool:
    changing = ("time", "msg", "tables", "updown", "changes")
    return isinstance(value, float) or any(word in key.lower() for word in changing)


def answers(fabric: FabricOnWires, name: str) -> dict[str, tuple[Any, Any]]:
    """Return the questions to which the node on wires answers otherwise than the engine."""
    found = {}
    for question in QUESTIONS:
        try:
            session = CliSession(fabric.nodes[name], ADMIN, COMMANDS)
            expected = timeless(dict(session.run(question).json or {}))
        except CommandError:
            assert name.endswith("c"), f"{name}: {question}"  # L2 leaves have no BGP
            continue
        given = timeless(fabric.rack.nodes[name].run("enable", question)[1])
        if given != expected:
            found[question] = (given, expected)
    return found


def test_every_node_answers_as_the_engine_does(fabric):
    for name, node in fabric.rack.nodes.items():
        until(lambda node=node: node.run("show version"), 120)
        until(lambda name=name: not answers(fabric, name), 60)
