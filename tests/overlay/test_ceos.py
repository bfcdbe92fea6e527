"""What a lab on cEOS leaves out, and that the rest stays as AVD rendered it."""

from avdlab.net.ceos import refusal
from avdlab.overlay import overlay, overlay_text
from avdlab.overlay.ceos import PATHS, filtered
from avdlab.overlay.model import LabUser
from avdlab.overlay.profile import CEOS, DEVICE, TWIN, ManagementAddress, Profile
from avdlab.render import render_config
from avdlab.render.model import Rendered, RenderedDevice
from avdlab.twin.config.loader import load

USER = LabUser("lab", "secret")
HARDWARE = {
    "hostname": "leaf1",
    "management_interfaces": [
        {"name": "Management1", "vrf": "MGMT", "ip_address": "192.0.2.5/24", "type": "oob"}
        | {"gateway": "192.0.2.1"}
    ],
    "vrfs": [{"name": "MGMT"}],
    "static_routes": [{"vrf": "MGMT", "prefix": "0.0.0.0/0", "next_hop": "192.0.2.1"}],
    "ntp": {"local_interface": {"name": "Management1", "vrf": "MGMT"}},
    "queue_monitor_length": {"enabled": True, "log": 5},
    "hardware": {"speed_groups": [{"speed_group": "1", "serdes": "25g"}]},
    "tcam_profile": {"system": "vxlan-routing"},
    "platform": {"sand": {"lag": {"hardware_only": True}}},
    "daemon_terminattr": {"cvaddrs": ["192.0.2.9:9910"], "cvauth": {"method": "token"}},
    "ptp": {"mode": "boundary"},
    "eos_cli": "interface Management1\n   description by hand",
    "ethernet_interfaces": [
        {
            "name": "Ethernet1",
            "mtu": 9214,
            "speed": "forced 100gfull",
            "switchport": {"enabled": False},
            "ip_address": "10.0.0.0/31",
            "storm_control": {"broadcast": {"level": "1"}},
            "eos_cli": "storm-control all level 5",
        }
    ],
    "router_bgp": {
        "as": "65001",
        "router_id": "10.0.0.1",
        "updates": {"wait_install": True},
    },
}


def device(**config: object) -> RenderedDevice:
    structured = {**HARDWARE, **config}
    return RenderedDevice("leaf1", "FAB", structured, render_config(structured))


def run(profile: Profile, intended: RenderedDevice | None = None):
    intended = intended or device()
    configs = overlay(Rendered({"leaf1": intended}), USER, profile)
    return intended, configs.devices["leaf1"], configs.changes


def test_what_ceos_refuses_is_left_out_with_a_report_of_every_line():
    intended, lab, changes = run(CEOS)
    assert load(lab.config, platform=refusal).rejected == ()
    lines = intended.config.splitlines()
    reported = [line for change in changes for line in change.lines]
    assert reported
    for number, text in reported:
        assert " ".join(lines[number - 1].split()) == text
    told = {change.what: change.why for change in changes if change.lines}
    assert told["'storm-control' left out"] == "a container has no such port hardware"
    assert told["'daemon TerminAttr' left out"] == "CloudVision is in production"
    found = [text for _, text in reported]
    assert "storm-control all level 5" in found  # of the design's own eos_cli
    assert "speed forced 100gfull" in found
    assert "update wait-install" in found


def test_the_rest_stays_line_by_line():
    intended, lab, changes = run(CEOS)
    gone = {number for change in changes for number, _ in change.lines}
    kept = [
        line.strip()
        for number, line in enumerate(intended.config.splitlines(), start=1)
        if number not in gone and line.strip() not in {"!", ""}
    ]
    assert [line for line in kept if line not in lab.config] == []
    assert "   description by hand" in lab.config


def test_structured_config_and_text_agree():
    _, lab, _ = run(CEOS)
    assert "storm_control" not in lab.structured_config["ethernet_interfaces"][0]
    assert render_config(dict(lab.structured_config)).count("storm-control") == 1  # eos_cli
    assert "storm-control" not in lab.config


def test_the_raw_lines_are_what_ceos_rejects():
    """What `--no-overlay` shows."""
    intended = device()
    rejected = {line.line for line in load(intended.config, platform=refusal).rejected}
    assert {"storm-control broadcast level 1", "update wait-install"} <= rejected
    assert "speed forced 100gfull" not in rejected
    assert filtered(intended.config) != intended.config


def test_the_twin_takes_all_of_it():
    _, lab, changes = run(TWIN)
    assert not [change for change in changes if change.lines]
    assert "storm-control broadcast level 1" in lab.config


def test_somebody_elses_device_keeps_its_users_and_servers():
    _, lab, changes = run(DEVICE)
    assert [change.what for change in changes] == ["eAPI over HTTPS enabled in VRF MGMT"]
    assert "username lab" not in lab.config


def test_the_management_interface_is_the_labs():
    wanted = ManagementAddress("Management0", "172.20.20.5/24", "172.20.20.1")
    _, lab, changes = run(CEOS.with_management({"leaf1": wanted}))
    assert "Management1" not in lab.config
    assert "interface Management0\n   description by hand" in lab.config
    assert "   ip address 172.20.20.5/24" in lab.config
    assert "ip route vrf MGMT 0.0.0.0/0 172.20.20.1" in lab.config
    assert "192.0.2.1" not in lab.config
    assert "ntp local-interface vrf MGMT Management0" in lab.config
    whats = [change.what for change in changes]
    assert whats[:3] == [
        "Management1 is Management0",
        "Management0 has the address 172.20.20.5/24",
        "management traffic goes to 172.20.20.1",
    ]


def test_an_address_as_designed_changes_nothing():
    wanted = ManagementAddress("Management1", "192.0.2.5/24", "192.0.2.1")
    _, _, changes = run(TWIN.with_management({"leaf1": wanted}))
    assert not any("Management" in change.what for change in changes)


def test_a_device_without_management_gets_the_labs():
    wanted = ManagementAddress("Management0", "172.20.20.5/24", "172.20.20.1")
    bare = RenderedDevice("leaf1", "FAB", {"hostname": "leaf1"}, "")
    _, lab, _ = run(TWIN.with_management({"leaf1": wanted}), bare)
    assert "interface Management0\n   no shutdown\n   ip address 172.20.20.5/24" in lab.config
    assert "ip route 0.0.0.0/0 172.20.20.1" in lab.config


def test_mtus_are_lowered_to_what_the_cables_carry():
    _, lab, changes = run(Profile("small", mtu=1500))
    assert "mtu 1500" in lab.config
    assert "mtu 9214 is 1500 on 1 interfaces" in [change.what for change in changes]


def test_labs_from_texts_leave_the_same_lines_out():
    intended = device()
    configs = overlay_text({"leaf1": intended.config}, USER, CEOS)
    assert load(configs.devices["leaf1"].config, platform=refusal).rejected == ()
    assert any(change.lines for change in configs.changes)


def test_every_path_is_one_of_avds():
    from pyavd._eos_cli_config_gen.schema import EosCliConfigGen

    for path in PATHS:
        model = EosCliConfigGen
        for part in path:
            if part == "[]":
                model = model._item_type
            else:
                assert part in model._fields, path
                model = model._fields[part]["type"]
