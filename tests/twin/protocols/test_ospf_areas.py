"""OSPF areas and outside routes: stubs, NSSAs, ranges, filters, metrics (RFC 2328, 3101)."""

import pytest

from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.rib import Route
from tests.scenarios import loopback, network
from tests.twin.protocols.bgp.eos import route, run

P2P = "ip ospf network point-to-point\nip ospf area "
OUTSIDE = "198.51.100.0/24"


def areas(
    border: str = "",
    inner: str = "",
    source: str = "redistribute static",
    far: str = "",
    more: str = "",
) -> Fabric:
    """r1 -(area 0)- r2 -(area 1)- r3; r1 brings a static route in. `border` is r2's, `inner` r3's,
    `source` r1's OSPF lines."""

    def ospf(number: int, lines: str) -> str:
        text = "".join(f"   {line}\n" for line in lines.splitlines())
        return f"router ospf 1\n   router-id {loopback(number)}\n{text}"

    return run(
        network(
            ((1, 2), (2, 3)),
            {
                1: f"ip route {OUTSIDE} Null0\n{more}" + ospf(1, source),
                2: ospf(2, border),
                3: far + ospf(3, inner),
            },
            every_link=f"{P2P}1",
            on_link={(1, 2): f"{P2P}0", (2, 1): f"{P2P}0"},
        )
    )


def seen(found: Route | None) -> tuple[str, int] | None:
    return None if found is None else (str(found.type), found.metric)


LINK = "10.0.18.0/31"  # between r1 and r2


def test_a_normal_area_hears_of_the_other_areas_and_of_outside() -> None:
    fabric = areas()
    assert seen(route(fabric, "r3", LINK)) == ("ospfInterArea", 20)
    assert seen(route(fabric, "r3", OUTSIDE)) == ("ospfExternalType2", 1)
    assert route(fabric, "r3", "0.0.0.0/0") is None


def test_a_stub_hears_a_default_instead_of_outside() -> None:
    fabric = areas("area 0.0.0.1 stub", "area 0.0.0.1 stub")
    assert route(fabric, "r3", OUTSIDE) is None
    assert seen(route(fabric, "r3", LINK)) == ("ospfInterArea", 20)
    assert seen(route(fabric, "r3", "0.0.0.0/0")) == ("ospfInterArea", 20)  # default-cost 10


def test_a_totally_stubby_area_hears_a_default_only() -> None:
    border = "area 0.0.0.1 stub no-summary\narea 0.0.0.1 default-cost 7"
    fabric = areas(border, "area 0.0.0.1 stub")
    assert route(fabric, "r3", LINK) is None
    assert seen(route(fabric, "r3", "0.0.0.0/0")) == ("ospfInterArea", 17)


def test_ends_that_disagree_on_a_stub_are_not_adjacent() -> None:
    fabric = areas("area 0.0.0.1 stub")
    assert route(fabric, "r3", LINK) is None


FAR = "ip route 203.0.113.0/24 Null0\n"


@pytest.mark.parametrize("spelling", ["nssa", "not-so-stubby"])
def test_an_nssa_tells_outside_routes_of_its_own(spelling: str) -> None:
    line = f"area 0.0.0.1 {spelling}"
    fabric = areas(line, f"{line}\nredistribute static", far=FAR)
    assert seen(route(fabric, "r2", "203.0.113.0/24")) == ("ospfNssaExternalType2", 1)
    assert seen(route(fabric, "r1", "203.0.113.0/24")) == ("ospfExternalType2", 1)
    assert route(fabric, "r3", OUTSIDE) is None
    assert route(fabric, "r3", "0.0.0.0/0") is None  # only where asked for


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("area 0.0.0.1 nssa no-summary", ("ospfInterArea", 20)),
        ("area 0.0.0.1 nssa default-information-originate", ("ospfNssaExternalType2", 1)),
        (
            "area 0.0.0.1 nssa default-information-originate metric 5 metric-type 1",
            ("ospfNssaExternalType1", 15),
        ),
    ],
)
def test_default_route_of_an_nssa(line: str, expected: tuple[str, int]) -> None:
    fabric = areas(line, "area 0.0.0.1 nssa")
    assert seen(route(fabric, "r3", "0.0.0.0/0")) == expected


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("area 0.0.0.1 range 10.0.0.0/16", {"10.0.0.0/16"}),
        ("area 0.0.0.1 range 10.0.0.0/16 not-advertise", set()),
        ("area 0.0.0.0 range 10.0.0.0/16", {"10.0.35.0/31"}),
    ],
)
def test_ranges_stand_for_what_is_inside(line: str, heard: set[str]) -> None:
    fabric = areas(line)
    wanted = {"10.0.0.0/16", "10.0.35.0/31"}
    assert {net for net in wanted if route(fabric, "r1", net) is not None} == heard


def test_cost_of_a_range() -> None:
    fabric = areas("area 0.0.0.1 range 10.0.0.0/16 cost 99")
    assert seen(route(fabric, "r1", "10.0.0.0/16")) == ("ospfInterArea", 109)


@pytest.mark.parametrize("line", ["filter 10.0.0.0/16", "filter prefix-list NONE"])
def test_filter_keeps_summaries_out_of_an_area(line: str) -> None:
    fabric = areas(f"area 0.0.0.1 {line}")
    if "NONE" in line:
        assert route(fabric, "r3", LINK) is not None  # EOS: a list that is not there permits
    else:
        assert route(fabric, "r3", LINK) is None
        assert route(fabric, "r3", OUTSIDE) is not None


@pytest.mark.parametrize(
    ("source", "more", "expected"),
    [
        ("redistribute static", "", ("ospfExternalType2", 1)),
        ("default-metric 30\nredistribute static", "", ("ospfExternalType2", 30)),
        (
            "redistribute static route-map M",
            "route-map M permit 10\n   set metric 44\n   set metric-type type-1\n",
            ("ospfExternalType1", 64),
        ),
        ("redistribute static route-map M", "route-map M deny 10\n", None),
    ],
)
def test_metric_of_outside_routes(source: str, more: str, expected: tuple[str, int] | None) -> None:
    assert seen(route(areas(source=source, more=more), "r3", OUTSIDE)) == expected


@pytest.mark.parametrize(
    ("line", "static", "expected"),
    [
        ("default-information originate", "", None),
        ("default-information originate", "ip route 0.0.0.0/0 Null0\n", ("ospfExternalType2", 1)),
        ("default-information originate always", "", ("ospfExternalType2", 1)),
        (
            "default-information originate always metric 50 metric-type 1",
            "",
            ("ospfExternalType1", 70),
        ),
        (
            "default-information originate always route-map M",
            "route-map M permit 10\n   set metric 30\n   set metric-type type-1\n",
            ("ospfExternalType1", 50),
        ),
        ("default-information originate always route-map M", "route-map M deny 10\n", None),
    ],
)
def test_default_information(line: str, static: str, expected: tuple[str, int] | None) -> None:
    assert seen(route(areas(source=line, more=static), "r3", "0.0.0.0/0")) == expected


def test_distances_of_ospf() -> None:
    lines = "".join(
        f"distance ospf {kind} {number}\n"
        for kind, number in (("intra-area", 91), ("inter-area", 92), ("external", 93))
    )
    fabric = areas(inner=lines, border=lines)
    found = [route(fabric, "r3", LINK), route(fabric, "r3", OUTSIDE)]
    assert [r.preference for r in found if r is not None] == [92, 93]


def test_a_router_that_wants_no_transit_is_reached_last() -> None:
    """RFC 6987: what is behind r2 costs 65535 more, what r2 is attached to does not."""
    one = "route-map ONE permit 10\n   set metric-type type-1\n"
    inner = "redistribute static route-map ONE"
    fabric = areas("max-metric router-lsa", inner, far=FAR + one)
    assert seen(route(fabric, "r1", "203.0.113.0/24")) == ("ospfExternalType1", 65535 + 10 + 1)
    assert seen(route(fabric, "r1", "10.0.35.0/31")) == ("ospfInterArea", 20)


def test_reference_bandwidth_makes_the_cost() -> None:
    scaled = route(areas(inner="auto-cost reference-bandwidth 100000"), "r3", LINK)
    assert seen(scaled) == ("ospfInterArea", 110)  # 100 Gbit/s over a port of 1 Gbit/s


def test_a_summary_address_stands_for_the_outside_routes_in_it() -> None:
    lines = "redistribute static\nsummary-address 198.51.0.0/16\n"
    fabric = areas(source=lines, more="ip route 203.0.113.0/24 Null0\n")
    assert route(fabric, "r3", OUTSIDE) is None
    assert seen(route(fabric, "r3", "198.51.0.0/16")) == ("ospfExternalType2", 1)
    assert seen(route(fabric, "r3", "203.0.113.0/24")) == ("ospfExternalType2", 1)
    fabric = areas(source=f"{lines}summary-address 198.51.100.0/22 not-advertise")
    assert route(fabric, "r3", OUTSIDE) is None
    assert route(fabric, "r3", "198.51.0.0/16") is None


def test_a_range_leads_to_null0_and_keeps_summaries_of_others_out() -> None:
    """RFC 2328 16.2 (3): what a border router hears of a range of its own does not count."""
    ranges = f"network {loopback(2)}/32 area 1\narea 1 range 10.255.0.0/24"
    fabric = areas(ranges, source=f"network {loopback(1)}/32 area 0")
    summary = route(fabric, "r2", "10.255.0.0/24")
    assert summary is not None
    assert (summary.type, summary.preference, summary.drop) == ("ospfSummary", 110, True)
    assert seen(route(fabric, "r2", f"{loopback(1)}/32")) == ("OSPF", 20)
    assert seen(route(fabric, "r1", "10.255.0.0/24")) == ("ospfInterArea", 20)


@pytest.mark.parametrize(
    ("line", "passes"),
    [("distribute-list prefix-list OUT in", False), ("distribute-list route-map OUT in", True)],
)
def test_a_distribute_list_keeps_routes_out_of_the_table(line: str, passes: bool) -> None:
    lists = (
        f"ip prefix-list OUT seq 10 deny {OUTSIDE}\n"
        "ip prefix-list OUT seq 20 permit 0.0.0.0/0 le 32\nroute-map OUT permit 10\n"
    )
    fabric = areas(inner=line, far=lists)
    assert (route(fabric, "r3", OUTSIDE) is not None) is passes
    assert route(fabric, "r3", LINK) is not None


def test_a_type_1_beats_a_type_2_whatever_it_costs() -> None:
    dear = "route-map DEAR permit 10\n   set metric 500\n   set metric-type type-1\n"
    border = "redistribute static route-map DEAR"
    fabric = run(
        network(
            ((1, 2), (2, 3)),
            {
                1: f"ip route {OUTSIDE} Null0\nrouter ospf 1\n   redistribute static\n",
                2: "router ospf 1\n",
                3: f"ip route {OUTSIDE} Null0\n{dear}router ospf 1\n   {border}\n",
            },
            every_link=f"{P2P}0",
        )
    )
    assert seen(route(fabric, "r2", OUTSIDE)) == ("ospfExternalType1", 510)


def test_a_border_router_does_not_look_for_outside_routes_through_a_stub() -> None:
    """r2 and r4 are borders of a stub; r3, next to r4, brings a route in: r2 goes by the backbone
    though the stub is as near."""
    stub, spine = f"{P2P}1", f"{P2P}0"
    border = "router ospf 1\n   area 1 stub no-summary\n"
    fabric = run(
        network(
            ((2, 1), (1, 3), (3, 4), (2, 4)),
            {
                1: "router ospf 1\n",
                2: border,
                3: f"ip route {OUTSIDE} Null0\nrouter ospf 1\n   redistribute static\n",
                4: border,
            },
            every_link=spine,
            on_link={(2, 4): stub, (4, 2): stub},
        )
    )
    found = route(fabric, "r2", OUTSIDE)
    assert found is not None
    assert [via.interface for via in found.vias] == ["Ethernet1"]


def test_translated_routes_lead_to_the_address_in_them() -> None:
    """r4 tells N1 with its loopback; both borders lead there, though one of them translates."""
    square = ((1, 2), (1, 3), (2, 4), (3, 4))
    nssa = "   area 0.0.0.1 nssa\n"
    loop = "interface Loopback9\n   ip address 10.99.0.4/32\n   ip ospf area 1\n"
    outside = (
        "   redistribute static route-map E1\nroute-map E1 permit 10\n   set metric-type type-1\n"
    )

    def ospf(number: int, lines: str = "") -> str:
        return f"router ospf 1\n   router-id {loopback(number)}\n{lines}"

    texts = {
        1: ospf(1),
        2: ospf(2, nssa),
        3: ospf(3, nssa),
        4: f"{FAR}{loop}{ospf(4, nssa + outside)}",
    }
    inner = dict.fromkeys(((1, 2), (2, 1), (1, 3), (3, 1)), f"{P2P}0")
    fabric = run(network(square, texts, every_link=f"{P2P}1", on_link=inner))
    found = route(fabric, "r1", "203.0.113.0/24")
    assert found is not None
    assert seen(found) == ("ospfExternalType1", 31)  # two links, the loopback, and 1
    assert len(found.vias) == 2
    assert seen(route(fabric, "r2", "203.0.113.0/24")) == ("ospfNssaExternalType1", 21)


@pytest.mark.parametrize(("line", "port"), [("", "Ethernet2"), ("compatible rfc1583", "Ethernet1")])
def test_other_areas_than_the_backbone_lead_to_outside_first(line: str, port: str) -> None:
    """RFC 2328 16.4.1: two links through area 1 stand before one through the backbone."""
    outside = f"{FAR}router ospf 1\n   router-id {loopback(2)}\n   redistribute static\n"
    texts = {
        1: f"router ospf 1\n   router-id {loopback(1)}\n   {line}\n",
        2: outside,
        3: f"router ospf 1\n   router-id {loopback(3)}\n",
    }
    backbone = dict.fromkeys(((1, 2), (2, 1)), f"{P2P}0")
    fabric = run(network(((1, 2), (1, 3), (2, 3)), texts, every_link=f"{P2P}1", on_link=backbone))
    found = route(fabric, "r1", "203.0.113.0/24")
    assert found is not None
    assert [via.interface for via in found.vias] == [port]
