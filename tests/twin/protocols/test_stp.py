"""Spanning tree: root, roles, and what a blocked port does."""

from collections.abc import Callable

from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Faults
from avdlab.twin.protocols.stp import port_cost
from avdlab.twin.tables.l2 import StpState

Lab = Callable[..., Fabric]
RING = ("a:Ethernet1 b:Ethernet1", "b:Ethernet2 c:Ethernet2", "c:Ethernet1 a:Ethernet2")


def bridge(name: str, priority: int, mode: str = "mstp") -> str:
    words = {"mstp": "mst 0 priority", "rstp": "priority", "rapid-pvst": "vlan-id 10 priority"}
    trunks = "".join(f"interface Ethernet{n}\n   switchport mode trunk\n" for n in (1, 2))
    return (
        f"hostname {name}\nspanning-tree mode {mode}\nspanning-tree {words[mode]} {priority}\n"
        f"vlan 10\n{trunks}interface Vlan10\n   ip address 10.0.0.{ord(name) - 96}/24\n"
    )


def ring(lab: Lab, mode: str = "mstp") -> Fabric:
    priorities = {"a": 4096, "b": 8192, "c": 16384}
    return lab({name: bridge(name, p, mode) for name, p in priorities.items()}, RING)


def test_the_lowest_priority_is_root_and_one_port_blocks(lab: Lab) -> None:
    devices = ring(lab).state.devices
    trees = {name: device.stp["MST0"] for name, device in devices.items()}
    assert {tree.root_mac for tree in trees.values()} == {devices["a"].identity.system_mac}
    assert trees["a"].root_port is None
    assert trees["b"].root_port == "Ethernet1"
    assert trees["c"].root_port == "Ethernet1"
    assert trees["c"].ports["Ethernet2"].role == "alternate"
    assert trees["c"].ports["Ethernet2"].state is StpState.DISCARDING
    assert trees["b"].ports["Ethernet2"].role == "designated"
    assert trees["b"].root_cost == 20000


def test_a_cut_link_unblocks_the_other_way(lab: Lab, wire: Callable[[str], object]) -> None:
    fabric = ring(lab)
    fabric.set_faults(Faults(cut=frozenset({wire(RING[2])})))  # type: ignore[arg-type]
    tree = fabric.state.devices["c"].stp["MST0"]
    assert (tree.root_port, tree.root_cost) == ("Ethernet2", 40000)


def test_modes_name_their_instances(lab: Lab) -> None:
    assert list(ring(lab, "rstp").state.devices["b"].stp) == ["RST0"]
    pvst = ring(lab, "rapid-pvst").state.devices["c"].stp
    assert sorted(pvst) == ["VL1", "VL10"]
    assert pvst["VL10"].ports["Ethernet2"].role == "alternate"
    assert pvst["VL10"].priority == 16384 + 10


def test_frames_pass_around_the_blocked_port(lab: Lab) -> None:
    fabric = ring(lab)
    assert fabric.ping("c", "default", 10 << 24 | 2).received == 5


def test_an_mlag_pair_is_one_bridge(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    members = "".join(f"interface Ethernet{n}\n   channel-group 9 mode active\n" for n in (1, 2))
    down = f"vlan 10\ninterface Port-Channel9\n   switchport mode trunk\n{members}"
    cables = (*pair_cables, "left:Ethernet5 down:Ethernet1", "right:Ethernet5 down:Ethernet2")
    devices = lab({**mlag_pair, "down": down}, cables).state.devices
    system = devices["left"].mlag.system_id
    trees = {name: device.stp["MST0"] for name, device in devices.items()}
    assert {tree.root_mac for tree in trees.values()} == {system}
    assert trees["left"].bridge_mac == trees["right"].bridge_mac == system
    assert trees["down"].ports["Port-Channel9"].role == "root"
    assert not [p for t in trees.values() for p in t.ports.values() if p.role == "alternate"]


def test_costs() -> None:
    assert port_cost(1_000_000_000, channel=False) == 20000
    assert port_cost(10_000_000_000, channel=True) == 1999
