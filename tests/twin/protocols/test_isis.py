"""IS-IS between small routers: levels, authentication, metrics, overload."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import parse_prefix
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.rib import Route

Lab = Callable[..., Fabric]
P2P = "isis network point-to-point"
LEVEL_2 = "   is-type level-2\n"


def router(number: int, *ports: str, isis: str = LEVEL_2, area: str = "49.0001") -> str:
    own = f"{number}.{number}.{number}.{number}"
    return (
        f"hostname r{number}\nip routing\ninterface Loopback0\n   ip address {own}/32\n"
        f"   isis enable CORE\n   isis passive\n{''.join(ports)}router isis CORE\n"
        f"   net {area}.0000.0000.000{number}.00\n{isis}   address-family ipv4 unicast\n"
    )


def port(number: int, address: str, *lines: str) -> str:
    body = "".join(f"   {line}\n" for line in lines)
    return (
        f"interface Ethernet{number}\n   no switchport\n   ip address {address}\n"
        f"   isis enable CORE\n{body}"
    )


def pair(lab: Lab, *right: str, isis: str = LEVEL_2, area: str = "49.0001") -> Fabric:
    return lab(
        {
            "r1": router(1, port(1, "10.0.0.0/31", P2P, "isis metric 50")),
            "r2": router(2, port(1, "10.0.0.1/31", *right), isis=isis, area=area),
        },
        ["r1:Ethernet1 r2:Ethernet1"],
    )


def states(fabric: Fabric, node: str) -> list[tuple[int, str, str]]:
    (instance,) = fabric.state.devices[node].isis
    return [(a.level, a.state, a.reason) for a in instance.adjacencies]


def route(fabric: Fabric, node: str, prefix: str) -> Route | None:
    return fabric.state.devices[node].ribs["default"].get(parse_prefix(prefix))


def test_adjacent_routers_route_with_the_metric_of_the_way_out(lab: Lab) -> None:
    fabric = pair(lab, P2P)
    assert states(fabric, "r1") == [(2, "up", "")]
    found = route(fabric, "r1", "2.2.2.2/32")
    assert found is not None
    assert (found.type, found.preference, found.metric) == ("ISISLevel2", 115, 60)


def test_level_2_crosses_areas_and_level_1_does_not(lab: Lab) -> None:
    assert states(pair(lab, P2P, area="49.0002"), "r1") == [(2, "up", "")]
    assert states(pair(lab, P2P, isis="   is-type level-1\n"), "r1") == []


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((), "point-to-point on one end only"),
        ((P2P, "mtu 9000"), "MTU 1500 here and 9000 there"),
        (
            (P2P, "isis authentication mode md5", "isis authentication key 0 x"),
            "authentication differs",
        ),
    ],
)
def test_what_keeps_routers_apart_is_said(lab: Lab, lines: tuple[str, ...], reason: str) -> None:
    fabric = pair(lab, *lines)
    assert states(fabric, "r1") == [(2, "down", reason)]
    assert route(fabric, "r1", "2.2.2.2/32") is None


def test_mtu_does_not_matter_without_hello_padding(lab: Lab) -> None:
    left = port(1, "10.0.0.0/31", P2P, "no isis hello padding")
    right = port(1, "10.0.0.1/31", P2P, "no isis hello padding", "mtu 9000")
    fabric = lab({"r1": router(1, left), "r2": router(2, right)}, ["r1:Ethernet1 r2:Ethernet1"])
    assert states(fabric, "r1") == [(2, "up", "")]


def test_overloaded_router_is_not_passed_through(lab: Lab) -> None:
    def line(middle: str) -> Fabric:
        return lab(
            {
                "r1": router(1, port(1, "10.0.1.0/31", P2P)),
                "r2": router(
                    2, port(1, "10.0.1.1/31", P2P), port(2, "10.0.2.0/31", P2P), isis=middle
                ),
                "r3": router(3, port(1, "10.0.2.1/31", P2P)),
            },
            ["r1:Ethernet1 r2:Ethernet1", "r2:Ethernet2 r3:Ethernet1"],
        )

    assert route(line("   is-type level-2\n"), "r1", "3.3.3.3/32") is not None
    overloaded = line("   is-type level-2\n   set-overload-bit\n")
    assert route(overloaded, "r1", "3.3.3.3/32") is None
    assert route(overloaded, "r1", "2.2.2.2/32") is not None


def test_bgp_sessions_stand_on_the_igp_across_routers_without_bgp(lab: Lab) -> None:
    def bgp(own: int, other: int) -> str:
        return (
            f"router bgp 65000\n   router-id {own}.{own}.{own}.{own}\n"
            f"   neighbor {other}.{other}.{other}.{other} remote-as 65000\n"
            f"   neighbor {other}.{other}.{other}.{other} update-source Loopback0\n"
        )

    fabric = lab(
        {
            "r1": router(1, port(1, "10.0.1.0/31", P2P)) + bgp(1, 3),
            "r2": router(2, port(1, "10.0.1.1/31", P2P), port(2, "10.0.2.0/31", P2P)),
            "r3": router(3, port(1, "10.0.2.1/31", P2P)) + bgp(3, 1),
        },
        ["r1:Ethernet1 r2:Ethernet1", "r2:Ethernet2 r3:Ethernet1"],
    )
    bgp_state = fabric.state.devices["r1"].bgp
    assert bgp_state is not None
    assert [session.state for session in bgp_state.sessions] == ["Established"]


def test_level_1_routers_send_the_rest_to_the_nearest_attached_router(lab: Lab) -> None:
    """RFC 1195 3.2: r2 reaches another area on level 2, so it sets the attached bit."""
    level_1, both = "   is-type level-1\n", "   is-type level-1-2\n"
    fabric = lab(
        {
            "r1": router(1, port(1, "10.0.0.0/31", P2P), isis=level_1),
            "r2": router(2, port(1, "10.0.0.1/31", P2P), port(2, "10.0.1.0/31", P2P), isis=both),
            "r3": router(3, port(1, "10.0.1.1/31", P2P), area="49.0002"),
        },
        ["r1:Ethernet1 r2:Ethernet1", "r2:Ethernet2 r3:Ethernet1"],
    )
    found = route(fabric, "r1", "0.0.0.0/0")
    assert found is not None
    assert (found.type, found.metric) == ("ISISLevel1", 10)
    assert route(fabric, "r2", "0.0.0.0/0") is None
    assert route(fabric, "r1", "3.3.3.3/32") is None


def test_level_2_goes_down_where_a_router_is_asked_to(lab: Lab) -> None:
    """RFC 5302: r2 tells level 1 of r3, a route-map keeps the rest away."""
    both = "   is-type level-1-2\n   redistribute isis level-2 into level-1 route-map DOWN\n"
    policy = (
        "ip prefix-list THREE seq 10 permit 3.3.3.3/32\n"
        "route-map DOWN permit 10\n   match ip address prefix-list THREE\n"
    )
    fabric = lab(
        {
            "r1": router(1, port(1, "10.0.0.0/31", P2P), isis="   is-type level-1\n"),
            "r2": policy
            + router(2, port(1, "10.0.0.1/31", P2P), port(2, "10.0.1.0/31", P2P), isis=both),
            "r3": router(3, port(1, "10.0.1.1/31", P2P), port(2, "10.0.2.0/31"), area="49.0002"),
        },
        ["r1:Ethernet1 r2:Ethernet1", "r2:Ethernet2 r3:Ethernet1"],
    )
    found = route(fabric, "r1", "3.3.3.3/32")
    assert found is not None
    assert (found.type, found.metric) == ("ISISLevel1", 30)
    assert route(fabric, "r1", "10.0.2.0/31") is None
    kept = route(fabric, "r2", "3.3.3.3/32")
    assert kept is not None
    assert kept.type == "ISISLevel2"


def test_the_process_may_make_an_interface_passive(lab: Lab) -> None:
    fabric = pair(lab, P2P, isis=LEVEL_2 + "   passive-interface Ethernet1\n")
    assert states(fabric, "r1") == []
    assert states(fabric, "r2") == []


def test_neighbors_are_called_as_they_call_themselves(lab: Lab) -> None:
    fabric = pair(lab, P2P, isis=LEVEL_2 + "   is-hostname second\n")
    (instance,) = fabric.state.devices["r1"].isis
    assert [a.hostname for a in instance.adjacencies] == ["second"]


def test_lsps_with_another_key_are_dropped_while_neighbors_stay(lab: Lab) -> None:
    """RFC 5304: the key of the process is about LSPs, that of an interface about hellos."""
    key = "   authentication mode md5\n   authentication key 0 secret\n"
    fabric = pair(lab, P2P, isis=LEVEL_2 + key)
    assert states(fabric, "r1") == [(2, "up", "")]
    assert route(fabric, "r1", "2.2.2.2/32") is None


def test_redistribution_under_the_family_takes_the_metric_of_its_route_map(lab: Lab) -> None:
    policy = (
        "ip route 192.0.2.0/24 Null0\nip route 198.51.100.0/24 Null0\n"
        "route-map STATIC permit 10\n   match source-protocol static\n   set metric 7\n"
    )
    fabric = lab(
        {
            "r1": router(1, port(1, "10.0.0.0/31", P2P)),
            "r2": policy
            + router(2, port(1, "10.0.0.1/31", P2P))
            + "      redistribute static route-map STATIC\n",
        },
        ["r1:Ethernet1 r2:Ethernet1"],
    )
    found = route(fabric, "r1", "192.0.2.0/24")
    assert found is not None
    assert found.metric == 17


def test_an_attached_router_may_reach_the_other_area_by_its_own(lab: Lab) -> None:
    level_1, both = "   is-type level-1\n", "   is-type level-1-2\n"
    fabric = lab(
        {
            "r1": router(1, port(1, "10.0.0.0/31", P2P), isis=level_1),
            "r2": router(2, port(1, "10.0.0.1/31", P2P), port(2, "10.0.1.0/31", P2P), isis=both),
            "r3": router(3, port(1, "10.0.1.1/31", P2P), port(2, "10.0.2.0/31", P2P)),
            "r4": router(4, port(1, "10.0.2.1/31", P2P), area="49.0002"),
        },
        ["r1:Ethernet1 r2:Ethernet1", "r2:Ethernet2 r3:Ethernet1", "r3:Ethernet2 r4:Ethernet1"],
    )
    found = route(fabric, "r1", "0.0.0.0/0")
    assert found is not None
    assert found.metric == 10


def test_level_2_hears_of_the_subnets_of_level_1_circuits(lab: Lab) -> None:
    both = "   is-type level-1-2\n"
    inner = port(2, "10.0.9.0/31", P2P, "isis circuit-type level-1")
    fabric = lab(
        {
            "r1": router(1, port(1, "10.0.0.0/31", P2P)),
            "r2": router(2, port(1, "10.0.0.1/31", P2P), inner, isis=both),
            "r3": router(3, port(1, "10.0.9.1/31", P2P)),
        },
        ["r1:Ethernet1 r2:Ethernet1", "r2:Ethernet2 r3:Ethernet1"],
    )
    found = route(fabric, "r1", "10.0.9.0/31")
    assert found is not None
    assert (found.type, found.metric) == ("ISISLevel2", 20)


@pytest.mark.parametrize(
    ("words", "kind"), [("static", "ISISLevel2"), ("static level-1", "ISISLevel1")]
)
def test_redistribution_is_into_level_2_unless_level_1_is_named(
    lab: Lab, words: str, kind: str
) -> None:
    both = f"   is-type level-1-2\n   redistribute {words}\n"
    fabric = lab(
        {
            "r1": router(1, port(1, "10.0.0.0/31", P2P), isis=both),
            "r2": "ip route 192.0.2.0/24 Null0\n"
            + router(2, port(1, "10.0.0.1/31", P2P), isis=both),
        },
        ["r1:Ethernet1 r2:Ethernet1"],
    )
    found = route(fabric, "r1", "192.0.2.0/24")
    assert found is not None
    assert found.type == kind


def test_each_vrf_has_its_instance(lab: Lab) -> None:
    """A neighbor in its default VRF is one like any other; two VRFs of a device are apart."""
    vrf = "vrf instance BLUE\nip routing vrf BLUE\n"
    blue = (
        "router isis BLUE vrf BLUE\n   net 49.0001.0000.0000.0012.00\n   is-type level-2\n"
        "   redistribute static\n   address-family ipv4 unicast\n"
    )
    enabled = "isis enable BLUE"
    r1 = router(1, port(1, "10.0.0.0/31"), port(2, "10.0.1.0/31", "vrf BLUE", enabled))
    fabric = lab(
        {
            "r1": vrf + r1 + blue + "ip route vrf BLUE 10.9.0.0/24 Null0\n",
            "r2": router(2, port(1, "10.0.0.1/31")),
            "r3": router(3, port(1, "10.0.1.1/31")),
        },
        ["r1:Ethernet1 r2:Ethernet1", "r1:Ethernet2 r3:Ethernet1"],
    )
    r1_state = fabric.state.devices["r1"]
    assert [(i.vrf, len(i.adjacencies)) for i in r1_state.isis] == [("default", 1), ("BLUE", 1)]
    assert r1_state.ribs["BLUE"].get(parse_prefix("3.3.3.3/32")) is not None
    assert r1_state.ribs["default"].get(parse_prefix("3.3.3.3/32")) is None
    assert route(fabric, "r3", "10.9.0.0/24") is not None
    assert route(fabric, "r3", "2.2.2.2/32") is None
