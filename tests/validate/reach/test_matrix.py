"""Endpoints reach one another, or are kept apart, as designed; what is wrong is explained."""

import pytest

from avdlab.validate.reach.matrix import NAME
from tests.side import red

ONLY = frozenset({NAME})


def run(side, *, traces=True):
    return side.run(only=ONLY, traces=traces)


def typed(side, device, *lines: str):
    side.twin.type(device, ("enable", "configure", *lines, "end"))


def joined(side):
    """Route a VLAN of STAFF in STORE."""
    for leaf in ("osl-leaf2a", "osl-leaf2b"):
        address = "ip address virtual 10.92.210.1/24"
        typed(side, leaf, "no interface Vlan210", "interface Vlan210", "vrf STORE", address)


@pytest.fixture
def own(side):
    """Our own fabric, healed afterwards."""
    found = side("own")
    yield found
    found.heal()


def messages(results):
    return "\n".join(message for test in results.failed for message in test.messages)


def pair(results, one, other):
    """Return the pair of two addresses."""
    return next(p for p in results.pairs if {p.source.address, p.to.address} == {one, other})


def test_every_pair_of_endpoints_is_tried_once(own):
    results = run(own)
    assert not results.failed
    ends = {(end.endpoint, end.vlan) for p in results.pairs for end in (p.source, p.to)}
    assert {name for name, _ in ends} == {
        name for name in own.design.topology.nodes if name not in own.design.configs.devices
    }
    keys = [frozenset({(p.source, p.to)}) for p in results.pairs]
    assert len(keys) == len(set(keys))
    assert all(p.source.endpoint != p.to.endpoint for p in results.pairs)


def test_the_design_says_who_reaches_whom(own):
    results = run(own)
    same_vlan = pair(results, "10.92.110.101", "10.92.110.102")
    assert (same_vlan.reachable, same_vlan.reached, same_vlan.why) == (
        True,
        True,
        "both in VLAN 110",
    )
    routed = pair(results, "10.92.110.102", "10.92.120.101")
    assert (routed.why, routed.source.vrf) == ("both in VRF STORE", "STORE")
    assert routed.hops
    apart = pair(results, "10.92.110.101", "10.92.210.101")
    assert (apart.reachable, apart.reached, apart.good) == (False, False, True)
    assert "kept apart" in apart.why


def test_the_access_list_that_drops_packets_is_named(own):
    typed(
        own,
        "osl-leaf1a",
        "ip access-list NOT-HERE",
        "10 deny icmp any host 10.92.120.101",
        "20 permit ip any any",
        "interface Vlan110",
        "ip access-group NOT-HERE in",
    )
    results = run(own)
    wrong = [p for p in results.pairs if not p.good]
    assert wrong
    assert all("10.92.120.101" in {p.source.address, p.to.address} for p in wrong)
    assert (
        "osl-leaf1a: NOT-HERE on Vlan110 in drops the packet: deny icmp any host 10.92.120.101"
        in messages(results)
    )
    # the other gateway of the pair still forwards: some ways work
    assert {(p.reached, p.good) for p in wrong} == {(True, False)}


def test_a_missing_route_is_named_where_packets_end(own):
    typed(own, "osl-leaf1a", "ip route vrf STORE 10.92.120.101/32 Null0")
    assert "osl-leaf1a: 10.92.120.101/32 is discarded" in messages(run(own))


def test_networks_that_are_joined_break_isolation(own):
    joined(own)
    results = run(own)
    leaked = [p for p in results.pairs if p.reachable is False and p.reached]
    assert leaked
    assert all("10.92.210.101" in {p.source.address, p.to.address} for p in leaked)
    assert "by design not: VRF STORE and VRF STAFF are kept apart" in messages(results)


def test_a_fault_of_one_endpoint_is_told_of_that_one(own):
    cut = [
        (f"{link.a.node}:{link.a.interface}", f"{link.b.node}:{link.b.interface}")
        for link in own.design.topology.links
        if "desk1" in {link.a.node, link.b.node}
    ]
    own.twin.set_faults(cut=cut)
    results = run(own)
    assert len(results.failed) == 1
    assert "desk1" in results.failed[0].description


def test_an_endpoint_that_is_switched_off_answers_nobody(own):
    own.twin.set_faults(stopped=["desk1"])
    assert "desk1 is not there" in messages(run(own))


# ---------------------------------------------------------------------------------- pings
def test_devices_ping_where_packets_cannot_be_followed(own):
    results = run(own, traces=False)
    assert red(results) == set()
    said = {p.reachable for p in results.pairs}
    assert said == {True, False, None}
    layer2 = next(p for p in results.pairs if not p.source.address)
    assert (layer2.reachable, layer2.good) == (None, True)


def test_pings_see_what_is_lost_and_name_the_command(own):
    for leaf in ("osl-leaf1a", "osl-leaf1b"):
        typed(own, leaf, "ip route vrf STORE 10.92.120.101/32 Null0")
    found = messages(run(own, traces=False))
    assert "'ping vrf STORE 10.92.120.101 source 10.92.100." in found


def test_pings_see_a_leak(own):
    joined(own)
    assert "by design not" in messages(run(own, traces=False))
