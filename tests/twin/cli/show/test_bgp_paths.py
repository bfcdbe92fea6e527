"""`show ip bgp`: what paths of the device's own show of their attributes."""

from functools import lru_cache
from typing import Any

import pytest

from tests.scenarios import bgp, network, peer
from tests.twin.cli.show.fabric import Lab

STATICS = "ip route 192.0.2.0/24 Null0\nip route 198.51.100.0/24 Null0\n"
POLICY = "route-map SET permit 10\n   set metric 50\n   set local-preference 200\n"


@lru_cache(maxsize=1)
def lab() -> Lab:
    lines = "network 192.0.2.0/24 route-map SET\nnetwork 198.51.100.0/24\n"
    small = network(
        ((1, 2),),
        {
            1: STATICS + POLICY + bgp(1, 65001, peer(1, 2, 65002) + lines),
            2: bgp(2, 65002, peer(2, 1, 65001)),
        },
    )
    cables = [" ".join(f"{p.node}:{p.interface}" for p in (c.a, c.b)) for c in small.cables]
    return Lab(small.texts, tuple(cables), hosts=())


def path(prefix: str) -> dict[str, Any]:
    answer = lab().json("r1", "show ip bgp vrf all")
    (found,) = answer["vrfs"]["default"]["bgpRouteEntries"][prefix]["bgpRoutePaths"]
    return dict(found)


def test_an_own_path_shows_what_policy_gave_it():
    found = path("192.0.2.0/24")
    assert (found["med"], found["localPreference"], found["weight"]) == (50, 200, 0)
    rows = lab().text("r1", "show ip bgp").splitlines()
    (row,) = [line for line in rows if "192.0.2.0/24" in line]
    assert row.split()[2:] == ["192.0.2.0/24", "-", "50", "-", "200", "0", "?"]


def test_an_own_path_without_policy_has_neither_med_nor_preference():
    found = path("198.51.100.0/24")
    assert "med" not in found
    assert "localPreference" not in found


@pytest.mark.parametrize(
    ("line", "limits"),
    [
        ("", (256000, 204800)),
        ("maximum-routes 12000", (12000, None)),
        ("maximum-routes 0", (0, None)),
        ("maximum-routes 1000 warning-limit 80 percent", (1000, 800)),
        ("maximum-routes 1000 warning-limit 900", (1000, 900)),
    ],
)
def test_limits_of_a_neighbor(line: str, limits: tuple[int, int | None]):
    text = bgp(1, 65001, peer(1, 2, 65002, *((line,) if line else ())))
    one = Lab({"r1": network((), {1: text}).texts["r1"]}, (), hosts=())
    answer = one.json("r1", "show ip bgp neighbors vrf all")
    (found,) = answer["vrfs"]["default"]["peerList"]
    assert (found["maxTotalRoutes"], found.get("totalRoutesWarnLimit")) == limits


def test_a_peer_that_was_never_up_was_offered_nothing():
    text = bgp(1, 65001, peer(1, 2, 65002)) + "ip route 10.0.18.0/24 Null0\n"
    one = Lab({"r1": network((), {1: text}).texts["r1"]}, (), hosts=())
    (found,) = one.json("r1", "show ip bgp neighbors vrf all")["vrfs"]["default"]["peerList"]
    assert (found["holdTime"], found["keepaliveTime"], found["configHoldTime"]) == (0, 0, 180)
    offered = found["neighborCapabilities"]["multiprotocolCaps"]["ipv4Unicast"]
    assert offered == {"advertised": False, "received": False, "enabled": False}
    assert found["neighborCapabilities"]["fourOctetAsnCap"]["advertised"] is False


def test_what_a_reflector_dropped_is_counted_by_reason():
    """r1 hears its own route again from r3, by way of the other reflector (RFC 4456 8)."""
    ring = ((1, 2), (2, 3), (1, 3))
    client, own = "route-reflector-client", "redistribute static\n"
    small = network(
        ring,
        {
            1: "route-map NONE deny 10\nip route 192.0.2.0/24 Null0\n"
            + bgp(1, 65000, peer(1, 2, 65000) + peer(1, 3, 65000, "route-map NONE out") + own),
            2: bgp(
                2, 65000, peer(2, 1, 65000, client) + peer(2, 3, 65000, client, "next-hop-self")
            ),
            3: bgp(3, 65000, peer(3, 1, 65000, client) + peer(3, 2, 65000)),
        },
    )
    cables = [" ".join(f"{p.node}:{p.interface}" for p in (c.a, c.b)) for c in small.cables]
    built = Lab(small.texts, tuple(cables), hosts=())
    answer = built.json("r1", "show ip bgp neighbors vrf all")
    row = next(line for line in built.text("r3", "show ip bgp").splitlines() if "192.0.2.0" in line)
    assert row.endswith("? Or-ID: 10.255.0.1 C-LST: 10.255.0.2")
    drops = [found["dropStats"] for found in answer["vrfs"]["default"]["peerList"]]
    assert [(d["inDropAsloop"], d["inDropOrigId"]) for d in drops] == [(0, 0), (0, 1)]
