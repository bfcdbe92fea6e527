"""Traces between endpoints follow every way that packets may take, there and back."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Cable, Endpoint, EndpointAddress, Faults
from avdlab.twin.fabric.trace import Stop, Trace

SVI = "vlan 9\ninterface Vlan9\n   ip address 10.{n}.0.1/24\n"
PORT = "interface Ethernet9\n   switchport access vlan 9\n"
ENDS = (("h1", "eth1", None), ("h2", "eth1", None))


def host(n: int, **more: object) -> Endpoint:
    address = EndpointAddress(
        "eth1",
        f"02:00:00:00:00:0{n}",
        None,
        parse_ipv4(f"10.{n}.0.50"),
        24,
        parse_ipv4(f"10.{n}.0.1"),
    )
    return Endpoint(f"h{n}", ("eth1",), addresses=(address,))


def leaf(n: int, routes: str) -> str:
    links = "".join(
        f"interface Ethernet{s}\n   no switchport\n   ip address 10.{n}.{s}.1/24\n" for s in (1, 2)
    )
    return f"hostname leaf{n}\nip routing\n{SVI.format(n=n)}{PORT}{links}{routes}"


def spine(s: int, more: str = "") -> str:
    links = "".join(
        f"interface Ethernet{n}\n   no switchport\n   ip address 10.{n}.{s}.2/24\n" for n in (1, 2)
    )
    routes = "".join(f"ip route 10.{n}.0.0/24 10.{n}.{s}.1\n" for n in (1, 2))
    return f"hostname spine{s}\nip routing\n{links}{routes}{more}"


@pytest.fixture
def square(lab: Callable[..., Fabric]) -> Callable[..., Fabric]:
    """h1 - leaf1 = two spines = leaf2 - h2, with ECMP both ways."""

    def made(**changed: str) -> Fabric:
        configs = {
            "leaf1": leaf(1, "ip route 10.2.0.0/24 10.1.1.2\nip route 10.2.0.0/24 10.1.2.2\n"),
            "leaf2": leaf(2, "ip route 10.1.0.0/24 10.2.1.2\nip route 10.1.0.0/24 10.2.2.2\n"),
            "spine1": spine(1),
            "spine2": spine(2),
        }
        cables = [f"leaf{n}:Ethernet{s} spine{s}:Ethernet{n}" for n in (1, 2) for s in (1, 2)] + [
            "leaf1:Ethernet9 h1:eth1",
            "leaf2:Ethernet9 h2:eth1",
        ]
        return lab({**configs, **changed}, cables, [host(1), host(2)])

    return made


def trace(fabric: Fabric) -> Trace:
    return fabric.tracer().trace(*ENDS)


def test_all_ways_work(square: Callable[..., Fabric]) -> None:
    found = trace(square())
    assert found.whole
    assert found.hops[0] == "leaf1"
    assert found.hops[-1] == "leaf2"
    assert found.hops[1] in {"spine1", "spine2"}


def test_one_way_of_two_that_drops_packets_is_found(square: Callable[..., Fabric]) -> None:
    entries = "ip access-list NO\n   10 deny ip any host 10.2.0.50\n   20 permit ip any any\n"
    port = "interface Ethernet1\n"
    text = spine(1, entries).replace(port, f"{port}   ip access-group NO in\n")
    found = trace(square(spine1=text))
    assert (found.reached, found.whole) == (True, False)
    reason = "spine1: NO on Ethernet1 in drops the packet: deny ip any host 10.2.0.50"
    assert found.stops == (Stop("spine1", reason),)


def test_the_way_back_counts(square: Callable[..., Fabric]) -> None:
    found = trace(square(leaf2=leaf(2, "")))
    assert not found.reached
    assert {stop.node for stop in found.stops} == {"leaf2"}
    assert "no route to 10.1.0.50" in found.stops[0].reason


def test_a_loop_ends(square: Callable[..., Fabric]) -> None:
    looping = spine(1).replace("ip route 10.2.0.0/24 10.2.1.1", "ip route 10.2.0.0/24 10.1.1.1")
    found = trace(square(spine1=looping))
    assert found.reached  # the other spine forwards
    assert trace(square(spine1=looping, spine2=looping.replace(".1.", ".2."))).reached is False


def test_a_cut_port_ends_it(square: Callable[..., Fabric], wire: Callable[[str], Cable]) -> None:
    fabric = square()
    fabric.set_faults(Faults(cut=frozenset({wire("leaf2:Ethernet9 h2:eth1")})))
    found = trace(fabric)
    assert not found.reached
    assert found.stops


def test_an_endpoint_that_is_not_there(square: Callable[..., Fabric]) -> None:
    fabric = square()
    fabric.set_faults(Faults(stopped=frozenset({"h2"})))
    assert trace(fabric) == Trace(False, (), (Stop("h2", "h2 is not there"),))


def test_without_addresses_one_broadcast_domain_decides(lab: Callable[..., Fabric]) -> None:
    def bare(n: int) -> Endpoint:
        return Endpoint(
            f"h{n}",
            ("eth1",),
            addresses=(EndpointAddress("eth1", f"02:00:00:00:00:0{n}", None, None, 0, None),),
        )

    def made(second: int) -> Fabric:
        text = "hostname s\nvlan 9-10\ninterface Ethernet1\n   switchport access vlan 9\n"
        text += f"interface Ethernet2\n   switchport access vlan {second}\n"
        cables = ["s:Ethernet1 h1:eth1", "s:Ethernet2 h2:eth1"]
        return lab({"s": text}, cables, [bare(1), bare(2)])

    assert trace(made(9)).whole
    apart = trace(made(10))
    assert not apart.reached
    assert "different broadcast domains" in apart.stops[0].reason
