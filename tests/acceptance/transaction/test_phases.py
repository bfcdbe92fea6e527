"""Phase x (kill -9, Ctrl-C, device lost): the end state, the exit code, what `deploy` says next.

The event meets the fourth of six devices, one at a time, so that three have been through the phase
and two have not begun it.
"""

import time

import pytest

from tests.acceptance.transaction.conftest import DEVICES

UNDECIDED = ("open", "load", "diff", "commit", "gate")
TIMER = "--confirm=4s"


def event(phase, do, **more: object):
    return {"phase": phase, "number": 4, "do": do} | more


def wait_until(table, state):
    """Wait for the commit timers: nothing but time does what is waited for here."""
    end = time.monotonic() + 20
    while table.running() != state:
        assert time.monotonic() < end, "the commit timers did not roll back"
        time.sleep(0.5)


def has_line(table, before):
    """Tell on which devices the line of the test is."""
    return {device for device, text in table.running().items() if text != before[device]}


@pytest.mark.parametrize("phase", UNDECIDED)
def test_killed_before_the_decision_every_device_goes_back(table, phase):
    before = table.running()
    assert table.deploy(event(phase, "kill"), TIMER).code == -9
    wait_until(table, before)  # without anybody's help
    again = table.deploy()
    assert again.code == 0, again.err
    assert "6 of 6 devices changed" in again.out
    if phase != "open":
        assert "did not end" in again.err
        words = "is taken back" if phase in {"commit", "gate"} else "it had committed nothing"
        assert words in again.err
    assert table.sessions() == set()
    assert has_line(table, before) == set(DEVICES)


@pytest.mark.parametrize("phase", ["commit", "gate"])
def test_killed_under_the_timer_the_next_deploy_takes_back_at_once(table, phase):
    before = table.running()
    assert table.deploy(event(phase, "kill"), "--confirm=10m").code == -9
    assert has_line(table, before)
    again = table.deploy(None, "--check")
    assert "did not end: the next deploy finishes it or takes it back" in again.err
    again = table.deploy()
    assert again.code == 0, again.err
    assert "is taken back. Every running-config was compared" in again.err
    assert "6 of 6 devices changed" in again.out


@pytest.mark.parametrize("phase", UNDECIDED)
def test_interrupted_before_the_decision_nothing_is_changed(table, phase):
    before = table.running()
    done = table.deploy(event(phase, "interrupt"))
    assert done.code == 130
    assert "interrupted." in done.err
    if phase != "open":
        assert "Every running-config was compared: it is the one from before." in done.err
    assert table.running() == before
    assert table.sessions() == set()
    again = table.deploy()
    assert (again.code, "did not end" in again.err) == (0, False), again.err
    assert "6 of 6 devices changed" in again.out


@pytest.mark.parametrize("phase", UNDECIDED)
def test_a_device_lost_before_the_decision_takes_nobody_along(table, phase):
    before = table.running()
    done = table.deploy(event(phase, "lose"), TIMER)
    assert done.code == 3
    assert "leaf4:" in done.err
    others = [device for device in DEVICES if device != "leaf4"]
    for device in others:
        assert table.ask(device, "show running-config")[0]["output"] == before[device], device
    if phase in {"commit", "gate"}:
        assert "leaf4: not reached; waiting up to" in done.err
        assert "its commit timer ended at" in done.err
    table.heal()
    wait_until(table, before)
    again = table.deploy()
    assert again.code == 0, again.err
    assert "6 of 6 devices changed" in again.out
    if phase in {"commit", "gate"}:
        assert "did not end: it ended before its confirmations and is taken back" in again.err
    assert table.sessions() == set()


def test_a_device_that_comes_back_before_its_timer_ends_is_not_waited_for(table):
    """Its reply was lost, nothing else."""
    before = table.running()
    done = table.deploy(event("commit", "lose", fault="reply-lost"), "--confirm=3s")
    assert done.code == 3
    table.heal()
    wait_until(table, before)
    assert table.deploy().code == 0


def test_killed_among_the_confirmations_the_next_deploy_finishes_them(table):
    before = table.running()
    assert table.deploy(event("confirm", "kill"), "--confirm=10m").code == -9
    assert has_line(table, before) == set(DEVICES)
    again = table.deploy()
    assert again.code == 0, again.err
    assert (
        "leaf1, leaf2, leaf3 had confirmed, leaf4, leaf5, leaf6 waited for it and are" in again.err
    )
    assert "0 of 6 devices changed" in again.out
    assert table.sessions() == set()
    for device in DEVICES:
        assert table.ask(device, "show running-config diffs")[0]["output"] == ""


def test_killed_among_the_confirmations_and_too_late_to_finish_all_go_back(table):
    before = table.running()
    assert table.deploy(event("confirm", "kill"), "--confirm=3s").code == -9
    wait_until(
        table,
        {
            d: (table.running()[d] if d in {"leaf1", "leaf2", "leaf3"} else before[d])
            for d in DEVICES
        },
    )
    assert has_line(table, before) == {"leaf1", "leaf2", "leaf3"}
    again = table.deploy()
    assert again.code == 0, again.err
    assert (
        "leaf4, leaf5, leaf6 had rolled back; leaf1, leaf2, leaf3 had confirmed and went"
        in again.err
    )
    assert "6 of 6 devices changed" in again.out
    assert table.sessions() == set()


def test_interrupted_among_the_confirmations_they_are_finished(table):
    before = table.running()
    done = table.deploy(event("confirm", "interrupt"))
    assert done.code == 130
    assert "every device has its new configuration" in done.err
    assert has_line(table, before) == set(DEVICES)
    again = table.deploy()
    assert "0 of 6 devices changed" in again.out
    for device in DEVICES:
        assert table.ask(device, "show running-config diffs")[0]["output"] == ""


def test_a_device_lost_among_the_confirmations_takes_the_confirmed_ones_back(table):
    before = table.running()
    done = table.deploy(event("confirm", "lose"), TIMER)
    assert done.code == 3
    assert "leaf1, leaf2, leaf3, leaf5, leaf6: confirmed before that, and put back" in done.err
    table.heal()
    wait_until(table, before)
    again = table.deploy()
    assert again.code == 0, again.err
    assert "6 of 6 devices changed" in again.out
    assert table.sessions() == set()


def test_a_lost_reply_to_a_confirmation_is_the_window_and_the_next_deploy_closes_it(table):
    """The one case that leaves a mixed fabric: leaf4 was confirmed, and nobody heard it say so."""
    before = table.running()
    done = table.deploy(event("confirm", "lose", fault="reply-lost"), "--confirm=4s")
    assert done.code == 3
    table.heal()
    assert has_line(table, before) == {"leaf4"}
    again = table.deploy()
    assert again.code == 0, again.err
    assert "leaf4 had confirmed and went back to the checkpoint" in again.err
    assert "6 of 6 devices changed" in again.out
    assert table.sessions() == set()


def test_killed_while_saving_the_next_deploy_saves(table):
    assert table.deploy(event("save", "kill")).code == -9
    again = table.deploy(None, "-f", "json")
    assert again.data["changed"] == []
    assert "only saving was left" in again.data["recovered"]
    assert sorted(d for d, facts in again.data["devices"].items() if facts["saved"]) == [
        "leaf4",
        "leaf5",
        "leaf6",
    ]
