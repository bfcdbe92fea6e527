"""BGP on FRR: reflection, policies, AS paths, aggregates, defaults, before and after a cut."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest

from tests.scenarios import Network, bgp, inside, loopback, network, peer

from .conftest import Agree
from .fabric import Both, run
from .rig import Rig

TABLES = ("routes", "bgp")


OSPF = "ip ospf network point-to-point\nip ospf area 0.0.0.0"


def ospf(number: int) -> str:
    return f"router ospf 1\n   router-id {loopback(number)}\n"


# r1 reflects for r2 and r3; r4 and r5 are customers; the way r2 -- r3 is dearer than over r1
REFLECTED = network(
    ((1, 2), (1, 3), (2, 3), (2, 4), (3, 5)),
    {
        1: ospf(1)
        + bgp(
            1,
            65000,
            inside(2, "route-reflector-client", "send-community")
            + inside(3, "route-reflector-client", "send-community"),
        ),
        2: "ip prefix-list FOUR seq 10 permit 10.255.0.4/32\n"
        "route-map FROM4 permit 10\n   match ip address prefix-list FOUR\n"
        "   set local-preference 250\n   set community 65000:4\nroute-map FROM4 permit 20\n"
        + ospf(2)
        + bgp(
            2,
            65000,
            inside(1, "next-hop-self", "send-community")
            + peer(2, 4, 65004, "route-map FROM4 in")
            + "bgp advertise-inactive\n",  # as FRR does without being asked
        ),
        3: "ip community-list FOUR permit 65000:4\n"
        "route-map TO5 deny 10\n   match community FOUR\n"
        "route-map TO5 permit 20\n   set as-path prepend 65000 65000\n"
        + ospf(3)
        + bgp(
            3,
            65000,
            inside(1, "next-hop-self", "send-community")
            + peer(3, 5, 65005, "route-map TO5 out", "send-community"),
        ),
        4: "ip route 192.0.2.0/24 Null0\n"
        + bgp(4, 65004, peer(4, 2, 65000) + "redistribute connected\nredistribute static\n"),
        5: bgp(5, 65005, peer(5, 3, 65000) + "network 10.255.0.5/32\n"),
    },
    every_link=OSPF,
    on_link={(2, 4): "", (4, 2): "", (3, 5): "", (5, 3): "", (2, 3): OSPF + "\nip ospf cost 50"},
    on_loopback="ip ospf area 0.0.0.0",
)
# r1 and r4 are sites of one private AS; r2 hides it, r3 tells r4 as AS 300, r4 takes its own AS
PATHS = network(
    ((1, 2), (2, 3), (3, 4)),
    {
        1: bgp(1, 65001, peer(1, 2, 100) + "network 10.255.0.1/32\n"),
        2: bgp(2, 100, peer(2, 1, 65001) + peer(2, 3, 200, "remove-private-as")),
        3: bgp(
            3,
            200,
            peer(3, 2, 100)
            + peer(3, 4, 65001, "local-as 300 no-prepend replace-as")
            + "network 10.255.0.3/32\n",
        ),
        4: bgp(4, 65001, peer(4, 3, 300, "allowas-in 1") + "network 10.255.0.4/32\n"),
    },
)
# r2 sums up what r1 tells, and a route of its own: else the sum would have r1's AS in its path, on
# EOS alone; r4 gets a default and what r3 lets through
SUMMED = network(
    ((1, 2), (2, 3), (3, 4)),
    {
        1: "ip route 10.1.1.0/24 Null0\nip route 10.1.2.0/24 Null0\nip route 10.2.0.0/24 Null0\n"
        + bgp(1, 65001, peer(1, 2, 65002) + "redistribute static\n"),
        2: "ip route 10.1.3.0/24 Null0\n"
        + bgp(
            2,
            65002,
            peer(2, 1, 65001)
            + peer(2, 3, 65003)
            + "redistribute static\n"
            + "aggregate-address 10.1.0.0/16 summary-only\naggregate-address 10.9.0.0/16\n",
        ),
        3: "ip prefix-list SHORT seq 10 permit 10.0.0.0/8 le 16\n"
        + bgp(
            3,
            65003,
            peer(3, 2, 65002)
            + peer(3, 4, 65004, "prefix-list SHORT out", "default-originate always"),
        ),
        4: bgp(4, 65004, peer(4, 3, 65003) + "network 10.255.0.4/32\n"),
    },
)
# r1 hears the same from r2 and r3, from r3 with the better MED, and likes r2 for one prefix
WEIGHED = network(
    ((1, 2), (1, 3), (2, 4), (3, 4)),
    {
        1: "ip prefix-list ONE seq 10 permit 192.0.2.0/24\n"
        "route-map LIKED permit 10\n   match ip address prefix-list ONE\n   set weight 100\n"
        "route-map LIKED permit 20\n"
        + bgp(1, 65001, peer(1, 2, 200, "route-map LIKED in") + peer(1, 3, 200)),
        2: "route-map MED permit 10\n   set metric 50\n"
        + bgp(2, 200, peer(2, 1, 65001, "route-map MED out") + peer(2, 4, 65004)),
        3: "route-map MED permit 10\n   set metric 10\n"
        + bgp(3, 200, peer(3, 1, 65001, "route-map MED out") + peer(3, 4, 65004)),
        4: "ip route 192.0.2.0/24 Null0\nip route 198.51.100.0/24 Null0\n"
        + bgp(4, 65004, peer(4, 2, 200) + peer(4, 3, 200) + "redistribute static\n"),
    },
)
# r1, r2 and r3 are members 65101, 65101 and 65102 of AS 500; r3's policy likes what r4 tells less
CONFEDERATION = network(
    ((1, 2), (2, 3), (1, 3), (3, 4)),
    {
        1: ospf(1)
        + bgp(
            1,
            65101,
            "bgp confederation identifier 500\nbgp confederation peers 65102\n"
            + inside(2, "next-hop-self", asn=65101)
            + peer(1, 3, 65102, "next-hop-self")
            + "network 10.255.0.1/32\nbgp advertise-inactive\n",
        ),
        2: ospf(2)
        + bgp(
            2,
            65101,
            "bgp confederation identifier 500\nbgp confederation peers 65102\n"
            + inside(1, "next-hop-self", asn=65101)
            + peer(2, 3, 65102, "next-hop-self")
            + "maximum-paths 2\nbgp advertise-inactive\n",
        ),
        3: "route-map LESS permit 10\n   set local-preference 50\n   set metric 5\n"
        + ospf(3)
        + bgp(
            3,
            65102,
            "bgp confederation identifier 500\nbgp confederation peers 65101\n"
            + peer(3, 1, 65101, "next-hop-self")
            + peer(3, 2, 65101, "next-hop-self")
            + peer(3, 4, 400, "route-map LESS in")
            + "bgp bestpath med missing-as-worst\nbgp advertise-inactive\n",
        ),
        4: "ip route 192.0.2.0/24 Null0\n" + bgp(4, 400, peer(4, 3, 500) + "redistribute static\n"),
    },
    every_link=OSPF,
    on_link={(3, 4): "", (4, 3): ""},
    on_loopback="",
)
# FRR tells a neighbor in another AS what it learned from it, EOS does not (docs/evidence.md)
VENDOR = {"as-paths": (["bgp r4 default 10.255.0.4/32"], ())}
CASES: dict[str, tuple[Network, tuple[str, str]]] = {  # and the cable to cut
    "reflected": (REFLECTED, ("r1", "r3")),
    "as-paths": (PATHS, ("r3", "r4")),
    "summed": (SUMMED, ("r1", "r2")),
    "weighed": (WEIGHED, ("r2", "r4")),
    "confederation": (CONFEDERATION, ("r1", "r3")),
}


@pytest.fixture(scope="module")
def running() -> Iterator[Mapping[str, Both]]:
    """All cases at once: protocols mostly wait for their timers."""
    with ExitStack() as stack:
        yield {
            name: run(stack.enter_context(Rig()), name, case.texts, case.cables, compared=TABLES)
            for name, (case, _) in CASES.items()
        }


@pytest.mark.parametrize("name", CASES)
def test_same_paths_before_and_after_a_cut(name: str, running: Mapping[str, Both], agree: Agree):
    both, (_, ends) = running[name], CASES[name]
    before, after = VENDOR.get(name, ((), ()))
    assert not both.rig.complaints()
    agree(name, "before the cut", both.settle(before), before)
    cable = next(c for c in both.cables if {c.a.node, c.b.node} == set(ends))
    both.cut(cable)
    agree(name, f"{ends[0]} cut from {ends[1]}", both.settle(after), after)
