"""Kinds of AVD designs beside the public fabrics: healthy they are green, broken they are red."""

from pathlib import Path

import pytest

from tests.side import Side, made_from, red

DESIGNS = sorted((Path(__file__).parent / "designs").glob("*.yml"))
# design -> (device, words of its configuration, others in their place, a test that notices)
BROKEN = {
    "gateways": [
        (
            "d2-gw",
            "route-target import export evpn domain remote 30301:30301",
            "route-target import export evpn domain remote 30301:30309",
            "VerifyVxlanFloodLists",
        ),
        (
            "d1-lf",
            "route-target import evpn 300:300",
            "route-target import evpn 300:301",
            "VerifyVrfRoutesOverVxlan",
        ),
        (
            "d2-gw",
            " route-type ip-prefix inter-domain",
            " route-type mac-ip",
            "VerifyVrfRoutesOverVxlan",
        ),
    ],
    "ipv6-numbered": [
        ("l3", "vxlan vlan 11 vni 10011", "vxlan vlan 11 vni 10012", "VerifyVniSymmetry"),
        ("s1", "   neighbor EVPN-OVERLAY-PEERS next-hop-unchanged\n", "", "VerifyEVPNImetRoutes"),
    ],
    "multihoming": [
        (
            "l2",
            "route-target both 10011:10011",
            "route-target both 10011:10012",
            "VerifyVxlanFloodLists",
        ),
        (
            "l1",
            "route-target import evpn 1:1",
            "route-target import evpn 1:2",
            "VerifyVrfRoutesOverVxlan",
        ),
        (
            "l2",
            "identifier 0000:0000:0303:0202:0101",
            "identifier 0000:0000:0303:0202:0102",
            "VerifyEVPNSegments",
        ),
    ],
    "ospf-pvst": [
        ("lf2a", "vxlan vlan 112 vni 10112", "vxlan vlan 112 vni 10113", "VerifyVniSymmetry"),
        ("ac1", "spanning-tree mode rapid-pvst", "spanning-tree mode mstp", "VerifySTPMode"),
    ],
    "static-floods": [
        (
            "l2",
            "vxlan vlan 12 flood vtep 10.2.0.2",
            "vxlan vlan 12 flood vtep 10.2.0.9",
            "VerifyVxlanFloodLists",
        ),
    ],
    "rfc5549-v6": [
        (
            "lf-a.v6.example",
            "peer-address 2001:db8:61::2",
            "peer-address 2001:db8:61::3",
            "VerifyMlagStatus",
        ),
        (
            "ac-a",
            "spanning-tree priority 32768",
            "spanning-tree priority 0",
            "VerifySTPBridgePriority",
        ),
    ],
    "wan": [
        (
            "hq-r2",
            "topology role transit region",
            "topology role edge",
            "VerifyEndpointReachability",
        ),
        (
            "shop-r1",
            "route-target export evpn 50:50",
            "route-target export evpn 50:51",
            "VerifyIPv4RoutePresencePerVRF",
        ),
        (
            "plant-r1",
            "path-group PRIVATE id 20",
            "path-group PRIVATE id 21",
            "VerifySpecificIPSecConn",
        ),
    ],
}


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: path.stem)
def test_a_design_is_green_until_something_breaks(path, tmp_path):
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(path.read_text())
    side = Side.of(made_from(inventory))
    assert red(side.run()) == set()
    for device, old, new, test in BROKEN[path.stem]:
        side.edit(device, old, new)
        assert test in {found for _, found in red(side.run(only=frozenset({test})))}
        side.heal()
