"""A fabric-wide outcome, sliced for the host that asks."""

from pathlib import Path

from avdlab.ansible.failures import failure
from avdlab.ansible.request import Outcome, Request
from avdlab.errors import (
    BackendError,
    ConfigRejectedError,
    DeviceError,
    InputError,
    NotReadyError,
    Problem,
    RejectedLine,
)

HOSTS = frozenset({"leaf1", "leaf2", "spine1"})


def _request(hosts: frozenset[str] = HOSTS) -> Request:
    return Request("t", "leaf1", "lab", Path("inventory.yml"), hosts)


def test_hosts_of_the_play_are_the_devices_of_the_task() -> None:
    assert _request(frozenset({"leaf2", "cvp1"})).chosen(["leaf1", "leaf2"]) == ("leaf2",)


def test_localhost_means_the_whole_fabric() -> None:
    assert _request(frozenset({"localhost"})).chosen(["leaf2", "leaf1"]) == ("leaf1", "leaf2")


def test_a_host_outside_of_the_design_chooses_no_device() -> None:
    assert _request(frozenset({"cvp1"})).chosen(["leaf1"]) == ()


def test_each_host_gets_its_own_slice() -> None:
    outcome = Outcome({"leaf1": {"changed": True}, "leaf2": {"changed": False}}, {"lab": "L"})
    assert outcome.slice("leaf1") == {"changed": True, "lab": "L"}
    assert outcome.slice("leaf2") == {"changed": False, "lab": "L"}


def test_a_host_outside_of_the_design_is_skipped_with_the_reason() -> None:
    outcome = Outcome({}, outside={"cvp1": "no fabric_name is set for it"})
    assert outcome.slice("cvp1") == {
        "changed": False,
        "skipped": True,
        "skip_reason": "cvp1: no fabric_name is set for it",
    }


def test_localhost_gets_everything() -> None:
    outcome = Outcome(
        {"leaf1": {"changed": True, "diff": [{"prepared": "x"}]}, "leaf2": {"failed": True}}
    )
    whole = outcome.slice("localhost")
    assert whole["changed"]
    assert whole["failed"]
    assert set(whole["devices"]) == {"leaf1", "leaf2"}
    assert whole["diff"] == [{"prepared": "x"}]


def test_input_problems_fail_the_hosts_that_they_name() -> None:
    error = InputError([Problem("must be an int", "leaf1, leaf2", "mtu", "group_vars/a.yml", 3)])
    outcome = failure(error, _request())
    assert outcome.slice("leaf1")["msg"] == "leaf1, leaf2: mtu: must be an int (group_vars/a.yml:3)"
    assert outcome.slice("leaf1")["problems"][0]["file"] == "group_vars/a.yml"
    assert outcome.slice("spine1")["msg"] == "nothing was done because of leaf1, leaf2"
    assert outcome.slice("spine1")["failed"]


def test_problems_of_hosts_outside_of_the_play_are_said_in_full_once() -> None:
    outcome = failure(InputError([Problem("wrong", "leaf9", "mtu")]), _request())
    assert outcome.slice("leaf1")["msg"] == "leaf9: mtu: wrong"
    assert outcome.slice("leaf2")["msg"] == "nothing was done because of leaf1"


def test_rejected_lines_fail_their_device() -> None:
    line = RejectedLine("leaf2", 7, "mtu x", ("interface Ethernet1",), "% Invalid input")
    outcome = failure(ConfigRejectedError([line]), _request())
    text = "leaf2: 'mtu x' under 'interface Ethernet1' (line 7): % Invalid input"
    assert outcome.slice("leaf2")["msg"] == text
    assert outcome.slice("leaf2")["rejected"][0]["number"] == 7
    assert outcome.slice("leaf1")["msg"] == "nothing was done because of leaf2"


def test_a_silent_device_fails_alone_in_full() -> None:
    assert failure(DeviceError("leaf1", "no answer"), _request()).slice("leaf1")["msg"] == (
        "leaf1: no answer"
    )
    late = failure(NotReadyError({"leaf2": "eAPI is closed"}, 9.0), _request())
    assert late.slice("leaf2")["msg"] == "leaf2: eAPI is closed"
    assert late.slice("leaf2")["exit_code"] == 6


def test_what_concerns_all_is_said_in_full_on_localhost_too() -> None:
    outcome = failure(BackendError("no twin"), _request(frozenset({"localhost"})))
    assert outcome.slice("localhost")["msg"] == "no twin"
    assert outcome.slice("localhost")["failed"]
