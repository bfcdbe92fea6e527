"""What a VRF shall have of its BGP neighbors: what the design's policies leave no doubt about."""

import pytest

from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology
from avdlab.validate.intent import read_intent
from avdlab.validate.plan.model import Facts
from avdlab.validate.plan.vrfs import plan_neighbors


def router(number, far, neighbor=None, route_map=None):
    """A router with a link and a loopback in VRF A, that tells its neighbor of both."""
    return {
        "vrfs": [{"name": "A", "ip_routing": True}],
        "ethernet_interfaces": [
            {
                "name": "Ethernet1",
                "vrf": "A",
                "ip_address": f"10.0.0.{number}/24",
                "switchport": {"enabled": False},
                "metadata": {"peer": f"r{far}", "peer_interface": "Ethernet1"},
            }
        ],
        "loopback_interfaces": [
            {"name": "Loopback1", "vrf": "A", "ip_address": f"10.1.0.{number}/32"}
        ],
        "route_maps": [
            {"name": "RM", "sequence_numbers": [{"sequence": 10, "type": "permit", "set": words}]}
            for words in ([route_map] if route_map else [])
        ],
        "router_bgp": {
            "as": str(65000 + number),
            "vrfs": [
                {
                    "name": "A",
                    "rd": f"1.1.1.{number}:1",
                    "redistribute": {"connected": {"enabled": True}},
                    "neighbors": [
                        {
                            "ip_address": f"10.0.0.{far}",
                            "remote_as": str(65000 + far),
                            **({"route_map_in": "RM"} if route_map else {}),
                        }
                    ],
                    "address_family_ipv4": {
                        "neighbors": [{"ip_address": f"10.0.0.{far}", **(neighbor or {})}]
                    },
                }
            ],
        },
    }


def planned(**more: object):
    """Return what is planned for r1; `more` is about r1."""
    configs = {"r1": router(1, 2, **more), "r2": router(2, 1)}
    nodes = {name: Node(name, NodeKind.DEVICE, interfaces=("Ethernet1",)) for name in configs}
    link = Link.between(LinkEnd("r1", "Ethernet1"), LinkEnd("r2", "Ethernet1"))
    intent = read_intent(configs, Topology("lab", nodes, (link,)))
    return [inputs for _, _, inputs in plan_neighbors(Facts.of(intent), intent.devices["r1"])]


@pytest.mark.parametrize("more", [{}, {"route_map": ["local-preference 200"]}])
def test_a_neighbors_subnets(more):
    path = {"nexthop": "10.0.0.2", "origin": "Igp"}
    assert planned(**more) == [
        {"route_entries": [{"vrf": "A", "prefix": "10.1.0.2/32", "paths": [path]}]}
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"neighbor": {"prefix_list_in": "PL"}},
        {"neighbor": {"rcf_out": "TELL()"}},
        {"neighbor": {"activate": False}},
        {"route_map": ["ip next-hop 10.9.9.9"]},
        {"route_map": ["origin incomplete"]},
    ],
)
def test_nothing_is_expected_where_a_policy_decides(more):
    assert planned(**more) == []
