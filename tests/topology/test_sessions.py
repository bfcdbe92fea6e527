"""Sessions from both ends, over addresses, interfaces and names."""

from typing import Any

from avdlab.topology.model import Session
from avdlab.topology.sessions import sessions


def bgp(*neighbors: dict[str, Any], evpn: str = "", **more: Any) -> dict[str, Any]:
    family = {"peer_groups": [{"name": evpn, "activate": True}]} if evpn else {}
    return {"neighbors": list(neighbors), "address_family_evpn": family, **more}


A = {"ethernet_interfaces": [{"name": "Ethernet1", "ip_address": "10.0.0.0/31"}],
     "loopback_interfaces": [{"name": "Loopback0", "ip_address": "1.1.1.1/32"}]}  # fmt: skip
B = {"ethernet_interfaces": [{"name": "Ethernet1", "ip_address": "10.0.0.1/31"}],
     "loopback_interfaces": [{"name": "Loopback0", "ip_address": "1.1.1.2/32"}]}  # fmt: skip


def test_underlay_and_overlay_are_told_apart():
    found = sessions(
        {
            "a": {**A, "router_bgp": bgp({"ip_address": "10.0.0.1"},
                                         {"ip_address": "1.1.1.2", "peer_group": "E"}, evpn="E")},
            "b": {**B, "router_bgp": bgp({"ip_address": "10.0.0.0"},
                                         {"ip_address": "1.1.1.1", "peer_group": "E"}, evpn="E")},
        }
    )  # fmt: skip
    assert found == (Session("a", "b", "bgp"), Session("a", "b", "evpn"))


def test_what_only_one_side_configures_is_one_sided():
    found = sessions({"a": {**A, "router_bgp": bgp({"ip_address": "10.0.0.1"})}, "b": B})
    assert found == (Session("a", "b", "bgp", one_sided=True),)


def test_sessions_over_interfaces_and_in_vrfs():
    over = {"neighbor_interfaces": [{"name": "Ethernet1", "metadata": {"peer": "b"}}]}
    vrf = {"name": "RED", "neighbors": [{"ip_address": "10.9.9.2", "metadata": {"peer": "b"}}]}
    found = sessions({"a": {"router_bgp": bgp(**over, vrfs=[vrf])}, "b": {}})
    assert [(s.family, s.vrf) for s in found] == [("bgp", "RED"), ("bgp", "default")]


def test_peers_outside_the_design_have_no_session():
    assert sessions({"a": {"router_bgp": bgp({"ip_address": "192.0.2.9"})}}) == ()
