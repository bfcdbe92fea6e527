"""The fabric: inputs in, states out, nothing computed twice."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import parse_ipv4, parse_prefix
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Cable, Faults

Lab = Callable[..., Fabric]
Wire = Callable[[str], Cable]

ROUTER = (
    "hostname {name}\nip routing\ninterface Loopback0\n   ip address 1.1.1.{n}/32\n"
    "interface Ethernet1\n   no switchport\n   ip address 10.0.0.{n}/24\n"
    "router bgp 6500{n}\n   neighbor 10.0.0.{peer} remote-as 6500{peer}\n"
    "   redistribute connected\n"
)
CONFIGS = {
    "a": ROUTER.format(name="a", n=1, peer=2),
    "b": ROUTER.format(name="b", n=2, peer=1),
}
CABLE = "a:Ethernet1 b:Ethernet1"
SUM = parse_prefix("10.203.0.0/16")


@pytest.fixture
def routers(lab: Lab) -> Fabric:
    return lab(CONFIGS, (CABLE,))


def states(fabric: Fabric) -> dict[str, str]:
    found = {}
    for node, device in fabric.state.devices.items():
        assert device.bgp is not None
        found[node] = device.bgp.sessions[0].state.value
    return found


def test_two_routers_converge(routers: Fabric) -> None:
    assert routers.state.converged
    assert states(routers) == {"a": "Established", "b": "Established"}
    assert routers.ping("a", "default", parse_ipv4("1.1.1.2")).received == 5


def test_equal_inputs_are_not_computed_again(routers: Fabric, wire: Wire) -> None:
    first = routers.state
    routers.configure("a", parse_indented(CONFIGS["a"]))
    routers.set_wiring([wire(CABLE)], {})
    routers.set_faults(Faults())
    assert routers.state is first
    assert first.generation == 1


def test_cut_and_heal_is_identity(routers: Fabric, wire: Wire) -> None:
    before = routers.state.devices
    routers.set_faults(Faults(cut=frozenset({wire(CABLE)})))
    assert states(routers) == {"a": "Idle", "b": "Idle"}
    routers.set_faults(Faults())
    assert routers.state.devices == before
    assert routers.state.generation == 3


def test_a_stopped_node_is_absent_and_its_neighbor_sees_it(routers: Fabric) -> None:
    routers.set_faults(Faults(stopped=frozenset({"b"})))
    assert list(routers.state.devices) == ["a"]
    assert routers.state.devices["a"].ports["Ethernet1"].reason == "b is powered off"


def test_only_what_changed_gets_a_new_time(routers: Fabric, wire: Wire) -> None:
    first = dict(routers.changed("a"))
    assert first[("port", "Ethernet1")] == first[("bgp", "default", "10.0.0.2")]
    routers.set_faults(Faults(cut=frozenset({wire(CABLE)})))
    second = routers.changed("a")
    assert second[("port", "Ethernet1")] > first[("port", "Ethernet1")]
    assert second[("bgp", "default", "10.0.0.2")] > first[("bgp", "default", "10.0.0.2")]
    assert second[("port", "Loopback0")] == first[("port", "Loopback0")]
    assert ("neighbor", "Ethernet1") in first
    assert ("neighbor", "Ethernet1") not in second


def test_a_change_of_text_changes_the_state(routers: Fabric) -> None:
    text = CONFIGS["a"].replace("remote-as 65002", "remote-as 65009")
    routers.configure("a", parse_indented(text))
    assert "Established" not in states(routers).values()


def test_unknown_nodes_are_refused(routers: Fabric) -> None:
    with pytest.raises(KeyError):
        routers.configure("zz", parse_indented(""))


def test_what_is_not_computed_is_told(lab: Lab) -> None:
    text = (
        "router rip\nrouter ospfv3\ninterface Vlan5\n   vrf NOWHERE\n"
        "interface Management0\n   ip address dhcp\n"
    )
    notes = lab({"a": text}).state.devices["a"].notes
    assert "RIP is not computed by this twin yet" in notes
    assert "OSPFv3 is not computed by this twin yet" in notes
    assert "Vlan5: VRF NOWHERE does not exist" in notes
    assert any(note.startswith("Management0: no DHCP") for note in notes)


def test_any_order_of_the_nodes_gives_the_same_state(lab: Lab) -> None:
    backwards = dict(reversed(CONFIGS.items()))
    one, other = lab(CONFIGS, (CABLE,)).state, lab(backwards, (CABLE,)).state
    assert one == other
    assert list(one.devices) == list(other.devices)


BACKUP = (
    "hostname {name}\nip routing\nip route 10.203.0.0/24 Null0\n"
    "interface Ethernet1\n   no switchport\n   ip address 10.0.0.{n}/24\n   ip ospf area 0\n"
    "ip prefix-list SUM seq 10 permit 10.203.0.0/16\n"
    "route-map SUM permit 10\n   match ip address prefix-list SUM\n"
    "service routing protocols model ribd\n"
    "router bgp 65000\n   aggregate-address 10.203.0.0/16\n"
    "router ospf 1\n   redistribute bgp route-map SUM\n"
)


def test_routers_that_give_way_to_each_other_take_turns(lab: Lab) -> None:
    """Each gives its aggregate up once OSPF brings the other's: one of them keeps it."""
    texts = {name: BACKUP.format(name=name, n=n) for n, name in enumerate("ab", start=1)}
    state = lab(texts, (CABLE,)).state
    assert state.converged
    found = [device.ribs["default"].get(SUM) for device in state.devices.values()]
    assert [route and str(route.type) for route in found] == ["bgpAggregate", "ospfExternalType2"]
