"""What passes a neighbor: prefix lists, communities, missing and undefined policies."""

import pytest

from avdlab.twin.fabric.fabric import Fabric
from tests.scenarios import bgp, inside, network, peer
from tests.twin.protocols.bgp.eos import route, run, told

NETS = ("10.1.0.0/16", "10.1.1.0/24", "10.1.1.128/25", "192.0.2.0/24")
STATICS = "".join(f"ip route {net} Null0\n" for net in NETS)


def pair(policy: str, *lines: str, sender: str = "", said: tuple[str, ...] = ()) -> Fabric:
    """r1 tells r2 four networks; `policy` and `lines` are r2's."""
    return run(
        network(
            ((1, 2),),
            {
                1: STATICS
                + sender
                + bgp(1, 65001, peer(1, 2, 65002, *said) + "redistribute static"),
                2: policy + bgp(2, 65002, peer(2, 1, 65001, *lines)),
            },
        )
    )


def heard(fabric: Fabric) -> list[str]:
    return [net for net in NETS if route(fabric, "r2", net) is not None]


@pytest.mark.parametrize(
    ("entries", "passes"),
    [
        ("permit 10.1.0.0/16", NETS[:1]),
        ("permit 10.1.0.0/16 le 24", NETS[:2]),
        ("permit 10.1.0.0/16 ge 25", NETS[2:3]),
        ("permit 10.1.0.0/16 ge 20 le 24", NETS[1:2]),
        ("permit 10.1.0.0/16 eq 24", NETS[1:2]),
        ("permit 0.0.0.0/0 le 32", NETS),
        ("permit 0.0.0.0/0", ()),
        ("deny 10.1.0.0/16 le 32\nseq 20 permit 0.0.0.0/0 le 32", NETS[3:]),
    ],
)
def test_prefix_lists(entries: str, passes: tuple[str, ...]) -> None:
    first, *rest = entries.splitlines()
    text = f"ip prefix-list L\n   seq 10 {first}\n" + "".join(f"   {line}\n" for line in rest)
    assert heard(pair(text, "prefix-list L in")) == list(passes)
    outbound = pair("", sender=text, said=("prefix-list L out",))
    assert heard(outbound) == list(passes)


def test_a_list_and_a_route_map_must_both_permit() -> None:
    policy = (
        "ip prefix-list L seq 10 permit 10.1.0.0/16 le 24\n"
        "ip prefix-list M seq 10 permit 10.1.0.0/16 ge 24 le 32\n"
        "route-map IN permit 10\n   match ip address prefix-list M\n"
    )
    assert heard(pair(policy, "prefix-list L in", "route-map IN in")) == ["10.1.1.0/24"]


@pytest.mark.parametrize("line", ["route-map NOT-THERE in", "prefix-list NOT-THERE in"])
def test_a_policy_that_is_not_there_permits(line: str) -> None:
    assert heard(pair("", line)) == list(NETS)


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("", NETS),
        ("bgp missing-policy direction in action deny\n", ()),
        ("bgp missing-policy direction out action deny\n", NETS),
    ],
)
def test_missing_policy(line: str, passes: tuple[str, ...]) -> None:
    fabric = run(
        network(
            ((1, 2),),
            {
                1: STATICS + bgp(1, 65001, peer(1, 2, 65002) + "redistribute static"),
                2: bgp(2, 65002, line + peer(2, 1, 65001)),
            },
        )
    )
    assert heard(fabric) == list(passes)


SETS = (
    "ip prefix-list SHORT seq 10 permit 10.1.0.0/16\n"
    "route-map OUT permit 10\n   match ip address prefix-list SHORT\n"
    "   set community 65001:1 65001:2\n"
    "route-map OUT permit 20\n   set community 65001:3\n"
)


def test_communities_travel_only_where_they_are_sent() -> None:
    silent = pair("", sender=SETS, said=("route-map OUT out",))
    spoken = pair("", sender=SETS, said=("route-map OUT out", "send-community"))
    one, two = told(silent, "r2", NETS[0]), told(spoken, "r2", NETS[0])
    assert one is not None
    assert two is not None
    assert (set(one.communities), set(two.communities)) == (set(), {"65001:1", "65001:2"})


@pytest.mark.parametrize(
    ("entry", "match", "passes"),
    [
        ("ip community-list L permit 65001:1", "L", NETS[:1]),
        ("ip community-list L permit 65001:1 65001:2", "L", NETS[:1]),
        ("ip community-list L permit 65001:1 65001:3", "L", ()),
        ("ip community-list L permit 65001:1\nip community-list L permit 65001:3", "L", NETS),
        ("ip community-list L deny 65001:3\nip community-list L permit internet", "L", NETS[:1]),
        ("ip community-list regexp L permit 65001:[12]", "L", NETS[:1]),
        ("ip community-list L permit 65001:1", "L exact-match", ()),
        ("ip community-list L permit 65001:1 65001:2", "L exact-match", NETS[:1]),
    ],
)
def test_community_lists(entry: str, match: str, passes: tuple[str, ...]) -> None:
    policy = f"{entry}\nroute-map IN permit 10\n   match community {match}\n"
    said = ("route-map OUT out", "send-community")
    assert heard(pair(policy, "route-map IN in", sender=SETS, said=said)) == list(passes)


@pytest.mark.parametrize(
    ("clause", "left"),
    [
        ("set community 65001:9", {"65001:9"}),
        ("set community 65001:9 additive", {"65001:1", "65001:2", "65001:9"}),
        ("set community none", set()),
        ("set community 65001:1 delete", {"65001:2"}),
        ("set community community-list L delete", {"65001:2"}),
        ("set community community-list L additive", {"65001:1", "65001:2"}),
        ("set community community-list M", {"65001:7"}),
    ],
)
def test_route_maps_change_communities(clause: str, left: set[str]) -> None:
    policy = (
        "ip community-list L permit 65001:1\nip community-list M permit 65001:7\n"
        f"route-map IN permit 10\n   {clause}\n"
    )
    said = ("route-map OUT out", "send-community")
    found = told(pair(policy, "route-map IN in", sender=SETS, said=said), "r2", NETS[0])
    assert found is not None
    assert set(found.communities) == left


@pytest.mark.parametrize(
    ("community", "outside", "within"),
    [
        ("no-export", False, True),
        ("no-advertise", False, False),
        ("local-as", False, True),
        ("internet", True, True),
        ("65001:1", True, True),
    ],
)
def test_well_known_communities(community: str, outside: bool, within: bool) -> None:
    """RFC 1997: r1 marks a route for r2, which has a neighbor outside (r3) and one within (r4)."""
    ospf = "router ospf 1\n   network 10.0.0.0/8 area 0\n"
    policy = f"route-map OUT permit 10\n   set community {community}\n"
    fabric = run(
        network(
            ((1, 2), (2, 3), (2, 4)),
            {
                1: STATICS
                + policy
                + bgp(
                    1,
                    65001,
                    peer(1, 2, 65000, "route-map OUT out", "send-community")
                    + "redistribute static",
                ),
                2: ospf
                + bgp(2, 65000, peer(2, 1, 65001) + peer(2, 3, 65003) + inside(4, "next-hop-self")),
                3: bgp(3, 65003, peer(3, 2, 65000)),
                4: ospf + bgp(4, 65000, inside(2)),
            },
        )
    )
    assert (told(fabric, "r3", NETS[0]) is not None) == outside
    assert (told(fabric, "r4", NETS[0]) is not None) == within


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (("send-community extended", "send-community add standard"), True),
        (("send-community", "send-community remove standard"), False),
    ],
)
def test_kinds_of_communities_are_added_and_removed(lines: tuple[str, ...], kept: bool) -> None:
    policy = "route-map OUT permit 10\n   set community 65001:7\n"
    fabric = pair("", sender=policy, said=("route-map OUT out", *lines))
    found = told(fabric, "r2", NETS[0])
    assert found is not None
    assert ("65001:7" in found.communities) is kept
