"""An access list of the design is part of what endpoints shall reach, and its absence is found."""

from copy import deepcopy
from dataclasses import replace

import pytest

from avdlab.faults.edits import Target
from avdlab.faults.filtering import acl_gone
from avdlab.faults.text import ConfigText
from avdlab.validate.reach.matrix import NAME
from tests.side import Side

LIST = "NOT-TO-120"
LINES = ("10 deny ip any 10.92.120.0/24", "20 permit ip any any")
LEAVES = ("osl-leaf1a", "osl-leaf1b", "osl-leaf2a", "osl-leaf2b")


@pytest.fixture
def filtered(side):
    """Our fabric, with an access list on the gateways of VLAN 110."""
    own = side("own")
    made = own.design
    devices = dict(made.configs.devices)
    for name in LEAVES:
        structured = deepcopy(dict(devices[name].structured_config))
        entries = [
            {"sequence": int(line.split()[0]), "action": line.partition(" ")[2]} for line in LINES
        ]
        structured["access_lists"] = [{"name": LIST, "sequence_numbers": entries}]
        for svi in structured["vlan_interfaces"]:
            if svi["name"] == "Vlan110":
                svi["access_group_in"] = LIST
        listed = "".join(f"   {line}\n" for line in LINES)
        text = devices[name].config.replace(
            "interface Vlan110\n", f"interface Vlan110\n   ip access-group {LIST} in\n"
        )
        text = text.replace(
            "interface Vlan110\n", f"ip access-list {LIST}\n{listed}!\ninterface Vlan110\n"
        )
        devices[name] = replace(devices[name], config=text, structured_config=structured)
    return Side.of(replace(made, configs=replace(made.configs, devices=devices)))


def test_what_the_design_denies_shall_not_arrive(filtered):
    results = filtered.run(only=frozenset({NAME}))
    assert not results.failed
    denied = [pair for pair in results.pairs if "access list" in pair.why]
    assert denied
    assert {(pair.reachable, pair.reached) for pair in denied} == {(False, False)}


def test_a_list_that_is_not_applied_is_found(filtered):
    intent = filtered.suite.intent
    for name in LEAVES:
        text = ConfigText(filtered.config(name))
        (edit,) = acl_gone(Target(intent, intent.devices[name], text))
        assert edit.what == f"interface Vlan110: no ip access-group {LIST} in"
        filtered.twin.boot(name, edit.text)
    results = filtered.run(only=frozenset({NAME}))
    assert any("by design not: an access list" in m for t in results.failed for m in t.messages)


def test_pings_of_devices_say_nothing_about_access_lists(filtered):
    results = filtered.run(only=frozenset({NAME}), traces=False)
    assert not results.failed
    assert {p.reachable for p in results.pairs if "access list" in p.why} <= {None}
