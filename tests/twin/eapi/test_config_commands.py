"""Sessions, checkpoints, files and locks over eAPI, as facts of EOS's releases say."""

import json

import pytest

SECRET = "arista"


def enabled(lab, *commands: object, **params: object):
    return lab.run("leaf1", "enable", *commands, **params)[1:]


def refused(lab, *commands: object):
    reply = lab.call("leaf1", "enable", *commands)
    return reply["error"]["data"][-1]["errors"][-1]


@pytest.fixture(params=["4.31.2F", "4.34.2F"])
def release(request, make_lab, tmp_path):
    """A twin of each shape of `show configuration sessions detail`."""
    twin = make_lab(tmp_path / "twin")
    twin.write(software=request.param)
    try:
        yield twin.start(), request.param
    finally:
        twin.stop()


def test_a_commit_timer_is_told_of_as_the_release_does(release):
    lab, software = release
    version = lab.run("leaf1", "show version")[0]
    assert version["version"].startswith(software)
    enabled(lab, "configure session s", "ntp server 192.0.2.1", "commit timer 00:10:00")
    facts, version = enabled(lab, "show configuration sessions detail", "show version")
    row = facts["sessions"]["s"]
    if software.startswith("4.31"):
        assert row["state"] == "pendingCommitTimer"
        assert "commitTimerSessionName" not in facts
        ends = row["commitBy"]
    else:
        assert row["state"] == "committed"
        assert "commitBy" not in row
        assert facts["commitTimerSessionName"] == "s"
        ends = facts["commitTimerExpireTime"]
    assert 500 < ends - version["uptime"] <= 600
    enabled(lab, "configure session s abort")
    facts = enabled(lab, "show configuration sessions detail")[0]
    assert facts["sessions"] == {}
    assert "commitTimerSessionName" not in facts


def test_checkpoints_are_saved_listed_shown_restored_deleted(lab):
    enabled(lab, "configure checkpoint save before", "configure checkpoint save")
    enabled(lab, "configure", "hostname changed")
    names = enabled(lab, "show configuration checkpoints")[0]["checkpoints"]
    assert "before" in names
    assert any(name.startswith("ckp-20") for name in names)
    text = enabled(lab, "more checkpoint:/before", format="text")[0]["output"]
    assert "hostname leaf1\n" in text
    assert "before" in enabled(lab, "dir checkpoint:", format="text")[0]["output"]
    enabled(lab, "configure checkpoint restore before")
    assert lab.run("leaf1", "show hostname")[0]["hostname"] == "leaf1"
    for name in names:
        enabled(lab, f"delete checkpoint:/{name}")
    assert enabled(lab, "show configuration checkpoints")[0]["checkpoints"] == {}
    assert "does not exist" in refused(lab, "configure checkpoint restore before")


def test_a_session_starts_from_a_checkpoint_or_a_file(lab):
    enabled(lab, "configure checkpoint save base", "copy running-config flash:base")
    enabled(lab, "configure", "hostname changed")
    for source in ("checkpoint:/base", "flash:base"):
        commands = ["configure session s", "rollback clean-config", f"copy {source} session-config"]
        enabled(lab, *commands)
        diff = enabled(lab, "show session-config named s diffs", format="text")[0]["output"]
        assert "-hostname changed\n+hostname leaf1\n" in diff
        enabled(lab, "configure session s abort")
    enabled(lab, "delete checkpoint:base", "delete flash:base")


def test_checkpoints_survive_a_reboot_and_twenty_are_kept(own_lab):
    for number in range(22):
        enabled(own_lab, f"configure checkpoint save c{number:02}")
    own_lab.control("POST", "/node", {"node": "leaf1", "power": False})
    own_lab.control("POST", "/node", {"node": "leaf1", "power": True})
    names = enabled(own_lab, "show configuration checkpoints")[0]["checkpoints"]
    assert sorted(names) == [f"c{number:02}" for number in range(2, 22)]
    folder = own_lab.folder / "nodes" / "leaf1" / "checkpoints.json"
    assert folder.stat().st_mode & 0o777 == 0o600


def test_the_sixth_pending_session_is_refused(lab):
    for number in range(5):
        enabled(lab, f"configure session s{number}", "end")
    assert "Maximum number of pending sessions" in refused(lab, "configure session s5")
    enabled(lab, "configure session s0", "end")  # a pending one may be entered again
    for number in range(5):
        enabled(lab, f"configure session s{number} abort")


def test_a_lock_keeps_other_users_out(lab):
    digest = lab.text("leaf1", "show running-config").partition("secret sha512 ")[2].split()[0]
    other = f"username other privilege 15 secret sha512 {digest}"
    enabled(lab, "configure", other, "end", "configure lock reason change 42")
    assert enabled(lab, "show configuration lock")[0]["user"] == "arista"
    body = {
        "jsonrpc": "2.0",
        "method": "runCmds",
        "params": {"version": 1, "cmds": ["enable", "configure session s"]},
        "id": 1,
    }
    reply = lab.post("leaf1", body, user="other", password=SECRET)[1]
    errors = reply["error"]["data"][-1]["errors"]
    assert errors == ["Configuration is locked by user arista (change 42)"]
    enabled(lab, "configure session s", "abort", "configure unlock")
    assert "result" in lab.post("leaf1", body, user="other", password=SECRET)[1]
    enabled(lab, "configure session s abort")


def test_the_comment_of_a_mode_is_printed_first(lab):
    comment = {"cmd": "comment", "input": "first line\nsecond"}
    enabled(lab, "configure", "interface Ethernet1", comment, "end")
    text = lab.text("leaf1", "show running-config section Ethernet1")
    assert text.startswith("interface Ethernet1\n   !! first line\n   !! second\n   description")
    enabled(lab, "configure", "interface Ethernet1", "!! third", "end")
    text = lab.text("leaf1", "show running-config section Ethernet1")
    assert "   !! second\n   !! third\n" in text
    found = enabled(lab, "show running-config")[0]["cmds"]["interface Ethernet1"]
    assert found["comments"] == ["first line\nsecond\nthird"]
    assert "comment" not in found["cmds"]
    assert "Invalid input" in refused(lab, "configure", comment)


def test_session_configs_are_shown_without_secrets(lab):
    enabled(lab, "configure session s", "username x secret sha512 $6$a$b", "end")
    for command in ("show session-config named s", "show session-config named s sanitized"):
        text = enabled(lab, command, format="text")[0]["output"]
        assert ("$6$a$b" in text) == ("sanitized" not in command)
    enabled(lab, "configure session s abort")


def test_another_revision_is_answered_and_counted(lab):
    enabled(lab, {"cmd": "show mlag", "revision": 1})
    ledger = lab.control("GET", "/coverage")["commands"]["other_revision"]
    assert any(key.startswith("show mlag") and "revision 1, served 2" in key for key in ledger)


@pytest.mark.parametrize(
    ("commands", "says"),
    [
        (["interface Ethernet2", "no switchport", "ip address 10.0.0.0/32"], "already assigned"),
        (["interface Ethernet2", "no switchport", "ip address 10.0.0.2/30"], "overlaps"),
        (["router bgp 65999"], "BGP is already running with AS number 65000"),
        (["vlan 4095"], "Invalid input (at token 1: '4095')"),
        (["vlan 10-5000"], "Invalid input (at token 1: '10-5000')"),
    ],
)
def test_values_that_eos_refuses(lab, commands, says):
    assert says in refused(lab, "configure session s", *commands)
    enabled(lab, "configure session s abort")


def test_a_member_of_another_mode_is_refused(lab):
    enabled(lab, "configure session s", "interface Ethernet5", "channel-group 5 mode active", "end")
    said = refused(lab, "configure session s", "interface Ethernet6", "channel-group 5 mode on")
    assert said == "Cannot change mode; remove all members and try again."
    enabled(lab, "configure session s abort")


def test_unknown_software_is_refused(make_lab, tmp_path):
    twin = make_lab(tmp_path / "twin")
    twin.write(software="nonsense")
    twin.start()
    assert "no EOS release" in json.dumps(twin.ready)
    twin.process.wait(10)
    twin.process = None
