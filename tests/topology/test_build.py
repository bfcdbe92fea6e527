"""Cables from both ends, endpoints with bonds and addresses, and what contradicts itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from avdlab.errors import InputError
from avdlab.inventory.load import load
from avdlab.inventory.model import Host, Inventory
from avdlab.overlay import overlay
from avdlab.overlay.model import LabConfigs, LabDevice, LabUser
from avdlab.render import render
from avdlab.topology import build
from avdlab.topology.files import from_json, to_json
from avdlab.topology.model import NodeKind, Topology


def port(name: str, peer: str = "", peer_port: str = "", kind: str = "spine", **more: Any) -> Any:
    metadata = {"peer": peer, "peer_interface": peer_port, "peer_type": kind}
    return {"name": name, "metadata": {k: v for k, v in metadata.items() if v}, **more}


def topology(inventory_only: tuple[str, ...] = (), **configs: Any) -> Topology:
    """Build from structured configs, or from lists of ports; `type` of all is spine."""
    devices = {
        name: LabDevice(name, "", {"ethernet_interfaces": c} if isinstance(c, list) else c)
        for name, c in configs.items()
    }
    hosts = {n: Host(n, (), {"type": "spine"}, "FAB", {}) for n in (*configs, *inventory_only)}
    inventory = Inventory(Path("i.yml"), Path(), hosts, frozenset(hosts))
    return build(LabConfigs(devices), inventory, "t")


def cables(made: Topology) -> list[str]:
    return [f"{link.a} {link.b}" for link in made.links]


@pytest.mark.parametrize(
    ("name", "links", "endpoints"),
    [
        ("single-dc-l3ls", 22, 2),
        ("l2ls-fabric", 20, 5),
        ("isis-ldp-ipvpn", 13, 0),
        ("cv-pathfinder", 23, 0),
    ],
)
def test_public_fabrics_have_the_documented_links(
    data: Callable[[str], Path], name: str, links: int, endpoints: int
):
    inventory = load(data(f"fabrics/{name}") / "inventory.yml")
    rendered = render(inventory, documentation=False, catalogs=False)
    made = build(overlay(rendered, LabUser("lab", "x")), inventory, name)
    assert len(made.links) == links
    assert len(made.devices) == len(rendered.devices)
    assert sum(node.kind is NodeKind.ENDPOINT for node in made.nodes.values()) == endpoints
    assert all(node.role and node.management_address for node in made.devices)
    assert from_json(to_json(made)) == made


def test_both_ends_make_one_cable():
    made = topology(a=[port("Ethernet1", "b", "Ethernet2")], b=[port("Et2", "a", "Ethernet1")])
    assert cables(made) == ["a:Ethernet1 b:Ethernet2"]
    assert made.notes == ()


def test_one_sided_and_missing_ends_are_believed_and_noted():
    made = topology(
        a=[port("Ethernet1", "b", "Ethernet1"), port("Ethernet2", "b", "Ethernet9")],
        b=[port("Ethernet1")],
    )
    assert cables(made) == ["a:Ethernet1 b:Ethernet1", "a:Ethernet2 b:Ethernet9"]
    assert made.nodes["b"].interfaces == ("Ethernet1", "Ethernet9")
    assert any("one end only" in note for note in made.notes)
    assert any("not configured" in note for note in made.notes)


def test_half_named_ends_are_paired_in_order():
    made = topology(
        a=[port("Ethernet5", "b"), port("Ethernet10", "b")],
        b=[port("Ethernet7", "a"), port("Ethernet6", "a")],
    )
    assert cables(made) == ["a:Ethernet5 b:Ethernet6", "a:Ethernet10 b:Ethernet7"]


def test_subinterfaces_and_breakouts_belong_to_their_port():
    made = topology(
        a=[port("Ethernet3/1"), port("Ethernet3/1.10", "b", "Ethernet1.10")],
        b=[port("Ethernet1"), port("Ethernet1.10", "a", "Ethernet3/1.10")],
    )
    assert cables(made) == ["a:Ethernet3/1 b:Ethernet1"]


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([port("Ethernet1", "b", "Ethernet1")], [port("Ethernet1", "c", "Et9")], "names c:Et9"),
        ([port("Ethernet1", "a", "Ethernet1")], [], "its own peer"),
        ([port("Ethernet1", "bb", "Ethernet1")], [], "not a device of this inventory"),
        (
            [port("Ethernet1", "b", "Ethernet9"), port("Ethernet2", "b", "Ethernet9")],
            [],
            "plugged into it already",
        ),
    ],
)
def test_contradictions_are_input_errors(a: list[Any], b: list[Any], message: str):
    with pytest.raises(InputError, match=message) as caught:
        topology(a=a, b=b, c=[])
    assert caught.value.problems[0].host == "a"
    assert caught.value.problems[0].path.startswith("ethernet_interfaces.Ethernet")


def test_a_misspelled_peer_is_answered_with_the_near_name():
    with pytest.raises(InputError, match="Did you mean leaf1a"):
        topology(spine1=[port("Ethernet1", "leaf1aa", "Ethernet1")], leaf1a=[])


def test_undeployed_peers_leave_the_port_without_a_cable():
    made = topology(inventory_only=("late",), a=[port("Ethernet1", "late", "Ethernet1")])
    assert made.links == ()
    assert any("late is not deployed" in note for note in made.notes)
    assert made.nodes["a"].open_ports == ("Ethernet1",)


def test_ports_that_the_design_connects_to_nothing_are_open():
    ports = [
        port("Ethernet1", "srv", "eth0", "server"),
        port("Ethernet2"),
        port("Ethernet3.100"),
        port("Ethernet4", channel_group={"id": 4, "mode": "active"}),
        port("Ethernet5", channel_group={"id": 5, "mode": "active"}),
        port("Ethernet6", "srv", "eth1", "server", channel_group={"id": 5, "mode": "active"}),
    ]
    made = topology(a=ports)
    numbers = ("Ethernet2", "Ethernet3", "Ethernet4", "Ethernet5", "Port-Channel4")
    assert made.nodes["a"].open_ports == numbers
    assert from_json(to_json(made)) == made


def test_devices_outside_the_inventory_are_external_nodes():
    made = topology(a=[port("Ethernet1", "ISP A/B", "ge-0/0/1", "other")])
    assert made.nodes["ISP-A-B"].kind is NodeKind.EXTERNAL
    assert cables(made) == ["ISP-A-B:ge-0/0/1 a:Ethernet1"]


def test_an_endpoint_port_used_twice_gets_another_name():
    made = topology(
        a=[port("Ethernet1", "fw", "Eth1", "firewall")],
        b=[port("Ethernet1", "fw", "Eth1", "firewall")],
    )
    assert made.nodes["fw"].interfaces == ("Eth1", "Eth1-2")
    assert any("used by two cables" in note for note in made.notes)


def trunk(vlans: str, mode: str = "active", **more: Any) -> dict[str, Any]:
    """A switch of an MLAG pair with one server port in Port-Channel5 and an SVI in VLAN 10."""
    switching = {"enabled": True, "mode": "trunk", "trunk": {"allowed_vlan": vlans}}
    return {
        "mlag_configuration": {"domain_id": "PAIR"},
        "vlans": [{"id": number} for number in range(10, 40)],
        "vlan_interfaces": [{"name": "Vlan10", "vrf": "X", "ip_address_virtual": "10.0.0.1/24"}],
        "port_channel_interfaces": [{"name": "Port-Channel5", "mlag": 5, "switchport": switching}],
        "ethernet_interfaces": [
            port("Ethernet5", "srv", "", "server", channel_group={"id": 5, "mode": mode})
        ],
        **more,
    }


@pytest.mark.parametrize(("mode", "bond"), [("active", "lacp-active"), ("on", "static")])
def test_an_mlag_port_channel_is_one_bond_of_the_host(mode: str, bond: str):
    made = topology(a=trunk("10,20", mode), b=trunk("10,20", mode))
    (nic,) = made.nodes["srv"].nics
    assert (nic.name, nic.members, nic.mode) == ("bond0", ("eth0", "eth1"), bond)


def test_endpoints_get_addresses_where_a_vlan_has_a_subnet():
    made = topology(a=trunk("10,20"), b=trunk("10,20"))
    found = [(a.nic, a.vlan, a.address, a.gateway) for a in made.nodes["srv"].addresses]
    assert found == [
        ("bond0", 10, "10.0.0.101/24", "10.0.0.1"),
        ("bond0", 20, None, None),
    ]


def test_a_port_of_many_vlans_is_not_addressed_in_all_of_them():
    made = topology(a=trunk("10-39"), b=trunk("10-39"))
    assert made.nodes["srv"].addresses == ()
    assert any("30 VLANs" in note for note in made.notes)


def test_addresses_follow_the_names_and_stay_clear_of_the_switches():
    svi = {
        "name": "Vlan10",
        "ip_address": "10.0.0.2/29",
        "ip_virtual_router_addresses": ["10.0.0.1"],
    }
    access = {"switchport": {"enabled": True, "mode": "access", "access_vlan": 10}}
    made = topology(
        a={
            "vlans": [{"id": 10}],
            "vlan_interfaces": [svi],
            "ethernet_interfaces": [
                port("Ethernet1", "zulu", "eth0", "server", **access),
                port("Ethernet2", "alpha", "eth0", "server", **access),
            ],
        }
    )
    first, second = (made.nodes[name].addresses[0] for name in ("alpha", "zulu"))
    assert (first.address, first.gateway) == ("10.0.0.3/29", "10.0.0.1")
    assert second.address == "10.0.0.4/29"
