"""Sessions come up when both ends agree, and say why when they do not."""

from collections.abc import Callable

import pytest
from pyavd_utils.passwords import cbc_encrypt

from avdlab.net.addresses import parse_prefix
from avdlab.twin.tables.bgp import BgpSession, SessionState

Solve = Callable[..., object]

R1 = """
interface Loopback0
   ip address 192.0.2.1/32
interface Ethernet1
   no switchport
   ip address 10.0.0.0/31
ip route 192.0.2.2/32 10.0.0.1
router bgp 65001
   router-id 192.0.2.1
   {lines}
"""
R2 = """
interface Loopback0
   ip address 192.0.2.2/32
interface Ethernet1
   no switchport
   ip address 10.0.0.1/31
ip route 192.0.2.1/32 10.0.0.0
router bgp 65002
   router-id 192.0.2.2
   {lines}
"""


def pair(fabric: Solve, one: str, two: str) -> tuple[BgpSession, BgpSession]:
    """The sessions of two routers on one link, configured with lines split by `;`."""
    texts = {"r1": R1, "r2": R2}
    lines = {"r1": one, "r2": two}
    solved = fabric(
        {n: text.format(lines=lines[n].replace(";", "\n   ")) for n, text in texts.items()}
    )
    return tuple(solved.outcomes[node].bgp.sessions[0] for node in ("r1", "r2"))


UP1, UP2 = "neighbor 10.0.0.1 remote-as 65002", "neighbor 10.0.0.0 remote-as 65001"


def secret(name: str, clear: str) -> str:
    return cbc_encrypt(f"{name}_passwd", clear)


def test_both_ends_agree(fabric: Solve) -> None:
    one, two = pair(fabric, UP1, UP2)
    assert one.state is two.state is SessionState.ESTABLISHED
    assert (one.peer_node, one.peer_as, one.ebgp) == ("r2", 65002, True)


CASES = {
    "remote-as of the other end": (UP1.replace("65002", "65009"), UP2, "65009"),
    "local-as": (UP1, f"{UP2};neighbor 10.0.0.0 local-as 65009", "is in AS 65009"),
    "shut": (f"{UP1};neighbor 10.0.0.1 shutdown", UP2, "shut by configuration"),
    "peer shut": (UP1, f"{UP2};neighbor 10.0.0.0 shutdown", "shut at r2"),
    "not configured there": (UP1, "neighbor 10.0.0.8 remote-as 65001", "has no neighbor 10.0.0.0"),
    "no remote-as": ("neighbor 10.0.0.1 description x", UP2, "no remote-as"),
    "password here only": (f"{UP1};neighbor 10.0.0.1 password 0 x", UP2, "password differs"),
    "nothing activated": (f"no bgp default ipv4-unicast;{UP1}", UP2, "no address family"),
    "eBGP to a loopback": (
        "neighbor 192.0.2.2 remote-as 65002;neighbor 192.0.2.2 update-source Loopback0",
        "neighbor 192.0.2.1 remote-as 65001;neighbor 192.0.2.1 update-source Loopback0",
        "not on a connected subnet",
    ),
    "other source": (
        "neighbor 192.0.2.2 remote-as 65002;neighbor 192.0.2.2 ebgp-multihop 2",
        "neighbor 192.0.2.1 remote-as 65001;neighbor 192.0.2.1 ebgp-multihop 2",
        "has no neighbor 10.0.0.0",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_reason_of_a_session_that_is_down(case: str, fabric: Solve) -> None:
    one, two, reason = CASES[case]
    first, second = pair(fabric, one, two)
    assert first.state is not SessionState.ESTABLISHED
    assert second.state is not SessionState.ESTABLISHED
    assert reason in first.reason


def test_multihop_between_loopbacks(fabric: Solve) -> None:
    options = "ebgp-multihop 2;neighbor {0} update-source Loopback0"
    one, _ = pair(
        fabric,
        "neighbor 192.0.2.2 remote-as 65002;neighbor 192.0.2.2 " + options.format("192.0.2.2"),
        "neighbor 192.0.2.1 remote-as 65001;neighbor 192.0.2.1 " + options.format("192.0.2.1"),
    )
    assert one.state is SessionState.ESTABLISHED


@pytest.mark.parametrize(("clear", "up"), [("arista", True), ("arusta", False)])
def test_type_7_passwords_are_compared_in_clear(fabric: Solve, clear: str, up: bool) -> None:
    group = secret("GROUP", "arista")
    other = secret("10.0.0.0", clear)
    one, _ = pair(
        fabric,
        f"neighbor GROUP peer group;neighbor GROUP password 7 {group};{UP1};"
        "neighbor 10.0.0.1 peer group GROUP",
        f"{UP2};neighbor 10.0.0.0 password 7 {other}",
    )
    assert (one.state is SessionState.ESTABLISHED) is up


def test_local_as_is_what_the_peer_expects(fabric: Solve) -> None:
    one, two = pair(
        fabric,
        UP1.replace("65002", "65009"),
        f"{UP2};neighbor 10.0.0.0 local-as 65009 no-prepend replace-as",
    )
    assert one.state is two.state is SessionState.ESTABLISHED


def test_listen_range_takes_peers_that_its_filter_accepts(fabric: Solve) -> None:
    one, two = pair(
        fabric,
        UP1,
        "neighbor G peer group;bgp listen range 10.0.0.0/24 peer-group G remote-as 65001",
    )
    assert one.state is two.state is SessionState.ESTABLISHED
    assert two.peer_address == "10.0.0.0"


def test_too_many_routes_shut_the_session(fabric: Solve) -> None:
    one, two = pair(
        fabric,
        f"{UP1};redistribute connected;redistribute static",
        f"{UP2};neighbor 10.0.0.0 maximum-routes 1",
    )
    assert two.state is SessionState.IDLE
    assert "more than 1 routes" in two.reason
    assert one.state is not SessionState.ESTABLISHED


UNNUMBERED = """
interface Loopback0
   ip address 192.0.2.{0}/32
interface Ethernet1
   description link 1
   no switchport
   ipv6 enable
router bgp 6500{0}
   router-id 192.0.2.{0}
   neighbor G peer group
   neighbor interface Ethernet1 peer-group G remote-as {1}
   address-family ipv4
      neighbor G activate
      neighbor G next-hop address-family ipv6 originate
      network 192.0.2.{0}/32
"""


def test_unnumbered_peers_exchange_ipv4_routes(fabric: Solve) -> None:
    solved = fabric({"r1": UNNUMBERED.format(1, 65002), "r2": UNNUMBERED.format(2, 65001)})
    (session,) = solved.outcomes["r1"].bgp.sessions
    assert session.state is SessionState.ESTABLISHED
    assert session.peer_address.startswith("fe80::")
    assert session.peer_address.endswith("%Et1")
    (route,) = solved.outcomes["r1"].routes["default"]
    assert [via.interface for via in route.vias] == ["Ethernet1"]


def test_unnumbered_sessions_to_equal_ports_of_two_spines_share_the_load(fabric: Solve) -> None:
    anycast = "interface Loopback9\n   ip address 192.0.2.9/32\n"
    spine = UNNUMBERED.format(2, 65001) + anycast + "router bgp 65002\n   network 192.0.2.9/32\n"
    second_port = """interface Ethernet2
   no switchport
   ipv6 enable
   description link 2
router bgp 65001
   maximum-paths 2
   neighbor interface Ethernet2 peer-group G remote-as 65002
"""
    solved = fabric(
        {
            "leaf": UNNUMBERED.format(1, 65002) + second_port,
            "spine1": spine,
            "spine2": spine.replace("link 1", "link 2").replace("192.0.2.2", "192.0.2.3"),
        }
    )
    routes = {route.prefix: route for route in solved.outcomes["leaf"].routes["default"]}
    vias = routes[parse_prefix("192.0.2.9/32")].vias
    assert [via.interface for via in vias] == ["Ethernet1", "Ethernet2"]


@pytest.mark.parametrize("both", [True, False])
def test_ttl_security_is_for_both_ends(fabric: Solve, both: bool) -> None:
    """RFC 5082: a packet with the TTL of a plain eBGP session is too old for a guarded one."""
    guard = ";neighbor 10.0.0.0 ttl maximum-hops 1" if both else ""
    one, _ = pair(fabric, f"{UP1};neighbor 10.0.0.1 ttl maximum-hops 1", UP2 + guard)
    assert (one.state is SessionState.ESTABLISHED) is both
    assert both or one.reason == "ttl maximum-hops is not set at r2"
