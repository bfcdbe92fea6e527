"""LLDP neighbors."""

from collections.abc import Callable

from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Endpoint, Faults

Lab = Callable[..., Fabric]
CABLES = ("a:Ethernet1 b:Ethernet7",)
B = (
    "hostname bee\ndns domain lab.example\ninterface Ethernet7\n   description to a\n"
    "interface Management0\n   ip address 10.0.0.7/24\n"
)


def test_both_ends_tell_name_port_and_address(lab: Lab) -> None:
    state = lab({"a": "hostname a\n", "b": B}, CABLES).state
    (seen,) = state.devices["a"].lldp["Ethernet1"]
    assert seen.system_name == "bee.lab.example"
    assert (seen.port_id, seen.port_description) == ("Ethernet7", "to a")
    assert seen.chassis_id == state.devices["b"].identity.system_mac
    assert seen.management_address == 10 << 24 | 7
    assert state.devices["b"].lldp["Ethernet7"][0].system_name == "a"


def test_a_port_that_does_not_transmit_is_not_seen(lab: Lab) -> None:
    quiet = B.replace("description to a", "no lldp transmit")
    state = lab({"a": "hostname a\n", "b": quiet}, CABLES).state
    assert state.devices["a"].lldp == {}
    assert "Ethernet7" in state.devices["b"].lldp


def test_a_cut_cable_takes_the_neighbor_away(lab: Lab, wire: Callable[[str], object]) -> None:
    fabric = lab({"a": "hostname a\n", "b": B}, CABLES)
    assert fabric.state.devices["a"].lldp
    fabric.set_faults(Faults(cut=frozenset({wire(CABLES[0])})))  # type: ignore[arg-type]
    assert fabric.state.devices["a"].lldp == {}


def test_hosts_are_silent_unless_they_speak_lldp(lab: Lab) -> None:
    hosts = [Endpoint("quiet", ("eth1",)), Endpoint("talker", ("eth1",), lldp=True)]
    cables = ("a:Ethernet1 quiet:eth1", "a:Ethernet2 talker:eth1")
    (seen,) = lab({"a": "hostname a\n"}, cables, hosts).state.devices["a"].lldp.items()
    assert seen[0] == "Ethernet2"
    assert not seen[1][0].is_device
