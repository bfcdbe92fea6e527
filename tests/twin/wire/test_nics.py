"""Which NIC is which port."""

import pytest

from avdlab.twin.wire.nics import nic_map

NICS = ["eth0", "eth1", "eth2"]


def test_eth_names_count_on_and_eth0_is_what_the_environment_says():
    found = nic_map(NICS, {"MGMT_INTF": "eth0"}, None)
    assert found.ethernet == {"Ethernet1": "eth1", "Ethernet2": "eth2"}
    assert found.management == ("Management0", "eth0")


def test_renamed_nics_say_their_ports():
    found = nic_map(["ma1", "et1_1", "et10", "et2"], {"MGMT_INTF": "ma1"}, None)
    expected = {"Ethernet1/1": "et1_1", "Ethernet2": "et2", "Ethernet10": "et10"}
    assert found.ethernet == expected
    assert list(found.ethernet) == list(expected)
    assert found.management == ("Management1", "ma1")


def test_a_mapping_says_everything():
    mapping = '{"ManagementIntf": {"eth0": "Management1"}, "EthernetIntf": {"eth1": "Ethernet5/1"}}'
    found = nic_map(NICS, {"MGMT_INTF": "eth0"}, mapping)
    assert found.ethernet == {"Ethernet5/1": "eth1"}
    assert found.management == ("Management1", "eth0")


@pytest.mark.parametrize("mapping", ["", "[]", '{"EthernetIntf": {"eth1": "nonsense"}}'])
def test_a_mapping_that_cannot_be_read_is_said(mapping):
    with pytest.raises(ValueError):  # noqa: PT011
        nic_map(NICS, {}, mapping)
