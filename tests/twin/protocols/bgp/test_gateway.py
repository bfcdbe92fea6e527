"""An EVPN gateway: leaf2 joins the domain of leaf1 with the one of leaf3."""

from collections.abc import Callable
from typing import Any

import pytest

from avdlab.net.addresses import format_ipv4, parse_prefix
from avdlab.twin.tables.bgp import EvpnType

Solve = Callable[..., Any]
Texts = dict[str, str]
INTER_DOMAIN = (
    "neighbor default next-hop-self received-evpn-routes route-type ip-prefix inter-domain"
)
FAR_LOOPBACK = parse_prefix("10.255.2.3/32")


def peering(own: int, other: int, asn: int, *family: str) -> str:
    """A multihop EVPN session between the loopbacks of two leaves, as a second `router bgp`."""
    peer = f"10.255.0.{other}"
    lines = [f"router bgp {65100 + own}", f"   neighbor {peer} remote-as {asn}"]
    lines += [f"   neighbor {peer} update-source Loopback0", f"   neighbor {peer} ebgp-multihop 9"]
    lines += [f"   neighbor {peer} send-community", "   address-family evpn"]
    return "\n".join([*lines, f"      neighbor {peer} activate", *(f"      {f}" for f in family)])


@pytest.fixture
def two_domains(vxlan_texts: Texts) -> Callable[[str], Texts]:
    """Return the way to make the fabric: what the gateway says of inter-domain routes."""

    def made(gateway: str) -> Texts:
        alone = vxlan_texts["leaf3"].replace("      neighbor 10.255.0.100 activate\n", "")
        remote = ("neighbor 10.255.0.3 domain remote", *filter(None, [gateway]))
        return {
            **vxlan_texts,
            "leaf2": vxlan_texts["leaf2"] + peering(2, 3, 65103, *remote),
            "leaf3": alone + peering(3, 2, 65102),
        }

    return made


def test_prefixes_go_on_with_the_gateway_as_vtep(
    fabric: Solve, two_domains: Callable[[str], Texts]
) -> None:
    solved = fabric(two_domains(INTER_DOMAIN))
    routes = {route.prefix: route for route in solved.outcomes["leaf1"].routes["RED"]}
    (via,) = routes[FAR_LOOPBACK].vias
    assert format_ipv4(via.vtep or 0) == "10.255.1.2"
    assert via.router_mac == solved.speakers["leaf2"].router_mac


def test_without_inter_domain_no_prefix_crosses(
    fabric: Solve, two_domains: Callable[[str], Texts]
) -> None:
    routes = fabric(two_domains("")).outcomes["leaf1"].routes["RED"]
    assert FAR_LOOPBACK not in {route.prefix for route in routes}


def test_a_vlan_of_the_local_domain_stays_there(
    fabric: Solve, two_domains: Callable[[str], Texts]
) -> None:
    """The gateway's MAC-VRF has no RD and targets for the remote domain."""
    outcomes = fabric(two_domains(INTER_DOMAIN)).outcomes
    flood = {
        node: [format_ipv4(v) for v in found.flood.get(11, ())] for node, found in outcomes.items()
    }
    assert (flood["leaf1"], flood["leaf2"]) == (["10.255.1.2"], ["10.255.1.1"])
    assert flood["leaf3"] == []
    types = {key.type for key in outcomes["leaf1"].bgp.evpn if key.rd.startswith("10.255.0.3:")}
    assert types == {EvpnType.IP_PREFIX}
