"""OSPF between small routers: adjacencies, areas, costs, externals."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import parse_ipv4, parse_prefix
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.igp import OspfNeighbor
from avdlab.twin.tables.rib import Route

Lab = Callable[..., Fabric]


def router(number: int, *ports: str, ospf: str = "", more: str = "", area: int = 0) -> str:
    """A router with Loopback0 N.N.N.N/32 and ports given as sections."""
    own = f"{number}.{number}.{number}.{number}"
    return (
        f"hostname r{number}\nip routing\ninterface Loopback0\n   ip address {own}/32\n"
        f"   ip ospf area {area}\n{''.join(ports)}{more}router ospf 1\n   router-id {own}\n{ospf}"
    )


def port(number: int, address: str, *lines: str, area: int = 0) -> str:
    body = "".join(f"   {line}\n" for line in lines)
    return (
        f"interface Ethernet{number}\n   no switchport\n   ip address {address}\n"
        f"   ip ospf area {area}\n{body}"
    )


P2P = "ip ospf network point-to-point"


def neighbors(fabric: Fabric, node: str) -> tuple[OspfNeighbor, ...]:
    return fabric.state.devices[node].ospf[0].neighbors


def route(fabric: Fabric, node: str, prefix: str) -> Route | None:
    return fabric.state.devices[node].ribs["default"].get(parse_prefix(prefix))


def pair(lab: Lab, left: str = P2P, right: str = P2P) -> Fabric:
    return lab(
        {
            "r1": router(1, port(1, "10.0.0.0/31", *left.splitlines())),
            "r2": router(2, port(1, "10.0.0.1/31", *right.splitlines())),
        },
        ["r1:Ethernet1 r2:Ethernet1"],
    )


def test_point_to_point_neighbors_are_full_and_route(lab: Lab) -> None:
    fabric = pair(lab)
    (neighbor,) = neighbors(fabric, "r1")
    assert (neighbor.state, neighbor.dr_state, neighbor.interface) == ("full", None, "Ethernet1")
    found = route(fabric, "r1", "2.2.2.2/32")
    assert found is not None
    assert (found.type, found.preference, found.metric) == ("OSPF", 110, 20)
    assert [via.next_hop for via in found.vias] == [parse_ipv4("10.0.0.1")]


@pytest.mark.parametrize(
    "lines",
    [
        "ip ospf hello-interval 5",
        "ip ospf dead-interval 20",
        "ip ospf area 1",
        "ip ospf authentication message-digest\nip ospf message-digest-key 1 md5 0 secret",
    ],
)
def test_hellos_that_differ_make_no_neighbor(lab: Lab, lines: str) -> None:
    fabric = pair(lab, right=f"{P2P}\n{lines}")
    assert neighbors(fabric, "r1") == ()
    assert route(fabric, "r1", "2.2.2.2/32") is None


def test_mtu_mismatch_sticks_in_exchange_start(lab: Lab) -> None:
    fabric = pair(lab, right=f"{P2P}\nmtu 9214")
    (neighbor,) = neighbors(fabric, "r1")
    assert neighbor.state == "exchStart"
    assert "9214" in neighbor.reason
    assert route(fabric, "r1", "2.2.2.2/32") is None


def test_type_7_keys_are_compared_in_clear(lab: Lab) -> None:
    from pyavd_utils.passwords import cbc_encrypt

    def key(interface: str, clear: str) -> str:
        cipher = cbc_encrypt(f"{interface}_sha512Key_1", clear)
        return (
            f"ip ospf authentication message-digest\nip ospf message-digest-key 1 sha512 7 {cipher}"
        )

    same = pair(lab, f"{P2P}\n{key('Ethernet1', 'one')}", f"{P2P}\n{key('Ethernet1', 'one')}")
    other = pair(lab, f"{P2P}\n{key('Ethernet1', 'one')}", f"{P2P}\n{key('Ethernet1', 'two')}")
    assert len(neighbors(same, "r1")) == 1
    assert neighbors(other, "r1") == ()


def test_passive_interface_has_no_neighbor_but_is_advertised(lab: Lab) -> None:
    fabric = lab(
        {
            "r1": router(
                1,
                port(1, "10.0.0.0/31", P2P),
                port(2, "10.1.0.0/31", P2P),
                ospf="   passive-interface Ethernet2\n",
            ),
            "r2": router(2, port(1, "10.0.0.1/31", P2P), port(2, "10.1.0.1/31", P2P)),
        },
        ["r1:Ethernet1 r2:Ethernet1", "r1:Ethernet2 r2:Ethernet2"],
    )
    assert [n.interface for n in neighbors(fabric, "r1")] == ["Ethernet1"]


def test_broadcast_segment_elects_by_priority_then_router_id(lab: Lab) -> None:
    fabric = lab(
        {
            "r1": router(1, port(1, "10.0.0.1/30", "ip ospf priority 9")),
            "r2": router(2, port(1, "10.0.0.2/30")),
        },
        ["r1:Ethernet1 r2:Ethernet1"],
    )
    assert neighbors(fabric, "r2")[0].dr_state == "DR"
    assert neighbors(fabric, "r1")[0].dr_state == "backupDR"


def test_equal_cost_paths_share_and_a_cost_decides(lab: Lab) -> None:
    def square(cost: str) -> Fabric:
        return lab(
            {
                "r1": router(1, port(1, "10.0.1.0/31", P2P), port(2, "10.0.2.0/31", P2P, cost)),
                "r2": router(2, port(1, "10.0.1.1/31", P2P), port(2, "10.0.3.0/31", P2P)),
                "r3": router(3, port(1, "10.0.2.1/31", P2P), port(2, "10.0.4.0/31", P2P)),
                "r4": router(4, port(1, "10.0.3.1/31", P2P), port(2, "10.0.4.1/31", P2P)),
            },
            [
                "r1:Ethernet1 r2:Ethernet1",
                "r1:Ethernet2 r3:Ethernet1",
                "r2:Ethernet2 r4:Ethernet1",
                "r3:Ethernet2 r4:Ethernet2",
            ],
        )

    both, one = route(square("mtu 1500"), "r1", "4.4.4.4/32"), None
    assert both is not None
    assert [via.interface for via in both.vias] == ["Ethernet1", "Ethernet2"]
    one = route(square("ip ospf cost 11"), "r1", "4.4.4.4/32")
    assert one is not None
    assert [via.interface for via in one.vias] == ["Ethernet1"]


def three_areas(lab: Lab, **options: str) -> Fabric:
    """r1 -(area 1)- r2 -(area 0)- r3 -(area 2)- r4; r4 redistributes a static route."""
    static = "ip route 203.0.113.0/24 Null0\n"
    return lab(
        {
            "r1": router(
                1, port(1, "10.0.1.0/31", P2P, area=1), ospf=options.get("r1", "")
            ).replace(
                "   ip ospf area 0\ninterface Ethernet1", "   ip ospf area 1\ninterface Ethernet1"
            ),
            "r2": router(
                2,
                port(1, "10.0.1.1/31", P2P, area=1),
                port(2, "10.0.2.0/31", P2P),
                ospf=options.get("r1", ""),
            ),
            "r3": router(3, port(1, "10.0.2.1/31", P2P), port(2, "10.0.3.0/31", P2P, area=2)),
            "r4": router(
                4, port(1, "10.0.3.1/31", P2P, area=2), ospf="   redistribute static\n", more=static
            ).replace(
                "   ip ospf area 0\ninterface Ethernet1", "   ip ospf area 2\ninterface Ethernet1"
            ),
        },
        ["r1:Ethernet1 r2:Ethernet1", "r2:Ethernet2 r3:Ethernet1", "r3:Ethernet2 r4:Ethernet1"],
    )


def test_routes_cross_areas_over_the_backbone(lab: Lab) -> None:
    fabric = three_areas(lab)
    found = route(fabric, "r1", "4.4.4.4/32")
    assert found is not None
    assert (found.type, found.metric) == ("ospfInterArea", 40)
    outside = route(fabric, "r1", "203.0.113.0/24")
    assert outside is not None
    assert (outside.type, outside.metric) == ("ospfExternalType2", 1)


def test_stub_area_gets_no_external_routes(lab: Lab) -> None:
    fabric = three_areas(lab, r1="   area 1 stub\n")
    assert route(fabric, "r1", "4.4.4.4/32") is not None
    assert route(fabric, "r1", "203.0.113.0/24") is None


def test_bgp_is_redistributed_through_a_route_map(lab: Lab) -> None:
    bgp = (
        "ip prefix-list WANTED seq 10 permit 198.51.100.0/24\n"
        "route-map WANTED permit 10\n   match ip address prefix-list WANTED\n"
        "router bgp 65001\n   router-id 1.1.1.1\n   neighbor 10.9.0.1 remote-as 65009\n"
    )
    edge = "interface Ethernet9\n   no switchport\n   ip address 10.9.0.0/31\n"
    fabric = lab(
        {
            "r1": router(
                1,
                port(1, "10.0.0.0/31", P2P),
                edge,
                ospf="   redistribute bgp route-map WANTED\n",
                more=bgp,
            ),
            "r2": router(2, port(1, "10.0.0.1/31", P2P)),
            "r9": "hostname r9\nip routing\nip route 198.51.100.0/24 Null0\n"
            "ip route 192.0.2.0/24 Null0\n"
            "interface Ethernet1\n   no switchport\n   ip address 10.9.0.1/31\n"
            "router bgp 65009\n   router-id 9.9.9.9\n   neighbor 10.9.0.0 remote-as 65001\n"
            "   redistribute static\n",
        },
        ["r1:Ethernet1 r2:Ethernet1", "r1:Ethernet9 r9:Ethernet1"],
    )
    assert route(fabric, "r2", "198.51.100.0/24") is not None
    assert route(fabric, "r2", "192.0.2.0/24") is None


def test_an_anycast_address_makes_no_neighbors(lab: Lab) -> None:
    text = """
ip routing
vlan 10
interface Ethernet1
   switchport access vlan 10
interface Vlan10
   ip address virtual 10.0.10.1/24
   ip ospf area 0
router ospf 1
   router-id 192.0.2.{}
"""
    fabric = lab({"a": text.format(1), "b": text.format(2)}, ("a:Ethernet1 b:Ethernet1",))
    (instance,) = fabric.state.devices["a"].ospf
    assert instance.areas == {0: ("Vlan10",)}
    assert instance.neighbors == ()
