"""The whole configuration, and the table of what is modelled."""

from avdlab.twin.config.read.root import TOP, read_settings
from avdlab.twin.config.tree import EMPTY, parse_indented


def test_an_empty_configuration_reads_as_a_fresh_switch() -> None:
    found = read_settings(EMPTY)
    assert found.system.hostname == "localhost"
    assert sorted(found.vlans) == [1]
    assert found.bgp is None


def test_every_subject_is_read() -> None:
    found = read_settings(
        parse_indented(
            "hostname leaf1\nvlan 10\ninterface Vlan10\n   ip address 10.0.0.1/24\n"
            "interface Vxlan1\n   vxlan source-interface Loopback1\n   shutdown\n"
            "ip routing\nrouter bgp 65001\n   router-id 1.1.1.1\n"
            "ip prefix-list P seq 10 permit 10.0.0.0/8\n"
        )
    )
    assert found.interfaces["Vxlan1"].shutdown
    assert found.bgp is not None
    assert found.bgp.asn == 65001
    assert "P" in found.policy.prefix_lists


def test_lookup_tells_modelled_lines_and_the_mode_they_open() -> None:
    modelled, mode = TOP.lookup("interface Vxlan1")
    assert modelled
    assert mode is not None
    assert mode.lookup("vxlan vlan 10 vni 10010") == (True, None)
    assert TOP.lookup("queue-monitor length") == (False, None)
    _, ethernet = TOP.lookup("interface Ethernet1")
    assert ethernet is not None
    assert ethernet.lookup("mtu 9000") == (True, None)
    assert ethernet.lookup("qos trust dscp") == (False, None)
