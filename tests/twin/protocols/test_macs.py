"""What talking endpoints leave in MAC and ARP tables."""

from collections.abc import Callable
from dataclasses import replace

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Bond, Endpoint, EndpointAddress

Lab = Callable[..., Fabric]
MAC = "02:00:00:00:00:01"
ADDRESS = EndpointAddress("bond0", MAC, 10, parse_ipv4("10.0.10.50"), 24)
HOST = Endpoint("host", ("eth1", "eth2"), (Bond("bond0", ("eth1", "eth2")),), (ADDRESS,))


def learned(fabric: Fabric, node: str) -> list[tuple[int, str, str]]:
    return [(m.vlan, m.mac, m.interface) for m in fabric.state.devices[node].macs]


def test_both_mlag_peers_learn_on_the_bundle(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    legs = ("left:Ethernet5 host:eth1", "right:Ethernet5 host:eth2")
    fabric = lab(mlag_pair, (*pair_cables, *legs), [HOST])
    for node in ("left", "right"):
        assert learned(fabric, node) == [(10, MAC, "Port-Channel5")]
        (entry,) = (a for a in fabric.state.devices[node].arp if a.mac == MAC)
        assert (entry.interface, entry.port) == ("Vlan10", "Port-Channel5")


def test_a_single_leg_is_learned_over_the_peer_link(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    fabric = lab(mlag_pair, (*pair_cables, "left:Ethernet5 host:eth1"), [HOST])
    assert learned(fabric, "left") == [(10, MAC, "Port-Channel5")]
    assert learned(fabric, "right") == [(10, MAC, "Port-Channel1")]


def test_silent_hosts_and_other_vlans_teach_nothing(
    lab: Lab, mlag_pair: dict[str, str], pair_cables: tuple[str, ...]
) -> None:
    legs = (*pair_cables, "left:Ethernet5 host:eth1")
    assert learned(lab(mlag_pair, legs, [replace(HOST, talking=False)]), "left") == []
    tagged = replace(HOST, addresses=(replace(ADDRESS, vlan=99),))
    assert learned(lab(mlag_pair, legs, [tagged]), "left") == []


def test_neighbors_on_a_routed_link(lab: Lab) -> None:
    text = "interface Ethernet1\n   no switchport\n   ip address 10.0.0.{}/31\n"
    fabric = lab({"a": text.format(0), "b": text.format(1)}, ("a:Ethernet1 b:Ethernet1",))
    (entry,) = fabric.state.devices["a"].arp
    assert entry.address == parse_ipv4("10.0.0.1")
    assert entry.mac == fabric.state.devices["b"].identity.system_mac
