"""Recorded configurations and cables in, recorded JSON out: value by value, in three tables.

Keys that only one side has are the business of test_recorded_shapes; what both print is equal here.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from avdlab.twin.cli.show.catalog import find
from avdlab.twin.cli.show.registry import ShowError, View
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.wiring import infer_cables, read_wiring

LABS = (
    *("eos_evpn_l3_design_guide", "eos_ceos_ebgp", "eos_switchport_order"),
    *("eos_bgp_aggregate", "eos_bgp_weight_behavior_multi_agent", "eos_ibgp_local_preference"),
    *("eos_private_asn", "eos_undefined_route_map"),
)
TABLES = ("show ip route vrf all", "show ip bgp vrf all", "show bgp evpn")
# MACs come from a factory, or from a hash: no two labs have the same
NOT_COMPARED = {"routerMac"}
# Paths of equal rank stand in the order in which a real switch heard of them, which no
# configuration tells.
KNOWN = {
    ("eos_evpn_l3_design_guide", "show ip bgp vrf all"): ({"nextHop"}, 74),
    ("eos_undefined_route_map", "show ip bgp vrf all"): ({"nextHop", "asPath"}, 10),
}


@pytest.fixture(scope="module", params=LABS)
def lab(request: pytest.FixtureRequest, data: Callable[[str], Path]) -> tuple[str, Path, Fabric]:
    folder = data(f"oracle/{request.param}")
    texts = {path.parent.name: path.read_text() for path in sorted(folder.glob("configs/*/*.txt"))}
    fabric = Fabric(
        "recorded",
        {node: identity("recorded", node) for node in texts},
        lambda: 0.0,
        assume_uncabled_up=True,
    )
    for node, text in texts.items():
        # before 4.30 a configuration that names no model means ribd
        named = "service routing protocols model" in text
        model = "" if named else "service routing protocols model ribd\n"
        fabric.configure(node, parse_indented(model + text))
    layer1 = next(folder.rglob("layer1_topology.json"), None)
    cables = (
        read_wiring(json.loads(layer1.read_text()), texts)[0]
        if layer1
        else infer_cables(fabric.inputs.settings)
    )
    fabric.set_wiring(cables, {})
    return request.param, folder, fabric


def differing(mine: Any, theirs: Any, key: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield (key, ours, recorded) where both have a value and the values differ."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for name in sorted(set(mine) & set(theirs)):
            yield from differing(mine[name], theirs[name], name)
    elif isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        for ours, recorded in zip(mine, theirs, strict=True):
            yield from differing(ours, recorded, key)
    elif mine != theirs and key not in NOT_COMPARED:
        yield key, mine, theirs


def entries(table: Any) -> set[str]:
    """Return the names of all routes of all VRFs."""
    if "evpnRoutes" in table:
        return set(table["evpnRoutes"])
    return {
        f"{vrf} {name}"
        for vrf, content in table["vrfs"].items()
        for name in content.get("routes", content.get("bgpRouteEntries", ()))
    }


def answer(view: View, command: str) -> Any:
    found = find(command)
    assert found is not None
    assert found[0].json is not None
    try:
        return found[0].json(view, found[1])
    except ShowError as error:
        return {"errors": [error.message]}


@pytest.mark.parametrize("command", TABLES)
def test_tables_equal_the_recording(lab, command):
    name, folder, fabric = lab
    found, compared = [], 0
    for node, state in fabric.state.devices.items():
        file = next(folder.glob(f"show/{node}/{command.replace(' ', '_')}_|_json.*"), None)
        if file is None:
            continue
        theirs = json.loads(file.read_text())
        mine = answer(View(state, 600.0, 0.0, {}, fabric.ping), command)  # type: ignore[arg-type]
        assert mine.get("errors") == theirs.get("errors"), node
        if "errors" in theirs:
            continue
        assert entries(mine) == entries(theirs), node
        compared += len(entries(theirs))
        found += list(differing(mine, theirs))
    assert compared or command == "show bgp evpn"
    keys, count = KNOWN.get((name, command), (set(), 0))
    assert {key for key, _, _ in found} == keys, found[:5]
    assert len(found) == count
