"""OSPF and IS-IS on FRR: costs, areas, levels, what comes from outside, before and after a cut."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest

from tests.scenarios import loopback, network

from .conftest import Agree
from .fabric import Both, run
from .rig import Rig

P2P = "ip ospf network point-to-point"
TRIANGLE = ((1, 2), (2, 3), (1, 3))


def ospf(number: int, lines: str = "") -> str:
    head = f"router ospf 1\n   router-id {loopback(number)}\n   passive-interface Loopback0\n"
    return head + "".join(f"   {line.strip()}\n" for line in lines.splitlines() if line.strip())


def area(number: int) -> str:
    return f"{P2P}\nip ospf area 0.0.0.{number}"


OSPF_TRIANGLE = network(
    TRIANGLE,
    {n: ospf(n) for n in (1, 2, 3)},
    every_link=area(0),
    on_link={(1, 3): area(0) + "\nip ospf cost 15", (3, 1): area(0) + "\nip ospf cost 50"},
    on_loopback="ip ospf area 0.0.0.0",
)
EXTERNAL = """
ip route 192.0.2.0/24 Null0
ip route 198.51.100.0/24 Null0
ip prefix-list DOCS seq 10 permit 192.0.2.0/24
route-map OUT permit 10
   match ip address prefix-list DOCS
"""
# r1 -- r2 in area 0, r2 -- r3 in area 1, r3 -- r4 in area 1, r1 -- r5 in area 2
AREAS = network(
    ((1, 2), (2, 3), (3, 4), (1, 5)),
    {
        1: ospf(1),
        2: ospf(2),
        3: ospf(3),
        4: EXTERNAL + ospf(4, "redistribute static route-map OUT"),
        5: ospf(5),
    },
    every_link=area(1),
    on_link={(1, 2): area(0), (2, 1): area(0), (1, 5): area(2), (5, 1): area(2)},
    on_loopback="",
)
STUBS = network(
    ((1, 2), (2, 3), (1, 5)),
    {
        1: ospf(1, "area 0.0.0.2 stub"),
        2: ospf(2, "area 0.0.0.1 nssa"),
        3: EXTERNAL + ospf(3, "area 0.0.0.1 nssa\nredistribute static route-map OUT"),
        5: ospf(5, "area 0.0.0.2 stub"),
    },
    every_link=area(1),
    on_link={(1, 2): area(0), (2, 1): area(0), (1, 5): area(2), (5, 1): area(2)},
)


# r2 and r4 are borders of a stub, too; r3 brings routes in, and r2 finds them by area 0 only
STUB, SPINE = f"{P2P}\nip ospf area 0.0.0.1", f"{P2P}\nip ospf area 0.0.0.0"
BORDERS = network(
    ((2, 1), (1, 3), (3, 4), (2, 4)),
    {
        1: ospf(1),
        2: ospf(2, "area 0.0.0.1 stub no-summary"),
        3: EXTERNAL + ospf(3, "redistribute static route-map OUT"),
        4: ospf(4, "area 0.0.0.1 stub no-summary"),
    },
    every_link=SPINE,
    on_link={(2, 4): STUB, (4, 2): STUB},
    on_loopback="ip ospf area 0.0.0.0",
)


def isis(number: int, kind: str, of_area: str = "49.0001", lines: str = "") -> str:
    head = f"router isis CORE\n   net {of_area}.0000.0000.{number:04}.00\n   is-type {kind}\n"
    more = "".join(f"   {line.strip()}\n" for line in lines.splitlines() if line.strip())
    return head + more + "   address-family ipv4 unicast\n"


ENABLED = "isis enable CORE\nisis network point-to-point"
ISIS_TRIANGLE = network(
    TRIANGLE,
    {n: isis(n, "level-2") for n in (1, 2, 3)},
    every_link=ENABLED,
    on_link={(1, 3): ENABLED + "\nisis metric 15", (3, 1): ENABLED + "\nisis metric 50"},
    on_loopback="isis enable CORE",
)
# r1, r2 in area 1; r3, r4 in area 2; r2 -- r3 is the backbone of level 2
LEVELS = network(
    ((1, 2), (2, 3), (3, 4)),
    {
        1: isis(1, "level-1"),
        2: isis(2, "level-1-2"),
        3: isis(3, "level-1-2", "49.0002"),
        4: EXTERNAL + isis(4, "level-1", "49.0002", "redistribute static level-1 route-map OUT"),
    },
    every_link=ENABLED,
    on_loopback="isis enable CORE",
)
OVERLOAD = network(
    ((1, 2), (2, 3), (1, 4), (4, 3)),
    {
        1: isis(1, "level-2"),
        2: isis(2, "level-2", lines="set-overload-bit"),
        3: isis(3, "level-2"),
        4: isis(4, "level-2"),
    },
    every_link=ENABLED,
    on_link={(1, 4): ENABLED + "\nisis metric 30"},
    on_loopback="isis enable CORE",
)
CASES = {
    "ospf-triangle": OSPF_TRIANGLE,
    "ospf-areas": AREAS,
    "ospf-stubs": STUBS,
    "ospf-borders": BORDERS,
    "isis-triangle": ISIS_TRIANGLE,
    "isis-levels": LEVELS,
    "isis-overload": OVERLOAD,
}
# what EOS and FRR answer differently, see docs/evidence.md
NSSA = [
    "routes r1 default 192.0.2.0/24",  # FRR forgets the metric it translates, RFC 3101 3.2 does not
    "routes r3 default 0.0.0.0/0",  # FRR tells a plain NSSA a default, EOS where asked to
]
LEAKED = [  # FRR keeps from level 2 what it learned on level 1, RFC 1195 3.2 tells it on
    "routes r2 default 10.255.0.4/32",
    "routes r2 default 192.0.2.0/24",
    "routes r3 default 10.255.0.1/32",
]
VENDOR = {"ospf-stubs": (NSSA, ()), "isis-levels": (LEAKED, LEAKED[2:])}


@pytest.fixture(scope="module")
def running() -> Iterator[Mapping[str, Both]]:
    """All cases at once: protocols mostly wait for their timers."""
    with ExitStack() as stack:
        yield {
            name: run(stack.enter_context(Rig()), name, case.texts, case.cables)
            for name, case in CASES.items()
        }


@pytest.mark.parametrize("name", CASES)
def test_same_routes_before_and_after_a_cut(name: str, running: Mapping[str, Both], agree: Agree):
    both = running[name]
    before, after = VENDOR.get(name, ((), ()))
    assert not both.rig.complaints()
    agree(name, "before the cut", both.settle(before), before)
    cut = max(both.cables)
    both.cut(cut)
    agree(name, f"{cut.a.node} cut from {cut.b.node}", both.settle(after), after)
