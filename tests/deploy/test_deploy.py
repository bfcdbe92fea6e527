"""Deployment on running devices: all of them change, or none does."""

from dataclasses import replace

import pytest

from avdlab.backends.eapi import run_commands
from avdlab.deploy import Options, deploy
from avdlab.errors import ConfigRejectedError, DeviceError
from avdlab.events import Reporter
from avdlab.overlay.model import LabUser


def test_a_change_is_compared_committed_confirmed_and_saved(twins):
    heard = []

    class Ear(Reporter):
        def config_committed(self, device, changed):
            heard.append((device, changed))

    configs = twins.configs | {"leaf2": twins.config(2, mtu=1500)}
    done = deploy(twins.targets, configs, reporter=Ear())
    assert done.changed == ("leaf2",)
    assert "-   mtu 9214" in done.devices["leaf2"].diff
    assert done.devices["leaf2"].committed
    assert done.devices["leaf2"].saved
    assert not done.devices["leaf1"].committed
    assert heard == [("leaf1", False), ("leaf2", True)]
    assert "mtu 9214" not in twins.text("leaf2", "show running-config")
    assert twins.text("leaf2", "show running-config diffs") == ""
    assert not twins.sessions("leaf1") | twins.sessions("leaf2")


def test_deploying_twice_changes_nothing(twins):
    changed = twins.configs | {"leaf1": twins.config(1, mtu=1500)}
    deploy(twins.targets, changed)
    again = deploy(twins.targets, changed)
    assert again.changed == ()
    assert not any(device.saved for device in again.devices.values())


def test_an_unsaved_configuration_is_saved_although_nothing_changes(twins):
    run_commands(
        twins.targets[0], ["enable", "configure", "interface Loopback0", "description x", "end"]
    )
    run_commands(twins.targets[0], ["enable", "write memory"])
    run_commands(
        twins.targets[0], ["enable", "configure", "interface Loopback0", "no description", "end"]
    )
    done = deploy(twins.targets, twins.configs)
    assert done.changed == ()
    assert done.devices["leaf1"].saved
    assert not done.devices["leaf2"].saved


def test_check_shows_the_difference_and_leaves_nothing(twins):
    done = deploy(twins.targets, twins.configs | {"leaf1": twins.config(1, mtu=1500)}, check=True)
    assert done.check
    assert done.changed == ("leaf1",)
    assert not done.devices["leaf1"].committed
    assert "mtu 9214" in twins.text("leaf1", "show running-config")
    assert not twins.sessions("leaf1") | twins.sessions("leaf2")


def test_every_rejected_line_is_named_and_no_device_changes(twins):
    wrong = twins.config(2, mtu=1500).replace(
        "   no switchport", "   frobnicate\n   no switchport\n   ip address nonsense"
    )
    configs = {"leaf1": twins.config(1, mtu=1500), "leaf2": wrong}
    with pytest.raises(ConfigRejectedError) as caught:
        deploy(twins.targets, configs)
    found = [(line.device, line.line, line.mode) for line in caught.value.rejected]
    assert found == [
        ("leaf2", "frobnicate", ("interface Ethernet1",)),
        ("leaf2", "ip address nonsense", ("interface Ethernet1",)),
    ]
    lines = wrong.splitlines()
    assert [lines[line.number - 1].strip() for line in caught.value.rejected] == [
        "frobnicate",
        "ip address nonsense",
    ]
    assert "Invalid input" in caught.value.rejected[0].message
    assert "No device was changed." in str(caught.value)
    for device in ("leaf1", "leaf2"):
        assert "mtu 9214" in twins.text(device, "show running-config")
        assert not twins.sessions(device)


def test_what_stands_in_a_rejected_mode_is_not_evaluated(twins):
    wrong = twins.config(1).replace(
        "router bgp", "router frob 7\n   neighbor 1.2.3.4\n   shutdown\n!\nrouter bgp"
    )
    with pytest.raises(ConfigRejectedError) as caught:
        deploy(twins.targets, twins.configs | {"leaf1": wrong}, check=True)
    found = [(line.line, line.evaluated, line.mode) for line in caught.value.rejected]
    assert found == [
        ("router frob 7", True, ()),
        ("neighbor 1.2.3.4", False, ("router frob 7",)),
        ("shutdown", False, ("router frob 7",)),
    ]
    assert "not evaluated, 'router frob 7' was rejected" in str(caught.value)


def test_devices_that_lock_us_out_take_all_others_back(own_twins):
    shut = {"leaf1": own_twins.config(1, mtu=1500), "leaf2": own_twins.config(2, eapi="shutdown")}
    with pytest.raises(DeviceError) as caught:
        deploy(own_twins.targets, shut, options=Options(health_timeout=1.0, timer=8))
    assert caught.value.device == "leaf2"
    assert "Every running-config was compared" in str(caught.value)
    assert "mtu 9214" in own_twins.text("leaf2", "show running-config")
    assert "mtu 9214" in own_twins.text("leaf1", "show running-config")
    assert not own_twins.sessions("leaf1")


def test_a_user_that_the_new_configuration_lacks_takes_all_others_back(own_twins):
    other = {"leaf1": own_twins.config(1, mtu=1500), "leaf2": own_twins.config(2, user="somebody")}
    with pytest.raises(DeviceError, match=r"leaf2: after the commit, .* wrong user or password"):
        deploy(own_twins.targets, other, options=Options(health_timeout=1.0, timer=8))
    assert "mtu 9214" in own_twins.text("leaf1", "show running-config")
    assert not own_twins.sessions("leaf1")


def test_a_wrong_password_names_device_and_user_and_changes_nothing(twins):
    wrong = replace(twins.targets[1], user=LabUser("arista", "not-the-one"))
    with pytest.raises(DeviceError) as caught:
        deploy([twins.targets[0], wrong], twins.configs | {"leaf1": twins.config(1, mtu=1500)})
    assert "leaf2" in str(caught.value)
    assert "user 'arista'" in str(caught.value)
    assert "not-the-one" not in str(caught.value)
    assert "mtu 9214" in twins.text("leaf1", "show running-config")


def test_sessions_of_a_killed_run_are_cleared_and_those_of_others_kept(twins):
    for name in ("avdlab-00000000", "somebody"):
        run_commands(twins.targets[0], ["enable", f"configure session {name}", "hostname x"])
    deploy(twins.targets, twins.configs)
    assert twins.sessions("leaf1") == {"somebody"}
    run_commands(twins.targets[0], ["enable", "configure session somebody abort"])
