"""`router bgp` is read from the spellings of AVD 6 and of EOS 4.18 and later."""

import pytest

from avdlab.net.addresses import parse_ipv4, parse_prefix
from avdlab.twin.config.read.bgp import TOP, read_bgp
from avdlab.twin.config.settings import Afi, BgpSettings, NeighborSettings, Redistribution
from avdlab.twin.config.tree import parse_indented


def read(text: str) -> BgpSettings:
    found = read_bgp(parse_indented(text))
    assert found is not None
    return found


def neighbor(line: str, name: str = "10.0.0.1") -> NeighborSettings:
    return read(f"router bgp 65001\n   {line}").vrfs["default"].neighbors[name]


def test_no_router_bgp_is_none() -> None:
    assert read_bgp(parse_indented("hostname r1")) is None


@pytest.mark.parametrize("spelling", ["peer group", "peer-group"])
def test_peer_group_in_both_spellings(spelling: str) -> None:
    bgp = read(
        f"router bgp 65001\n   neighbor G {spelling}\n   neighbor 10.0.0.1 {spelling} G\n"
        f"   neighbor interface Et1-2 {spelling} G remote-as 65002\n"
    )
    found = bgp.vrfs["default"].neighbors
    assert found["G"].is_peer_group
    assert found["10.0.0.1"].peer_group == "G"
    assert found["Ethernet2"].remote_as == 65002


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("neighbor 10.0.0.1 remote-as 1.1", "remote_as", 65537),
        ("neighbor 10.0.0.1 update-source Lo0", "update_source", "Loopback0"),
        ("neighbor 10.0.0.1 ebgp-multihop", "ebgp_multihop", 255),
        ("neighbor 10.0.0.1 ebgp-multihop 3", "ebgp_multihop", 3),
        ("neighbor 10.0.0.1 password 7 abc=", "password", ("7", "abc=")),
        ("neighbor 10.0.0.1 maximum-routes 12000 warning-only", "maximum_routes_warn_only", True),
        ("neighbor 10.0.0.1 send-community extended", "send_community", frozenset({"extended"})),
        ("neighbor 10.0.0.1 local-as 1 no-prepend replace-as", "local_as_replace", True),
        ("neighbor 10.0.0.1 remove-private-as all", "remove_private_as", "all"),
        (
            "neighbor 10.0.0.1 default-originate route-map R always",
            "default_originate",
            ("R", True),
        ),
        (
            "neighbor 10.0.0.1 bfd interval 300 min-rx 300 multiplier 3",
            "bfd_interval",
            (300,) * 2 + (3,),
        ),
        ("no neighbor 10.0.0.1 bfd", "bfd", False),
    ],
)
def test_neighbor_lines(line: str, field: str, value: object) -> None:
    assert getattr(neighbor(line), field) == value


def test_bare_send_community_sends_all_kinds() -> None:
    assert neighbor("neighbor 10.0.0.1 send-community").send_community == frozenset(
        {"standard", "extended", "large"}
    )


def test_vrf_inherits_what_eos_lets_it_inherit() -> None:
    bgp = read(
        "router bgp 65001\n   no bgp default ipv4-unicast\n   maximum-paths 4 ecmp 4\n"
        "   distance bgp 20 200 200\n   vrf A\n      rd 10.0.0.1:1\n"
        "      route-target import evpn 1:1\n      route-target export evpn 1:1\n"
        "      redistribute connected route-map R\n"
    )
    vrf = bgp.vrfs["A"]
    assert (vrf.default_ipv4_unicast, vrf.maximum_paths) == (False, 4)
    assert bgp.vrfs["default"].distance == (20, 200, 200)
    assert vrf.distance == (200, 200, 200)
    assert vrf.import_rts == {"evpn": frozenset({"1:1"})}
    assert vrf.redistribute == (Redistribution("connected", "R"),)


def test_mac_vrfs() -> None:
    bgp = read(
        "router bgp 65001\n   vlan 11\n      rd 10.0.0.1:11\n"
        "      rd evpn domain remote 10.0.0.1:11\n      route-target both 11:11\n"
        "      route-target import export evpn domain remote 11:11\n      redistribute learned\n"
        "   vlan-aware-bundle B\n      rd 10.0.0.1:12\n      route-target both 12:12\n"
        "      vlan 110-111,120\n"
    )
    vlan, bundle = bgp.mac_vrfs
    assert (vlan.vlans, vlan.bundle, vlan.rd) == (frozenset({11}), False, "10.0.0.1:11")
    assert vlan.import_rts == vlan.export_rts == frozenset({"11:11"})
    assert vlan.import_rts_remote == frozenset({"11:11"})
    assert vlan.redistribute == frozenset({"learned"})
    assert (bundle.vlans, bundle.bundle) == (frozenset({110, 111, 120}), True)


@pytest.mark.parametrize("line", ["no neighbor G activate", "neighbor G deactivate"])
def test_address_families(line: str) -> None:
    bgp = read(
        "router bgp 65001\n   router-id 10.0.0.1\n   address-family evpn\n"
        "      neighbor G activate\n"
        "      neighbor default next-hop-self received-evpn-routes route-type ip-prefix\n"
        f"   address-family ipv4\n      {line}\n      network 10.0.0.0/24\n"
    )
    default = bgp.vrfs["default"]
    assert default.router_id == parse_ipv4("10.0.0.1")
    evpn, ipv4 = default.families[Afi.EVPN], default.families[Afi.IPV4]
    assert evpn.neighbors["G"].activate is True
    assert evpn.next_hop_self_ip_prefix
    assert ipv4.neighbors["G"].activate is False
    assert ipv4.networks == ((parse_prefix("10.0.0.0/24"), None),)


def test_vrf_default_speaks_for_the_process() -> None:
    bgp = read("router bgp 65001\n   router-id 10.0.0.1\n   vrf default\n      rd 10.0.0.1:1\n")
    assert bgp.vrfs["default"].rd == "10.0.0.1:1"
    assert bgp.vrfs["default"].router_id == parse_ipv4("10.0.0.1")


def test_unknown_lines_are_not_modelled() -> None:
    modelled, mode = TOP.lookup("router bgp 65001")
    assert modelled
    assert mode is not None
    assert mode.lookup("graceful-restart") == (False, None)
