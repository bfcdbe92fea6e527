"""Which path is best, and which share the load: weight, preference, MED, knobs, distances, ECMP."""

import pytest

from avdlab.twin.config.settings import Afi
from avdlab.twin.fabric.fabric import Fabric
from tests.scenarios import address, bgp, inside, loopback, network, peer
from tests.twin.protocols.bgp.eos import paths, route, run, told, via

FOUR = "10.255.0.4/32"
DIAMOND = ((1, 2), (1, 3), (2, 4), (3, 4))
BY_2, BY_3 = address(2, 1), address(3, 1)


def diamond(
    one: str = "",
    two: str = "",
    three: str = "",
    *,
    to_2: tuple[str, ...] = (),
    to_3: tuple[str, ...] = (),
    from_3: tuple[str, ...] = (),
    as_of_3: int = 200,
) -> Fabric:
    """r1 (AS 65001) hears of r4 (AS 65004) by r2 and r3 (AS 200): the ids prefer r2."""
    return run(
        network(
            DIAMOND,
            {
                1: one + bgp(1, 65001, peer(1, 2, 200, *to_2) + peer(1, 3, as_of_3, *to_3)),
                2: two + bgp(2, 200, peer(2, 1, 65001, "route-map OUT out") + peer(2, 4, 65004)),
                3: three
                + bgp(
                    3, as_of_3, peer(3, 1, 65001, "route-map OUT out", *from_3) + peer(3, 4, 65004)
                ),
                4: bgp(4, 65004, peer(4, 2, 200) + peer(4, 3, as_of_3) + f"network {FOUR}"),
            },
        )
    )


def med(number: int) -> str:
    return f"route-map OUT permit 10\n   set metric {number}\n"


def test_lowest_router_id_decides_between_equal_paths() -> None:
    assert via(diamond(), "r1", FOUR) == BY_2


def test_weight_beats_all_and_stays_here() -> None:
    fabric = diamond(to_3=("weight 5",), two=med(1), three=med(99))
    assert via(fabric, "r1", FOUR) == BY_3
    assert [p.weight for p in paths(fabric, "r1", FOUR)] == [5, 0]


def test_weight_of_the_address_family_counts() -> None:
    fabric = diamond(to_3=("description x",))
    assert via(fabric, "r1", FOUR) == BY_2
    text = diamond_with_family("weight 7")
    assert via(text, "r1", FOUR) == BY_3


def diamond_with_family(line: str) -> Fabric:
    family = f"address-family ipv4\n   neighbor {BY_3} {line}\n"
    return run(
        network(
            DIAMOND,
            {
                1: bgp(1, 65001, peer(1, 2, 200) + peer(1, 3, 200)) + f"   {family}",
                2: bgp(2, 200, peer(2, 1, 65001) + peer(2, 4, 65004)),
                3: bgp(3, 200, peer(3, 1, 65001) + peer(3, 4, 65004)),
                4: bgp(4, 65004, peer(4, 2, 200) + peer(4, 3, 200) + f"network {FOUR}"),
            },
        )
    )


def test_local_preference_of_a_neighbor() -> None:
    fabric = diamond(to_3=("import-localpref 150",))
    found = told(fabric, "r1", FOUR)
    assert found is not None
    assert (via(fabric, "r1", FOUR), found.local_preference) == (BY_3, 150)


def test_lower_med_wins_within_one_neighbor_as() -> None:
    assert via(diamond(two=med(50), three=med(10)), "r1", FOUR) == BY_3


def test_med_of_two_neighbor_as_is_compared_only_when_asked() -> None:
    two, three = med(50), med(10)
    assert via(diamond(two=two, three=three, as_of_3=300), "r1", FOUR) == BY_2
    fabric = run(
        network(
            DIAMOND,
            {
                1: bgp(1, 65001, "bgp always-compare-med\n" + peer(1, 2, 200) + peer(1, 3, 300)),
                2: two + bgp(2, 200, peer(2, 1, 65001, "route-map OUT out") + peer(2, 4, 65004)),
                3: three + bgp(3, 300, peer(3, 1, 65001, "route-map OUT out") + peer(3, 4, 65004)),
                4: bgp(4, 65004, peer(4, 2, 200) + peer(4, 3, 300) + f"network {FOUR}"),
            },
        )
    )
    assert via(fabric, "r1", FOUR) == BY_3


@pytest.mark.parametrize(
    ("knob", "hop"), [("", BY_3), ("bgp bestpath med missing-as-worst\n", BY_2)]
)
def test_a_missing_med_is_the_best_or_the_worst(knob: str, hop: str) -> None:
    fabric = run(
        network(
            DIAMOND,
            {
                1: bgp(1, 65001, knob + peer(1, 2, 200) + peer(1, 3, 200)),
                2: med(50)
                + bgp(2, 200, peer(2, 1, 65001, "route-map OUT out") + peer(2, 4, 65004)),
                3: bgp(3, 200, peer(3, 1, 65001) + peer(3, 4, 65004)),
                4: bgp(4, 65004, peer(4, 2, 200) + peer(4, 3, 200) + f"network {FOUR}"),
            },
        )
    )
    assert via(fabric, "r1", FOUR) == hop


def test_metric_out_is_a_med() -> None:
    fabric = diamond(from_3=("metric-out 7",), two=med(50))
    found = told(fabric, "r1", FOUR)
    assert found is not None
    assert (via(fabric, "r1", FOUR), found.med) == (BY_3, 7)


LONGER = "route-map OUT permit 10\n   set as-path prepend 200\n"


@pytest.mark.parametrize(("knob", "hop"), [("", BY_3), ("bgp bestpath as-path ignore\n", BY_2)])
def test_shorter_path_wins_unless_lengths_are_ignored(knob: str, hop: str) -> None:
    fabric = run(
        network(
            DIAMOND,
            {
                1: bgp(1, 65001, knob + peer(1, 2, 200) + peer(1, 3, 200)),
                2: LONGER + bgp(2, 200, peer(2, 1, 65001, "route-map OUT out") + peer(2, 4, 65004)),
                3: bgp(3, 200, peer(3, 1, 65001) + peer(3, 4, 65004)),
                4: bgp(4, 65004, peer(4, 2, 200) + peer(4, 3, 200) + f"network {FOUR}"),
            },
        )
    )
    assert via(fabric, "r1", FOUR) == hop


@pytest.mark.parametrize(
    ("lines", "as_of_3", "count"),
    [
        ("", 200, 1),
        ("maximum-paths 2\n", 200, 2),
        ("maximum-paths 4 ecmp 4\n", 200, 2),
        ("maximum-paths 2\n", 300, 2),  # EOS: the paths need not be alike
        ("maximum-paths 2\nno bgp bestpath as-path multipath-relax\n", 300, 1),
        ("maximum-paths 2\nno bgp bestpath as-path multipath-relax\n", 200, 2),
    ],
)
def test_equal_paths_share_the_load(lines: str, as_of_3: int, count: int) -> None:
    fabric = run(
        network(
            DIAMOND,
            {
                1: bgp(1, 65001, lines + peer(1, 2, 200) + peer(1, 3, as_of_3)),
                2: bgp(2, 200, peer(2, 1, 65001) + peer(2, 4, 65004)),
                3: bgp(3, as_of_3, peer(3, 1, 65001) + peer(3, 4, 65004)),
                4: bgp(4, 65004, peer(4, 2, 200) + peer(4, 3, as_of_3) + f"network {FOUR}"),
            },
        )
    )
    found = route(fabric, "r1", FOUR)
    assert found is not None
    assert len(found.vias) == count


@pytest.mark.parametrize(
    ("line", "expected"),
    [("", (200, 200)), ("distance bgp 20\n", (20, 20)), ("distance bgp 20 150 150\n", (20, 150))],
)
def test_distances_of_external_and_internal_routes(line: str, expected: tuple[int, int]) -> None:
    """EOS: 200 for all of them unless told otherwise."""
    ospf = "router ospf 1\n   network 10.0.0.0/8 area 0\n"
    fabric = run(
        network(
            ((1, 2), (2, 3)),
            {
                1: bgp(1, 65001, peer(1, 2, 65000) + "network 10.255.0.1/32"),
                2: ospf + bgp(2, 65000, line + peer(2, 1, 65001) + inside(3, "next-hop-self")),
                3: ospf + bgp(3, 65000, line + inside(2)),
            },
        )
    )
    found = [route(fabric, node, "10.255.0.1/32") for node in ("r2", "r3")]
    assert [r.preference for r in found if r is not None] == list(expected)


def test_a_static_route_keeps_bgp_out_and_unannounced() -> None:
    """EOS advertises what it routes by: `bgp advertise-inactive` says otherwise."""
    static = f"ip route {FOUR} Null0\n"

    def middle(knob: str) -> Fabric:
        return run(
            network(
                ((1, 2), (2, 4)),
                {
                    1: bgp(1, 65001, peer(1, 2, 200)),
                    2: static + bgp(2, 200, knob + peer(2, 1, 65001) + peer(2, 4, 65004)),
                    4: bgp(4, 65004, peer(4, 2, 200) + f"network {FOUR}"),
                },
            )
        )

    found = route(middle(""), "r2", FOUR)
    assert found is not None
    assert found.type == "static"
    assert told(middle(""), "r1", FOUR) is None
    assert told(middle("bgp advertise-inactive\n"), "r1", FOUR) is not None


def test_igp_metric_to_the_next_hop_decides_between_internal_paths() -> None:
    """r1 hears of r4 from its reflectors r2 and r3, which stand at different distances."""

    def fabric(knob: str) -> Fabric:
        ospf = "router ospf 1\n   network 10.0.0.0/8 area 0\n"
        edge = "next-hop-self"
        return run(
            network(
                ((1, 2), (1, 3), (2, 4), (3, 4)),
                {
                    1: ospf + bgp(1, 65000, knob + inside(2) + inside(3)),
                    2: ospf + bgp(2, 65000, inside(1, edge) + peer(2, 4, 65004)),
                    3: ospf + bgp(3, 65000, inside(1, edge) + peer(3, 4, 65004)),
                    4: bgp(4, 65004, peer(4, 2, 65000) + peer(4, 3, 65000) + "network 192.0.2.0/24")
                    + "ip route 192.0.2.0/24 Null0\n",
                },
                on_link={(1, 2): "ip ospf cost 100"},
            )
        )

    assert via(fabric(""), "r1", "192.0.2.0/24") == loopback(3)
    assert via(fabric("bgp bestpath skip next-hop igp-cost\n"), "r1", "192.0.2.0/24") == loopback(2)


@pytest.mark.parametrize("call", ["", "   sub-route-map SHORT\nroute-map SHORT permit 10\n"])
def test_a_shortened_path_wins_whichever_route_map_shortens_it(call: str) -> None:
    shorter = f"route-map IN permit 10\n{call}   set as-path match all replacement none\n"
    assert via(diamond(shorter, to_3=("route-map IN in",)), "r1", FOUR) == BY_3


def test_a_route_map_sets_the_distance_of_what_it_lets_in() -> None:
    fabric = diamond("route-map NEAR permit 10\n   set distance 42\n", to_2=("route-map NEAR in",))
    found = route(fabric, "r1", FOUR)
    assert found is not None
    assert found.preference == 42


@pytest.mark.parametrize(
    ("regex", "matches"), [("_65004$ any", True), ("_65004$ igp", True), ("_65004$ egp", False)]
)
def test_an_as_path_entry_may_be_about_one_origin(regex: str, matches: bool) -> None:
    lists = (
        f"ip as-path access-list FOUR permit {regex}\n"
        "route-map IN permit 10\n   match as-path FOUR\n   set weight 5\nroute-map IN permit 20\n"
    )
    fabric = diamond(lists, to_3=("route-map IN in",))
    assert via(fabric, "r1", FOUR) == (BY_3 if matches else BY_2)


def test_peer_address_is_the_senders_on_the_way_out() -> None:
    line = "route-map OUT permit 10\n   set ip next-hop peer-address\n"
    assert via(diamond(two=line), "r1", FOUR) == BY_2


@pytest.mark.parametrize(
    ("lines", "expected"), [("", [(1, 0), (0, 0)]), ("maximum-paths 2", [(1, 1), (1, 0)])]
)
def test_sessions_count_the_paths_that_carry_traffic(
    lines: str, expected: list[tuple[int, int]]
) -> None:
    """EOS: best paths are all that share, best ECMP paths those that lead."""
    fabric = run(
        network(
            ((1, 2), (1, 3), (2, 4), (3, 4)),
            {
                1: bgp(1, 65001, peer(1, 2, 200) + peer(1, 3, 200) + lines),
                2: bgp(2, 200, peer(2, 1, 65001) + peer(2, 4, 65004)),
                3: bgp(3, 200, peer(3, 1, 65001) + peer(3, 4, 65004)),
                4: bgp(4, 65004, peer(4, 2, 200) + peer(4, 3, 200) + f"network {FOUR}"),
            },
        )
    )
    found = fabric.state.devices["r1"].bgp
    assert found is not None
    counted = [
        (s.best_paths.get(Afi.IPV4, 0), s.leading_paths.get(Afi.IPV4, 0)) for s in found.sessions
    ]
    assert counted == expected


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("", 1),
        ("additional-paths send any", 3),
        ("additional-paths send limit 2", 2),
        ("additional-paths send backup", 2),
        ("additional-paths send best", 1),
    ],
)
def test_additional_paths_are_sent_and_counted(line: str, heard: int) -> None:
    """r5 learns of r1's prefix in three ways, and tells r6 of as many as it is asked for."""
    more = (line,) if line else ()
    static = "ip route 192.0.2.0/24 Null0\n"
    texts = {n: static + bgp(n, n, peer(n, 5, 500) + "redistribute static\n") for n in (1, 2, 3)}
    own = "".join(peer(5, n, n) for n in (1, 2, 3)) + "redistribute connected\n"
    texts[5] = bgp(5, 500, own + peer(5, 6, 500, *more))
    texts[6] = bgp(6, 500, peer(6, 5, 500))
    fabric = run(network(((1, 5), (2, 5), (3, 5), (5, 6)), texts))
    found = paths(fabric, "r6", "192.0.2.0/24")
    assert len(found) == heard
    assert [path.best for path in found] == [True] + [False] * (heard - 1)
    (session,) = fabric.state.devices["r6"].bgp.sessions  # type: ignore[union-attr]
    others = len(fabric.state.devices["r6"].bgp.tables["default"]) - 1  # type: ignore[union-attr]
    assert session.prefixes_received[Afi.IPV4] == heard + others


def test_a_next_hop_may_lead_to_nowhere() -> None:
    """EOS: remotely triggered black holes, a next hop behind a static route to Null0."""
    hole = "route-map HOLE permit 10\n   set ip next-hop 192.0.2.1\nip route 192.0.2.1/32 Null0\n"
    near = bgp(2, 200, peer(2, 1, 100, "route-map HOLE in"))
    texts = {1: bgp(1, 100, peer(1, 2, 200) + "redistribute connected\n"), 2: hole + near}
    fabric = run(network(((1, 2),), texts))
    found = route(fabric, "r2", loopback(1) + "/32")
    assert found is not None
    assert (found.type, found.drop) == ("eBGP", True)
    assert paths(fabric, "r2", loopback(1) + "/32")[0].best
