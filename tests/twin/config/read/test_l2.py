"""Reading VLANs, spanning tree, MLAG and Vxlan."""

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.config.read.l2 import read_layer2
from avdlab.twin.config.tree import parse_indented


def test_vlans_with_names_groups_and_ranges() -> None:
    found = read_layer2(
        parse_indented("vlan 10\n   name TEN\n   trunk group G\nvlan 20-21\n   state suspend\n")
    ).vlans
    assert sorted(found) == [1, 10, 20, 21]
    assert found[10].name == "TEN"
    assert found[10].trunk_groups == frozenset({"G"})
    assert found[20].name == "VLAN0020"
    assert not found[21].active


def test_spanning_tree() -> None:
    found = read_layer2(
        parse_indented(
            "spanning-tree mode rapid-pvst\nno spanning-tree vlan-id 4093-4094\n"
            "spanning-tree vlan-id 10,20 priority 8192\n"
        )
    ).stp
    assert found.mode == "rapid-pvst"
    assert found.disabled_vlans == {4093, 4094}
    assert dict(found.priorities) == {10: 8192, 20: 8192}


def test_mlag() -> None:
    found = read_layer2(
        parse_indented(
            "mlag configuration\n   domain-id RACK 1\n   local-interface vlan 4094\n"
            "   peer-address 10.0.0.1\n   peer-address heartbeat 10.9.9.9 vrf MGMT\n"
            "   peer-link po1\n   reload-delay mlag 300\n   reload-delay non-mlag 330\n"
            "   dual-primary detection delay 5 action errdisable all-interfaces\n"
        )
    ).mlag
    assert found is not None
    assert (found.domain_id, found.peer_link) == ("RACK 1", "Port-Channel1")
    assert found.heartbeat == (parse_ipv4("10.9.9.9"), "MGMT")
    assert (found.reload_delay, found.reload_delay_non_mlag) == (300, 330)
    assert found.dual_primary_delay == 5


def test_vxlan() -> None:
    found = read_layer2(
        parse_indented(
            "interface Vxlan1\n   description VTEP\n   vxlan source-interface Loopback1\n"
            "   vxlan virtual-router encapsulation mac-address mlag-system-id\n"
            "   vxlan vlan 10-11 vni 10010-10011\n   vxlan vrf RED vni 50\n"
            "   vxlan flood vtep 10.0.0.1 10.0.0.2\n"
        )
    ).vxlan
    assert found is not None
    assert found.source == "Loopback1"
    assert found.mlag_system_id
    assert dict(found.vlans) == {10: 10010, 11: 10011}
    assert dict(found.vrfs) == {"RED": 50}
    assert found.flood == (parse_ipv4("10.0.0.1"), parse_ipv4("10.0.0.2"))
