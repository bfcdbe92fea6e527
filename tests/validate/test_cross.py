"""Comparisons of devices: what they find on our fabric when one configuration is edited."""

import pytest

from tests.side import red


@pytest.fixture
def own(side):
    found = side("own")
    yield found
    found.heal()


def messages(results):
    return {(t.device, text) for t in results.failed for text in t.messages}


def test_a_filter_that_is_gone_is_found_on_the_device_that_tells(own):
    """EOS: a route-map that does not exist permits everything."""
    name, line = "RM-CONN-2-BGP", "   match ip address prefix-list PL-LOOPBACKS-EVPN-OVERLAY\n"
    text = own.config("osl-leaf1b")
    assert f"route-map {name} permit 10\n{line}" in text
    own.twin.boot("osl-leaf1b", text.replace(f"route-map {name} permit 10\n{line}", ""))
    results = own.run(only=frozenset({"VerifySubnetsKeptBack"}))
    assert red(results) == {("osl-leaf1b", "VerifySubnetsKeptBack")}
    assert "10.91.2.4/31 of VRF default" in results.failed[0].messages[0]


def test_a_native_vlan_is_compared_with_the_design(own):
    """Both ends have the same wrong one: nothing differs between them."""
    for device, port in (("osl-leaf2a", 8), ("osl-leaf2b", 8), ("osl-access1", 1)):
        head = f"interface Port-Channel{port}\n"
        own.edit(device, head, f"{head}   switchport trunk native vlan 210\n")
    results = own.run(only=frozenset({"VerifyTrunkSymmetry"}))
    assert messages(results) == {
        ("osl-leaf2a", "Port-Channel8 has untagged VLAN 210, by design 1"),
        ("osl-leaf2b", "Port-Channel8 has untagged VLAN 210, by design 1"),
        ("osl-access1", "Port-Channel1 has untagged VLAN 210, by design 1"),
    }


def test_a_router_id_is_the_designed_one_in_each_vrf(own):
    text = own.config("osl-leaf1a").replace("router-id 10.91.0.3", "router-id 10.91.0.33")
    own.twin.boot("osl-leaf1a", text)
    results = own.run(only=frozenset({"VerifyUniqueRouterIds"}))
    assert red(results) == {("osl-leaf1a", "VerifyUniqueRouterIds")}
    assert set(results.failed[0].messages) == {
        f"router-id of VRF {vrf} is 10.91.0.33, by design 10.91.0.3"
        for vrf in ("default", "STAFF", "STORE")
    }


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("   neighbor MLAG-PEER next-hop-self\n", ("osl-leaf1b", "VerifyBGPRoutePaths")),
        (
            "   vxlan virtual-router encapsulation mac-address mlag-system-id\n",
            ("osl-leaf1b", "VerifySharedRouterMac"),
        ),
    ],
)
def test_what_only_matters_when_something_else_fails_is_seen_before(own, line, found):
    own.edit("osl-leaf1a", line, "")
    only = frozenset({"VerifyBGPRoutePaths", "VerifySharedRouterMac"})
    assert found in red(own.run(only=only))
