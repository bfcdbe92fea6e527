"""Numbers in configuration text."""

import pytest

from avdlab.twin.config.read.numbers import mac_address, mask_length, prefix, vlan_numbers


def test_vlan_ranges() -> None:
    assert vlan_numbers("10,20-22") == {10, 20, 21, 22}


def test_masks_and_prefixes() -> None:
    assert mask_length("255.255.254.0") == 23
    found, rest = prefix(["10.1.2.3", "255.255.0.0", "10.0.0.1"])
    assert (str(found), rest) == ("10.1.0.0/16", ["10.0.0.1"])
    with pytest.raises(ValueError, match="netmask"):
        mask_length("255.0.255.0")


@pytest.mark.parametrize("text", ["001c.7300.dc01", "00:1C:73:00:dc:01"])
def test_mac_addresses(text: str) -> None:
    assert mac_address(text) == "00:1c:73:00:dc:01"
