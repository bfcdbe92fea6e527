"""The one map of interface names."""

import pytest

from avdlab.net.interfaces import InterfaceNameError, PortMap, canonical, short, sort_key


@pytest.mark.parametrize(
    ("typed", "name", "table"),
    [
        ("et1", "Ethernet1", "Et1"),
        ("Eth 3/1.100", "Ethernet3/1.100", "Et3/1.100"),
        ("po10", "Port-Channel10", "Po10"),
        ("ma0", "Management0", "Ma0"),
        ("vl4094", "Vlan4094", "Vl4094"),
        ("vx1", "Vxlan1", "Vx1"),
        ("loopback0", "Loopback0", "Lo0"),
    ],
)
def test_what_people_type_becomes_eos_spelling(typed: str, name: str, table: str):
    assert canonical(typed) == name
    assert short(name) == table


@pytest.mark.parametrize("text", ["", "Ethernet", "eth-1", "1", "iLO", "x1"])
def test_other_text_names_no_interface(text: str):
    with pytest.raises(InterfaceNameError):
        canonical(text)


def test_order_is_that_of_show_interfaces():
    names = ["Vlan2", "Ethernet10", "eno1", "Ethernet2/1", "Port-Channel1", "Ethernet2"]
    assert sorted(names, key=sort_key) == [
        "Ethernet2",
        "Ethernet2/1",
        "Ethernet10",
        "Port-Channel1",
        "Vlan2",
        "eno1",
    ]


def test_ports_map_to_adapters_with_gaps_and_breakouts():
    ports = PortMap.of(["Ethernet49/1", "Ethernet3", "Management1", "Ethernet3.7", "Vlan1"])
    assert ports.adapter("Management1") == 0
    assert [ports.linux(name) for name in ("Ethernet3", "Ethernet49/1")] == ["eth1", "eth2"]
    assert ports.eos_mapping() == {
        "ManagementIntf": {"eth0": "Management1"},
        "EthernetIntf": {"eth1": "Ethernet3", "eth2": "Ethernet49/1"},
    }
    with pytest.raises(InterfaceNameError, match="no port Ethernet4"):
        ports.adapter("Ethernet4")
