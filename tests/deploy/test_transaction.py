"""What a transaction does beside the good way, seen on the devices."""

import errno
import time

import pytest

from avdlab.backends.eapi import run_commands
from avdlab.deploy import Options, deploy
from avdlab.deploy.journal import Journal
from avdlab.errors import CannotRunError, ConfigRejectedError, DeviceError
from avdlab.validate.gate import catalogs_of, gate
from avdlab.validate.policy import Policy
from tests.deploy.conftest import deploy as put_back


def mtu(twins, number):
    return {d: twins.config(int(d[-1]), mtu=number) for d in ("leaf1", "leaf2")}


def enable(twins, device, *commands: str):
    where = next(target for target in twins.targets if target.device == device)
    return run_commands(where, ["enable", *commands])


def test_somebody_elses_commit_timer_is_refused_before_anything_is_touched(twins):
    enable(twins, "leaf2", "configure session napalm_1", "ntp server 192.0.2.99", "end")
    enable(twins, "leaf2", "configure session napalm_1 commit timer 00:10:00")
    try:
        with pytest.raises(DeviceError) as caught:
            deploy(twins.targets, mtu(twins, 1500))
        assert "leaf2: session 'napalm_1' of user arista has committed" in str(caught.value)
        assert twins.sessions("leaf1") == set()
        assert twins.sessions("leaf2") == {"napalm_1"}
        assert "192.0.2.99" in twins.text("leaf2", "show running-config")
    finally:
        enable(twins, "leaf2", "configure session napalm_1 abort")


def test_a_device_without_room_for_a_session_is_refused(twins):
    for number in range(5):
        enable(twins, "leaf2", f"configure session other{number}", "end")
    with pytest.raises(DeviceError, match="Maximum number of pending sessions") as caught:
        deploy(twins.targets, mtu(twins, 1500))
    assert "No device was changed." in str(caught.value)
    assert twins.sessions("leaf1") == set()
    for number in range(5):
        enable(twins, "leaf2", f"configure session other{number} abort")


def test_a_failed_gate_takes_all_back_and_says_what_failed(twins):
    before = twins.text("leaf1", "show running-config")
    with pytest.raises(CannotRunError) as caught:
        deploy(twins.targets, mtu(twins, 1500), gate=lambda devices: [f"{devices[1]}: no BGP"])
    assert "the health gate failed:\nleaf2: no BGP" in str(caught.value)
    assert "Every running-config was compared" in str(caught.value)
    assert twins.text("leaf1", "show running-config") == before
    assert twins.sessions("leaf1") | twins.sessions("leaf2") == set()


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_disk_that_is_full_before_the_decision_takes_all_back(
    twins, tmp_path, monkeypatch, number
):
    """The journal is written at open, before and after the commits, and before confirming."""
    before = twins.text("leaf1", "show running-config")
    write, done = Journal.write, []

    def full(journal, record):
        done.append(record.phase)
        if len(done) >= number:
            raise OSError(errno.ENOSPC, "No space left on device", "deploy.json")
        write(journal, record)

    monkeypatch.setattr(Journal, "write", full)
    with pytest.raises(CannotRunError, match=r"deploy\.json: No space left") as caught:
        deploy(twins.targets, mtu(twins, 1500), folder=tmp_path)
    assert len(done) == number
    assert "Every running-config was compared" in str(caught.value)
    assert twins.text("leaf1", "show running-config") == before
    assert twins.sessions("leaf1") | twins.sessions("leaf2") == set()


def test_a_gate_that_breaks_takes_all_back(twins):
    before = twins.text("leaf1", "show running-config")

    def broken(_):
        raise RuntimeError("of the gate's own")

    with pytest.raises(RuntimeError, match="of the gate's own"):
        deploy(twins.targets, mtu(twins, 1500), gate=broken)
    assert twins.text("leaf1", "show running-config") == before


def test_a_gate_that_outlasts_the_timer_is_not_confirmed(twins):
    """The devices have rolled back: to confirm now would be wrong, and is noticed."""
    before = twins.text("leaf1", "show running-config")
    with pytest.raises(CannotRunError, match="longer than the commit timers"):
        deploy(
            twins.targets,
            mtu(twins, 1500),
            gate=lambda _: time.sleep(2.5) or (),
            options=Options(timer=3),
        )
    assert twins.text("leaf1", "show running-config") == before


def catalog(mtu):
    inputs = {"mtu": mtu, "specific_mtu": [{"Ethernet1": mtu}]}
    return f"anta.tests.interfaces:\n  - VerifyL3MTU: {inputs}\n"


@pytest.mark.parametrize(("wanted", "passes"), [(1500, True), (9000, False)])
def test_a_catalog_of_anta_is_a_gate(twins, tmp_path, wanted, passes):
    path = tmp_path / "gate.yml"
    path.write_text(catalog(wanted) + "anta.tests.configuration:\n  - VerifyRunningConfigDiffs:\n")
    names = [target.device for target in twins.targets]
    catalogs = catalogs_of(str(path), {}, names)
    assert "VerifyRunningConfigDiffs" not in catalogs["leaf1"]
    own = gate(twins.targets, catalogs, lab="pair", evidence=None, policy=Policy(), budget=0.0)
    if passes:
        assert deploy(twins.targets, mtu(twins, 1500), gate=own).changed == ("leaf1", "leaf2")
    else:
        with pytest.raises(CannotRunError, match="leaf1: VerifyL3MTU"):
            deploy(twins.targets, mtu(twins, 1500), gate=own)
    put_back(twins.targets, twins.configs)


def test_a_merge_adds_and_leaves_the_rest(twins):
    texts = dict.fromkeys(("leaf1", "leaf2"), "ntp server 192.0.2.1\n")
    done = deploy(twins.targets, texts, merge=True)
    assert done.changed == ("leaf1", "leaf2")
    added = [
        line for line in done.devices["leaf1"].diff.splitlines() if line.startswith(("+", "-"))
    ]
    assert added[2:] == ["+ntp server 192.0.2.1", "+!"]
    assert deploy(twins.targets, texts, merge=True).changed == ()


def test_a_rejected_secret_is_not_shown(twins):
    texts = dict.fromkeys(("leaf1", "leaf2"), "neighbor 10.0.0.1 password 7 Hush-1234\n")
    with pytest.raises(ConfigRejectedError) as caught:
        deploy(twins.targets, texts, merge=True)
    assert "Hush-1234" not in str(caught.value)


def test_a_rollout_stops_at_the_batch_that_fails_and_says_so(twins):
    asked = []

    def second_fails(devices):
        asked.append(tuple(devices))
        return ["leaf2: no BGP"] if devices == ["leaf2"] else []

    with pytest.raises(CannotRunError) as caught:
        deploy(
            twins.targets,
            mtu(twins, 1500),
            batches=(("leaf1",), ("leaf2",)),
            gate=second_fails,
        )
    assert asked == [("leaf1",), ("leaf2",)]
    assert "This was batch 2 of 2. Deployed before it: leaf1." in str(caught.value)
    assert "mtu 9214" not in twins.text("leaf1", "show running-config")
    assert "mtu 9214" in twins.text("leaf2", "show running-config")


def test_a_rollout_with_a_bad_line_in_its_last_batch_does_not_begin(twins):
    texts = mtu(twins, 1500)
    texts["leaf2"] = texts["leaf2"].replace("hostname", "hostnames")
    with pytest.raises(ConfigRejectedError):
        deploy(twins.targets, texts, batches=(("leaf1",), ("leaf2",)))
    assert "mtu 9214" in twins.text("leaf1", "show running-config")
