"""Between protocols: what becomes a BGP route and how, and what an IGP takes of BGP."""

import pytest

from avdlab.net.addresses import format_ipv4, parse_ipv4
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.bgp import Origin
from tests.scenarios import address, bgp, inside, network, peer
from tests.twin.protocols.bgp.eos import paths, route, run, told, via

STATIC = "192.0.2.0/24"
OSPF = "router ospf 1\n   network 10.0.0.0/8 area 0\n"


def originated(lines: str, more: str = f"ip route {STATIC} Null0\n") -> Fabric:
    return run(
        network(
            ((1, 2),),
            {
                1: more + bgp(1, 65001, peer(1, 2, 65002) + lines),
                2: bgp(2, 65002, peer(2, 1, 65001)),
            },
        )
    )


@pytest.mark.parametrize(
    ("lines", "prefix", "origin"),
    [
        ("redistribute static", STATIC, Origin.INCOMPLETE),
        ("redistribute connected", "10.255.0.1/32", Origin.IGP),
        (f"network {STATIC}", STATIC, Origin.INCOMPLETE),
        ("network 10.255.0.1/32", "10.255.0.1/32", Origin.IGP),
    ],
)
def test_origin_of_what_is_brought_in(lines: str, prefix: str, origin: Origin) -> None:
    found = told(originated(lines), "r2", prefix)
    assert found is not None
    assert found.origin is origin


def test_a_network_that_is_not_routed_is_not_told() -> None:
    assert told(originated("network 198.51.100.0/24"), "r2", "198.51.100.0/24") is None


def test_a_network_beats_redistribution_of_the_same_prefix() -> None:
    egp = f"ip route {STATIC} Null0\nroute-map EGP permit 10\n   set origin egp\n"
    lines = f"redistribute static\nnetwork {STATIC} route-map EGP"
    found = told(originated(lines, egp), "r2", STATIC)
    assert found is not None
    assert found.origin is Origin.EGP


def test_the_default_route_is_redistributed_too() -> None:
    fabric = originated("redistribute static", "ip route 0.0.0.0/0 Null0\n")
    assert told(fabric, "r2", "0.0.0.0/0") is not None


def test_route_map_of_redistribution_sets_and_filters() -> None:
    more = (
        f"ip route {STATIC} Null0\nip route 198.51.100.0/24 Null0\n"
        f"ip prefix-list ONE seq 10 permit {STATIC}\n"
        "route-map OUT permit 10\n   match ip address prefix-list ONE\n   set metric 7\n"
        "   set origin egp\n   set local-preference 300\n"
    )
    fabric = originated("redistribute static route-map OUT", more)
    found = told(fabric, "r2", STATIC)
    assert found is not None
    assert (found.med, found.origin, found.local_preference) == (7, Origin.EGP, 100)
    assert told(fabric, "r2", "198.51.100.0/24") is None


def test_what_an_igp_found_keeps_its_next_hop_and_tells_no_metric() -> None:
    """Texts of cEOS at bgplabs.net: origin IGP, the next hop of the route, no metric."""
    fabric = run(
        network(
            ((1, 2), (2, 3)),
            {
                1: OSPF,
                2: OSPF + bgp(2, 65002, peer(2, 3, 65003) + "redistribute ospf"),
                3: bgp(3, 65003, peer(3, 2, 65002)),
            },
        )
    )
    (own,) = paths(fabric, "r2", "10.255.0.1/32")
    assert (own.own_hop, own.attributes.origin) == (parse_ipv4(address(1, 2)), Origin.IGP)
    found = told(fabric, "r3", "10.255.0.1/32")
    assert found is not None
    assert (found.med, found.next_hop) == (None, parse_ipv4(address(2, 3)))


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ("redistribute ospf", {"internal", "external"}),
        ("redistribute ospf match internal", {"internal"}),
        ("redistribute ospf match external", {"external"}),
        ("redistribute ospf match external 1", set()),
        (
            "redistribute ospf match internal\nredistribute ospf match external",
            {"internal", "external"},
        ),
    ],
)
def test_kinds_of_ospf_routes(lines: str, kinds: set[str]) -> None:
    fabric = run(
        network(
            ((1, 2), (2, 3)),
            {
                1: f"ip route {STATIC} Null0\n{OSPF}   redistribute static\n",
                2: OSPF + bgp(2, 65002, peer(2, 3, 65003) + lines),
                3: bgp(3, 65003, peer(3, 2, 65002)),
            },
        )
    )
    heard = {"internal": "10.255.0.1/32", "external": STATIC}
    assert {kind for kind, net in heard.items() if told(fabric, "r3", net) is not None} == kinds


@pytest.mark.parametrize(
    ("knob", "internal"), [("", True), ("no bgp redistribute-internal\n", False)]
)
def test_an_igp_takes_internal_bgp_routes_unless_told_not_to(knob: str, internal: bool) -> None:
    """r2 hears of r1 by iBGP and of r3 by eBGP, and tells r4 of both by OSPF."""
    fabric = run(
        network(
            ((1, 2), (2, 3), (2, 4)),
            {
                1: bgp(1, 65000, peer(1, 2, 65000) + "network 10.255.0.1/32"),
                2: OSPF
                + "   redistribute bgp\n"
                + bgp(2, 65000, knob + peer(2, 1, 65000) + peer(2, 3, 65003)),
                3: bgp(3, 65003, peer(3, 2, 65000) + "network 10.255.0.3/32"),
                4: OSPF,
            },
        )
    )
    assert (route(fabric, "r4", "10.255.0.1/32") is not None) == internal
    found = route(fabric, "r4", "10.255.0.3/32")
    assert found is not None
    assert (found.type, found.metric) == ("ospfExternalType2", 1)


# ---------------------------------------------------------------------------------- reflection
def reflected(of_2: str = "", client_2: str = "next-hop-self", knob: str = "") -> Fabric:
    """r4 (outside) - r2 - r1 (reflector) - r3."""
    client = "route-reflector-client"
    return run(
        network(
            ((1, 2), (1, 3), (2, 4)),
            {
                1: OSPF + bgp(1, 65000, knob + inside(2, client) + inside(3, client)),
                2: OSPF + of_2 + bgp(2, 65000, inside(1, client_2) + peer(2, 4, 65004)),
                3: OSPF + bgp(3, 65000, inside(1)),
                4: bgp(4, 65004, peer(4, 2, 65000) + "network 10.255.0.4/32"),
            },
        )
    )


def test_a_reflected_route_keeps_its_next_hop_and_names_its_originator() -> None:
    fabric = reflected()
    (path,) = paths(fabric, "r3", "10.255.0.4/32")
    assert via(fabric, "r3", "10.255.0.4/32") == "10.255.0.2"
    assert path.attributes.originator_id == 0x0AFF0002
    assert path.attributes.cluster_list == (0x0AFF0001,)


def test_clients_are_not_reflected_to_each_other_where_that_is_off() -> None:
    fabric = reflected(knob="no bgp client-to-client reflection\n")
    assert told(fabric, "r1", "10.255.0.4/32") is not None
    assert told(fabric, "r3", "10.255.0.4/32") is None


def test_without_next_hop_self_the_outside_subnet_must_be_known() -> None:
    fabric = reflected(client_2="description x")
    (path,) = paths(fabric, "r1", "10.255.0.4/32")
    assert (path.valid, path.best) == (True, True)  # the IGP tells of the subnet to r4
    hidden = reflected("interface Ethernet2\n   ip ospf disabled\n", client_2="description x")
    (path,) = paths(hidden, "r1", "10.255.0.4/32")
    assert (path.valid, path.best) == (False, False)
    assert told(hidden, "r3", "10.255.0.4/32") is None


def test_a_peer_that_is_no_client_hears_nothing_internal() -> None:
    fabric = run(
        network(
            ((1, 2), (1, 3), (2, 4)),
            {
                1: OSPF + bgp(1, 65000, inside(2) + inside(3)),
                2: OSPF + bgp(2, 65000, inside(1, "next-hop-self") + peer(2, 4, 65004)),
                3: OSPF + bgp(3, 65000, inside(1)),
                4: bgp(4, 65004, peer(4, 2, 65000) + "network 10.255.0.4/32"),
            },
        )
    )
    assert told(fabric, "r3", "10.255.0.4/32") is None


# ---------------------------------------------------------------------------------- default
@pytest.mark.parametrize(
    ("model", "static", "line", "told_it"),
    [
        ("multi-agent", "", "default-originate", False),
        ("multi-agent", "ip route 0.0.0.0/0 Null0\n", "default-originate", True),
        ("multi-agent", "", "default-originate always", True),
        ("ribd", "", "default-originate", True),
    ],
)
def test_default_originate(model: str, static: str, line: str, told_it: bool) -> None:
    more = f"service routing protocols model {model}\n{static}"
    fabric = run(
        network(
            ((1, 2),),
            {
                1: more + bgp(1, 65001, peer(1, 2, 65002, line)),
                2: bgp(2, 65002, peer(2, 1, 65001)),
            },
        )
    )
    assert (told(fabric, "r2", "0.0.0.0/0") is not None) == told_it


def test_route_map_of_default_originate() -> None:
    fabric = originated("", "")
    assert told(fabric, "r2", "0.0.0.0/0") is None
    more = "route-map DEF permit 10\n   set metric 9\n   set as-path prepend 65001\n"
    fabric = run(
        network(
            ((1, 2),),
            {
                1: more
                + bgp(1, 65001, peer(1, 2, 65002, "default-originate route-map DEF always")),
                2: bgp(2, 65002, peer(2, 1, 65001)),
            },
        )
    )
    found = told(fabric, "r2", "0.0.0.0/0")
    assert found is not None
    assert (found.med, found.as_path) == (9, (65001, 65001))


def test_default_metric_is_the_med_of_what_is_redistributed() -> None:
    found = told(originated("redistribute static\ndefault-metric 50"), "r2", STATIC)
    assert found is not None
    assert found.med == 50


def test_a_network_may_be_written_with_its_mask() -> None:
    assert told(originated("network 192.0.2.0 mask 255.255.255.0"), "r2", STATIC) is not None


@pytest.mark.parametrize(
    "line", ["bgp next-hop-unchanged", "address-family ipv4\n   bgp next-hop-unchanged"]
)
def test_next_hops_stay_where_the_process_or_the_family_says_so(line: str) -> None:
    def hop(line: str) -> str | None:
        fabric = run(
            network(
                ((1, 2), (2, 3)),
                {
                    1: f"ip route {STATIC} Null0\n"
                    + bgp(1, 65001, peer(1, 2, 65002) + "redistribute static"),
                    2: bgp(2, 65002, peer(2, 1, 65001) + peer(2, 3, 65003) + line),
                    3: bgp(3, 65003, peer(3, 2, 65002)),
                },
            )
        )
        found = paths(fabric, "r3", STATIC)
        return format_ipv4(found[0].attributes.next_hop) if found else None

    assert hop("") == address(2, 3)
    assert hop(line) == address(1, 2)


def test_a_tag_travels_with_a_route_from_outside() -> None:
    """RFC 2328 A.4.5: r1 tags what it brings into OSPF, r2 keeps tagged routes out of BGP."""
    tagged = (
        f"ip route {STATIC} Null0 tag 77\nip route 198.51.100.0/24 Null0\n"
        f"{OSPF}   redistribute static\n"
    )
    policy = "route-map UNTAGGED deny 10\n   match tag 77\nroute-map UNTAGGED permit 20\n"
    fabric = run(
        network(
            ((1, 2),),
            {
                1: tagged,
                2: policy + OSPF + bgp(2, 65002, "redistribute ospf route-map UNTAGGED\n"),
            },
        )
    )
    found = route(fabric, "r2", STATIC)
    assert found is not None
    assert found.tag == 77
    assert not paths(fabric, "r2", STATIC)
    assert paths(fabric, "r2", "198.51.100.0/24")


@pytest.mark.parametrize(
    ("clause", "brought"), [("community GOOD", True), ("as-path FAR", False), ("tag 5", False)]
)
def test_policy_of_an_igp_sees_the_attributes_of_bgp_routes(clause: str, brought: bool) -> None:
    policy = (
        "ip community-list GOOD permit 65001:1\nip as-path access-list FAR permit _65009_ any\n"
        f"route-map IN permit 10\n   match {clause}\n"
    )
    fabric = run(
        network(
            ((1, 2), (2, 3)),
            {
                1: f"ip route {STATIC} Null0\nroute-map OUT permit 10\n   set community 65001:1\n"
                + bgp(
                    1,
                    65001,
                    peer(1, 2, 65002, "send-community", "route-map OUT out")
                    + "redistribute static\n",
                ),
                2: policy
                + "router ospf 1\n   redistribute bgp route-map IN\n"
                + bgp(2, 65002, peer(2, 1, 65001)),
                3: "router ospf 1\n",
            },
            on_link={(2, 3): "ip ospf area 0", (3, 2): "ip ospf area 0"},
        )
    )
    assert (route(fabric, "r3", STATIC) is not None) is brought


@pytest.mark.parametrize(
    ("clause", "kinds"),
    [
        ("metric-type type-1", {STATIC}),
        ("metric-type type-2", {"198.51.100.0/24"}),
        ("route-type external", {STATIC, "198.51.100.0/24"}),
        ("route-type internal", {"10.255.0.1/32"}),
    ],
)
def test_policy_tells_kinds_of_ospf_routes_apart(clause: str, kinds: set[str]) -> None:
    far = (
        f"ip route {STATIC} Null0 tag 1\nip route 198.51.100.0/24 Null0\n"
        "route-map KIND permit 10\n   match tag 1\n   set metric-type type-1\n"
        f"route-map KIND permit 20\n{OSPF}   redistribute static route-map KIND\n"
    )
    policy = f"route-map IN permit 10\n   match {clause}\n"
    near = policy + OSPF + bgp(2, 65002, "redistribute ospf route-map IN\n")
    fabric = run(network(((1, 2),), {1: far, 2: near}))
    asked = (STATIC, "198.51.100.0/24", "10.255.0.1/32")
    assert {prefix for prefix in asked if paths(fabric, "r2", prefix)} == kinds
