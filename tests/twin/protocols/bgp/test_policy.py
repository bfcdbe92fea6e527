"""Route-maps as EOS applies them, and attributes as they travel."""

from collections.abc import Callable

import pytest

from avdlab.net.addresses import parse_ipv4, parse_prefix
from avdlab.twin.config.read.policy import read_policy
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.protocols.bgp.policy import apply_route_map
from avdlab.twin.protocols.bgp.policy_match import PolicyRoute
from avdlab.twin.tables.bgp import Attributes, Origin, path_text
from tests.scenarios import bgp, inside, network, peer
from tests.twin.protocols.bgp.eos import paths, route, run

Solve = Callable[..., object]
LARGE = frozenset({"65001:1:1"})
ROUTE = PolicyRoute(
    parse_prefix("10.1.0.0/24"),
    Attributes(
        1, as_path=(65001, 65002), communities=frozenset({"65001:1"}), large_communities=LARGE
    ),
    own_as=65009,
    peer_group="UP",
    peer_id=parse_ipv4("192.0.2.9"),
)


def apply(text: str, route: PolicyRoute = ROUTE) -> PolicyRoute | None:
    return apply_route_map(read_policy(parse_indented(text)), "M", route)


def applied(text: str) -> Attributes:
    found = apply(text)
    assert found is not None
    return found.attributes


def test_undefined_route_map_permits_all() -> None:
    assert apply("hostname r1") == ROUTE


def test_what_no_sequence_matches_is_denied() -> None:
    assert apply("route-map M permit 10\n   match local-preference 7") is None


@pytest.mark.parametrize(
    ("clause", "matches"),
    [
        ("ip address prefix-list P", True),
        ("ip address prefix-list Q", False),
        ("ip address prefix-list UNDEFINED", False),
        ("ip address access-list A", True),
        ("as-path S", True),
        ("as-path length >= 2", True),
        ("community C", True),
        ("invert-result community C", False),
        ("local-preference 100", True),
        ("large-community L", True),
        ("peer-group UP", True),
        ("peer-group DOWN", False),
        ("router-id prefix-list H", True),
        ("unheard of", False),
    ],
)
def test_match(clause: str, matches: bool) -> None:
    lists = (
        "ip prefix-list P seq 10 permit 10.0.0.0/8 le 24\n"
        "ip prefix-list Q seq 10 permit 10.0.0.0/8 le 16\n"
        "ip access-list standard A\n   permit 10.1.0.0/16\n"
        "ip as-path access-list S permit _65002$ any\n"
        "ip community-list C permit 65001:1\n"
        "ip large-community-list L permit 65001:1:2\n"
        "ip large-community-list regexp L permit ^65001:\n"
        "ip prefix-list H seq 10 permit 192.0.2.9/32\n"
    )
    assert (apply(f"{lists}route-map M permit 10\n   match {clause}") is not None) is matches


@pytest.mark.parametrize(
    ("clause", "field", "value"),
    [
        ("local-preference 50", "local_preference", 50),
        ("metric +5", "med", 5),
        ("origin incomplete", "origin", Origin.INCOMPLETE),
        ("as-path prepend 1 auto", "as_path", (1, 65009, 65001, 65002)),
        ("as-path prepend last-as 2", "as_path", (65001, 65001, 65001, 65002)),
        ("community 65001:2", "communities", frozenset({"65001:2"})),
        ("community 65001:2 additive", "communities", frozenset({"65001:1", "65001:2"})),
        ("community 65001:1 delete", "communities", frozenset()),
        ("large-community 65001:9:9", "large_communities", frozenset({"65001:9:9"})),
        ("large-community 65001:9:9 additive", "large_communities", LARGE | {"65001:9:9"}),
        ("large-community 65001:1:1 delete", "large_communities", frozenset()),
        ("extcommunity rt 1:1 additive", "ext_communities", frozenset({"Route-Target-AS:1:1"})),
    ],
)
def test_set(clause: str, field: str, value: object) -> None:
    assert getattr(applied(f"route-map M permit 10\n   set {clause}"), field) == value


def test_continue_and_sub_route_map() -> None:
    text = (
        "route-map S permit 10\n   set local-preference 50\n"
        "route-map M permit 10\n   sub-route-map S\n   continue\n"
        "route-map M permit 20\n   set metric 7\n"
    )
    assert (applied(text).local_preference, applied(text).med) == (50, 7)


def test_continue_to_a_sequence_that_is_not_there_stops() -> None:
    text = "route-map M permit 10\n   continue 30\nroute-map M permit 20\n   set metric 7\n"
    assert applied(text).med is None


R = """
interface Loopback0
   ip address 192.0.2.{n}/32
{ports}
router bgp {asn}
   router-id 192.0.2.{n}
   {lines}
   network 192.0.2.{n}/32
"""


def router(n: int, asn: int, ports: str, lines: str) -> str:
    text = "".join(
        f"interface Ethernet{i}\n   no switchport\n   ip address {a}\n"
        for i, a in enumerate(ports.split(), start=1)
    )
    return R.format(n=n, asn=asn, ports=text, lines=lines.replace(";", "\n   "))


def test_reflector_passes_on_what_peers_would_not(fabric: Solve) -> None:
    """RFC 4456: clients hear of each other, with originator id and cluster list."""
    ends = {
        n: router(n, 65000, f"10.0.{n}.1/31", f"neighbor 10.0.{n}.0 remote-as 65000")
        for n in (1, 2)
    }
    client = "neighbor 10.0.{0}.1 remote-as 65000;neighbor 10.0.{0}.1 route-reflector-client"
    lines = f"{client.format(1)};{client.format(2)};redistribute connected"
    solved = fabric(
        {"r1": ends[1], "r2": ends[2], "rr": router(9, 65000, "10.0.1.0/31 10.0.2.0/31", lines)}
    )
    (path,) = solved.outcomes["r1"].bgp.tables["default"][parse_prefix("192.0.2.2/32")]
    assert path.attributes.originator_id == solved.outcomes["r2"].bgp.router_ids["default"]
    assert len(path.attributes.cluster_list) == 1
    assert path.valid


def test_aggregate_hides_its_parts(fabric: Solve) -> None:
    one = router(
        1,
        65001,
        "10.0.0.0/31",
        "neighbor 10.0.0.1 remote-as 65002;aggregate-address 192.0.2.0/24 summary-only",
    )
    two = router(2, 65002, "10.0.0.1/31", "neighbor 10.0.0.0 remote-as 65001")
    solved = fabric({"r1": one, "r2": two})
    heard = {str(route.prefix) for route in solved.outcomes["r2"].routes["default"]}
    assert heard == {"192.0.2.0/24"}
    own = {str(r.prefix): r.type for r in solved.outcomes["r1"].routes["default"]}
    assert own["192.0.2.0/24"] == "bgpAggregate"
    (path,) = solved.outcomes["r1"].bgp.tables["default"][parse_prefix("192.0.2.0/24")]
    assert path.attributes.origin is Origin.IGP  # as that of its parts


def isis(number: int) -> str:
    return (
        f"router isis CORE\n   net 49.0001.0000.0000.{number:04}.00\n"
        "   address-family ipv4 unicast\n"
    )


def test_an_aggregate_with_as_set_keeps_what_its_paths_share() -> None:
    """RFC 4271 9.2.2.2; whoever finds itself in the set drops it, as a loop (9.1.2)."""
    chained = network(
        ((1, 2), (2, 3), (3, 4)),
        {
            1: bgp(
                1,
                65001,
                peer(1, 2, 65002)
                + "aggregate-address 192.0.0.0/8 as-set\naggregate-address 192.0.0.0/7\n",
            ),
            2: "ip route 192.1.0.0/16 Null0\n"
            + bgp(2, 65002, peer(2, 1, 65001) + peer(2, 3, 65003) + "redistribute static\n"),
            3: "ip route 192.2.0.0/16 Null0\n"
            + bgp(3, 65003, peer(3, 2, 65002) + peer(3, 4, 65004) + "redistribute static\n"),
            4: bgp(4, 65004, peer(4, 3, 65003)),
        },
    )
    fabric = run(chained)
    (own,) = paths(fabric, "r1", "192.0.0.0/8")
    assert path_text(own.attributes) == "65002 {65003}"
    (wide,) = paths(fabric, "r1", "192.0.0.0/7")
    assert path_text(wide.attributes) == "65002"  # EOS 4.29: what they share, even without as-set
    assert (own.attributes.atomic, wide.attributes.atomic) == (False, True)
    assert paths(fabric, "r2", "192.0.0.0/8") == []


def test_an_aggregate_that_is_only_advertised_is_not_routed() -> None:
    lines = "aggregate-address 10.255.0.0/16 advertise-only\nredistribute connected\n"
    fabric = run(
        network(
            ((1, 2),),
            {
                1: bgp(1, 65001, peer(1, 2, 65002) + lines),
                2: bgp(2, 65002, peer(2, 1, 65001)),
            },
        )
    )
    assert route(fabric, "r1", "10.255.0.0/16") is None
    assert route(fabric, "r2", "10.255.0.0/16") is not None


def test_internal_peers_are_told_their_own_local_preference_and_metric() -> None:
    lines = "network 10.255.0.1/32\n"
    preferred = inside(2, "export-localpref 300", "metric-out 7") + inside(3)
    fabric = run(
        network(
            ((1, 2), (1, 3)),
            {
                1: isis(1) + bgp(1, 65000, preferred + lines),
                2: isis(2) + bgp(2, 65000, inside(1)),
                3: isis(3) + bgp(3, 65000, inside(1)),
            },
            every_link="isis enable CORE",
            on_loopback="isis enable CORE",
        )
    )
    found = [paths(fabric, node, "10.255.0.1/32")[0].attributes for node in ("r2", "r3")]
    assert [(a.local_preference, a.med) for a in found] == [(300, 7), (100, None)]


def test_default_originate_always(fabric: Solve) -> None:
    one = router(
        1,
        65001,
        "10.0.0.0/31",
        "neighbor 10.0.0.1 remote-as 65002;neighbor 10.0.0.1 default-originate always",
    )
    two = router(2, 65002, "10.0.0.1/31", "neighbor 10.0.0.0 remote-as 65001")
    solved = fabric({"r1": one, "r2": two})
    assert "0.0.0.0/0" in {str(r.prefix) for r in solved.outcomes["r2"].routes["default"]}


def test_unmodelled_policy_is_said(fabric: Solve) -> None:
    one = router(1, 65001, "10.0.0.0/31", "neighbor 10.0.0.1 remote-as 65002")
    text = "route-map M permit 10\n   set colour blue\n" + one
    (note,) = fabric({"r1": text}).outcomes["r1"].notes
    assert "set colour blue" in note
