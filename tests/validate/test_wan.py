"""WAN designs: what the policy takes from the circuits of the lab, and from the design alone."""

from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology
from avdlab.validate.exceptions import reason_of
from avdlab.validate.intent import read_intent
from avdlab.validate.policy import Policy

SESSION = "Peer: {} VRF: default - Incorrect session state - Expected: Established Actual: Active"
PING = "Destination {} (far_Dps1) from 10.9.0.9 in VRF default - Unreachable"


def router(number, group, peers=(), role="edge", address="198.51.100.{n}2/24"):
    """A WAN router with one circuit. `peers`: numbers of those that are configured."""
    return {
        "dps_interfaces": [{"name": "Dps1", "ip_address": f"10.9.0.{number}/32"}],
        "ethernet_interfaces": [
            {
                "name": "Ethernet1",
                "ip_address": address.format(n=number),
                "switchport": {"enabled": False},
                "metadata": {"peer": "provider", "peer_interface": f"Ethernet{number}"},
            }
        ],
        "router_adaptive_virtual_topology": {"topology_role": role},
        "router_path_selection": {
            "path_groups": [
                {
                    "name": f"g{number}",
                    "id": number,
                    "local_interfaces": [{"name": "Ethernet1"}],
                    "static_peers": [{"router_ip": f"10.9.0.{peer}"} for peer in peers],
                    "dynamic_peers": {"enabled": True},
                }
                for number in group
            ]
        },
    }


def provider(more=None):
    return {
        "ethernet_interfaces": [
            {
                "name": f"Ethernet{n}",
                "ip_address": f"198.51.100.{n}1/24",
                "switchport": {"enabled": False},
                **(more or {}),
            }
            for n in (1, 2, 3)
        ],
        "loopback_interfaces": [{"name": "Loopback0", "ip_address": "10.7.0.1/32"}],
    }


def policy(routers, inside=None):
    """Return the policy of a lab; `inside`: the provider is one of its devices."""
    kind = NodeKind.ENDPOINT if inside is None else NodeKind.DEVICE
    nodes = {name: Node(name, NodeKind.DEVICE, interfaces=("Ethernet1",)) for name in routers}
    nodes["provider"] = Node("provider", kind)
    links = tuple(
        Link.between(LinkEnd(name, "Ethernet1"), LinkEnd("provider", f"Ethernet{n}"))
        for n, name in enumerate(routers, 1)
    )
    topology = Topology("wan", nodes, links)
    configs = {**routers, **({} if inside is None else {"provider": inside})}
    return Policy.of({}, topology=topology, intent=read_intent(configs, topology))


def why(found, device, test, messages):
    return ", ".join(entry.name for entry in found.explain(device, test, "failure", messages))


def test_paths_over_a_provider_outside_of_the_lab():
    pair = {"rr": router(1, [7], role="pathfinder"), "e2": router(2, [7], peers=[1])}
    outside, inside = policy(pair), policy(pair, provider())
    session = ("e2", "VerifyBGPPeerSession", (SESSION.format("10.9.0.1"),))
    ping = ("e2", "VerifyReachability", (PING.format("10.9.0.1"),))
    assert why(outside, *session) == "lab-has-no-wan-circuit"
    assert why(outside, *ping) == "behind-wan-circuits-outside-the-lab"
    assert (why(inside, *session), why(inside, *ping)) == ("", "")


def test_an_address_that_nobody_lends():
    pair = {"rr": router(1, [7]), "e2": router(2, [7], peers=[1], address="dhcp")}
    session = ("e2", "VerifyBGPPeerSession", (SESSION.format("10.9.0.1"),))
    lends = provider({"dhcp_server_ipv4": True})
    assert why(policy(pair, lends), *session) == "lab-has-no-wan-circuit"
    lends["dhcp_servers"] = [{"vrf": "default", "ipv4_subnets": [{"subnet": "198.51.100.0/24"}]}]
    assert why(policy(pair, lends), *session) == ""


def test_routers_without_a_path_group_in_common():
    ping = ("e2", "VerifyReachability", (PING.format("10.9.0.3"),))

    def between(role):
        three = {"t": router(1, [7, 8], role=role), "e2": router(2, [7]), "e3": router(3, [8])}
        return why(policy(three, provider()), *ping)

    assert between("edge") == "design-has-no-wan-path"
    assert between("transit region") == ""


def test_each_line_has_its_own_reason():
    three = {"t": router(1, [7]), "e2": router(2, [7]), "e3": router(3, [8])}
    lost = policy(three, provider())
    untold = "Destination 10.7.0.1 (provider) from 10.9.0.2 in VRF default - Unreachable"
    lines = (PING.format("10.9.0.3"), untold)
    both = "design-has-no-wan-path, design-tells-nobody"
    assert why(lost, "e2", "VerifyReachability", lines) == both
    assert len(reason_of(both).split("; ")) == 2
    assert why(lost, "e2", "VerifyReachability", (*lines, PING.format("10.9.0.1"))) == ""
