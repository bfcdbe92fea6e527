"""Ping over the fabric."""

from collections.abc import Callable
from typing import Any

import pytest

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Endpoint, EndpointAddress
from avdlab.twin.tables.ping import PingResult

Lab = Callable[..., Fabric]


def ping(fabric: Fabric, node: str, to: str, vrf: str = "default", **more: Any) -> PingResult:
    source = more.pop("source", None)
    more["source"] = parse_ipv4(source) if source else None
    return fabric.ping(node, vrf, parse_ipv4(to), **more)


def router(n: int, links: dict[int, str], routes: tuple[str, ...], more: str = "") -> str:
    ports = "".join(
        f"interface Ethernet{port}\n   no switchport\n   ip address {address}\n"
        for port, address in links.items()
    )
    lines = "".join(f"ip route {route}\n" for route in routes)
    loopback = f"interface Loopback0\n   ip address 1.1.1.{n}/32\n"
    return f"hostname r{n}\nip routing\n{loopback}{ports}{lines}{more}"


@pytest.fixture
def chain(lab: Lab) -> Callable[..., Fabric]:
    """r1 - r2 - r3; r3 has a host behind a VLAN."""

    def made(**changed: str) -> Fabric:
        host = Endpoint(
            "host",
            ("eth1",),
            addresses=(
                EndpointAddress(
                    "eth1",
                    "02:00:00:00:00:01",
                    None,
                    parse_ipv4("10.9.0.50"),
                    24,
                    parse_ipv4("10.9.0.1"),
                ),
            ),
        )
        svi = (
            "vlan 9\ninterface Vlan9\n   ip address 10.9.0.1/24\n"
            "interface Ethernet2\n   switchport access vlan 9\n"
        )
        configs = {
            "r1": router(1, {1: "10.0.12.1/24"}, ("0.0.0.0/0 10.0.12.2",)),
            "r2": router(
                2,
                {1: "10.0.12.2/24", 2: "10.0.23.2/24"},
                ("1.1.1.1/32 10.0.12.1", "1.1.1.3/32 10.0.23.3", "10.9.0.0/24 10.0.23.3"),
            ),
            "r3": router(3, {1: "10.0.23.3/24"}, ("0.0.0.0/0 10.0.23.2",), svi),
        }
        cables = (
            "r1:Ethernet1 r2:Ethernet1",
            "r2:Ethernet2 r3:Ethernet1",
            "r3:Ethernet2 host:eth1",
        )
        return lab({**configs, **changed}, cables, [host])

    return made


def test_over_two_hops_and_to_a_host(chain: Callable[..., Fabric]) -> None:
    fabric = chain()
    assert ping(fabric, "r1", "1.1.1.3", source="1.1.1.1", repeat=2).received == 2
    assert ping(fabric, "r1", "10.9.0.50").received == 5
    assert ping(fabric, "r1", "10.9.0.50", source="1.1.1.1").reason == ""


def test_own_addresses_answer(chain: Callable[..., Fabric]) -> None:
    assert ping(chain(), "r1", "1.1.1.1").received == 5


def test_reasons(chain: Callable[..., Fabric]) -> None:
    fabric = chain()
    nobody = ping(fabric, "r1", "10.0.12.77")
    assert (nobody.received, nobody.unreachable) == (0, False)
    assert nobody.reason == "r1: nobody answers ARP for 10.0.12.77 on Ethernet1"
    assert ping(fabric, "r1", "8.8.8.8").reason == "r2: no route to 8.8.8.8 in VRF default"
    lost = ping(fabric, "r2", "8.8.8.8")
    assert lost.unreachable
    assert ping(fabric, "r2", "8.8.8.8", "NOPE").unreachable


def test_the_way_back_counts(chain: Callable[..., Fabric]) -> None:
    fabric = chain(r2=router(2, {1: "10.0.12.2/24", 2: "10.0.23.2/24"}, ("1.1.1.3/32 10.0.23.3",)))
    lost = ping(fabric, "r1", "1.1.1.3", source="1.1.1.1")
    assert lost.reason == "r2: no route to 1.1.1.1 in VRF default"


def test_a_switch_that_does_not_route_forwards_nothing(chain: Callable[..., Fabric]) -> None:
    fabric = chain()
    text = router(2, {1: "10.0.12.2/24", 2: "10.0.23.2/24"}, ()).replace("ip routing\n", "")
    assert ping(fabric, "r1", "1.1.1.3").received == 5
    assert "routing is off" in ping(chain(r2=text), "r1", "1.1.1.3").reason


def test_loops_end(chain: Callable[..., Fabric]) -> None:
    looping = router(2, {1: "10.0.12.2/24", 2: "10.0.23.2/24"}, ("0.0.0.0/0 10.0.12.1",))
    assert "TTL" in ping(chain(r2=looping), "r1", "8.8.8.8").reason


def test_mtu_with_df(chain: Callable[..., Fabric]) -> None:
    fabric = chain()
    assert ping(fabric, "r1", "1.1.1.3", size=1500, df=True).received == 5
    assert ping(fabric, "r1", "1.1.1.3", size=1501).received == 5
    assert "MTU of 1500" in ping(fabric, "r1", "1.1.1.3", size=1501, df=True).reason


def test_management_ports_share_a_network(lab: Lab) -> None:
    text = "vrf instance MGMT\ninterface Management0\n   vrf MGMT\n   ip address 10.0.0.{}/24\n"
    fabric = lab({"a": text.format(1), "b": text.format(2)})
    assert ping(fabric, "a", "10.0.0.2", "MGMT").received == 5
    assert ping(fabric, "a", "10.0.0.3", "MGMT").received == 0


ACL = """
ip access-list NO-PING
   10 deny icmp any host 1.1.1.3 echo
   20 permit ip any any
"""


def test_access_lists_name_the_line_that_dropped_the_packet(chain: Callable[..., Fabric]) -> None:
    middle = router(2, {1: "10.0.12.2/24", 2: "10.0.23.2/24"}, ("1.1.1.3/32 10.0.23.3",)) + ACL

    def bound(address: str, way: str) -> str:
        fabric = chain(r2=middle.replace(address, f"{address}\n   ip access-group NO-PING {way}"))
        return ping(fabric, "r1", "1.1.1.3").reason

    assert bound("10.0.12.2/24", "in") == (
        "r2: NO-PING on Ethernet1 in drops the packet: deny icmp any host 1.1.1.3 echo"
    )
    assert "NO-PING on Ethernet2 out drops" in bound("10.0.23.2/24", "out")
    assert bound("10.0.23.2/24", "in") == ""
