"""The twin computes: one change of text or cabling turns exactly the expected tests red.

AVD's own tests are looked at here. The expectations were written down before the first run. Each
case changes a running lab of the public single-dc fabric, compares the verdicts with the clean
lab's, heals, and compares again.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from avdlab.backends.base import LinkControl, LinkEffect, LinkFault
from avdlab.backends.eapi import run_commands
from avdlab.design import Design, Prepared, Source, prepare
from avdlab.events import Reporter
from avdlab.lab import Lab
from avdlab.settings import load_settings
from avdlab.topology.model import Link
from avdlab.validate.catalog import Source as Origin
from avdlab.validate.model import Results, TestResult, Verdict

pytestmark = pytest.mark.xdist_group("computed")

BGP, LLDP, PING = "VerifyBGPPeerSession", "VerifyLLDPNeighbors", "VerifyReachability"
STATUS, CHANNELS = "VerifyInterfacesStatus", "VerifyPortChannels"
SANITY, MLAG, MLAG_PORTS = "VerifyMlagConfigSanity", "VerifyMlagStatus", "VerifyMlagInterfaces"
L1A, L1B, L2A, L2B = "dc1-leaf1a", "dc1-leaf1b", "dc1-leaf2a", "dc1-leaf2b"
S1, S2 = "dc1-spine1", "dc1-spine2"


@dataclass(frozen=True)
class Case:
    """A change, and the (device, test) pairs that must turn red. `edit`: device -> text -> text."""

    red: frozenset[tuple[str, str]]
    edit: dict[str, Callable[[str], str]] = field(default_factory=dict)
    cut: tuple[tuple[str, str], ...] = ()
    swap: tuple[tuple[str, str], tuple[str, str]] | None = None


def _each(devices: tuple[str, ...], tests: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((device, test) for device in devices for test in tests)


def _sub(pattern: str, text: str) -> Callable[[str], str]:
    def edit(config: str) -> str:
        changed, count = re.subn(pattern, text, config, flags=re.MULTILINE)
        assert count == 1, f"{pattern!r} found {count} times"
        return changed

    return edit


UPLINKS = (
    ("dc1-leaf1a:Ethernet1", "dc1-spine1:Ethernet1"),
    ("dc1-leaf1a:Ethernet2", "dc1-spine2:Ethernet1"),
)
PEER_LINKS = (
    ("dc1-leaf1a:Ethernet3", "dc1-leaf1b:Ethernet3"),
    ("dc1-leaf1a:Ethernet4", "dc1-leaf1b:Ethernet4"),
)
# another password, encrypted with the key of the same peer group
OTHER_PASSWORD = "password 7 A4w25UaVJk7iCa0zyX+LWQ=="

CASES = {
    "neighbor-remote-as": Case(
        _each((L1A, S1), (BGP,)),
        edit={
            L1A: _sub(
                r"neighbor 10\.255\.255\.0 remote-as 65100", "neighbor 10.255.255.0 remote-as 65199"
            )
        },
    ),
    "bgp-password": Case(
        _each((L1A, S1, S2), (BGP,)),
        edit={
            L1A: _sub(
                r"neighbor EVPN-OVERLAY-PEERS password 7 \S+",
                f"neighbor EVPN-OVERLAY-PEERS {OTHER_PASSWORD}",
            )
        },
    ),
    "vlan-gone-on-one-mlag-peer": Case(
        _each((L1A, L1B), (SANITY,)) | _each((L1B,), (STATUS,)),
        edit={L1B: _sub(r"^vlan 11\n   name \S+\n!\n", "")},
    ),
    "cables-swapped": Case(
        _each((S1, L1A, L2A), (LLDP, BGP, PING)),
        swap=(
            ("dc1-leaf1a:Ethernet1", "dc1-spine1:Ethernet1"),
            ("dc1-leaf2a:Ethernet1", "dc1-spine1:Ethernet3"),
        ),
    ),
    "interface-shut": Case(
        _each((L2B, S2), (STATUS, LLDP, BGP, PING)),
        edit={
            L2B: _sub(
                r"(interface Ethernet2\n   description [^\n]+\n)   no shutdown", r"\1   shutdown"
            )
        },
    ),
    "loopback0-gone-from-prefix-list": Case(
        _each((L1A, S1, S2), (BGP,)),
        edit={L1A: _sub(r"^   seq 10 permit 10\.255\.0\.0/27 eq 32\n", "")},
    ),
    # an MLAG leaf without uplinks still reaches the spines through its peer: its sessions to the
    # spines' loopbacks and its EVPN routes stay
    "uplinks-cut": Case(
        _each((L1A, S1, S2), (STATUS, LLDP, BGP, PING)),
        cut=UPLINKS,
    ),
    "uplinks-and-peer-link-cut": Case(
        # the first draft had leaf1b's ping too (AVD pings over routed ports, not the peer-link) and
        # MLAG's config-sanity (there is no peer to compare with: ANTA's test passes)
        _each((L1A, S1, S2), (STATUS, LLDP, BGP, PING))
        | _each((L1A, L1B), (STATUS, LLDP, BGP, CHANNELS, MLAG, MLAG_PORTS)),
        cut=UPLINKS + PEER_LINKS,
    ),
}


@dataclass(frozen=True)
class Running:
    lab: Lab
    made: Design
    clean: Results


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, data: Callable[[str], Path]
) -> Iterator[Running]:
    project = tmp_path_factory.mktemp("computed")
    prepared: Prepared = prepare(
        Source(data("fabrics/single-dc-l3ls") / "inventory.yml"), Reporter()
    )
    lab = Lab.of(prepared, project, load_settings(project), Reporter())
    made = lab.design(prepared)
    try:
        lab.up(made)
        yield Running(lab, made, lab.validate())
    finally:
        lab.down()


@pytest.fixture(autouse=True, scope="module")
def _in_a_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("work"))
        yield


def _of_avd(results: Results) -> list[TestResult]:
    return [test for test in results.tests if test.source is Origin.AVD]


def _verdicts(results: Results) -> dict[tuple[str, str, str], Verdict]:
    return {(test.device, test.test, test.inputs): test.verdict for test in _of_avd(results)}


def _broken(running: Running, case: Case) -> Design:
    devices = dict(running.made.configs.devices)
    for name, edit in case.edit.items():
        devices[name] = replace(devices[name], config=edit(devices[name].config))
    links = list(running.made.topology.links)
    by_ends = {(str(link.a), str(link.b)): link for link in links}
    if case.swap:
        first, second = by_ends[case.swap[0]], by_ends[case.swap[1]]
        links = [link for link in links if link not in {first, second}]
        links += [Link.between(first.a, second.b), Link.between(second.a, first.b)]
    configs = replace(running.made.configs, devices=devices)
    topology = replace(running.made.topology, links=tuple(sorted(links)))
    return replace(running.made, configs=configs, topology=topology)


def test_clean_lab_is_green_in_three_columns(running: Running) -> None:
    tests = _of_avd(running.clean)
    count = Counter(test.verdict for test in tests)
    assert len(tests) == 184
    assert running.clean.failed == ()
    assert count[Verdict.PASSED_COMPUTED] == 50
    assert count[Verdict.PASSED_MIRROR] == 126
    named = {test.policy for test in running.clean.tests if test.verdict is Verdict.NOT_APPLICABLE}
    assert all(named), "every test that does not apply names its policy entry"


@pytest.mark.parametrize("name", CASES)
def test_exactly_the_expected_tests_turn_red_and_heal(running: Running, name: str) -> None:
    case = CASES[name]
    clean = _verdicts(running.clean)
    try:
        running.lab.up(_broken(running, case))
        _set_links(running.lab, case.cut, up=False)
        broken = _verdicts(running.lab.validate())
        changed = {key for key in clean if broken[key] is not clean[key]}
        red = {key for key in changed if not broken[key].good}
        assert {(device, test) for device, test, _ in red} == case.red
        assert changed == red
    finally:
        _set_links(running.lab, case.cut, up=True)
        running.lab.up(running.made)
    assert _verdicts(running.lab.validate()) == clean


def _set_links(lab: Lab, ends: tuple[tuple[str, str], ...], *, up: bool) -> None:
    backend = lab.backend
    assert isinstance(backend, LinkControl)
    for a, b in ends:
        backend.set_link(a, b, None if up else LinkFault(LinkEffect.CARRIER))


def _evpn_of(lab: Lab, device: str, owner_rd: str) -> dict[str, int]:
    """Count a device's EVPN entries whose RD starts with the owner's router id, by type."""
    target = next(target for target in lab.targets() if target.device == device)
    entries = run_commands(target, ["show bgp evpn"])[0]["evpnRoutes"]
    kinds = [
        entry["routeKeyDetail"]["nlriType"]
        for entry in entries.values()
        if entry["routeKeyDetail"]["rd"].startswith(f"{owner_rd}:")
    ]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def test_routes_of_an_isolated_leaf_vanish_from_every_other_leaf(running: Running) -> None:
    others = (L1B, L2A, L2B)
    far = (L2A, L2B)
    owner = "10.255.0.3"  # router id of dc1-leaf1a
    before = {device: _evpn_of(running.lab, device, owner) for device in far}
    for device in far:
        assert {"mac-ip", "imet", "ip-prefix"} <= set(before[device])
    try:
        _set_links(running.lab, UPLINKS + PEER_LINKS, up=False)
        assert all(_evpn_of(running.lab, device, owner) == {} for device in others)
    finally:
        _set_links(running.lab, UPLINKS + PEER_LINKS, up=True)
    assert {device: _evpn_of(running.lab, device, owner) for device in far} == before
