"""The recipe of a cEOS node, in both profiles of interface names."""

import json
import shlex

import pytest

from avdlab.backends.gns3 import ceos
from avdlab.backends.gns3.ceos import Device, Naming
from avdlab.net.interfaces import PortMap

PORTS = PortMap("Management1", ("Ethernet1", "Ethernet49/1", "Ethernet3/2/1"))
LEAF = Device("DC1_LEAF1A", PORTS, "00:1c:73:aa:bb:00")


def test_systemd_is_handed_the_variables_of_the_container():
    words = shlex.split(ceos.start_command(LEAF, Naming.ETH))
    assert words[0] == "/sbin/init"
    given = dict(word.removeprefix("systemd.setenv=").split("=") for word in words[1:])
    assert given == ceos.environment(LEAF, Naming.ETH)
    assert given["CEOS"] == "1"
    assert given["EOS_PLATFORM"] == "ceoslab"
    assert given["MGMT_INTF"] == "eth0"


def test_the_mapping_file_lists_every_port():
    files = ceos.boot_files(LEAF, Naming.ETH)
    assert json.loads(files["mnt/flash/EosIntfMapping.json"]) == {
        "ManagementIntf": {"eth0": "Management1"},
        "EthernetIntf": {"eth1": "Ethernet1", "eth2": "Ethernet49/1", "eth3": "Ethernet3/2/1"},
    }


def test_the_hook_sets_the_mtu_of_every_data_port_and_says_when_it_has_run():
    hook = ceos.boot_files(LEAF, Naming.ETH)["etc/network/interfaces"].decode()
    for port in ("eth1", "eth2", "eth3"):
        assert f"    up ip link set dev {port} mtu 9500; ip link set dev {port} up\n" in hook
    assert "name" not in hook
    assert hook.endswith("    up ls /sys/class/net > /mnt/flash/.avdlab-nics\n")


def test_the_profile_et_renames_and_writes_no_mapping():
    files = ceos.boot_files(LEAF, Naming.ET)
    hook = files["etc/network/interfaces"].decode()
    assert (
        "ip link set dev eth0 down; ip link set dev eth0 name ma1; ip link set dev ma1 up" in hook
    )
    assert "ip link set dev eth2 name et49_1; ip link set dev et49_1 mtu 9500" in hook
    assert "ip link set dev eth3 name et3_2_1" in hook
    assert "mnt/flash/EosIntfMapping.json" not in files
    environment = ceos.environment(LEAF, Naming.ET)
    assert environment["MGMT_INTF"] == "ma1"
    assert environment["INTFTYPE"] == "et"


@pytest.mark.parametrize(("management", "nic"), [("Management0", "eth0"), ("Management1", "ma1")])
def test_management0_is_the_port_that_keeps_its_name(management, nic):
    assert ceos.management_nic(PortMap(management, ()), Naming.ET) == nic


def test_identity_is_stable_and_differs_between_peers():
    files = ceos.boot_files(LEAF, Naming.ETH)
    assert files["mnt/flash/ceos-config"] == (
        b"SERIALNUMBER=DC1_LEAF1A\nSYSTEMMACADDR=001c.73aa.bb01\n"
    )
    assert files["mnt/flash/system_mac_address"] == b"00:1c:73:aa:bb:01\n"
    peer = Device("DC1_LEAF1B", PORTS, "00:1c:73:aa:bb:80")
    assert (
        ceos.boot_files(peer, Naming.ETH)["mnt/flash/ceos-config"] != files["mnt/flash/ceos-config"]
    )


def test_the_design_may_name_serial_number_and_system_mac():
    named = Device("leaf", PORTS, "00:1c:73:aa:bb:00", "ABC123", "00:1c:73:00:dc:01")
    files = ceos.boot_files(named, Naming.ETH)
    assert files["mnt/flash/ceos-config"] == b"SERIALNUMBER=ABC123\nSYSTEMMACADDR=001c.7300.dc01\n"
    assert files["mnt/flash/system_mac_address"] == b"00:1c:73:00:dc:01\n"


def test_the_seed_keeps_the_images_own_flash_from_being_copied_over_it():
    assert ceos.seed_files("hostname a\n") == {
        "mnt/flash/.gns3_perms": b"",
        "mnt/flash/startup-config": b"hostname a\n",
    }


def test_properties_are_those_that_both_servers_take():
    found = ceos.properties(LEAF, "ceos", Naming.ETH)
    assert found["image"] == "ceos:latest"  # as the servers store it
    assert found["adapters"] == 4
    assert found["extra_volumes"] == ["/mnt/flash"]
    assert set(found) == {
        *("image", "adapters", "mac_address", "extra_volumes", "environment", "start_command"),
    }
    assert ceos.tagged("registry:5000/ceos") == "registry:5000/ceos:latest"
