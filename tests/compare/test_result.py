"""Entries are equal, explained or wrong."""

from copy import deepcopy
from typing import Any

from avdlab.compare.report import as_json, details, markdown, markdown_overview
from avdlab.compare.result import Verdict

from .conftest import Judge

ROUTE = {"routeType": "eBGP", "preference": 200, "vias": [{"nexthopAddr": "10.0.0.1"}]}
ROUTES = {"vrfs": {"default": {"routingDisabled": False, "routes": {"10.1.0.0/24": ROUTE}}}}
NEW = "! device: r1 (cEOSLab, EOS-4.36.0.1F)\n"


def changed(table: dict[str, Any], *path: str, to: object) -> dict[str, Any]:
    found = deepcopy(table)
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return found


def verdicts(comparison: Any) -> dict[str, Verdict]:
    return {entry.name: entry.verdict for entry in comparison.entries}


def test_equal_answers(judge: Judge):
    found = judge({"show ip route vrf all": ROUTES}, {})
    equal = {"default (head)": Verdict.EQUAL, "default 10.1.0.0/24": Verdict.EQUAL}
    assert verdicts(found) == equal
    assert found.explained_share == 0


def test_another_value_is_wrong(judge: Judge):
    said = changed(ROUTES, "vrfs", "default", "routes", "10.1.0.0/24", "preference", to=20)
    found = judge({"show ip route vrf all": ROUTES}, {"show ip route vrf all": said})
    (wrong,) = found.of(Verdict.WRONG)
    assert list(details([wrong])) == [
        "r1, routes, default 10.1.0.0/24: wrong",
        "    preference: recorded 200, twin 20",
    ]
    assert "| routes | 2 | 1 | 0 | 1 |" in markdown(found, ["a remark"])
    assert as_json(found)["explained_share"] == 0


def test_an_overview_has_a_row_for_each_recording(judge: Judge):
    said = changed(ROUTES, "vrfs", "default", "routes", "10.1.0.0/24", "preference", to=20)
    found = [
        judge({"show ip route vrf all": ROUTES}, answers)
        for answers in ({}, {"show ip route vrf all": said})
    ]
    lines = markdown_overview(found).splitlines()
    assert [line.split(" | ")[2] for line in lines[2:]] == ["2/2", "1/2"]
    assert [line.rstrip(" |")[-1] for line in lines[2:]] == ["0", "1"]


def test_a_route_that_one_side_lacks_is_wrong(judge: Judge):
    said = changed(ROUTES, "vrfs", "default", "routes", to={})
    found = judge({"show ip route vrf all": ROUTES}, {"show ip route vrf all": said})
    assert verdicts(found)["default 10.1.0.0/24"] is Verdict.WRONG
    more = changed(ROUTES, "vrfs", "default", "routes", "10.2.0.0/24", to=ROUTE)
    found = judge({"show ip route vrf all": ROUTES}, {"show ip route vrf all": more})
    assert verdicts(found)["default 10.2.0.0/24"] is Verdict.WRONG


def test_next_hops_are_compared_as_a_set(judge: Judge):
    vias = [{"nexthopAddr": "10.0.0.1"}, {"nexthopAddr": "10.0.0.2"}]
    recorded = changed(ROUTES, "vrfs", "default", "routes", "10.1.0.0/24", "vias", to=vias)
    turned = changed(ROUTES, "vrfs", "default", "routes", "10.1.0.0/24", "vias", to=vias[::-1])
    less = changed(ROUTES, "vrfs", "default", "routes", "10.1.0.0/24", "vias", to=vias[:1])
    command = "show ip route vrf all"
    assert not judge({command: recorded}, {command: turned}).of(Verdict.WRONG)
    assert judge({command: recorded}, {command: less}).of(Verdict.WRONG)


# ------------------------------------------------------------------------------ declared rules
PORT = {"name": "Ethernet1", "mtu": 1500, "lastStatusChangeTimestamp": 1.5}
PORTS = {"interfaces": {"Ethernet1": PORT}}


def test_clocks_are_not_compared(judge: Judge):
    later = changed(PORTS, "interfaces", "Ethernet1", "lastStatusChangeTimestamp", to=9.5)
    found = judge({"show interfaces": PORTS}, {"show interfaces": later})
    assert [(entry.verdict, entry.keys) for entry in found.entries] == [(Verdict.EQUAL, 2)]


def test_keys_newer_than_an_old_recording_are_told_and_not_judged(judge: Judge):
    newer = changed(PORTS, "interfaces", "Ethernet1", "l2Mru", to=0)
    found = judge({"show interfaces": PORTS}, {"show interfaces": newer})
    assert not found.of(Verdict.WRONG)
    assert found.newer_keys == {"interfaces": {"l2Mru"}}
    found = judge({"show interfaces": PORTS}, {"show interfaces": newer}, NEW)
    assert found.of(Verdict.WRONG)


def test_keys_that_the_twin_lacks_are_wrong_but_for_those_that_are_gone(judge: Judge):
    peer = {"peerAddress": "10.0.0.1", "asn": "65001", "vrf": "default", "state": "Established"}
    peers = {"vrfs": {"default": {"peerList": [peer | {"miscFlags": 65, "ttl": 1}]}}}
    without_flags = {"vrfs": {"default": {"peerList": [peer | {"ttl": 1}]}}}
    without_ttl = {"vrfs": {"default": {"peerList": [peer]}}}
    command = "show ip bgp neighbors vrf all"
    assert not judge({command: peers}, {command: without_flags}).of(Verdict.WRONG)
    assert judge({command: peers}, {command: without_ttl}).of(Verdict.WRONG)


# ------------------------------------------------------------------------------ ECMP and its head
def path(hop: str, *, active: bool, ecmp: bool = True) -> dict[str, Any]:
    flags = {"active": active, "ecmpHead": active and ecmp, "ecmp": ecmp, "ecmpContributor": ecmp}
    return {"nextHop": hop, "routeType": flags}


def bgp(*paths: dict[str, Any]) -> dict[str, Any]:
    entries = {"10.1.0.0/24": {"bgpRoutePaths": list(paths)}}
    return {"vrfs": {"default": {"asn": "65001", "bgpRouteEntries": entries}}}


def test_which_member_leads_an_ecmp_group_is_left_open(judge: Judge):
    one = bgp(path("10.0.0.1", active=True), path("10.0.0.2", active=False))
    two = bgp(path("10.0.0.2", active=True), path("10.0.0.1", active=False))
    alone = bgp(path("10.0.0.1", active=True, ecmp=False))
    other = bgp(path("10.0.0.2", active=True, ecmp=False))
    command = "show ip bgp vrf all"
    assert not judge({command: one}, {command: two}).of(Verdict.WRONG)
    assert judge({command: alone}, {command: other}).of(Verdict.WRONG)


def peers_told(first: int, second: int) -> dict[str, Any]:
    sent = {"10.0.0.1": first, "10.0.1.1": second}
    listed = [
        {"peerAddress": address, "asn": "65000", "vrf": "default", "prefixesSent": count}
        for address, count in sent.items()
    ]
    return {"vrfs": {"default": {"peerList": listed}}}


def test_what_equal_peers_are_told_is_explained_while_the_sum_is_the_same(judge: Judge):
    command = "show ip bgp neighbors vrf all"
    found = judge({command: peers_told(21, 29)}, {command: peers_told(17, 33)})
    assert {entry.why for entry in found.of(Verdict.EXPLAINED)} == {
        "the oldest of equal paths leads"
    }
    assert judge({command: peers_told(21, 29)}, {command: peers_told(17, 17)}).of(Verdict.WRONG)


# ------------------------------------------------------------------------------ text
OLD_TEXT = (
    "VRF: default\nCodes: C - connected\n\n C        10.0.0.0/31 is directly connected, Ethernet1"
)
NEW_TEXT = "VRF: default\n\n C        10.0.0.0/31\n           directly connected, Ethernet{}\n"


def test_texts_are_compared_by_their_facts(judge: Judge):
    command = "show ip route vrf all"
    assert not judge({command: OLD_TEXT}, {command: NEW_TEXT.format(1)}).of(Verdict.WRONG)
    assert judge({command: OLD_TEXT}, {command: NEW_TEXT.format(2)}).of(Verdict.WRONG)


def test_texts_without_a_reader_are_told(judge: Judge):
    assert judge({"show clock": "Tue Nov 24"}, {}).unread == ("show clock",)
