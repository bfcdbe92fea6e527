"""GRE tunnels: their states, and what routing makes of them."""

import pytest

from avdlab.twin.fabric.fabric import Fabric
from tests.scenarios import address, network
from tests.twin.protocols.bgp.eos import route, run

OSPF = "router ospf 1\n   network 10.255.0.0/24 area 0\n"
ENDS = (address(1, 3), address(2, 3))


def tunnel(host: int, *lines: str) -> str:
    own = "".join(f"   {line}\n" for line in ("tunnel mode gre", *lines))
    return f"interface Tunnel0\n   ip address 172.16.0.{host}/30\n   ip ospf area 0\n{own}"


def lab(*lines: str) -> Fabric:
    """r1 and r2 have a tunnel over r3; the lines are those of r1's end."""
    near, far = ENDS
    back = (f"tunnel source {far}", f"tunnel destination {near}")
    texts = {1: tunnel(1, *lines) + OSPF, 2: tunnel(2, *back) + OSPF, 3: ""}
    return run(network(((1, 3), (2, 3)), texts))


SOURCE, DESTINATION = f"tunnel source {ENDS[0]}", f"tunnel destination {ENDS[1]}"


@pytest.mark.parametrize("source", [SOURCE, "tunnel source interface Ethernet1"])
def test_ospf_runs_over_a_tunnel(source: str) -> None:
    fabric = lab(source, DESTINATION)
    found = route(fabric, "r1", "10.255.0.2/32")
    assert found is not None
    assert [via.interface for via in found.vias] == ["Tunnel0"]
    assert fabric.state.devices["r1"].ports["Tunnel0"].mtu == 1476


@pytest.mark.parametrize(
    ("lines", "up"),
    [
        ((SOURCE,), False),
        (("tunnel source 192.0.2.1", DESTINATION), False),
        ((SOURCE, DESTINATION, "tunnel key 7"), True),
        ((SOURCE, "tunnel destination 192.0.2.1"), True),
    ],
)
def test_a_tunnel_whose_ends_disagree_carries_nothing(lines: tuple[str, ...], up: bool) -> None:
    fabric = lab(*lines)
    assert fabric.state.devices["r1"].ports["Tunnel0"].up is up
    assert route(fabric, "r1", "10.255.0.2/32") is None
