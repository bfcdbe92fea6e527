"""`show ipv6 route` and IPv6 BGP between two routers."""

from functools import lru_cache
from typing import Any

import pytest

from avdlab.twin.cli.outcome import CommandError
from tests.twin.cli.show.fabric import Lab, configs
from tests.twin.ipv6 import ROUTER

BGP = """
router bgp 6500{n}
   router-id 192.0.2.{n}
   neighbor 2001:db8:12::{peer} remote-as 6500{peer}
   address-family ipv6
      neighbor 2001:db8:12::{peer} activate
      network 2001:db8::{n}/128
"""
STATIC = "ipv6 route 2001:db8:dead::/48 Null0\n"


@lru_cache
def pair() -> Lab:
    one, two = BGP.format(n=1, peer=2) + STATIC, BGP.format(n=2, peer=1)
    texts = {"r1": ROUTER.format(n=1, lines=one), "r2": ROUTER.format(n=2, lines=two)}
    return Lab(texts, ("r1:Ethernet1 r2:Ethernet1",))


def test_routes() -> None:
    found: Any = pair().json("r1", "show ipv6 route")
    routes = found["vrfs"]["default"]["routes"]
    assert {prefix: route["routeType"] for prefix, route in routes.items()} == {
        "2001:db8::1/128": "connected",
        "2001:db8::2/128": "eBGP",
        "2001:db8:12::/64": "connected",
        "2001:db8:dead::/48": "static",
    }


@pytest.mark.parametrize(
    ("command", "rows"),
    [
        (
            "show ipv6 route 2001:db8::2",
            [" B E      2001:db8::2/128 [200/0]", "           via 2001:db8:12::2, Ethernet1"],
        ),
        (
            "show ipv6 route 2001:db8:12::/64",
            [
                " C        2001:db8:12::/64 [0/0]",
                "           via Ethernet1, directly connected",
            ],
        ),
    ],
)
def test_one_route_in_text(command: str, rows: list[str]) -> None:
    lines = pair().text("r1", command).rstrip().splitlines()
    assert lines[1].startswith("Displaying 1 of ")
    assert lines[-2:] == rows


def test_an_address_that_is_none() -> None:
    with pytest.raises(CommandError, match="not an IPv6 prefix"):
        pair().text("r1", "show ipv6 route 2001:db8::/200")


def test_neighbors() -> None:
    found: Any = pair().json("r1", "show ipv6 bgp summary")
    (peer,) = found["vrfs"]["default"]["peers"].items()
    assert (peer[0], peer[1]["peerState"]) == ("2001:db8:12::2", "Established")
    assert peer[1]["prefixReceived"] == 1
    assert "2001:db8:12::2" in pair().text("r1", "show ipv6 bgp summary")


def test_table() -> None:
    found: Any = pair().json("r1", "show ipv6 bgp")
    assert set(found["vrfs"]["default"]["bgpRouteEntries"]) == {
        "2001:db8::1/128",
        "2001:db8::2/128",
    }
    assert "2001:db8::2/128" in pair().text("r1", "show bgp ipv6 unicast")


def test_where_it_is_off() -> None:
    text = Lab({"r1": "hostname r1\n"}, ()).text("r1", "show ipv6 route")
    assert text.startswith("VRF: default\nDisplaying 0 of 0 IPv6 routing table entries\n")
    assert text.endswith("\n! IPv6 routing not enabled\n")


def test_evpn_prefixes_by_family() -> None:
    texts = configs()
    lines = """ipv6 unicast-routing vrf RED
interface Loopback66
   vrf RED
   ipv6 address 2001:db8:66::1/128
"""
    lab = Lab({**texts, "leaf3": lines + texts["leaf3"]})

    def prefixes(asked: str) -> list[str]:
        found: Any = lab.json("leaf1", f"show bgp evpn route-type ip-prefix {asked}")
        return [name.split()[-1] for name in found["evpnRoutes"]]

    assert prefixes("ipv6") == ["2001:db8:66::1/128"]
    assert prefixes("2001:db8:66:0::1/128") == ["2001:db8:66::1/128"]
    assert prefixes("ipv4")
    assert all("." in prefix for prefix in prefixes("ipv4"))
